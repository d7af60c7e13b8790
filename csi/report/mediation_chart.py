"""Charts of mediation: the ways of one effect, and direct and total effects side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from csi.arrays import Array
from csi.assess.mediation import Mediation
from csi.errors import Fault, ReportError
from csi.report.canvas import Canvas, canvas_of
from csi.report.chart_tips import estimate, stated
from csi.report.hover import tip
from csi.report.lettering import width, wrap
from csi.report.numbers import nonzero, percent
from csi.report.style import INK, PALETTE, SMALL, Shade, drawing
from csi.report.words import check_language
from csi.text import Language, Text

DIRECT, INDIRECT, TOTAL = PALETTE[0], PALETTE[1], PALETTE[2]

_LABEL = 44
"""Half-width columns that a line of a row's label has."""

_WORDS = {
    "title": Text("The effect of {source} on {target}", "“{source}”对“{target}”的效应"),
    "title_all": Text("Direct and total effects on {target}", "对“{target}”的直接效应与总效应"),
    "direct": Text("Direct effect", "直接效应"),
    "via": Text("through {mediators}", "经由{mediators}"),
    "indirect": Text("Indirect effect in all", "间接效应合计"),
    "total": Text("Total effect", "总效应"),
    "axis": Text("Standardised effect", "标准化效应"),
    "foot": Text(
        "Bars are {level} intervals; an open mark has an interval that holds zero.",
        "横线为{level}置信区间；空心标记表示区间包含零。",
    ),
}


@dataclass(frozen=True, slots=True)
class _Marks:
    """One colour of marks: figures with the ends of their intervals, and their heights.

    `kind` says which effect they are where the labels of the rows do not.
    """

    values: Array
    lower: Array
    upper: Array
    heights: Array
    look: Shade
    kind: str = ""


def mediation_chart(
    found: Mediation | Sequence[Mediation],
    *,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw effects with their intervals.

    Parameters
    ----------
    found : Mediation or sequence of Mediation
        One: its direct effect, every chain, the indirect effect in all and the total effect, a
        row each. Several of one target: a row for each source, with direct, indirect and total
        effect in colour.
    language : {"en", "zh"}
    ax : Axes, optional
        Where to draw, without footer; a new figure where not given.

    Returns
    -------
    Figure
        That of `ax` where it is given.

    Raises
    ------
    ReportError
        Nothing to draw, or mediations of several targets; Chinese text and no font for it.
    OptionError
        Unknown language.

    Notes
    -----
    Effects that the model has no path or chain for are left out.
    """
    check_language(language)
    every = (found,) if isinstance(found, Mediation) else tuple(found)
    _check(every)
    with drawing(language):
        one = isinstance(found, Mediation)
        digits = 3 if one else 2
        labels, marks = _one(every[0], language) if one else _several(every, language)
        lines = sum(label.count("\n") + 1 for label in labels)
        high = 1.6 + 0.14 * lines + (0.26 if one else 0.42) * len(labels)
        canvas = canvas_of(ax, 8.5, high)
        _draw(canvas.panel(), labels, marks, language, digits)
        _titles(canvas, every, one, language)
        return canvas.done()


def _check(every: tuple[Mediation, ...]) -> None:
    """Refuse what cannot be one picture."""
    if not every:
        raise ReportError(Fault("mediation", "there is none to draw", "take another target"))
    targets = sorted({one.target for one in every})
    if len(targets) > 1:
        what = f"they are of several targets: {', '.join(targets)}"
        raise ReportError(Fault("mediation", what, "draw a chart for each"))


def _one(found: Mediation, language: Language) -> tuple[list[str], list[_Marks]]:
    """Return the rows of one mediation and their marks."""
    chains = [_through(found, chain, language) for chain in found.chains]
    labels = [_say("direct", language), *chains]
    labels += [_say(word, language) for word in ("indirect", "total")]
    looks = [DIRECT, *[INDIRECT] * len(chains), INDIRECT, TOTAL]
    keep = np.arange(len(labels)) if found.has_path else np.arange(1, len(labels))
    labels = [labels[k] for k in keep]
    heights = np.arange(len(labels), dtype=float)
    marks = []
    for look in (DIRECT, INDIRECT, TOTAL):
        rows = [at for at, k in enumerate(keep) if looks[k] is look]
        own = keep[rows]
        effects = found.effects
        marks.append(
            _Marks(
                effects.estimate[own],
                effects.lower[own],
                effects.upper[own],
                heights[rows],
                look,
            )
        )
    return labels, marks


def _through(found: Mediation, chain: tuple[str, ...], language: Language) -> str:
    """Return the mediators of a chain, broken into lines between constructs only."""
    names = [found.model.label(name).within(language) for name in chain[1:-1]]
    lines = [_say("via", language, mediators=names[0])]
    for name in names[1:]:
        added = f" → {name}"
        if width(lines[-1]) + width(added) > _LABEL:
            lines[-1] += " →"
            lines.append(name)
        else:
            lines[-1] += added
    return "\n".join(lines)


def _several(every: tuple[Mediation, ...], language: Language) -> tuple[list[str], list[_Marks]]:
    """Return a row for each source, and three marks in it."""
    labels = [wrap(one.model.label(one.source).within(language), _LABEL) for one in every]
    marks = []
    kinds = ((0, DIRECT, "direct"), (-2, INDIRECT, "indirect"), (-1, TOTAL, "total"))
    for (at, look, kind), shift in zip(kinds, (-0.24, 0.0, 0.24), strict=True):
        there = [
            k
            for k, one in enumerate(every)
            if at == -1 or (one.has_path if at == 0 else bool(one.chains))
        ]
        heights = np.array(there, dtype=float) + shift
        effects = [every[k].effects for k in there]
        marks.append(
            _Marks(
                np.array([own.estimate[at] for own in effects]),
                np.array([own.lower[at] for own in effects]),
                np.array([own.upper[at] for own in effects]),
                heights,
                look,
                _say(kind, language),
            )
        )
    return labels, marks


def _draw(
    axes: Axes, labels: list[str], marks: list[_Marks], language: Language, digits: int
) -> None:
    """Draw the marks in named rows, the first on top."""
    axes.axvline(0.0, color=INK, linewidth=0.9, zorder=1)
    for part in marks:
        rows = zip(part.values, part.lower, part.upper, part.heights, strict=True)
        for value, lower, upper, height in rows:
            if not np.isfinite(value):
                continue
            open_ = not (np.isfinite(lower) and np.isfinite(upper)) or lower <= 0 <= upper
            axes.plot([lower, upper], [height, height], color=part.look.colour, linewidth=1.4)
            (mark,) = axes.plot(
                [value],
                [height],
                linestyle="",
                marker=part.look.marker,
                color=part.look.colour,
                markerfacecolor="white" if open_ else part.look.colour,
                zorder=3,
            )
            tip(mark, _tip(part, labels[round(height)], language, value, lower, upper))
            axes.annotate(
                nonzero(value, digits),
                xy=(max(value, upper) if np.isfinite(upper) else value, height),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL,
                color=part.look.ink,
            )
    axes.set_yticks(np.arange(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.margins(x=0.12)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(_say("axis", language))


def _tip(
    part: _Marks, label: str, language: Language, value: float, lower: float, upper: float
) -> str:
    """Return what a mark says on hover: ``Image, total effect: 0.21 [0.12, 0.30]``."""
    what = label.replace("\n", "" if language == "zh" else " ")
    if part.kind:
        what += f"，{part.kind}" if language == "zh" else f", {part.kind.lower()}"
    row = {"estimate": value, "lower": lower, "upper": upper}
    return stated(what, estimate(row), language)


def _titles(canvas: Canvas, every: tuple[Mediation, ...], one: bool, language: Language) -> None:
    """Put title, legend and footer round the chart."""
    first = every[0]
    title = _say(
        "title" if one else "title_all",
        language,
        source=first.model.label(first.source).within(language),
        target=first.model.label(first.target).within(language),
    )
    keys = []
    if not one:
        keys = [
            Line2D([], [], color=look.colour, marker=look.marker, label=_say(word, language))
            for word, look in (("direct", DIRECT), ("indirect", INDIRECT), ("total", TOTAL))
        ]
    canvas.titled(title, _say("foot", language, level=percent(first.level)), keys=keys)


def _say(key: str, language: Language, **values: str) -> str:
    """Return a phrase of this chart."""
    return _WORDS[key].within(language).format(**values)
