"""Values that appear when the pointer rests on a mark: titles inside the SVG form of a chart."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape, unescape

from matplotlib.artist import Artist
from matplotlib.axes import Axes

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


def tips_at(
    axes: Axes, across: Sequence[float], up: Sequence[float], texts: Sequence[str], size: float = 9
) -> None:
    """Say what the points of one artist stand for: an unseen mark lies on each.

    Parameters
    ----------
    axes : Axes
    across, up : sequence of float
        Places in data; where one is missing (NaN) there is no mark.
    texts : sequence of str
    size : float
        Diameter of a mark in points: larger than what is seen, so that it is easily met.
    """
    for x, y, text in zip(across, up, texts, strict=True):
        if math.isfinite(x) and math.isfinite(y):
            (mark,) = axes.plot(
                [x], [y], linestyle="", marker="o", markersize=size, alpha=0.0, zorder=9
            )
            mark.set_label("_tip")
            tip(mark, text)


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
