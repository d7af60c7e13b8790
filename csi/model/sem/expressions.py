"""Arithmetic of labelled parameters: defined parameters and equations, read without `eval`."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping

from csi.errors import Fault, ModelError

FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": math.fabs,
}
"""Functions that an expression may call."""

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    rf"|(?P<function>\b(?:{'|'.join(FUNCTIONS)})(?=\s*\())"
    r"|(?P<label>(?:[^\W\d]|\.(?=[^\W\d]))[\w.]*)"
)
_CODED = re.compile(r"L(?:[0-9a-f]{2})+\Z")


def names_in(expression: str) -> tuple[str, ...]:
    """Return the labels in an expression, in their order.

    Examples
    --------
    >>> names_in("a*b + exp(c)")
    ('a', 'b', 'c')
    """
    tree = _tree(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    nodes = [
        node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called
    ]
    nodes.sort(key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(_label(node.id) for node in nodes))


def value_of(expression: str, values: Mapping[str, float]) -> float:
    """Return the value of an expression.

    Raises
    ------
    ModelError
        For unknown labels and what is no arithmetic.

    Examples
    --------
    >>> value_of("a * b^2", {"a": 2.0, "b": 3.0})
    18.0
    """
    return _value(_tree(expression), values, expression)


def linear_form(expression: str) -> tuple[dict[str, float], float]:
    """Return a linear expression as coefficients of its labels and a constant.

    Raises
    ------
    ModelError
        Where it is not linear.

    Examples
    --------
    >>> linear_form("2*a - (b + 1)/2")
    ({'a': 2.0, 'b': -0.5}, -0.5)
    """
    names = names_in(expression)
    zero = dict.fromkeys(names, 0.0)
    constant = value_of(expression, zero)
    found = {name: value_of(expression, zero | {name: 1.0}) - constant for name in names}
    for at in (2.0, -3.5):  # a linear function is known by its unit values
        given = {name: at * (1.0 + k / 7.0) for k, name in enumerate(names)}
        expected = constant + sum(found[name] * given[name] for name in names)
        if not math.isclose(value_of(expression, given), expected, rel_tol=1e-9, abs_tol=1e-9):
            fix = "state it with sums and multiples of labels"
            raise ModelError(Fault(f"equation {expression}", "is not linear", fix))
    return found, constant


def replaced(expression: str, words: Mapping[str, str]) -> str:
    """Return an expression with labels replaced by other expressions.

    Examples
    --------
    >>> replaced("2*ab - a.b", {"ab": "a*b"})
    '2*(a*b) - a.b'
    """

    def word(found: re.Match[str]) -> str:
        label = found.group("label")
        return f"({words[label]})" if label in words else found.group()

    return _TOKEN.sub(word, expression)


def _tree(expression: str) -> ast.expr:
    """Return the syntax tree, with labels in a form that Python can read."""
    fault = Fault(
        f"expression {expression}",
        "cannot be read",
        "use labels, numbers, + - * / ^ and brackets",
    )

    def word(found: re.Match[str]) -> str:
        label = found.group("label")
        return f"L{label.encode().hex()}" if label else found.group()

    text = " ".join(_TOKEN.sub(word, expression).replace("^", "**").split())
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ModelError(fault) from None


def _label(name: str) -> str:
    return bytes.fromhex(name[1:]).decode() if _CODED.match(name) else name


def _value(node: ast.expr, values: Mapping[str, float], text: str) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        if _label(node.id) in values:
            return float(values[_label(node.id)])
        what = f"{_label(node.id)} is no label"
        raise ModelError(Fault(f"expression {text}", what, "label a parameter with it"))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _value(node.operand, values, text)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        return _binary(node, values, text)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in FUNCTIONS
        and len(node.args) == 1
    ):
        try:
            return float(FUNCTIONS[node.func.id](_value(node.args[0], values, text)))
        except (ValueError, OverflowError):
            return math.nan
    fix = f"use labels, numbers, + - * / ^ and {', '.join(FUNCTIONS)}"
    raise ModelError(Fault(f"expression {text}", "is not arithmetic", fix))


def _binary(node: ast.BinOp, values: Mapping[str, float], text: str) -> float:
    left, right = _value(node.left, values, text), _value(node.right, values, text)
    try:
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Div):
            return left / right
        if isinstance(node.op, ast.Pow):
            power = left**right
            return math.nan if isinstance(power, complex) else float(power)
    except (ZeroDivisionError, OverflowError):
        return math.nan
    raise ModelError(Fault(f"expression {text}", "is not arithmetic", "use + - * / ^"))
