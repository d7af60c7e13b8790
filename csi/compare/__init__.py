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
from csi.compare.comparability import Comparability, comparability
from csi.compare.comparability_notes import with_comparability
from csi.compare.estimators import estimator_difference
from csi.compare.impacts import contributions, impacts
from csi.compare.importance import importance_performance
from csi.compare.league import leaders, league_table
from csi.compare.multigroup import multigroup
from csi.compare.permutation import compare_groups
from csi.compare.segments import (
    FimixOptions,
    PosOptions,
    Segmentation,
    describe_segments,
    fimix,
    homogeneity_test,
    pos,
    with_segments,
)
from csi.compare.series import Break, Link, Series
from csi.compare.series_links import linked
from csi.compare.series_marks import series_of
from csi.compare.series_rebasing import rebasing
from csi.compare.series_rolling import rolling
from csi.compare.series_weights import chained, reweighted
from csi.compare.simultaneous import simultaneous_limits
from csi.compare.split_table import change_split
from csi.compare.without_flagged import without_flagged
from csi.compare.without_verdicts import without_verdicts

__all__ = [
    "AggregateOptions",
    "Break",
    "Comparability",
    "FimixOptions",
    "Hierarchy",
    "Link",
    "Member",
    "PosOptions",
    "Rounding",
    "Segmentation",
    "Series",
    "aggregate",
    "chained",
    "change_parts",
    "change_split",
    "comparability",
    "compare_groups",
    "contributions",
    "describe_segments",
    "estimator_difference",
    "fimix",
    "homogeneity_test",
    "impacts",
    "importance_performance",
    "leaders",
    "league_table",
    "linked",
    "multigroup",
    "pos",
    "published",
    "rebasing",
    "reweighted",
    "rolling",
    "series_of",
    "simultaneous_limits",
    "with_comparability",
    "with_segments",
    "without_flagged",
    "without_verdicts",
]
