"""Yearly index figures, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from csi.index.joint import Joint
from csi.model.model import Model
from csi.survey.codebook import Codebook
from csi.survey.frozen import Portable, frozen_map
from csi.tabular import Brief, Summarised, Summary, Told, coefficients, said, summarised, tabled
from csi.text import Language

_HEADLINE = (
    "year", "group", "index", "se", "lower", "upper", "n", "change", "change_lower", "change_upper",
    "p_value", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class IndexMetric(Brief):
    """What an index figure is measured in: stored with every table.

    Attributes
    ----------
    weights : str
        ``own``, ``pooled``, ``frozen:PERIOD`` or ``equal``.
    metric : str
        ``standardised`` or ``raw`` estimation.
    estimator : str
        The estimator with its options, in words.
    missing : str
        Treatment of missing answers.
    replication : str
        Resampling in words: method, draws, seed.
    interval : str
        ``percentile``, ``bias-corrected``, ``bca``, ``studentised`` or ``normal``.
    level : float
        Confidence level, such as 0.95.
    min_n : int
        Groups with fewer respondents are suppressed.
    draws, seed : int
    time, group : str
        Names of the keys; empty where the survey has none.
    scale : tuple of (item, low, high)
    design : str
        ``codebook``, or ``simple`` where the sampling design was passed over.
    """

    weights: str
    metric: str
    estimator: str
    missing: str
    replication: str
    interval: str
    level: float
    min_n: int
    draws: int
    seed: int
    time: str
    group: str
    scale: tuple[tuple[str, float, float], ...]
    design: str = "codebook"


@dataclass(frozen=True, slots=True, repr=False)
class YearlyIndex(Summarised, Portable):
    """Index figures of all periods and groups with everything a report needs.

    Years and groups are text. A survey without time or group has ``"all"`` there.

    Attributes
    ----------
    figures : DataFrame
        One row a year, group and construct: ``year, group, construct, index, se, moe, lower,
        upper, n, n_effective, change, change_lower, change_upper, p_value, weights, note,
        change_se, sd, sum_weights, design_effect, freedom, se_linear, change_se_linear, p_holm,
        p_bh, draws_used, compared_with``. Index and all of its errors are on the 0-100 scale.
        The adjusted p values take all changes of a construct for one family of tests.
    paths : DataFrame
        ``year, group, from, to, estimate, se, lower, upper, expected_sign, verified``.
    effects : DataFrame
        ``year, group, from, to, direct, indirect, total, se, lower, upper`` (errors of the total),
        for standardised constructs.
    weights : DataFrame
        ``year, group, construct, item, weight, loading, index_weight, weight_se, loading_se,
        index_weight_se``; index weights add up to one within a construct.
    quality : DataFrame
        ``year, group, construct, r2, r2_adjusted, r2_se, reliability``.
    fits : DataFrame
        One row a year and group: ``year, group, n_used, n_effective, converged, steps,
        admissible, draws, draws_used, draws_not_converged, draws_degenerate,
        draws_inadmissible, problem``.
    items : DataFrame
        ``year, item, asked, answered, missing``: counts; asked is False for an item
        nobody was asked in that year.
    missing : DataFrame
        ``year, item, meaning, count`` from the survey.
    excluded : DataFrame
        ``year, reason, count``: respondents left out as a whole.
    model : Model
    codebook : Codebook
    metric : IndexMetric
    notes : tuple of str
        What the reader must know (English sentences).
    joint : Joint or None
        Levels of all groups with their replicates: what comparisons are made from.
    tables : mapping of str to DataFrame
        Further tables made from `joint`: impacts, league tables, splits, aggregates.
    """

    figures: pd.DataFrame
    paths: pd.DataFrame
    effects: pd.DataFrame
    weights: pd.DataFrame
    quality: pd.DataFrame
    fits: pd.DataFrame
    items: pd.DataFrame
    missing: pd.DataFrame
    excluded: pd.DataFrame
    model: Model
    codebook: Codebook
    metric: IndexMetric
    notes: tuple[str, ...] = ()
    joint: Joint | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lock the mapping of further tables."""
        object.__setattr__(self, "tables", frozen_map(self.tables))

    def with_tables(self, **tables: pd.DataFrame) -> YearlyIndex:
        """Return the same figures with further tables beside them, such as ``ranks``."""
        return replace(self, tables={**self.tables, **tables})

    def headline(self) -> pd.DataFrame:
        """Return the figures of the index construct only."""
        own = self.figures["construct"] == self.model.index
        return self.figures[own].drop(columns="construct").reset_index(drop=True)

    def __repr__(self) -> str:
        """Say in one line what the figures are of."""
        figures = self.headline()
        years = figures["year"].unique()
        span = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
        groups = figures["group"].nunique()
        return (
            f"YearlyIndex of {self.model.index}: {span}, {groups} group{'s' * (groups > 1)}; "
            f"{figures['index'].notna().sum()} of {len(figures)} figures; {self.metric.estimator}, "
            f"weights {self.metric.weights}"
        )

    def _summary(self, language: Language) -> Summary:
        metric, fits, own = self.metric, self.fits, self.headline()
        facts: Told = {
            "Model": self.model.name,
            "Index construct": self.model.label(self.model.index).within(language),
            "Estimator": metric.estimator,
            "Index weights": said(metric.weights, language),
            "Metric": said(metric.metric, language),
            "Missing answers": said(metric.missing, language),
            "Periods": int(own["year"].nunique()),
            "Groups": int(own["group"].nunique()),
            "Respondents": int(fits["n_used"].sum()),
            "Figures": f"{int(own['index'].notna().sum())} / {len(own)}",
            "Fits that converged": f"{int(fits['converged'].sum())} / {len(fits)}",
            "Confidence level": metric.level,
            "Interval": said(metric.interval, language),
            "Replication": metric.replication,
        }
        problems = fits[fits["problem"].fillna("").ne("")] if "problem" in fits else fits[:0]
        tables = (
            tabled("Index, 0 to 100", own, language, _HEADLINE, digits=2),
            coefficients(
                "Paths", self.paths, language, ["year", "group", "from", "to"],
                statistic="t", level=metric.level,
            ) if len(fits) == 1 else None,
            tabled("Constructs", self.quality, language) if len(fits) == 1 else None,
            tabled("Not fitted", problems, language, ["year", "group", "n_used", "problem"]),
        )  # fmt: skip
        return summarised("Satisfaction index", language, facts, tables, notes=self.notes)
