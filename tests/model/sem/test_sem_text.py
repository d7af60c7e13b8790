"""Lavaan-style text: the parameters that lavaan itself reads, faults with lines, round trips."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csi.errors import ModelError
from csi.model import models
from csi.model.sem import Defined, Equality, Parameter, SemModel, sem_from_text, sem_of, sem_to_text

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "sem_tables.json").read_text("utf-8")
)


def key(lhs: str, op: str, rhs: str, group: int) -> tuple[str, ...]:
    first, second = sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)
    return first, op, second, str(group)


@pytest.mark.parametrize("case", REFERENCE["tables"], ids=lambda case: case["text"][:30])
def test_the_parameters_are_those_of_lavaan(case: dict) -> None:
    model = sem_from_text(
        case["text"],
        groups=("A", "B") if case["groups"] == 2 else ("",),
        means=case["means"],
        identification=case["identification"],
    )
    mine = {
        key(p.lhs, p.op, p.rhs, p.group + 1): (p.fixed, p.label)
        for p in model.parameters
        if p.op != "~1" or p.fixed != 0.0
    }
    # lavaan lists means of constructs fixed at 0; we need not
    theirs = {
        key(lhs, op, rhs, group): (fixed, label)
        for lhs, op, rhs, group, fixed, label in case["parameters"]
        if op != "~1" or fixed != 0.0
    }
    assert mine == theirs


@pytest.mark.parametrize("case", REFERENCE["tables"], ids=lambda case: case["text"][:30])
def test_a_model_survives_the_round_trip(case: dict) -> None:
    groups = ("2023", "no 'quotes' \"here\"") if case["groups"] == 2 else ("",)
    model = sem_from_text(case["text"], groups=groups, means=case["means"])
    assert sem_from_text(sem_to_text(model)) == model


def free(model: SemModel, name: str) -> Parameter:
    return next(p for p in model.parameters if p.name == name)


def test_modifiers_of_one_term_come_together() -> None:
    model = sem_from_text(
        "A =~ NA*lam*a1 + start(0.5)*lower(0)*a2 + upper(2)*a3 + u*a3 + equal('A =~ a2')*a4\n"
        "A ~~ 1*A\nlam > 0.1; lam < 3\n0 < 2*u\nlu := lam * u^2\nlam == 2*u - 1"
    )
    assert free(model, "A =~ a1") == Parameter("A", "=~", "a1", label="lam", lower=0.1, upper=3.0)
    assert free(model, "A =~ a3") == Parameter("A", "=~", "a3", label="u", lower=0.0, upper=2.0)
    two = free(model, "A =~ a2")
    assert (two.start, two.lower, two.label) == (0.5, 0.0, "loading.A.a2")
    assert free(model, "A =~ a4").label == two.label
    assert model.defined == (Defined("lu", "lam * u^2"),)
    assert model.equalities == (Equality("lam", "2*u - 1"),)


def test_equations_may_use_defined_and_fixed_labels() -> None:
    model = sem_from_text("A =~ a1 + x*a2 + y*a3 + 0.5*z*a4\nsum := x + y\nsum == 2*z")
    assert model.equalities == (Equality("(x + y)", "2*(0.5)"),)


def test_vectors_have_one_entry_a_group() -> None:
    model = sem_from_text(
        "A =~ a1 + c(u, v)*a2 + c(0.5, NA)*c(NA, w)*a3 + start(c(1, 2))*a4 + same*a5",
        groups=("B", "C"),
        means=True,
    )
    second = [p for p in model.parameters if p.group == 1]
    by_name = {p.name: p for p in second}
    assert [p.name for p in second] == [p.name for p in model.parameters if p.group == 0]
    assert by_name["A =~ a2"].label == "v"
    assert (free(model, "A =~ a3").fixed, by_name["A =~ a3"].fixed) == (0.5, None)
    assert by_name["A =~ a3"].label == "w"
    assert (free(model, "A =~ a4").start, by_name["A =~ a4"].start) == (1.0, 2.0)
    assert by_name["A =~ a5"].label == free(model, "A =~ a5").label == "same"


def test_thresholds_make_items_ordinal() -> None:
    model = sem_from_text("A =~ a1 + a2 + a3\na1 | t1 + t2\na3 | 0.5*t1 + cut*t2")
    assert model.ordinal == ("a1", "a3")
    assert free(model, "a3 | t1").fixed == 0.5
    assert free(model, "a3 | t2").label == "cut"
    assert sem_from_text(sem_to_text(model)) == model


def test_intercepts_bring_means() -> None:
    for text in ("a1 ~ 1", "a1 ~1", "a1~1", "A ~ NA*1"):
        model = sem_from_text(f"A =~ a1 + a2 + a3\n{text}")
        assert model.means
        assert {p.lhs for p in model.parameters if p.op == "~1"} >= {"a1", "a2", "a3"}


def test_items_have_the_order_that_is_asked_for() -> None:
    model = sem_from_text("A =~ a1 + a2 + a3", items=("a3", "a1", "a2"))
    assert model.items == ("a3", "a1", "a2")
    assert sem_from_text(sem_to_text(model)) == model


FAULTS = {
    "A <~ a1": ("line 1", "composites"),
    "A =~ a1 = a2": ("line 1", "'=' is not"),
    "A a1 a2": ("line 1", "no operator"),
    "A =~ a1 + a2\nA =~ a2 + a3": ("line 2", "A =~ a2 stands in line 1 already"),
    "A =~ a1 + a2\na1 ~~ a2; a2 ~~ a1": ("line 2", "already"),
    "A =~ a1 + a1": ("line 1", "comes twice"),
    "A =~ a1 + A": ("line 1", "A stands on both sides"),
    "A =~ a1\nx ~ x": ("line 2", "x stands on both sides"),
    "A =~ B; B =~ A": ("line 1", "construct A has no items"),
    "A =~ ": ("line 1", "a side is empty"),
    "A =~ a1 + foo(2)*a2": ("line 1", "'foo(2)' before a2 is not a modifier"),
    "A =~ a1 + c(1, 2)*a2": ("line 1", "2 values for 1 group"),
    "A =~ a1 + 2*3*a2": ("line 1", "a2 has two values of fixed"),
    "A =~ a1 + (a2": ("line 1", "brackets do not match"),
    "A =~ a1 + 1a": ("line 1", "'1a' is not a usable name"),
    "A =~ a1 + u*a2 + 0.5*u*a3": ("label u", "A =~ a2 free, A =~ a3 fixed at 0.5"),
    "A =~ u*a1 + u*a2 + a3": ("label u", "A =~ a1 fixed at 1"),
    "A =~ a1 + lam*a2\nx := lan*2": ("line 2", "'lan' is no label"),
    "A =~ a1 + u*a2 + v*a3\nu*v == 1": ("line 2", "is not linear"),
    "A =~ a1 + u*a2 + v*a3\nu > v": ("line 2", "compares several labels"),
    "A =~ a1 + u*a2\nu > 1; u < 0": ("line 2", "above 1 and below 0"),
    "A =~ a1 + u*a2\nu := 2": ("line 2", "in use already"),
    "A =~ a1 + u*a2\nx := u +* 2": ("line 2", "cannot be read"),
    "A =~ a1 + a2\na1 | high": ("line 2", "'high' is no threshold"),
    "A =~ a1 + equal('A =~ a7')*a2": ("line 1", "is no other parameter"),
    "#: names = 'x'\nA =~ a1 + a2": ("line 1", "unknown key 'names'"),
    "": ("text", "holds no formula"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_has_its_line(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        sem_from_text(text)
    where, what = FAULTS[text]
    assert any(f.where == where and what in f.what for f in caught.value.faults), caught.value


def test_all_faults_come_at_once_in_the_order_of_lines() -> None:
    text = "A =~ a1 + q(1)*a2\nB <~ b1\nA ~ A\nx := nothing\nA =~ a1"
    with pytest.raises(ModelError) as caught:
        sem_from_text(text)
    assert [fault.where for fault in caught.value.faults] == [f"line {k}" for k in range(1, 6)]


def test_unknown_names_are_told_with_the_nearest() -> None:
    with pytest.raises(ModelError, match="did you mean PERQ1"):
        sem_from_text("A =~ PERQ11 + PERQ2", items=("PERQ1", "PERQ2"))


def test_options_that_are_not_possible_are_told() -> None:
    with pytest.raises(ModelError) as caught:
        sem_from_text("A =~ a1", groups=("x", "x"), identification="mark", defaults="some")  # type: ignore[arg-type]
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("identification", ["marker", "standardised"])
def test_a_satisfaction_model_survives_the_round_trip(identification: str) -> None:
    model = sem_of(
        models.load("ecsi"),
        identification=identification,  # type: ignore[arg-type]
        means=True,
        groups=("A", "B"),
    )
    assert sem_from_text(sem_to_text(model)) == model


VALUES = st.floats(-1e6, 1e6).map(lambda value: value + 0.0)
PARTS = st.fixed_dictionaries(
    {},
    optional={
        "fixed": VALUES,
        "start": VALUES,
        "lower": VALUES,
        "upper": VALUES,
        "label": st.sampled_from(["a", "b.1", "lambda", "c"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS, min_size=6, max_size=6))
def test_any_parameter_survives_the_round_trip(parts: list[dict]) -> None:
    for k, part in enumerate(parts):  # equal labels must be equally free
        if "label" in part:
            part["label"] += f".{k}"
    rows = [("A", "=~", "a1"), ("A", "=~", "a2"), ("A", "~~", "A")]
    parameters = tuple(
        Parameter(*rows[k % 3], k // 3, **part)  # type: ignore[arg-type]
        for k, part in enumerate(parts)
    )
    model = SemModel("m", ("A",), ("a1", "a2"), parameters, groups=("x", "y"))
    assert sem_from_text(sem_to_text(model)) == model
