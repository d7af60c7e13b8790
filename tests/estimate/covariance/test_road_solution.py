"""Standardised values and their errors, defined parameters, explained shares and reliabilities."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from csi.arrays import Array
from csi.estimate.covariance import sem
from csi.estimate.covariance.solution import derivatives, free_vcov, labels_used

BLOCKS = ("Q =~ q1 + q2 + q3", "S =~ s1 + s2 + s3", "L =~ l1 + l2")
TEXT = "\n".join([*BLOCKS, "S ~ a*Q", "L ~ c*Q + b*S", "through := a*b", "whole := c + through"])


def answers(n: int = 400, seed: int = 5) -> pd.DataFrame:
    """Answers of n people, normal; S and L have residuals."""
    rng = np.random.default_rng(seed)
    q = rng.normal(size=n)
    s = 0.6 * q + 0.8 * rng.normal(size=n)
    t = 0.3 * q + 0.5 * s + 0.6 * rng.normal(size=n)
    parts = {"q": (q, (1.0, 0.8, 0.7)), "s": (s, (1.2, 0.9, 0.8)), "l": (t, (1.0, 0.7))}
    return pd.DataFrame(
        {
            f"{stem}{k + 1}": slope * scores + 0.7 * rng.normal(size=n)
            for stem, (scores, slopes) in parts.items()
            for k, slope in enumerate(slopes)
        }
    )


@pytest.fixture(scope="module")
def fit() -> sem.Fit:
    return sem.fit(TEXT, answers())


@pytest.fixture(scope="module")
def table(fit: sem.Fit) -> pd.DataFrame:
    return sem.parameters(fit).set_index(["lhs", "op", "rhs"])


def test_errors_of_standardised_loadings_are_those_of_items_of_variance_one() -> None:
    """One construct with variance 1 in a model of correlations by a second road.

    The loading of an item of variance one is ``l / sqrt(l**2 + e)``; its derivatives are written
    out here, and the covariance matrix is that of the fit.
    """
    fit = sem.fit(
        sem.model_from_text("Q =~ q1 + q2 + q3", identification="standardised"), answers()
    )
    table = sem.parameters(fit).set_index(["lhs", "op", "rhs"])
    names = [p.name for p in fit.placed.free]
    for item in ("q1", "q2", "q3"):
        i, j = names.index(f"Q =~ {item}"), names.index(f"{item} ~~ {item}")
        loading, error = fit.values[[i, j]]
        size = loading**2 + error
        slope = np.array([error / size**1.5, -0.5 * loading / size**1.5])
        cov = fit.vcov[np.ix_([i, j], [i, j])]
        row = table.loc[("Q", "=~", item)]
        assert row["standardised"] == pytest.approx(loading / np.sqrt(size), rel=1e-10)
        assert row["standardised_se"] == pytest.approx(np.sqrt(slope @ cov @ slope), rel=1e-6)
        share = table.loc[(item, "~~", item)]  # 1 less the square of the loading
        assert share["standardised"] == pytest.approx(1 - row["standardised"] ** 2, rel=1e-10)
        expected = 2 * row["standardised"] * row["standardised_se"]
        assert share["standardised_se"] == pytest.approx(expected, rel=1e-6)
    assert table.loc[("Q", "~~", "Q"), "standardised_se"] == 0.0


def test_the_standardised_solution_does_not_depend_on_identification(table: pd.DataFrame) -> None:
    model = sem.model_from_text(TEXT, identification="standardised")
    other = sem.parameters(sem.fit(model, answers())).set_index(["lhs", "op", "rhs"])
    kept = [key for key in table.index if key in other.index]
    assert len(kept) == len(table)
    for column in ("standardised", "standardised_se"):
        np.testing.assert_allclose(
            table.loc[kept, column].astype(float), other.loc[kept, column].astype(float), atol=2e-7
        )


def test_standardised_errors_are_the_spread_over_samples(table: pd.DataFrame) -> None:
    """300 samples of the same population: mean error and spread agree to 12 %.

    A standard deviation of 300 has an error of 4.1 %: three of them.
    """
    found, errors = [], []
    for seed in range(300):
        own = sem.parameters(sem.fit(TEXT, answers(seed=1000 + seed)))
        found.append(own["standardised"].to_numpy())
        errors.append(own["standardised_se"].to_numpy())
    spread, mean = np.std(found, axis=0, ddof=1), np.mean(errors, axis=0)
    moving = mean > 1e-9
    assert moving.sum() == len(table) - 1  # the variance of Q is one
    np.testing.assert_allclose(mean[moving], spread[moving], rtol=0.125)


def test_defined_parameters_by_hand(fit: sem.Fit) -> None:
    names = [p.label for p in fit.placed.free]
    at = [names.index(label) for label in "abc"]
    a, b, c = fit.values[at]
    cov = fit.vcov[np.ix_(at, at)]
    table = sem.defined(fit).set_index("name")
    for name, value, slope in (
        ("through", a * b, np.array([b, a, 0.0])),
        ("whole", c + a * b, np.array([b, a, 1.0])),
    ):
        error = np.sqrt(slope @ cov @ slope)
        assert table.loc[name, "estimate"] == pytest.approx(value, rel=1e-12)
        assert table.loc[name, "se"] == pytest.approx(error, rel=1e-7)
        assert table.loc[name, "z"] == pytest.approx(value / error, rel=1e-7)
        assert table.loc[name, "p_value"] == pytest.approx(
            2 * norm.sf(abs(value / error)), rel=1e-5
        )
    assert table.loc["through", "expression"].replace(" ", "") == "a*b"
    assert set(labels_used(fit)) >= {"a", "b", "c"}


def test_indirect_effects_have_the_error_of_the_bootstrap(fit: sem.Fit) -> None:
    """400 resamples: a standard deviation of them has an error of 3.5 %."""
    frame, rng = answers(), np.random.default_rng(2)
    drawn = []
    for _ in range(400):
        own = sem.fit(TEXT, frame.iloc[rng.integers(0, len(frame), len(frame))])
        drawn.append(sem.defined(own)["estimate"].to_numpy())
    spread = np.std(drawn, axis=0, ddof=1)
    np.testing.assert_allclose(sem.defined(fit)["se"], spread, rtol=0.12)


def test_nothing_defined_is_an_empty_table() -> None:
    table = sem.defined(sem.fit("Q =~ q1 + q2 + q3", answers()))
    assert table.empty
    assert list(table) == ["name", "expression", "estimate", "se", "z", "p_value"]


def test_intervals_and_p_values_are_normal(fit: sem.Fit) -> None:
    table = sem.parameters(fit, level=0.9)
    free = table[table["free"]]
    half = norm.ppf(0.95) * free["se"]
    np.testing.assert_allclose(free["upper"] - free["estimate"], half, rtol=1e-9)
    np.testing.assert_allclose(free["estimate"] - free["lower"], half, rtol=1e-9)
    np.testing.assert_allclose(free["z"], free["estimate"] / free["se"], rtol=1e-12)
    np.testing.assert_allclose(free["p_value"], 2 * norm.sf(abs(free["z"])), rtol=1e-6)
    fixed = table[~table["free"]]
    assert list(fixed["rhs"]) == ["q1", "s1", "l1"]
    assert fixed[["se", "z", "p_value", "lower", "upper"]].isna().all(axis=None)


def test_covariances_are_standardised_by_residuals() -> None:
    """The standardised covariance of two error terms is their correlation."""
    fit = sem.fit("Q =~ q1 + q2 + q3 + s1\nq1 ~~ q2", answers())
    table = sem.parameters(fit).set_index(["lhs", "op", "rhs"])
    value = table["estimate"]
    expected = value["q1", "~~", "q2"] / np.sqrt(value["q1", "~~", "q1"] * value["q2", "~~", "q2"])
    assert table.loc[("q1", "~~", "q2"), "standardised"] == pytest.approx(expected, rel=1e-12)


def test_means_are_standardised_by_the_standard_deviation() -> None:
    model = sem.model_from_text("Q =~ q1 + q2 + q3", means=True)
    frame = answers() + 7.0
    table = sem.parameters(sem.fit(model, frame)).set_index(["lhs", "op"])
    for item in ("q1", "q2", "q3"):  # a saturated model has the moments of the sample
        row = table.loc[[(item, "~1")]].iloc[0]
        expected = frame[item].mean() / frame[item].std(ddof=0)
        assert row["standardised"] == pytest.approx(expected, rel=1e-8)


def test_explained_shares_by_hand(fit: sem.Fit, table: pd.DataFrame) -> None:
    value, share = table["estimate"], sem.explained(fit).set_index("variable")["r2"]
    a, b, c = (value[key] for key in (("S", "~", "Q"), ("L", "~", "S"), ("L", "~", "Q")))
    q, s, t = (value[name, "~~", name] for name in "QSL")
    of_s = a**2 * q + s
    of_l = c**2 * q + b**2 * of_s + 2 * b * c * a * q + t
    assert share["S"] == pytest.approx(1 - s / of_s, rel=1e-10)
    assert share["L"] == pytest.approx(1 - t / of_l, rel=1e-10)
    assert "Q" not in share
    loading, left = value["S", "=~", "s2"], value["s2", "~~", "s2"]
    assert share["s2"] == pytest.approx(loading**2 * of_s / (loading**2 * of_s + left), rel=1e-10)
    standardised = table.loc[("S", "=~", "s2"), "standardised"]
    assert share["s2"] == pytest.approx(standardised**2, rel=1e-10)


def test_reliabilities_by_hand() -> None:
    fit = sem.fit("Q =~ q1 + q2 + q3 + s1\nL =~ l1 + l2\nq1 ~~ q2", answers())
    value = sem.parameters(fit).set_index(["lhs", "op", "rhs"])["estimate"]
    items = ["q1", "q2", "q3", "s1"]
    loading = np.array([value["Q", "=~", item] for item in items])
    error = np.array([value[item, "~~", item] for item in items])
    both, variance = value["q1", "~~", "q2"], value["Q", "~~", "Q"]
    common = loading.sum() ** 2 * variance
    ave = np.mean(loading**2 * variance / (loading**2 * variance + error))
    row = sem.reliabilities(fit).set_index("construct").loc["Q"]
    assert row["omega"] == pytest.approx(common / (common + error.sum() + 2 * both), rel=1e-10)
    assert row["ave"] == pytest.approx(ave, rel=1e-10)


def test_omega_is_the_squared_correlation_of_sum_and_construct() -> None:
    """In 200,000 answers of a population of known loadings."""
    rng = np.random.default_rng(8)
    slopes, errors = np.array([1.0, 0.8, 0.6]), np.array([0.5, 0.7, 0.9])
    q = rng.normal(size=200_000)
    rows = q[:, None] * slopes + rng.normal(size=(len(q), 3)) * errors
    fit = sem.fit("Q =~ a + b + c", pd.DataFrame(rows, columns=list("abc")))
    omega = sem.reliabilities(fit)["omega"].iloc[0]
    assert omega == pytest.approx(np.corrcoef(rows.sum(axis=1), q)[0, 1] ** 2, abs=4e-3)


def test_constructs_with_cross_loadings_or_one_item_have_no_reliability() -> None:
    text = "Q =~ q1 + q2 + q3\nS =~ s1 + s2 + s3 + q3\nL =~ l1"
    found = sem.reliabilities(sem.fit(text, answers()))
    assert found.empty


def test_derivatives_of_a_polynomial() -> None:
    def figures(x: Array) -> Array:
        return np.column_stack([x[:, 0] ** 2 * x[:, 1], x[:, 1] ** 3])

    slope = derivatives(figures, np.array([2.0, 3.0]), np.array([0.1, 0.2]))
    np.testing.assert_allclose(slope, [[12.0, 4.0], [0.0, 27.0]], rtol=1e-8)


def test_the_covariance_matrix_of_free_parameters_is_that_of_the_table() -> None:
    fit = sem.fit("Q =~ q1 + e*q2 + e*q3\nL =~ l1 + l2\nL ~ Q", answers())
    basis = fit.placed.layout.basis
    assert basis.shape[0] == basis.shape[1] + 1
    np.testing.assert_allclose(basis @ free_vcov(fit) @ basis.T, fit.vcov, atol=1e-14)
