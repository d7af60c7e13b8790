"""A table with the words for its codes beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from csi.report.change_sheets import group_label
from csi.report.map_rows import PHRASES
from csi.report.numbers import text
from csi.report.view import View

SUFFIX = "_label"
"""Ends the name of a column of words; before it stands the name of the column of codes."""

Label = Callable[[str], str]


def labelled(view: View, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a column of words after each column of codes that has any.

    Parameters
    ----------
    view : View
    name : str
        Name of the table.
    frame : DataFrame
        As it is written to CSV.

    Returns
    -------
    DataFrame
        The same columns in the same order; after ``group``, say, ``group_label`` in the
        language of the view, where at least one label is another word than its code.
    """
    functions = _functions(view, name)
    columns: dict[str, object] = {}
    for column in frame.columns:
        columns[column] = frame[column]
        if column not in functions:
            continue
        codes = [text(value) for value in frame[column]]
        words = [functions[column](code) if code else "" for code in codes]
        if words != codes:
            columns[f"{column}{SUFFIX}"] = words
    return pd.DataFrame(columns, index=frame.index)


def _functions(view: View, table: str) -> Mapping[str, Label]:
    known = set(view.yearly.model.names)

    def construct(name: str) -> str:
        return view.construct(name) if name in known else name

    def group(name: str) -> str:
        return group_label(view, name) if table == "changes" else view.group(name)

    def quadrant(name: str) -> str:
        return view.say(PHRASES[name]) if PHRASES.get(name) else name

    return {
        **dict.fromkeys(("year", "compared_with"), view.year),
        **dict.fromkeys(("group", "member", "leader", "leader_before"), group),
        **dict.fromkeys(("construct", "from", "to", "target"), construct),
        **dict.fromkeys(("note", "problem", "reason", "why"), view.told),
        "item": view.item,
        "meaning": view.meaning,
        "quadrant": quadrant,
    }
