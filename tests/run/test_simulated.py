"""A simulation starts from a plan file or from a model of the catalogue."""

from pathlib import Path

import pytest

from csi.errors import OptionError
from csi.model.models import load
from csi.run import simulation_plan
from csi.run.simulated import SEED, years_of
from csi.simulation import SimulationPlan, read_plan


def test_a_model_of_the_catalogue() -> None:
    plan = simulation_plan("swics", years="2020-2022", groups=("A", "B"), n=90)
    assert plan.model == load("swics")
    assert plan.years == ("2020", "2021", "2022")
    assert list(plan.groups) == ["A", "B"]
    assert (plan.n, plan.seed) == (90, SEED)
    least = simulation_plan("swics", years="2020", seed=4)
    default = SimulationPlan(model=plan.model, years=("2020",), seed=4).n
    assert (least.n, least.seed, dict(least.groups)) == (default, 4, {})


def test_a_plan_file(small: Path) -> None:
    file = small / "simulation.toml"
    assert simulation_plan(str(file)) == read_plan(file)


def test_a_plan_file_says_everything(small: Path) -> None:
    with pytest.raises(OptionError) as caught:
        simulation_plan(str(small / "simulation.toml"), years="2020", n=5, seed=0)
    assert [fault.where for fault in caught.value.faults] == [
        "option years",
        "option n",
        "option seed",
    ]


def test_neither_plan_nor_model(small: Path) -> None:
    with pytest.raises(OptionError, match="did you mean 'swics'"):
        simulation_plan("swcis", years="2020")
    with pytest.raises(OptionError, match=r"did you mean 'simulation\.toml'"):
        simulation_plan(str(small / "simulaton.toml"))


def test_a_model_needs_years() -> None:
    with pytest.raises(OptionError, match="give --years"):
        simulation_plan("swics")


def test_years() -> None:
    assert years_of("2024") == ("2024",)
    assert years_of("wave 1, wave 2") == ("wave 1", "wave 2")
    for empty in ("", " , ", "2025-2020"):
        with pytest.raises(OptionError, match="names no year"):
            years_of(empty)
