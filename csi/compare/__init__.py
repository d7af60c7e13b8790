"""Comparisons of groups, periods and weights: all from joint levels with their replicates."""

from csi.compare.aggregation import (
    AggregateOptions,
    Hierarchy,
    Member,
    Rounding,
    aggregate,
    change_parts,
    published,
)
from csi.compare.estimators import estimator_difference
from csi.compare.impacts import contributions, impacts
from csi.compare.league import leaders, league_table
from csi.compare.permutation import compare_groups
from csi.compare.series import Break, Link, Series
from csi.compare.series_links import linked
from csi.compare.series_marks import series_of
from csi.compare.series_rebasing import rebasing
from csi.compare.series_rolling import rolling
from csi.compare.series_weights import chained, reweighted
from csi.compare.simultaneous import simultaneous_limits
from csi.compare.split_table import change_split

__all__ = [
    "AggregateOptions",
    "Break",
    "Hierarchy",
    "Link",
    "Member",
    "Rounding",
    "Series",
    "aggregate",
    "chained",
    "change_parts",
    "change_split",
    "compare_groups",
    "contributions",
    "estimator_difference",
    "impacts",
    "leaders",
    "league_table",
    "linked",
    "published",
    "rebasing",
    "reweighted",
    "rolling",
    "series_of",
    "simultaneous_limits",
]
