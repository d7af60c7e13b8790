"""What may be assessed, with the defaults: the only place for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csi.assess.assessment import TOPICS
from csi.assess.moderation_terms import Term
from csi.errors import Fault, OptionError
from csi.survey.cells import nearest
from csi.verdict import Topic

USUAL: tuple[Topic, ...] = tuple(topic for topic in TOPICS if topic != "segments")
"""Topics assessed where none are named; hidden groups are looked for only where asked."""

LIMITS = {"segments": (0, 20), "permutations": (99, 100_000)}
"""Least and largest values of the whole numbers; 1 segment is no segmentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessOptions:
    """What is assessed, beside the options of the fit.

    Attributes
    ----------
    topics : tuple of Topic
        All but ``segments`` by default; they come with `segments`.
    by : str or None
        The key whose values are compared; the codebook's time where None, ``""`` for none.
    target : str or None
        The construct to be improved, of the importance-performance map; the index where None.
    segments : int
        Look for up to this many hidden groups; 0 for none.
    permutations : int or None
        Of the comparison over `by`; as many as its tests need where None: a test of many groups
        and constructs with too few permutations can find nothing.
    terms : tuple of str or Term
        Interactions and quadratic effects to be tried, such as ``Image*Value -> Satisfaction`` or
        ``Quality*Quality -> Satisfaction``, see `csi.assess.moderation`.
    endogeneity : bool
        Whether predictors are checked by Gaussian copulas, see `csi.assess.copula_check`.

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> AssessOptions(segments=3).wanted[-1]
    'segments'
    """

    topics: tuple[Topic, ...] = USUAL
    by: str | None = None
    target: str | None = None
    segments: int = 0
    permutations: int | None = None
    terms: tuple[Term | str, ...] = ()
    endogeneity: bool = False

    def __post_init__(self) -> None:
        """Check all values."""
        if faults := self._type_faults():
            raise OptionError(faults)
        faults = [
            Fault("option topics", f"{topic!r} is not possible", nearest(topic, TOPICS))
            for topic in self.topics
            if topic not in TOPICS
        ]
        if not self.topics:
            faults.append(Fault("option topics", "is empty", f"name some of {', '.join(TOPICS)}"))
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            if value is None and name == "permutations":
                continue
            whole = isinstance(value, int) and not isinstance(value, bool)
            if not whole or not least <= value <= most or (name == "segments" and value == 1):
                what = f"{value!r} is not possible"
                least = 2 if name == "segments" else least
                faults.append(Fault(f"option {name}", what, f"use a number from {least} to {most}"))
        if "segments" in self.topics and not self.segments:
            fix = "say with segments how many groups to look for at most, such as 3"
            faults.append(Fault("option topics", "'segments' needs a number of them", fix))
        made = []
        for given in self.terms:
            term = given if isinstance(given, Term) else term_of(given)
            if term is None:
                fix = "write it as 'Image*Value -> Satisfaction'"
                faults.append(Fault(f"option terms {given!r}", "is not a term", fix))
            else:
                made.append(term)
        if faults:
            raise OptionError(faults)
        object.__setattr__(self, "terms", tuple(made))

    def _type_faults(self) -> list[Fault]:
        """Return the values that are not of the kind they must be."""
        listed = isinstance(self.topics, (tuple, list))
        if not listed or not all(isinstance(topic, str) for topic in self.topics):
            fix = 'give a tuple of words, such as ("measurement",)'
            faults = [Fault("option topics", f"{self.topics!r} is no tuple of words", fix)]
        else:
            faults = []
        return faults + [
            Fault(f"option {name}", f"{getattr(self, name)!r} is not a word", "give one name")
            for name in ("by", "target")
            if not isinstance(getattr(self, name), str | None)
        ]

    @property
    def wanted(self) -> tuple[Topic, ...]:
        """The topics, with ``segments`` where their number says so."""
        more = self.segments > 0 and "segments" not in self.topics
        return (*self.topics, *(("segments",) if more else ()))


def term_of(text: object) -> Term | None:
    """Return the term that a text stands for, None where it is none.

    Examples
    --------
    >>> print(term_of("Image * Value->Satisfaction"))
    Image*Value -> Satisfaction
    >>> term_of("Image -> Satisfaction") is None
    True
    """
    product, arrow, target = str(text).partition("->")
    source, star, moderator = product.partition("*")
    names = source.strip(), moderator.strip(), target.strip()
    return Term(*names) if arrow and star and all(names) else None


def assess_options(**given: Any) -> AssessOptions:
    """Return options; what is None takes its default.

    Examples
    --------
    >>> assess_options(topics=None, segments=None).segments
    0
    """
    return AssessOptions(**{name: value for name, value in given.items() if value is not None})
