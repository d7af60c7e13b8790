"""From companies to industries, sectors and the nation, with errors by two roads."""

from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.members import Member
from csi.compare.aggregation.options import AggregateOptions
from csi.compare.aggregation.parts import change_parts
from csi.compare.aggregation.published import Published, Rounding, published
from csi.compare.aggregation.table import aggregate

__all__ = [
    "AggregateOptions",
    "Hierarchy",
    "Member",
    "Published",
    "Rounding",
    "aggregate",
    "change_parts",
    "published",
]
