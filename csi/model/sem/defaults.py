"""What lavaan-style text leaves unsaid: variances, covariances, intercepts and scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from csi.model.sem.modifiers import Given, Term
from csi.model.sem.values import Operator


@dataclass(frozen=True, slots=True)
class Roles:
    """Who is what in the terms of a text.

    Attributes
    ----------
    constructs : tuple of str
        Left of ``=~``, in that order.
    items : tuple of str
        All other variables: first those that are measured, then those in paths.
    measures : mapping of construct to tuple of str
        Items and constructs that measure it.
    sources, targets : frozenset of str
        Right and left of ``~``.
    """

    constructs: tuple[str, ...]
    items: tuple[str, ...]
    measures: dict[str, tuple[str, ...]]
    sources: frozenset[str]
    targets: frozenset[str]

    @property
    def measured(self) -> frozenset[str]:
        """Items and constructs right of ``=~``."""
        return frozenset(name for names in self.measures.values() for name in names)

    @property
    def exogenous(self) -> tuple[str, ...]:
        """Constructs that nothing points to."""
        away = self.targets | self.measured
        return tuple(name for name in self.constructs if name not in away)

    @property
    def given(self) -> tuple[str, ...]:
        """Observed variables that send paths and that nothing points to."""
        away = self.targets | self.measured
        return tuple(name for name in self.items if name in self.sources and name not in away)

    @property
    def last(self) -> tuple[str, ...]:
        """Constructs and observed variables that receive paths and send none."""
        ends = self.targets - self.sources
        free = [name for name in self.items if name in ends and name not in self.measured]
        return (*(name for name in self.constructs if name in ends), *free)


def roles_of(terms: Sequence[Term]) -> Roles:
    """Return who is what.

    Examples
    --------
    >>> terms = [Term(1, "A", "=~", "a1", ({},)), Term(2, "y", "~", "A", ({},))]
    >>> roles_of(terms).items, roles_of(terms).last
    (('a1', 'y'), ('y',))
    """
    measures: dict[str, tuple[str, ...]] = {}
    for term in terms:
        if term.op == "=~":
            measures[term.lhs] = (*measures.get(term.lhs, ()), term.rhs)
    order = [name for names in measures.values() for name in names]
    for op in ("~", "~~", "~1", "|"):
        for term in terms:
            if term.op == op:
                order += [term.lhs] + ([term.rhs] if op in ("~", "~~") else [])
    paths = [term for term in terms if term.op == "~"]
    return Roles(
        constructs=tuple(measures),
        items=tuple(dict.fromkeys(name for name in order if name not in measures)),
        measures=measures,
        sources=frozenset(term.rhs for term in paths),
        targets=frozenset(term.lhs for term in paths),
    )


def unsaid(
    roles: Roles, *, means: bool, standardised: bool
) -> Iterator[tuple[str, Operator, str, Given]]:
    """Yield the parameters of lavaan's `sem()` that need not be written, in lavaan's order.

    Parameters
    ----------
    roles : Roles
    means : bool
        With intercepts of observed variables.
    standardised : bool
        With (residual) variances of constructs of 1.
    """
    every = [name for names in roles.measures.values() for name in names]
    alone = {
        names[0]
        for names in roles.measures.values()
        if len(names) == 1 and every.count(names[0]) == 1
    }
    for item in roles.items:
        if item not in roles.given:
            yield item, "~~", item, {"fixed": 0.0} if item in alone else {}
    for name in roles.constructs:
        residual = name in alone
        if residual:
            yield name, "~~", name, {"fixed": 0.0}
        else:
            yield name, "~~", name, {"fixed": 1.0} if standardised else {}
    for first, second in combinations(roles.exogenous, 2):
        yield first, "~~", second, {}
    for first, second in combinations(roles.last, 2):
        yield first, "~~", second, {}
    for k, first in enumerate(roles.given):
        for second in roles.given[k:]:
            yield first, "~~", second, {}
    if means:
        for item in roles.items:
            yield item, "~1", "", {}


def scaled(terms: Sequence[Term], *, standardised: bool) -> list[Term]:
    """Give constructs their scale where the text leaves it open.

    The first loading of a construct is 1 unless ``NA*`` or a number stands before it; with
    `standardised` a variance that is written without modifier is 1.
    """
    begun: set[str] = set()
    found = []
    constructs = {term.lhs for term in terms if term.op == "=~"}
    for term in terms:
        value = None
        if term.op == "=~" and term.lhs not in begun:
            begun.add(term.lhs)
            value = None if standardised else 1.0
        elif term.op == "~~" and term.lhs == term.rhs and term.lhs in constructs and standardised:
            value = 1.0
        if value is not None:
            given: tuple[Given, ...] = tuple({"fixed": value, **said} for said in term.given)
            term = Term(term.line, term.lhs, term.op, term.rhs, given)
        found.append(term)
    return found
