"""A slide deck being written: its look, its slides with title, footer and speaker notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csi.report.lettering import wrap
from csi.report.office_file import font_of
from csi.report.slide_fit import columns_in, height_of, lines_of
from csi.report.style import FAINT, INK, PALETTE
from csi.report.view import View

WIDE, HIGH = 960.0, 540.0
"""Size of a slide in points, 16 to 9."""
EDGE = 40.0
"""Room at the left and the right."""
ROOM = WIDE - 2 * EDGE
TOP, BOTTOM = 92.0, 500.0
"""Ends of the part below the title."""
_TITLE = (26.0, 22.0, 18.0, 15.0)
"""Sizes of a title, the largest that fits is taken."""
_TITLE_HIGH = 58.0
_FOOT = 10.0


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a slide, in points from its upper left corner."""

    left: float
    top: float
    wide: float
    high: float


BODY = Box(EDGE, TOP, ROOM, BOTTOM - TOP)


@dataclass(frozen=True, slots=True)
class Deck:
    """A presentation of python-pptx and the language it speaks.

    Attributes
    ----------
    presentation : pptx.presentation.Presentation
    view : View
    """

    presentation: Any
    view: View

    def slide(self, title: str, notes: str, top: float = 22.0) -> Any:
        """Return a new slide with title, footer and speaker notes."""
        layout = self.presentation.slide_layouts[5]  # title only
        slide = self.presentation.slides.add_slide(layout)
        size = next((s for s in _TITLE if _fits(title, s)), _TITLE[-1])
        shown = title if _fits(title, size) else _cut(title, size)
        place(slide.shapes.title, Box(EDGE, top, ROOM, _TITLE_HIGH))
        self.fill(slide.shapes.title, (shown,), size, colour=PALETTE[0].ink, bold=True)
        self._rule(slide, top + 60.0)
        self._foot(slide)
        slide.notes_slide.notes_text_frame.text = notes
        return slide

    def words(
        self, slide: Any, lines: Sequence[str], box: Box, size: float, colour: str = INK
    ) -> Any:
        """Add a box of paragraphs."""
        shape = slide.shapes.add_textbox(*emu(box))
        self.fill(shape, lines, size, colour=colour)
        return shape

    def fill(
        self,
        shape: Any,
        lines: Sequence[str],
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """Write paragraphs into a shape or a cell, in the fonts of the language."""
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = Pt(PAD / 2)
        frame.margin_top = frame.margin_bottom = Pt(2)
        frame.vertical_anchor = MSO_ANCHOR.TOP
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            paragraph.space_after = Pt(size * GAP if number + 1 < len(lines) else 0)
            run = paragraph.add_run()
            run.text = line
            self.letter(run.font, size, colour, bold=bold)

    def letter(self, font: Any, size: float, colour: str, *, bold: bool = False) -> None:
        """Set size, colour and the Latin and East Asian fonts of letters."""
        from pptx.util import Pt

        font.size, font.bold = Pt(size), bold
        font.color.rgb = paint(colour)
        set_fonts(font, self.view)

    def _rule(self, slide: Any, top: float) -> None:
        from pptx.enum.shapes import MSO_SHAPE

        line = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *emu(Box(EDGE, top, 60.0, 2.5)))
        line.fill.solid()
        line.fill.fore_color.rgb = paint(PALETTE[0].colour)
        line.line.fill.background()
        line.shadow.inherit = False
        _decorative(line)

    def _foot(self, slide: Any) -> None:
        title = self.view.yearly.codebook.title.within(self.view.language)
        number = str(len(self.presentation.slides))
        columns = columns_in(ROOM - 70 - PAD, _FOOT)
        first = wrap(title, columns).partition("\n")[0]
        shown = first if first == title else first[:-1] + "…"
        self.words(slide, (shown,), Box(EDGE, 510.0, ROOM - 60, 18.0), _FOOT, FAINT)
        self.words(slide, (number,), Box(WIDE - EDGE - 40, 510.0, 40.0, 18.0), _FOOT, FAINT)


PAD = 10.0
"""Room beside the words of a box or a cell, left and right together, in points."""
GAP = 0.55
"""Room after a paragraph as a part of the size of its letters."""


def paint(colour: str) -> Any:
    """Return a colour such as ``#0072B2`` as python-pptx takes it."""
    from pptx.dml.color import RGBColor

    kind: Any = RGBColor
    return kind.from_string(colour.lstrip("#"))


def place(shape: Any, box: Box) -> None:
    """Put a shape where it belongs."""
    shape.left, shape.top, shape.width, shape.height = emu(box)


def pages(lines: Sequence[str], box: Box, size: float) -> list[list[str]]:
    """Divide paragraphs into pages that fit into a box.

    A paragraph longer than a page is divided at a line.
    """
    made: list[list[str]] = [[]]
    left = box.high - 4
    for line in _short(lines, box, size):
        high = height_of(line, box.wide - PAD, size) + size * GAP
        if high > left and made[-1]:
            made.append([])
            left = box.high - 4
        made[-1].append(line)
        left -= high
    return made


def _short(lines: Sequence[str], box: Box, size: float) -> list[str]:
    """Return the paragraphs, those that are longer than a page divided."""
    most = int((box.high - 4 - size * GAP) / height_of("", box.wide, size))
    short = []
    for line in lines:
        if lines_of(line, box.wide - PAD, size) <= most:
            short.append(line)
            continue
        broken = wrap(line, columns_in(box.wide - PAD, size)).split("\n")
        joint = "" if re.search("[\u4e00-\u9fff]", line) else " "
        short += [joint.join(broken[at : at + most]) for at in range(0, len(broken), most)]
    return short


def set_fonts(font: Any, view: View) -> None:
    """Name the Latin and the East Asian font of letters: ``a:latin`` and ``a:ea``."""
    from pptx.oxml.ns import qn

    font.name = font_of("en")
    properties = font._element
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    east = properties.makeelement(qn("a:ea"), {"typeface": font_of("zh")})
    properties.find(qn("a:latin")).addnext(east)
    if properties.tag != qn("a:latin"):
        properties.set("lang", "zh-CN" if view.language == "zh" else "en-GB")


def describe(shape: Any, words: str) -> None:
    """Give a shape its alternative text."""
    shape._element.xpath("./*/p:cNvPr")[0].set("descr", words)


def _decorative(shape: Any) -> None:
    describe(shape, "")


def _fits(title: str, size: float) -> bool:
    return height_of(title, ROOM - PAD, size) <= _TITLE_HIGH - 4


def _cut(title: str, size: float) -> str:
    lines = wrap(title, columns_in(ROOM - PAD, size)).split("\n")
    most = int((_TITLE_HIGH - 4) / height_of("", ROOM, size))
    return " ".join(lines[:most])[:-1] + "…"


def emu(box: Box) -> tuple[int, int, int, int]:
    """Return left, top, width and height in the unit of the files: 12,700 a point."""
    return (
        round(box.left * 12700),
        round(box.top * 12700),
        round(box.wide * 12700),
        round(box.high * 12700),
    )
