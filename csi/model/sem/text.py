"""A structural equation model from lavaan-style text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from csi.errors import Fault, ModelError
from csi.model.sem.build import Identification
from csi.model.sem.constraints import bounded, constraints_of, label_faults
from csi.model.sem.defaults import Roles, roles_of, scaled, unsaid
from csi.model.sem.facts import Defaults, Facts, with_lines
from csi.model.sem.labels import label_for
from csi.model.sem.lines import Statement, statements
from csi.model.sem.modifiers import Term, duplicates, terms_of
from csi.model.sem.roles import role_faults
from csi.model.sem.values import Operator, Parameter, SemModel
from csi.model.words import remedy

_RANK = {operator: rank for rank, operator in enumerate(get_args(Operator))}
_TERMS = ("=~", "~", "~~", "|")


def sem_from_text(
    text: str,
    *,
    groups: Sequence[str] = ("",),
    items: Sequence[str] | None = None,
    means: bool = False,
    identification: Identification = "marker",
    defaults: Defaults = "lavaan",
) -> SemModel:
    r"""Return the structural equation model written in lavaan-style text.

    Parameters
    ----------
    text : str
        ``A =~ a1 + a2`` (loadings; constructs of constructs too), ``B ~ A`` (paths),
        ``a1 ~~ a2`` (covariances), ``a1 ~ 1`` (intercepts), ``a1 | t1 + t2`` (thresholds),
        ``ab := a*b`` (defined), ``a == b`` (linear equations of labels), ``a > 0`` (bounds).
        Before a name stand numbers (fixed), ``NA*`` (free), labels, ``c(...)`` (one entry a
        group), ``start(0.5)*``, ``equal("A =~ a2")*``, ``lower(0)*`` and ``upper(1)*``, several
        where needed. ``#`` and ``!`` begin comments; ``;`` and line ends separate formulas.
    groups : sequence of str
        Labels of the groups. A single label before a name makes it equal in all groups.
    items : sequence of str, optional
        Observed variables in the order of the moments; that of the text where not given.
    means : bool
        With intercepts of the items; also where the text has one.
    identification : {"marker", "standardised"}
        The first loading of a construct, or its (residual) variance, is 1 unless said otherwise.
    defaults : {"lavaan", "none"}
        Add what lavaan's `sem()` adds: variances, covariances of constructs and of observed
        variables that nothing points to, residual covariances of those that predict nothing,
        intercepts. Or nothing.

    Returns
    -------
    SemModel
        Variances and covariances of observed variables that nothing points to are free
        parameters (lavaan: fixed at the sample's): fit and degrees of freedom are the same. They
        do not covary with constructs unless the text says so, as in lavaan.

    Raises
    ------
    ModelError
        All faults at once, with their lines.

    Examples
    --------
    >>> model = sem_from_text("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ path*A")
    >>> [p.name for p in model.parameters if p.op == "~" or p.fixed is not None]
    ['A =~ a1', 'B =~ b1', 'B ~ A']
    """
    cut = statements(text)
    faults = list(cut.faults)
    asked = Facts(
        groups=tuple(groups),
        items=None if items is None else tuple(items),
        means=means,
        identification=identification,
        defaults=defaults,
    )
    facts = with_lines(asked, cut.facts, faults)
    if wrong := facts.checked():
        raise ModelError([*faults, *wrong])
    terms = [
        term
        for formula in cut.formulas
        if formula.operator in _TERMS
        for term in terms_of(formula, len(facts.groups), faults)
    ]
    roles = roles_of(terms)
    faults += [*duplicates(terms), *role_faults(terms, roles, facts)]
    model = _built(terms, roles, facts, cut.formulas, faults)
    if faults:
        raise ModelError(sorted(faults, key=_line_of))
    return model


def _line_of(fault: Fault) -> int:
    """Return the line of a fault; faults without one come last."""
    found = re.fullmatch(r"line (\d+)", fault.where)
    return int(found.group(1)) if found else 10**9


def _built(
    terms: Sequence[Term],
    roles: Roles,
    facts: Facts,
    formulas: Sequence[Statement],
    faults: list[Fault],
) -> SemModel:
    """Put terms and constraints together."""
    means = facts.means or any(term.op == "~1" for term in terms)
    standardised = facts.identification == "standardised"
    if facts.defaults == "lavaan":
        terms = scaled(terms, standardised=standardised)
        said = {term.name for term in terms} | {f"{t.rhs} ~~ {t.lhs}" for t in terms}
        added = [
            Term(0, lhs, op, rhs, tuple({**given} for _ in facts.groups))
            for lhs, op, rhs, given in unsaid(roles, means=means, standardised=standardised)
        ]
        terms = [*terms, *(term for term in added if term.name not in said)]
    terms = sorted(terms, key=lambda term: _RANK[term.op])
    parameters = [
        _parameter(term, group, facts) for group in range(len(facts.groups)) for term in terms
    ]
    model = SemModel(
        name=facts.name,
        constructs=facts.constructs or roles.constructs,
        items=facts.items or roles.items,
        parameters=tuple(parameters),
        groups=facts.groups,
        means=means,
        ordinal=tuple(
            item
            for item in facts.items or roles.items
            if any(term.op == "|" and term.lhs == item for term in terms)
        ),
        index=facts.index,
    )
    parameters = _equated(model, terms, faults)
    faults += label_faults(parameters)
    constraints = constraints_of(formulas, parameters, faults)
    return replace(
        model,
        parameters=tuple(bounded(parameter, constraints.bounds) for parameter in parameters),
        defined=constraints.defined,
        equalities=constraints.equalities,
    )


def _parameter(term: Term, group: int, facts: Facts) -> Parameter:
    given = term.given[group]

    def number(key: str) -> float | None:
        value = given.get(key)
        return float(value) if value is not None else None

    share = None
    if term.op == "~~" and term.lhs == term.rhs and facts.shares and term.lhs in facts.shares:
        share = facts.shares[term.lhs][group] or None
    return Parameter(
        term.lhs,
        _operator(term.op),
        term.rhs,
        group,
        fixed=number("fixed"),
        label=str(given.get("label", "")),
        start=number("start"),
        lower=number("lower"),
        upper=number("upper"),
        share=share,
    )


def _operator(op: str) -> Operator:
    found: Operator = next(known for known in get_args(Operator) if known == op)
    return found


def _equated(model: SemModel, terms: Sequence[Term], faults: list[Fault]) -> list[Parameter]:
    """Return the parameters with labels where one is to equal another."""
    parameters = list(model.parameters)
    by_label = {p.label: k for k, p in reversed(list(enumerate(parameters))) if p.label}
    for at, parameter in enumerate(parameters):
        term = terms[at % len(terms)]
        wish = term.given[parameter.group].get("equal")
        if wish is None:
            continue
        same = [
            k
            for k, other in enumerate(parameters)
            if other.group == parameter.group and _squeezed(other.name) == _squeezed(str(wish))
        ]
        found = same[0] if same else by_label.get(str(wish))
        if found is None or found == at:
            names = dict.fromkeys(other.name for other in parameters)
            what = f"{parameter.name} is to equal {wish!r}, which is no other parameter"
            faults.append(Fault(f"line {term.line}", what, remedy(wish, names)))
            continue
        other = parameters[found]
        label = other.label or label_for(other, model, [p.label for p in parameters])
        if parameter.label not in ("", label):
            what = f"{parameter.name} has label {parameter.label!r} and is to equal {wish!r}"
            faults.append(Fault(f"line {term.line}", what, "leave one of them out"))
            continue
        parameters[found] = replace(other, label=label)
        parameters[at] = replace(parameter, label=label)
    return parameters


def _squeezed(name: str) -> str:
    return re.sub(r"\s+", "", name)
