"""Native charts of a slide deck: their data open in a spreadsheet, margins stand as error bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csi.report.excel_book import Exact
from csi.report.slide_deck import Box, Deck, describe, emu, paint
from csi.report.style import FAINT, INK, PALETTE

SIZE = 11.0
_MARKERS = ("CIRCLE", "SQUARE", "TRIANGLE", "DIAMOND", "X", "PLUS")
_GRID = "#E6E6E6"


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of a chart with their margins.

    Attributes
    ----------
    name : str
    values, margins : tuple of float
        One a category; NaN where there is none.
    """

    name: str
    values: tuple[float, ...]
    margins: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a map: its words, place and the ends of its margins.

    Attributes
    ----------
    name : str
    across, up : float
    across_margin, up_margin : float
    """

    name: str
    across: float
    up: float
    across_margin: float
    up_margin: float


def add_chart(
    deck: Deck,
    slide: Any,
    kind: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    box: Box,
    scale: tuple[float, float],
    words: str,
) -> Any:
    """Add a chart of figures by category.

    Parameters
    ----------
    deck : Deck
    slide : pptx.slide.Slide
    kind : {"line", "bar", "column"}
    categories : sequence of str
    series : sequence of Series
    box : Box
    scale : tuple of float
        Ends of the axis of figures.
    words : str
        Alternative text.

    Returns
    -------
    pptx.chart.chart.Chart
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    kinds = {"line": "LINE_MARKERS", "bar": "BAR_CLUSTERED", "column": "COLUMN_CLUSTERED"}
    kind_of_data: Any = CategoryChartData
    data = kind_of_data(number_format="0.0")
    data.categories = list(categories)
    for one in series:
        data.add_series(one.name, [_figure(value) for value in one.values])
    form = getattr(XL_CHART_TYPE, kinds[kind])
    frame = slide.shapes.add_chart(form, *emu(box), data)
    describe(frame, words)
    chart = frame.chart
    _letters(deck, chart, many=len(series) > 1)
    for number, (one, drawn) in enumerate(zip(series, chart.plots[0].series, strict=True)):
        _paint(drawn, kind, number)
        colour = PALETTE[number].colour if kind == "line" else FAINT
        _add_errors(drawn, "y" if kind == "line" else "", one.margins, colour)
    _category_axes(deck, chart, kind, scale)
    if kind == "bar":
        _value_labels(deck, chart)
    return chart


def add_map(
    deck: Deck,
    slide: Any,
    points: Sequence[Point],
    means: tuple[float, float],
    *,
    box: Box,
    titles: tuple[str, str],
    words: str,
) -> Any:
    """Add a map of points with error bars on both axes and lines at the means.

    Parameters
    ----------
    deck : Deck
    slide : pptx.slide.Slide
    points : sequence of Point
    means : tuple of float
        Where the lines cross: across and up.
    box : Box
    titles : tuple of str
        Of the axis across and the axis up.
    words : str
        Alternative text.
    """
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    across = _ends([(p.across, p.across_margin) for p in points] + [(means[0], 0.0)], 0.1)
    up = _ends([(p.up, p.up_margin) for p in points] + [(means[1], 0.0)], 5.0)
    kind_of_data: Any = XyChartData
    data = kind_of_data(number_format="General")
    rows = {
        titles[1]: [(p.across, p.up) for p in points],
        "x̄": [(means[0], up[0]), (means[0], up[1])],
        "ȳ": [(across[0], means[1]), (across[1], means[1])],
    }
    for name, places in rows.items():
        one = data.add_series(name)
        for left, height in places:
            one.add_data_point(Exact(left), Exact(height))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *emu(box), data)
    describe(frame, words)
    chart = frame.chart
    _letters(deck, chart, many=False)
    dots, *lines = chart.plots[0].series
    _paint(dots, "dots", 0)
    _add_errors(dots, "x", [p.across_margin for p in points], FAINT)
    _add_errors(dots, "y", [p.up_margin for p in points], FAINT)
    for line in lines:
        _dash(line)
    _name_points(deck, dots, points)
    for axis, ends, title in (
        (chart.category_axis, across, titles[0]),
        (chart.value_axis, up, titles[1]),
    ):
        _axis(deck, axis, ends, title)
    chart.category_axis.tick_labels.number_format = "0.0"
    chart.category_axis.tick_labels.number_format_is_linked = False
    return chart


def _figure(value: float) -> Exact | None:
    return Exact(value) if math.isfinite(value) else None


def _ends(values: Sequence[tuple[float, float]], step: float) -> tuple[float, float]:
    """Return ends of an axis at whole steps that hold all values with their margins."""
    wide = [(value, margin if math.isfinite(margin) else 0.0) for value, margin in values]
    low = min(value - margin for value, margin in wide)
    high = max(value + margin for value, margin in wide)
    return step * math.floor(low / step), step * math.ceil(high / step)


def _letters(deck: Deck, chart: Any, *, many: bool) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    deck.letter(chart.font, SIZE, INK)
    chart.has_title = False
    chart.has_legend = many
    if many:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False


def _paint(series: Any, kind: str, number: int) -> None:
    """Give a series its colour and, on a line, its marker."""
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    colour = paint(PALETTE[number].colour)
    if kind in ("bar", "column"):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour
        series.invert_if_negative = False
        return
    series.marker.style = getattr(XL_MARKER_STYLE, _MARKERS[number])
    series.marker.size = 8
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour
    series.marker.format.line.color.rgb = colour
    if kind == "line":
        series.smooth = False
        series.format.line.color.rgb = colour
        series.format.line.width = Pt(2)
    else:
        series.format.line.fill.background()


def _dash(series: Any) -> None:
    """Draw a series as a dashed line without markers."""
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.color.rgb = paint(FAINT)
    series.format.line.width = Pt(1)
    series.format.line.dash_style = MSO_LINE.DASH


def _category_axes(deck: Deck, chart: Any, kind: str, scale: tuple[float, float]) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    _axis(deck, chart.value_axis, scale, deck.view.say("axis_index"))
    chart.value_axis.tick_labels.number_format = "0"
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.reverse_order = kind == "bar"
    if kind != "line":
        chart.plots[0].gap_width = 60


def _axis(deck: Deck, axis: Any, scale: tuple[float, float], title: str) -> None:
    """Set the ends, the grid and the title of an axis of figures."""
    from pptx.enum.chart import XL_AXIS_CROSSES, XL_TICK_LABEL_POSITION

    axis.minimum_scale, axis.maximum_scale = scale
    axis.crosses = XL_AXIS_CROSSES.MINIMUM
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = paint(_GRID)
    axis.has_title = True
    run = axis.axis_title.text_frame.paragraphs[0].add_run()
    run.text = title
    deck.letter(run.font, SIZE, FAINT)


def _value_labels(deck: Deck, chart: Any) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    plot = chart.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = "0.0", False
    labels.position = XL_LABEL_POSITION.INSIDE_BASE
    deck.letter(labels.font, SIZE - 1, "#FFFFFF")


def _name_points(deck: Deck, series: Any, points: Sequence[Point]) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    for number, point in enumerate(points):
        label = series.points[number].data_label
        run = label.text_frame.paragraphs[0].add_run()
        run.text = point.name
        deck.letter(run.font, SIZE, INK)
        label.position = XL_LABEL_POSITION.ABOVE


def _add_errors(series: Any, direction: str, margins: Sequence[float], colour: str) -> None:
    """Add error bars with a margin of their own for each point; python-pptx has none.

    They stand before the categories (or x values) of a series, as the schema of charts asks;
    `direction` is ``x`` or ``y``, and empty for bars, whose errors lie along them.
    """
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    points = "".join(
        f'<c:pt idx="{at}"><c:v>{margin!r}</c:v></c:pt>'
        for at, margin in enumerate(float(margin) for margin in margins)
        if math.isfinite(margin)
    )
    count = len(margins)
    along = f'<c:errDir val="{direction}"/>' if direction else ""
    form = "<c:formatCode>General</c:formatCode>"
    literal = f'<c:numLit>{form}<c:ptCount val="{count}"/>{points}</c:numLit>'
    bars = parse_xml(
        f"<c:errBars {nsdecls('c', 'a')}>"
        f'{along}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{literal}</c:plus><c:minus>{literal}</c:minus>'
        f'<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="{colour.lstrip("#")}"/>'
        "</a:solidFill></a:ln></c:spPr></c:errBars>"
    )
    after = next(
        child for child in series._element if child.tag in (qn("c:cat"), qn("c:xVal"), qn("c:val"))
    )
    after.addprevious(bars)
