"""Yearly indices with distributions, made from answers that go with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from csi.index.values import YearlyIndex
from csi.run.distributions import with_distributions
from csi.survey.codebook import Codebook
from csi.survey.read import read_survey
from csi.survey.survey import Survey


def survey_of(yearly: YearlyIndex, *, n: int = 40, seed: int = 5) -> Survey:
    """Return `n` respondents of every year and group of the figures, with gaps and weights."""
    random = np.random.default_rng(seed)
    book = yearly.codebook
    parts = []
    for year, group in yearly.figures[["year", "group"]].drop_duplicates().to_numpy():
        mood = random.normal(0.0, 1.0, (n, 1))
        cells = {}
        for item in book.items:
            way = 1 / (1 + np.exp(-(0.7 + 0.9 * mood[:, 0] + random.normal(0, 0.9, n))))
            points = np.clip(np.round(item.low + way * (item.high - item.low)), item.low, item.high)
            text = pd.Series(points).astype(int).astype(str)
            text[random.random(n) < 0.04] = ""
            if item.name == "image5" and year < "2021" and year != "all":
                text[:] = ""
            cells[item.column] = text
        frame = pd.DataFrame(cells)
        frame["w"] = np.round(random.uniform(0.5, 2.0, n), 3).astype(str)
        frame["region"] = random.integers(1, 4, n).astype(str)
        if book.time:
            frame[book.time.column] = year
        if book.groups:
            frame[book.groups[0].column] = group
        parts.append(frame)
    whole = pd.concat(parts, ignore_index=True)
    if book.unweighted:
        whole.loc[whole[book.time.column].isin(book.unweighted), "w"] = ""
    return read_survey(whole, book)


def distributed(yearly: YearlyIndex, *, n: int = 40) -> YearlyIndex:
    """Return figures with the tables of distributions."""
    return with_distributions(yearly, survey_of(yearly, n=n))


def on_points(yearly: YearlyIndex, high: float) -> YearlyIndex:
    """Return figures whose items have the scale from 1 to `high`."""
    items = tuple(replace(item, high=high) for item in yearly.codebook.items)
    book: Codebook = replace(yearly.codebook, items=items)
    scale = tuple((item, 1.0, high) for item, _, _ in yearly.metric.scale)
    return replace(yearly, codebook=book, metric=replace(yearly.metric, scale=scale))
