"""The questionnaire as a section of the page: what was asked, of whom, on which scale."""

from __future__ import annotations

from collections.abc import Sequence

from csi.report.numbers import NONE, count
from csi.report.section import Section
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import View, rows_of
from csi.survey.codebook import Item


def questionnaire(view: View) -> tuple[Section, ...]:
    """Return the questions with wording, scale, routing and codes, construct by construct."""
    model, book = view.yearly.model, view.yearly.codebook
    used = [
        (view.construct(c.name), book.item(name))
        for c in model.constructs
        if not c.parts
        for name in c.items
        if view.known(name)
    ]
    names = {item.name for _, item in used}
    others = [("", item) for item in book.items if item.name not in names]
    say = view.say
    lead = [say("q_lead", year=view.year_in_words(view.years[-1]))]
    bare = sum(not item.wording for _, item in used)
    if bare:
        lead.append(say("q_no_wording", count=bare, all=len(used)))
    sheets = (
        _sheet(view, say("cap_questionnaire"), used),
        _sheet(view, say("cap_other_questions"), others),
    )
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    return (Section("questionnaire", say("questionnaire"), lead=tuple(lead), sheets=filled),)


def _sheet(view: View, caption: str, rows: Sequence[tuple[str, Item]]) -> Sheet:
    """Return one row a question."""
    frame = view.yearly.items
    last = rows_of(frame[frame["year"].astype(str) == view.years[-1]])
    answered = {
        row["item"]: count(row["answered"]) if row["asked"] else view.say("not_asked_cell")
        for row in last
    }
    cells = [
        [
            *([construct] if construct else []),
            item.name,
            answered.get(item.name, NONE),
            item.wording.within(view.language) or view.item(item.name),
            scale(view, item),
            codes(view, item),
            _remark(view, item),
        ]
        for construct, item in rows
    ]
    say = view.say
    inside = [say("construct")] if any(construct for construct, _ in rows) else []
    keys = ("item", "q_answers", "wording", "q_scale", "q_codes", "q_remark")
    head = [*inside, *map(say, keys)]
    return sheet_of(caption, head, cells, heads=len(inside) + 1, words=4, fold=bool(not inside))


def scale(view: View, item: Item) -> str:
    """Return the ends of an answer scale with their words.

    A reversed item is shown as it was asked.
    """
    ends = []
    for point, words in ((item.low, item.low_label), (item.high, item.high_label)):
        said = words.within(view.language)
        ends.append(f"{point:g} {said}" if said else f"{point:g}")
    return " – ".join(ends)


def codes(view: View, item: Item) -> str:
    """Return the codes that are not answers, those of one meaning together."""
    by_meaning: dict[str, list[str]] = {}
    for code, meaning in item.missing.items():
        by_meaning.setdefault(meaning, []).append(code)
    mark = "；" if view.language == "zh" else "; "
    return mark.join(
        f"{', '.join(found)} {view.meaning(meaning)}" for meaning, found in by_meaning.items()
    )


def _remark(view: View, item: Item) -> str:
    said = []
    if item.reversed:
        said.append(view.say("q_reversed", low=f"{item.low:g}"))
    rule = item.asked_if
    if rule is not None:
        said.append(
            view.say("q_asked_if", other=rule.item, low=f"{rule.low:g}", high=f"{rule.high:g}")
        )
    return ("；" if view.language == "zh" else "; ").join(said)
