"""All that was found about one model on one survey: tables and verdicts, as a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import get_args

import pandas as pd

from csi.assess.mediation import Mediation
from csi.assess.moderation import Moderation
from csi.index.values import YearlyIndex
from csi.model.model import Model
from csi.survey.codebook import Codebook
from csi.tabular import Listing, Summarised, Summary, Table, Told, said, summarised, tabled
from csi.text import Language
from csi.verdict import Grade, Topic, Verdict

TOPICS: tuple[Topic, ...] = get_args(Topic)
WORST_FIRST: tuple[Grade, ...] = ("poor", "doubtful", "told", "good")

GRADES = ("good", "doubtful", "poor", "told")

VERDICTS = (
    "topic", "measure", "about", "grade", "value", "sentence", "sentence_zh", "source",
)  # fmt: skip
"""Columns of the table of verdicts, in order."""


@dataclass(frozen=True, slots=True, repr=False)
class Assessment(Summarised):
    """What an assessment found.

    Attributes
    ----------
    model : Model
    codebook : Codebook
    estimator : str
        In words, with its options.
    where : mapping of key to values
        The respondents assessed; everybody where empty.
    respondents : int
        Respondents behind the fit.
    draws : int
        Replicates behind the intervals.
    replication : str
        How they were made, in words.
    level : float
        Confidence level.
    tables : mapping of name to DataFrame
        What the verdicts rest on.
    verdicts : tuple of Verdict
    left_out : tuple of str
        Parts that were not assessed, each with the reason.
    index : YearlyIndex or None
        Of all respondents together, with the importance-performance map where there is one.
    mediations : tuple of Mediation
        Of every construct that acts on the index through others, for their picture.
    moderation : Moderation or None
        The model with interactions and quadratic effects, where they were asked for.
    """

    model: Model
    codebook: Codebook
    estimator: str
    where: Mapping[str, tuple[str, ...]]
    respondents: int
    draws: int
    replication: str
    level: float
    tables: Mapping[str, pd.DataFrame]
    verdicts: tuple[Verdict, ...]
    left_out: tuple[str, ...] = ()
    index: YearlyIndex | None = None
    mediations: tuple[Mediation, ...] = ()
    moderation: Moderation | None = None

    def about(self, topic: Topic) -> tuple[Verdict, ...]:
        """Return the verdicts of a topic, the worst first; ties keep their order."""
        own = [verdict for verdict in self.verdicts if verdict.topic == topic]
        return tuple(sorted(own, key=lambda verdict: WORST_FIRST.index(verdict.grade)))

    def grade(self, topic: Topic) -> Grade | None:
        """Return the worst grade of a topic; None where nothing was judged."""
        found = [verdict.grade for verdict in self.about(topic) if verdict.grade != "told"]
        return found[0] if found else None

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that have verdicts, in order."""
        there = {verdict.topic for verdict in self.verdicts}
        return tuple(topic for topic in TOPICS if topic in there)

    def __repr__(self) -> str:
        """Say in one line what was assessed and how many verdicts are bad."""
        counts = [sum(v.grade == grade for v in self.verdicts) for grade in ("poor", "doubtful")]
        return (
            f"Assessment of {self.model.name}: {self.estimator}; n = {self.respondents}, "
            f"{self.draws} draws; {len(self.verdicts)} verdicts, {counts[0]} poor, "
            f"{counts[1]} doubtful"
        )

    def _summary(self, language: Language) -> Summary:
        where = "; ".join(f"{key}: {', '.join(values)}" for key, values in self.where.items())
        facts: Told = {
            "Model": self.model.name,
            "Estimator": self.estimator,
            "Where": where or None,
            "Respondents": self.respondents,
            "Replicates": self.draws,
            "Replication": self.replication,
            "Confidence level": self.level,
            "Verdicts": len(self.verdicts),
        }
        head = summarised("Assessment", language, facts, [self._grades(language)])
        return replace(head, lists=tuple(self._lists(language)))

    def _grades(self, language: Language) -> Table | None:
        """Count the verdicts of each topic by grade."""
        rows = [
            (said(topic, language), *(sum(v.grade == g for v in self.about(topic)) for g in GRADES))
            for topic in self.topics
        ]
        return tabled("Verdicts", pd.DataFrame(rows, columns=["topic", *GRADES]), language)

    def _lists(self, language: Language) -> Iterator[Listing]:
        for topic in self.topics:
            lines = tuple(
                f"{said(v.grade, language)}: {v.sentence.within(language)}"
                for v in self.about(topic)
            )
            yield Listing(said(topic, language), lines)
        if self.left_out:
            yield Listing(said("Left out", language), self.left_out)


def verdict_table(verdicts: tuple[Verdict, ...]) -> pd.DataFrame:
    """Return verdicts as a table, one row each, with the sentence in both languages.

    Examples
    --------
    >>> from csi.text import Text
    >>> said = Verdict("measurement", "AVE", "Value", "good", Text("Fine.", "良好。"), 0.7)
    >>> verdict_table((said,))[["about", "grade", "sentence_zh"]].to_numpy().tolist()
    [['Value', 'good', '良好。']]
    """
    rows = [
        (v.topic, v.measure, v.about, v.grade, v.value, v.sentence.en, v.sentence.zh, v.source)
        for v in verdicts
    ]
    return pd.DataFrame(rows, columns=list(VERDICTS))
