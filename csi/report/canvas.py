"""Where a chart is drawn: on a figure of its own, or in axes that the caller has made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, GridSpecFromSubplotSpec
from matplotlib.text import Text as Lettering

from csi.errors import Fault, ReportError
from csi.report.fonts import require_letters
from csi.report.lettering import width, wrap
from csi.report.style import INK, RULES, SMALL, finish, new_figure, titles

_HEAD = 0.24
"""Inches of one line above panels in axes that were split."""
_BETWEEN, _BESIDE = 0.45, 0.2
"""Room between such panels, as a share of their size."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a chart is drawn.

    On a figure of its own a chart has title, legend and footer round it. In axes of the caller it
    keeps to them: the title is that of the axes, the legend stands inside, and there is no footer.

    Attributes
    ----------
    figure : Figure
        The outermost one.
    given : Axes or None
        The caller's; None for a figure of its own.
    drawn : list of Axes
        Those the chart has taken so far.
    """

    figure: Figure
    given: Axes | None = None
    drawn: list[Axes] = field(default_factory=list)

    def panel(self) -> Axes:
        """Return the axes of a chart that has one panel."""
        if self.given is None:
            axes: Axes = self.figure.add_subplot()
        else:
            axes = self.given
            dress(axes)
        self.drawn.append(axes)
        return axes

    def panels(
        self,
        rows: int,
        columns: int,
        *,
        sharex: bool = False,
        sharey: bool = False,
        height_ratios: Sequence[float] | None = None,
        width_ratios: Sequence[float] | None = None,
        head: int = 1,
        least: tuple[float, float] = (0.0, 0.0),
    ) -> list[Axes]:
        """Return the axes of a chart of several panels, row by row.

        Axes of the caller are split: they are blanked and panels stand in their place.

        Parameters
        ----------
        rows, columns : int
        sharex, sharey : bool
        height_ratios, width_ratios : sequence of float, optional
        head : int
            Lines of title and legend above the panels in axes of the caller.
        least : (wide, high)
            Inches that the panels need together in axes of the caller.

        Raises
        ------
        ReportError
            Where the axes of the caller are smaller.
        """
        if self.given is None:
            made: list[Axes] = (
                self.figure.subplots(
                    rows,
                    columns,
                    sharex=sharex,
                    sharey=sharey,
                    squeeze=False,
                    height_ratios=height_ratios,
                    width_ratios=width_ratios,
                )
                .ravel()
                .tolist()
            )
        else:
            _check_room(self.given, rows * columns, least)
            heights = height_ratios or [1.0] * rows
            grid = _split(self.given, heights, width_ratios or [1.0] * columns, head)
            made = _shared(self.given, grid, rows, columns, sharex=sharex, sharey=sharey)
        self.drawn.extend(made)
        return made

    def letters(self, columns: int, panels: float) -> int:
        """Return how many columns of letters a title over one of several panels may have.

        Parameters
        ----------
        columns : int
            On a figure of its own.
        panels : float
            Panels side by side, with labels left of them counted too.
        """
        if self.given is None:
            return columns
        return min(columns, max(8, int(11 * width_of(self.given) / panels)))

    def titled(
        self, title: str, *foot: str, keys: Sequence[Artist] = (), above: float = 0.0
    ) -> None:
        """Write title, footer and legend; in axes of the caller title and legend only.

        Parameters
        ----------
        title, foot : str
        keys : sequence of Artist
            Of the legend.
        above : float
            Points right above the axes that are taken already.
        """
        if self.given is None:
            titles(self.figure, title, *foot, keys=keys)
            return
        own = self.given
        lines = wrap(title, max(12, int(width_of(own) * 12)))
        if own.axison:
            size, rows = RULES["axes.titlesize"], _legend_above(own, keys, above)
            own.set_title(lines, loc="left", fontsize=size, color=INK, pad=6 + above + 14 * rows)
            return
        size = RULES["axes.titlesize"]
        own.text(0.0, 1.0, lines, transform=own.transAxes, va="top", fontsize=size)
        if keys:
            below = 1 - _HEAD * (lines.count("\n") + 1) / height_of(own)
            own.legend(
                handles=list(keys),
                loc="upper left",
                bbox_to_anchor=(0.0, below),
                ncols=3,
                borderaxespad=0.0,
                borderpad=0.0,
            )
        self.drawn.append(own)

    def beside(self, words: str) -> None:
        """Name the vertical axis that all panels share."""
        if self.given is None:
            self.figure.supylabel(words, fontsize=SMALL)
        else:
            self.drawn[0].set_ylabel(words)

    def done(self) -> Figure:
        """Return the figure with letters that can be drawn; one of its own is laid out too."""
        if self.given is None:
            return finish(self.figure)
        family = mpl.rcParams["font.family"]
        for axes in dict.fromkeys(self.drawn):
            if axes.axison:  # ticks that come later, when limits move
                axes.tick_params(labelfontfamily=family)
            letters = [text for text in axes.findobj(Lettering) if isinstance(text, Lettering)]
            require_letters(text.get_text() for text in letters)
            for text in letters:
                text.set_fontfamily(family)
                text.set_parse_math(False)
        return self.figure


def _legend_above(axes: Axes, keys: Sequence[Artist], above: float) -> int:
    """Put a legend between axes and their title, as wide as they are, and return its lines."""
    if not keys:
        return 0
    labels = [str(key.get_label()) for key in keys]
    widest = max(width(line) for label in labels for line in label.split("\n"))
    columns = max(1, min(len(keys), int(72 * width_of(axes) / (5.6 * widest + 40))))
    axes.legend(
        handles=list(keys),
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0 + above / 72 / height_of(axes)),
        ncols=columns,
        borderaxespad=0.2,
        borderpad=0.0,
    )
    tallest = max(label.count("\n") + 1 for label in labels)
    return -(-len(keys) // columns) * tallest


def canvas_of(ax: Axes | None, inches_wide: float, inches_high: float) -> Canvas:
    """Return where to draw: a new figure of this size where `ax` is None.

    Raises
    ------
    ReportError
        Where the axes have been taken off their figure.
    """
    if ax is None:
        return Canvas(new_figure(inches_wide, inches_high))
    return Canvas(root_of(ax), ax)


def root_of(axes: Axes) -> Figure:
    """Return the outermost figure of axes.

    Raises
    ------
    ReportError
        Where they belong to none.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ReportError(Fault("ax", "it belongs to no figure", "make it with figure.add_subplot"))
    return figure


def dress(axes: Axes) -> None:
    """Give axes that the caller has made the look of all charts."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_edgecolor(RULES["axes.edgecolor"])
    axes.grid(visible=True, color=RULES["grid.color"], linewidth=RULES["grid.linewidth"])
    axes.set_axisbelow(True)
    family = mpl.rcParams["font.family"]
    axes.tick_params(
        color=RULES["xtick.color"], labelcolor=INK, labelsize=SMALL, labelfontfamily=family
    )
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_fontsize(SMALL)
        label.set_color(INK)


def width_of(axes: Axes) -> float:
    """Return the width of axes in inches, as they stand now."""
    return float(axes.bbox.width / root_of(axes).dpi)


def height_of(axes: Axes) -> float:
    """Return the height of axes in inches, as they stand now."""
    return float(axes.bbox.height / root_of(axes).dpi)


def write_list(axes: Axes, lines: Sequence[tuple[str, str, bool]], step: float) -> None:
    """Write lines of text from the top of blank axes.

    Parameters
    ----------
    axes : Axes
    lines : sequence of (text, colour, bold)
    step : float
        Inches from line to line.
    """
    axes.set_axis_off()
    for place, (text, colour, bold) in enumerate(lines):
        axes.annotate(
            text,
            (0.0, 1.0),
            xycoords="axes fraction",
            xytext=(2, -72 * step * place),
            textcoords="offset points",
            va="top",
            fontsize=min(SMALL, 72 * step / 1.3),
            color=colour,
            fontweight="bold" if bold else "normal",
        )


def _check_room(axes: Axes, panels: int, least: tuple[float, float]) -> None:
    """Refuse axes that are too small for their panels.

    Raises
    ------
    ReportError
        With the size that they need.
    """
    wide, high = width_of(axes), height_of(axes)
    if wide < least[0] or high < least[1]:
        what = f"{wide:.1f} by {high:.1f} inches are too few for a chart of {panels} panels"
        fix = f"make the axes at least {least[0]:.1f} by {least[1]:.1f} inches, or leave out ax"
        raise ReportError(Fault("ax", what, fix))


def _split(
    axes: Axes, heights: Sequence[float], widths: Sequence[float], head: int
) -> GridSpec | GridSpecFromSubplotSpec:
    """Blank axes and return a grid in their place, with a row for the title above."""
    axes.set_axis_off()
    above = _HEAD * (head + 1)  # the panels have titles of their own
    share = above / max(height_of(axes) - above, above)
    rows = [share * sum(heights), *heights]
    place, figure = axes.get_subplotspec(), axes.get_figure(root=False)
    if place is not None:
        return place.subgridspec(
            len(rows),
            len(widths),
            height_ratios=rows,
            width_ratios=list(widths),
            hspace=_BETWEEN,
            wspace=_BESIDE,
        )
    box = axes.get_position()
    return GridSpec(
        len(rows),
        len(widths),
        figure=figure,  # type: ignore[arg-type]  # a SubFigure does as well
        height_ratios=rows,
        width_ratios=list(widths),
        hspace=_BETWEEN,
        wspace=_BESIDE,
        left=box.x0,
        right=box.x1,
        bottom=box.y0,
        top=box.y1,
    )


def _shared(
    axes: Axes,
    grid: GridSpec | GridSpecFromSubplotSpec,
    rows: int,
    columns: int,
    *,
    sharex: bool,
    sharey: bool,
) -> list[Axes]:
    """Return the panels of a grid below its first row, with labels at the outer ones only."""
    figure = axes.get_figure(root=False)
    made: list[Axes] = []
    for row in range(rows):
        for column in range(columns):
            first = made[0] if made else None
            one = figure.add_subplot(  # type: ignore[union-attr]
                grid[row + 1, column],
                sharex=first if sharex else None,
                sharey=first if sharey else None,
            )
            if sharex and row < rows - 1:
                one.tick_params(labelbottom=False)
            if sharey and column:
                one.tick_params(labelleft=False)
            made.append(one)
    return made
