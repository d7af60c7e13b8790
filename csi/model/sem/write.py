"""A structural equation model as lavaan-style text that says everything."""

from __future__ import annotations

from collections.abc import Sequence

from csi.errors import Fault, ModelError
from csi.model.sem.defaults import roles_of
from csi.model.sem.modifiers import Term, is_name
from csi.model.sem.values import Parameter, SemModel
from csi.model.toml_text import toml_pair


def sem_to_text(model: SemModel) -> str:
    r"""Return a model as lavaan-style text, complete: `sem_from_text` gives the same model.

    Every parameter is written, so that nothing is added on reading (``#: defaults = "none"``; in
    lavaan, the function of that name rather than `sem()`). What lavaan has no words for (names
    of groups, order of the items, variances that are shares) stands in ``#:`` lines. Parameters
    that some groups do not have are fixed at 0 there.

    Raises
    ------
    ModelError
        Names that cannot be written in such a text, all at once.

    Examples
    --------
    >>> from csi.model.sem.text import sem_from_text
    >>> model = sem_from_text("A =~ a1 + a2 + load*a3")
    >>> print(*sem_to_text(model).splitlines()[3:6], sep="; ")
    A =~ 1.0*a1; A =~ NA*a2; A =~ load*a3
    >>> sem_from_text(sem_to_text(model)) == model
    True
    """
    names = dict.fromkeys((*model.constructs, *model.items))
    faults = [
        Fault(f"name {name!r}", "cannot be written in a text", "use letters, digits, _ and dots")
        for name in names
        if not is_name(name)
    ]
    if faults:
        raise ModelError(faults)
    rows: dict[tuple[str, str, str], dict[int, Parameter]] = {}
    for parameter in model.parameters:
        key = parameter.lhs, parameter.op, parameter.rhs
        rows.setdefault(key, {})[parameter.group] = parameter
    blocks = [
        [f"#: {line}" for line in _facts(model)],
        [_formula(key, own, len(model.groups)) for key, own in rows.items()],
        [f"{defined.name} := {defined.expression}" for defined in model.defined],
        [f"{equality.left} == {equality.right}" for equality in model.equalities],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _facts(model: SemModel) -> list[str]:
    facts: dict[str, object] = {"name": model.name}
    if model.index:
        facts["index"] = model.index
    if model.groups != ("",):
        facts["groups"] = model.groups
    roles = roles_of([Term(0, p.lhs, p.op, p.rhs, ()) for p in model.parameters])
    if roles.constructs != model.constructs:
        facts["constructs"] = model.constructs
    if roles.items != model.items:
        facts["items"] = model.items
    if model.means:
        facts["means"] = True
    facts["defaults"] = "none"
    shares: dict[str, list[float]] = {}
    for parameter in model.parameters:
        if parameter.share is not None:
            own = shares.setdefault(parameter.lhs, [0.0] * len(model.groups))
            own[parameter.group] = parameter.share
    if shares:
        facts["shares"] = shares
    return [toml_pair(key, value) for key, value in facts.items()]


def _formula(key: tuple[str, str, str], own: dict[int, Parameter], groups: int) -> str:
    """Return one parameter of all groups as a formula."""
    lhs, op, rhs = key
    absent = Parameter(lhs, own[min(own)].op, rhs, fixed=0.0)
    listed = [own.get(group, absent) for group in range(groups)]
    said: list[str] = []
    fixed = ["NA" if p.fixed is None else repr(p.fixed) for p in listed]
    labels = [p.label for p in listed]
    if any(p.fixed is not None for p in listed):
        said.append(_vector(fixed))
    if any(labels):
        plain = len(set(labels)) == 1 and is_name(labels[0])
        said.append(
            labels[0] if plain else _call("label", [f'"{x}"' if x else "NA" for x in labels])
        )
    for name, values in (
        ("start", [p.start for p in listed]),
        ("lower", [p.lower for p in listed]),
        ("upper", [p.upper for p in listed]),
    ):
        if any(value is not None for value in values):
            said.append(_call(name, ["NA" if v is None else repr(v) for v in values]))
    if not said and op == "=~":
        said.append("NA")  # the first loading of a construct is free
    term = "*".join([*said, "1" if op == "~1" else rhs])
    return f"{lhs} {'~' if op == '~1' else op} {term}"


def _vector(words: Sequence[str]) -> str:
    return words[0] if len(set(words)) == 1 else f"c({', '.join(words)})"


def _call(name: str, words: Sequence[str]) -> str:
    return f"{name}({_vector(words)})"
