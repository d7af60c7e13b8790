"""Levels of invariance as values: each with its fit, and how it compares with the one before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.errors import EstimationError, Fault
from csi.estimate.covariance.release_tests import release_tests
from csi.estimate.covariance.result import SemFit, Test
from csi.estimate.covariance.verdicts import Measured
from csi.model.sem.invariance import PARTS, Level
from csi.model.words import remedy
from csi.tabular import Brief, Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language


@dataclass(frozen=True, slots=True, repr=False)
class Step(Brief):
    """One level of invariance and how it compares with the one before.

    Attributes
    ----------
    level : str
    fit : SemFit
    measured : Measured
        Its test and measures of fit, robust ones where the fit has them.
    difference : Test or None
        Of the level before; None for the first, or where nothing is added.
    holds : bool
    verdict : str
        In words.
    """

    level: Level
    fit: SemFit
    measured: Measured
    difference: Test | None
    holds: bool
    verdict: str


@dataclass(frozen=True, slots=True, repr=False)
class Invariance(Summarised):
    """Levels of invariance of a model across groups.

    Attributes
    ----------
    by : str
        Key of the groups.
    groups : tuple of str
    free : tuple of str
        Parameters released at all levels: partial invariance.
    steps : tuple of Step
        From the weakest level to the strongest.
    """

    by: str
    groups: tuple[str, ...]
    free: tuple[str, ...]
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        """Say which level is reached."""
        partly = f", free: {', '.join(self.free)}" if self.free else ""
        return (
            f"Invariance by {self.by}, {len(self.groups)} groups{partly}: "
            f"{self.reached or 'no level'} holds"
        )

    @property
    def reached(self) -> str:
        """The strongest level that holds with all before it; empty where the form does not fit."""
        found = ""
        for step in self.steps:
            if not step.holds:
                break
            found = step.level
        return found

    def fit(self, level: str) -> SemFit:
        """Return the fit of a level.

        Raises
        ------
        EstimationError
            For a level that was not fitted.
        """
        return self._step(level).fit

    def table(self) -> pd.DataFrame:
        """Return one row a level.

        Returns
        -------
        DataFrame
            ``level, chi_square, df, p_value, cfi, rmsea, srmr, bic`` of the level; against the
            level before ``difference, difference_df, difference_p`` (chi-square) and
            ``cfi_change, rmsea_change, srmr_change``; ``verdict``. Chi-square, CFI and RMSEA are
            the robust ones where errors are.
        """
        rows = []
        before: Step | None = None
        for step in self.steps:
            own, test = step.measured, step.difference
            was = before.measured if before else None
            rows.append(
                {
                    "level": step.level,
                    "chi_square": own.chi_square,
                    "df": own.freedom,
                    "p_value": own.p_value,
                    "cfi": own.cfi,
                    "rmsea": own.rmsea,
                    "srmr": own.srmr,
                    "bic": own.bic,
                    "difference": test.statistic if test else np.nan,
                    "difference_df": test.freedom if test else np.nan,
                    "difference_p": test.p_value if test else np.nan,
                    "cfi_change": own.cfi - was.cfi if was else np.nan,
                    "rmsea_change": own.rmsea - was.rmsea if was else np.nan,
                    "srmr_change": own.srmr - was.srmr if was else np.nan,
                    "verdict": step.verdict,
                }
            )
            before = step
        return pd.DataFrame(rows)

    def releases(self, level: str) -> pd.DataFrame:
        """Return which parameters to release first where a level fails.

        Parameters
        ----------
        level : str
            Only what this level makes equal and the level before does not.

        Returns
        -------
        DataFrame
            As of `release_tests`; give the first ``parameter`` under ``free`` and look again.
        """
        step = self._step(level)
        at = self.steps.index(step)
        known = PARTS[self.steps[at - 1].level] if at else ()
        return release_tests(step.fit, parts=set(PARTS[step.level]) - set(known))

    def _step(self, level: str) -> Step:
        for step in self.steps:
            if step.level == level:
                return step
        known = [step.level for step in self.steps]
        raise EstimationError(Fault(f"level {level}", "was not fitted", remedy(level, known)))

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "By": self.by,
            "Groups": len(self.groups),
            "Released": ", ".join(self.free) or None,
            "Level reached": self.reached or said("none", language),
        }
        table = self.table().drop(columns="verdict")
        found = tabled(
            "Levels of invariance", table, language, decimals={"df": 0, "difference_df": 0}
        )
        notes = [f"{step.level}: {step.verdict}" for step in self.steps if step.verdict]
        return summarised("Invariance across groups", language, facts, [found], notes=notes)
