"""Fits of several groups from data to measures of fit: the numbers of lavaan come back."""

import numpy as np
import pytest

from csi.estimate.covariance import sem
from tests.estimate.covariance.groups_cases import LEVELS, answers, cases, fitted, model

LAVAAN_STOPS = {250: 1e-4, 2000: 3e-5}
"""Its optimiser ends earlier with 164 parameters and 98 respondents in a group."""

MEASURES = {
    "chi-square": "chisq",
    "degrees of freedom": "df",
    "baseline chi-square": "baseline.chisq",
    "baseline degrees of freedom": "baseline.df",
    "CFI": "cfi",
    "TLI": "tli",
    "RMSEA": "rmsea",
    "SRMR": "srmr",
    "GFI": "gfi",
    "log-likelihood": "logl",
    "AIC": "aic",
    "BIC": "bic",
    "free parameters": "npar",
}
ROBUST = {
    "chi-square": "chisq.scaled",
    "baseline chi-square": "baseline.chisq.scaled",
    "CFI": "cfi.robust",
    "TLI": "tli.robust",
    "RMSEA": "rmsea.robust",
}


def same_parameters(fit: sem.Fit, rows: list, n: int) -> None:
    """Check estimates and errors."""
    found = {(p.name, fit.placed.model.groups[p.group]): k for k, p in enumerate(fit.placed.free)}
    assert set(found) == {(name, group) for name, group, *_ in rows}
    at = [found[name, group] for name, group, *_ in rows]
    known = np.array([row[2:] for row in rows])
    np.testing.assert_allclose(fit.values[at], known[:, 0], atol=LAVAAN_STOPS[n], rtol=0)
    np.testing.assert_allclose(fit.errors[at], known[:, 1], atol=LAVAAN_STOPS[n], rtol=0)


@pytest.mark.parametrize("n", [250, 2000])
@pytest.mark.parametrize("case", ["config", "metric", "scalar"])
def test_maximum_likelihood(case: str, n: int) -> None:
    fit, known = fitted(LEVELS[case], n), cases(n)["cases"][case]
    assert fit.converged
    assert fit.ended == ()
    same_parameters(fit, known["parameters"], n)
    table = sem.measures(fit).set_index("measure")
    for name, theirs in MEASURES.items():
        assert table.loc[name, "value"] == pytest.approx(known["fit"][theirs], abs=1e-6, rel=1e-8)
    close = table.loc["RMSEA"]
    assert close["lower"] == pytest.approx(known["fit"]["rmsea.ci.lower"], abs=1e-6)
    assert close["upper"] == pytest.approx(known["fit"]["rmsea.ci.upper"], abs=1e-6)
    assert close["p_value"] == pytest.approx(known["fit"]["rmsea.pvalue"], abs=1e-5)


@pytest.mark.parametrize("n", [250, 2000])
@pytest.mark.parametrize("case", ["config", "metric", "scalar"])
def test_the_likelihood_is_not_below_that_of_lavaan(case: str, n: int) -> None:
    """Where estimates differ by more than 3e-5 it is lavaan that stopped early."""
    known = cases(n)["cases"][case]["fit"]
    statistic = fitted(LEVELS[case], n).tests["standard"].statistic
    assert statistic <= known["chisq"] + 1e-8 * known["chisq"]


@pytest.mark.parametrize("n", [250, 2000])
def test_robust_errors_and_tests(n: int) -> None:
    known = cases(n)["cases"]["scalar_mlr"]
    fit = sem.fit(model("scalar"), answers(n), sem.Options(errors="mlr"), by="group")
    same_parameters(fit, known["parameters"], n)
    table = sem.measures(fit).set_index("measure")
    for name, theirs in ROBUST.items():  # scaling factors move with lavaan's stop
        assert table.loc[name, "robust"] == pytest.approx(known["fit"][theirs], abs=2e-6, rel=5e-7)
    scaling = fit.tests["yuan-bentler"].scaling
    assert scaling == pytest.approx(known["fit"]["chisq.scaling.factor"], rel=5e-7)


@pytest.mark.parametrize("n", [250, 2000])
def test_respondents_and_their_moments_give_the_same_fit(n: int) -> None:
    rows = sem.fit(model("scalar"), answers(n), by="group")
    np.testing.assert_allclose(rows.values, fitted("scalar", n).values, atol=1e-6)
    np.testing.assert_allclose(rows.errors, fitted("scalar", n).errors, atol=1e-6)
