"""Plain tables for the terminal, from cells that are text already."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text


def table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    wrap: Sequence[int] = (),
) -> Table:
    """Return a table.

    Parameters
    ----------
    title : str
    heads : sequence of str
    rows : sequence of sequences of str
        Text as it is, no markup.
    right : sequence of int
        Columns whose cells stand to the right.
    wrap : sequence of int
        Columns that may take several lines; the others keep theirs.
    """
    drawn = Table(
        title=Text(title),
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    for place, head in enumerate(heads):
        drawn.add_column(
            Text(head),
            justify="right" if place in right else "left",
            no_wrap=place not in wrap,
            overflow="fold",
        )
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    return drawn
