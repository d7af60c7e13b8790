"""What a reader can choose on the page: the group and the year of charts and of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from csi.report.sheets import Sheet
from csi.report.view import View


@dataclass(frozen=True, slots=True)
class Switch:
    """A key that divides charts and rows of tables.

    Attributes
    ----------
    key : str
    label : str
        Its name, which is also the head of its column in tables.
    values : tuple of str
        Labels of its values, in order.
    """

    key: Literal["group", "year"]
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Which rows of a table belong to which value of a switch.

    Attributes
    ----------
    key : str
    values : tuple of str
        One a row.
    several : bool
        Whether some value has more than one row: such a table can be cut to one value; in others,
        which compare the values, a row is only picked out.
    """

    key: str
    values: tuple[str, ...]
    several: bool


def switches(view: View) -> tuple[Switch, ...]:
    """Return the switches of a yearly index: those of its groups and years that differ."""
    found = (
        Switch("group", view.key_label("group"), tuple(map(view.group, view.groups))),
        Switch("year", view.key_label("year"), tuple(map(view.year, view.years))),
    )
    return tuple(switch for switch in found if len(switch.values) > 1)


def marked(sheet: Sheet, known: Sequence[Switch]) -> tuple[Marked, ...]:
    """Return by which switches the rows of a table are divided.

    A column that names its row divides the table by a switch where it has the name of the
    switch and holds nothing but its values.
    """
    made = []
    for switch in known:
        for place, head in enumerate(sheet.head[: sheet.heads]):
            cells = tuple(row[place] for row in sheet.rows)
            if head == switch.label and set(cells) <= set(switch.values) and len(set(cells)) > 1:
                several = max(Counter(cells).values()) > 1
                made.append(Marked(switch.key, cells, several))
                break
    return tuple(made)
