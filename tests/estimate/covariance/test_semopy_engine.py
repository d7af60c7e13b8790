"""semopy behind csi's contract: the same estimates where it is trusted, a refusal elsewhere."""

import logging
import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.errors import EstimationError, OptionError
from csi.estimate.covariance.as_fit import fit_ml
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.layout import place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import GroupRows, SemFit
from csi.estimate.covariance.sample import sample_of
from csi.estimate.covariance.semopy_engine import semopy_scored, semopy_solve, semopy_text
from csi.model.catalogue import load
from csi.model.sem.build import sem_of
from csi.model.sem.values import Equality, Parameter, SemModel
from csi.moments.replicates import replicate_moments
from csi.simulation import simulate
from csi.survey import read_survey

CLOSE = 2e-5
"""semopy stops at a change of 1e-14 in the discrepancy, which leaves about 1e-6 in estimates."""
SEMOPY = SemOptions(engine="semopy")

DEMOCRACY = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
"""
ABILITY = """
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
"""


def written(text: str) -> SemModel:
    """The model of a text of plain terms, first loadings fixed at 1, all variances free."""
    parameters, constructs, items = [], [], []
    for line in filter(None, text.splitlines()):
        op = next(op for op in ("=~", "~~", "~") if op in line)
        left, right = (part.strip() for part in line.split(op))
        for k, term in enumerate(right.split(" + ")):
            marker = op == "=~" and not k and left not in constructs
            parameters.append(Parameter(left, op, term, fixed=1.0 if marker else None))
            if op == "=~":
                constructs.append(left)
                items.append(term)
    constructs = list(dict.fromkeys(constructs))
    sources = [p.rhs for p in parameters if p.op == "~"]
    items = list(dict.fromkeys(name for name in [*items, *sources] if name not in constructs))
    parameters += [Parameter(name, "~~", name) for name in [*constructs, *items]]
    caused = {p.lhs for p in parameters if p.op == "~"}
    caused |= {p.rhs for p in parameters if p.op == "=~" and p.rhs in constructs}
    exogenous = [name for name in constructs if name not in caused]
    parameters += [
        Parameter(a, "~~", b) for k, a in enumerate(exogenous) for b in exogenous[k + 1 :]
    ]
    return SemModel("written", tuple(constructs), tuple(items), tuple(parameters))


def example(name: str) -> pd.DataFrame:
    """A data set that semopy ships."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import semopy.examples
    return getattr(semopy.examples, name).get_data()


@pytest.fixture(scope="module")
def ecsi() -> tuple[SemModel, pd.DataFrame]:
    drawn = simulate(load("ecsi_mobile"), years=[2024], n=400, seed=7)
    model = sem_of(load("ecsi_mobile"))
    return model, drawn.answers[list(model.items)]


def both(model: SemModel, data: pd.DataFrame, **options: object) -> tuple[SemFit, SemFit]:
    return fit_sem(model, data, SemOptions(**options)), fit_sem(
        model, data, SemOptions(engine="semopy", **options)
    )


def agree(ours: SemFit, theirs: SemFit, close: float = CLOSE) -> None:
    assert ours.converged
    assert theirs.converged
    np.testing.assert_allclose(theirs.values, ours.values, atol=close, rtol=close)
    np.testing.assert_allclose(theirs.errors, ours.errors, atol=close, rtol=1e-4)
    assert theirs.tests["standard"].statistic == pytest.approx(
        ours.tests["standard"].statistic, abs=1e-6
    )


def test_the_european_model_has_the_same_estimates(ecsi):
    ours, theirs = both(*ecsi)
    agree(ours, theirs)
    assert not np.array_equal(ours.x, theirs.x)  # two engines were at work


@pytest.mark.parametrize("likelihood", ["normal", "wishart"])
def test_political_democracy(likelihood):
    agree(*both(written(DEMOCRACY), example("political_democracy"), likelihood=likelihood))


def test_political_democracy_has_the_chi_square_of_the_literature():
    fit = fit_sem(written(DEMOCRACY), example("political_democracy"), SEMOPY)
    # [bollen1989structural] and the tutorial of lavaan: 38.13 on 35 degrees of freedom
    assert fit.tests["standard"].statistic == pytest.approx(38.125, abs=1e-3)
    assert fit.freedom == 35


@pytest.mark.parametrize(
    "more",
    ["", "g =~ visual + textual + speed", "textual =~ x3", "x1 ~~ x4", "speed ~ visual"],
    ids=["factors", "second order", "cross-loading", "residual covariance", "path"],
)
def test_holzinger_swineford(more):
    agree(*both(written(ABILITY + more), example("holzinger39")))


def test_observed_causes_and_equal_labels():
    data = example("holzinger39")
    model = written("visual =~ x1 + x2 + x3\nvisual ~ x4 + x7\nx4 ~~ x7\n")
    agree(*both(model, data))
    equal = [
        replace(p, label="same") if p.name in ("visual =~ x2", "visual =~ x3") else p
        for p in model.parameters
    ]
    ours, theirs = both(replace(model, parameters=tuple(equal)), data)
    agree(ours, theirs)
    names = [p.name for p in theirs.placed.free]
    second, third = (names.index(f"visual =~ x{k}") for k in (2, 3))
    assert theirs.values[second] == theirs.values[third]


def test_standardised_constructs_and_starts_of_zero():
    """semopy's own starts of 0 for all loadings are a saddle that it would not leave."""
    parameters = tuple(
        replace(p, fixed=1.0 if p.op == "~~" and p.lhs == p.rhs and p.lhs[0] in "vts" else None)
        for p in written(ABILITY).parameters
    )
    agree(*both(replace(written(ABILITY), parameters=parameters), example("holzinger39")))


def test_negative_variances_are_found_and_kept_out_on_request():
    rng = np.random.default_rng(16)
    answers = 0.5 * rng.normal(size=(40, 1)) + rng.normal(size=(40, 4))
    data = pd.DataFrame(answers, columns=["a", "b", "c", "d"])
    model = written("F =~ a + b + c + d")
    ours, theirs = both(model, data)
    agree(ours, theirs)
    assert theirs.values.min() < -0.1
    sample = sample_of(model, data, SEMOPY)
    x, _ = semopy_solve(place(model), sample, SemOptions(engine="semopy", admissible=True))
    assert x.min() == pytest.approx(0.0, abs=1e-9)


def test_a_sample_without_a_minimum_is_not_converged():
    rng = np.random.default_rng(18)
    answers = 0.5 * rng.normal(size=(40, 1)) + rng.normal(size=(40, 4))
    data = pd.DataFrame(answers, columns=["a", "b", "c", "d"])
    fit = fit_sem(written("F =~ a + b + c + d"), data, SEMOPY)
    assert not fit.converged
    assert "not converged" in fit.ended[0]


def test_a_batch_is_fitted_member_by_member(ecsi):
    model, data = ecsi
    placed = place(model)
    targets = [
        sample_of(model, part, SEMOPY).target(SEMOPY) for part in (data[:200], data[200:], data)
    ]
    batch = type(targets[0])(
        *(np.concatenate([getattr(t, name) for t in targets]) for name in ("cov", "mean", "share"))
    )
    together = semopy_scored(placed, batch, SEMOPY)
    for k, target in enumerate(targets):
        alone = semopy_scored(placed, target, SEMOPY)
        np.testing.assert_array_equal(together.x[k], alone.x[0])
    assert together.converged.all()


def test_the_estimator_of_the_index_takes_the_engine_too():
    model = load("ecsi_mobile")
    drawn = simulate(model, years=[2024], n=300, seed=2)
    survey = read_survey(drawn.answers, drawn.codebook)
    moments = replicate_moments(survey, model, draws=3, seed=1, missing="complete")
    ours, theirs = fit_ml(model, moments), fit_ml(model, moments, SEMOPY)
    np.testing.assert_allclose(theirs.paths, ours.paths, atol=CLOSE)
    np.testing.assert_allclose(theirs.weights, ours.weights, atol=CLOSE)
    assert not np.array_equal(theirs.paths, ours.paths)


def test_what_semopy_gets_wrong_is_refused_at_once(ecsi):
    model, data = ecsi
    sample = sample_of(model, data, SEMOPY)
    doubtful = replace(
        model,
        means=True,
        ordinal=model.items[:2],
        equalities=(Equality("a", "2"),),
        parameters=(
            replace(model.parameters[1], label="a"),
            *(p for k, p in enumerate(model.parameters) if k != 1),
        ),
    )
    with pytest.raises(EstimationError) as told:
        semopy_solve(place(doubtful), sample, SemOptions(estimator="uls"))
    words = [fault.what for fault in told.value.faults]
    for part in ("by uls", "has means", model.items[1], "equalities beyond"):
        assert any(part in what for what in words), part
    assert {fault.fix for fault in told.value.faults} == {"use engine csi"}
    assert len(words) == 4


def test_groups_and_missing_answers_are_refused(ecsi):
    model, data = ecsi
    sample = sample_of(model, data, SEMOPY)
    two = sem_of(load("ecsi_mobile"), groups=("a", "b"))
    with pytest.raises(EstimationError, match="2 groups"):
        semopy_solve(place(two), sample, SEMOPY)
    rows = np.array(sample.rows[0].rows)
    rows[0, 0] = np.nan
    holes = GroupRows(
        rows, *(getattr(sample.rows[0], n) for n in ("weights", "strata", "clusters"))
    )
    with pytest.raises(EstimationError, match="missing answers"):
        semopy_solve(place(model), replace(sample, rows=(holes,)), SEMOPY)
    with pytest.raises(OptionError, match="semopy"):
        SemOptions(engine="semopy", missing="fiml")


def test_names_of_any_script_and_fixed_numbers_of_any_size():
    data = example("holzinger39").rename(columns={"x1": "质量 1", "x2": "a+b", "x3": "~"})
    parameters = (
        Parameter("满意度", "=~", "质量 1"),
        Parameter("满意度", "=~", "a+b"),
        Parameter("满意度", "=~", "~"),
        Parameter("满意度", "~~", "满意度", fixed=1.0),
        Parameter("质量 1", "~~", "质量 1"),
        Parameter("a+b", "~~", "a+b"),
        Parameter("~", "~~", "~"),
        Parameter("质量 1", "~~", "a+b", fixed=-1e-5),
    )
    model = SemModel("names", ("满意度",), ("质量 1", "a+b", "~"), parameters)
    assert "v0 ~~ -1e-05*v1" in semopy_text(place(model))
    # semopy takes a discrepancy below zero, as rounding leaves in a saturated model, for infinite
    agree(*both(model, data), close=1e-4)


def test_the_log_and_the_warnings_are_as_they_were(ecsi, capfd):
    root = logging.getLogger()
    before = list(root.handlers), root.manager.disable, list(warnings.filters)
    standardised = sem_of(load("ecsi_mobile"), identification="standardised")  # semopy complains
    fit_sem(standardised, ecsi[1], SEMOPY)
    assert (list(root.handlers), root.manager.disable, list(warnings.filters)) == before
    assert capfd.readouterr() == ("", "")


def test_semopy_keeps_no_model_alive(ecsi):
    fit_sem(*ecsi, SEMOPY)
    from semopy import Model

    assert not Model.dict_effects
    assert not Model.dict_operations


def test_a_broken_semopy_is_told(monkeypatch, ecsi):
    monkeypatch.setitem(sys.modules, "semopy", None)
    with pytest.raises(EstimationError, match="cannot be loaded") as told:
        fit_sem(*ecsi, SEMOPY)
    assert "use engine csi" in told.value.faults[0].fix


def test_semopy_is_only_loaded_where_it_is_asked_for():
    script = (
        "import sys; import csi.estimate.covariance.fit, csi.estimate.covariance.semopy_engine;"
        "sys.exit('semopy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
