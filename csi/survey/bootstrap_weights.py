"""Bootstrap replicate weights made from the design of a survey, and raked to its targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from csi.arrays import Array, IntArray
from csi.errors import Fault, OptionError
from csi.survey.replicate_form import ReplicateForm, replicate_factors
from csi.survey.survey import ReplicateWeights, Survey
from csi.survey.targets import Targets
from csi.survey.weighting import rake
from csi.survey.weighting_diagnostics import Raking, Trim


def bootstrap_factors(
    strata: IntArray, draws: int, seed: int, fractions: Array | None = None
) -> Array:
    r"""Return by how much each sampled unit counts in each bootstrap draw.

    Parameters
    ----------
    strata : (u,) stratum numbers of the sampled units
    draws : int
    seed : int
    fractions : (u,) or None
        Sampling fractions of their strata.

    Returns
    -------
    (u, draws) array
        With :math:`n_h - 1` of the :math:`n_h` units of a stratum drawn with replacement and
        :math:`m` the number of times a unit is drawn,
        :math:`1 + \sqrt{1 - f_h} (m n_h / (n_h - 1) - 1)`. Strata of a single unit are merged,
        if need be with the smallest other one; one unit alone counts 1.

    Notes
    -----
    Source: [rao1992some].

    Examples
    --------
    >>> factors = bootstrap_factors(np.array([0, 0, 1, 1]), 3, seed=1)
    >>> factors[:2].sum(axis=0).tolist(), sorted(set(factors.ravel().tolist()))
    ([2.0, 2.0, 2.0], [0.0, 2.0])
    """
    rng = np.random.default_rng(seed)
    factors = np.ones((len(strata), draws))
    merged = _merged(strata)
    for stratum in np.unique(merged).tolist():
        units = np.flatnonzero(merged == stratum)
        n = len(units)
        if n > 1:
            drawn = rng.multinomial(n - 1, np.full(n, 1.0 / n), size=draws).T
            factors[units] = drawn * (n / (n - 1.0))
    if fractions is not None:
        factors = 1.0 + np.sqrt(1.0 - fractions)[:, None] * (factors - 1.0)
    return factors


def _merged(strata: IntArray) -> IntArray:
    """Merge strata of a single unit, if need be with the smallest other."""
    codes, of, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    of, lonely = of.reshape(-1), np.flatnonzero(sizes == 1)
    if not len(lonely) or len(codes) == 1:
        return np.asarray(of, dtype=np.int64)
    of = np.where(np.isin(of, lonely), lonely[0], of)
    if len(lonely) == 1:
        others = np.where(sizes == 1, len(strata) + 1, sizes)
        of = np.where(of == lonely[0], int(np.argmin(others)), of)
    return np.asarray(of, dtype=np.int64)


def with_bootstrap_weights(survey: Survey, *, draws: int, seed: int) -> Survey:
    """Return the survey with bootstrap replicate weights made from its design.

    Parameters
    ----------
    survey : Survey
        Clusters that are in several periods are drawn once for all of them; else each period is
        drawn by itself. Sampling fractions are in the replicates: no further correction is due.
    draws : int
        Number of replicates, at least 2.
    seed : int
        The same seed and order of respondents give the same bytes.

    Returns
    -------
    Survey
        Its replicates are of kind ``bootstrap``, around their mean; supplied ones are replaced.
    """
    if draws < 2:
        raise OptionError(Fault("option draws", f"{draws} is too few", "take at least 2"))
    design = survey.design
    period = np.unique(survey.period_of.astype(str), return_inverse=True)[1].reshape(-1)
    units = np.unique(design.clusters, return_inverse=True)[1].reshape(-1)
    pairs = np.unique(np.stack([units, period], axis=1), axis=0)
    if len(pairs) > int(units.max(initial=-1)) + 1:  # units of several periods
        period = np.zeros_like(period)
    layers = np.unique(np.stack([period, design.strata], axis=1), axis=0, return_inverse=True)[1]
    strata = np.zeros(int(units.max(initial=-1)) + 1, dtype=np.int64)
    strata[units] = layers.reshape(-1)
    fractions = None
    if design.fractions is not None:
        fractions = np.ones(len(strata))
        np.minimum.at(fractions, units, design.fractions)  # the careful one, where several
    factors = bootstrap_factors(strata, draws, seed, fractions)[units]
    made = ReplicateWeights(
        design.weights[:, None] * factors,
        "bootstrap",
        replicate_factors(ReplicateForm(kind="bootstrap"), draws),
        "mean",
    )
    note = f"bootstrap replicate weights: {draws}, seed {seed}"
    return replace(survey, design=replace(design, replicates=made), notes=(*survey.notes, note))


def raked_replicates(
    survey: Survey,
    targets: Targets,
    *,
    draws: int,
    seed: int,
    within: str | Sequence[str] | None = None,
    trim: Trim | None = None,
    steps: int = 1000,
    tolerance: float = 1e-8,
) -> tuple[Survey, Raking]:
    """Rake a survey and bootstrap replicates of it, each replicate to the same targets.

    Standard errors from such replicates know what raking gains and costs; those of weights taken
    as given do not.

    Parameters
    ----------
    survey : Survey
    targets, within, trim, steps, tolerance
        As for `rake`.
    draws, seed
        As for `with_bootstrap_weights`.

    Returns
    -------
    Survey
        With raked weights and raked replicate weights.
    Raking

    Raises
    ------
    NotConvergedError
        Also where a value of a margin has no respondent left in some draws.
    """
    drawn = with_bootstrap_weights(survey, draws=draws, seed=seed)
    return rake(drawn, targets, within=within, trim=trim, steps=steps, tolerance=tolerance)
