"""The tables of one fit for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from rich.table import Table

from csi.cli import parts
from csi.cli.tables import table
from csi.cli.words import phrase
from csi.text import Language

if TYPE_CHECKING:
    from csi.report.view import View
    from csi.run import FitRun

Row = dict[str, Any]


def fit_tables(found: FitRun, language: Language) -> list[Table]:
    """Return paths, total effects, weights and quality as tables."""
    view = parts.view.View(found.yearly, language)
    return [
        _paths(found, view),
        _effects(found, view),
        _weights(found, view),
        _quality(found, view),
        *([_measures(found, view)] if "measures" in found.tables else []),
    ]


def ended(found: FitRun, language: Language) -> str:
    """Say how the fit and its draws ended."""
    row = found.tables["fits"].iloc[0]
    words = phrase(
        "ended",
        language,
        steps=row["steps"],
        n=f"{row['n_used']:,}",
        effective=f"{row['n_effective']:,.0f}",
        used=row["draws_used"],
        draws=row["draws"],
    )
    return words if row["admissible"] else f"{words}\n{phrase('inadmissible', language)}"


def _paths(found: FitRun, view: View) -> Table:
    say, rows = _words(view), []
    for row in _rows(found, "paths"):
        star = "*" if parts.remarks.against_theory(row) else ""
        rows.append(
            (
                view.construct(row["from"]),
                view.construct(row["to"]),
                _number(row["estimate"]) + star,
                _number(row["se"]),
                _interval(row),
            )
        )
    starred = any(row[2].endswith("*") for row in rows)
    title = say("paths") + (f" ({say('theory')})" if starred else "")
    heads = (say("from"), say("to"), say("estimate"), say("se"), _level(found, view))
    return table(title, heads, rows, right=(2, 3, 4), wrap=(0, 1))


def _effects(found: FitRun, view: View) -> Table:
    say = _words(view)
    rows = [
        (
            view.construct(row["from"]),
            view.construct(row["to"]),
            *(_number(row[kind]) for kind in ("indirect", "total")),
            _interval(row),
        )
        for row in _rows(found, "effects")
    ]
    heads = (say("from"), say("to"), say("indirect"), say("total"), _level(found, view))
    return table(say("effects"), heads, rows, right=(2, 3, 4), wrap=(0, 1))


def _weights(found: FitRun, view: View) -> Table:
    say, rows, before = _words(view), [], ""
    for row in _rows(found, "weights"):
        name = "" if row["construct"] == before else view.construct(row["construct"])
        before = row["construct"]
        rows.append(
            (
                name,
                parts.repeats.answered_name(row["item"]),
                *(_with_error(row[kind], row[f"{kind}_se"]) for kind in _KINDS),
            )
        )
    heads = (say("construct"), say("item"), *(say(kind) for kind in _KINDS))
    return table(say("weights"), heads, rows, right=(2, 3, 4), wrap=(0,))


_KINDS = ("weight", "loading", "index_weight")


def _quality(found: FitRun, view: View) -> Table:
    say = _words(view)
    rows = [
        (
            view.construct(row["construct"]),
            _with_error(row["r2"], row["r2_se"]),
            _number(row["r2_adjusted"]),
            _number(row["reliability"]),
        )
        for row in _rows(found, "quality")
    ]
    kind = "reliability" if found.yearly.metric.estimator.startswith("PLS") else "composite"
    heads = (say("construct"), say("r2"), say("r2_adjusted"), say(kind))
    return table(say("quality"), heads, rows, right=(1, 2, 3), wrap=(0,))


def _measures(found: FitRun, view: View) -> Table:
    say = _words(view)
    whole = ("free parameters", "respondents", "degrees of freedom", "baseline degrees of freedom")
    rows = []
    for row in _rows(found, "measures"):
        name = str(row["measure"])
        key = name.replace(" ", "_").replace("-", "_").lower()
        value = f"{row['value']:,.0f}" if name in whole else _number(row["value"])
        limits = "" if math.isnan(row["lower"]) else _interval(row)
        p = "" if math.isnan(row["p_value"]) else str(parts.numbers.p_value(row["p_value"]))
        robust = "" if math.isnan(row["robust"]) else _number(row["robust"])
        rows.append((say(f"fit_{key}"), value, limits, p, robust))
    heads = (say("measure"), say("value"), say("interval_90"), "p", say("robust"))
    return table(say("measures"), heads, rows, right=(1, 2, 3, 4), wrap=(0,))


def _rows(found: FitRun, name: str) -> list[Row]:
    return cast("list[Row]", found.tables[name].to_dict("records"))


def _words(view: View) -> Any:
    return lambda key: phrase(key, view.language)


def _number(value: float) -> str:
    return str(parts.numbers.number(value, 3))


def _with_error(value: float, error: float) -> str:
    return str(parts.numbers.with_margin(value, error, 3))


def _interval(row: Row) -> str:
    return str(parts.numbers.interval(row["lower"], row["upper"], 3))


def _level(found: FitRun, view: View) -> str:
    level = parts.numbers.percent(found.yearly.metric.level)
    return phrase("interval", view.language, level=level)
