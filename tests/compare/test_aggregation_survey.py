"""Aggregates of a survey that was fitted: both roads of error meet, and the truth is covered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import csi
from csi.compare.aggregation import aggregate
from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.members import Member

COMPANIES = ("A", "B", "C", "D")
TABLE = Hierarchy(
    (
        Member("Nation"),
        Member("X", "Nation", 0.4),
        Member("Y", "Nation", 0.6),
        *(Member(name, "XXYY"[k], 1 + k) for k, name in enumerate(COMPANIES)),
    )
)


@pytest.fixture(scope="module")
def index() -> csi.YearlyIndex:
    model = csi.models.load("scsb")
    made = csi.simulate(model, years=[2023, 2024], groups=COMPANIES, n=150, seed=2)
    survey = csi.read_survey(made.answers, made.codebook)
    return csi.yearly(survey, model, group="group", options=csi.IndexOptions(draws=1000, seed=2))


def test_companies_are_those_of_the_index_table(index: csi.YearlyIndex) -> None:
    assert index.joint is not None
    frame = aggregate(index.joint, TABLE)
    companies = frame[frame["level"] == 0].set_index(["year", "node", "construct"]).sort_index()
    figures = index.figures.set_index(["year", "group", "construct"]).sort_index()
    for column in ("index", "se", "moe", "n", "change", "change_se"):
        np.testing.assert_allclose(
            companies[column].astype(float), figures[column].astype(float), rtol=1e-9
        )


def test_delta_and_replicates_meet(index: csi.YearlyIndex) -> None:
    """1,000 draws know an error to 2.2 %; four of that, and 3 % for what is not linear."""
    assert index.joint is not None
    frame = aggregate(index.joint, TABLE, construct="Satisfaction")
    assert frame["note"].eq("").all()
    for name in ("", "change_", "relative_change_"):
        kept = frame if not name else frame[frame["year"] == "2024"]
        np.testing.assert_allclose(kept[f"{name}se"], kept[f"{name}se_delta"], rtol=0.12)
    level = frame[frame["year"] == "2024"].set_index("node")
    by_hand = 0.4 * (level["index"]["A"] + 2 * level["index"]["B"]) / 3
    by_hand += 0.6 * (3 * level["index"]["C"] + 4 * level["index"]["D"]) / 7
    assert level["index"]["Nation"] == pytest.approx(by_hand, abs=1e-12)
    # independent companies: variances add
    variance = (0.4 / 3) ** 2 * (level["se"]["A"] ** 2 + 4 * level["se"]["B"] ** 2)
    variance += (0.6 / 7) ** 2 * (9 * level["se"]["C"] ** 2 + 16 * level["se"]["D"] ** 2)
    assert level["se"]["Nation"] == pytest.approx(np.sqrt(variance), rel=0.1)
    assert pd.isna(frame.loc[frame["year"] == "2023", "change"]).all()
