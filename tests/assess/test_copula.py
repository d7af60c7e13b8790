"""The Gaussian-copula check against openpls, statsmodels and rows; level, power, silence."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import ndtri
from statsmodels.stats.diagnostic import normal_ad

import csi
from csi.arrays import Array
from csi.assess.copula import CopulaCheck, copula_check
from csi.assess.copula_tables import copula_table, normality_table
from csi.assess.copula_verdicts import copula_verdicts
from csi.assess.kernel_copula import (
    copula_regression,
    copula_term,
    distribution_function,
    shape_of,
    weighted_covariance,
)
from csi.errors import OptionError
from csi.model.grammar import composite, items, paths, single
from csi.model.model import Model
from csi.survey.codebook import Codebook, Item
from csi.survey.survey import Survey
from csi.text import Text

SINGLE = Model([single("X", "X1"), single("Y", "Y1")], [paths("X", to="Y")], "Y")
TWO = Model(
    [composite("X", items("X", 1, 3)), composite("M", items("M", 1, 3)), single("Y", "Y1")],
    [paths("X", to=["M", "Y"]), paths("M", to="Y")],
    "Y",
)


def survey_of(frame: pd.DataFrame, weight: str | None = None) -> Survey:
    """A survey on a scale wide enough for all."""
    names = [name for name in frame.columns if name != weight]
    codebook = Codebook(
        title=Text("copula"),
        items=tuple(Item(name=name, column=name, low=-99, high=99) for name in names),
        weight=weight,
    )
    return csi.read_survey(frame, codebook)


def frame_of_two(n: int, seed: int) -> pd.DataFrame:
    """Answers of a skewed predictor, one that follows it, and a target, with weights."""
    rng = np.random.default_rng(seed)
    x = rng.exponential(size=n) - 1.0
    m = 0.5 * x + rng.exponential(size=n) - 1.0
    y = 0.4 * x + 0.4 * m + rng.standard_normal(n)
    columns = {f"X{k}": x + 0.3 * rng.standard_normal(n) for k in (1, 2, 3)}
    columns |= {f"M{k}": m + 0.3 * rng.standard_normal(n) for k in (1, 2, 3)}
    return pd.DataFrame(columns | {"Y1": y, "w": rng.uniform(0.5, 2.0, n)})


def world(n: int, seed: int, *, endogenous: bool, skewed: bool = True) -> pd.DataFrame:
    """One predictor, in a world of the benchmark."""
    rng = np.random.default_rng(seed)
    score, error = rng.standard_normal((2, n))
    if endogenous:
        error = 0.5 * score + np.sqrt(0.75) * error
    x = stats.chi2.ppf(stats.norm.cdf(score), 3) if skewed else score
    return pd.DataFrame({"X1": x, "Y1": 0.5 * (x - x.mean()) / x.std() + 0.8 * error})


@pytest.fixture(scope="module")
def checked() -> CopulaCheck:
    """Weighted respondents, two equations."""
    return copula_check(survey_of(frame_of_two(300, 1), "w"), TWO, csi.IndexOptions(draws=100))


def scores(found: CopulaCheck, member: int | None = None) -> Array:
    """Standardised composites from rows, (n, 3), under the weights of the sample."""
    rows, w = found.whole.sample.rows, found.whole.sample.weights
    z = rows - np.average(rows, axis=0, weights=w)
    z = z / np.sqrt(np.average(z**2, axis=0, weights=w))
    return np.asarray(z @ (found.model.blocks * found.whole.fit.weights[:, None]))


def test_coefficients_are_weighted_least_squares_on_rows(checked: CopulaCheck) -> None:
    s, w = scores(checked), checked.whole.sample.weights
    below = np.array([[w[s[:, j] < v].sum() for v in s[:, j]] for j in (0, 1)]) + w / 2.0
    term = ndtri(below / w.sum()).T
    table = copula_table(checked)
    table = table[table["to"] == "Y"]
    for chosen, name in (([0], "X"), ([1], "M"), ([0, 1], "X, M")):
        design = np.column_stack([s[:, :2], term[:, chosen], np.ones(len(s))])
        root = np.sqrt(w)
        b = np.linalg.lstsq(design * root[:, None], s[:, 2] * root, rcond=None)[0]
        own = table[table["terms"] == name].groupby("measure")["estimate"].agg(list)
        np.testing.assert_allclose(own["path"], b[:2], atol=1e-10)
        np.testing.assert_allclose(own["copula term"], b[2:-1], atol=1e-10)
        # the error that the terms stand for: what they add, and what is left
        error = s[:, 2] - s[:, :2] @ b[:2]
        known = [_corr(term[:, j], error, w) for j in chosen]
        np.testing.assert_allclose(own["error correlation"], known, atol=1e-10)


def _corr(a: Array, b: Array, w: Array) -> float:
    cov = np.cov(a, b, aweights=w)
    return float(cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]))


def test_error_correlation_of_one_term_by_hand() -> None:
    """g sd(P) over the root of g squared var(P) plus the variance left."""
    rng = np.random.default_rng(3)
    x = rng.exponential(size=400)
    term = copula_term(x, np.ones(400))
    y = 0.3 * x + 0.6 * term + rng.standard_normal(400)
    cov = weighted_covariance(np.stack([x, term, y]), np.ones(400))
    b, g, rho = copula_regression(cov, 1, (0,))
    left = y - b[0] * x - g[0] * term
    known = g[0] * term.std() / np.sqrt(g[0] ** 2 * term.var() + left.var())
    assert float(rho[0]) == pytest.approx(known, abs=1e-10)


def test_errors_are_those_of_refitting_on_drawn_rows() -> None:
    """Draws with weights 0, 1, 2 are samples with rows left out and repeated."""
    frame = frame_of_two(60, 2).drop(columns="w")
    options = csi.IndexOptions(draws=100, replicates="jackknife")
    found = copula_check(survey_of(frame), TWO, options)
    alone = copula_check(
        survey_of(frame.drop(index=17).reset_index(drop=True)), TWO, options
    ).equations[1]
    drawn = found.equations[1].draw_cov
    assert len(drawn) == 60
    # the sample without one respondent is one of the jackknife's replicates
    away = np.max(np.abs(drawn - alone.cov), axis=(1, 2))
    assert np.sort(away)[0] < 1e-6  # the iteration stops at 1e-7
    assert np.sort(away)[1] > 1e-4


def test_parity_with_openpls() -> None:
    copula = pytest.importorskip("openpls.copula", reason="openpls-engine is not installed")
    from openpls import config as c
    from openpls.mode import Mode

    frame = frame_of_two(200, 4).drop(columns="w").round(1)  # with ties
    found = copula_check(survey_of(frame), TWO, csi.IndexOptions(draws=100), ranks="rank")
    structure = c.Structure()
    structure.add_path(["X"], ["M", "Y"])
    structure.add_path(["M"], ["Y"])
    given = c.Config(structure.path(), scaled=False)
    for construct in TWO.constructs:
        given.add_lv(construct.name, Mode.A, *[c.MV(item) for item in construct.items])
    table = copula_table(found)
    table = table[(table["to"] == "Y") & (table["measure"] == "copula term")]
    s = pd.DataFrame(scores(found), columns=["X", "M", "Y"])
    for names in (["X"], ["M"], ["X", "M"]):
        theirs = copula.GaussianCopula(given, s, "Y", names, n_boot=50)
        known = theirs.coefficients().set_index("predictor").loc[names, "gamma"]
        own = table.loc[table["terms"] == ", ".join(names), "estimate"]
        np.testing.assert_allclose(own, known, atol=1e-9)


def test_the_distribution_function_counts_weights_and_ties() -> None:
    rng = np.random.default_rng(5)
    x, w = rng.integers(1, 5, size=(3, 40)).astype(float), rng.integers(0, 4, size=(3, 40))
    found = distribution_function(x, w.astype(float))
    for at in range(3):
        many = np.repeat(x[at], w[at])
        for k in np.flatnonzero(w[at]):
            known = np.mean(many < x[at, k]) + np.mean(many == x[at, k]) / 2.0
            assert found[at, k] == pytest.approx(known)
    ranks = distribution_function(x[0], np.ones(40), rank=True)
    np.testing.assert_allclose(ranks, stats.rankdata(x[0]) / 41.0)
    assert np.isfinite(copula_term(x, w.astype(float))).all()


@pytest.mark.parametrize("kind", ["normal", "exponential", "answers"])
def test_shape_is_that_of_scipy_and_statsmodels(kind: str) -> None:
    rng = np.random.default_rng(6)
    x = {"normal": rng.normal(size=80), "exponential": rng.exponential(size=80),
         "answers": rng.integers(1, 11, size=80).astype(float)}[kind]  # fmt: skip
    found = shape_of(x, np.ones(80))
    assert found.skewness == pytest.approx(stats.skew(x))
    assert found.kurtosis == pytest.approx(stats.kurtosis(x))
    statistic, p = normal_ad(x)
    assert found.anderson_darling == pytest.approx(statistic, abs=1e-9)
    assert found.p_value == pytest.approx(p, abs=1e-9)
    assert shape_of(np.ones(9), np.ones(9)).distinct == 1


def test_a_weighted_test_of_normality_holds_its_level() -> None:
    rng = np.random.default_rng(7)
    p = [shape_of(rng.normal(size=200), rng.uniform(0.3, 3.0, 200)).p_value for _ in range(600)]
    # 5 % of 600 is 30, with a standard deviation of 5; Kish's size is an approximation
    assert 12 <= np.sum(np.array(p) < 0.05) <= 55


def p_of(frame: pd.DataFrame) -> float:
    found = copula_check(survey_of(frame), SINGLE, csi.IndexOptions(draws=100))
    table = copula_table(found)
    return float(table.loc[table["measure"] == "copula term", "p_value"].iloc[0])


def test_level_and_power_with_a_skewed_predictor() -> None:
    """A short form of ``benchmarks/simulate_copula.py``."""
    false = sum(p_of(world(400, seed, endogenous=False)) < 0.05 for seed in range(60))
    found = sum(p_of(world(400, seed, endogenous=True)) < 0.05 for seed in range(20))
    assert false <= 9  # P(more | 0.05) = 0.1 %
    assert found >= 15


@pytest.mark.parametrize(
    ("made", "words", "grade"),
    [
        (world(2000, 11, endogenous=True), "may not be what it seems", "doubtful"),
        (world(6000, 12, endogenous=False), "No sign that something", "good"),
        (world(2000, 13, endogenous=True, skewed=False), "close to normal", "told"),
        (world(120, 14, endogenous=False), "too wide to tell", "told"),
        (world(2000, 15, endogenous=False).round(0), "different values", "told"),
    ],
)
def test_verdicts_say_when_they_say_nothing(made: pd.DataFrame, words: str, grade: str) -> None:
    found = copula_check(survey_of(made), SINGLE, csi.IndexOptions(draws=100))
    first = copula_verdicts(found)[0]
    assert words in first.sentence.en
    assert first.grade == grade
    assert first.sentence.zh
    assert found.summary().to_frame()[["from", "to"]].iloc[0].tolist() == ["X", "Y"]


def test_tables_have_every_combination(checked: CopulaCheck) -> None:
    table = copula_table(checked)
    assert list(dict.fromkeys(table.loc[table["to"] == "Y", "terms"])) == ["X", "M", "X, M"]
    assert len(normality_table(checked)) == 3
    assert (table["se"] > 0).all()


def test_gaps_leave_respondents_out_of_their_equations_only() -> None:
    frame = frame_of_two(300, 8).drop(columns="w")
    frame.loc[:29, "M1"] = np.nan
    frame.loc[20:49, "Y1"] = np.nan
    found = copula_check(survey_of(frame), TWO, csi.IndexOptions(draws=100))
    assert [equation.n for equation in found.equations] == [270, 250]


def test_refusals() -> None:
    with pytest.raises(OptionError) as caught:
        copula_check(
            survey_of(world(50, 1, endogenous=False)), SINGLE,
            csi.IndexOptions(replicates="gaussian"), ranks="centre",
        )  # fmt: skip
    assert "gaussian" in str(caught.value)
    assert "middle, rank" in str(caught.value)
