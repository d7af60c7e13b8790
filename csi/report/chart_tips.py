"""What the marks of charts say when the pointer rests on them."""

from __future__ import annotations

from csi.report.numbers import count, nonzero, with_margin
from csi.report.view import Row, View
from csi.text import Language


def named(view: View, *parts: str) -> str:
    """Join what a mark stands for: ``Image, Norvane, 2025``; empty parts are left out."""
    return ("，" if view.language == "zh" else ", ").join(part for part in parts if part)


def group_name(view: View, group: str) -> str:
    """Return the label of a group, nothing where the survey is not divided."""
    return "" if view.one_group and group == "all" else view.group(group)


def figure_tip(view: View, row: Row, group: str, year: str, construct: str = "") -> str:
    """Return the tip of an index figure: ``Norvane, 2025: 69.2 ± 2.2 (n 250)``."""
    label = view.construct(construct) if construct else ""
    what = named(view, label, group_name(view, group), view.year_in_words(year))
    value = with_margin(row["index"], row["moe"])
    return view.say("tip_figure", what=what, value=value, n=count(row["n"]))


def year_tips(view: View, construct: str, group: str, *, said: bool = False) -> tuple[str, ...]:
    """Return the tips of a line over years, one a year; `said` names the construct too."""
    name = construct if said else ""
    rows = view.by_year(construct, group)
    return tuple(figure_tip(view, row, group, year, name) for year, row in rows.items())


def arrow_tip(view: View, row: Row, value: str = "estimate") -> str:
    """Return the tip of a coefficient: ``Image → Satisfaction: 0.18 [0.05, 0.31]``."""
    what = f"{view.construct(row['from'])} → {view.construct(row['to'])}"
    return stated(what, estimate(row, value), view.language)


def stated(what: str, value: str, language: Language) -> str:
    """Return what a mark stands for and its value.

    Examples
    --------
    >>> stated("Image", "71.2", "en"), stated("形象", "71.2", "zh")
    ('Image: 71.2', '形象：71.2')
    """
    return f"{what}{'：' if language == 'zh' else ': '}{value}"


def estimate(row: Row, value: str = "estimate") -> str:
    """Return a coefficient with its interval, without it where there is none.

    Examples
    --------
    >>> estimate({"estimate": 0.181, "lower": 0.05, "upper": 0.312})
    '0.18 [0.05, 0.31]'
    >>> estimate({"estimate": 0.0004, "lower": float("nan"), "upper": float("nan")})
    '0.0004'
    """
    shown = nonzero(row[value], 2)
    if row["lower"] != row["lower"] or row["upper"] != row["upper"]:
        return shown
    return f"{shown} [{nonzero(row['lower'], 2)}, {nonzero(row['upper'], 2)}]"
