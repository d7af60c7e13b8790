"""Tables as native tables of a slide deck, divided so that nothing runs off a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csi.report.lettering import wrap
from csi.report.sheets import Sheet
from csi.report.slide_deck import BOTTOM, EDGE, PAD, ROOM, TOP, Box, Deck, describe, emu
from csi.report.slide_fit import BOLD, LINE, columns_in, least_widths, lines_of, widths_of
from csi.report.style import FAINT, INK

SIZE = 11.0
"""Size of the letters of a table."""
MOST_ROWS = 12
MOST_COLUMNS = 11
MOST_LINES = 9
"""Lines of a cell; a longer text is cut and ends in an ellipsis."""
_OVER = 6.0
"""Room above and below the words of a cell together."""
_FOOT = 10.0


@dataclass(frozen=True, slots=True)
class Part:
    """As much of a table as stands on one slide.

    Attributes
    ----------
    head : tuple of str
    rows : tuple of tuples of str
    widths : tuple of float
        Of the columns, in points.
    heights : tuple of float
        Of head and rows, in points.
    cut : int
        Cells whose text did not fit.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    cut: int = 0


def add_table(deck: Deck, title: str, sheet: Sheet, notes: str, foot: Sequence[str] = ()) -> None:
    """Add the slides of a table.

    Parameters
    ----------
    deck : Deck
    title : str
        Title of the slides; numbered where there are several.
    sheet : Sheet
        The table as the page has it.
    notes : str
        For the speaker.
    foot : sequence of str
        Sentences under the table.
    """
    if not sheet.rows:
        return
    sheet = without_empty_words(sheet)
    say = deck.view.say
    tall = BOTTOM - TOP - _foot_height([*foot, say("s_cut")])
    parts = parts_of(sheet, tall)
    for number, part in enumerate(parts, start=1):
        shown = title if len(parts) == 1 else say("s_part", title=title, n=number, all=len(parts))
        slide = deck.slide(shown, notes)
        draw_part(deck, slide, part, sheet.caption, TOP)
        lines = [*foot, *([say("s_cut")] if part.cut else [])]
        if lines:
            high = _foot_height(lines)
            deck.words(slide, lines, Box(EDGE, BOTTOM - high, ROOM, high), _FOOT, FAINT)


def small_part(sheet: Sheet, tall: float) -> Part | None:
    """Return a table whole where it is small enough to stand under a chart, else nothing."""
    if not sheet.rows:
        return None
    parts = parts_of(without_empty_words(sheet), tall)
    fits = len(parts) == 1 and sum(parts[0].heights) <= tall and not parts[0].cut
    return parts[0] if fits else None


def without_empty_words(sheet: Sheet) -> Sheet:
    """Return a table without its last column where that is of words and there are none."""
    if not sheet.words or any(row[-1] for row in sheet.rows):
        return sheet
    rows = tuple(row[:-1] for row in sheet.rows)
    return replace(sheet, head=sheet.head[:-1], rows=rows, words=sheet.words - 1)


def _foot_height(lines: Sequence[str]) -> float:
    return 4 + sum((lines_of(line, ROOM - PAD, _FOOT) * LINE + 0.55) * _FOOT for line in lines)


def parts_of(sheet: Sheet, tall: float) -> list[Part]:
    """Divide a table into parts of at most `MOST_ROWS` rows that are not higher than `tall`."""
    parts = []
    for columns in _column_runs(sheet):
        cells = [[row[at] for at in columns] for row in (sheet.head, *sheet.rows)]
        wide = widths_of(cells, ROOM, SIZE, PAD)
        parts += _row_runs(cells, wide, tall)
    return parts


def _column_runs(sheet: Sheet) -> list[list[int]]:
    """Return the columns of each part: those that name a row, and as many others as fit."""
    cells = [sheet.head, *sheet.rows]
    least = least_widths(cells, SIZE, PAD)
    names = list(range(min(sheet.heads, len(sheet.head))))
    runs: list[list[int]] = [list(names)]
    for at in range(len(names), len(sheet.head)):
        run = runs[-1]
        wide = sum(least[one] for one in run) + least[at]
        if len(run) > len(names) and (wide > ROOM or len(run) >= MOST_COLUMNS):
            runs.append([*names, at])
        else:
            run.append(at)
    return runs


def _row_runs(cells: list[list[str]], wide: list[float], tall: float) -> list[Part]:
    head = _height(cells[0], wide, BOLD)
    empty = Part(tuple(cells[0]), (), tuple(wide), (head,))
    parts = [empty]
    for row in cells[1:]:
        fitted = [_fitted(cell, points) for cell, points in zip(row, wide, strict=True)]
        high = _height(fitted, wide)
        if parts[-1].rows and (
            len(parts[-1].rows) >= MOST_ROWS or sum(parts[-1].heights) + high > tall
        ):
            parts.append(empty)
        last = parts[-1]
        parts[-1] = replace(
            last,
            rows=(*last.rows, tuple(fitted)),
            heights=(*last.heights, high),
            cut=last.cut + sum(a != b for a, b in zip(row, fitted, strict=True)),
        )
    return parts


def _height(row: Sequence[str], wide: Sequence[float], letter: float = 1.0) -> float:
    """Return the height of a row; `letter` is how much wider its letters are."""
    lines = max(
        lines_of(cell, (points - PAD) / letter, SIZE)
        for cell, points in zip(row, wide, strict=True)
    )
    return lines * SIZE * LINE + _OVER


def _fitted(cell: str, points: float) -> str:
    """Return a text of a cell, cut where it has too many lines."""
    columns = columns_in(points - PAD, SIZE)
    if wrap(cell, columns).count("\n") < MOST_LINES:
        return cell
    low, high = 0, min(len(cell), columns * MOST_LINES)
    while low < high:
        middle = (low + high + 1) // 2
        fits = wrap(cell[:middle] + "…", columns).count("\n") < MOST_LINES
        low, high = (middle, high) if fits else (low, middle - 1)
    return cell[:low].rstrip() + "…"


def draw_part(deck: Deck, slide: object, part: Part, caption: str, top: float) -> None:
    """Draw a part as a native table."""
    from pptx.util import Pt

    box = Box(EDGE, top, sum(part.widths), sum(part.heights))
    count = (len(part.rows) + 1, len(part.head))
    frame = slide.shapes.add_table(*count, *emu(box))  # type: ignore[attr-defined]
    describe(frame, caption)
    grid = frame.table
    for column, wide in zip(grid.columns, part.widths, strict=True):
        column.width = Pt(wide)
    for row, high in zip(grid.rows, part.heights, strict=True):
        row.height = Pt(high)
    for at, row_of_text in enumerate((part.head, *part.rows)):
        for place, words in enumerate(row_of_text):
            cell = grid.cell(at, place)
            cell.margin_left = cell.margin_right = Pt(PAD / 2)
            cell.margin_top = cell.margin_bottom = Pt(_OVER / 2)
            run = cell.text_frame.paragraphs[0].add_run()
            run.text = words
            colour = "#FFFFFF" if at == 0 else INK
            deck.letter(run.font, SIZE, colour, bold=at == 0)
