"""Sections on how the questions were answered and how scores are distributed."""

from __future__ import annotations

from csi.report.numbers import count, interval, number, share, with_margin
from csi.report.section import Panel, Section
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import Row, View, rows_of


def answers(view: View, charts: tuple[Panel, ...]) -> tuple[Section, ...]:
    """Return the section on answers, where the figures have a table of them."""
    if "answer_parts" not in view.yearly.tables or view.yearly.tables["answer_parts"].empty:
        return ()
    return (
        Section(
            "answers",
            view.say("answers"),
            lead=(view.say("answers_lead"),),
            charts=charts,
            sheets=(parts(view),),
        ),
    )


def scores(view: View, charts: tuple[Panel, ...]) -> tuple[Section, ...]:
    """Return the section on scores of respondents, where the figures have a table of them."""
    if "score_summary" not in view.yearly.tables or view.yearly.tables["score_summary"].empty:
        return ()
    return (
        Section(
            "score_shares",
            view.say("score_shares"),
            lead=(view.say("scores_lead"),),
            charts=charts,
            sheets=(summary(view),),
        ),
    )


def parts(view: View) -> Sheet:
    """Return low, middle and high answers of the last year, one row a group and item."""
    say, frame = view.say, view.yearly.tables["answer_parts"]
    year = view.latest(frame)
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows_of(frame[frame["year"] == year]):
        found.setdefault((str(row["group"]), str(row["item"])), {})[str(row["part"])] = row
    cells = [
        [
            view.group(group),
            view.item(item),
            *(share(of["low"]["share"]), share(of["middle"]["share"]), share(of["high"]["share"])),
            interval(100 * of["high"]["lower"], 100 * of["high"]["upper"]),
            count(of["high"]["n"]),
            share(of["high"]["missing_share"]),
        ]
        for (group, item), of in found.items()
    ]
    head = [view.key_label("group"), say("item"), say("part_low"), say("part_middle")]
    head += [say("part_high"), say("high_interval"), say("n"), say("no_answer_head")]
    caption = say("cap_answers", year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, source="answer_parts")


def summary(view: View) -> Sheet:
    """Return mean and quartiles of the scores of the last year, one row a group and construct."""
    say, frame = view.say, view.yearly.tables["score_summary"]
    year = view.latest(frame)
    cells = [
        [
            view.group(str(row["group"])),
            view.construct(str(row["construct"])),
            with_margin(row["mean"], row["moe"]),
            *(number(row[name]) for name in ("sd", "q1", "median", "q3")),
            count(row["n"]),
            share(row["without_share"]),
        ]
        for row in rows_of(frame[frame["year"] == year])
    ]
    keys = ("mean_moe", "sd_scores", "quartile_1", "median", "quartile_3", "n", "without_score")
    head = [view.key_label("group"), say("construct"), *map(say, keys)]
    caption = say("cap_scores", year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, source="score_summary")
