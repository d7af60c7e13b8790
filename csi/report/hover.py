"""Values that appear when the pointer rests on a mark: titles inside the SVG form of a chart."""

from __future__ import annotations

import re
from html import escape, unescape

from matplotlib.artist import Artist

_MARK = "csi-tip|"
_OPENED = re.compile(
    r"<g id=(\"" + re.escape(_MARK) + r"[^\"]*\"|'" + re.escape(_MARK) + r"[^']*')>"
)


def tip(artist: Artist, text: str) -> None:
    """Say what a mark stands for; the SVG form of the chart shows it on hover.

    Parameters
    ----------
    artist : Artist
        A mark drawn on its own: a point, a bar, a line, a label. One artist has one text.
    text : str
        Such as ``Norvane, 2025: 69.2 ± 2.2``.
    """
    artist.set_gid(_MARK + text)


def with_titles(svg: str) -> str:
    r"""Return an SVG text in which the marks of `tip` have titles.

    A mark becomes ``<g class="tip"><title>text</title>...</g>``, which browsers and screen
    readers know.

    Examples
    --------
    >>> with_titles('<g id="csi-tip|Norvane &amp; Co: 69.2"><path/></g>')
    '<g class="tip"><title>Norvane &amp; Co: 69.2</title><path/></g>'
    """

    def titled(found: re.Match[str]) -> str:
        text = unescape(found.group(1)[1:-1]).removeprefix(_MARK)
        return f'<g class="tip"><title>{escape(text, quote=False)}</title>'

    return _OPENED.sub(titled, svg)
