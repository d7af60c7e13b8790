"""The house look of a slide deck: size, colours and fonts of python-pptx's plain presentation."""

from __future__ import annotations

import re
from typing import Any

from csi.report.office_file import font_of
from csi.report.slide_deck import HIGH, WIDE
from csi.report.style import INK, PALETTE

_THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"


def new_presentation() -> Any:
    """Return an empty wide presentation in the colours and fonts of all charts."""
    from pptx import Presentation

    made: Any = Presentation()
    ratio = WIDE * 12700 / made.slide_width
    made.slide_width, made.slide_height = round(WIDE * 12700), round(HIGH * 12700)
    for layout in (made.slide_master, *made.slide_layouts):
        for shape in layout.placeholders:
            if shape.element.xpath("./p:spPr/a:xfrm"):
                _widen(shape, ratio)
    theme = made.slide_master.part.part_related_by(_THEME)
    theme._blob = _recoloured(theme.blob)
    return made


def _widen(shape: Any, ratio: float) -> None:
    """Stretch a placeholder from the 4 to 3 of the plain presentation to 16 to 9."""
    high = HIGH * 12700 / 6858000
    left, top = round(shape.left * ratio), round(shape.top * high)
    wide, tall = round(shape.width * ratio), round(shape.height * high)
    shape.left, shape.top, shape.width, shape.height = left, top, wide, tall


def _recoloured(theme: bytes) -> bytes:
    """Return the theme with the colours of the charts and an East Asian font."""
    found = theme.decode("utf-8")
    for number, look in enumerate(PALETTE, start=1):
        accent = f"<a:accent{number}>"
        colour = look.colour.lstrip("#")
        found = re.sub(accent + r"<a:srgbClr val=\"\w+\"/>", f'{accent}<a:srgbClr val="{colour}"/>',
                       found)  # fmt: skip
    dark = INK.lstrip("#")
    found = re.sub(r"<a:dk2><a:srgbClr val=\"\w+\"/>", f'<a:dk2><a:srgbClr val="{dark}"/>', found)
    east = f'<a:ea typeface="{font_of("zh")}"/>'
    return found.replace('<a:ea typeface=""/>', east).encode("utf-8")
