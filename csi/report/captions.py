"""Legends and footers of charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.lines import Line2D

from csi.report.lettering import wrap
from csi.report.numbers import percent
from csi.report.style import (
    GREY,
    Shade,
)
from csi.report.view import View


def group_keys(view: View, looks: Mapping[str, Shade]) -> list[Line2D]:
    """Return the legend that names the groups in colour; none for a single group."""
    if len(looks) < 2:
        return []
    return [
        Line2D([], [], color=look.colour, marker=look.marker, label=wrap(view.group(group), 30))
        for group, look in looks.items()
        if look.front
    ]


def foot_top(view: View, looks: Mapping[str, Shade]) -> str:
    """Say which groups are in colour, where not all are."""
    front = sum(look.front for look in looks.values())
    if GREY not in looks.values():
        return ""
    return view.say("foot_top", count=front, year=view.year_in_words(view.years[-1]))


def foot_moe(view: View) -> str:
    """Say what the bars are."""
    return view.say("foot_moe", level=percent(view.yearly.metric.level))


def foot_axis(view: View, limits: tuple[float, float], key: str = "foot_axis") -> str:
    """Say which part of the scale an axis shows, where it is not the whole."""
    if limits == (0.0, 100.0):
        return ""
    return view.say(key, low=f"{limits[0]:g}", high=f"{limits[1]:g}")


def foot_scale(view: View, limits: tuple[float, float]) -> tuple[str, ...]:
    """Return the footer of a chart of index figures: its bars and its axis."""
    return (joined(view, (foot_moe(view), foot_axis(view, limits))),)


def joined(view: View, sentences: Sequence[str]) -> str:
    """Join sentences, with a space between them in English."""
    return ("" if view.language == "zh" else " ").join(text for text in sentences if text)
