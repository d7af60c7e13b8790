"""What the slides of a report share: sentences, the room of a chart, figures and words of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from csi.report.numbers import with_margin
from csi.report.sheets import Sheet
from csi.report.slide_charts import Series
from csi.report.slide_deck import BODY, BOTTOM, EDGE, PAD, ROOM, TOP, Box, Deck, pages
from csi.report.slide_fit import height_of
from csi.report.slide_tables import draw_part, small_part
from csi.report.style import FAINT
from csi.report.view import Row, View

WORDS = (22.0, 18.0, 16.0)
"""Sizes of sentences, the largest that fits is taken."""
_FOOT = 10.0
UNDER = 110.0
"""Highest table that stands under its chart, in points."""


def add_sentences(
    deck: Deck, title: str, lines: Sequence[str], notes: str, sizes: Sequence[float] = WORDS
) -> None:
    """Add sentences in the largest letters that fit on one slide, else on several slides."""
    if not lines:
        return
    size = next((one for one in sizes if len(pages(lines, BODY, one)) == 1), sizes[-1])
    runs = pages(lines, BODY, size)
    for count, run in enumerate(runs, start=1):
        numbered = deck.view.say("s_part", title=title, n=count, all=len(runs))
        slide = deck.slide(numbered if len(runs) > 1 else title, notes)
        deck.words(slide, run, BODY, size)


def room_over(deck: Deck, slide: object, foot: str, sheet: Sheet | None) -> Box:
    """Write the foot of a chart, and a small table above it; return the room that is left."""
    high = height_of(foot, ROOM - PAD, _FOOT) + 6
    deck.words(slide, (foot,), Box(EDGE, BOTTOM - high, ROOM, high), _FOOT, FAINT)
    bottom = BOTTOM - high - 4
    part = small_part(sheet, UNDER) if sheet else None
    if part and sheet:
        bottom -= sum(part.heights)
        draw_part(deck, slide, part, sheet.caption, bottom)
        bottom -= 4
    return Box(EDGE, TOP, ROOM, bottom - TOP)


def series_of(name: str, rows: Iterable[Row]) -> Series:
    """Return index figures with their margins as a series of a chart."""
    found = list(rows)
    values = tuple(float(row["index"]) for row in found)
    margins = tuple(float(row["moe"]) if math.isfinite(row["index"]) else math.nan for row in found)
    return Series(name, values, margins)


def words_of(view: View, title: str, labels: Sequence[str], rows: Sequence[Row]) -> str:
    """Return a chart in words."""
    figures = [
        f"{label} {with_margin(row['index'], row['moe'])}"
        for label, row in zip(labels, rows, strict=True)
    ]
    mark = "、" if view.language == "zh" else ", "
    return view.say("s_alt", title=title, figures=mark.join(figures))
