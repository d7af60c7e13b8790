"""Tables and summaries as values; text, HTML, Markdown, LaTeX and data frames are views of them."""

from csi.tabular.brief import Brief
from csi.tabular.coefficients import coefficients
from csi.tabular.lettering import short, width_of
from csi.tabular.parameters import WithParameters
from csi.tabular.shown import (
    Shown,
    Summarised,
    Told,
    counted,
    listed,
    summarised,
    summary_of,
    tabled,
)
from csi.tabular.summary import Fact, Listing, Summary
from csi.tabular.table import Cell, Decimals, Table
from csi.tabular.words import head, said

__all__ = [
    "Brief",
    "Cell",
    "Decimals",
    "Fact",
    "Listing",
    "Shown",
    "Summarised",
    "Summary",
    "Table",
    "Told",
    "WithParameters",
    "coefficients",
    "counted",
    "head",
    "listed",
    "said",
    "short",
    "summarised",
    "summary_of",
    "tabled",
    "width_of",
]
