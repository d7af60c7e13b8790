"""Fonts for charts: Latin and Chinese letters, from what this machine has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matplotlib.font_manager import fontManager

from csi.errors import Fault, ReportError
from csi.text import Language

LATIN = "DejaVu Sans"
"""Comes with matplotlib, so it is always there."""

CJK = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans CJK JP",
    "Source Han Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "Heiti SC",
    "Heiti TC",
    "STHeiti",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
    "IPAexGothic",
)
"""Fonts with Chinese letters, best first."""

_CJK_LETTERS = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)


def installed() -> frozenset[str]:
    """Return the names of the fonts that matplotlib finds."""
    return frozenset(font.name for font in fontManager.ttflist)


def cjk_font() -> str | None:
    """Return the best font with Chinese letters, None where there is none."""
    have = installed()
    return next((name for name in CJK if name in have), None)


def families(language: Language) -> list[str]:
    """Return the font families for charts, only such as are installed.

    Chinese text comes first from the Chinese font so that a line has one look; in English
    the Chinese font only steps in for single letters.

    Examples
    --------
    >>> families("en")[0]
    'DejaVu Sans'
    """
    chinese = cjk_font()
    if chinese is None:
        return [LATIN]
    return [chinese, LATIN] if language == "zh" else [LATIN, chinese]


def needs_cjk(texts: Iterable[str]) -> bool:
    """Tell whether any of the texts has Chinese (or Japanese, Korean) letters.

    Examples
    --------
    >>> needs_cjk(["Index", "满意度"]), needs_cjk(["± –"])
    (True, False)
    """
    return any(_CJK_LETTERS.search(text) for text in texts)


def require_letters(texts: Iterable[str]) -> None:
    """Make sure that the texts of a chart can be drawn.

    Raises
    ------
    ReportError
        Where a text is Chinese and no font on this machine has Chinese letters.
    """
    if cjk_font() is None and needs_cjk(texts):
        raise ReportError(
            Fault(
                "charts",
                "there is Chinese text to draw and no font with Chinese letters",
                "install one (Debian and Ubuntu: apt-get install fonts-noto-cjk; Fedora: dnf "
                "install google-noto-sans-cjk-fonts; elsewhere: Noto Sans CJK SC from its "
                "maker), or use --lang en with English labels, which goes without",
            )
        )
