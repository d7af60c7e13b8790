"""The one look of all charts, and how a chart becomes a file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text as Lettering
from matplotlib.ticker import MaxNLocator

from csi.arrays import Array
from csi.errors import Fault, OptionError
from csi.report.fonts import families, require_letters
from csi.report.hover import with_titles
from csi.report.lettering import wrap
from csi.report.view import View
from csi.text import Language

Format = Literal["png", "svg"]
FORMATS: tuple[Format, ...] = ("png", "svg")

SMALL = 9.0
"""Smallest letters in any chart, in points."""
INK, FAINT, REST = "#222222", "#5F5F5F", "#BDBDBD"
WRONG = "#B04E00"
"""Colour of a sign against theory."""
FEW = 6
"""Up to this many groups each has its own colour."""
TOP = 3
"""Of more groups than `FEW` this many are in colour."""

RULES: Mapping[str, Any] = MappingProxyType(
    {
        "font.size": 10.0,
        "axes.titlesize": 10.0,
        "axes.titlelocation": "left",
        "axes.labelsize": SMALL,
        "axes.labelcolor": INK,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "legend.fontsize": SMALL,
        "legend.frameon": False,
        "figure.titlesize": 13.0,
        "figure.titleweight": "bold",
        "figure.dpi": 100.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#8C8C8C",
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#E6E6E6",
        "grid.linewidth": 0.8,
        "xtick.color": "#8C8C8C",
        "ytick.color": "#8C8C8C",
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "text.color": INK,
        "lines.linewidth": 1.8,
        "lines.markersize": 5.5,
        "svg.hashsalt": "csi",
        "svg.fonttype": "path",
        "path.simplify": False,
        "text.usetex": False,
        "text.parse_math": False,
    }
)


@dataclass(frozen=True, slots=True)
class Shade:
    """How the marks of one group look.

    Attributes
    ----------
    colour, ink : str
        Colour of lines and of text; the text is darker, so that it can be read on white.
    marker : str
    front : bool
        False for a group in the grey rest.
    """

    colour: str
    ink: str
    marker: str
    front: bool = True


PALETTE = (
    Shade("#0072B2", "#00609A", "o"),
    Shade("#D55E00", "#B04E00", "s"),
    Shade("#009E73", "#00734F", "^"),
    Shade("#CC79A7", "#9C3F74", "D"),
    Shade("#E69F00", "#8A5E00", "v"),
    Shade("#56B4E9", "#1F6F99", "P"),
)
"""Colours of Okabe and Ito, told apart by marker too."""
GREY = Shade(REST, FAINT, ".", front=False)


@contextmanager
def drawing(language: Language) -> Iterator[None]:
    """Set style and fonts inside the block; outside nothing changes."""
    rules: dict[Any, Any] = {**RULES, "font.family": families(language)}
    with mpl.rc_context(rules):
        yield


def new_figure(inches_wide: float, inches_high: float) -> Figure:
    """Return an empty figure that needs no screen."""
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    figure = Figure(figsize=(inches_wide, inches_high), layout=layout)
    FigureCanvasAgg(figure)
    return figure


def finish(figure: Figure) -> Figure:
    """Lay out a figure in the fonts set here, after making sure that its letters can be drawn."""
    require_letters(
        text.get_text() for text in figure.findobj(Lettering) if isinstance(text, Lettering)
    )
    figure.draw_without_rendering()
    return figure


def picture(figure: Figure, form: Format, language: Language = "en") -> bytes:
    """Return a figure as PNG (150 dots an inch) or SVG; the same figure gives the same bytes.

    Raises
    ------
    OptionError
        Where `form` is neither.
    """
    no_stamp: Mapping[str, Mapping[str, str | None]] = {
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": None},
    }
    if form not in no_stamp:
        fix = f"use {' or '.join(no_stamp)}"
        raise OptionError(Fault("formats", f"{form!r} is not a format of charts", fix))
    with drawing(language), BytesIO() as file:
        figure.savefig(file, format=form, dpi=150, metadata=dict(no_stamp[form]))
        made = file.getvalue()
    return with_titles(made.decode("utf-8")).encode("utf-8") if form == "svg" else made


def shades(view: View) -> dict[str, Shade]:
    """Return the look of each group; of many groups only the highest of the last year in colour."""
    groups = view.groups
    if len(groups) <= FEW:
        return dict(zip(groups, PALETTE, strict=False))
    rows = view.of_year(view.index_name, view.years[-1])["index"].dropna()
    top = rows.sort_values(ascending=False, kind="stable").index[:TOP]
    front = dict(zip(top, PALETTE, strict=False))
    return {group: front.get(group, GREY) for group in groups}


def scale_limits(view: View, construct: str | None = None) -> tuple[float, float]:
    """Return ends of the index axis, multiples of five that hold all figures with their errors."""
    figures = view.yearly.figures
    if construct is not None:
        figures = figures[figures["construct"] == construct]
    margin = figures["moe"].fillna(0.0)
    low, high = (figures["index"] - margin).min(), (figures["index"] + margin).max()
    return _round_limits(low, high, float(figures["index"].min()))


def fitted_limits(values: Array) -> tuple[float, float]:
    """Return ends of an index axis that hold all `values` (NaN: none), multiples of five."""
    there = values[np.isfinite(values)]
    if not len(there):
        return 0.0, 100.0
    return _round_limits(float(there.min()), float(there.max()), float(there.min()))


def _round_limits(low: float, high: float, least: float) -> tuple[float, float]:
    """Return multiples of five that hold `low` and `high`, on the scale unless `least` is below."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0.0, 100.0
    low, high = 5 * math.floor((low - 1) / 5), 5 * math.ceil((high + 1) / 5)
    short = max(0, 15 - (high - low))
    low, high = low - 5 * round(short / 10), high + 5 * math.ceil(short / 10)
    return float(max(low, min(0.0, least))), float(min(high, 100.0))


def check_axis(axis: tuple[float, float] | None) -> None:
    """Refuse an axis that is not a part of the 0-100 scale.

    Raises
    ------
    OptionError
        Where the ends are not ``0 <= low < high <= 100``.
    """
    if axis is not None and not 0 <= axis[0] < axis[1] <= 100:
        raise OptionError(
            Fault("axis", f"{axis} is not a part of the 0-100 scale", "use ends such as (50, 90)")
        )


def titles(figure: Figure, title: str, *foot: str, keys: Sequence[Artist] = ()) -> None:
    """Put title and legend above and the footer below a figure, all on the left."""
    columns = 3
    rows = math.ceil(len(keys) / columns)
    tallest = max((str(key.get_label()).count("\n") + 1 for key in keys), default=0)
    room = "\n" * math.ceil(rows * tallest * 0.75 + 0.4 * bool(keys))
    wide = figure.get_figwidth()
    title = wrap(title, int(7.5 * wide))
    figure.suptitle(title + room, x=0.01, ha="left")
    if keys:
        high = 1.35 * (title.count("\n") + 1) * mpl.rcParams["figure.titlesize"] / 72
        below = 1 - (0.1 + high) / figure.get_figheight()
        drawn = figure.legend(
            handles=list(keys), loc="upper left", bbox_to_anchor=(0.0, below), ncols=columns
        )
        drawn.set_in_layout(False)
    lines = "\n".join(wrap(line, int(12.5 * wide)) for line in foot if line)
    if lines:
        figure.supxlabel(lines, x=0.01, ha="left", fontsize=SMALL, color=FAINT)


def round_ticks() -> MaxNLocator:
    """Return ticks of an index axis at whole points."""
    return MaxNLocator(nbins=6, steps=[1, 2, 5, 10], min_n_ticks=3)


def year_ticks(axes: Axes, labels: tuple[str, ...], room: int) -> None:
    """Name the years on the horizontal axis, at most `room` of them, the last one always."""
    step = max(1, math.ceil(len(labels) / room))
    places = [place for place in range(len(labels)) if (len(labels) - 1 - place) % step == 0]
    axes.set_xticks(places, [labels[place] for place in places])
    axes.set_xlim(-0.3, len(labels) - 0.7)
    axes.grid(visible=False, axis="x")
