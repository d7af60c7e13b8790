"""Segments found, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from csi.arrays import Array, IntArray
from csi.compare.segments.options import FimixOptions, PosOptions
from csi.compare.segments.scored import Scored
from csi.errors import Fault, OptionError
from csi.model.model import Model
from csi.survey.frozen import Portable
from csi.tabular import Brief, Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language
from csi.verdict import Verdict

Method = Literal["FIMIX-PLS", "PLS-POS"]

Errors = Literal["resampled", "normal"]
"""Where the residuals of homogeneous answers come from: from the respondents, or from a normal
distribution."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Solution(Brief):
    """The best solution with K segments, largest segment first.

    Attributes
    ----------
    posterior : (K, n) probability of each segment for each respondent; 0 and 1 under PLS-POS
    segment : (n) the likeliest segment, from 0
    share : (K) weighted shares
    paths : (K, q, q) regression coefficients of scores, [source, target]
    intercepts : (K, q) NaN for exogenous constructs
    residual : (K, q) residual variances
    standardised : (K, q, q) coefficients of scores that have variance one within the segment
    r2 : (K, q) explained share of the variance within the segment
    """

    posterior: Array
    segment: IntArray
    share: Array
    paths: Array
    intercepts: Array
    residual: Array
    standardised: Array
    r2: Array


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Segmentation(Summarised, Portable):
    """Segments of respondents for whom a model has different paths.

    Attributes
    ----------
    method : {"FIMIX-PLS", "PLS-POS"}
    model : Model
    scored : Scored
        The respondents, their weights and scores.
    options : FimixOptions or PosOptions
    chosen : int
        Number of segments by the rule, or as told; 0 where no solution can be used.
    rule : str
        How it was chosen, in words.
    indicated : mapping of str to int
        The number of segments that each criterion would take.
    solutions : mapping of int to Solution
        By number of segments.
    criteria : DataFrame
        One row a number of segments.
    paths, equations, sizes : DataFrame
        One row a path, a regression, a segment, of every number of segments.
    verdicts : tuple of Verdict
    notes : tuple of str
        What a reader must know.
    """

    method: Method
    model: Model
    scored: Scored
    options: FimixOptions | PosOptions
    chosen: int
    rule: str
    indicated: Mapping[str, int]
    solutions: Mapping[int, Solution]
    criteria: pd.DataFrame
    paths: pd.DataFrame
    equations: pd.DataFrame
    sizes: pd.DataFrame
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]

    def solution(self, segments: int | None = None) -> Solution:
        """Return the solution with so many segments; that of the rule where None.

        Raises
        ------
        OptionError
            Where there is none.
        """
        wanted = self.chosen if segments is None else segments
        if wanted not in self.solutions:
            known = ", ".join(map(str, self.solutions)) or "none"
            what = f"there is no solution with {wanted}"
            raise OptionError(Fault("option segments", what, f"known here: {known}"))
        return self.solutions[wanted]

    @property
    def members(self) -> pd.DataFrame:
        """Members of the chosen solution, as `members_of`."""
        return self.members_of()

    def members_of(self, segments: int | None = None) -> pd.DataFrame:
        """Return one row a respondent: the likeliest segment and all probabilities.

        Parameters
        ----------
        segments : int, optional
            Number of segments; that of the rule where None.

        Returns
        -------
        DataFrame
            ``row`` (place in the survey), ``weight, segment`` (from 1, the largest first),
            ``probability`` of that segment, and ``p1, p2`` ... In the order of the survey.
        """
        found, sample = self.solution(segments), self.scored.sample
        order = np.argsort(sample.numbers, kind="stable")
        columns = {f"p{k + 1}": column[order] for k, column in enumerate(found.posterior)}
        return pd.DataFrame(
            {
                "row": sample.numbers[order],
                "weight": sample.weights[order],
                "segment": found.segment[order] + 1,
                "probability": found.posterior.max(axis=0)[order],
                **columns,
            }
        )

    def __repr__(self) -> str:
        """Say in one line what was found."""
        n, away = len(self.scored.scores), self.scored.left_out
        out = f", {away} left out for missing answers" if away else ""
        return (
            f"Segmentation of {self.model.name} by {self.method}: {self.chosen} segments of "
            f"{', '.join(map(str, self.solutions))} tried ({self.rule}); {n} respondents{out}"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Model": self.model.name,
            "Method": self.method,
            "Respondents": len(self.scored.scores),
            "Left out": self.scored.left_out,
            "Segments": self.chosen,
            "Rule": self.rule,
            "Tried": ", ".join(map(str, self.solutions)),
        }
        here = [frame[frame["segments"] == self.chosen] for frame in (self.sizes, self.paths)]
        tables = (
            tabled("Criteria", self.criteria, language),
            tabled("Sizes of the segments", here[0], language),
            tabled("Paths of the segments", here[1], language),
        )
        return summarised(
            "Hidden groups", language, facts, tables, verdicts=self.verdicts, notes=self.notes
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HomogeneityTest(Summarised):
    """One group against two.

    Attributes
    ----------
    statistic : float
        Twice the gain in log-likelihood of two segments over one.
    draws : (R) the same of homogeneous answers; NaN where no start could be used
    p_value : float
    used : int
        Draws that could be used.
    errors : {"resampled", "normal"}
    starts, seed : int
    """

    statistic: float
    draws: Array
    p_value: float
    used: int
    errors: Errors
    starts: int
    seed: int

    def __repr__(self) -> str:
        """Say in one line what was found."""
        return (
            f"HomogeneityTest: 2 ln L ratio {self.statistic:.1f}, p {self.p_value:.3f} by "
            f"{self.used} homogeneous samples ({self.errors} residuals)"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "2 ln L ratio": self.statistic,
            "p value": (self.p_value, "p"),
            "Draws used": f"{self.used} / {len(self.draws)}",
            "Residuals": said(self.errors, language),
            "Starts": self.starts,
            "Seed": self.seed,
        }
        return summarised("One group against two", language, facts)
