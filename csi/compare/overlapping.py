"""One survey twice over: all respondents, and those of them who are not left out.

The two samples share their sampled units, so that figures of both come with replicates that go
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from csi.arrays import BoolArray
from csi.survey.codebook import Key
from csi.survey.survey import Survey
from csi.text import Text

BOTH = "with and without"
"""Name of the key that tells the two samples apart."""

ALL, KEPT = " | all", " | without flagged"


def stacked(survey: Survey, out: BoolArray, group: str | None) -> Survey:
    """Return all respondents, and once more those who are not left out, as the same sampled units.

    Parameters
    ----------
    survey : Survey
    out : (n,) True for respondents to leave out
    group : str or None
        Key of the groups; both samples of a group are values of the key `BOTH`.
    """
    n = len(survey)
    rows = np.concatenate([np.arange(n), np.flatnonzero(~out)])
    names = survey.keys[group] if group else np.full(n, "all", dtype=object)
    tags = np.repeat([ALL, KEPT], [n, len(rows) - n])
    label = [name and f"{name}{tag}" for name, tag in zip(names[rows], tags, strict=True)]
    order = {f"{name}{tag}": Text() for name in listed(survey, group) for tag in (ALL, KEPT)}
    own = Key(name=BOTH, column=BOTH, values=order)
    codebook = replace(survey.codebook, groups=(*survey.codebook.groups, own))
    taken = survey.take(rows)
    found = replace(
        taken,
        codebook=codebook,
        keys={**taken.keys, BOTH: np.array(label, dtype=object)},
        design=replace(taken.design, clustered=True),  # who stands twice is one sampled unit
    )
    return replace(found, missing=_missing(survey, found))


def listed(survey: Survey, group: str | None) -> Mapping[str, Text]:
    """Return the values of a key that the codebook lists, with their labels."""
    return next((key.values for key in survey.codebook.keys if key.name == group), {})


def _missing(survey: Survey, found: Survey) -> pd.DataFrame:
    """Return counts of missing answers that still tell items nobody was asked in a period."""
    before = pd.Series(survey.period_of).value_counts()
    now = pd.Series(found.period_of).value_counts()
    table = survey.missing.copy()
    whole = (table["meaning"] == "not_asked") & (table["count"] == table["year"].map(before))
    table.loc[whole, "count"] = table.loc[whole, "year"].map(now).astype(table["count"].dtype)
    return table
