"""The European model on mobi as published: raw and standardised items, index, effects, errors."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.effects import effects
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index.formula import index_score, index_sd, index_weights
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct
from csi.moments.groups import moments_of_rows
from csi.moments.values import Moments

OPTIONS = {
    "raw_centroid": PLSOptions(scheme="centroid", metric="raw", tolerance=1e-9),
    "centroid": PLSOptions(scheme="centroid", tolerance=1e-9),
    "factorial": PLSOptions(scheme="factorial", tolerance=1e-9),
    "path": PLSOptions(scheme="path", tolerance=1e-9),
    "plsc_path": PLSOptions(scheme="path", consistent=True, tolerance=1e-9),
}
N = 250


@pytest.fixture(scope="module")
def fits(ecsi: Model, mobi_moments: Moments) -> dict[str, Fit]:
    return {name: fit_pls(ecsi, mobi_moments, options) for name, options in OPTIONS.items()}


def compare(ours: Mapping[str, float], theirs: Mapping[str, str], slack: float) -> None:
    """Fail where a number differs in the digits given."""
    assert theirs
    for name, text in theirs.items():
        half = 0.5 * 10.0 ** -len(text.partition(".")[2])
        assert ours[name] == pytest.approx(float(text), abs=half + slack), name


def arrows(fit: Fit, values: Array) -> dict[str, float]:
    """Name the entries of a matrix of constructs, [source, target]."""
    names = fit.model.names
    return {f"{a} -> {b}": values[i, j] for i, a in enumerate(names) for j, b in enumerate(names)}


@pytest.mark.parametrize("name", list(OPTIONS))
def test_paths(name: str, fits: Mapping[str, Fit], published: Mapping[str, Any]) -> None:
    assert len(published[name]["paths"]) == 12
    compare(arrows(fits[name], fits[name].paths), published[name]["paths"], published["slack"])


@pytest.mark.parametrize("name", ["raw_centroid", "centroid", "factorial", "path"])
def test_r2_and_weights(
    name: str, fits: Mapping[str, Fit], published: Mapping[str, Any], ecsi: Model
) -> None:
    fit, slack = fits[name], published["slack"]
    compare(dict(zip(ecsi.names, fit.r2, strict=True)), published[name]["r2"], slack)
    # raw composites of others have variance one with divisor n - 1
    scale = np.sqrt((N - 1) / N) if name == "raw_centroid" else 1.0
    weights = dict(zip(ecsi.items, fit.weights * scale, strict=True))
    compare(weights, published[name]["weights"], slack)


@pytest.mark.parametrize("name", ["raw_centroid", "centroid"])
def test_loadings(
    name: str, fits: Mapping[str, Fit], published: Mapping[str, Any], ecsi: Model
) -> None:
    loadings = dict(zip(ecsi.items, fits[name].loadings, strict=True))
    compare(loadings, published[name]["loadings"], published["slack"])


@pytest.mark.parametrize("name", ["raw_centroid", "centroid", "path"])
def test_index(
    name: str, fits: Mapping[str, Fit], published: Mapping[str, Any], ecsi: Model
) -> None:
    fit, slack = fits[name], published["slack"] * 100
    low, high = np.full(24, 1.0), np.full(24, 10.0)
    own = index_weights(fit)
    score = index_score(fit.moments.mean, own, low, high, ecsi.blocks)
    compare(dict(zip(ecsi.names, score, strict=True)), published[name]["index"], slack)
    if "index_sd" in published[name]:
        sd = index_sd(fit.moments.cov, own, low, high, ecsi.blocks) * np.sqrt(N / (N - 1))
        compare(dict(zip(ecsi.names, sd, strict=True)), published[name]["index_sd"], slack)
        compare(dict(zip(ecsi.items, own, strict=True)), published[name]["index_weights"], slack)


def test_effects_in_points(
    fits: Mapping[str, Fit], published: Mapping[str, Any], ecsi: Model
) -> None:
    fit = fits["raw_centroid"]
    low, high = np.full(24, 1.0), np.full(24, 10.0)
    sd = index_sd(fit.moments.cov, index_weights(fit), low, high, ecsi.blocks)
    points = fit.paths * sd[None, :] / sd[:, None]
    compare(arrows(fit, points), published["raw_centroid"]["effects_in_points"], 2e-6)


def test_total_effects(fits: Mapping[str, Fit], published: Mapping[str, Any]) -> None:
    fit = fits["centroid"]
    compare(
        arrows(fit, effects(fit).total), published["centroid"]["total_effects"], published["slack"]
    )


def test_item_means(published: Mapping[str, Any], mobi_moments: Moments, ecsi: Model) -> None:
    means = dict(zip(ecsi.items, mobi_moments.mean, strict=True))
    compare(means, published["item_means"], 1e-12)


@pytest.fixture(scope="module")
def four() -> Model:
    """Three causes of satisfaction."""
    stems = {"Image": ("IMAG", 5), "Expectation": ("CUEX", 3), "Value": ("PERV", 2),
             "Satisfaction": ("CUSA", 3)}  # fmt: skip
    return Model(
        [
            Construct(name, tuple(f"{stem}{k}" for k in range(1, size + 1)))
            for name, (stem, size) in stems.items()
        ],
        paths(["Image", "Expectation", "Value"], to="Satisfaction"),
        "Satisfaction",
    )


def test_four_constructs(
    four: Model, mobi: Mapping[str, Array], published: Mapping[str, Any]
) -> None:
    rows = np.column_stack([mobi[item] for item in four.items])
    moments = moments_of_rows(rows, np.ones(N), four.items, "complete")
    known, slack = published["four"], published["slack"]
    fit = fit_pls(four, moments, PLSOptions(tolerance=1e-9))
    compare(arrows(fit, fit.paths), known["paths"], slack)
    compare(dict(zip(four.names, fit.reliability, strict=True)), known["rho_a"], slack)
    compare(dict(zip(four.names, fit.r2, strict=True)), known["r2"], slack)
    compare(dict(zip(four.names, fit.r2_adjusted, strict=True)), known["r2_adjusted"], slack)
    consistent = fit_pls(
        four, moments, PLSOptions(scheme="factorial", consistent=True, tolerance=1e-9)
    )
    compare(arrows(consistent, consistent.paths), published["four_consistent"]["paths"], slack)
    compare(
        dict(zip(four.names, consistent.r2, strict=True)), published["four_consistent"]["r2"], slack
    )
