"""The airport survey: raw codes and blanks are the same survey under one codebook."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.survey import (
    Codebook,
    Survey,
    codebook_from_text,
    codebook_to_text,
    read_codebook,
    read_survey,
)

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT.parent / "shared" / "data", ROOT / "shared" / "data")
CODES = "sfo_2010_2018_rawcodes.csv"
BLANK = "sfo_2010_2018.csv"


def folder() -> Path:
    found = next((place for place in FOLDERS if (place / CODES).exists()), None)
    if found is None:
        pytest.skip("the airport survey is not packaged: its files are not in shared/data")
    return found


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return read_codebook(ROOT / "data" / "sfo" / "codebook.toml")


@pytest.fixture(scope="module")
def surveys(codebook: Codebook) -> tuple[Survey, Survey]:
    return read_survey(folder() / CODES, codebook), read_survey(folder() / BLANK, codebook)


def test_the_codebook_survives_a_round_trip(codebook: Codebook) -> None:
    assert codebook_from_text(codebook_to_text(codebook)) == codebook
    assert all(item.label.en and item.label.zh for item in codebook.items)


def test_declared_codes_equal_blanks(surveys: tuple[Survey, Survey]) -> None:
    codes, blank = surveys
    np.testing.assert_array_equal(codes.answers, blank.answers)
    np.testing.assert_array_equal(codes.design.weights, blank.design.weights)
    for name in codes.keys:
        assert codes.keys[name].tolist() == blank.keys[name].tolist()
    totals = [s.missing.groupby(["year", "item"])["count"].sum() for s in surveys]
    pd.testing.assert_series_equal(*totals)


def test_against_plain_pandas(surveys: tuple[Survey, Survey]) -> None:
    """The second road: the file with blanks, read by pandas, rows without any answer dropped."""
    codes, _ = surveys
    frame = pd.read_csv(folder() / BLANK)
    there = frame[list(codes.items)].notna().any(axis=1)
    np.testing.assert_array_equal(
        codes.answers, frame.loc[there, list(codes.items)].to_numpy(float)
    )
    assert codes.rows_read == len(frame) == 28665
    assert codes.excluded["count"].sum() == (~there).sum()
    weights = frame.loc[there, "WEIGHT"].where(~frame["YEAR"].isin([2011, 2012]), 1.0)
    np.testing.assert_array_equal(codes.design.weights, weights)
    assert codes.keys["year"].tolist() == frame.loc[there, "YEAR"].astype(str).tolist()
    missing = codes.missing["count"].sum()
    assert missing == frame.loc[there, list(codes.items)].isna().to_numpy().sum()


def test_meanings_are_counted(surveys: tuple[Survey, Survey]) -> None:
    codes, blank = surveys
    raw = pd.read_csv(folder() / CODES)
    ratings = [name for name in codes.items if name not in ("PROBLEM", "NPS")]
    there = pd.read_csv(folder() / BLANK)[list(codes.items)].notna().any(axis=1)
    never = (raw.loc[there, ratings] == 6).to_numpy().sum()
    found = codes.missing.groupby("meaning")["count"].sum()
    assert found["not_applicable"] == never
    assert found["dont_know"] == (raw.loc[there, "PROBLEM"] == 3).sum()
    assert set(blank.missing["meaning"]) == {"no_answer", "not_asked"}


def test_years_without_weights_and_items_are_told(surveys: tuple[Survey, Survey]) -> None:
    notes = surveys[0].notes
    assert "no weights in 2011, 2012: each respondent there counts 1" in notes
    assert "WIFI was not asked in 2010, 2011, 2012" in notes
    assert "GETTO was not asked in 2010, 2011" in notes
    assert "NPS was not asked in 2010, 2011, 2012, 2013, 2014, 2015, 2016" in notes
    assert surveys[0].periods == tuple(str(year) for year in range(2010, 2019))


def test_published_means(surveys: tuple[Survey, Survey]) -> None:
    """Weighted means of ALL, 2010 to 2018: sfo_2010_2018.md of the shared data gives them."""
    survey = surveys[0]
    answers = survey.columns(("ALL",))[:, 0]
    means = []
    for year in survey.periods:
        there = (survey.period_of == year) & ~np.isnan(answers)
        means.append(np.average(answers[there], weights=survey.design.weights[there]))
    assert np.round(means, 2).tolist() == [3.9, 3.95, 4.0, 3.98, 4.01, 4.04, 4.05, 4.07, 4.04]
