"""Population covariances with known parameters in, the parameters out."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import composite, formative, items, paths, reflective, single
from csi.model.model import Model
from csi.moments.values import Moments

SCHEMES = ("path", "factorial", "centroid")
SIZES = {"A": 3, "B": 4, "C": 2, "D": 3}
PATHS = np.zeros((4, 4))
PATHS[0, 1], PATHS[0, 2], PATHS[1, 2], PATHS[1, 3], PATHS[2, 3] = 0.5, 0.3, 0.4, -0.25, 0.6
EXACT = 1e-8


def model_of(build: Callable[..., Any]) -> Model:
    return Model(
        [build(name, items(name.lower(), 1, size)) for name, size in SIZES.items()],
        [paths("A", to=["B", "C"]), paths("B", to="C"), paths("B", to="D", sign="-"),
         paths("C", to="D")],
        "D",
    )  # fmt: skip


def correlations(coefficients: Array) -> tuple[Array, Array]:
    """Correlations of standardised constructs that the paths imply, and their R2."""
    q = len(coefficients)
    corr, r2 = np.eye(q), np.full(q, np.nan)
    for j in range(1, q):  # the constructs stand in causal order
        corr[:j, j] = corr[j, :j] = corr[:j, :j] @ coefficients[:j, j]
        r2[j] = coefficients[:j, j] @ corr[:j, j]
    return corr, r2


def blocks() -> list[slice]:
    ends = np.cumsum(list(SIZES.values()))
    return [slice(int(e) - s, int(e)) for e, s in zip(ends, SIZES.values(), strict=True)]


def composite_population(*, eigen: bool) -> tuple[Array, Array]:
    """Item covariances of a composite model, and the weights of its composites.

    With `eigen` the weights of each block are an eigenvector of the block's correlations, so
    that mode A has them as its fixed point too.
    """
    rng = np.random.default_rng(11)
    corr, _ = correlations(PATHS)
    p = sum(SIZES.values())
    cov, w = np.zeros((p, p)), np.zeros(p)
    for block in blocks():
        k = block.stop - block.start
        root = rng.uniform(0.3, 1.0, (k, 2 * k))
        own = root @ root.T + np.eye(k)
        own /= np.sqrt(np.outer(np.diag(own), np.diag(own)))
        first = np.linalg.eigh(own)[1][:, -1] if eigen else rng.uniform(0.2, 1.0, k)
        first *= np.sign(first.sum())
        cov[block, block], w[block] = own, first / np.sqrt(first @ own @ first)
    for i, one in enumerate(blocks()):
        for j, other in enumerate(blocks()):
            if i != j:
                cov[one, other] = corr[i, j] * np.outer(
                    cov[one, one] @ w[one], cov[other, other] @ w[other]
                )
    assert np.linalg.eigvalsh(cov)[0] > 0
    return cov, w


@pytest.mark.parametrize("metric", ["standardised", "raw"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("mode", ["B", "A"])
def test_composite_model(
    of_covariance: Callable[..., Moments], scheme: Any, metric: Any, mode: str
) -> None:
    model = model_of(formative if mode == "B" else composite)
    cov, w = composite_population(eigen=mode == "A")
    corr, r2 = correlations(PATHS)
    fit = fit_pls(
        model,
        of_covariance(cov, model.items),
        PLSOptions(scheme=scheme, metric=metric, tolerance=1e-13),
    )
    assert fit.converged
    np.testing.assert_allclose(fit.weights, w, rtol=0, atol=EXACT)
    np.testing.assert_allclose(fit.paths, PATHS, rtol=0, atol=EXACT)
    np.testing.assert_allclose(fit.construct_corr, corr, rtol=0, atol=EXACT)
    np.testing.assert_allclose(fit.r2, r2, rtol=0, atol=EXACT)
    loadings = np.concatenate([cov[b, b] @ w[b] for b in blocks()])
    np.testing.assert_allclose(fit.loadings, loadings, rtol=0, atol=EXACT)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_mode_a_of_any_composites(of_covariance: Callable[..., Moments], scheme: Any) -> None:
    # between the blocks all covariance runs through the composites: mode A weighs items by S w
    model = model_of(composite)
    cov, w = composite_population(eigen=False)
    corr, _ = correlations(PATHS)
    fit = fit_pls(
        model, of_covariance(cov, model.items), PLSOptions(scheme=scheme, tolerance=1e-13)
    )
    quality = np.empty(4)
    for j, block in enumerate(blocks()):
        own = cov[block, block] @ w[block]
        own /= np.sqrt(own @ cov[block, block] @ own)
        np.testing.assert_allclose(fit.weights[block], own, rtol=0, atol=EXACT)
        quality[j] = own @ cov[block, block] @ w[block]
    weaker = corr * np.outer(quality, quality)
    np.fill_diagonal(weaker, 1.0)
    np.testing.assert_allclose(fit.construct_corr, weaker, rtol=0, atol=EXACT)
    assert (quality < 1 - 1e-4).any()


def factor_population() -> tuple[Array, Array]:
    """Item correlations of a factor model, and its loadings."""
    rng = np.random.default_rng(12)
    corr, _ = correlations(PATHS)
    loadings = rng.uniform(0.45, 0.95, sum(SIZES.values()))
    owner = np.repeat(np.arange(4), list(SIZES.values()))
    cov = np.outer(loadings, loadings) * corr[np.ix_(owner, owner)]
    np.fill_diagonal(cov, 1.0)
    return cov, loadings


@pytest.mark.parametrize("scheme", SCHEMES)
def test_consistent_pls_of_a_factor_model(
    of_covariance: Callable[..., Moments], scheme: Any
) -> None:
    model = model_of(reflective)
    cov, loadings = factor_population()
    corr, r2 = correlations(PATHS)
    options = PLSOptions(scheme=scheme, consistent=True, tolerance=1e-13)
    fit = fit_pls(model, of_covariance(cov, model.items), options)
    assert fit.converged
    assert fit.admissible
    np.testing.assert_allclose(fit.loadings, loadings, rtol=0, atol=1e-6)
    np.testing.assert_allclose(fit.paths, PATHS, rtol=0, atol=1e-6)
    np.testing.assert_allclose(fit.construct_corr, corr, rtol=0, atol=1e-6)
    np.testing.assert_allclose(fit.r2, r2, rtol=0, atol=1e-6)
    # rho_A is the squared correlation of the composite with its factor
    for j, block in enumerate(blocks()):
        reached = (fit.weights[block] @ loadings[block]) ** 2
        assert fit.reliability[j] == pytest.approx(reached, abs=1e-6)
    # units of the items do not matter
    scale = np.random.default_rng(13).uniform(0.5, 4.0, len(cov))
    other = fit_pls(model, of_covariance(cov * np.outer(scale, scale), model.items), options)
    np.testing.assert_allclose(other.paths, PATHS, rtol=0, atol=1e-6)


def test_plain_pls_of_a_factor_model_is_attenuated(of_covariance: Callable[..., Moments]) -> None:
    model = model_of(reflective)
    cov, loadings = factor_population()
    fit = fit_pls(model, of_covariance(cov, model.items), PLSOptions(tolerance=1e-13))
    corr, _ = correlations(PATHS)
    attenuated = corr * np.sqrt(np.outer(fit.reliability, fit.reliability))
    np.fill_diagonal(attenuated, 1.0)
    np.testing.assert_allclose(fit.construct_corr, attenuated, rtol=0, atol=1e-6)
    assert np.mean(fit.loadings) > np.mean(loadings) + 0.05  # known bias of composite loadings


def test_consistent_pls_leaves_single_items_and_composites_alone(
    of_covariance: Callable[..., Moments],
) -> None:
    # one factor measured by three items and one variable without error
    loadings, corr = np.array([0.6, 0.7, 0.8]), 0.5
    cov = np.eye(4)
    cov[:3, :3] = np.outer(loadings, loadings)
    cov[:3, 3] = cov[3, :3] = loadings * corr
    np.fill_diagonal(cov, 1.0)
    model = Model([reflective("F", items("f", 1, 3)), single("Y", "y")], paths("F", to="Y"), "Y")
    options = PLSOptions(consistent=True, tolerance=1e-13)
    fit = fit_pls(model, of_covariance(cov, model.items), options)
    assert fit.paths[0, 1] == pytest.approx(corr, abs=1e-8)
    assert fit.reliability[1] == 1.0
    np.testing.assert_allclose(fit.loadings, [*loadings, 1.0], rtol=0, atol=1e-8)
    plain = Model([composite("F", items("f", 1, 3)), single("Y", "y")], paths("F", to="Y"), "Y")
    kept = fit_pls(plain, of_covariance(cov, plain.items), options)
    same = fit_pls(plain, of_covariance(cov, plain.items), PLSOptions(tolerance=1e-13))
    np.testing.assert_allclose(kept.paths, same.paths, rtol=0, atol=1e-15)
    assert kept.reliability[0] == 1.0


def test_sample_estimates_close_in_on_the_truth(of_covariance: Callable[..., Moments]) -> None:
    model = model_of(formative)
    cov, w = composite_population(eigen=False)
    rng = np.random.default_rng(14)
    off = []
    for n in (500, 50_000):
        rows = rng.multivariate_normal(np.zeros(len(cov)), cov, size=n)
        sample = np.cov(rows, rowvar=False, ddof=0)
        fit = fit_pls(model, of_covariance(sample, model.items, n))
        off.append(max(np.abs(fit.paths - PATHS).max(), np.abs(fit.weights - w).max()))
    assert off[1] < 0.03
    assert off[1] < off[0]
