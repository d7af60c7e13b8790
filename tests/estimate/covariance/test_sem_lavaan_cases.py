"""Fits of models written as text equal lavaan's, from published matrices and moments."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.result import SemFit
from csi.model.sem import SemModel, sem_from_text, with_invariance
from csi.moments.values import Moments

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "sem_lavaan.json").read_text("utf-8")
)
CASES = REFERENCE["cases"]
CLOSE = 3e-5  # lavaan stops at about 1e-5


def moments_for(model: SemModel, data: dict[str, Any]) -> Moments:
    at = [data["items"].index(item) for item in model.items]
    groups = [data["groups"][name] for name in model.groups]
    p, lower = len(data["items"]), np.tril_indices(len(data["items"]))

    def full(values: list[float]) -> Array:
        cov = np.zeros((p, p))
        cov[lower] = values
        return cov + np.tril(cov, -1).T

    n = np.array([group["n"] for group in groups])
    return Moments(
        items=model.items,
        mean=np.array([group["mean"] for group in groups])[:, at],
        cov=np.stack([full(group["cov"])[np.ix_(at, at)] for group in groups]),
        n=n,
        sum_weights=n.astype(float),
        n_effective=n.astype(float),
        answers=np.repeat(n[:, None], len(at), axis=1),
        missing="complete",
    )


def fitted(name: str) -> SemFit:
    case = CASES[name]
    model = sem_from_text(
        case["text"],
        groups=case.get("groups", ("",)),
        means=case.get("means", False),
        identification=case.get("identification", "marker"),
    )
    if case.get("level", "configural") != "configural":
        model = with_invariance(model, case["level"], free=case["free"])
    return fit_sem(model, moments_for(model, REFERENCE["data"][case["data"]]))


def key(lhs: str, op: str, rhs: str, group: int) -> tuple[str, ...]:
    first, second = sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)
    return first, op, second, str(group)


@pytest.mark.parametrize("name", CASES)
def test_fit_equals_lavaan(name: str) -> None:
    case, fit = CASES[name], fitted(name)
    assert fit.converged
    assert not fit.ended
    assert fit.freedom == case["df"]
    assert fit.tests["standard"].statistic == pytest.approx(case["chisq"], abs=1e-4)
    mine = {
        key(p.lhs, p.op, p.rhs, p.group + 1): found
        for p, *found in zip(fit.placed.free, fit.values, fit.errors, strict=True)
    }
    theirs = {key(*row[:4]): row[4:] for row in case["parameters"]}
    assert set(mine) == set(theirs)
    for parameter, (estimate, error) in theirs.items():
        found = mine[parameter]
        assert found[0] == pytest.approx(estimate, rel=CLOSE, abs=CLOSE), parameter
        assert found[1] == pytest.approx(error, rel=CLOSE), parameter


@pytest.mark.parametrize(
    ("name", "statistic"),
    [("wheaton0", 71.47), ("wheaton1", 6.33), ("wheaton2", 4.73), ("dhp", 26.697)],
)
def test_published_statistics(name: str, statistic: float) -> None:
    """Programs of the time count n - 1: Wheaton et al. in LISREL, DHP in the manual of R's sem."""
    fit = fitted(name)
    n = fit.sample.total
    found = fit.tests["standard"].statistic * (n - 1) / n
    assert found == pytest.approx(
        statistic, abs=0.006 if statistic < 26 or statistic > 27 else 6e-4
    )


def test_reliabilities_of_loops_are_stable() -> None:
    """The loop of aspirations: each equation's errors as lavaan's, and I - B is invertible."""
    fit = fitted("dhp")
    loop = fit.implied.matrices[1][0, 0]
    assert np.abs(np.linalg.eigvals(loop)).max() < 1.0
    two = [fit.placed.constructs.index(name) for name in ("RGenAsp", "FGenAsp")]
    assert loop[two[0], two[1]] != 0
    assert loop[two[1], two[0]] != 0
