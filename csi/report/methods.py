"""The methods page: how the survey was made, and how its figures were computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from csi.model.parts import Construct
from csi.report.numbers import NONE, chance, count, percent
from csi.report.section import Section
from csi.report.sentences import comma, method_parts
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import View
from csi.survey.study import WORDS, Wave

SOFTWARE = ("csi", "python", "numpy", "scipy", "pandas")
"""Programs of the run record that the figures rest on."""

INPUTS = ("survey", "codebook", "model", "aggregate")

GIVEN = ("equal",)
"""Weights of the index that are not estimated; those of another period have its replicates."""


def methods(view: View, record: Mapping[str, object]) -> Section:
    """Return the methods page.

    Parameters
    ----------
    view : View
    record : mapping
        What the run was made of; empty where there is none.
    """
    sheets = (
        survey(view),
        waves(view),
        sample(view),
        model(view),
        figures(view),
        files(view, record),
    )
    foot = (view.say("sample_weighted"),) if view.yearly.codebook.weight else ()
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    return Section(
        "method", view.say("method"), lead=(view.say("mt_lead"),), sheets=filled, foot=foot
    )


def survey(view: View) -> Sheet:
    """Return what the codebook states of the survey."""
    book, say = view.yearly.codebook, view.say
    parts = method_parts(view)
    rows = [[say("st_title"), book.title.within(view.language)]]
    rows += [[say(key), parts[key]] for key in ("m_population", "m_source", "m_years", "m_groups")]
    for name in WORDS:
        if words := getattr(book.study, name).within(view.language):
            rows.append([say(f"st_{name}"), words])
    if response := _response(view, book.study.issued, book.study.response_rate):
        rule = book.study.response_rule.within(view.language)
        rows += [
            [say(key), words]
            for key, words in zip(("st_issued", "st_response_rate"), response, strict=True)
            if words != NONE
        ]
        rows += [[say("st_response_rule"), rule]] if rule else []
    rows.append([say("m_design"), parts["m_design"]])
    return _pairs(view, "cap_study", rows)


def waves(view: View) -> Sheet:
    """Return what the codebook states of single periods, one row a period."""
    stated = view.yearly.codebook.study.periods
    there = [
        entry.name
        for entry in fields(Wave)
        if any(_has(wave, entry.name) for wave in stated.values())
    ]
    rows = []
    for year in view.years:
        wave = stated.get(year, Wave())
        numbers = dict(
            zip(
                ("issued", "response_rate"),
                (count(wave.issued) if wave.issued else NONE, _rate(wave.response_rate)),
                strict=True,
            )
        )
        rows.append(
            [
                view.year(year),
                *(
                    numbers.get(name) or getattr(wave, name).within(view.language) or NONE
                    for name in there
                ),
            ]
        )
    head = [view.key_label("year"), *(view.say(f"st_{name}") for name in there)]
    return sheet_of(view.say("cap_waves"), head, rows if there else [], words=len(there))


def sample(view: View) -> Sheet:
    """Return how many respondents count, one row a group and one column a period."""
    rows = [
        [
            view.group(group),
            *(count(row["n"]) for row in view.by_year(view.index_name, group).values()),
        ]
        for group in view.groups
    ]
    head = [view.key_label("group"), *map(view.year, view.years)]
    return sheet_of(view.say("cap_sample"), head, rows, source="index")


def model(view: View) -> Sheet:
    """Return what explains each construct in the model, and what it is measured by."""
    found, say = view.yearly.model, view.say
    rows = []
    for construct in found.constructs:
        sources = [
            p.source
            for p in found.paths
            if p.target == construct.name and (p.source, p.target) not in found.part_paths
        ]
        rows.append(
            [
                view.construct(construct.name),
                _kind(view, construct),
                comma(view).join(map(view.construct, sources)) or say("mk_nothing"),
                comma(view).join(() if construct.parts else construct.items) or NONE,
            ]
        )
    head = [say("construct"), say("mk_kind"), say("mk_from"), say("mk_items")]
    return sheet_of(say("cap_model_words"), head, rows, words=3)


def figures(view: View) -> Sheet:
    """Return how the figures, their margins and tests are made."""
    return _pairs(view, "cap_figures", [[view.say(key), words] for key, words in _figures(view)])


def _figures(view: View) -> Iterator[tuple[str, str]]:
    say, metric, parts = view.say, view.yearly.metric, method_parts(view)
    yield from ((key, parts[key]) for key in ("m_model", "m_index"))
    yield "mt_formula", say("mt_formula_words")
    yield from ((key, parts[key]) for key in ("m_scale", "m_weights", "m_estimator", "m_metric"))
    yield "m_missing", parts["m_missing"]
    if len(view.yearly.excluded):
        yield "mt_left", say("mt_left_words", section=say("left_out"))
    yield from ((key, parts[key]) for key in ("m_replication", "m_draws", "m_interval", "m_level"))
    fixed = metric.weights.partition(":")[0] in GIVEN
    yield "mt_margin", say("mt_margin_fixed" if fixed else "mt_margin_words")
    random = () if view.yearly.codebook.study.sampling else (say("mt_random"),)
    yield "mt_not_covered", _gap(view).join((say("mt_not_covered_words"), *random))
    if len(view.years) > 1:
        yield "mt_tests", say("mt_tests_words", alpha=chance(metric.level))
    if "ranks" in view.yearly.tables:
        yield "mt_league", say("mt_league_words", level=percent(metric.level))
    yield "m_suppression", parts["m_suppression"]
    yield "mt_rounding", say("mt_rounding_words")


def files(view: View, record: Mapping[str, object]) -> Sheet:
    """Return software with versions, and the hashes of the files a run was made from."""
    say, rows = view.say, []
    found = record.get("versions")
    if isinstance(found, Mapping):
        named = [f"{name} {found[name]}" for name in SOFTWARE if name in found]
        rows.append([say("mt_software"), comma(view).join(named)])
    for name in INPUTS:
        entry = record.get(name)
        if isinstance(entry, Mapping) and "sha256" in entry:
            rows.append([say("mt_sha", file=entry.get("file", name)), str(entry["sha256"])])
    command = str(record.get("command", "")).removeprefix("csi ")
    if command:
        rows.append([say("mt_repeat"), say("mt_repeat_words", command=command)])
    return _pairs(view, "cap_files", rows)


def _pairs(view: View, caption: str, rows: Sequence[list[str]]) -> Sheet:
    """Return a table of statements; none is folded."""
    filled = [row for row in rows if row[1]]
    head = [view.say("mt_item"), view.say("mt_said")]
    return sheet_of(view.say(caption), head, filled, words=1, fold=False)


def _kind(view: View, construct: Construct) -> str:
    if construct.parts:
        parts = comma(view).join(map(view.construct, construct.parts))
        return view.say("kind_whole", parts=parts)
    return view.say(f"kind_{construct.kind}")


def _response(view: View, issued: int | None, rate: float | None) -> tuple[str, str] | None:
    if issued is None and rate is None:
        return None
    return (NONE if issued is None else count(issued)), _rate(rate)


def _rate(rate: float | None) -> str:
    return NONE if rate is None else percent(rate)


def _has(wave: Wave, name: str) -> bool:
    value = getattr(wave, name)
    return value is not None and bool(value)


def _gap(view: View) -> str:
    return "" if view.language == "zh" else " "
