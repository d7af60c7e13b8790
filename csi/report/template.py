"""Sections into one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from types import MappingProxyType

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from csi.report.page_data import as_json
from csi.report.page_words import PAGE_PHRASES
from csi.report.section import Section
from csi.report.switching import Switch, marked
from csi.report.words import phrase
from csi.text import Language

_NO_DATA: Mapping[str, str] = MappingProxyType({})


def render(
    title: str,
    sections: Sequence[Section],
    language: Language,
    *,
    switches: Sequence[Switch] = (),
    data: Mapping[str, str] = _NO_DATA,
) -> str:
    """Return a page as HTML that needs no other file; the same input gives the same text.

    Parameters
    ----------
    title : str
        Of the survey; the name of the report stands below it, or for it.
    sections : sequence of Section
    language : Language
    switches : sequence of Switch
        What the reader can choose.
    data : mapping of str to str
        Tables as JSON by name: what a sheet with this source is downloaded from.
    """

    def say(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    spoken = {key: words.within(language) for key, words in PAGE_PHRASES.items()}
    chosen = [asdict(switch) for switch in switches]
    return (
        _shop()
        .get_template("page.html")
        .render(
            tongue="zh-Hans" if language == "zh" else "en",
            title=title or say("report"),
            subtitle=say("report") if title else "",
            sections=sections,
            say=say,
            marked=lambda sheet: marked(sheet, switches),
            style=Markup(_part("page.css")),
            script=Markup(_part("page.js")),
            setting=Markup(as_json({"words": spoken, "switches": chosen, "tongue": language})),
            data={name: Markup(text) for name, text in data.items()},
            comma="、" if language == "zh" else ", ",
        )
        + "\n"
    )


def _shop() -> Environment:
    return Environment(
        loader=DictLoader({"page.html": _part("page.html")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _part(name: str) -> str:
    return (files("csi.report") / "templates" / name).read_text("utf-8").rstrip("\n")
