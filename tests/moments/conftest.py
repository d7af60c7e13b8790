"""Surveys made of arrays, and a model for them."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array, IntArray
from csi.model.grammar import items, paths, reflective
from csi.model.model import Model
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.survey import Design, Survey
from csi.text import Text

Build = Callable[..., Survey]


@pytest.fixture(scope="session")
def small() -> Model:
    """Two constructs of three and two items."""
    return Model(
        [reflective("A", items("a", 1, 3)), reflective("B", items("b", 1, 2))],
        paths("A", to="B"),
        "B",
    )


@pytest.fixture(scope="session")
def survey_of() -> Build:
    """Make a checked survey of answers, design and keys, without a file."""

    def build(
        answers: Array,
        names: Sequence[str],
        *,
        weights: Array | None = None,
        strata: IntArray | None = None,
        clusters: IntArray | None = None,
        **keys: Sequence[str],
    ) -> Survey:
        n = len(answers)
        codebook = Codebook(
            title=Text("Test"),
            items=tuple(Item(name=name, column=name, low=1.0, high=10.0) for name in names),
            time=Key(name="year", column="year") if "year" in keys else None,
            groups=tuple(Key(name=key, column=key) for key in keys if key != "year"),
            weight=None if weights is None else "w",
            stratum=None if strata is None else "h",
            cluster=None if clusters is None else "c",
        )
        design = Design(
            weights=np.ones(n) if weights is None else weights,
            strata=np.zeros(n) if strata is None else strata,
            clusters=np.arange(n) if clusters is None else clusters,
            weighted=weights is not None,
            stratified=strata is not None,
            clustered=clusters is not None,
        )
        return Survey(
            codebook=codebook,
            answers=answers,
            keys={key: np.array(values, dtype=object) for key, values in keys.items()},
            respondents=np.arange(n).astype(str).astype(object),
            design=design,
            missing=pd.DataFrame(columns=["year", "item", "meaning", "count"]),
            excluded=pd.DataFrame(columns=["year", "reason", "count"]),
            rows_read=n,
            source="frame",
            sha256="",
        )

    return build


@pytest.fixture(scope="session")
def factor_rows() -> Callable[..., Array]:
    """Draw answers 1-10 of one common factor, some missing."""

    def draw(n: int, p: int, seed: int, *, gone: float = 0.0) -> Array:
        rng = np.random.default_rng(seed)
        factor = rng.normal(size=n)[:, None]
        rows = 7.0 + 2.0 * (0.8 * factor + 0.6 * rng.normal(size=(n, p)))
        rows = np.clip(np.round(rows), 1, 10)
        rows[rng.random(rows.shape) < gone] = np.nan
        return rows

    return draw
