"""The catalogue of published models: each with its questions, sources and what was verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from csi.errors import Fault, ModelError
from csi.model.catalogue_file import parse_entry
from csi.model.catalogue_parts import Condition, EstimatorDefaults, Question, Source
from csi.model.model import Model
from csi.model.words import remedy
from csi.text import Text

__all__ = [
    "CatalogueModel",
    "Condition",
    "EstimatorDefaults",
    "Question",
    "Source",
    "entry",
    "load",
    "names",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueModel:
    """A published model with everything needed to field, estimate and cite it.

    Attributes
    ----------
    model : Model
    since : str
        Year of the first figures.
    country, about : Text
        Where it is used, and what marks it, in one sentence.
    verified : Text
        What could be checked against public sources, and what could not.
    screening : Text
        Who should be asked.
    notes : tuple of Text
        What a user must know.
    estimator : EstimatorDefaults
    sources : tuple of Source
    questions : tuple of Question
        Every item of the model in its order, then questions asked beside it.
    """

    model: Model
    since: str
    country: Text
    about: Text
    verified: Text
    screening: Text
    notes: tuple[Text, ...]
    estimator: EstimatorDefaults
    sources: tuple[Source, ...]
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """The name of the model in the catalogue."""
        return self.model.name

    @property
    def scales(self) -> Mapping[str, tuple[float, float]]:
        """Ends of the answer scale of each question, in points, by item."""
        return {question.item: (question.low, question.high) for question in self.questions}

    def question(self, item: str) -> Question:
        """Return the question that asks `item`; a KeyError where there is none."""
        for question in self.questions:
            if question.item == item:
                return question
        raise KeyError(item)


def names() -> tuple[str, ...]:
    """Return the names of all models in the catalogue, in the order of the alphabet.

    Examples
    --------
    >>> "ecsi_mobile" in names()
    True
    """
    found = (file.name for file in (files("csi.model") / "catalogue").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


@cache
def entry(name: str) -> CatalogueModel:
    """Return a model of the catalogue with its questions, sources and notes.

    Raises
    ------
    ModelError
        The catalogue has no such model; the nearest name is given.

    Examples
    --------
    >>> entry("acsi").question("LOWPTOL").asked_if
    Condition(item='REPUR', low=1.0, high=5.0)
    """
    known = names()
    if name not in known:
        what = f"no model {name!r} in the catalogue"
        raise ModelError(Fault("catalogue", what, remedy(name, known)))
    text = (files("csi.model") / "catalogue" / f"{name}.toml").read_text(encoding="utf-8")
    parsed = parse_entry(text, where=f"{name}.toml")
    return CatalogueModel(
        model=parsed.model,
        questions=parsed.questions,
        sources=parsed.sources,
        estimator=parsed.estimator,
        notes=parsed.notes,
        since=parsed.since,
        country=parsed.words["country"],
        about=parsed.words["about"],
        verified=parsed.words["verified"],
        screening=parsed.words["screening"],
    )


def load(name: str) -> Model:
    """Return a model of the catalogue.

    Raises
    ------
    ModelError
        The catalogue has no such model; the nearest name is given.

    Examples
    --------
    >>> load("ecsi").index
    'Satisfaction'
    """
    return entry(name).model
