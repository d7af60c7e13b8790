"""Scores of respondents on the 0-100 scale, with the weights that the index used."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.errors import Fault, IndexFigureError
from csi.index.values import YearlyIndex
from csi.repeats import answered_name
from csi.survey.survey import Survey

KEYS = ("year", "group", "weight")
"""Columns beside the respondent's name."""


def scores(survey: Survey, yearly: YearlyIndex) -> pd.DataFrame:
    """Return each respondent's score on each construct.

    Parameters
    ----------
    survey : Survey
        The survey the figures were made from.
    yearly : YearlyIndex

    Returns
    -------
    DataFrame
        One row a respondent: ``respondent, year, group, weight`` and one column a construct,
        from 0 to 100. A score is empty where an item of the construct was not answered, or
        where the respondent's group has no weights or a negative one; nothing is
        filled in.

    Raises
    ------
    IndexFigureError
        Where a construct has the name of one of the first columns.
    """
    taken = [name for name in ("respondent", *KEYS) if name in yearly.model.names]
    if taken:
        raise IndexFigureError(
            [Fault(f"construct {name}", "has the name of a column of the scores", "rename it")
             for name in taken]
        )  # fmt: skip
    metric, n = yearly.metric, len(survey)
    year = survey.keys[metric.time] if metric.time else np.full(n, "all", dtype=object)
    group = survey.keys[metric.group] if metric.group else np.full(n, "all", dtype=object)
    table = pd.DataFrame(
        {"respondent": survey.respondents, "year": year, "group": group,
         "weight": survey.design.weights}
    )  # fmt: skip
    table[list(yearly.model.names)] = score_matrix(survey, yearly)
    return table


def score_matrix(survey: Survey, yearly: YearlyIndex) -> Array:
    """Return the scores of `scores` as an array, (n, constructs of the model)."""
    metric, n = yearly.metric, len(survey)
    year = survey.keys[metric.time] if metric.time else np.full(n, "all", dtype=object)
    group = survey.keys[metric.group] if metric.group else np.full(n, "all", dtype=object)
    place = {name: number for number, name in enumerate(yearly.model.names)}
    found = np.full((n, len(place)), np.nan)
    scale = {item: (low, high) for item, low, high in metric.scale}
    groups = pd.DataFrame({"year": year, "group": group}).groupby(["year", "group"])
    of = {key: np.asarray(rows) for key, rows in groups.indices.items()}
    column = {item: number for number, item in enumerate(yearly.model.items)}
    answers = survey.columns(tuple(column))
    for key, part in yearly.weights.groupby(["year", "group", "construct"], sort=False):
        label, member, construct = (str(name) for name in cast("tuple[str, str, str]", key))
        w = part["index_weight"].to_numpy()
        if (w < 0).any() or (label, member) not in of:
            continue
        items = part["item"].tolist()
        ends = [scale[answered_name(item)] for item in items]
        low, high = np.array(ends).T
        rows, columns = of[label, member], np.array([column[item] for item in items])
        given = answers[np.ix_(rows, columns)]
        found[rows, place[construct]] = 100.0 * ((given - low) @ w) / float((high - low) @ w)
    return found
