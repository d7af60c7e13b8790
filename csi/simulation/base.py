"""What a simulated survey takes from the catalogue: the model, the words, the scales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from csi.model.catalogue import entry
from csi.model.model import Model
from csi.simulation.plan import ItemWords, SimulationPlan


class Base(NamedTuple):
    """A model with the words and the scales of its items.

    Attributes
    ----------
    model : Model
    words : mapping of item to ItemWords
    scales : mapping of item to (low, high)
    """

    model: Model
    words: Mapping[str, ItemWords] = {}
    scales: Mapping[str, tuple[int, int]] = {}


def catalogue_base(name: str) -> Base:
    """Return a model of the catalogue with the words and scales of its questionnaire.

    Parameters
    ----------
    name : str
        Name in the catalogue, such as ``ecsi_mobile``.

    Raises
    ------
    ModelError
        The catalogue has no such model; the nearest name is given.
    """
    found = entry(name)
    questions = {question.item: question for question in found.questions}
    words, scales = {}, {}
    for item in found.model.columns:
        question = questions[item]
        words[item] = ItemWords(
            label=question.label,
            wording=question.wording,
            low_label=question.low_label,
            high_label=question.high_label,
        )
        scales[item] = (int(question.low), int(question.high))
    return Base(found.model, words, scales)


def catalogue_plan(
    name: str, *, years: tuple[str, ...], seed: int, **options: Any
) -> SimulationPlan:
    """Return the plan of a survey on a model of the catalogue.

    Parameters
    ----------
    name : str
        Name in the catalogue.
    years : tuple of str
    seed : int
    **options
        Any other field of `SimulationPlan`.

    Returns
    -------
    SimulationPlan
        With the labels, wordings and scales of the catalogue.

    Raises
    ------
    ModelError
        The catalogue has no such model; the nearest name is given.

    Examples
    --------
    >>> plan = catalogue_plan("ecsi_mobile", years=("2024", "2025"), seed=1, n=100)
    >>> plan.words["CUSA1"].label.zh
    '总体满意度'
    """
    base = catalogue_base(name)
    given = {"words": base.words, "scales": base.scales, **options}
    return SimulationPlan(model=base.model, years=years, seed=seed, **given)
