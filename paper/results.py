"""Stored results of benchmarks and simulations, read once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
REFERENCE = ROOT / "tests" / "reference"


@cache
def result(name: str) -> Any:
    """Return a file of ``benchmarks/results`` by its name without ending."""
    return json.loads((RESULTS / f"{name}.json").read_text("utf-8"))


@cache
def reference(name: str) -> Any:
    """Return a file of ``tests/reference`` by its name without ending."""
    return json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))


def monte_carlo(share: float, samples: int) -> float:
    """Return the standard error of a share of so many samples."""
    return float(np.sqrt(share * (1 - share) / samples))


@cache
def coverage() -> pd.DataFrame:
    """Return the coverage of index, change and paths, one row a figure."""
    return pd.DataFrame(result("coverage_index")["rows"])


def covered(design: str, method: str, what: str, name: str = "Satisfaction") -> float:
    """Return the share of intervals of one figure that hold the truth, over both years."""
    return float(_cell(design, method, what, name)["coverage"].mean())


def error_ratio(design: str, method: str) -> float:
    """Return the mean standard error over the standard deviation, of the satisfaction index."""
    return float(_cell(design, method, "index", "Satisfaction")["se_ratio"].mean())


def least_and_most(design: str, method: str, what: str) -> tuple[float, float]:
    """Return the least and the largest coverage of all indices or all paths."""
    rows = coverage()
    here = rows[(rows["design"] == design) & (rows["method"] == method) & (rows["what"] == what)]
    means = here.groupby("name")["coverage"].mean()
    return float(means.min()), float(means.max())


def _cell(design: str, method: str, what: str, name: str) -> pd.DataFrame:
    rows = coverage()
    here = (rows["design"] == design) & (rows["method"] == method)
    found = rows[here & (rows["what"] == what) & (rows["name"] == name)]
    if found.empty:
        raise KeyError(f"coverage_index.json has no {what} of {name} for {design}, {method}")
    return found


def covariance_case(size: str, n: int, answers: str) -> dict[str, Any]:
    """Return one population of the simulation of covariance fits."""
    rows = result("coverage_sem")
    return next(r for r in rows if (r["size"], r["n"], r["answers"]) == (size, n, answers))


def exact_fit(case: str, structure: str, null: str = "settled") -> dict[str, Any]:
    """Return one row of the simulation of the test of exact fit."""
    rows = result("exact_fit")["rows"]
    key = (case, structure, null)
    return next(r for r in rows if (r["case"], r["structure"], r["null"]) == key)


def sem_row(task: str, method: str, n: int) -> dict[str, Any]:
    """Return CPU time and memory of one method on one task of covariance fits."""
    rows = result("sem")["rows"]
    return next(r for r in rows if (r["task"], r["method"], r["n"]) == (task, method, n))


def sem_gap(task: str, method: str, n: int, figure: str) -> float:
    """Return how far a figure of another program was from csi's in the benchmark."""
    rows = result("sem")["agreement"]
    key = (task, method, n, figure)
    return float(
        next(r["gap"] for r in rows if (r["task"], r["method"], r["n"], r["figure"]) == key)
    )


def pls_row(kind: str, n: int, method: str) -> dict[str, Any]:
    """Return CPU time and memory of PLS, ``single`` fits or ``bootstrap``."""
    return next(r for r in result("pls")[kind][str(n)] if r["method"] == method)
