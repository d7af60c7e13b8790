"""Complaints, loyalty and whatever else follows from the index in the model."""

from __future__ import annotations

from math import isfinite

from csi.report.change_sheets import latest_rows
from csi.report.numbers import (
    NONE,
    chance,
    count,
    interval,
    number,
    percent,
    share,
    signed,
    text,
    with_margin,
)  # fmt: skip
from csi.report.remarks import ARROWS, move, sure
from csi.report.section import Section
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import Row, View, rows_of

TALKED = 2
"""Up to so many groups are told in sentences; effects in more of them stand in a table."""


def following(view: View) -> tuple[str, ...]:
    """Return the constructs that the arrows of the model lead to from the index, in its order.

    A whole that the index is a part of is no consequence of it.
    """
    model, reached = view.yearly.model, {view.index_name}
    arrows = [
        (p.source, p.target) for p in model.paths if (p.source, p.target) not in model.part_paths
    ]
    while more := {b for a, b in arrows if a in reached} - reached:
        reached |= more
    return tuple(name for name in model.names if name in reached and name != view.index_name)


def outcomes(view: View) -> tuple[Section, ...]:
    """Return the section on what follows from the index; none where nothing does."""
    names = following(view)
    if not names:
        return ()
    level = view.yearly.metric.level
    sheets = [_latest(view, names), _by_year(view, names), effects(view, names)]
    sheets.append(top_answers(view, names))
    comma = "、" if view.language == "zh" else ", "
    title = view.say("outcomes", names=comma.join(map(view.construct, names)))
    lead = (view.say("outcomes_lead", index=view.construct(view.index_name)), *_rates(view, names))
    foot = view.say("outcome_words", alpha=chance(level), level=percent(level))
    said = sentences(view, names)
    causes = (view.say("outcome_causes"),) if said or sheets[2].rows else ()
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    return (
        Section("outcomes", title, lead=lead, sheets=filled, foot=(foot, *causes), listed=said),
    )


def sentences(view: View, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what more of the index goes with in sentences, where there are one or two groups."""
    if len(view.groups) > TALKED:
        return ()
    level = view.yearly.metric.level
    said = []
    for row in _effect_rows(view, names):
        alone = "_all" if view.one_group and row["group"] == "all" else ""
        spread = f"{view.say('interval', level=percent(level))} "
        spread += interval(row["lower"], row["upper"])
        if not sure(row["p_value"], level):
            mark = "，" if view.language == "zh" else ", "
            spread += mark + view.say("outcome_no_effect")
        said.append(
            view.say(
                f"outcome_effect{alone}",
                group=view.group(str(row["group"])),
                rise=number(row["rise"], 0),
                source=view.construct(str(row["from"])),
                impact=signed(row["impact"]),
                target=view.construct(str(row["to"])),
                interval=spread,
            )
        )
    return tuple(said)


def effects(view: View, names: tuple[str, ...]) -> Sheet:
    """Return what more of the index goes with, one row a group; none where sentences say it."""
    rows = _effect_rows(view, names)
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(str(row["group"]), {})[str(row["to"])] = row
    cells = [
        [view.group(group), *(_effect(view, to.get(name)) for name in names)]
        for group, to in found.items()
        if len(view.groups) > TALKED
    ]
    head = [view.key_label("group"), *map(view.construct, names)]
    rise = number(rows[0]["rise"], 0) if rows else ""
    year = view.year_in_words(str(rows[0]["year"])) if rows else ""
    source = view.construct(view.index_name)
    caption = view.say("cap_outcome_effects", rise=rise, source=source, year=year)
    return sheet_of(caption, head, cells, source="impacts")


def _effect(view: View, row: Row | None) -> str:
    if row is None or not isfinite(row["impact"]):
        return NONE
    star = "*" if sure(row["p_value"], view.yearly.metric.level) else ""
    return f"{signed(row['impact'])}{star} {interval(row['lower'], row['upper'])}"


def _effect_rows(view: View, names: tuple[str, ...]) -> list[Row]:
    if "impacts" not in view.yearly.tables:
        return []
    rows, _ = latest_rows(view, view.yearly.tables["impacts"])
    return [row for row in rows if row["from"] == view.index_name and row["to"] in names]


def _latest(view: View, names: tuple[str, ...]) -> Sheet:
    """Return index and change of the last year, one row a construct and group."""
    year = view.years[-1]
    cells = [
        [
            view.construct(name),
            view.group(group),
            with_margin(row["index"], row["moe"]),
            _changed(view, row),
            text(row["compared_with"]),
            count(row["n"]),
            view.told(row["note"]),
        ]
        for name in names
        for group, row in view.by_group(name, year).items()
    ]
    say = view.say
    keys = ("index_moe", "change", "compared_with", "n", "note")
    head = [say("construct"), view.key_label("group"), *map(say, keys)]
    caption = say("cap_outcomes", year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, words=1, source="index")


def _changed(view: View, row: Row) -> str:
    if not isfinite(row["change"]):
        return NONE
    star = "*" if sure(row["p_value"], view.yearly.metric.level) else ""
    return f"{signed(row['change'])}{star} {interval(row['change_lower'], row['change_upper'])}"


def _by_year(view: View, names: tuple[str, ...]) -> Sheet:
    """Return index and margin of all years, one row a construct and group."""
    level = view.yearly.metric.level
    cells = [
        [
            view.construct(name),
            view.group(group),
            *(
                with_margin(row["index"], row["moe"]) + ARROWS.get(move(row, level), "")
                for row in view.by_year(name, group).values()
            ),
        ]
        for name in names
        for group in view.groups
    ]
    head = [view.say("construct"), view.key_label("group"), *map(view.year, view.years)]
    shown = cells if len(view.years) > 1 else []
    return sheet_of(view.say("cap_outcomes_by_year"), head, shown, heads=2, source="index")


def top_answers(view: View, names: tuple[str, ...]) -> Sheet:
    """Return the share of high answers to the items of constructs, where the table is there."""
    say = view.say
    head = [say("item"), view.key_label("group"), say("high_answers"), say("share_of_answers")]
    head += [say("interval", level=percent(view.yearly.metric.level)), say("n")]
    if "answer_parts" not in view.yearly.tables:
        return sheet_of("", head, [], heads=2)
    frame = view.yearly.tables["answer_parts"]
    year = view.latest(frame)
    items = [item for name in names for item in view.yearly.model.construct(name).items]
    rows = [
        row
        for row in rows_of(frame[frame["year"].astype(str) == year])
        if row["item"] in items and row["part"] == "high" and isfinite(row["share"])
    ]
    cells = [
        [
            view.item(str(row["item"])),
            view.group(str(row["group"])),
            f"{row['least']:g}–{row['most']:g}",
            share(row["share"]),
            f"{share(row['lower'])} – {share(row['upper'])}",
            count(row["n"]),
        ]
        for row in sorted(rows, key=lambda row: items.index(row["item"]))
    ]
    caption = say("cap_top_answers", year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, source="answer_parts")


def _rates(view: View, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return which figures are rates, and which questions not everybody was asked."""
    said, year = [], view.years[-1]
    model, book = view.yearly.model, view.yearly.codebook
    frame = view.yearly.items
    answered = {
        row["item"]: row["answered"] for row in rows_of(frame[frame["year"].astype(str) == year])
    }
    for name in names:
        asked = [book.item(item) for item in model.construct(name).items if view.known(item)]
        if len(asked) == 1 and asked[0].high - asked[0].low == 1:
            item = asked[0]
            label, point = (
                (item.low_label, item.low) if item.reversed else (item.high_label, item.high)
            )
            word = label.within(view.language) or f"{point:g}"
            said.append(view.say("outcome_rate", construct=view.construct(name), word=word))
        for item in asked:
            if item.asked_if is not None:
                said.append(
                    view.say(
                        "outcome_asked_if",
                        item=view.item(item.name),
                        other=view.item(item.asked_if.item),
                        low=f"{item.asked_if.low:g}",
                        high=f"{item.asked_if.high:g}",
                        n=count(answered.get(item.name, float("nan"))),
                        year=view.year_in_words(year),
                    )
                )
    return tuple(said)
