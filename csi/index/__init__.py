"""Index figures: scores from 0 to 100 with margins of error, by year and group."""

from csi.index.options import IndexOptions
from csi.index.scores import scores
from csi.index.single import index_figures
from csi.index.values import IndexMetric, YearlyIndex
from csi.index.yearly import yearly

__all__ = ["IndexMetric", "IndexOptions", "YearlyIndex", "index_figures", "scores", "yearly"]
