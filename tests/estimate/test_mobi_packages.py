"""The European model on mobi equals R seminr, cSEM, plspm and semPLS, all modes and schemes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csi.estimate.effects import effects
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.model import Model
from csi.moments.values import Moments

FILE = Path(__file__).parents[1] / "reference" / "mobi_pls.json"
CASES = json.loads(FILE.read_text("utf-8"))["cases"]


def named(fit: Fit) -> dict[str, dict[str, float]]:
    """Put names on the numbers of a single fit."""
    names, items = fit.model.names, fit.model.items
    total = effects(fit).total
    arrows = [(p.source, p.target) for p in fit.model.paths]
    at = {name: number for number, name in enumerate(names)}
    pairs = [(a, b) for a in names for b in names if total[at[a], at[b]] != 0]
    return {
        "paths": {f"{a} -> {b}": fit.paths[at[a], at[b]] for a, b in arrows},
        "total_effects": {f"{a} -> {b}": total[at[a], at[b]] for a, b in pairs},
        "weights": dict(zip(items, fit.weights, strict=True)),
        "loadings": dict(zip(items, fit.loadings, strict=True)),
        "r2": {name: x for name, x in zip(names, fit.r2, strict=True) if np.isfinite(x)},
        "r2_adjusted": {
            name: x for name, x in zip(names, fit.r2_adjusted, strict=True) if np.isfinite(x)
        },
        "rho_a": dict(zip(names, fit.reliability, strict=True)),
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"].replace(" ", "-") for case in CASES])
def test_equals_package(
    case: Mapping[str, Any], ecsi: Model, ecsi_mode_b: Model, mobi_moments: Moments
) -> None:
    model = ecsi_mode_b if case["mode"] == "B" else ecsi
    options = PLSOptions(scheme=case["scheme"], consistent=case["consistent"], tolerance=1e-9)
    fit = fit_pls(model, mobi_moments, options)
    assert fit.converged
    ours = named(fit)
    for kind in ("paths", "total_effects", "weights", "loadings", "r2", "r2_adjusted", "rho_a"):
        theirs = case.get(kind) or {}
        assert set(theirs) <= set(ours[kind])
        if kind in ("paths", "r2"):
            assert set(theirs) == set(ours[kind])
        for name, value in theirs.items():
            assert ours[kind][name] == pytest.approx(value, abs=case["tolerance"]), (kind, name)


def test_every_mode_and_scheme_is_covered_by_two_packages() -> None:
    found: dict[tuple[str, str, bool], set[str]] = {}
    for case in CASES:
        key = case["mode"], case["scheme"], case["consistent"]
        found.setdefault(key, set()).add(case["software"])
    for mode in "AB":
        for scheme in ("path", "factorial", "centroid"):
            assert len(found[mode, scheme, False]) >= 2
    assert found["A", "path", True] == {"R seminr", "R cSEM"}


def test_consistent_fit_is_called_inadmissible(ecsi: Model, mobi_moments: Moments) -> None:
    fit = fit_pls(ecsi, mobi_moments, PLSOptions(consistent=True))
    assert fit.converged
    assert not fit.admissible  # cSEM's verify: construct correlations not positive semi-definite
    assert np.linalg.eigvalsh(fit.construct_corr)[0] == pytest.approx(-0.003, abs=1e-3)
    assert fit_pls(ecsi, mobi_moments).admissible


def test_raw_and_standardised_fits_of_standardised_items_are_one(
    ecsi: Model, mobi_moments: Moments, of_covariance: Any
) -> None:
    sd = np.sqrt(np.diag(mobi_moments.cov))
    corr = of_covariance(mobi_moments.cov / np.outer(sd, sd), ecsi.items, 250)
    raw = fit_pls(ecsi, corr, PLSOptions(metric="raw"))
    standardised = fit_pls(ecsi, mobi_moments)
    for name in ("weights", "loadings", "paths", "r2"):
        np.testing.assert_allclose(
            getattr(raw, name), getattr(standardised, name), rtol=0, atol=1e-12
        )
    # rho_A is for the weights of standardised items: left open under raw, but for the single item
    np.testing.assert_array_equal(np.isfinite(raw.reliability), [False] * 5 + [True, False])
