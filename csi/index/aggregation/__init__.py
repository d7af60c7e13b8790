"""From companies to industries, sectors and the nation, with errors by two roads."""

from csi.index.aggregation.hierarchy import Hierarchy
from csi.index.aggregation.members import Member
from csi.index.aggregation.options import AggregateOptions
from csi.index.aggregation.parts import change_parts
from csi.index.aggregation.published import Published, Rounding, published
from csi.index.aggregation.table import aggregate

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
