"""Answers, models and options that no covariance fit can live with, and items in odd units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import ArrayLike

from csi.errors import EstimationError, OptionError
from csi.estimate.covariance import sem
from csi.estimate.covariance.options import SemOptions

TEXT = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\na1 ~~ b1"
ITEMS = ("a1", "a2", "a3", "b1", "b2", "b3")
EVERY = (
    {},
    {"errors": "mlr"},
    {"errors": "mlm"},
    {"missing": "fiml"},
    {"estimator": "gls"},
    {"estimator": "uls"},
    {"estimator": "dwls"},
)


def answers(n: int = 300, seed: int = 1) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    a = draw.normal(size=n)
    b = 0.6 * a + 0.8 * draw.normal(size=n)
    factor = np.column_stack([a, a, a, b, b, b])
    return pd.DataFrame(factor + 0.7 * draw.normal(size=(n, 6)), columns=list(ITEMS))


def told(data: pd.DataFrame, **options: object) -> list[str]:
    with pytest.raises(EstimationError) as caught:
        sem.fit(TEXT, data, SemOptions(**options))  # type: ignore[arg-type]
    return [f"{fault.where}: {fault.what}" for fault in caught.value.faults]


@pytest.mark.parametrize("options", EVERY)
def test_items_that_no_normal_distribution_has_are_named(options: dict[str, object]) -> None:
    data = answers()
    flat, same, sums = data.assign(a1=3.0), data.assign(a1=2 * data["a2"] - 1), data.copy()
    sums["a1"] = sums["a2"] + sums["a3"]
    assert told(flat, **options) == ["item a1: has the same answer everywhere, 3"]
    words = "items a1 and a2: give the same answers up to their scale"
    assert told(same, **options) == [words]
    assert told(sums, **options) == ["items a1, a2, a3: follow exactly from one another"]
    assert told(data.assign(a1=np.nan), **options) == ["item a1: has no answers"]


def test_equal_items_with_holes_are_named() -> None:
    data = answers().assign(a1=lambda table: -3.0 * table["b2"])
    holes = np.random.default_rng(2).random(data.shape) < 0.2
    words = "items a1 and b2: give the same answers up to their scale"
    assert told(data.mask(holes), missing="fiml") == [words]


def test_columns_that_are_no_answers_are_named_at_once() -> None:
    data = answers().astype({"b1": object})
    data.loc[3, "b1"] = "often"
    data = pd.concat([data, data[["a2"]]], axis=1)
    assert told(data) == ["item a2: is the name of 2 columns", "item b1: holds 'often', which is "
                          "no number"]  # fmt: skip
    infinite = answers()
    infinite.loc[0, ["a1", "b3"]] = np.inf
    found = [f"item {item}: has infinite answers" for item in ("a1", "b3")]
    assert told(infinite) == told(infinite, missing="fiml") == found


@pytest.mark.parametrize("options", EVERY)
@pytest.mark.parametrize("unit", [1e-6, 1e6, (1e3, 1.0, 1e-3, 10.0, 1.0, 0.1)])
def test_units_of_the_items_do_not_matter(options: dict[str, object], unit: ArrayLike) -> None:
    """Statistics, z values, standardised values and their errors; least squares without weights
    is another estimator for each ratio of the items' units."""
    if options.get("estimator") == "uls" and isinstance(unit, tuple):
        pytest.skip("unweighted least squares depends on the units by its definition")
    data = answers(400)
    if "missing" in options:
        data = data.mask(np.random.default_rng(1).random(data.shape) < 0.1)
    found = []
    for scale in (1.0, unit):
        fit = sem.fit(TEXT, data * np.asarray(scale), SemOptions(**options))  # type: ignore[arg-type]
        assert fit.converged
        table = sem.parameters(fit)
        columns = table[["z", "standardised", "standardised_se"]].to_numpy().ravel()
        found.append(np.append(columns, fit.tests["standard"].statistic))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-5, atol=1e-6)


def test_semopy_is_not_believed_where_it_stops_short() -> None:
    """In units of a million semopy stops before the minimum, and says that it converged."""
    fit = sem.fit(TEXT, answers(400) * 1e6, SemOptions(engine="semopy"))
    own = sem.fit(TEXT, answers(400) * 1e6)
    near = np.allclose(fit.values, own.values, rtol=1e-4)
    assert fit.converged == near
    assert own.converged


def test_models_at_the_edge() -> None:
    data = answers()
    one = sem.fit("A =~ a1", data)
    assert sem.measures(one).set_index("measure")["value"].isna()["CFI"]
    for options in (SemOptions(), SemOptions(missing="fiml"), SemOptions(errors="mlr")):
        pair = sem.fit("a1 ~~ a2", data, options)
        values = dict(zip([p.name for p in pair.placed.free], pair.values, strict=True))
        cov = np.cov(data[["a1", "a2"]].T, bias=True)
        assert values["a1 ~~ a2"] == pytest.approx(cov[0, 1], rel=1e-9)
        assert pair.freedom == 0
    both = sem.fit("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nA ~ B\nB ~ A", data)
    assert any("is not identified" in words for words in both.ended)
    with pytest.raises(EstimationError, match="has no errors"):
        sem.modification_indices(both)


def test_constructs_that_nobody_answered_together_have_no_test() -> None:
    data = answers()
    data.iloc[:150, :3] = np.nan
    data.iloc[150:, 3:] = np.nan
    fit = sem.fit("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3", data, SemOptions(missing="fiml"))
    assert any("nobody answered both a1 and b1" in words for words in fit.ended)
    assert any("A ~~ B is not identified" in words for words in fit.ended)
    table = sem.measures(fit).set_index("measure")["value"]
    assert table["respondents"] == 300
    assert not np.isfinite(table.get("CFI", np.nan))


def test_all_options_that_are_no_options_are_told() -> None:
    with pytest.raises(OptionError) as caught:
        SemOptions(tolerance="x", draws=2.5, seed=-1, admissible="yes")  # type: ignore[arg-type]
    told = [fault.where for fault in caught.value.faults]
    assert told == ["option tolerance", "option draws", "option seed", "option admissible"]
    assert SemOptions(tests="bollen-stine").tests == ("bollen-stine",)  # type: ignore[arg-type]


def test_least_squares_have_baselines_of_their_own_kind() -> None:
    """Generalised least squares of variances is linear; chi-square of residuals by dense weights.

    With lavaan 0.6-14 the comparative measures of GLS agree to 1e-4 where both divide by n - 1.
    """
    data = answers()
    cov, p = np.cov(data.T, bias=True), len(ITEMS)
    inverse = np.linalg.inv(cov)
    variances = np.linalg.solve(inverse**2, np.diag(inverse))
    gap = np.eye(p) - inverse @ np.diag(variances)
    fit = sem.fit(TEXT, data, SemOptions(estimator="gls"))
    base = fit.baseline["standard"]
    assert base.statistic == pytest.approx(len(data) * 0.5 * np.trace(gap @ gap), rel=1e-8)
    assert base.freedom == 15
    rows, cols = np.tril_indices(p)
    double = np.zeros((p * p, len(rows)))  # vec of a symmetric matrix from its lower triangle
    for k, (i, j) in enumerate(zip(rows, cols, strict=True)):
        double[i * p + j, k] = double[j * p + i, k] = 1.0
    weight = 0.5 * double.T @ np.kron(inverse, inverse) @ double
    away = np.where(rows == cols, 0.0, cov[rows, cols])
    own = np.eye(len(rows))[:, rows == cols]
    inner = weight - weight @ own @ np.linalg.solve(own.T @ weight @ own, own.T @ weight)
    fit = sem.fit(TEXT, data, SemOptions(estimator="uls"))
    expected = len(data) * away @ inner @ away
    assert fit.baseline["standard"].statistic == pytest.approx(expected, rel=1e-8)


def test_differences_of_fits_without_a_test_are_refused() -> None:
    data = answers()
    text = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\n"
    apart = sem.fit(text + "A ~~ 0*B", data)
    both = sem.fit(text + "A ~ B\nB ~ A", data)  # two paths, one covariance
    with pytest.raises(EstimationError, match=r"has no test: .*is not identified"):
        sem.difference_test(apart, both, "standard")
    holes = data.mask(np.random.default_rng(1).random(data.shape) < 0.1)
    options = SemOptions(missing="fiml", errors="mlr")
    fits = [sem.fit(text + more, holes, options) for more in ("A ~~ 0*B", "A ~~ B")]
    with pytest.raises(EstimationError, match="use satorra-bentler-2001"):
        sem.difference_test(*fits)
    assert sem.difference_test(*fits, "satorra-bentler-2001").statistic > 50
