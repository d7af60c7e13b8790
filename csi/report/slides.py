"""The report as a deck of slides, with charts and tables that can be edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from csi.index.values import YearlyIndex
from csi.report import slide_model, slide_parts
from csi.report.office_file import require_library, save, steady
from csi.report.slide_deck import Deck
from csi.report.slide_theme import new_presentation
from csi.report.view import View
from csi.text import Language

_MOST_TITLE = 255
"""Letters that the properties of the file take."""


def write_slides(
    yearly: YearlyIndex,
    path: str | Path,
    *,
    language: Language = "en",
    record: Mapping[str, object] | None = None,
) -> Path:
    """Write the report as a PowerPoint file with native charts and tables.

    Title and headline; the index over the years; the last year by group with the league table;
    all constructs; importance-performance maps; path coefficients; drivers; method and notes.
    Charts open their data in a spreadsheet and carry margins of error as error bars; tables are
    divided so that nothing runs off a slide. Charts of many groups show the highest and say
    which they leave out. Each slide has notes for the speaker on how to read it.

    Parameters
    ----------
    yearly : YearlyIndex
    path : path
        File to write, such as ``report.pptx``; its folder is made where it is not there.
    language : Language
    record : mapping, optional
        What the run was made of (versions, hashes, options), on the last slides.

    Returns
    -------
    Path
        The file written; the same figures give the same bytes.

    Raises
    ------
    ReportError
        Where python-pptx is not installed or the file cannot be written.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    require_library("pptx", str(path))
    return save(presentation(view, record or {}), path)


def presentation(view: View, record: Mapping[str, object]) -> bytes:
    """Return the deck as bytes."""
    made = new_presentation()
    deck = Deck(made, view)
    slide_parts.opening(deck)
    slide_parts.headlines(deck)
    slide_parts.trend(deck)
    slide_parts.latest(deck)
    slide_parts.constructs(deck)
    slide_model.maps(deck)
    slide_model.paths(deck)
    slide_model.drivers(deck)
    slide_parts.closing(deck, record)
    properties = made.core_properties
    properties.title = view.yearly.codebook.title.within(view.language)[:_MOST_TITLE]
    properties.author, properties.last_modified_by, properties.revision = "csi", "csi", 1
    properties.language = "zh-CN" if view.language == "zh" else "en-GB"
    stamp = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    properties.created = properties.modified = stamp
    content = BytesIO()
    made.save(content)
    return steady(content.getvalue())
