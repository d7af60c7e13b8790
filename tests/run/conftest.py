"""A small simulated survey as a folder: three years, two shops, nine items."""

from pathlib import Path

import pytest

from csi.simulation import catalogue_plan, simulate_plan, write_simulation
from csi.text import Text

GROUPS = {"A": Text("Shop A", "甲店"), "B": Text("Shop B", "乙店")}


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with survey.csv, codebook.toml and model.toml; nothing may change in it."""
    folder = tmp_path_factory.mktemp("run") / "调查 survey"
    plan = catalogue_plan("swics", years=("2023", "2024"), seed=5, n=80, groups=GROUPS)
    write_simulation(simulate_plan(plan), folder)
    return folder
