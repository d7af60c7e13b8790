"""Would two segments fit as well by chance? The likelihood ratio against homogeneous answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from csi.arrays import Array, lock, one_thread
from csi.compare.segments.kernel_mixture import Equations, pair_products
from csi.compare.segments.options import FimixOptions, whole_faults
from csi.compare.segments.scored import equations_of
from csi.compare.segments.search import Found, search
from csi.compare.segments.values import Errors, HomogeneityTest, Segmentation
from csi.errors import Fault, OptionError
from csi.estimate.permutation import permutation_p_values

ENOUGH = 1e-3
"""What a log-likelihood may have left to gain: nothing beside a ratio of dozens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomogeneityOptions:
    """Options of the test of homogeneity.

    Attributes
    ----------
    draws : int
        Homogeneous samples, 19 at least; 99 tell apart p values of 0.01.
    starts : int
        For the answers and for every sample alike: a search that tries harder on one side would
        decide the test.
    errors : {"resampled", "normal"}
    seed : int

    Raises
    ------
    OptionError
        All impossible values at once.
    """

    draws: int = 99
    starts: int = 10
    errors: Errors = "resampled"
    seed: int = 1

    def __post_init__(self) -> None:
        """Check all values."""
        limits = {"draws": (19, 100_000), "starts": (1, 10_000), "seed": (0, 2**64)}
        faults = whole_faults(self, limits)
        if self.errors not in get_args(Errors):
            what = f"{self.errors!r} is not possible"
            faults.append(Fault("option errors", what, "use resampled or normal"))
        if faults:
            raise OptionError(faults)


def homogeneity_test(
    segmentation: Segmentation, options: HomogeneityOptions | None = None
) -> HomogeneityTest:
    r"""Test one homogeneous group against two segments.

    Parameters
    ----------
    segmentation : Segmentation
        By FIMIX-PLS.
    options : HomogeneityOptions, optional

    Returns
    -------
    HomogeneityTest

    Raises
    ------
    OptionError
        A segmentation by another method, or impossible options.

    Notes
    -----
    The likelihood ratio of one segment to two has no chi-square distribution, so it is compared
    with that of samples drawn from the fit of one segment [mclachlan1987bootstrapping]: the
    exogenous scores and the weights stay, each endogenous score is its regression on the drawn
    predecessors plus a residual.

    With ``errors="normal"`` the hypothesis is one group **with normal residuals**, and skewed
    answers reject it as often as hidden groups do. With ``errors="resampled"`` the residuals of a
    respondent are drawn together from the respondents (by weight): the hypothesis is that all have
    **the same paths**, whatever the shape of the residuals. Groups that differ in level only are
    part of that shape and are not found by it, and it needs clear differences: at 5 % with 300
    respondents it rejected 0 of 60 homogeneous skewed samples, 6 of 60 with a ceiling, and found
    opposite paths always but .85 against .15 in 18 % of the samples; normal residuals rejected
    98 %, 80 %, 95 % and 83 % (``benchmarks/results/segments.md``). p is ``(c + 1) / (R + 1)``, as
    for permutations.

    Scores are taken as given: their weights are not estimated anew in the samples.

    Examples
    --------
    >>> from csi.compare.segments.fimix import fimix
    >>> from csi.model import models
    >>> from csi.simulation import simulate
    >>> from csi.survey.read import read_survey
    >>> ecsi = models.load("ecsi")
    >>> told = simulate(ecsi, years=[2025], groups=["A", "B"], n=150, seed=1)
    >>> survey = read_survey(told.answers, told.codebook)
    >>> found = fimix(survey, ecsi, FimixOptions(most=1))
    >>> test = homogeneity_test(found, HomogeneityOptions(draws=19, starts=2))
    >>> test.p_value > 0.05  # nobody was drawn from another group
    True
    """
    options = options or HomogeneityOptions()
    if not isinstance(segmentation.options, FimixOptions):
        fix = "test the result of fimix()"
        raise OptionError(Fault("segmentation", f"is by {segmentation.method}", fix))
    how = _search_options(segmentation.options, options)
    scored = segmentation.scored
    total = scored.n_effective if how.information == "effective" else float(len(scored.scores))
    weights = scored.scaled_weights(total)
    equations = equations_of(segmentation.model, intercepts=how.intercepts)
    order = [segmentation.model.names.index(name) + 1 for name in segmentation.model.order]
    rng = np.random.default_rng([options.seed, 2])
    with one_thread(), np.errstate(all="ignore"):
        single = search(pair_products(scored.scores), weights, equations, 1, how)
        statistic = likelihood_ratio(scored.scores, weights, equations, how)
        draws = np.array(
            [
                likelihood_ratio(
                    homogeneous_scores(
                        scored.scores, weights, equations, order, single, options.errors, rng
                    ),
                    weights, equations, how,
                )
                for _ in range(options.draws)
            ]
        )  # fmt: skip
    # a ratio of homogeneous samples counts when it is as large or larger
    p, used = permutation_p_values(np.maximum(draws, 0.0)[:, None], np.array([statistic]))
    return HomogeneityTest(
        float(statistic), lock(draws), float(p[0]), int(used[0]), options.errors,
        options.starts, options.seed,
    )  # fmt: skip


def likelihood_ratio(
    scores: Array, weights: Array, equations: Equations, options: FimixOptions
) -> float:
    """Return twice the gain in log-likelihood of two segments over one; NaN without a solution."""
    products = pair_products(scores)
    one, two = (search(products, weights, equations, K, options) for K in (1, 2))
    return 2.0 * float(two.best.loglik - one.best.loglik)


def homogeneous_scores(
    scores: Array,
    weights: Array,
    equations: Equations,
    order: list[int],
    single: Found,
    errors: Errors,
    rng: np.random.Generator,
) -> Array:
    """Return the scores of respondents who all have the same paths, (n, q).

    Parameters
    ----------
    scores : (n, q) observed
    weights : (n)
    equations : Equations
    order : list of int
        Columns of (1, scores), causes before effects.
    single : Found
        The fit of one segment.
    errors : {"resampled", "normal"}
    rng : Generator
    """
    n = len(scores)
    contrast, variance = single.best.contrast[0], single.best.variance[0]
    observed = np.column_stack([np.ones(n), scores])
    residuals = observed @ contrast.T
    if errors == "normal":
        drawn = rng.normal(size=residuals.shape) * np.sqrt(variance)
    else:
        drawn = residuals[rng.choice(n, size=n, p=weights / weights.sum())]
    made = observed.copy()
    place = {target: j for j, target in enumerate(equations.targets)}
    for column in order:
        if column in place:
            j = place[column]
            made[:, column] = 0.0
            made[:, column] = drawn[:, j] - made @ contrast[j]
    return made[:, 1:]


def _search_options(used: FimixOptions, asked: HomogeneityOptions) -> FimixOptions:
    """Return the options of the segmentation with the starts and the seed of the test."""
    return FimixOptions(
        most=2, starts=asked.starts, intercepts=used.intercepts, information=used.information,
        floor=used.floor, tolerance=ENOUGH, max_steps=used.max_steps, seed=asked.seed,
        pls=used.pls,
    )  # fmt: skip
