"""Replicate weights that come with the file, and the check that they are combined weights."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray
from csi.errors import Fault
from csi.survey.codebook import Codebook
from csi.survey.design_cells import numeric, weight_faults
from csi.survey.raw import RawTable
from csi.survey.replicate_form import replicate_factors
from csi.survey.survey import ReplicateWeights

_UNLIKE = 2.0  # times less varied than the ratio to the sampling weight: bare factors
_FAR = 0.5  # a sum below this share of the sum of weights is far below


def looks_bare(weights: Array, replicates: Array) -> bool:
    """Tell whether replicate weights are bare factors, without the sampling weight in them.

    Parameters
    ----------
    weights : (n,) sampling weights
    replicates : (n, r) replicate weights

    Returns
    -------
    bool
        Averaged over the replicates, combined weights follow the sampling weights, bare factors
        are all about the same. True where the average varies much less than its ratio to the
        sampling weight; where it varies somewhat less, and every sum is far below that of the
        sampling weights. Equal sampling weights cannot tell, and it makes no difference.

    Examples
    --------
    >>> weights, factors = np.array([1.0, 9.0, 4.0]), np.array([[2, 0], [0, 2], [1, 1]])
    >>> looks_bare(weights, factors), looks_bare(weights, weights[:, None] * factors)
    (True, False)
    """
    there = weights > 0
    mean = replicates[there].mean(axis=1)
    own, ratio = _variation(mean), _variation(mean / weights[there])
    far = bool((replicates.sum(axis=0) < _FAR * weights.sum()).all())
    return own * (1.0 if far else _UNLIKE) < ratio * (1.0 - 1e-9)


def _variation(values: Array) -> float:
    """Coefficient of variation."""
    mean = float(values.mean()) if len(values) else 0.0
    return float(values.std()) / mean if mean > 0 else 0.0


def read_replicates(
    raw: RawTable, codebook: Codebook, kept: BoolArray, weights: Array
) -> tuple[ReplicateWeights | None, list[Fault], list[str]]:
    """Return the replicate weights of the rows kept, None where the codebook names none.

    Parameters
    ----------
    raw : RawTable
        Has their columns.
    codebook : Codebook
    kept : (n,) rows that belong to the survey
    weights : (rows kept,) their sampling weights; NaN or infinite where faulty

    Returns
    -------
    ReplicateWeights or None
        None too where there are faults.
    list of Fault
    list of str
        A note with number, kind and centre.
    """
    names, form = codebook.replicate_weights, codebook.replicates
    if not names or form is None:
        return None, [], []
    columns = [numeric(raw, name) for name in names]
    faults = [
        fault
        for name, values in zip(names, columns, strict=True)
        for fault in weight_faults(raw, name, values, kept, "replicate weight")
    ]
    if faults or not np.isfinite(weights).all():
        return None, faults, []
    found = np.stack(columns, axis=1)[kept]
    if not _differ(weights, found):
        what = "every replicate weight is in proportion to the sampling weight: nothing varies"
        fix = "name the columns of replicate weights; drop replicate_weights where there are none"
        return None, [Fault(_span(raw, codebook), what, fix)], []
    if looks_bare(weights, found):
        return None, [_bare(raw, codebook, weights, found)], []
    note = f"supplied replicate weights: {len(names)} ({form.kind}), around the {form.center}"
    factors = replicate_factors(form, len(names))
    return ReplicateWeights(found, form.kind, factors, form.center), [], [note]


def _differ(weights: Array, replicates: Array) -> bool:
    """Tell whether a replicate weighs respondents otherwise than the sample does."""
    scaled = replicates / replicates.sum(axis=0)
    return not np.allclose(scaled, (weights / weights.sum())[:, None], rtol=1e-9, atol=0.0)


def _span(raw: RawTable, codebook: Codebook) -> str:
    first, last = codebook.replicate_weights[0], codebook.replicate_weights[-1]
    return f"{raw.source}, columns {first!r} to {last!r}"


def _bare(raw: RawTable, codebook: Codebook, weights: Array, found: Array) -> Fault:
    return Fault(
        _span(raw, codebook),
        "the replicate weights do not contain the sampling weight (they sum to about "
        f"{float(np.median(found.sum(axis=0))):.6g}, the weights to {float(weights.sum()):.6g}, "
        "and do not follow them)",
        "multiply each by the sampling weight: combined replicate weights are needed",
    )
