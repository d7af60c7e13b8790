"""A chart as an SVG element inside a page: named for readers, its ids its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from matplotlib.figure import Figure

from csi.report.style import picture
from csi.text import Language

_SHEET = '<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>'
_TAG = re.compile(r"<[^<>]+>")
_NAMED = re.compile(r'\sid="([^"]*)"')
_ASKED = re.compile(r'(href="#|url\(#)([^")]*)')


def inline_svg(figure: Figure, *, name: str, alt: str, language: Language) -> str:
    """Return a figure as an ``<svg>`` element for the inside of an HTML page.

    Parameters
    ----------
    figure : Figure
    name : str
        Goes before all ids inside, so that charts of one page do not clash; a glyph is named for
        every letter, so that a short name makes a small page.
    alt : str
        The chart in words.
    language : Language
    """
    return as_element(picture(figure, "svg", language).decode("utf-8"), name=name, alt=alt)


def as_element(svg: str, *, name: str, alt: str) -> str:
    """Return an SVG file as an element: an image with a name, without what only files need.

    Examples
    --------
    >>> file = '<?xml version="1.0"?><svg width="9pt"><g id="b"><use href="#c"/></g></svg>'
    >>> made = as_element(file, name="index", alt="A chart")
    >>> made[: made.index("<g>")]
    '<svg class="drawn" role="img" aria-label="A chart" width="9pt">'
    >>> made[made.index("<g>") :]
    '<g><use href="#index-0"/></g></svg>'
    """
    body = svg[svg.index("<svg") :].strip()
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = body.replace(_SHEET, "")
    body = re.sub(r"<defs>\s*</defs>", "", body)
    body = body.replace("xlink:href=", "href=")
    found = [ref.group(2) for tag in _TAG.findall(body) for ref in _ASKED.finditer(tag)]
    asked = {identity: f"{name}-{k}" for k, identity in enumerate(dict.fromkeys(found))}

    def own(found: re.Match[str]) -> str:
        tag = _ASKED.sub(lambda ref: ref.group(1) + asked[ref.group(2)], found.group())
        return _NAMED.sub(lambda ref: _kept(ref.group(1), asked), tag)

    body = _TAG.sub(own, body)
    body = re.sub(r"\s*\n\s*", "\n", body)
    head = f'<svg class="drawn" role="img" aria-label="{escape(alt)}"'
    return head + body.removeprefix("<svg")


def _kept(identity: str, asked: Mapping[str, str]) -> str:
    return f' id="{asked[identity]}"' if identity in asked else ""
