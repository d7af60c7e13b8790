"""Levels of invariance: lavaan's difference and score tests, planted departures, words, faults."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import csi
from csi.errors import EstimationError, ModelError
from csi.estimate.covariance import sem
from csi.estimate.covariance.verdicts import Measured, form_verdict, level_verdict
from csi.model.sem.values import Parameter
from csi.survey.codebook_file import codebook_from_text
from tests.estimate.covariance.groups_cases import (
    SMALL,
    TEXT,
    answers,
    cases,
    fitted,
    model,
    three_years,
)

SCALED = {"ML": "standard", "MLM": "mlm", "MLR": "mlr"}


@pytest.mark.parametrize("n", [250, 2000])
@pytest.mark.parametrize("estimator", list(SCALED))
def test_differences_of_levels_are_those_of_lavaan(estimator: str, n: int) -> None:
    """The observed information is the exception: see the next test."""
    options = sem.Options(errors=SCALED[estimator])  # type: ignore[arg-type]
    found = sem.invariance(TEXT, answers(n), by="group", options=options).table()
    known = cases(n)["ladder"][estimator]
    for row, (statistic, freedom, p_value) in zip(range(1, 4), known, strict=True):
        assert found["difference_df"][row] == freedom
        if estimator == "MLR" and row == 2:
            continue
        assert found["difference"][row] == pytest.approx(statistic, rel=2e-5)
        assert found["difference_p"][row] == pytest.approx(p_value, rel=2e-4)
    if estimator == "ML":
        strict = cases(n)["strict"]
        for column, name in (("chi_square", "chisq"), ("cfi", "cfi"), ("bic", "bic")):
            assert found[column][3] == pytest.approx(strict[name], rel=1e-8)
        assert found["srmr"][3] == pytest.approx(strict["srmr"], abs=1e-6)


@pytest.mark.parametrize("n", [250, 2000])
def test_robust_difference_of_intercepts_in_the_parameters_of_lavaan(n: int) -> None:
    """Away from the minimum an observed information depends on how the model is written.

    The scaling of 2010 takes it at the restricted solution. With construct means free in B and
    the markers' intercepts equal, metric invariance is the same model, and lavaan's number comes.
    """
    options = sem.Options(errors="mlr")
    metric = model("metric")
    markers = {f"{name}1" for name in metric.constructs}
    parameters = [
        replace(p, label=f"same.{p.lhs}") if p.op == "~1" and p.lhs in markers else p
        for p in metric.parameters
        if not (p.op == "~1" and p.lhs in metric.constructs)
    ]
    parameters += [Parameter(name, "~1", "", 1) for name in metric.constructs]
    written = sem.fit(
        replace(metric, parameters=tuple(parameters)), answers(n), options, by="group"
    )
    plain = sem.fit(metric, answers(n), options, by="group")
    for name in ("standard", "yuan-bentler"):  # the same model at its minimum
        assert written.tests[name].statistic == pytest.approx(plain.tests[name].statistic, rel=1e-7)
    scalar = sem.fit(model("scalar"), answers(n), options, by="group")
    statistic, freedom, p_value = cases(n)["parallel"]
    found = sem.difference_test(scalar, written)
    assert found.freedom == freedom
    assert found.statistic == pytest.approx(statistic, rel=2e-5)
    assert found.p_value == pytest.approx(p_value, rel=2e-4)


@pytest.mark.parametrize("n", [250, 2000])
def test_score_tests_of_equalities_are_those_of_lavaan(n: int) -> None:
    found = sem.release_tests(fitted("scalar", n)).set_index("parameter")
    known = cases(n)["score"]
    assert set(found.index) == set(known)
    assert (found["df"] == 1).all()
    for name, statistic in known.items():  # lavaan's stop moves small ones
        assert found["chi_square"][name] == pytest.approx(statistic, rel=1e-4, abs=2e-4)


@pytest.mark.parametrize("n", [250, 2000])
def test_score_tests_of_three_groups_release_both_equalities(n: int) -> None:
    frame = answers(n).assign(third=lambda f: np.array(["x", "y", "z"])[np.arange(len(f)) % 3])
    found = sem.invariance(TEXT, frame, by="third", levels=["scalar"])
    assert found.fit("scalar").tests["standard"].statistic == pytest.approx(
        cases(n)["thirds"]["chisq"], rel=1e-8
    )
    table = found.releases("scalar").set_index("parameter")
    assert (table["df"] == 2).all()
    for name, statistic in cases(n)["thirds"]["score"].items():
        assert table["chi_square"][name] == pytest.approx(statistic, rel=1e-4, abs=5e-4)


@pytest.mark.parametrize(
    "options",
    [
        sem.Options(),
        sem.Options(estimator="gls"),
        sem.Options(likelihood="wishart"),
        sem.Options(missing="fiml"),
        sem.Options(estimator="uls"),
    ],
    ids=["ml", "gls", "wishart", "fiml", "uls"],
)
def test_a_score_test_foretells_what_releasing_does(options: sem.Options) -> None:
    """Small departures: fall of chi-square, and the change, are those of the fit without it."""
    frame = three_years(bias=0.2, seed=2)
    if options.missing == "fiml":
        gaps = np.random.default_rng(3).random((len(frame), 7)) < 0.1
        frame[frame.columns[:7]] = frame[frame.columns[:7]].mask(gaps)
    held = sem.invariance(SMALL, frame, by="year", levels=["scalar"], options=options)
    first = held.releases("scalar").iloc[0]
    assert first[["parameter", "part", "group"]].tolist() == ["a3 ~1", "intercepts", "2025"]
    freed = sem.invariance(
        SMALL, frame, by="year", levels=["scalar"], options=options, free="a3 ~1"
    )
    fall = held.steps[0].measured.chi_square - freed.steps[0].measured.chi_square
    assert first["df"] == held.steps[0].measured.freedom - freed.steps[0].measured.freedom == 2
    close = 0.08 if options.estimator == "uls" else 0.04  # its test is another: of residuals
    assert first["chi_square"] == pytest.approx(fall, rel=close)
    table = sem.parameters(freed.fit("scalar")).query("lhs == 'a3' and op == '~1'")
    now = dict(zip(table["group"], table["estimate"], strict=True))
    apart = now["2025"] - (now["2023"] + now["2024"]) / 2.0
    assert first["expected_change"] == pytest.approx(apart, rel=0.1)


def test_robust_score_tests_keep_their_level_with_heavy_tails() -> None:
    """Errors of a3 with a kurtosis that differs: plain tests are off, robust ones are not."""
    rng = np.random.default_rng(11)
    statistics: dict[str, list[float]] = {"standard": [], "mlr": []}
    for _ in range(60):
        factor = rng.standard_normal(1200)
        heavy = rng.standard_normal((1200, 5)) * np.sqrt(4.0 / rng.chisquare(4.5, (1200, 1)))
        names = [f"a{k}" for k in range(1, 6)]
        frame = pd.DataFrame(factor[:, None] * np.sqrt(heavy[:, :1] ** 2 + 0.2) + heavy,
                             columns=names)  # fmt: skip
        frame["year"] = np.repeat(["1", "2"], 600)
        for errors, own in statistics.items():
            options = sem.Options(errors=errors)  # type: ignore[arg-type]
            text = "A =~ a1 + a2 + a3 + a4 + a5"
            held = sem.invariance(text, frame, by="year", levels=["metric"], options=options)
            table = held.releases("metric").set_index("parameter")
            own.append(table["chi_square"]["A =~ a3"])
    mean = {errors: float(np.mean(own)) for errors, own in statistics.items()}
    assert mean["standard"] > 1.6  # should be 1, its standard error is 0.18
    assert mean["mlr"] < 1.45


def test_partial_invariance_is_found_in_two_steps() -> None:
    """A biased item in one year and a weak one in another; what is planted is what is named."""
    frame = three_years(1500, bias=0.5, weak=0.4)
    plain = sem.invariance(SMALL, frame, by="year")
    assert plain.reached == "configural"
    assert plain.steps[1].verdict.endswith("release B =~ b2 first")
    first = plain.releases("metric").iloc[0]
    assert first["parameter"] == "B =~ b2"
    assert first["group"] == "2024"
    second = sem.invariance(SMALL, frame, by="year", free=["B =~ b2"])
    assert second.steps[1].verdict == "holds"
    assert "release a3 ~1 first" in second.steps[2].verdict
    found = second.releases("scalar").iloc[0]
    assert found["group"] == "2025"
    assert found["expected_change"] == pytest.approx(0.5, abs=0.1)
    both = sem.invariance(SMALL, frame, by="year", free=["B =~ b2", "a3 ~1", "b2 ~1"])
    assert [step.holds for step in both.steps[:3]] == [True] * 3
    assert both.reached in ("scalar", "strict")
    assert "free: B =~ b2, a3 ~1, b2 ~1" in repr(both)


def test_equal_groups_hold_at_all_levels() -> None:
    found = sem.invariance(SMALL, three_years(), by="year")
    assert found.reached == "strict"
    assert found.groups == ("2023", "2024", "2025")
    table = found.table()
    assert table["level"].tolist() == ["configural", "metric", "scalar", "strict"]
    assert (np.diff(table["df"]) == [10, 10, 14]).all()
    changes = np.diff(table["chi_square"])
    np.testing.assert_allclose(table["difference"][1:], changes)
    assert (table["difference_p"][1:] > 0.001).all()
    pd.testing.assert_frame_equal(table, found.table())


def test_models_of_one_group_and_respondents_without_one() -> None:
    """Text and a model of one group are the same; rows without a year are in no group."""
    frame = three_years()
    lost = frame.head(40).assign(year=None)
    one = sem.model_from_text(SMALL)
    first = sem.invariance(SMALL, frame, by="year", levels="metric")
    second = sem.invariance(one, pd.concat([frame, lost]), by="year", levels=["metric"])
    assert second.groups == first.groups
    pd.testing.assert_frame_equal(first.table(), second.table())


def measured(cfi: float, rmsea: float, srmr: float, *, converged: bool = True) -> Measured:
    return Measured(100.0, 80.0, 0.06, cfi, rmsea, srmr, 1e4, converged)


@pytest.mark.parametrize(
    ("own", "loadings", "holds", "words"),
    [
        (measured(0.970, 0.040, 0.030), True, True, "holds"),
        (measured(0.961, 0.054, 0.059), True, True, "holds"),
        (measured(0.961, 0.040, 0.041), False, False, "doubtful: SRMR rises by 0.011"),
        (measured(0.965, 0.056, 0.030), True, False, "doubtful: RMSEA rises by 0.016"),
        (measured(0.958, 0.050, 0.031), False, False, "fails: CFI falls by 0.012"),
        (measured(0.95, 0.06, 0.07), True, False,
         "fails: CFI falls by 0.020, RMSEA rises by 0.020, SRMR rises by 0.040"),
        (measured(0.97, 0.04, 0.03, converged=False), True, False, "no fit: look at the model"),
    ],
)  # fmt: skip
def test_verdicts_follow_the_rules(own: Measured, loadings: bool, holds: bool, words: str) -> None:
    before = measured(0.970, 0.040, 0.030)
    assert level_verdict(own, before, None, loadings=loadings) == (holds, words)


def test_the_form_has_to_fit_first() -> None:
    assert form_verdict(measured(0.90, 0.08, 0.08)) == (True, "fits")
    holds, words = form_verdict(measured(0.85, 0.09, 0.09))
    assert not holds
    for part in ("CFI 0.850 is below 0.90", "RMSEA 0.090 is above 0.08", "SRMR 0.090"):
        assert part in words
    one = "A =~ a1 + a2 + a3 + a4 + b1 + b2 + b3"
    found = sem.invariance(one, three_years(), by="year", levels=["configural", "metric"])
    assert found.reached == ""
    assert "no level holds" in repr(found)


def test_faults_are_told_by_name_and_at_once() -> None:
    frame = three_years()
    with pytest.raises(EstimationError) as caught:
        sem.invariance(SMALL, frame, by="yaer", levels=["metrik"])  # type: ignore[list-item]
    said = str(caught.value)
    assert "did you mean year" in said
    assert "did you mean metric" in said
    few = pd.concat([frame[frame["year"] != "2024"], frame[frame["year"] == "2024"].head(5),
                     frame.head(4).assign(year="2022")])  # fmt: skip
    with pytest.raises(EstimationError) as caught:
        sem.invariance(SMALL, few, by="year")
    assert [fault.where for fault in caught.value.faults] == ["group 2022", "group 2024"]
    with pytest.raises(EstimationError, match="fewer than two groups"):
        sem.invariance(SMALL, frame[frame["year"] == "2024"], by="year")
    with pytest.raises(ModelError, match="did you mean a3 ~1"):
        sem.invariance(SMALL, frame, by="year", free=["a33 ~1"])
    with pytest.raises(EstimationError, match="equal thresholds are not supported"):
        sem.invariance(SMALL, frame, by="year", options=sem.Options(estimator="dwls"))
    with pytest.raises(EstimationError, match="was not fitted"):
        sem.invariance(SMALL, frame, by="year", levels=["metric"]).fit("scalar")


def test_score_tests_need_equalities_of_several_groups() -> None:
    frame = three_years()
    with pytest.raises(EstimationError, match="one group"):
        sem.release_tests(sem.fit(SMALL, frame))
    free = sem.invariance(SMALL, frame, by="year", levels=["configural"])
    assert not len(free.releases("configural"))


def test_a_single_item_cannot_be_released() -> None:
    """Its intercept and the mean of its construct are one: NaN, not a number out of rounding."""
    found = sem.invariance("A =~ a1 + a2 + a3\nB =~ b1\nb1 ~~ 0*b1\nB ~ A", three_years(),
                           by="year", levels=["scalar"])  # fmt: skip
    table = found.releases("scalar").set_index("parameter")
    assert np.isnan(table["chi_square"]["b1 ~1"])
    assert np.isnan(table["expected_change"]["b1 ~1"])
    assert np.isfinite(table["chi_square"]["a2 ~1"])


def test_robust_score_tests_know_clusters() -> None:
    """Everybody twice, with the two as one cluster: as if everybody had answered once.

    Scores of both add up; the variance between c clusters has the factor c / (c - 1) and is about
    their mean, that of single respondents about zero, so that T becomes T / (1 - T / c).
    """
    frame = three_years(200, bias=0.3)
    twice = pd.concat([frame, frame], ignore_index=True)
    twice["person"] = np.tile(np.arange(len(frame)), 2)
    items = "".join(f'[[items]]\nname = "{item}"\n' for item in frame.columns[:7])
    text = (
        'title = "t"\ntime = {name = "year", column = "year"}\n[defaults]\nlow = -20\nhigh = 40\n'
        f'{items}[design]\ncluster = "person"\n'
    )
    survey = csi.read_survey(twice, codebook_from_text(text))
    options = sem.Options(errors="mlr")
    once = sem.invariance(SMALL, frame, by="year", levels=["scalar"], options=options)
    both = sem.invariance(SMALL, survey, by="year", levels=["scalar"], options=options)
    first, second = (found.releases("scalar").set_index("parameter") for found in (once, both))
    c = len(frame)
    for name in first.index:
        plain = first["chi_square"][name]
        known = plain / (1.0 - plain / c) * (c - 1) / c
        assert second["chi_square"][name] == pytest.approx(known, rel=1e-6, abs=1e-8)
    np.testing.assert_allclose(
        first["expected_change"], second["expected_change"][first.index], rtol=1e-5, atol=1e-8
    )
