"""Where a report answers what AAPOR and ISO 10004 ask for, and what is not stated."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from csi.report.methods import waves
from csi.report.section import Section
from csi.report.sentences import comma, method_parts
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import View

ASKED = {
    "ap_who": ("sponsor", "conducted_by"),
    "ap_sample": ("frame", "sampling", "recruitment", "incentives"),
    "ap_mode": ("mode", "languages"),
    "ap_dates": ("fieldwork",),
    "ap_sizes": ("issued", "response_rate"),
    "ap_weights": ("weighting",),
    "ap_processing": ("quality",),
    "ap_limits": ("limitations",),
}
"""Items of AAPOR's checklist [aapor2021disclosure] and the entries of ``[study]`` they rest on."""

CLAUSES = {
    "iso_plan": ("method",),
    "iso_expect": ("questionnaire",),
    "iso_gather": ("method", "items", "left_out"),
    "iso_analyse": ("constructs", "model", "impacts", "map", "league", "why_changed", "outcomes"),
    "iso_communicate": ("headline", "over_years", "notes"),
    "iso_monitor": ("over_years", "why_changed", "comparability"),
    "iso_improve": ("assessment", "comparability"),
}
"""Clauses of ISO 10004 [iso10004] and the sections of the page that go with them."""

FUNDED = "funding"


def disclosure(view: View, there: dict[str, str]) -> Section:
    """Return the lists of AAPOR and ISO 10004 with the places of their answers.

    Parameters
    ----------
    view : View
    there : dict of str to str
        Titles of the sections of the page by their keys.
    """
    missing = not_stated(view)
    said = view.say("disclosure_all")
    if missing:
        entries = comma(view).join(
            view.say("m_population" if name == "population" else f"st_{name}") for name in missing
        )
        said = view.say("disclosure_count", count=len(missing), entries=entries)
    return Section(
        "disclosure",
        view.say("disclosure"),
        lead=(view.say("disclosure_lead"), said),
        sheets=(aapor(view, there), iso(view, there)),
        foot=(view.say("iso_words"),),
    )


def not_stated(view: View) -> tuple[str, ...]:
    """Return the entries of the codebook that AAPOR's list asks for and that are not stated."""
    book = view.yearly.codebook
    top = () if book.population else ("population",)
    return (*top, *(name for name in _asked(view) if name not in book.study.stated))


def _asked(view: View) -> Iterator[str]:
    """Yield the entries that are asked for; how weights were made only where there are any."""
    for names in ASKED.values():
        for name in names:
            if name != "weighting" or view.yearly.codebook.weight:
                yield name


def aapor(view: View, there: dict[str, str]) -> Sheet:
    """Return the items of AAPOR's checklist, each with its answer or where that stands."""
    say, book = view.say, view.yearly.codebook
    parts = method_parts(view)
    questions = _sections(view, ("questionnaire",), there)
    population = book.population.within(view.language)
    rows = [
        [say("ap_strategy"), say("ds_survey", section=there.get("questionnaire", ""))],
        [say("ap_who"), _stated(view, (*ASKED["ap_who"], FUNDED))],
        [say("ap_instrument"), questions],
        [say("ap_population"), population or say("not_stated", entry="population")],
    ]
    for key in ("ap_sample", "ap_mode", "ap_dates"):
        rows.append([say(key), _stated(view, ASKED[key])])
    precise = _sections(view, ("over_years", "method"), there)
    rows.append([say("ap_sizes"), _join(view, precise, _stated(view, ASKED["ap_sizes"]))])
    weighted = _stated(view, ASKED["ap_weights"]) if book.weight else ""
    rows.append([say("ap_weights"), _join(view, parts["m_design"], weighted)])
    treated = _sections(view, ("left_out", "assessment"), there)
    rows.append([say("ap_processing"), _join(view, treated, _stated(view, ASKED["ap_processing"]))])
    rows.append([say("ap_limits"), _stated(view, ASKED["ap_limits"])])
    return sheet_of(say("cap_aapor"), [say("mt_item"), say("mt_said")], rows, words=1, fold=False)


def iso(view: View, there: dict[str, str]) -> Sheet:
    """Return the clauses of ISO 10004 that a report can speak to, with its sections."""
    say, rows = view.say, []
    for key, names in CLAUSES.items():
        found = _sections(view, names, there, bare=key in ("iso_plan", "iso_improve"))
        words = say(f"{key}_words", sections=found) if key in ("iso_plan", "iso_improve") else found
        rows.append([say(key), words if found else say("iso_none")])
    head = [say("ds_clause"), say("ds_where")]
    return sheet_of(say("cap_iso"), head, rows, words=1, fold=False)


def _stated(view: View, names: Collection[str]) -> str:
    """Return what the codebook states of entries, each by its name, and which it does not."""
    said, missing = [], []
    colon = "：" if view.language == "zh" else ": "
    for name in names:
        if words := _words(view, name):
            said.append(words if len(names) == 1 else f"{view.say(f'st_{name}')}{colon}{words}")
        elif name != FUNDED:
            missing.append(name)
    if missing:
        entries = ", ".join(f"[study].{name}" for name in missing)
        said.append(view.say("not_stated", entry=entries))
    return _semicolon(view).join(said)


def _words(view: View, name: str) -> str:
    """Return what is stated of an entry, for the whole survey or by period."""
    study = view.yearly.codebook.study
    value = getattr(study, name)
    whole = value.within(view.language) if hasattr(value, "within") else value
    if whole:
        return f"{100 * whole:.6g}%" if name == "response_rate" else str(whole)
    if name in study.stated:
        return view.say("ds_sections", sections=f"“{waves(view).caption}”")
    return ""


def _sections(
    view: View, names: Collection[str], there: dict[str, str], *, bare: bool = False
) -> str:
    """Return the titles of those sections that the page has; nothing where it has none."""
    titles = [f"“{there[name]}”" for name in names if name in there]
    if not titles:
        return ""
    listed = comma(view).join(titles)
    return listed if bare else view.say("ds_sections", sections=listed)


def _join(view: View, *parts: str) -> str:
    return _semicolon(view).join(part for part in parts if part)


def _semicolon(view: View) -> str:
    return "；" if view.language == "zh" else "; "
