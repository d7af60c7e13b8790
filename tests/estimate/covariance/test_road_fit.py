"""``fit_ml``: the standardised solution of ``csi.sem`` behind the contract of all estimators."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import csi
from csi.arrays import Array
from csi.errors import EstimationError
from csi.estimate.covariance import sem
from csi.model.model import Model
from csi.moments.values import Moments

BLOCKS = {"Q": ("q1", "q2", "q3"), "S": ("s1", "s2"), "L": ("l1",)}
LOADINGS = {"q1": 0.9, "q2": 0.8, "q3": 0.6, "s1": 0.85, "s2": 0.7, "l1": 1.0}
SPREAD = {"q1": 1.5, "q2": 2.0, "q3": 1.0, "s1": 0.7, "s2": 1.2, "l1": 3.0}


@pytest.fixture(scope="module")
def small() -> Model:
    """Three constructs, the last of one item."""
    constructs = [
        csi.reflective("Q", BLOCKS["Q"]),
        csi.reflective("S", BLOCKS["S"]),
        csi.single("L", "l1"),
    ]
    return Model(constructs, [csi.path("Q", "S"), csi.paths("S", to="L")], "S")


def population(small: Model) -> Array:
    """Covariances with S = 0.7 Q, L = 0.5 S, all constructs of variance one."""
    latent = np.array([[1.0, 0.7, 0.35], [0.7, 1.0, 0.5], [0.35, 0.5, 1.0]])
    loading = np.zeros((6, 3))
    for j, items in enumerate(BLOCKS.values()):
        for item in items:
            loading[small.items.index(item), j] = LOADINGS[item]
    corr = loading @ latent @ loading.T
    np.fill_diagonal(corr, 1.0)
    sd = np.array([SPREAD[item] for item in small.items])
    return corr * np.outer(sd, sd)


def test_a_population_gives_its_parameters_back(small: Model, of_covariance: Callable) -> None:
    fit = csi.fit_ml(small, of_covariance(population(small), small.items))
    assert bool(fit.converged)
    assert bool(fit.admissible)
    np.testing.assert_allclose(fit.loadings, [LOADINGS[item] for item in small.items], atol=1e-7)
    np.testing.assert_allclose(
        fit.paths, [[0.0, 0.7, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]], atol=1e-7
    )
    np.testing.assert_allclose(
        fit.construct_corr, [[1.0, 0.7, 0.35], [0.7, 1.0, 0.5], [0.35, 0.5, 1.0]], atol=1e-7
    )
    np.testing.assert_allclose(fit.r2, [np.nan, 0.49, 0.25], atol=1e-7)
    np.testing.assert_allclose(fit.r2_adjusted[1], 1 - 0.51 * 999 / 998, atol=1e-7)


def test_weights_are_loadings_over_uniquenesses(small: Model, of_covariance: Callable) -> None:
    """Those of factor scores; composites have variance one, and a single item has weight one."""
    cov = population(small)
    sd = np.sqrt(np.diag(cov))
    fit = csi.fit_ml(small, of_covariance(cov, small.items))
    corr = cov / np.outer(sd, sd)
    for items in (BLOCKS["Q"], BLOCKS["S"]):
        at = [small.items.index(item) for item in items]
        loading = np.array([LOADINGS[item] for item in items])
        raw = loading / (1.0 - loading**2)
        size = np.sqrt(raw @ corr[np.ix_(at, at)] @ raw)
        np.testing.assert_allclose(fit.weights[at], raw / size, rtol=1e-6)
        squared = (fit.weights[at] @ loading) ** 2  # of the composite with its construct
        name = small.names.index("Q" if items is BLOCKS["Q"] else "S")
        assert fit.reliability[name] == pytest.approx(squared, rel=1e-6)
    assert fit.weights[small.items.index("l1")] == pytest.approx(1.0)
    assert fit.reliability[2] == pytest.approx(1.0)


def test_it_is_the_standardised_solution_of_the_road(ecsi: Model, mobi_moments: Moments) -> None:
    fit, road = csi.fit_ml(ecsi, mobi_moments), sem.fit(ecsi, mobi_moments)
    table = sem.parameters(road).set_index(["lhs", "op", "rhs"])["standardised"]
    for j, target in enumerate(ecsi.names):
        for i, source in enumerate(ecsi.names):
            expected = table.get((target, "~", source), 0.0)
            assert fit.paths[i, j] == pytest.approx(expected, abs=1e-5)
    for construct in ecsi.constructs:
        for item in construct.items:
            expected = table.get((construct.name, "=~", item), 1.0)
            found = fit.loadings[ecsi.items.index(item)]
            assert found == pytest.approx(expected, abs=1e-5)
    r2 = sem.explained(road).set_index("variable")["r2"]
    for j, name in enumerate(ecsi.names):
        if name in r2:
            assert fit.r2[j] == pytest.approx(r2[name], abs=1e-4)


def test_a_batch_is_its_single_fits(small: Model, batched: Callable) -> None:
    rng, cov = np.random.default_rng(4), population(small)
    covs = [np.cov(rng.multivariate_normal(np.zeros(6), cov, 200), rowvar=False) for _ in range(30)]
    means = [np.zeros(6)] * 30
    whole = csi.fit_ml(small, batched(means, covs, small.items, 200))
    assert whole.converged.shape == (30,)
    assert whole.converged.all()
    for k in range(30):
        alone = csi.fit_ml(small, batched([means[k]], [covs[k]], small.items, 200))
        for name in ("weights", "loadings", "paths", "construct_corr", "r2", "reliability"):
            np.testing.assert_allclose(
                getattr(whole, name)[k], getattr(alone, name)[0], atol=1e-6, err_msg=name
            )


def test_the_divisor_of_covariances_does_not_matter(small: Model, of_covariance: Callable) -> None:
    cov = population(small)
    cov[0, 1] = cov[1, 0] = cov[0, 1] * 1.1  # not the model's, so that there is something to fit
    first = csi.fit_ml(small, of_covariance(cov, small.items))
    second = csi.fit_ml(small, of_covariance(cov * 250 / 249, small.items))
    for name in ("weights", "loadings", "paths", "r2"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), atol=1e-6)


@pytest.mark.parametrize("estimator", ["gls", "uls"])
def test_least_squares_find_the_population_too(
    small: Model, of_covariance: Callable, estimator: str
) -> None:
    options = sem.Options(estimator=estimator)
    fit = csi.fit_ml(small, of_covariance(population(small), small.items), options)
    np.testing.assert_allclose(fit.loadings, [LOADINGS[item] for item in small.items], atol=1e-6)
    assert "least squares" in fit.estimator


def test_negative_variances_are_flagged_and_kept(small: Model, of_covariance: Callable) -> None:
    """Loadings 1.15, 0.7 and 0.5 of items of variance one: the first leaves less than nothing."""
    sd = np.array([SPREAD[item] for item in small.items])
    corr = population(small) / np.outer(sd, sd)
    at = [small.items.index(item) for item in BLOCKS["Q"]]
    loading = np.array([1.15, 0.7, 0.5])
    corr[np.ix_(at, at)] = np.outer(loading, loading)
    corr[at, at] = 1.0
    for j, factor in (("S", 0.7), ("L", 0.35)):
        for item in BLOCKS[j]:
            k = small.items.index(item)
            corr[at, k] = corr[k, at] = 0.5 * loading * factor * LOADINGS[item]
    assert np.linalg.eigvalsh(corr)[0] > 0
    moments = of_covariance(corr, small.items)
    fit = csi.fit_ml(small, moments)
    assert bool(fit.converged)
    assert not bool(fit.admissible)
    assert fit.loadings[at[0]] > 1
    said = sem.diagnosis(sem.fit(small, moments))
    assert any("error variance of q1 is negative" in words for words in said)


def test_a_degenerate_member_is_nan_and_leaves_the_others(small: Model, batched: Callable) -> None:
    cov = population(small)
    broken = cov.copy()
    broken[0] = np.nan
    broken[:, 0] = np.nan
    fit = csi.fit_ml(small, batched([np.zeros(6)] * 3, [cov, broken, cov], small.items, 200))
    assert fit.converged.tolist() == [True, False, True]
    assert fit.admissible.tolist() == [True, False, True]
    assert np.isnan(fit.loadings[1]).all()
    assert np.isnan(fit.paths[1]).all()
    np.testing.assert_array_equal(fit.loadings[0], fit.loadings[2])


def test_items_weights_and_effects_have_names(small: Model, of_covariance: Callable) -> None:
    fit = csi.fit_ml(small, of_covariance(population(small), small.items))
    assert fit.paths_table()[["from", "to"]].to_numpy().tolist() == [["Q", "S"], ["S", "L"]]
    assert fit.weights_table()["item"].tolist() == list(small.items)
    total = csi.effects(fit).total
    assert total[0, 2] == pytest.approx(0.35, abs=1e-7)
    for values in (fit.weights, fit.paths, fit.converged):
        with pytest.raises(ValueError, match="read-only"):
            values[...] = 0


def test_what_moments_cannot_do_is_told_at_once(small: Model, of_covariance: Callable) -> None:
    moments = of_covariance(population(small), small.items)
    with pytest.raises(EstimationError) as caught:
        csi.fit_ml(small, moments, sem.Options(missing="fiml", admissible=True))
    assert [fault.where for fault in caught.value.faults] == [
        "option missing fiml",
        "option admissible",
    ]
    with pytest.raises(EstimationError, match="option estimator dwls"):
        csi.fit_ml(small, moments, sem.Options(estimator="dwls"))
    other = replace(moments, items=tuple(f"{item}x" for item in small.items))
    with pytest.raises(EstimationError, match="compute them for the model's items"):
        csi.fit_ml(small, other)


def test_single_items_of_known_reliability_are_corrected(mobi: Mapping[str, Array]) -> None:
    """A reliability of 0.8 divides the correlations of the item by its root."""
    names = ["CUSA1", "CUSA2", "CUSA3", "CUSCO"]
    frame = pd.DataFrame({name: mobi[name] for name in names})
    text = "S =~ CUSA1 + CUSA2 + CUSA3\nC =~ 1*CUSCO\nC ~ S\n"
    error = 0.2 * frame["CUSCO"].var(ddof=0)
    paths = [
        sem.parameters(sem.fit(text + f"CUSCO ~~ {left}*CUSCO", frame)).set_index(["lhs", "op"])[
            "standardised"
        ][("C", "~")]
        for left in (0.0, error)
    ]
    assert float(paths[1]) == pytest.approx(float(paths[0]) / np.sqrt(0.8), rel=1e-6)
