"""Sections into one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from csi.report.section import Section
from csi.report.words import phrase
from csi.text import Language


def render(title: str, sections: Sequence[Section], language: Language) -> str:
    """Return a page as HTML that needs no other file; the same input gives the same text.

    Parameters
    ----------
    title : str
        Of the survey; the name of the report stands below it, or for it.
    sections : sequence of Section
    language : Language
    """
    template = (files("csi.report") / "templates" / "page.html").read_text("utf-8")
    shop = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def say(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    return (
        shop.from_string(template).render(
            tongue="zh-Hans" if language == "zh" else "en",
            title=title or say("report"),
            subtitle=say("report") if title else "",
            contents=say("contents"),
            sections=sections,
            say=say,
        )
        + "\n"
    )
