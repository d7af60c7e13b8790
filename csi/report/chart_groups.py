"""Which groups the charts of office files show, and what they say of the others."""

from __future__ import annotations

import math
from dataclasses import dataclass

from csi.report.style import FEW
from csi.report.view import View


@dataclass(frozen=True, slots=True)
class Shown:
    """Groups of a chart.

    Attributes
    ----------
    groups : tuple of str
        Those drawn, in the order of the figures.
    hidden : tuple of str
        Those left out for want of room.
    """

    groups: tuple[str, ...]
    hidden: tuple[str, ...] = ()


def ranked(view: View) -> tuple[str, ...]:
    """Return the groups with a figure of the last year, the highest index first."""
    rows = view.by_group(view.index_name, view.years[-1])
    there = [group for group, row in rows.items() if math.isfinite(row["index"])]
    return tuple(sorted(there, key=lambda group: -float(rows[group]["index"])))


def shown(view: View, most: int = FEW) -> Shown:
    """Return the groups that a chart has room for: of many, the highest of the last year."""
    if len(view.groups) <= most:
        return Shown(view.groups)
    order = (*ranked(view), *(group for group in view.groups if group not in ranked(view)))
    front = set(order[:most])
    drawn = tuple(group for group in view.groups if group in front)
    return Shown(drawn, tuple(group for group in view.groups if group not in front))


def without_figure(view: View) -> tuple[str, ...]:
    """Return the groups without a figure of the last year."""
    there = set(ranked(view))
    return tuple(group for group in view.groups if group not in there)


def names(view: View, groups: tuple[str, ...]) -> str:
    """Return the labels of groups as a list in words."""
    mark = "、" if view.language == "zh" else ", "
    return mark.join(view.group(group) for group in groups)


def foot_hidden(view: View, found: Shown, key: str) -> str:
    """Say which groups a chart leaves out; nothing where it shows all.

    Parameters
    ----------
    view : View
    found : Shown
    key : {"x_left_out", "s_left_out"}
        Phrase of a workbook or of a deck, which differ in where all groups are.
    """
    if not found.hidden:
        return ""
    return view.say(
        key,
        shown=len(found.groups),
        all=len(found.groups) + len(found.hidden),
        year=view.year_in_words(view.years[-1]),
        names=names(view, found.hidden),
    )
