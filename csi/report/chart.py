"""A chart of a report as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and what the page says of it.

    Attributes
    ----------
    name : str
        Name of its file, without ending.
    section : str
        Section of the page it belongs to.
    alt : str
        The chart in words, for those who cannot see it.
    figure : Figure
    group, year : str
        Labels of the one group and year it is of; empty where it is of several. Charts of a
        section whose names begin alike are panels to switch between.
    file : bool
        Whether it is written as a file of its own beside the page.
    note : str
        What is left out, as a sentence.
    """

    name: str
    section: str
    alt: str
    figure: Figure
    group: str = ""
    year: str = ""
    file: bool = True
    note: str = ""


def of_group(name: str, place: int, group: str) -> str:
    """Return the name of the chart of one of several groups: with its number and the group.

    Examples
    --------
    >>> of_group("answers", 1, "North & Co")
    'answers_2_North_Co'
    """
    return f"{name}_{place + 1}_" + re.sub(r"\W+", "_", group)[:40]


def numbered(name: str, place: int, count: int, group: str) -> str:
    """Return the name of a chart, with number and group where there are several.

    Examples
    --------
    >>> numbered("answers", 0, 1, "all"), numbered("answers", 1, 3, "North & Co")
    ('answers', 'answers_2_North_Co')
    """
    return name if count == 1 else of_group(name, place, group)
