"""What was found of comparability, in the notes and tables of index figures."""

from __future__ import annotations

import pandas as pd

from csi.compare.comparability import ALLOWED, Comparability
from csi.index.notes import with_comparability_note
from csi.index.values import YearlyIndex

MOST_NAMED = 5
"""Constructs and pairs named in a note."""


def comparability_note(found: Comparability) -> str:
    """Return the result as a note of index figures, in English.

    It takes the place of the note that comparability was not tested; see `with_comparability`.
    """
    shared = ", ".join(f"{key} {value}" for key, value in found.where.items())
    over = f"{found.by} ({shared})" if shared else found.by
    table = found.allowed
    if found.method == "covariance":
        may = bool(table["levels"].iloc[0])
        said = "levels may be compared" if may else "levels may not be compared"
        return (
            f"Comparability over {over}: tested by covariance fits, {table['why'].iloc[0]}: {said}."
        )
    constructs = table["construct"].nunique()
    bad = table[table["levels"].eq(False)]
    unknown = table[table["levels"].isna()]
    if len(bad):
        names = _places(bad, constructs)
        return f"Comparability over {over}: tested by MICOM, not comparable: {names}."
    if len(unknown):
        names = _places(unknown, constructs)
        return f"Comparability over {over}: MICOM could not be carried out for {names}."
    return f"Comparability over {over}: tested by MICOM, all constructs are formed alike."


def with_comparability(yearly: YearlyIndex, *found: Comparability) -> YearlyIndex:
    """Return index figures with what was found of their being comparable.

    Parameters
    ----------
    yearly : YearlyIndex
    *found : Comparability
        One a key: the time, the groups.

    Returns
    -------
    YearlyIndex
        The note that comparability over a key was not tested gives way to the result
        (`comparability_note`); ``tables`` has ``comparability``: the columns of
        `Comparability.allowed` after ``by`` and ``method``.
    """
    rows = []
    for own in found:
        yearly = with_comparability_note(yearly, own.by, comparability_note(own))
        rows.append(own.allowed.assign(by=own.by, method=own.method))
    if not rows:
        return yearly
    table = pd.concat(rows, ignore_index=True)[["by", "method", *ALLOWED]]
    return yearly.with_tables(comparability=table)


def _places(rows: pd.DataFrame, constructs: int) -> str:
    """Name constructs with the pairs of groups, the first few of them; whole pairs once."""
    named = []
    for (a, b), own in rows.groupby(["group", "other"], sort=False):
        if len(own) == constructs > 1:
            named.append(f"all constructs ({a} and {b})")
            continue
        named += [f"{construct} ({a} and {b})" for construct in own["construct"]]
    more = len(named) - MOST_NAMED
    said = ", ".join(named[:MOST_NAMED])
    return f"{said} and {more} more" if more > 0 else said
