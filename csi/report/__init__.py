"""Reports of a yearly index: tables, charts, page, workbook, slides and a terminal table.

Everything here is a view of a :class:`csi.index.values.YearlyIndex` and computes nothing.
"""

from csi.report import charts
from csi.report.assessment_page import write_assessment
from csi.report.chart import Chart
from csi.report.constructs_chart import constructs_over_years
from csi.report.excel import write_excel
from csi.report.index_chart import index_over_years
from csi.report.item_chart import weights_chart
from csi.report.map_chart import map_chart
from csi.report.mediation_chart import mediation_chart
from csi.report.moderation_chart import moderation_chart
from csi.report.page import write_page
from csi.report.path_chart import path_diagram
from csi.report.pictures import draw_charts
from csi.report.slides import write_slides
from csi.report.style import picture
from csi.report.summary_words import summary_in_words
from csi.report.tables import write_tables
from csi.report.terminal import show
from csi.report.write import write_report

__all__ = [
    "Chart",
    "charts",
    "constructs_over_years",
    "draw_charts",
    "index_over_years",
    "map_chart",
    "mediation_chart",
    "moderation_chart",
    "path_diagram",
    "picture",
    "show",
    "summary_in_words",
    "weights_chart",
    "write_assessment",
    "write_excel",
    "write_page",
    "write_report",
    "write_slides",
    "write_tables",
]
