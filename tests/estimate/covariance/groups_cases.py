"""Groups for covariance fits: lavaan's cases, and simulated groups whose truth is known."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.estimate.covariance import sem
from csi.model.sem.values import SemModel
from csi.moments.values import Moments

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "reference" / "lavaan"
REFERENCE = json.loads((ROOT / "tests" / "reference" / "lavaan_groups.json").read_text("utf-8"))
ITEMS: list[str] = REFERENCE["items"]
BLOCKS = {"IMAG": 5, "EXPE": 4, "QUAL": 7, "VAL": 2, "SAT": 3, "LOY": 3}
PATHS = """
EXPE ~ IMAG
QUAL ~ EXPE
VAL ~ EXPE + QUAL
SAT ~ IMAG + EXPE + QUAL + VAL
LOY ~ IMAG + SAT
"""
TEXT = PATHS + "\n".join(
    f"{name} =~ " + " + ".join(f"{name}{k + 1}" for k in range(n)) for name, n in BLOCKS.items()
)
LEVELS = {
    "config": "configural",
    "metric": "metric",
    "scalar": "scalar",
    "scalar_mlr": "scalar",
}


def cases(n: int) -> dict[str, Any]:
    """Numbers of lavaan for n respondents."""
    found: dict[str, Any] = REFERENCE["n"][str(n)]
    return found


def model(level: str) -> SemModel:
    """Return the model of 24 items in groups A and B at a level of invariance."""
    own = sem.model_from_text(TEXT, groups=("A", "B"), means=True, items=ITEMS)
    return sem.with_invariance(own, level)  # type: ignore[arg-type]


@cache
def moments(n: int) -> Moments:
    """Moments of both groups."""
    parts = cases(n)["moments"]
    p, g = len(ITEMS), len(parts)
    cov, mean = np.zeros((g, p, p)), np.array([part["mean"] for part in parts.values()])
    for k, part in enumerate(parts.values()):
        cov[k][np.tril_indices(p)] = part["cov"]
        cov[k] += np.tril(cov[k], -1).T
    sizes = np.array([part["n"] for part in parts.values()])
    return Moments(
        items=tuple(ITEMS),
        mean=mean,
        cov=cov,
        n=sizes,
        sum_weights=sizes.astype(float),
        n_effective=sizes.astype(float),
        answers=np.repeat(sizes[:, None], p, axis=1),
        missing="complete",
        by=("group",),
        labels=tuple((name,) for name in parts),
        problems=("",) * g,
    )


@cache
def fitted(level: str, n: int) -> sem.Fit:
    """Return the fit to the moments."""
    return sem.fit(model(level), moments(n))


@cache
def answers(n: int) -> pd.DataFrame:
    """Return the respondents, where the shared folder is there."""
    path = SHARED / f"ecsi_n{n}.csv"
    if not path.exists():
        pytest.skip(f"needs {path.name} of the shared folder")
    return pd.read_csv(path)


TRUE_MEANS = {"2023": (0.0, 0.0), "2024": (0.5, 0.25), "2025": (-0.3, 0.15)}
"""Means of A, and intercepts of B, which has a path of 0.6 from A."""

SMALL = "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3\nB ~ A"


def three_years(
    n: int = 600, *, bias: float = 0.0, weak: float = 0.0, seed: int = 7
) -> pd.DataFrame:
    """Return normal answers of three years with equal measurement.

    `bias` is added to a3 in 2025, `weak` taken from the loading of b2 in 2024.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for year, (first, second) in TRUE_MEANS.items():
        a = first + rng.standard_normal(n)
        b = second + 0.6 * a + 0.8 * rng.standard_normal(n)
        columns = {}
        for k, item in enumerate(("a1", "a2", "a3", "a4")):
            columns[item] = 6.0 + 0.2 * k + (1.0, 0.9, 0.8, 1.1)[k] * a
        for k, item in enumerate(("b1", "b2", "b3")):
            columns[item] = 7.0 - 0.3 * k + (1.0, 1.2, 0.7)[k] * b
        frame = pd.DataFrame(columns) + 0.7 * rng.standard_normal((n, 7))
        frame["a3"] += bias * (year == "2025")
        frame["b2"] -= weak * b * (year == "2024")
        frame["year"] = year
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)
