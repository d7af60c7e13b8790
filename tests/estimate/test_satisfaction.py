"""plspm's example of a Spanish bank: paths and R2 of three variants."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import items, paths, reflective
from csi.model.model import Model
from csi.moments.groups import moments_of_rows

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "satisfaction.csv"
OPTIONS = {
    "raw_centroid": PLSOptions(scheme="centroid", metric="raw", tolerance=1e-10),
    "centroid": PLSOptions(scheme="centroid", tolerance=1e-10),
    "path": PLSOptions(tolerance=1e-10),
}


@pytest.fixture(scope="module")
def model() -> Model:
    sizes = {"Image": ("imag", 5), "Expectation": ("expe", 5), "Quality": ("qual", 5),
             "Value": ("val", 4), "Satisfaction": ("sat", 4), "Loyalty": ("loy", 4)}  # fmt: skip
    return Model(
        [reflective(name, items(stem, 1, size)) for name, (stem, size) in sizes.items()],
        [
            paths("Image", to=["Expectation", "Satisfaction", "Loyalty"]),
            paths("Expectation", to=["Quality", "Value", "Satisfaction"]),
            paths("Quality", to=["Value", "Satisfaction"]),
            paths("Value", to="Satisfaction"),
            paths("Satisfaction", to="Loyalty"),
        ],
        "Satisfaction",
    )


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    return tomllib.loads(
        (ROOT / "tests" / "reference" / "satisfaction_pls.toml").read_text("utf-8")
    )


@pytest.mark.skipif(not DATA.exists(), reason="no shared/data/satisfaction.csv beside the checkout")
@pytest.mark.parametrize("name", list(OPTIONS))
def test_equals_plspm(name: str, model: Model, known: dict[str, Any]) -> None:
    with DATA.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    answers = np.array([[float(row[item]) for item in model.items] for row in rows])
    assert answers.shape == (250, 27)
    moments = moments_of_rows(answers, np.ones(250), model.items, "complete")
    fit = fit_pls(model, moments, OPTIONS[name])
    assert fit.converged
    at = {construct: number for number, construct in enumerate(model.names)}
    close = 0.5e-4 + known["slack"]  # four digits are given
    assert len(known[name]["paths"]) == len(model.paths)
    for arrow, value in known[name]["paths"].items():
        source, _, target = arrow.partition(" -> ")
        assert fit.paths[at[source], at[target]] == pytest.approx(float(value), abs=close), arrow
    for construct, value in known[name]["r2"].items():
        assert fit.r2[at[construct]] == pytest.approx(float(value), abs=close), construct
