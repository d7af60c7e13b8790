"""Nine years of a real survey: changing items, codes that are not answers, unweighted years."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.index import IndexOptions, YearlyIndex, yearly
from csi.model import read_model
from csi.survey import read_codebook, read_survey

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CODES, BLANK = DATA / "sfo_2010_2018_rawcodes.csv", DATA / "sfo_2010_2018.csv"
YEARS = [str(year) for year in range(2010, 2019)]
FAST = IndexOptions(draws=200, missing="pairwise")

pytestmark = pytest.mark.skipif(
    not CODES.exists(), reason="the airport survey is not packaged and ../shared/data is absent"
)


def index_of(path: Path, options: IndexOptions = FAST) -> YearlyIndex:
    folder = files("csi") / "data" / "sfo"
    codebook = read_codebook(Path(str(folder / "codebook.toml")))
    model = read_model(Path(str(folder / "model.toml")))
    return yearly(read_survey(path, codebook), model, options=options)


@pytest.fixture(scope="module")
def coded() -> YearlyIndex:
    return index_of(CODES)


def test_codes_and_blanks_give_the_same_bytes(coded: YearlyIndex) -> None:
    blank = index_of(BLANK)
    for name in ("figures", "paths", "effects", "weights", "quality", "fits", "items"):
        pd.testing.assert_frame_equal(getattr(coded, name), getattr(blank, name), check_exact=True)


def test_satisfaction_by_a_plain_loop(coded: YearlyIndex) -> None:
    """The weighted mean of one question, read with the csv module from the file with blanks."""
    above: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    with BLANK.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            if line["ALL"]:
                weight = float(line["WEIGHT"] or 1)
                above[line["YEAR"]] += weight * float(line["ALL"])
                total[line["YEAR"]] += weight
    means = [above[year] / total[year] for year in YEARS]
    figures = coded.figures.set_index(["construct", "year"]).loc["Satisfaction"]
    np.testing.assert_allclose(
        figures["index"], [(mean - 1) / 4 * 100 for mean in means], atol=1e-9
    )
    # the means that the data set's own description gives, to two decimals
    published = [3.90, 3.95, 4.00, 3.98, 4.01, 4.04, 4.05, 4.07, 4.04]
    np.testing.assert_allclose(means, published, atol=0.005)


def test_margins_of_a_single_question_by_linearisation(coded: YearlyIndex) -> None:
    """Weighted mean of one item: sqrt(sum w^2 (x - m)^2) / sum w, every year."""
    frame = pd.read_csv(BLANK, usecols=["YEAR", "ALL", "WEIGHT"]).dropna(subset=["ALL"])
    figures = coded.figures.set_index(["construct", "year"]).loc["Satisfaction"]
    for year in YEARS:
        part = frame[frame["YEAR"] == int(year)]
        w, x = part["WEIGHT"].fillna(1.0).to_numpy(), (part["ALL"].to_numpy() - 1) / 4 * 100
        mean = np.average(x, weights=w)
        linear = np.sqrt(np.sum(w**2 * (x - mean) ** 2)) / w.sum()
        # 200 draws: 5 % Monte Carlo error, three of them
        assert figures.loc[year, "se"] == pytest.approx(linear, rel=0.16)
        assert figures.loc[year, "n_effective"] == pytest.approx(w.sum() ** 2 / np.sum(w**2))


def test_items_of_each_year_are_told(coded: YearlyIndex) -> None:
    asked = coded.items.pivot_table(index="item", columns="year", values="asked", sort=False)
    first = {"WIFI": "2013", "CLN_ALL": "2013", "GETTO": "2012", "NPS": "2017"}
    for item in asked.index:
        from_year = first.get(item, "2010")
        assert [bool(asked.loc[item, year]) for year in YEARS] == [y >= from_year for y in YEARS]
    notes = "\n".join(coded.notes)
    assert "no weights in 2011, 2012" in notes
    assert "2012: not asked: WIFI, CLN_ALL, NPS" in notes
    assert "WIFI was not asked in" not in notes  # told once
    assert "36 respondents are left out: no answer to any item." in notes
    weights_note = coded.figures.set_index(["construct", "year"])["note"]
    assert weights_note["Satisfaction", "2011"] == "unweighted"
    assert weights_note["Satisfaction", "2013"] == ""
    figures = coded.figures.set_index(["construct", "year"])
    assert np.isnan(figures.loc[("Facilities", "2013"), "change"])
    assert "items differ from 2012" in figures.loc[("Facilities", "2013"), "note"]
    assert np.isfinite(figures.loc[("Facilities", "2014"), "change"])
    assert "not measured" in figures.loc[("Recommendation", "2016"), "note"]


def test_codes_are_counted_by_meaning(coded: YearlyIndex) -> None:
    """0 is blank, 6 never used: counted by pandas among those who answered anything."""
    others = ["YEAR", "RESPNUM", "AGE", "GENDER", "INCOME", "WEIGHT"]
    answered = pd.read_csv(BLANK).drop(columns=others).notna().any(axis=1)
    frame = pd.read_csv(CODES, usecols=["YEAR", "FOOD"])[answered]
    excluded = coded.excluded.set_index("year")["count"]
    assert excluded.sum() == (~answered).sum() == 36
    counts = coded.missing[coded.missing["item"] == "FOOD"].set_index(["year", "meaning"])["count"]
    for year in YEARS:
        food = frame.loc[frame["YEAR"] == int(year), "FOOD"]
        assert counts[year, "not_applicable"] == (food == 6).sum()
        assert counts[year, "no_answer"] == (food == 0).sum()


def test_frozen_weights_refuse_constructs_with_other_items() -> None:
    frozen = index_of(BLANK, replace(FAST, weights="frozen:2010"))
    figures = frozen.figures.set_index(["construct", "year"])
    assert "frozen:2010 has no weight for WIFI" in figures.loc[("Facilities", "2014"), "note"]
    assert np.isfinite(figures.loc[("Satisfaction", "2018"), "index"])
