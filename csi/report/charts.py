"""All charts, for notebooks: ``from csi.report import charts; charts.league(yearly)``.

Every chart takes values that are there already and computes nothing; returns its matplotlib
`Figure`; takes ``language="en"`` or ``"zh"``; and with ``ax=`` draws into axes of yours, which keep
the title inside and have no footer. Save a figure with `picture`: PNG, or SVG whose marks say
their values on hover.

- `index_over_years`: the index of each group by year, with margins of error; from `YearlyIndex`.
- `trend`: one construct by year; lines stop at breaks, with reasons; from `Series`,
  `YearlyIndex`.
- `league`: groups from first to last, rank sets, who may be first; from ``tables["ranks"]``.
- `groups`: all constructs, groups side by side; from `YearlyIndex`.
- `constructs_over_years`: every construct by year; from `YearlyIndex`.
- `aggregates`: companies, industries, nation as a tree; from ``tables["aggregates"]``.
- `path_diagram`: the model with its coefficients; from `YearlyIndex`.
- `forest`: path coefficients or total effects with intervals; from `YearlyIndex`.
- `map_chart`: importance and performance of constructs or items; from ``tables["map"]``.
- `waterfall`: a change of the index and its parts; from ``tables["changes"]``,
  ``["contributions"]``.
- `answers_chart`: how the questions were answered, from low to high; from ``tables["answers"]``.
- `score_distribution`: scores of respondents; from ``tables["score_shares"]``.
- `weights_chart`: how much each item counts in its construct; from `YearlyIndex`.
- `mediation_chart`: direct, indirect and total effects; from `csi.assess.mediation`.
- `moderation_chart`: simple slopes and curves; from `csi.assess.moderation`.

Examples
--------
>>> import csi
>>> from csi.report import charts
>>> made = csi.simulate(csi.models.load("scsb"), years=[2024, 2025], n=120, seed=1)
>>> survey = csi.read_survey(made.answers, made.codebook)
>>> yearly = csi.yearly(survey, csi.models.load("scsb"), options=csi.IndexOptions(draws=100))
>>> figure = charts.trend(yearly)
>>> charts.picture(figure, "svg")[:5]
b'<?xml'
"""

from csi.report.aggregates_chart import aggregates
from csi.report.answers_chart import answers_chart
from csi.report.constructs_chart import constructs_over_years
from csi.report.forest_chart import forest
from csi.report.groups_chart import groups
from csi.report.index_chart import index_over_years
from csi.report.item_chart import weights_chart
from csi.report.league_chart import league
from csi.report.map_chart import map_chart
from csi.report.mediation_chart import mediation_chart
from csi.report.moderation_chart import moderation_chart
from csi.report.path_chart import path_diagram
from csi.report.scores_chart import score_distribution
from csi.report.style import picture
from csi.report.trend_chart import trend
from csi.report.waterfall_chart import waterfall

__all__ = [
    "aggregates",
    "answers_chart",
    "constructs_over_years",
    "forest",
    "groups",
    "index_over_years",
    "league",
    "map_chart",
    "mediation_chart",
    "moderation_chart",
    "path_diagram",
    "picture",
    "score_distribution",
    "trend",
    "waterfall",
    "weights_chart",
]
