"""How well a PLS model as a whole reproduces the item correlations.

Two models are judged. The saturated one takes the construct correlations as they are, so that only
the measurement can be wrong; the estimated one takes those that the paths imply.

The field has two ways to say what a block of items implies. A composite says nothing about the
correlations within its block: they are those of the sample [schuberth2018confirmatory]. A factor
says that two of its items correlate by the product of their loadings. ``by kind``, the default,
takes blocks that PLSc corrected (reflective ones) for factors and all others for composites, as
cSEM does; ``composite`` and ``factor`` take all blocks alike, the latter as SmartPLS and openpls
do also for uncorrected PLS.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.assess.explained import endogenous_of
from csi.assess.kernel_implied import implied_constructs, implied_items, outer_residuals
from csi.assess.kernel_misfit import (
    d_g,
    d_ml,
    d_uls,
    relative_eigenvalues,
    root_mean_square,
    srmr,
)
from csi.errors import Fault, OptionError
from csi.estimate.covariance.measures import Baseline, comparative, rmsea
from csi.estimate.fit import Fit
from csi.model.model import Model
from csi.repeats import repeats_of

Structure = Literal["saturated", "estimated"]
"""Construct correlations as they are, or as the paths imply them."""

Blocks = Literal["by kind", "composite", "factor"]
"""What a block of several items implies about the correlations within it."""

Disturbances = Literal["implied", "sample"]
"""Where the variances of disturbances come from, see `implied_constructs`."""

DISTANCES = ("SRMR", "d_ULS", "d_G")
"""Distances that the test of exact fit rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpliedOptions:
    """What a model is taken to imply.

    Attributes
    ----------
    structure : {"estimated", "saturated"}
    blocks : {"by kind", "composite", "factor"}
    disturbances : {"implied", "sample"}
        ``implied`` gives every construct variance one, as its composite has; ``sample`` is what
        cSEM takes. The saturated model has none.

    Raises
    ------
    OptionError
        All words that are not possible, at once.

    Examples
    --------
    >>> ImpliedOptions(structure="saturated").blocks
    'by kind'
    """

    structure: Structure = "estimated"
    blocks: Blocks = "by kind"
    disturbances: Disturbances = "implied"

    def __post_init__(self) -> None:
        """Check all words."""
        possible = {"structure": Structure, "blocks": Blocks, "disturbances": Disturbances}
        faults = [
            Fault(
                f"option {name}",
                f"{getattr(self, name)!r} is not possible",
                f"use one of {', '.join(get_args(words))}",
            )
            for name, words in possible.items()
            if getattr(self, name) not in get_args(words)
        ]
        if faults:
            raise OptionError(faults)


def is_pls(fit: Fit) -> bool:
    """Tell whether a fit is by PLS, corrected or not."""
    return fit.estimator.startswith("PLS")


def require_pls(fit: Fit) -> None:
    """Refuse a covariance fit, which has measures and tests of fit of its own."""
    if not is_pls(fit):
        fix = "use csi.sem.fit with csi.sem.measures, and tests='bollen-stine' for exact fit"
        raise OptionError(Fault("estimator", f"is {fit.estimator}, no PLS", fix))


def factors_of(fit: Fit, blocks: Blocks = "by kind") -> BoolArray:
    """Return (q) which constructs imply their items' correlations as factors; single items do not.

    Parameters
    ----------
    fit : Fit
    blocks : Blocks
    """
    several = np.array([len(construct.items) > 1 for construct in fit.model.constructs])
    if blocks == "composite":
        return np.zeros_like(several)
    if blocks == "factor":
        return several
    kinds = np.array([construct.kind == "reflective" for construct in fit.model.constructs])
    return np.asarray(several & kinds & fit.estimator.startswith("PLSc"))


def owners_of(model: Model) -> IntArray:
    """Return the place of the construct of every item, (p)."""
    found: IntArray = np.argmax(model.blocks, axis=1).astype(np.int64)
    return found


def made_of(model: Model) -> dict[int, tuple[int, ...]]:
    """Return the places of the parts of every whole that is made of them, by the whole's place."""
    return {
        model.names.index(whole.name): tuple(model.names.index(part) for part in whole.parts)
        for whole in model.wholes
        if whole.kind != "reflective"
    }


def causal_places(model: Model) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the places of the exogenous constructs, and of the others, causes before effects."""
    later = set(endogenous_of(model))
    order = [model.names.index(name) for name in model.order]
    return tuple(j for j in order if j not in later), tuple(j for j in order if j in later)


def columns_of(model: Model) -> IntArray:
    """Return the places of the items that are no answers used again by a whole, (c)."""
    return repeats_of(model.items).first


def item_corr(fit: Fit) -> Array:
    """Return the item correlations of the sample, (*batch, c, c), each column of answers once."""
    at = columns_of(fit.model)
    cov = fit.moments.cov[..., at[:, None], at]
    sd = np.sqrt(np.einsum("...ii->...i", cov))
    return np.asarray(cov / (sd[..., :, None] * sd[..., None, :]))


def implied_corr(fit: Fit, options: ImpliedOptions | None = None) -> Array:
    """Return the item correlations that a PLS fit implies, (*batch, c, c).

    Parameters
    ----------
    fit : Fit
    options : ImpliedOptions, optional

    Raises
    ------
    OptionError
        For a covariance fit.

    Notes
    -----
    A construct of constructs has no items of its own: it acts on the correlations through the
    paths. The parts of a composite or formative whole correlate as in the sample, for a composite
    says nothing about the correlations within its block [schuberth2018confirmatory].
    """
    options = options or ImpliedOptions()
    require_pls(fit)
    C = fit.construct_corr  # noqa: N806
    if options.structure == "estimated":
        places = causal_places(fit.model)
        made = made_of(fit.model)
        C = implied_constructs(C, fit.paths, *places, options.disturbances, made)  # noqa: N806
    at = columns_of(fit.model)
    owner, free = owners_of(fit.model)[at], ~factors_of(fit, options.blocks)
    return implied_items(item_corr(fit), fit.loadings[..., at], C, owner, free)


def distances(fit: Fit, options: ImpliedOptions | None = None) -> Array:
    """Return SRMR, d_ULS and d_G of a fit, (*batch, 3).

    d_G is NaN where the implied correlations are not positive definite. It has natural
    logarithms, as the geodesic distance has; cSEM takes logarithms to base 10, which makes its
    value 5.3019 times smaller and leaves the test as it is.
    """
    sample, implied = item_corr(fit), implied_corr(fit, options)
    phi = relative_eigenvalues(sample, implied)
    return np.stack([srmr(sample, implied), d_uls(sample, implied), d_g(phi)], axis=-1)


def freedom(fit: Fit, options: ImpliedOptions | None = None) -> int:
    """Return the degrees of freedom of a PLS model.

    Correlations of items less what is estimated: paths and correlations of exogenous constructs
    (or all construct correlations), for a factor its loadings, for a composite the correlations
    within its block and its weights but one. A single item has neither loading nor weight to
    estimate; cSEM counts its loading, so that it has one less for each under PLSc. A whole made
    of parts counts as a composite of them: correlations between the parts and weights but one; its
    correlations with others follow from theirs in the saturated model.
    """
    options = options or ImpliedOptions()
    model, factors = fit.model, factors_of(fit, options.blocks)
    p, made, ends = len(model.columns), made_of(model), endogenous_of(model)
    q = len(model.names) - len(model.wholes)
    spent = q * (q - 1) // 2
    if options.structure == "estimated":
        first = {j for j in range(len(model.names)) if j not in ends}
        pairs = {frozenset(pair) for pair in combinations(sorted(first), 2)}
        pairs |= {frozenset(pair) for parts in made.values() for pair in combinations(parts, 2)}
        spent = len(pairs) + len(model.paths) - len(made)  # of the weights of a whole all but one
    for construct, factor in zip(model.constructs, factors, strict=True):
        if construct.parts:
            continue
        k = len(construct.items)
        spent += k if factor else k * (k - 1) // 2 + k - 1
    return p * (p - 1) // 2 - spent


def rms_theta(fit: Fit, blocks: Blocks = "by kind") -> Array:
    """Return the root mean square covariance of what the constructs leave of the items, (*batch).

    Parameters
    ----------
    fit : Fit
    blocks : {"by kind", "composite", "factor"}
        Within a composite residuals are dependent by construction: only pairs of items of
        different constructs count. For factors the pairs within the block count too.

    Notes
    -----
    [lohmoller1989latent], [henseler2014common]. For factors under PLSc covariances of items with
    the factor are corrected for attenuation, as the loadings and construct correlations are. cSEM
    leaves the covariances uncorrected beside corrected loadings and correlations, which makes its
    value under PLSc too large (0.0994 on `mobi`).
    """
    require_pls(fit)
    at, factors = columns_of(fit.model), factors_of(fit, blocks)
    sample, owner = item_corr(fit), owners_of(fit.model)[at]
    V = _with_constructs(fit, sample, owner)  # noqa: N806
    left = outer_residuals(sample, V, fit.loadings[..., at], fit.construct_corr, owner)
    own = owner[:, None] == owner
    pairs = ~own | (factors[owner][:, None] & own & ~np.eye(len(owner), dtype=bool))
    return root_mean_square(left, pairs)


def _with_constructs(fit: Fit, sample: Array, owner: IntArray) -> Array:
    """Return covariances of items (of variance one) with constructs of variance one."""
    weights = fit.weights
    if fit.metric == "raw":
        weights = weights * np.sqrt(np.einsum("...ii->...i", fit.moments.cov))
    at = columns_of(fit.model)
    spread = weights[..., at, None] * fit.model.blocks[at]
    V = sample @ spread  # noqa: N806
    corrected = factors_of(fit)
    V = np.where(corrected, V / np.sqrt(fit.reliability[..., None, :]), V)  # noqa: N806
    own = (owner[:, None] == np.arange(len(corrected))) & corrected
    return np.asarray(np.where(own, fit.loadings[..., at, None], V))


def measures_of_fit(fit: Fit, options: ImpliedOptions | None = None) -> dict[str, float]:
    """Return every measure of the fit of a single PLS fit by name.

    Returns
    -------
    dict of str to float
        ``SRMR, d_ULS, d_G, d_ML, chi_square, df, chi_square_df, NFI, NNFI, CFI, RMSEA, RMS_theta``.

    Notes
    -----
    Chi-square is d_ML times the effective sample size [kish1965survey] less one, which is the
    sample size where weights are equal. PLS does not minimise d_ML, and answers are not normal, so
    that it has no chi-square distribution: `csi.assess.exact_fit` tests the fit. NFI compares
    with uncorrelated items [bentler1980significance], as do NNFI and CFI.
    """
    options = options or ImpliedOptions()
    sample, implied = item_corr(fit), implied_corr(fit, options)
    phi = relative_eigenvalues(sample, implied)
    size = float(fit.moments.n_effective) - 1.0
    df = freedom(fit, options)
    chi = size * float(d_ml(phi))
    p = sample.shape[-1]
    alone = relative_eigenvalues(sample, np.eye(p))
    cfi, nnfi, nfi = comparative(chi, df, Baseline(size * float(d_ml(alone)), p * (p - 1) // 2))
    return {
        "SRMR": float(srmr(sample, implied)),
        "d_ULS": float(d_uls(sample, implied)),
        "d_G": float(d_g(phi)),
        "d_ML": float(d_ml(phi)),
        "chi_square": chi,
        "df": float(df),
        "chi_square_df": chi / df if df else float("nan"),
        "NFI": nfi,
        "NNFI": nnfi,
        "CFI": cfi,
        "RMSEA": rmsea(chi, df, size).value,
        "RMS_theta": float(rms_theta(fit, options.blocks)),
    }
