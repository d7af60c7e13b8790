"""The quality of the answers of a survey, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from csi.arrays import BoolArray, readonly_bool
from csi.survey.frozen import Portable, frozen_map
from csi.survey.quality.options import AnswerQualityOptions
from csi.tabular import Shown, Summary, Told, summarised, tabled
from csi.text import Language, Text


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AnswerQuality(Shown, Portable):
    """Who may not have read the questions, and which questions did not do their work.

    Attributes
    ----------
    respondents : DataFrame
        One row a respondent, in the order of the survey: ``respondent``, the keys asked for,
        ``weight``, ``put, answered`` (questions), the indices, ``flag_*``, ``flags`` and
        ``signs`` (numbers of them) and ``flagged``.
    summary : DataFrame
        One row a group and flag: the keys, ``flag, sign, cut_off, counted, judged, flagged, share,
        source, note``; ``judged`` respondents have the index, ``share`` is the weighted share of
        them that is flagged. The last row of a group, ``flagged``, is of several signs.
    items : DataFrame
        One row a group and item: the keys, ``item, reversed, put, answered, nonresponse, floor,
        ceiling, note``, weighted shares; ``floor`` is the worst answer, whatever its number.
    styles : DataFrame
        One row a group and answering style: the keys, ``style, n, mean, note``.
    by : tuple of str
        Keys of the groups.
    options : AnswerQualityOptions
    batteries, constructs : mapping of str to tuple of str
        Items by battery and by construct that the indices went by.
    labels : mapping of str to Text
        Labels of the items.
    overall : mapping of str to DataFrame
        ``summary``, ``items`` and ``styles`` of all respondents together.
    notes : tuple of str
        What could not be judged, and why.
    flagged : (n) True for respondents with several signs of carelessness
    """

    respondents: pd.DataFrame
    summary: pd.DataFrame
    items: pd.DataFrame
    styles: pd.DataFrame
    by: tuple[str, ...]
    options: AnswerQualityOptions
    batteries: Mapping[str, tuple[str, ...]]
    constructs: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Text]
    overall: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]
    flagged: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        """Lock the mappings and the flags."""
        for name in ("batteries", "constructs", "labels", "overall"):
            object.__setattr__(self, name, frozen_map(getattr(self, name)))
        object.__setattr__(self, "flagged", readonly_bool(self.flagged))

    @property
    def share(self) -> float:
        """Weighted share of all respondents that is flagged."""
        weights = self.respondents["weight"].to_numpy()
        total = float(weights.sum())
        return float(weights[self.flagged].sum() / total) if total > 0 else float("nan")

    def __repr__(self) -> str:
        """Say in one line how many are flagged."""
        return (
            f"AnswerQuality: {int(self.flagged.sum())} of {len(self.flagged)} respondents flagged "
            f"({self.share:.1%} weighted) with {self.options.least_signs} signs or more; "
            f"{self.items['item'].nunique()} items"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Respondents": len(self.flagged),
            "Flagged": int(self.flagged.sum()),
            "Flagged, weighted share": float(self.share),
            "Signs needed": self.options.least_signs,
            "Items": int(self.items["item"].nunique()),
            "By": ", ".join(self.by) or None,
        }
        columns = [*self.by, "flag", "sign", "cut_off", "judged", "flagged", "share"]
        table = tabled("Signs", self.summary, language, columns)
        return summarised("Quality of the answers", language, facts, [table], notes=self.notes)
