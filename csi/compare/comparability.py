"""May years, groups or modes be compared? One door to both ways of asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from csi.compare.covariance_verdicts import FREED, invariance_verdicts
from csi.compare.group_pairs import Pairs, grouped, key_words
from csi.compare.micom import micom
from csi.compare.micom_values import Micom
from csi.compare.micom_verdicts import micom_verdicts
from csi.errors import Fault, OptionError
from csi.estimate.covariance.invariance_ladder import LEVELS, invariance
from csi.estimate.covariance.invariance_steps import Invariance
from csi.estimate.covariance.options import SemOptions
from csi.estimate.multiple import Adjustment
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.model.sem.invariance import Level
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language
from csi.verdict import Verdict

ComparabilityMethod = Literal["micom", "covariance"]
"""Composites by permutation, or common factors by equality constraints."""

ALLOWED = ("construct", "group", "other", "impacts", "levels", "pooling", "why")
"""Columns of what may be compared, in order."""

WHOLE = "all groups"
"""Stands for the groups where they are tested together."""


@dataclass(frozen=True, slots=True, repr=False)
class Comparability(Summarised):
    """What may be compared over years, groups or modes.

    Attributes
    ----------
    method : {"micom", "covariance"}
    by : str
    where : mapping of str to str
    groups : tuple of str
    allowed : DataFrame
        One row a construct and pair (covariance: the whole model and all groups): ``construct,
        group, other, impacts, levels, pooling, why``; None where it could not be tested
        (covariance fits say nothing of pooling: means and variances of factors are free).
    verdicts : tuple of Verdict
    tables : mapping of str to DataFrame
        ``constructs, tests, configural`` of MICOM, or ``levels`` and ``releases`` of covariance
        fits.
    found : Micom or Invariance
        The result itself.
    """

    method: ComparabilityMethod
    by: str
    where: Mapping[str, str]
    groups: tuple[str, ...]
    allowed: pd.DataFrame
    verdicts: tuple[Verdict, ...]
    tables: Mapping[str, pd.DataFrame]
    found: Micom | Invariance

    def holds(self, what: Literal["impacts", "levels", "pooling"] = "levels") -> bool:
        """Tell whether impacts or levels may be compared, or groups pooled, everywhere."""
        return bool(self.allowed[what].eq(True).all())

    def __repr__(self) -> str:
        """Say in one line what may be compared."""
        counts = [
            f"{what} {int(self.allowed[what].eq(True).sum())} of {len(self.allowed)}"
            for what in ("impacts", "levels", "pooling")
        ]
        return (
            f"Comparability by {self.by} ({self.method}), {len(self.groups)} groups: "
            f"{', '.join(counts)}"
        )

    def _summary(self, language: Language) -> Summary:
        where = ", ".join(f"{key} {value}" for key, value in self.where.items())
        facts: Told = {
            "Method": self.method,
            "By": self.by,
            "Where": where or None,
            "Groups": len(self.groups),
            "Impacts may be compared": self._share("impacts"),
            "Levels may be compared": self._share("levels"),
            "Groups may be pooled": self._share("pooling"),
        }
        table = tabled("What may be compared", self.allowed, language)
        return summarised("Comparability", language, facts, [table], verdicts=self.verdicts)

    def _share(self, what: str) -> str:
        return f"{int(self.allowed[what].eq(True).sum())} / {len(self.allowed)}"


def comparability(
    survey: Survey,
    model: Model,
    *,
    by: str | None = None,
    method: ComparabilityMethod = "micom",
    where: Mapping[str, str] | None = None,
    pairs: Pairs | None = None,
    permutations: int | None = None,
    seed: int = 1,
    alpha: float = 0.05,
    adjust: Adjustment = "holm",
    options: IndexOptions | None = None,
    levels: Level | Sequence[Level] = LEVELS,
    free: str | Sequence[str] = (),
    sem: SemOptions | None = None,
) -> Comparability:
    """Test what may be compared over years, groups or modes.

    Parameters
    ----------
    survey : Survey
    model : Model
    by : str, optional
        Key of the codebook: the time (where None), company, mode of interview, language ...
    method : {"micom", "covariance"}
        ``micom``: are composites formed alike (`csi.compare.micom.micom`); goes with PLS.
        ``covariance``: do factors have equal loadings and intercepts
        (`csi.estimate.covariance.invariance_ladder.invariance`); the only one that sees a question
        that is answered differently at the same satisfaction.
    where : mapping of str to str, optional
        Values of other keys that all respondents share. Groups are compared in the last period
        where it names none.
    pairs, permutations, seed, alpha, adjust, options
        Of MICOM only.
    levels, free, sem
        Of covariance fits only: levels tried, parameters released, options of the fits; where
        `sem` is None robust errors with missing answers kept (``errors="mlr", missing="fiml"``).

    Returns
    -------
    Comparability

    Raises
    ------
    IndexFigureError, EstimationError
        Unknown names, groups that cannot be compared.
    OptionError
        Impossible options, and options of the other method.

    Examples
    --------
    >>> from csi.simulation import simulate
    >>> import csi
    >>> made = simulate(csi.models.load("scsb"), years=[2024, 2025], n=200, seed=1)
    >>> survey = csi.read_survey(made.answers, made.codebook)
    >>> comparability(survey, made.model, permutations=199)
    Comparability by year (micom), 2 groups: impacts 5 of 5, levels 5 of 5, pooling 5 of 5
    """
    if method not in get_args(ComparabilityMethod):
        fix = f"use one of {', '.join(get_args(ComparabilityMethod))}"
        raise OptionError(Fault("option method", f"{method!r} is not possible", fix))
    if method == "covariance":
        of_micom = {"pairs": pairs, "permutations": permutations}
        _refuse(method, [name for name, value in of_micom.items() if value is not None])
        return _by_covariances(survey, model, by, where, levels, free, sem)
    others = {"levels": levels != LEVELS, "free": bool(free), "sem": sem is not None}
    _refuse(method, [name for name, given in others.items() if given])
    found = micom(
        survey, model, by=by, pairs=pairs, where=where, permutations=permutations, seed=seed,
        alpha=alpha, adjust=adjust, options=options,
    )  # fmt: skip
    return Comparability(
        method="micom",
        by=found.by,
        where=found.where,
        groups=found.groups,
        allowed=_allowed(found),
        verdicts=micom_verdicts(found),
        tables={
            "constructs": found.constructs,
            "tests": found.tests,
            "configural": found.configural,
        },
        found=found,
    )


def _refuse(method: str, names: list[str]) -> None:
    """Refuse options of the other method."""
    if names:
        raise OptionError(
            [Fault(f"option {name}", f"has no effect with method {method}", "leave it out")
             for name in names]
        )  # fmt: skip


def _allowed(found: Micom) -> pd.DataFrame:
    """Return what MICOM lets be compared."""
    table = found.constructs
    kinds = table["invariance"]
    untested = kinds.eq("untested")

    def told(holds: pd.Series) -> pd.Series:
        values = [None if none else bool(own) for none, own in zip(untested, holds, strict=True)]
        return pd.Series(values, index=table.index, dtype=object)

    alike = told(kinds.isin(["full", "partial"]))
    columns = {
        "construct": table["construct"],
        "group": table["group"],
        "other": table["other"],
        "impacts": alike,
        "levels": alike,
        "pooling": told(kinds.eq("full")),
        "why": kinds + " invariance",
    }
    return pd.DataFrame(columns)[list(ALLOWED)]


def _by_covariances(
    survey: Survey,
    model: Model,
    by: str | None,
    where: Mapping[str, str] | None,
    levels: Level | Sequence[Level],
    free: str | Sequence[str],
    sem: SemOptions | None,
) -> Comparability:
    """Test the invariance of covariance fits."""
    part = grouped(survey, model, by, None, where)
    options = sem or SemOptions(errors="mlr", missing="fiml")
    found = invariance(model, part.survey, by=part.by, levels=levels, free=free, options=options)
    reached = found.reached
    at = LEVELS.index(reached) if reached in LEVELS else -1
    why = f"{reached or 'no'} invariance" + (f", {FREED}: {', '.join(found.free)}" if free else "")
    row = {
        "construct": "", "group": WHOLE, "other": "", "impacts": at >= LEVELS.index("metric"),
        "levels": at >= LEVELS.index("scalar"), "pooling": None,
        "why": why,
    }  # fmt: skip
    tables = {"levels": found.table()}
    failed = next((step for step in found.steps[1:] if not step.holds and step.fit.converged), None)
    if failed is not None:
        tables["releases"] = found.releases(failed.level)
    return Comparability(
        method="covariance",
        by=part.by,
        where=part.where,
        groups=found.groups,
        allowed=pd.DataFrame([row], columns=list(ALLOWED)),
        verdicts=invariance_verdicts(found, key_words(survey, part.by)),
        tables=tables,
        found=found,
    )
