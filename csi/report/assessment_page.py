"""The assessment as a folder: tables as CSV, verdicts in both languages, and one page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from csi.assess.assessment import Assessment, verdict_table
from csi.repeats import answered_name
from csi.report.assessment_columns import FILES_ONLY, captions, described, heads, words_of
from csi.report.inline import inline_svg
from csi.report.mediation_chart import mediation_chart
from csi.report.moderation_chart import moderation_chart
from csi.report.more_sections import action_map
from csi.report.note_words import in_words
from csi.report.numbers import NONE, number, p_value, percent
from csi.report.part_labels import of_part
from csi.report.pictures import map_charts, panel
from csi.report.section import Panel, Section
from csi.report.sheets import Sheet, sheet_of
from csi.report.tables import open_folder, write_text
from csi.report.template import render
from csi.report.view import View, rows_of
from csi.report.words import PHRASES, check_language, phrase
from csi.text import Language
from csi.verdict import Topic, Verdict

DIGITS = 3
"""Decimals of measures on the page; the files have them all."""

Graded = tuple[str, str, str]


def write_assessment(
    found: Assessment,
    folder: str | Path,
    *,
    language: Language = "en",
    record: Mapping[str, object] | None = None,
) -> tuple[Path, ...]:
    """Write tables and verdicts as CSV, a README of their columns, and the page.

    Parameters
    ----------
    found : Assessment
    folder : path
        Made where it is not there; files of the same names are replaced.
    language : Language
        Of README and page; the file of verdicts has both.
    record : mapping, optional
        What the run was made of, printed on the page.

    Returns
    -------
    tuple of Path
        The page is the last.

    Raises
    ------
    ReportError
        Where the folder cannot be written.
    OptionError
        Unknown language.
    """
    check_language(language)
    place = open_folder(folder)
    tables = {"verdicts": verdict_table(found.verdicts), **found.tables}
    written = []
    for name, table in tables.items():
        path = place / f"{name}.csv"
        table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
        written.append(path)
    write_text(place / "README.md", readme(tables, language))
    page = place / "index.html"
    title = found.codebook.title.within(language)
    write_text(page, render(title, sections(found, language), language))
    return (*written, place / "README.md", page)


def readme(tables: Mapping[str, pd.DataFrame], language: Language) -> str:
    """Return what each file and column is."""

    def say(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    lines = [f"# {say('d_title')}", ""]
    for name, table in tables.items():
        caption = captions(name).within(language)
        lines += [f"## {name}.csv ({say('d_rows', rows=len(table))})", "", caption, ""]
        lines += [f"| {say('d_column')} | {say('d_meaning')} |", "|---|---|"]
        lines += [
            f"| `{column}` | {described(column).within(language)} |" for column in map(str, table)
        ]
        lines.append("")
    return "\n".join(lines)


def sections(found: Assessment, language: Language) -> tuple[Section, ...]:
    """Return the sections of the page: an overview, the topics with their tables, the method."""

    def say(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    made = [_overview(found, language)]
    shown_tables = [name for name in found.tables if name not in FILES_ONLY]
    placed: set[str] = set()
    for topic in found.topics:
        names = [name for name in shown_tables if _topic_of(name) == topic]
        placed |= set(names)
        sheets = tuple(_sheet(name, found, language) for name in names)
        graded = graded_lines(found.about(topic), language)
        shown = tuple(sheet for sheet in sheets if sheet.rows)
        charts = _pictures(found, language) if topic == "structure" else ()
        title = say(f"topic_{topic}")
        made.append(Section(topic, title, graded=graded, charts=charts, sheets=shown))
    rest = tuple(_sheet(name, found, language) for name in shown_tables if name not in placed)
    if shown := tuple(sheet for sheet in rest if sheet.rows):
        made.append(Section("more", say("more_tables"), sheets=shown))
    made += _action_map(found, language)
    if found.left_out:
        listed = tuple(left_out_in_words(line, language) for line in found.left_out)
        made.append(Section("not_assessed", say("not_assessed"), listed=listed))
    return tuple(made)


def left_out_in_words(line: str, language: Language) -> str:
    """Return what was not assessed, and why: ``prediction: ...``."""
    name, _, why = line.partition(": ")
    key, mark = f"topic_{name}", "：" if language == "zh" else ": "
    shown = phrase(key, language) if key in PHRASES else words_of(name, language)
    return f"{shown}{mark}{in_words(why, language)}"


def _pictures(found: Assessment, language: Language) -> tuple[Panel, ...]:
    """Return the pictures of direct and total effects on the index, and of simple slopes."""
    made: list[Panel] = []
    if found.mediations:
        drawn = mediation_chart(found.mediations, language=language)
        target = found.model.construct(found.model.index).label.within(language)
        words = phrase("alt_mediation", language, target=target or found.model.index)
        made.append(_panel("mediation", words, drawn, language))
    if found.moderation is not None:
        drawn = moderation_chart(found.moderation, language=language)
        words = phrase("alt_moderation", language)
        made.append(_panel("moderation", words, drawn, language))
    return tuple(made)


def _panel(name: str, alt: str, figure: Figure, language: Language) -> Panel:
    return Panel(name, inline_svg(figure, name=name, alt=alt, language=language))


def _action_map(found: Assessment, language: Language) -> tuple[Section, ...]:
    """Return the importance-performance map, where there is one."""
    if found.index is None:
        return ()
    view = View(of_part(found.index, found.where), language)
    if "map" not in found.index.tables:
        return ()
    return action_map(view, tuple(panel(chart, view) for chart in map_charts(view)))


def graded_lines(verdicts: Sequence[Verdict], language: Language) -> tuple[Graded, ...]:
    """Return verdicts as (grade, grade in words, sentence)."""
    return tuple(
        (v.grade, phrase(f"grade_{v.grade}", language), v.sentence.within(language))
        for v in verdicts
    )


def lead(found: Assessment, language: Language) -> tuple[str, ...]:
    """Return who was assessed, and how."""

    def say(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    mark = "；" if language == "zh" else "; "
    where = mark.join(f"{key} = {', '.join(values)}" for key, values in found.where.items())
    return (
        say("assessment_where", where=where) if where else say("assessment_all"),
        say(
            "assessment_of",
            estimator=in_words(found.estimator, language),
            n=f"{found.respondents:,}",
            level=percent(found.level),
            draws=found.draws,
            replication=in_words(found.replication, language),
        ),
    )


def _overview(found: Assessment, language: Language) -> Section:
    """Return who was assessed, how, and the worst grade of each topic."""

    def say(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    rows = []
    for topic in found.topics:
        grade, own = found.grade(topic), found.about(topic)
        counts = [str(sum(v.grade == name for v in own)) for name in ("poor", "doubtful", "good")]
        rows.append([say(f"topic_{topic}"), say(f"grade_{grade or 'told'}"), *counts])
    head = [say("topic"), say("worst"), *(say(f"grade_{n}") for n in ("poor", "doubtful", "good"))]
    sheet = sheet_of(say("cap_topics"), head, rows, heads=2)
    return Section(
        "assessment",
        say("assessment"),
        lead=(*lead(found, language), say("assessment_legend")),
        sheets=(sheet,),
    )


def _topic_of(name: str) -> Topic | None:
    """Return the topic a table belongs to: the first part of its name."""
    first = name.partition("_")[0]
    return _TOPICS.get(first)


_TOPICS: dict[str, Topic] = {
    "answers": "answers",
    "measurement": "measurement",
    "structure": "structure",
    "prediction": "prediction",
    "comparability": "comparability",
    "segments": "segments",
}


def _sheet(name: str, found: Assessment, language: Language) -> Sheet:
    """Return a table as text: numbers rounded, columns and constructs named; folded."""
    table = found.tables[name]
    kept = [column for column in map(str, table) if not _empty(table[column])]
    kept = [column for column in kept if column != UNSPOKEN[language]]
    words = [column for column in kept if not _numeric(table[column])]
    first = next((k for k, column in enumerate(kept) if column not in words), len(kept))
    labels = _labels(found, language)
    rows = [
        [_cell(row[column], labels, language, column) for column in kept]
        for row in rows_of(table[kept])
    ]
    last = len(kept) > first and kept[-1] in words
    head = [heads(column).within(language) for column in kept]
    made = sheet_of(
        captions(name).within(language), head, rows, heads=max(1, first), words=int(last)
    )
    return replace(made, folded=True)


_CHANCE = re.compile(r"(^|_)p($|_(value|adjusted|bootstrap|holm|bh))")
"""Names of columns that hold p values."""

UNSPOKEN: Mapping[Language, str] = MappingProxyType({"en": "detail_zh", "zh": "detail"})
"""Columns of the other language."""


def _numeric(column: pd.Series) -> bool:
    """Tell whether a column has numbers."""
    return bool(pd.api.types.is_numeric_dtype(column) and column.dtype != bool)


def _labels(found: Assessment, language: Language) -> dict[str, str]:
    """Return the labels of constructs and items by name."""
    named = {item.name: item.label.within(language) for item in found.codebook.items}
    named |= {c.name: c.label.within(language) for c in found.model.constructs}
    for key in found.codebook.keys:
        named |= {value: label.within(language) for value, label in key.values.items()}
    return {name: label for name, label in named.items() if label}


def _empty(column: pd.Series) -> bool:
    """Tell whether a column of text has no text."""
    return bool(column.isna().all() or (column.astype(str) == "").all())


def _cell(value: object, labels: Mapping[str, str], language: Language, column: str) -> str:
    """Return a cell as text; a p value is never rounded to zero."""
    if value is None or value is pd.NA:
        return NONE
    if isinstance(value, (bool, np.bool_)):
        return phrase("yes" if value else "no", language)
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    if isinstance(value, float):
        return p_value(value) if _CHANCE.search(column) else number(value, DIGITS)
    return _named(str(value), labels, language)


def _named(text: str, labels: Mapping[str, str], language: Language) -> str:
    """Return a text with its constructs, items and fixed words named."""
    asked = answered_name(text)
    if asked in labels:
        return labels[asked]
    for between in (" -> ", ", ", "*"):
        parts = text.split(between)
        if len(parts) > 1 and all(part in labels for part in parts):
            mark = {" -> ": " → ", "*": " × "}.get(between, "、" if language == "zh" else ", ")
            return mark.join(labels[part] for part in parts)
    return words_of(text, language)
