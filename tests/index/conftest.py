"""Small surveys made in memory: three constructs, ten-point answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from csi.model import Construct, Model, Path
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.survey import Design, Survey
from csi.text import Text

ITEMS = ("Q1", "Q2", "Q3", "S1", "S2", "S3", "L1", "L2")
MakeSurvey = Callable[..., Survey]


@pytest.fixture(scope="session")
def model() -> Model:
    return Model(
        constructs=(
            Construct("Quality", ("Q1", "Q2", "Q3")),
            Construct("Satisfaction", ("S1", "S2", "S3")),
            Construct("Loyalty", ("L1", "L2")),
        ),
        paths=(Path("Quality", "Satisfaction"), Path("Satisfaction", "Loyalty")),
        index="Satisfaction",
    )


def answers(n: int, rng: np.random.Generator, level: float = 7.0) -> np.ndarray:
    """Return (n, 8) whole answers from 1 to 10 of a chain of three constructs."""
    quality = rng.normal(size=n)
    satisfaction = 0.7 * quality + 0.7 * rng.normal(size=n)
    loyalty = 0.6 * satisfaction + 0.8 * rng.normal(size=n)
    latent = np.column_stack([quality] * 3 + [satisfaction] * 3 + [loyalty] * 2)
    latent = 0.85 * latent + 0.5 * rng.normal(size=latent.shape)
    return np.clip(np.round(level + 1.6 * latent), 1, 10)


@pytest.fixture(scope="session")
def make_survey() -> MakeSurvey:
    def make(
        rows: np.ndarray,
        *,
        year: object = None,
        company: object = None,
        weights: np.ndarray | None = None,
        strata: np.ndarray | None = None,
        clusters: np.ndarray | None = None,
        low: float = 1,
        high: float = 10,
    ) -> Survey:
        n = len(rows)
        items = tuple(Item(name=name, column=name, low=low, high=high) for name in ITEMS)
        keys = {
            name: np.asarray(values).astype(str).astype(object)
            for name, values in (("year", year), ("company", company))
            if values is not None
        }
        codebook = Codebook(
            title=Text("test"),
            items=items,
            time=Key(name="year", column="year") if year is not None else None,
            groups=(Key(name="company", column="company"),) if company is not None else (),
        )
        design = Design(
            np.ones(n) if weights is None else np.asarray(weights, dtype=float),
            np.zeros(n, dtype=np.int64) if strata is None else np.asarray(strata),
            np.arange(n) if clusters is None else np.asarray(clusters),
            weighted=weights is not None,
            stratified=strata is not None,
            clustered=clusters is not None,
        )
        return Survey(
            codebook=codebook,
            answers=np.asarray(rows, dtype=float),
            keys=keys,
            respondents=np.arange(n).astype(object),
            design=design,
            missing=pd.DataFrame(columns=["year", "item", "meaning", "count"]),
            excluded=pd.DataFrame(columns=["year", "reason", "count"]),
            rows_read=n,
            source="frame",
            sha256="",
        )

    return make


@pytest.fixture(scope="session")
def three_years(make_survey: MakeSurvey) -> Survey:
    """Three years, two companies, 120 answers each, weights; company B rises by a point in 2022."""
    rng = np.random.default_rng(20)
    parts, years, companies = [], [], []
    for year in (2021, 2022, 2023):
        for company in ("A", "B"):
            level = 8.0 if company == "B" and year > 2021 else 6.5
            parts.append(answers(120, rng, level))
            years += [year] * 120
            companies += [company] * 120
    weights = rng.uniform(0.5, 2.0, size=720)
    return make_survey(np.vstack(parts), year=years, company=companies, weights=weights)
