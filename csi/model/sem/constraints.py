"""What a text says of labels: defined parameters, equations and bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csi.errors import Fault, ModelError
from csi.model.sem.expressions import linear_form, names_in, replaced
from csi.model.sem.lines import Statement
from csi.model.sem.modifiers import is_name
from csi.model.sem.values import Defined, Equality, Parameter
from csi.model.words import remedy


@dataclass(frozen=True, slots=True)
class Constraints:
    """Constraints of a text.

    Attributes
    ----------
    defined : tuple of Defined
    equalities : tuple of Equality
    bounds : mapping of label to (lower, upper)
        None where there is no bound.
    """

    defined: tuple[Defined, ...]
    equalities: tuple[Equality, ...]
    bounds: Mapping[str, tuple[float | None, float | None]]


def label_faults(parameters: Sequence[Parameter]) -> list[Fault]:
    """Return a fault for each label of parameters that cannot be equal."""
    by_label: dict[str, list[Parameter]] = {}
    for parameter in parameters:
        if parameter.label:
            by_label.setdefault(parameter.label, []).append(parameter)
    faults = []
    for label, own in by_label.items():
        values = {parameter.fixed for parameter in own}
        if len(values) > 1:
            words = ", ".join(
                f"{p.name} {'free' if p.fixed is None else f'fixed at {p.fixed:g}'}"
                for p in own
            )  # fmt: skip
            fix = "write NA* before those that are free, or take the label off"
            faults.append(Fault(f"label {label}", f"joins {words}", fix))
    return faults


def constraints_of(
    formulas: Sequence[Statement], parameters: Sequence[Parameter], faults: list[Fault]
) -> Constraints:
    """Return the constraints; faults of unknown labels and of what is not linear are noted."""
    fixed = {p.label: p.fixed for p in parameters if p.label and p.fixed is not None}
    labels = list(dict.fromkeys(p.label for p in parameters if p.label))
    defined = _defined([f for f in formulas if f.operator == ":="], labels, faults)
    words = {label: repr(value) for label, value in fixed.items()}
    for one in defined:
        words[one.name] = replaced(one.expression, words)
    known = [*labels, *(one.name for one in defined)]
    equalities: list[Equality] = []
    bounds: dict[str, tuple[float | None, float | None]] = {}
    for formula in formulas:
        if formula.operator not in ("==", "<", ">"):
            continue
        sides = replaced(formula.left, words), replaced(formula.right, words)
        form = _linear(formula, sides, known, faults)
        if form is None:
            continue
        if formula.operator == "==":
            plain = formula.left, formula.right
            same = all(name not in words for side in plain for name in names_in(side))
            equalities.append(Equality(*(plain if same else sides)))
        else:
            _bound(formula, form, bounds, faults)
    return Constraints(tuple(defined), tuple(equalities), bounds)


def bounded(
    parameter: Parameter, bounds: Mapping[str, tuple[float | None, float | None]]
) -> Parameter:
    """Return a parameter with the bounds of its label."""
    if parameter.fixed is not None or parameter.label not in bounds:
        return parameter
    low, high = bounds[parameter.label]
    lows = [value for value in (low, parameter.lower) if value is not None]
    highs = [value for value in (high, parameter.upper) if value is not None]
    return replace(
        parameter,
        lower=max(lows) if lows else None,
        upper=min(highs) if highs else None,
    )


def _defined(
    formulas: Sequence[Statement], labels: Sequence[str], faults: list[Fault]
) -> list[Defined]:
    defined: list[Defined] = []
    for formula in formulas:
        known = [*labels, *(one.name for one in defined)]
        if not is_name(formula.left) or formula.left in known:
            what = f"{formula.left!r} is not a name, or in use already"
            faults.append(Fault(formula.where, what, "use a new name"))
        names = _names(formula.right, formula, known, faults)
        if names is not None:
            defined.append(Defined(formula.left, formula.right))
    return defined


def _names(
    expression: str, formula: Statement, known: Sequence[str], faults: list[Fault]
) -> tuple[str, ...] | None:
    """Return the labels of an expression, or None with the faults noted."""
    try:
        names = names_in(expression)
    except ModelError as error:
        faults += [Fault(formula.where, str(f.what), f.fix) for f in error.faults]
        return None
    unknown = [name for name in names if name not in known]
    for name in unknown:
        faults.append(Fault(formula.where, f"{name!r} is no label", remedy(name, known)))
    return None if unknown else names


def _linear(
    formula: Statement, sides: tuple[str, str], known: Sequence[str], faults: list[Fault]
) -> tuple[dict[str, float], float] | None:
    """Return left less right as a linear form, or None with the faults noted."""
    read = [_names(side, formula, known, faults) for side in (formula.left, formula.right)]
    if any(names is None for names in read):
        return None
    try:
        form = linear_form(f"({sides[0]}) - ({sides[1]})")
    except ModelError as error:
        said = f"{formula.left} {formula.operator} {formula.right}"
        faults += [Fault(formula.where, f"{said} {f.what}", f.fix) for f in error.faults]
        return None
    if not any(form[0].values()):
        what = f"{formula.left} {formula.operator} {formula.right} holds no free label"
        faults.append(Fault(formula.where, what, "take it out"))
        return None
    return form


def _bound(
    formula: Statement,
    form: tuple[dict[str, float], float],
    bounds: dict[str, tuple[float | None, float | None]],
    faults: list[Fault],
) -> None:
    """Note a bound of one label."""
    own = {label: value for label, value in form[0].items() if value}
    if len(own) != 1:
        what = f"{formula.left} {formula.operator} {formula.right} compares several labels"
        faults.append(Fault(formula.where, what, "compare one label with a number"))
        return
    ((label, slope),) = own.items()
    value = -form[1] / slope + 0.0  # no negative zero
    low, high = bounds.get(label, (None, None))
    if (formula.operator == ">") == (slope > 0):
        low = value if low is None else max(low, value)
    else:
        high = value if high is None else min(high, value)
    if low is not None and high is not None and (low > high or math.isnan(low + high)):
        what = f"{label} is to be above {low:g} and below {high:g}"
        faults.append(Fault(formula.where, what, "take one of the bounds out"))
    bounds[label] = (low, high)
