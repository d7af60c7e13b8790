"""Errors and tests equal lavaan's: a small simulated survey, and the shared cases of 24 items."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.estimate.covariance.difference import difference_test
from csi.estimate.covariance.kernel import implied
from csi.estimate.covariance.layout import place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemFit
from csi.estimate.covariance.robust import errors_of
from csi.estimate.covariance.sample import sample_of
from csi.model.sem.values import Parameter, SemModel
from tests.estimate.covariance.errors_cases import fitted, model, reference, sampled, solved, survey

TOLERANCE = 3e-5
"""lavaan's optimiser stops at about 1e-5 in the estimates."""

EQUAL = 1e-4
"""With equal loadings lavaan stops earlier; at its own estimates errors agree to 1e-6: below."""

NAMES = {
    "standard": "standard",
    "satorra-bentler": "satorra.bentler",
    "yuan-bentler": "yuan.bentler.mplus",
    "mean-variance": "mean.var.adjusted",
    "scaled-shifted": "scaled.shifted",
}
FURTHER = ("mean-variance", "scaled-shifted")
GROUPS = {"means": True, "groups": ("A", "B"), "equal": True}
CASES = {
    "ml": ({}, {}, {}),
    "observed": ({}, {"information": "observed"}, {}),
    "wishart": ({}, {"likelihood": "wishart"}, {}),
    "ml_means": ({"means": True}, {}, {}),
    "mlm": ({}, {"errors": "mlm", "tests": FURTHER}, {}),
    "mlm_means": ({"means": True}, {"errors": "mlm", "tests": FURTHER}, {}),
    "mlr": ({}, {"errors": "mlr"}, {}),
    "mlr_means": ({"means": True}, {"errors": "mlr"}, {}),
    "weights": ({}, {"errors": "mlr"}, {"weights": True}),
    "clusters": ({"means": True}, {"errors": "mlr"}, {"clusters": True}),
    "both": ({"means": True}, {"errors": "mlr"}, {"weights": True, "clusters": True}),
    "groups_mlr": (GROUPS, {"errors": "mlr"}, {}),
    "groups_weights": (GROUPS, {"errors": "mlr"}, {"weights": True}),
    "groups_mlm": (GROUPS, {"errors": "mlm", "tests": FURTHER}, {}),
    "gls": ({}, {"estimator": "gls", "likelihood": "wishart"}, {}),
}


def same_numbers(fit: SemFit, case: dict, tolerance: float) -> None:
    """Check estimates, errors and all tests of a case."""
    found = {
        (p.name, p.group): (value, error)
        for p, value, error in zip(fit.placed.free, fit.values, fit.errors, strict=True)
    }
    expected = {(p["name"], p["group"]): (p["est"], p["se"]) for p in case["parameters"]}
    assert found.keys() == expected.keys()
    ours, theirs = np.array([[v[k] for k in expected] for v in (found, expected)])
    np.testing.assert_allclose(ours[:, 0], theirs[:, 0], atol=tolerance)
    np.testing.assert_allclose(ours[:, 1], theirs[:, 1], rtol=tolerance)
    for name, test in fit.tests.items():
        known = case["tests"][NAMES[name]]
        assert test.statistic == pytest.approx(known["statistic"], rel=tolerance)
        assert test.freedom == pytest.approx(known["df"], rel=tolerance)
        if known["scaling"] is not None:
            assert test.scaling == pytest.approx(known["scaling"], rel=tolerance)
        if known["shift"] is not None and name == "scaled-shifted":
            assert test.shift == pytest.approx(known["shift"], rel=tolerance)


def test_simulated_survey_is_the_one_lavaan_saw() -> None:
    """Random streams of NumPy may change; the numbers hold for these answers only."""
    assert survey()["q1"].mean() == pytest.approx(reference()["mean_q1"], rel=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_errors_and_tests_of_small_survey(case: str) -> None:
    """Estimates, errors and tests of every kind."""
    of, options, design = CASES[case]
    fit = fitted(model(**of), survey(), SemOptions(**options), **design)
    assert fit.ended == ()
    same_numbers(
        fit, reference()["cases"][case], TOLERANCE if fit.placed.layout.groups == 1 else EQUAL
    )


def test_unweighted_least_squares_has_robust_errors() -> None:
    """The scaled test is of ``2 N F``; the standard one of residuals, which lavaan has not."""
    options = SemOptions(estimator="uls", errors="mlm", likelihood="wishart")
    fit = fitted(model(), survey(), options)
    case = reference()["cases"]["uls"]
    known = {p["name"]: p["se"] for p in case["parameters"]}
    theirs = np.array([known[p.name] for p in fit.placed.free])
    np.testing.assert_allclose(fit.errors, theirs, rtol=TOLERANCE)
    found, expected = fit.tests["satorra-bentler"], case["tests"]["satorra.bentler"]
    assert found.scaling == pytest.approx(expected["scaling"], rel=TOLERANCE)
    assert found.statistic == pytest.approx(expected["statistic"], rel=TOLERANCE)


@pytest.mark.parametrize("errors", ["mlm", "mlr"])
@pytest.mark.parametrize("year", ["2001", "2010"])
def test_scaled_differences_of_nested_fits(errors: str, year: str) -> None:
    """A path left out and two loadings equal, against the model without these restrictions."""
    options = SemOptions(errors=errors)
    free, restricted = (fitted(model(less=less), survey(), options) for less in (False, True))
    found = difference_test(restricted, free, f"satorra-bentler-{year}")
    known = reference()["differences"][f"{errors} {year}"]
    # a small difference of two large statistics, each within lavaan's stopping error
    assert found.statistic == pytest.approx(known["statistic"], rel=1e-3)
    assert found.freedom == known["df"]


SHARED = Path(__file__).parents[4] / "shared" / "reference" / "lavaan"
LARGE = {
    "ml": ({}, {}),
    "ml_obs": ({"information": "observed"}, {}),
    "ml_wish": ({"likelihood": "wishart"}, {}),
    "ml_stdlv": ({}, {}),
    "mlmean": ({}, {}),
    "mlm": ({"errors": "mlm"}, {}),
    "mlr": ({"errors": "mlr"}, {}),
    "mlr_stdlv": ({"errors": "mlr"}, {}),
    "mlrmean": ({"errors": "mlr"}, {}),
    "weights": ({"errors": "mlr"}, {"weights": True}),
    "cluster": ({"errors": "mlr"}, {"clusters": True}),
    "clustw": ({"errors": "mlr"}, {"weights": True, "clusters": True}),
    "mg_metric": ({}, {}),
    "mg_scalar": ({}, {}),
    "mg_scalar_mlr": ({"errors": "mlr"}, {}),
}


def shared_case(case: str, n: int) -> tuple[dict, SemModel, pd.DataFrame]:
    """Read a case of the shared reference: numbers, model and answers."""
    path = SHARED / f"lavaan_{case}_n{n}.json"
    if not path.exists():
        pytest.skip(f"the shared reference {path.name} is not on this machine")
    known = json.loads(path.read_text())
    rows = [row for row in known["parameters"] if row["op"] in ("=~", "~", "~~", "~1")]
    several = len({row.get("group", 1) for row in rows}) > 1
    parameters = [
        Parameter(
            row["lhs"],
            row["op"],
            row["rhs"],
            row.get("group", 1) - 1,
            row["est"] if row["se"] == 0 else None,
            row.get("label", ""),
        )
        for row in rows
    ]
    loadings = [row for row in rows if row["op"] == "=~"]
    made = SemModel(
        case,
        tuple(dict.fromkeys(row["lhs"] for row in loadings)),
        tuple(dict.fromkeys(row["rhs"] for row in loadings)),
        tuple(parameters),
        groups=("A", "B") if several else ("",),
        means=known["options"]["meanstructure"],
    )
    known["free"] = [(row["est"], row["se"]) for row in rows if row["se"] != 0]
    frame = pd.read_csv(SHARED / f"ecsi_n{n}.csv")
    frame["stratum"] = 0
    frame["cluster"] = np.unique(frame["cluster"], return_inverse=True)[1]
    return known, made, frame


@pytest.mark.parametrize("n", [250, 2000])
@pytest.mark.parametrize("case", LARGE)
def test_errors_and_tests_of_shared_cases(case: str, n: int) -> None:
    """24 items, 58 to 128 parameters: at lavaan's own estimates, so that its stop plays no part."""
    known, made, frame = shared_case(case, n)
    choice, design = LARGE[case]
    options = SemOptions(**choice)
    sample = sample_of(made, frame, options, by="group")
    sample = sampled(sample, frame, made.groups, **design)
    placed = place(made)
    theirs = np.array(known["free"])
    at = np.linalg.lstsq(placed.layout.basis, theirs[:, 0] - placed.layout.offset, rcond=None)[0]
    vcov, tests, notes = errors_of(placed, at, sample, options)
    assert notes == ()
    np.testing.assert_allclose(np.sqrt(np.diag(vcov)), theirs[:, 1], rtol=1e-6)
    assert tests["standard"].statistic == pytest.approx(known["fit"]["chisq"], rel=1e-8)
    assert tests["standard"].freedom == known["fit"]["df"]
    assert tests["standard"].p_value == pytest.approx(known["fit"]["pvalue"], rel=1e-6)
    for name in set(tests) - {"standard"}:
        assert tests[name].statistic == pytest.approx(known["fit"]["chisq.scaled"], rel=1e-6)
        assert tests[name].scaling == pytest.approx(known["fit"]["chisq.scaling.factor"], rel=1e-6)


@pytest.mark.parametrize("case", ["mlr", "mlm", "clustw"])
def test_shared_cases_from_own_estimates(case: str) -> None:
    """The whole road: own minimum, within lavaan's stopping error."""
    known, made, frame = shared_case(case, 2000)
    choice, design = LARGE[case]
    options = SemOptions(**choice)
    sample = sampled(sample_of(made, frame, options), frame, made.groups, **design)
    placed = place(made)
    x = solved(placed, sample, options)
    vcov, _tests, _notes = errors_of(placed, x, sample, options)
    theirs = np.array(known["free"])
    values = placed.layout.offset + placed.layout.basis @ x
    np.testing.assert_allclose(values, theirs[:, 0], atol=TOLERANCE)
    np.testing.assert_allclose(np.sqrt(np.diag(vcov)), theirs[:, 1], rtol=TOLERANCE)


def test_equal_identifications_have_equal_tests() -> None:
    """Scaled tests do not depend on what gives constructs their scale."""
    frame, options = survey(), SemOptions(errors="mlr", tests=FURTHER)
    marked = model()
    free = tuple(
        replace(p, fixed=1.0 if p.op == "~~" and p.lhs in "QSL" else None)
        for p in marked.parameters
    )
    first = fitted(marked, frame, options)
    second = fitted(replace(marked, parameters=free), frame, options)
    for name, test in first.tests.items():
        assert second.tests[name].statistic == pytest.approx(test.statistic, rel=1e-6)
    one, two = (implied(fit.placed.layout, fit.x[None]).cov for fit in (first, second))
    np.testing.assert_allclose(one, two, atol=1e-5)
