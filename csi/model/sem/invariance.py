"""Invariance of measurement: equal parameters in several groups."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal, get_args

from csi.errors import Fault, ModelError
from csi.model.sem.labels import label_for
from csi.model.sem.values import Equality, Parameter, SemModel
from csi.model.words import remedy

Level = Literal["configural", "metric", "scalar", "strict"]
"""Same form; equal loadings; also equal intercepts; also equal residual variances."""

Part = Literal["loadings", "intercepts", "residuals", "residual.covariances", "means",
               "variances", "covariances", "paths", "regressions"]  # fmt: skip
"""What can be made equal; ``paths`` and ``regressions`` are the same."""

PARTS: dict[str, tuple[Part, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
"""Parts that are equal at each level."""


def with_invariance(
    model: SemModel, level: Level | Iterable[Part], *, free: Sequence[str] = ()
) -> SemModel:
    """Return a model of several groups with parameters equal in all of them.

    Parameters
    ----------
    model : SemModel
        Of several groups, with the parameters of each group free.
    level : {"configural", "metric", "scalar", "strict"} or set of parts
        Parts are ``loadings``, ``intercepts``, ``residuals`` (variances of items),
        ``residual.covariances``, ``means``, ``variances``, ``covariances`` (of constructs) and
        ``paths`` (``regressions``).
    free : sequence of str
        Parameters that stay free in each group, such as ``"Quality =~ Q3"`` or ``"Q7 ~1"``:
        partial invariance.

    Returns
    -------
    SemModel
        With labels such as ``loading.Quality.Q3``; labels of the model stay, and where they
        differ between groups equations join them. Where intercepts are equal and means are not,
        the means of constructs are free in all groups but the first: differences from the first
        group. Where loadings are equal, (residual) variances fixed at 1 for scale are free in
        all groups but the first.

    Raises
    ------
    ModelError
        One group only, unknown levels, parts and parameters, equal intercepts without means, all
        at once.

    Notes
    -----
    Levels as in [meredith1993measurement]; partial invariance as in [byrne1989testing]. The
    means of constructs that measure a second-order construct stay 0, its own are free.

    Examples
    --------
    >>> from csi.model.sem.text import sem_from_text
    >>> model = sem_from_text("A =~ a1 + a2 + a3", groups=("2023", "2024"), means=True)
    >>> scalar = with_invariance(model, "scalar", free=["a3 ~1"])
    >>> [p.label for p in scalar.parameters if p.op == "~1" and p.group == 1]
    ['intercept.a1', 'intercept.a2', '', '']
    """
    faults: list[Fault] = []
    parts = _parts(level, faults)
    if len(model.groups) < 2:
        what = "has one group: invariance is between several"
        faults.append(Fault(f"model {model.name}", what, "build it with groups=(..., ...)"))
    if parts & {"intercepts", "means"} and not model.means:
        what = "has no intercepts to be equal"
        faults.append(Fault(f"model {model.name}", what, "build it with means=True"))
    if model.ordinal and "intercepts" in parts:
        what = "has ordinal items: equal thresholds are not supported"
        faults.append(Fault(f"model {model.name}", what, "use metric invariance"))
    released = _released(model, parts, free, faults)
    if faults:
        raise ModelError(faults)
    if "intercepts" in parts and "means" not in parts:
        model = _free_means(model)
    if "loadings" in parts and "variances" not in parts:
        model = _free_scales(model, released)
    return _equal(model, parts, released)


def _parts(level: str | Iterable[str], faults: list[Fault]) -> frozenset[str]:
    """Return the parts that are equal, ``regressions`` as ``paths``."""
    if isinstance(level, str) and level in PARTS:
        return frozenset(PARTS[level])
    asked = [level] if isinstance(level, str) else list(level)
    known = (*get_args(Part), *(get_args(Level) if isinstance(level, str) else ()))
    for word in asked:
        if word not in get_args(Part):
            faults.append(Fault("option level", f"{word!r} is not possible", remedy(word, known)))
    return frozenset("paths" if word == "regressions" else word for word in asked)


def part_of(parameter: Parameter, model: SemModel) -> Part | None:
    """Return the part of the model that a parameter belongs to; None for thresholds.

    Intercepts and residuals are those of observed variables; of observed variables that nothing
    points to, means and variances count as means and variances.
    """
    op, lhs, rhs = parameter.op, parameter.lhs, parameter.rhs
    if op == "=~":
        return "loadings"
    if op == "~":
        return "paths"
    if op == "|":
        return None
    inner = {*model.constructs, *_outside(model)}
    if op == "~1":
        return "means" if lhs in inner else "intercepts"
    if lhs == rhs:
        return "variances" if lhs in inner else "residuals"
    return "covariances" if lhs in inner or rhs in inner else "residual.covariances"


def _outside(model: SemModel) -> set[str]:
    """Return observed variables that nothing points to."""
    pointed = {p.rhs for p in model.parameters if p.op == "=~"}
    pointed |= {p.lhs for p in model.parameters if p.op == "~"}
    return set(model.items) - pointed


def _key(parameter: Parameter) -> tuple[str, str, str]:
    lhs, rhs = parameter.lhs, parameter.rhs
    if parameter.op == "~~":
        lhs, rhs = min(lhs, rhs), max(lhs, rhs)
    return lhs, parameter.op, rhs


def _named(name: str) -> tuple[str, str, str] | None:
    """Return the key of a parameter that is named in words."""
    found = re.fullmatch(r"\s*(\S+?)\s*(=~|~~|~\s*1(?!\S)|~|\|)\s*(\S*)\s*", name)
    if not found:
        return None
    lhs, op, rhs = found.groups()
    if op.startswith("~") and op.endswith("1"):
        op = "~1"
    if op == "~~":
        lhs, rhs = min(lhs, rhs), max(lhs, rhs)
    return lhs, op, rhs


def _released(
    model: SemModel, parts: Collection[str], free: Sequence[str], faults: list[Fault]
) -> set[tuple[str, str, str]]:
    """Return the parameters that stay free."""
    known: dict[tuple[str, str, str], list[Parameter]] = {}
    for parameter in model.parameters:
        known.setdefault(_key(parameter), []).append(parameter)
    names = [own[0].name for own in known.values()]
    listed = [free] if isinstance(free, str) else list(free)
    released = set()
    for name in listed:
        key, where = _named(name), f"free parameter {name}"
        own = known.get(key, []) if key else []
        if key is None or not own:
            faults.append(Fault(where, "is not in the model", remedy(name, names)))
        elif part_of(own[0], model) not in parts:
            faults.append(Fault(where, "is free at this level anyway", "leave it out"))
        elif all(p.fixed is not None for p in own):
            faults.append(Fault(where, "is fixed in all groups", "free it in the model first"))
        elif own[0].label and len({p.label for p in own}) == 1:
            what = f"is equal in all groups by the model's own label {own[0].label}"
            faults.append(Fault(where, what, "take the label out of the model"))
        else:
            released.add(key)
    return released


def _free_means(model: SemModel) -> SemModel:
    """Free the means of constructs in all groups but the first."""
    part = {p.rhs for p in model.parameters if p.op == "=~"}
    kept = [name for name in model.constructs if name not in part]
    found: list[Parameter] = []
    for group in range(len(model.groups)):
        value = None if group else 0.0
        own = [
            replace(p, fixed=value) if p.op == "~1" and p.lhs in kept and p.fixed == 0 else p
            for p in model.parameters
            if p.group == group
        ]
        said = {p.lhs for p in own if p.op == "~1"}
        found += own
        found += [Parameter(name, "~1", "", group, value) for name in kept if name not in said]
    return replace(model, parameters=tuple(found))


def _free_scales(model: SemModel, released: Collection[tuple[str, str, str]]) -> SemModel:
    """Free variances of 1 that only gave constructs their scale, in all groups but the first."""
    scaled = set()
    for name in model.constructs:
        loadings = [p for p in model.parameters if p.op == "=~" and p.lhs == name]
        all_free = all(p.fixed is None for p in loadings)
        if all_free and any(_key(p) not in released for p in loadings):
            scaled.add(name)
    return replace(
        model,
        parameters=tuple(
            replace(p, fixed=None)
            if p.group and p.op == "~~" and p.lhs == p.rhs and p.lhs in scaled and p.fixed == 1.0
            else p
            for p in model.parameters
        ),
    )


def _equal(
    model: SemModel, parts: Collection[str], released: Collection[tuple[str, str, str]]
) -> SemModel:
    """Give parameters that are to be equal one label, or equations between the labels they have."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for at, parameter in enumerate(model.parameters):
        if parameter.fixed is None and part_of(parameter, model) in parts:
            rows.setdefault(_key(parameter), []).append(at)
    parameters = list(model.parameters)
    equalities = list(model.equalities)
    for key, places in rows.items():
        if key in released or len(places) < 2:
            continue
        own = list(dict.fromkeys(parameters[at].label for at in places if parameters[at].label))
        taken = {parameter.label for parameter in parameters}
        label = own[0] if own else label_for(parameters[places[0]], model, taken)
        for at in places:
            if not parameters[at].label:
                parameters[at] = replace(parameters[at], label=label)
        equalities += [Equality(label, other) for other in own[1:]]
    return replace(model, parameters=tuple(parameters), equalities=tuple(equalities))
