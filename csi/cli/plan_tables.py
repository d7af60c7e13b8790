"""What ``csi plan`` shows: a table, sentences and the same as data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from csi.cli import parts
from csi.cli.tables import table
from csi.cli.words import phrase
from csi.text import Language

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from csi.planning import PlanOptions, PresentPlan, Scenario, SurveyPlan

TOLD = 12
"""More groups than this are not told one by one: the table has them all."""

Columns = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as it is shown.

    Attributes
    ----------
    table : rich Table
    lines : tuple of str
        Sentences below it.
    frame : DataFrame
        The same, unrounded.
    json : str
        Frame and assumptions as JSON.
    """

    table: Table
    lines: tuple[str, ...]
    frame: pd.DataFrame
    json: str


def shown(made: PresentPlan | SurveyPlan, language: Language) -> Shown:
    """Return what is shown of a plan."""
    if isinstance(made, parts.planning.SurveyPlan):
        frame, drawn = made.to_frame(), _plan_table(made, language)
        said = asdict(made.options) | {"design_effect": made.options.design_effect}
        lines = _plan_lines(made, language)
    else:
        frame, drawn = made.table, _present_table(made, language)
        names = ("construct", "level", "power", "margin", "change")
        said = {name: getattr(made, name) for name in names}
        lines = _present_lines(made, language)
    records = json.loads(frame.to_json(orient="records", double_precision=15))
    text = json.dumps({"options": said, "plan": records}, ensure_ascii=False, indent=1)
    return Shown(drawn, tuple(lines), frame, text)


def _plan_table(made: SurveyPlan, language: Language) -> Table:
    """Return one row a scenario; columns that nobody asked for are left out."""
    rows, o, number = made.scenarios, made.options, parts.numbers
    power = number.percent(o.power)

    def given(row: Scenario) -> str:
        return phrase(f"given_{row.asked}", language, value=_plain(row.value))

    columns: Columns = [
        (phrase("given", language), [given(row) for row in rows]),
        (phrase("n", language), [number.count(row.n) for row in rows]),
        (phrase("margin", language), [number.number(row.margin) for row in rows]),
        (phrase("critical", language), [number.number(row.critical_change) for row in rows]),
        (
            phrase("detectable", language, power=power),
            [number.number(row.detectable_change) for row in rows],
        ),
    ]
    if o.response_rate is not None:
        columns.append(_counts("contacts", [row.contacts for row in rows], language))
    if o.groups > 1:
        columns.append(_counts("total_n", [row.total for row in rows], language))
        if o.response_rate is not None:
            all_of_them = [row.total_contacts for row in rows]
            columns.append(_counts("total_contacts", all_of_them, language))
        all_margins = [number.number(row.margin_all) for row in rows]
        columns.append((phrase("margin_all", language), all_margins))
    if o.spread is not None:
        certain = [number.number(row.reliability or 0.0, 2) for row in rows]
        columns.append((phrase("league", language), certain))
    return _drawn(phrase("plan", language), columns)


def _counts(key: str, values: list[int | None], language: Language) -> tuple[str, list[str]]:
    return phrase(key, language), [parts.numbers.count(value or 0) for value in values]


def _drawn(title: str, columns: Columns, *, words: tuple[int, ...] = (0,)) -> Table:
    heads = [head for head, _ in columns]
    rows = list(zip(*(cells for _, cells in columns), strict=True))
    right = [place for place in range(len(columns)) if place not in words]
    return table(title, heads, rows, right=right)


def _plain(value: float) -> str:
    """Return a number as it was given, without zeros at the end."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def _plan_lines(made: SurveyPlan, language: Language) -> list[str]:
    """Return a sentence or two a scenario, and what all rest on."""
    return [
        *(_told(row, made.options, language) for row in made.scenarios),
        _assumed(made.options, language),
    ]


def _told(row: Scenario, o: PlanOptions, language: Language) -> str:
    """Tell one scenario in sentences."""
    number = parts.numbers
    values: dict[str, Any] = {
        "n": number.count(row.n),
        "value": _plain(row.value),
        "margin": number.number(row.margin),
        "critical": number.number(row.critical_change),
        "detectable": number.number(row.detectable_change),
        "level": number.percent(o.level),
        "power": number.percent(o.power),
    }
    said = [phrase(f"plan_{row.asked}", language, **values)]
    if row.asked == "margin" and f"{row.margin:.1f}" == f"{row.value:.1f}":
        said = [phrase("plan_margin_met", language, **values)]
    if row.asked != "change":
        said.append(phrase("plan_changes", language, **values))
    if row.contacts is not None:
        rate = number.percent(o.response_rate or 0.0)
        count = number.count(row.contacts)
        said.append(phrase("plan_contacts", language, rate=rate, contacts=count))
        if o.population is not None and row.contacts > o.population:
            said.append(phrase("plan_too_many", language))
    if o.groups > 1:
        total, margin = number.count(row.total), number.number(row.margin_all)
        told = phrase("plan_groups", language, groups=o.groups, total=total, margin=margin)
        said.append(told)
    if row.reliability is not None:
        certain = number.number(row.reliability, 2)
        spread = _plain(o.spread or 0.0)
        said.append(phrase("plan_league", language, reliability=certain, spread=spread))
    return _joined(said, language)


def _joined(said: list[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(said)


def _assumed(o: PlanOptions, language: Language) -> str:
    """Say what all scenarios rest on."""
    population = phrase("plan_many", language)
    if o.population is not None:
        count = parts.numbers.count(o.population)
        population = phrase("plan_population", language, population=count)
    panel = phrase("plan_apart", language)
    if o.overlap:
        share, r = parts.numbers.percent(o.overlap), parts.numbers.number(o.correlation, 2)
        panel = phrase("plan_panel", language, overlap=share, correlation=r)
    deff = parts.numbers.number(o.design_effect, 2)
    return phrase(
        "plan_assumed", language, sd=_plain(o.sd), deff=deff, population=population, panel=panel
    )


def _present_table(made: PresentPlan, language: Language) -> Table:
    """Return one row a group."""
    number, frame = parts.numbers, made.table

    def column(name: str, digits: int = 1) -> list[str]:
        values = frame[name].to_numpy(dtype=float, na_value=float("nan"))
        return [number.count(v) if digits < 0 else number.number(v, digits) for v in values]

    columns: Columns = [
        (phrase("group", language), [_group(name, language) for name in frame["group"]]),
        (phrase("index", language), column("index")),
        (phrase("n", language), column("n", -1)),
        (phrase("sd", language), column("sd")),
        (phrase("deff", language), column("design_effect", 2)),
        (phrase("margin", language), column("margin")),
    ]
    if made.margin is not None:
        head = phrase("n_for_margin", language, value=_plain(made.margin))
        columns.append((head, column("n_for_margin", -1)))
    power = number.percent(made.power)
    columns += [
        (phrase("critical", language), column("critical_change")),
        (phrase("detectable", language, power=power), column("detectable_change")),
    ]
    if made.change is not None:
        head = phrase("n_for_change", language, value=_plain(made.change))
        columns.append((head, column("n_for_change", -1)))
    year = frame["year"].iloc[0]
    title = phrase("plan_from", language, year=_year(str(year), language), construct=made.construct)
    return _drawn(title, columns)


def _group(name: str, language: Language) -> str:
    return phrase("all_groups", language) if name == "all" else str(name)


def _year(name: str, language: Language) -> str:
    """Return a year with the Chinese word for it, where the text is Chinese."""
    return f"{name}年" if language == "zh" and name.isdecimal() and len(name) == 4 else name


def _present_lines(made: PresentPlan, language: Language) -> list[str]:
    """Return a sentence a group, and what wanted figures take in all."""
    number = parts.numbers
    lines = []
    for row in made.table.to_dict("records"):
        name = _group(row["group"], language)
        if row["note"]:
            why = parts.note_words.in_words(row["note"], language)
            if row["note"] == parts.planning.NO_MARGIN:
                why = phrase("no_margin", language)
            lines.append(phrase("present_none", language, group=name, why=why.rstrip(".。")))
            continue
        if len(made.table) > TOLD:
            continue
        lines.append(
            phrase(
                "present_one",
                language,
                group=name,
                n=number.count(row["n"]),
                margin=number.number(row["margin"]),
                critical=number.number(row["critical_change"]),
                detectable=number.number(row["detectable_change"]),
                power=number.percent(made.power),
            )
        )
    return [*lines, *_wanted(made, language), *_basis(made, language)]


def _wanted(made: PresentPlan, language: Language) -> list[str]:
    """Say how many answers the wanted margin and change take in all."""
    planned = made.table[made.table["margin"].notna()]
    now = parts.numbers.count(float(planned["n"].sum()))
    lines = []
    for what, value in (("margin", made.margin), ("change", made.change)):
        if value is not None and len(planned):
            total = parts.numbers.count(float(planned[f"n_for_{what}"].sum()))
            said = {"value": _plain(value), "total": total, "now": now}
            lines.append(phrase(f"present_{what}", language, **said))
    return lines


def _basis(made: PresentPlan, language: Language) -> list[str]:
    """Say at which level, and whose error of the change is not known."""
    lines = [phrase("present_level", language, level=parts.numbers.percent(made.level))]
    assumed = made.table[made.table["change_from"] == "assumed"]["group"]
    if len(assumed):
        between = "、" if language == "zh" else ", "
        names = between.join(_group(name, language) for name in assumed)
        lines.append(phrase("present_assumed", language, groups=names))
    return lines
