"""Arithmetic of labels: any label, no more than arithmetic, linear forms told from others."""

import math

import pytest

from csi.errors import ModelError
from csi.model.sem.expressions import linear_form, names_in, replaced, value_of


def test_labels_may_hold_dots_digits_and_words_of_python() -> None:
    text = "loading.Q1.Q3 * 2.5 + .5*lambda - x1.a/1e-1 + is"
    labels = ("loading.Q1.Q3", "lambda", "x1.a", "is")
    assert names_in(text) == labels
    assert value_of(text, dict(zip(labels, (2.0, 4.0, 0.3, 1.0), strict=True))) == pytest.approx(
        5.0
    )


def test_powers_bind_before_signs() -> None:
    assert value_of("-a^2", {"a": 3.0}) == -9.0
    assert value_of("2^3^2", {}) == 512.0


@pytest.mark.parametrize(
    "text", ["a/0", "log(0 - 1)", "exp(1000)", "(0 - 1)^0.5", "10^10^10", "sqrt(0 - a)"]
)
def test_what_has_no_value_is_not_a_number(text: str) -> None:
    assert math.isnan(value_of(text, {"a": 1.0}))


@pytest.mark.parametrize(
    "text",
    ["", "a b", "2a", "a if a else a", "open('x')", "a.b(1)", "[a]", "a and a", "lambda: a", "'a'"],
)
def test_what_is_no_arithmetic_is_a_fault(text: str) -> None:
    with pytest.raises(ModelError):
        value_of(text, {"a": 1.0, "a.b": 2.0})


def test_linear_forms() -> None:
    assert linear_form("3*(a - 2*b)/2 + 1 - a") == ({"a": 0.5, "b": -3.0}, 1.0)
    for text in ("a*b", "a^2", "1/a", "abs(a)", "a*b - a*b + a*a"):
        with pytest.raises(ModelError, match="is not linear"):
            linear_form(text)


def test_labels_are_replaced_as_a_whole() -> None:
    assert replaced("ab*a + exp(a) - 2.a", {"a": "x+y", "exp": "no"}) == (
        "ab*(x+y) + exp((x+y)) - 2.(x+y)"
    )
