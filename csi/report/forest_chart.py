"""The forest of path coefficients or total effects, of one group or of several side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from csi.errors import Fault, OptionError, ReportError
from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of
from csi.report.captions import joined
from csi.report.chart_tips import arrow_tip, estimate, group_name
from csi.report.lettering import wrap
from csi.report.numbers import count, number, percent
from csi.report.remarks import against_theory, spans_zero
from csi.report.row_marks import Marks, columns_right, dodged, draw_marks, frame_rows
from csi.report.style import FEW, INK, PALETTE, WRONG, Shade, drawing, round_ticks
from csi.report.view import Row, View, rows_of
from csi.text import Language

Kind = Literal["paths", "effects"]
_COLUMN = {"paths": "estimate", "effects": "total"}


@dataclass(frozen=True, slots=True)
class _Forest:
    """What is drawn: lines of the chart, headings among them, and rows by group."""

    ends: tuple[tuple[str, str], ...]
    places: tuple[int, ...]
    headings: tuple[tuple[int, str], ...]
    by_group: dict[str, dict[tuple[str, str], Row]]

    @property
    def lines(self) -> int:
        return len(self.ends) + len(self.headings)


def forest(
    yearly: YearlyIndex,
    *,
    kind: Kind = "paths",
    year: str | None = None,
    groups: Sequence[str] | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw coefficients with their intervals, under the construct that they lead to.

    Parameters
    ----------
    yearly : YearlyIndex
    kind : {"paths", "effects"}
        Path coefficients, or total effects.
    year : str, optional
        The last year with coefficients where not given.
    groups : sequence of str, optional
        One stands with its figures, up to six side by side. All where not given; of more than
        six the first six, and the footer says so.
    language : Language
    ax : Axes, optional
        Where to draw; a figure of its own where not given.

    Returns
    -------
    Figure
        That of `ax` where it is given.

    Raises
    ------
    ReportError
        No coefficients; unknown year or group; Chinese text and no font for it.
    OptionError
        Unknown kind or language; more than six groups named.
    """
    view = View(yearly, language)
    _check(kind, groups)
    frame = yearly.paths if kind == "paths" else yearly.effects
    when = view.latest(frame) if year is None else view.require("year", year, view.years)
    here = frame[frame["year"] == when]
    there = [group for group in view.groups if group in set(here["group"])]
    if not there:
        what = f"there are no coefficients in {when}"
        raise ReportError(Fault(kind, what, "take a year and an estimator with a fitted model"))
    own = there[:FEW] if groups is None else [view.require("group", g, view.groups) for g in groups]
    by_group = {
        group: {(row["from"], row["to"]): row for row in rows_of(here[here["group"] == group])}
        for group in own
    }
    left_out = (
        ""
        if groups is not None or len(there) <= FEW
        else view.say("foot_first", shown=len(own), all=len(there))
    )
    with drawing(language):
        made = _rows(view, by_group, when)
        return _drawn(view, made, kind, when, left_out, ax)


def _check(kind: str, groups: Sequence[str] | None) -> None:
    faults = []
    if kind not in get_args(Kind):
        fix = f"use one of {', '.join(get_args(Kind))}"
        faults.append(Fault("kind", f"{kind!r} is not possible", fix))
    if groups is not None and not 0 < len(groups) <= FEW:
        what = f"{len(groups)} groups do not fit side by side"
        faults.append(Fault("groups", what, f"name one to {FEW}"))
    if faults:
        raise OptionError(faults)


def _rows(view: View, by_group: dict[str, dict[tuple[str, str], Row]], year: str) -> _Forest:
    """Put coefficients under headings, targets in the order of the model."""
    names = view.yearly.model.names
    found = {end for rows in by_group.values() for end in rows}
    ordered = sorted(found, key=lambda end: (names.index(end[1]), names.index(end[0])))
    places: list[int] = []
    headings: list[tuple[int, str]] = []
    ends: list[tuple[str, str]] = []
    last = ""
    for end in ordered:
        if end[1] != last:
            last = end[1]
            headings.append((len(places) + len(headings), _heading(view, last, by_group, year)))
        places.append(len(places) + len(headings))
        ends.append(end)
    return _Forest(tuple(ends), tuple(places), tuple(headings), by_group)


def _heading(view: View, target: str, by_group: dict[str, dict[tuple[str, str], Row]],
             year: str) -> str:  # fmt: skip
    quality, label = view.yearly.quality, view.construct(target)
    if len(by_group) == 1:
        (group,) = by_group
        here = (quality["year"] == year) & (quality["group"] == group)
        r2 = quality.loc[here & (quality["construct"] == target), "r2"]
        if len(r2) and math.isfinite(r2.iloc[0]):
            return view.say("forest_to_r2", construct=label, r2=number(r2.iloc[0], 2))
    return view.say("forest_to", construct=label)


def _drawn(
    view: View, made: _Forest, kind: Kind, year: str, left_out: str, ax: Axes | None
) -> Figure:
    sets = len(made.by_group)
    canvas = canvas_of(ax, 8.6, 1.9 + made.lines * max(0.25, 0.13 * sets))
    axes = canvas.panel()
    axes.axvline(0.0, color=INK, linewidth=0.9, zorder=1)
    looks = dict(zip(made.by_group, PALETTE, strict=False))
    for (group, rows), heights in zip(made.by_group.items(), dodged(1, sets), strict=True):
        up = np.array(made.places) + heights[0]
        draw_marks(axes, up, _marks(view, made, kind, group, rows, looks))
    _name_rows(axes, view, made)
    axes.set_xlabel(view.say("axis_coefficient"), loc="left")
    keys = [
        Line2D([], [], color=look.colour, marker=look.marker, label=wrap(view.group(group), 30))
        for group, look in looks.items()
    ]
    if sets == 1:
        _with_figures(axes, made, kind)
    else:
        axes.xaxis.set_major_locator(round_ticks())
    canvas.titled(
        _title(view, made, kind, year),
        joined(view, (*_feet(view, made, kind, year), left_out)),
        keys=keys if sets > 1 else (),
    )
    return canvas.done()


def _marks(
    view: View,
    made: _Forest,
    kind: Kind,
    group: str,
    rows: dict[tuple[str, str], Row],
    looks: dict[str, Shade],
) -> Marks:
    """Return the marks of one group; NaN where it has no coefficient."""
    column = _COLUMN[kind]
    none = {column: math.nan, "lower": math.nan, "upper": math.nan}
    own = [rows.get(end, none | {"from": end[0], "to": end[1]}) for end in made.ends]
    who = group_name(view, group) if len(made.by_group) > 1 else ""
    mark = "，" if view.language == "zh" else ", "
    values, lower, upper = (
        np.array([float(row[name]) for row in own]) for name in (column, "lower", "upper")
    )
    return Marks(
        values,
        lower,
        upper,
        looks[group],
        tuple(f"{who}{mark if who else ''}{arrow_tip(view, row, column)}" for row in own),
        tuple(spans_zero(row) for row in own),
    )


def _name_rows(axes: Axes, view: View, made: _Forest) -> None:
    """Name sources under their headings, with expected signs; wrong ones in colour."""
    labels = [""] * made.lines
    for place, words in made.headings:
        labels[place] = words
    for place, end in zip(made.places, made.ends, strict=True):
        own = [rows[end] for rows in made.by_group.values() if end in rows]
        sign = next((str(row["expected_sign"]) for row in own if "expected_sign" in row), "")
        sign = {"+": "+", "-": "\N{MINUS SIGN}"}.get(sign, "")
        labels[place] = f"    {view.construct(end[0])}" + (f"  ({sign})" if sign else "")
    frame_rows(axes, labels, bold=[place for place, _ in made.headings])
    for place in _wrong(made):
        axes.get_yticklabels()[place].set_color(WRONG)


def _wrong(made: _Forest) -> list[int]:
    """Return the lines where a group has a sign against theory."""
    return [
        place
        for place, end in zip(made.places, made.ends, strict=True)
        if any(
            "expected_sign" in rows[end] and against_theory(rows[end])
            for rows in made.by_group.values()
            if end in rows
        )
    ]


def _with_figures(axes: Axes, made: _Forest, kind: Kind) -> None:
    """Write coefficients and intervals right of the marks of one group."""
    (rows,) = made.by_group.values()
    cells = [""] * made.lines
    for place, end in zip(made.places, made.ends, strict=True):
        cells[place] = estimate(rows[end], _COLUMN[kind])
    every = [0.0]
    for row in rows.values():
        ends = (row["lower"], row["upper"], row[_COLUMN[kind]])
        every += [float(value) for value in ends if math.isfinite(value)]
    room = 0.04 * (max(every) - min(every) or 1.0)
    columns_right(axes, (min(every) - room, max(every) + room), [("", cells)], [1.6], 6.0)


def _title(view: View, made: _Forest, kind: Kind, year: str) -> str:
    key, when = f"chart_forest_{kind}", view.year_in_words(year)
    who = [group_name(view, group) for group in made.by_group]
    if len(who) == 1 and who[0]:
        return view.say(f"{key}_group", year=when, group=who[0])
    return view.say(key, year=when)


def _feet(view: View, made: _Forest, kind: Kind, year: str) -> tuple[str, ...]:
    feet = [view.say("foot_forest", level=percent(view.yearly.metric.level))]
    if kind == "paths":
        feet.append(view.say("foot_signs"))
    if _wrong(made):
        feet.append(view.say("foot_wrong" if len(made.by_group) == 1 else "foot_wrong_any"))
    if len(made.by_group) == 1:
        (group,) = made.by_group
        fits = view.yearly.fits
        n = fits.loc[(fits["year"] == year) & (fits["group"] == group), "n_used"]
        feet += [view.say("foot_n", n=count(float(n.iloc[0])))] if len(n) else []
    return tuple(feet)
