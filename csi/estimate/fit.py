"""What every estimator returns: one contract for PLS and for covariance fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from csi.arrays import Array, BoolArray, IntArray
from csi.model.model import Model
from csi.moments.values import Moments

Metric = Literal["standardised", "raw"]
"""standardised: items have variance one; raw: items are centred and keep their points."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Estimates of one model for a batch of samples (p items, q constructs).

    Attributes
    ----------
    model : Model
    moments : Moments
    estimator : str
        The method in words, with its options.
    metric : Metric
        What `weights` multiply: standardised or raw (centred) items.
    weights : (*batch, p) item weights that give every composite variance one
    loadings : (*batch, p) correlation of each item with its construct (``metric="standardised"``
        and ``"raw"`` alike), corrected for attenuation under PLSc
    paths : (*batch, q, q) path coefficients of standardised constructs, [source, target]
    construct_corr : (*batch, q, q) correlations of the constructs
    r2, r2_adjusted : (*batch, q) explained share of variance; NaN for exogenous constructs
    reliability : (*batch, q) rho_A for reflective constructs of several items (NaN for raw items,
        whose weights it does not apply to), 1 for the others
    converged : (*batch) whether the iteration settled
    steps : (*batch) iterations used
    change : (*batch) largest change of a weight in the last step
    admissible : (*batch) no negative item weight, no R2 above one, and (PLSc) corrected construct
        correlations that are positive definite; False also where the sample was degenerate
    """

    model: Model
    moments: Moments
    estimator: str
    metric: Metric
    weights: Array
    loadings: Array
    paths: Array
    construct_corr: Array
    r2: Array
    r2_adjusted: Array
    reliability: Array
    converged: BoolArray
    steps: IntArray
    change: Array
    admissible: BoolArray
