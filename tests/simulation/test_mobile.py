from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.simulation import Simulation, read_plan, simulate_plan, write_simulation
from csi.simulation.write import FILES

FOLDER = Path(__file__).parents[2] / "data" / "mobile"


@pytest.fixture(scope="module")
def survey() -> Simulation:
    return simulate_plan(read_plan(FOLDER / "simulation.toml"))


def test_the_packaged_survey_is_made_again_byte_for_byte(
    survey: Simulation, tmp_path: Path
) -> None:
    for path in write_simulation(survey, tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(FILES)


def test_it_is_small_and_has_the_interviews_promised() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000
    frame = pd.read_csv(FOLDER / "survey.csv")
    counts = frame.groupby(["year", "company"]).size()
    assert counts.to_list() == [250] * 18
    np.testing.assert_allclose(frame.groupby(["year", "company"])["weight"].sum(), 250, atol=1e-3)
    assert frame["weight"].nunique() == 3


def test_about_three_in_a_hundred_answers_are_missing(survey: Simulation) -> None:
    frame = pd.read_csv(FOLDER / "survey.csv")[list(survey.model.items)]
    share = (frame >= 98).to_numpy().mean()
    # 108,000 answers: standard error 0.0005
    assert share == pytest.approx(0.03, abs=0.0026)


def test_one_company_stays_one_falls_clearly_and_one_rises(survey: Simulation) -> None:
    truth = survey.truth.index().query("construct == 'Satisfaction'")
    index = truth.pivot_table(index="year", columns="group", values="index")
    assert index["norvane"].to_numpy() == pytest.approx([70.0] * 6, abs=1e-6)
    assert index["quillam"].to_numpy() == pytest.approx([72.0] * 3 + [66.0] * 3, abs=1e-6)
    assert index["sorbeck"].to_numpy() == pytest.approx([65.0] * 2 + [67.0] * 2 + [69.0] * 2)


def test_weighted_means_scatter_about_the_truth(survey: Simulation) -> None:
    """All 18 cells and 24 items: standardised distances of mean 0 and spread 1."""
    frame = survey.answers
    truth = survey.truth.item_means().set_index(["year", "group", "item"])["mean"]
    distances = []
    for (year, company), cell in frame.groupby(["year", "company"]):
        for item in survey.model.items:
            counted = cell[cell[item] <= 10]
            value = counted[item].to_numpy(dtype=float)
            weight = counted["weight"].to_numpy(dtype=float)
            mean = np.average(value, weights=weight)
            error = np.sqrt(np.sum((weight * (value - mean)) ** 2)) / weight.sum()
            distances.append((mean - truth[year, company, item]) / error)
    distance = np.array(distances)
    # items of a cell are correlated: about 18 x 3 independent distances
    assert abs(distance.mean()) < 0.45
    assert 0.8 < distance.std() < 1.2
