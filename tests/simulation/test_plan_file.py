from dataclasses import replace
from pathlib import Path

import pytest

from csi.errors import OptionError
from csi.model.model import Model
from csi.model.toml_form import write_model
from csi.simulation import (
    Clusters,
    ItemWords,
    MissingAnswers,
    Move,
    SimulationPlan,
    Stratum,
    TrueValues,
    read_plan,
    simulate_plan,
    write_simulation,
)
from csi.simulation.plan_text import plan_text
from csi.survey.codebook_file import read_codebook
from csi.text import Text


@pytest.fixture
def plan(small: Model, strata: tuple[Stratum, ...]) -> SimulationPlan:
    """A plan that uses every part."""
    return SimulationPlan(
        model=small,
        years=("2023", "2024"),
        seed=7,
        groups={"a": Text("Firm A", "甲公司"), "b": Text("Firm B")},
        n=40,
        true=TrueValues(
            paths={("Quality", "Satisfaction"): 0.6},
            loadings={"q1": 0.9},
            levels={"Quality": 73.5},
            offsets={"q2": 1.0},
            spreads={"l1": 25.0},
            moves=(Move(points=-3.0, year="2024", group="b", constructs=("Quality",)),),
        ),
        strata=strata,
        missing=MissingAnswers(dont_know=0.02, refused=0.01, blank=0.01, satisfaction_slope=0.3),
        clusters=Clusters(size=4, correlation=0.1),
        scales={"l1": (1, 5)},
        title=Text("Trial", "试验"),
        population=Text("All customers"),
        group="company",
        group_label=Text("Company", "公司"),
        words={
            "q1": ItemWords(
                label=Text("Network", "网络"),
                wording=Text('How is the "network"?'),
                low_label=Text("Poor"),
            )
        },
    )


def same(left: SimulationPlan, right: SimulationPlan) -> bool:
    return replace(left, text="") == replace(right, text="")


def test_a_plan_reads_back_as_written(plan: SimulationPlan, tmp_path: Path) -> None:
    write_model(plan.model, tmp_path / "model.toml")
    text = plan_text(plan)
    (tmp_path / "simulation.toml").write_text(text, encoding="utf-8")
    read = read_plan(tmp_path / "simulation.toml")
    assert same(read, plan)
    assert plan_text(read) == text


def test_a_folder_reproduces_itself(plan: SimulationPlan, tmp_path: Path) -> None:
    first = write_simulation(simulate_plan(plan), tmp_path / "one")
    again = simulate_plan(read_plan(tmp_path / "one" / "simulation.toml"))
    second = write_simulation(again, tmp_path / "two")
    for left, right in zip(first, second, strict=True):
        assert left.name == right.name
        assert left.read_bytes() == right.read_bytes()
    assert read_codebook(tmp_path / "one" / "codebook.toml").weight == "weight"


def test_years_may_be_a_span(small: Model, tmp_path: Path) -> None:
    write_model(small, tmp_path / "m.toml")
    file = tmp_path / "p.toml"
    file.write_text('model = "m.toml"\nyears = "2020-2023"\nseed = 1\n', encoding="utf-8")
    plan = read_plan(file)
    assert plan.years == ("2020", "2021", "2022", "2023")
    assert plan.n == 250
    assert plan.cells[0] == ("2020", "all")


def test_all_faults_of_a_file_come_at_once(small: Model, tmp_path: Path) -> None:
    write_model(small, tmp_path / "m.toml")
    file = tmp_path / "p.toml"
    file.write_text(
        'model = "m.toml"\nyears = [2024]\nn = 1.5\nsed = 3\nscale = [1]\n'
        "[truth]\nlevles = { Quality = 3 }\n[truth.paths]\nQuality = 0.3\n"
        '[[truth.moves]]\nyear = 2024\n[[strata]]\nshare = "all"\n[missing]\nblank = true\n'
        "[clusters]\nsize = 3\n",
        encoding="utf-8",
    )
    with pytest.raises(OptionError) as caught:
        read_plan(file)
    text = str(caught.value)
    for part in (
        "sed: unknown",
        "seed: is not given",
        "1.5 is not a whole number",
        "[1] are not two whole numbers",
        "levles",
        "Quality: is not an arrow",
        "points: is not given",
        "name: is not given",
        "'all' is not a number",
        "True is not a number",
        "correlation: is not given",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"years = [", "not TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"years = [2024]\nseed = 1\n", "model: is not given"),
        (b'model = "ecsi_mobil"\nyears = [2024]\nseed = 1\n', "ecsi_mobile"),
        (b'model = "none.toml"\nyears = [2024]\nseed = 1\n', "cannot be read"),
    ],
)
def test_a_file_that_is_no_plan(tmp_path: Path, content: bytes, part: str) -> None:
    file = tmp_path / "p.toml"
    file.write_bytes(content)
    with pytest.raises(OptionError, match=part):
        read_plan(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot be read"):
        read_plan(tmp_path / "none.toml")
