"""``csi.sem`` from data to measures of fit: options arrive, the numbers of lavaan come back."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

import csi
from csi.estimate.covariance import sem
from csi.moments.values import Moments
from csi.survey.codebook_file import codebook_from_text
from csi.survey.survey import Survey

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "reference" / "lavaan"
REFERENCE = json.loads((ROOT / "tests" / "reference" / "lavaan_road.json").read_text("utf-8"))
CASES = REFERENCE["cases"]
ITEMS: list[str] = REFERENCE["moments"]["items"]
BLOCKS = {"IMAG": 5, "EXPE": 4, "QUAL": 7, "VAL": 2, "SAT": 3, "LOY": 3}
TEXT = "\n".join(
    [f"{name} =~ " + " + ".join(f"{name}{k + 1}" for k in range(n)) for name, n in BLOCKS.items()]
    + ["EXPE ~ IMAG", "QUAL ~ EXPE", "VAL ~ EXPE + QUAL", "SAT ~ IMAG + EXPE + QUAL + VAL"]
    + ["LOY ~ IMAG + SAT"]
)
OPTIONS = {
    "ml": {},
    "ml_obs": {"information": "observed"},
    "ml_wish": {"likelihood": "wishart"},
    "ml_stdlv": {},
    "mlmean": {},
    "mlm": {"errors": "mlm"},
    "mlr": {"errors": "mlr"},
    "mlrmean": {"errors": "mlr"},
    "fiml": {"missing": "fiml"},
    "fimlblk": {"missing": "fiml"},
    "fimlmlr": {"missing": "fiml", "errors": "mlr"},
    "weights": {"errors": "mlr"},
    "cluster": {"errors": "mlr"},
    "clustw": {"errors": "mlr"},
    "dwlscont": {"estimator": "dwls"},
    "wlsmv": {"estimator": "dwls", "errors": "mlr"},
    "wlsmv5": {"estimator": "dwls", "errors": "mlr"},
}
FROM_MOMENTS = [f"{name} 250" for name in ("ml", "ml_obs", "ml_wish", "ml_stdlv", "mlmean")]
MEASURES = {
    "chi-square": "chisq",
    "degrees of freedom": "df",
    "baseline chi-square": "baseline.chisq",
    "baseline degrees of freedom": "baseline.df",
    "CFI": "cfi",
    "TLI": "tli",
    "NFI": "nfi",
    "RMSEA": "rmsea",
    "SRMR": "srmr",
    "GFI": "gfi",
    "log-likelihood": "logl",
    "AIC": "aic",
    "BIC": "bic",
    "free parameters": "npar",
    "respondents": "ntotal",
}
DESIGN = {
    "weights": {"weight": "w"},
    "cluster": {"cluster": "cluster"},
    "clustw": {"weight": "w", "cluster": "cluster"},
}


def close(case: str) -> float:
    """Return the tolerance: lavaan stops at about 1e-5, with missing answers earlier."""
    return 1e-4 if case.startswith("fiml") else 3e-5


def answers(name: str, n: str) -> pd.DataFrame:
    ending = {"fiml": "_miss10", "fimlmlr": "_miss10", "fimlblk": "_missblock"}.get(name, "")
    path = SHARED / f"ecsi_n{n}{ending}.csv"
    if not path.exists():
        pytest.skip(f"the answers behind the reference, {path.name}, are not on this machine")
    frame = pd.read_csv(path)
    if name == "wlsmv5":
        frame[ITEMS] = np.digitize(frame[ITEMS], [4, 6, 7, 8], right=True) + 1
    return frame


def survey(frame: pd.DataFrame, design: dict[str, str]) -> Survey:
    items = "".join(f'[[items]]\nname = "{item}"\n' for item in ITEMS)
    columns = "".join(f'{key} = "{column}"\n' for key, column in design.items())
    text = f'title = "t"\n[defaults]\nlow = 1\nhigh = 10\n{items}[design]\n{columns}'
    return csi.read_survey(frame, codebook_from_text(text))


def moments() -> Moments:
    given, p = REFERENCE["moments"], len(ITEMS)
    cov = np.zeros((p, p))
    cov[np.tril_indices(p)] = given["cov"]
    n = np.array(given["n"])
    return Moments(
        items=tuple(ITEMS),
        mean=np.array(given["mean"]),
        cov=cov + np.tril(cov, -1).T,
        n=n,
        sum_weights=n.astype(float),
        n_effective=n.astype(float),
        answers=np.full(p, n),
        missing="complete",
    )


@cache
def fitted(case: str) -> sem.Fit:
    """Fit a case as a user does: text, data, options."""
    name, n = case.split()
    text = sem.model_from_text(
        TEXT,
        means=name in ("mlmean", "mlrmean", "cluster", "clustw"),
        identification="standardised" if name == "ml_stdlv" else "marker",
    )
    data: Any = moments()
    if case not in FROM_MOMENTS:
        data = answers(name, n)
        data = survey(data, DESIGN[name]) if name in DESIGN else data
    ordinal = ITEMS if name.startswith("wlsmv") else ()
    return sem.fit(text, data, sem.Options(**OPTIONS[name]), ordinal=ordinal)


@pytest.mark.parametrize("case", CASES)
def test_parameters_equal_lavaan(case: str) -> None:
    table = sem.parameters(fitted(case))
    mine = {(row.lhs, row.op, row.rhs): row for row in table[table["free"]].itertuples()}
    theirs = {tuple(row[:3]): row[3:] for row in CASES[case]["parameters"]}
    extra = {key for key in mine if key[1] != "~1"} - set(theirs)
    ordinal = case.startswith("wlsmv")  # residual variances follow from the scale there
    assert extra == ({(item, "~~", item) for item in ITEMS} if ordinal else set())
    for key, (estimate, error, standardised) in theirs.items():
        row = mine[key]
        assert row.estimate == pytest.approx(estimate, rel=close(case), abs=close(case)), key
        assert row.se == pytest.approx(error, rel=close(case)), key
        assert row.standardised == pytest.approx(standardised, abs=close(case)), key


@pytest.mark.parametrize("case", CASES)
def test_measures_equal_lavaan(case: str) -> None:
    """But for definitions that the tests below look at one by one."""
    name = case.split()[0]
    table, theirs = sem.measures(fitted(case)).set_index("measure"), CASES[case]["fit"]
    left = {"log-likelihood", "AIC", "BIC"} if name == "ml_wish" else set[str]()
    left |= {"GFI"} if name.startswith(("wlsmv", "dwls", "fiml")) else set()
    shown = [measure for measure in MEASURES if MEASURES[measure] in theirs]
    for measure in shown:
        if measure not in left:
            expected = pytest.approx(theirs[MEASURES[measure]], rel=1e-6, abs=close(case))
            assert table.loc[measure, "value"] == expected, measure
    rmsea = table.loc["RMSEA", ["lower", "upper", "p_value"]].to_list()
    given = [theirs[key] for key in ("rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue")]
    assert rmsea == pytest.approx(given, abs=close(case))


@pytest.mark.parametrize("case", [case for case in CASES if "chisq.scaled" in CASES[case]["fit"]])
def test_robust_measures_equal_lavaan(case: str) -> None:
    """WLSMV: lavaan's ``scaled`` ones, of the scaled and shifted statistics."""
    table, theirs = sem.measures(fitted(case)).set_index("measure"), CASES[case]["fit"]
    names = {"chi-square": "chisq.scaled", "baseline chi-square": "baseline.chisq.scaled"}
    for measure, key in names.items():
        assert table.loc[measure, "robust"] == pytest.approx(theirs[key], rel=1e-6)
    ending = "scaled" if case.startswith("wlsmv") else "robust"
    for measure in ("CFI", "TLI", "RMSEA"):
        found = table.loc[measure, "robust"]
        if case.startswith("fiml"):  # their correction needs the pattern of missing answers
            assert np.isnan(found)
        else:
            assert found == pytest.approx(theirs[f"{measure.lower()}.{ending}"], abs=3e-5)


def test_wishart_likelihood_counts_from_the_likelihood_of_the_answers() -> None:
    """lavaan puts covariances of divisor n - 1 into the normal likelihood: p / 2 less."""
    fit = fitted("ml_wish 250")
    given, at = moments(), fit.implied
    n, p = int(given.n), len(ITEMS)
    root = np.linalg.cholesky(given.cov)
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(n, p))
    raw -= raw.mean(axis=0)
    rows = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / n)).T @ root.T + given.mean
    np.testing.assert_allclose(np.cov(rows, rowvar=False, ddof=0), given.cov, atol=1e-10)
    density = multivariate_normal(given.mean, at.cov[0, 0]).logpdf(rows).sum()
    assert fit.loglikelihood == pytest.approx(density, abs=1e-6)
    assert fit.loglikelihood - CASES["ml_wish 250"]["fit"]["logl"] == pytest.approx(p / 2, abs=1e-5)


def test_observed_and_expected_information_differ_in_errors_alone() -> None:
    expected, observed = fitted("ml 250"), fitted("ml_obs 250")
    np.testing.assert_array_equal(expected.values, observed.values)
    assert np.abs(expected.errors / observed.errors - 1).max() > 1e-2


def test_answers_and_their_moments_give_the_same_fit() -> None:
    of_moments = fitted("ml 250")
    of_answers = sem.fit(TEXT, answers("ml", "250"))
    np.testing.assert_allclose(of_answers.values, of_moments.values, atol=1e-8)
    np.testing.assert_allclose(of_answers.errors, of_moments.errors, rtol=1e-8)


def test_a_satisfaction_model_is_its_text() -> None:
    constructs = [
        csi.reflective(name, [f"{name}{k + 1}" for k in range(n)]) for name, n in BLOCKS.items()
    ]
    arrows = [
        csi.paths("IMAG", to=["EXPE", "SAT", "LOY"]),
        csi.paths("EXPE", to=["QUAL", "VAL", "SAT"]),
        csi.paths("QUAL", to=["VAL", "SAT"]),
        csi.path("VAL", "SAT"),
        csi.path("SAT", "LOY"),
    ]
    fit = sem.fit(csi.Model(constructs, arrows, "SAT"), moments())
    table = sem.parameters(fit).set_index(["lhs", "op", "rhs"])["estimate"]
    other = sem.parameters(fitted("ml 250")).set_index(["lhs", "op", "rhs"])["estimate"]
    pd.testing.assert_series_equal(table.sort_index(), other.sort_index(), rtol=1e-9)


def test_errors_of_standardised_values_equal_lavaan() -> None:
    table = sem.parameters(fitted("ml 250")).set_index(["lhs", "op", "rhs"])["standardised_se"]
    given = REFERENCE["standardised_errors"]["rows"]
    assert len(table) == len(given)
    for lhs, op, rhs, error in given:
        assert table[lhs, op, rhs] == pytest.approx(error, abs=1e-6), (lhs, op, rhs)


def test_modification_indices_equal_lavaan() -> None:
    """Among them paths that the model leaves out, in both directions.

    They take the slope of the discrepancy as zero where lavaan stopped, at about 1e-5 of it.
    """
    table = sem.modification_indices(fitted("ml 250"))
    assert len(table) == REFERENCE["modification"]["count"]
    mine = {
        (op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs))): (index, change)
        for lhs, op, rhs, index, change in table[
            ["lhs", "op", "rhs", "index", "expected_change"]
        ].itertuples(index=False)
    }
    for lhs, op, rhs, index, change in REFERENCE["modification"]["rows"]:
        found = mine[(op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)))]
        assert found == pytest.approx((index, change), rel=2e-4, abs=3e-4), (lhs, op, rhs)
