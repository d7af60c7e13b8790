"""The arithmetic of mixtures of regressions, by second roads."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import norm

from csi.compare.segments import kernel_em
from csi.compare.segments.kernel_em import left_to_gain, mixture
from csi.compare.segments.kernel_mixture import (
    Equations,
    expectation,
    log_density,
    maximisation,
    pair_products,
    regressions_of,
)
from csi.compare.segments.kernel_starts import memberships, random_partitions, random_starts
from csi.compare.segments.search import higher
from tests.compare.segments.cases import system

CHAIN = Equations((2, 3), ((0, 1), (0, 1, 2)))
NO_FLOOR = np.zeros(2)


def posteriors(batch: tuple[int, ...], many: int, n: int) -> np.ndarray:
    """Random memberships (*batch, K, n) that add up to one."""
    drawn = np.random.default_rng(5).gamma(1.0, size=(*batch, many, n))
    return drawn / drawn.sum(axis=-2, keepdims=True)


def start_of(n: int, many: int, seed: int = 1) -> np.ndarray:
    return memberships(random_partitions(np.random.default_rng(seed), n, many, 1)[0], many)


@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_every_batch_is_a_loop_over_its_members(batch: tuple[int, ...]) -> None:
    scores, weights = system(80, 1)
    products, start = pair_products(scores), posteriors(batch, 2, 80)
    how = {"floor": NO_FLOOR + 0.01, "tolerance": 1e-6, "max_steps": 40}
    found = mixture(products, weights, CHAIN, start, **how)
    assert found.loglik.shape == batch
    for at in np.ndindex(batch):
        one = mixture(products, weights, CHAIN, start[at], **how)
        for name in ("posterior", "share", "contrast", "variance", "loglik"):
            # not bit by bit: the matrix products of a batch add in another order
            np.testing.assert_allclose(getattr(found, name)[at], getattr(one, name), atol=1e-9)
        assert found.steps[at] == one.steps
        assert found.converged[at] == one.converged


def test_regressions_are_weighted_least_squares() -> None:
    scores, weights = system(120, 2)
    own = weights * posteriors((), 2, 120)[0]
    contrast, variance = regressions_of(own @ pair_products(scores), CHAIN, 4)
    for j, (target, predictors) in enumerate(((1, [0]), (2, [0, 1]))):
        x = sm.add_constant(scores[:, predictors])
        other = sm.WLS(scores[:, target], x, weights=own).fit()
        columns = list(CHAIN.predictors[j])
        np.testing.assert_allclose(-contrast[j, columns], other.params, atol=1e-10)
        residual = scores[:, target] - x @ other.params
        assert variance[j] == pytest.approx(own @ residual**2 / own.sum(), abs=1e-10)


def test_density_is_the_product_of_normal_densities() -> None:
    scores, weights = system(60, 3)
    contrast, variance = regressions_of(weights @ pair_products(scores), CHAIN, 4)
    z = np.column_stack([np.ones(60), scores])
    expected = sum(norm.logpdf(z @ contrast[j], scale=np.sqrt(variance[j])) for j in range(2))
    np.testing.assert_allclose(
        log_density(pair_products(scores), contrast, variance), expected, atol=1e-10
    )


def test_one_segment_has_the_closed_form() -> None:
    scores, weights = system(90, 4)
    found = mixture(
        pair_products(scores), weights, CHAIN, np.ones((1, 90)),
        floor=NO_FLOOR, tolerance=1e-6, max_steps=10,
    )  # fmt: skip
    closed = -0.5 * weights.sum() * np.sum(np.log(2 * np.pi * found.variance[0]) + 1)
    assert found.loglik == pytest.approx(closed, abs=1e-9)
    assert found.converged


def plain_em(scores: np.ndarray, start: np.ndarray, steps: int) -> float:
    """EM for the two equations written out in loops, as a second road."""
    y = [scores[:, 1], scores[:, 2]]
    x = [np.column_stack([np.ones(len(scores)), scores[:, :k]]) for k in (1, 2)]
    posterior = start.copy()
    for _ in range(steps):
        joint = np.zeros_like(posterior)
        for k, member in enumerate(posterior):
            joint[k] += np.log(member.mean())
            for target, predictors in zip(y, x, strict=True):
                root = np.sqrt(member)
                b = np.linalg.lstsq(predictors * root[:, None], target * root, rcond=None)[0]
                residual = target - predictors @ b
                sd = np.sqrt(member @ residual**2 / member.sum())
                joint[k] += norm.logpdf(residual, scale=sd)
        total = logsumexp(joint, axis=0)
        posterior = np.exp(joint - total)
    return float(total.sum())


def test_em_is_the_em_of_loops_step_by_step() -> None:
    scores, _ = system(100, 5)
    start = start_of(100, 2)
    for steps in (1, 2, 7, 30):
        found = mixture(
            pair_products(scores), np.ones(100), CHAIN, start,
            floor=NO_FLOOR, tolerance=1e-300, max_steps=steps,
        )  # fmt: skip
        assert found.loglik == pytest.approx(plain_em(scores, start, steps), abs=1e-8)
        assert not found.converged


def test_log_likelihood_never_falls() -> None:
    scores, weights = system(100, 6)
    start, before = start_of(100, 3), -np.inf
    for steps in range(1, 60):
        found = mixture(
            pair_products(scores), weights, CHAIN, start,
            floor=NO_FLOOR + 0.05, tolerance=1e-300, max_steps=steps,
        )  # fmt: skip
        assert found.loglik >= before - 1e-9
        before = float(found.loglik)


def negative_loglik(theta: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> float:
    """Mixture of two regressions of the second score on the first, by its nine parameters."""
    share = 1.0 / (1.0 + np.exp(-theta[0]))
    parts = []
    for k, own in enumerate((share, 1.0 - share)):
        a, b, log_sd = theta[1 + 3 * k : 4 + 3 * k]
        residual = scores[:, 1] - a - b * scores[:, 0]
        parts.append(np.log(own) + norm.logpdf(residual, scale=np.exp(log_sd)))
    return -float(weights @ logsumexp(np.stack(parts), axis=0))


def test_direct_maximisation_ends_at_the_same_place() -> None:
    scores, weights = system(400, 7)
    one = Equations((2,), ((0, 1),))
    products = pair_products(scores)
    start = random_starts(np.random.default_rng(1), products, weights, one, np.ones(1), 2, 10)
    found = mixture(
        products, weights, one, start, floor=np.full(1, 0.01), tolerance=1e-9, max_steps=5000
    )
    best = int(np.nanargmax(found.loglik))
    share, contrast = found.share[best], -found.contrast[best, :, 0]
    theta = [np.log(share[0] / share[1])]
    for k in range(2):
        theta += [*contrast[k, :2], 0.5 * np.log(found.variance[best, k, 0])]
    there = minimize(negative_loglik, theta, args=(scores, weights), method="BFGS")
    # EM stops when less than 1e-9 is left to gain
    assert -there.fun == pytest.approx(float(found.loglik[best]), abs=1e-6)
    np.testing.assert_allclose(there.x, theta, atol=1e-3)
    wide = np.array(theta) + np.random.default_rng(2).normal(scale=0.3, size=7)
    far = minimize(negative_loglik, wide, args=(scores, weights), method="BFGS")
    assert -far.fun <= found.loglik[best] + 1e-6


def test_a_weight_of_two_is_the_respondent_twice() -> None:
    scores, _ = system(80, 8)
    counts = np.random.default_rng(3).integers(1, 4, size=80)
    twice = np.repeat(np.arange(80), counts)
    start = start_of(80, 2)
    how = {"floor": NO_FLOOR, "tolerance": 1e-8, "max_steps": 500}
    weighted = mixture(pair_products(scores), counts.astype(float), CHAIN, start, **how)
    written = mixture(
        pair_products(scores[twice]), np.ones(len(twice)), CHAIN, start[:, twice], **how
    )
    assert weighted.loglik == pytest.approx(float(written.loglik), abs=1e-8)
    np.testing.assert_allclose(weighted.contrast, written.contrast, atol=1e-8)
    np.testing.assert_allclose(weighted.posterior[:, twice], written.posterior, atol=1e-8)


def test_a_segment_through_a_lump_of_equal_answers_stops_at_the_floor() -> None:
    scores, _ = system(100, 9)
    scores[:30] = [1.0, 1.0, 1.0]  # straight-lining: the likelihood has no maximum there
    start = np.zeros((2, 100))
    start[0, :30], start[1, 30:] = 1.0, 1.0
    start[0, 30:40], start[1, 30:40] = 0.5, 0.5
    found = mixture(
        pair_products(scores), np.ones(100), CHAIN, start,
        floor=np.full(2, 0.01), tolerance=1e-6, max_steps=500,
    )  # fmt: skip
    assert found.floored
    assert np.isfinite(found.loglik)
    assert found.variance.min() == 0.01


def test_an_empty_segment_ends_the_start_and_no_other() -> None:
    scores, weights = system(60, 10)
    start = np.stack([start_of(60, 2), np.stack([np.ones(60), np.zeros(60)])])
    how = {"floor": NO_FLOOR + 0.01, "tolerance": 1e-6, "max_steps": 500}
    found = mixture(pair_products(scores), weights, CHAIN, start, **how)
    alone = mixture(pair_products(scores), weights, CHAIN, start[0], **how)
    assert np.isnan(found.loglik[1])
    assert not found.converged[1]
    assert found.loglik[0] == pytest.approx(float(alone.loglik), abs=1e-9)


@pytest.mark.parametrize("batch", [(0,), (1,), (3,)])
def test_no_start_that_can_be_used(batch: tuple[int, ...]) -> None:
    scores, weights = system(60, 16)
    start = np.zeros((*batch, 2, 60))
    start[:, 0] = 1.0
    found = mixture(
        pair_products(scores), weights, CHAIN, start, floor=NO_FLOOR, tolerance=1e-6, max_steps=9
    )
    assert found.loglik.shape == batch
    assert np.isnan(found.loglik).all()
    assert not found.converged.any()
    assert found.contrast.shape == (*batch, 2, 2, 4)


def test_expectation_gives_probabilities() -> None:
    scores, weights = system(50, 11)
    products, start = pair_products(scores), posteriors((4,), 3, 50)
    share, contrast, variance, _, sound = maximisation(products, weights, start, CHAIN, NO_FLOOR)
    assert sound.all()
    posterior, _ = expectation(products, weights, share, contrast, variance)
    np.testing.assert_allclose(posterior.sum(axis=-2), 1.0, atol=1e-12)
    np.testing.assert_allclose(share.sum(axis=-1), 1.0, atol=1e-12)


def test_gain_of_steps_that_grow_is_unknown() -> None:
    assert left_to_gain(np.array([[0.0], [1.0], [3.0]]))[0] == np.inf
    assert left_to_gain(np.array([[np.nan], [1.0], [3.0]]))[0] == np.inf


def test_a_leap_never_costs_and_ends_where_plain_em_ends() -> None:
    scores, weights = system(150, 12)
    start, how = start_of(150, 2), {"floor": NO_FLOOR + 0.01, "tolerance": 1e-9}
    leaping = mixture(pair_products(scores), weights, CHAIN, start, **how, max_steps=20_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_em, "PLAIN", 10**9)
        plain = mixture(pair_products(scores), weights, CHAIN, start, **how, max_steps=20_000)
    assert leaping.converged
    assert plain.converged
    assert leaping.steps < plain.steps
    assert leaping.loglik >= plain.loglik - 1e-6


def test_higher_takes_no_spurious_top() -> None:
    scores, weights = system(60, 15)
    start = posteriors((3,), 2, 60)
    how = {"floor": NO_FLOOR + 0.01, "tolerance": 1e-6, "max_steps": 500}
    one = mixture(pair_products(scores), weights, CHAIN, start, **how)
    raised = {"loglik": one.loglik + np.array([5.0, 5.0, -5.0])}
    other = replace(one, **raised, floored=np.array([False, True, False]))
    found = higher(one, other)
    assert (found.loglik - one.loglik).tolist() == [5.0, 0.0, 0.0]
