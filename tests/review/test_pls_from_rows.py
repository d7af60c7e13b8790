"""PLS from moments equals PLS from rows: scores, weighted regressions, one plain loop."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Literal

import numpy as np
import pytest

from csi.estimate.pls import PLSOptions, fit_pls
from csi.model import Construct, Model, Path
from csi.moments.groups import moments_of_rows

ITEMS = tuple(f"x{number}" for number in range(9))
BLOCKS = (range(3), range(3, 5), range(5, 8), range(8, 9))
NAMES = ("A", "B", "C", "D")
ARROWS = (("A", "B"), ("A", "C"), ("B", "C"), ("C", "D"))
Scheme = Literal["path", "centroid", "factorial"]
Metric = Literal["standardised", "raw"]
Found = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def sample() -> tuple[np.ndarray, np.ndarray]:
    """Return rows of four linked constructs (one item turned round, one in other units), weights.

    C falls with B, so that inner weights of both signs occur.
    """
    rng = np.random.default_rng(0)
    n = 300
    a = rng.normal(size=n)
    b = 0.5 * a + rng.normal(size=n)
    c = 0.4 * a - 0.6 * b + rng.normal(size=n)
    d = 0.7 * c + rng.normal(size=n)
    latent = np.column_stack([a] * 3 + [b] * 2 + [c] * 3 + [d])
    rows = latent * rng.uniform(0.5, 2.0, size=9) + rng.normal(size=(n, 9))
    rows[:, 2] *= -1
    rows[:, 4] *= 30
    return rows, rng.uniform(0.2, 3.0, size=n)


def regress(y: np.ndarray, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Weighted least squares."""
    root = np.sqrt(w)
    return np.asarray(np.linalg.lstsq(root[:, None] * x, root * y, rcond=None)[0])


def pls_of_rows(
    rows: np.ndarray, w: np.ndarray, modes: Sequence[str], scheme: Scheme, metric: Metric
) -> Found:
    """PLS on scores of respondents [lohmoller1989latent]: weights, loadings, paths, R2."""
    w = w / w.sum()
    z = rows - w @ rows
    sd = np.sqrt(w @ z**2)
    if metric == "standardised":
        z, sd = z / sd, np.ones(9)
    arrows = np.array([[(one, other) in ARROWS for other in NAMES] for one in NAMES])
    weights = [1.0 / sd[list(block)] for block in BLOCKS]
    for _ in range(2000):
        scores = [z[:, list(block)] @ own for block, own in zip(BLOCKS, weights, strict=True)]
        lengths = [np.sqrt(w @ score**2) for score in scores]
        weights = [own / length for own, length in zip(weights, lengths, strict=True)]
        y = np.column_stack([s / length for s, length in zip(scores, lengths, strict=True)])
        inner = np.where(arrows | arrows.T, y.T @ (w[:, None] * y), 0.0)
        if scheme == "centroid":
            inner = np.sign(inner)
        for j in range(4):
            before = np.flatnonzero(arrows[:, j])
            if scheme == "path" and len(before):
                inner[before, j] = regress(y[:, j], y[:, before], w)
        proxies = y @ inner
        weights = [
            z[:, list(block)].T @ (w * proxies[:, j])
            if modes[j] == "A"
            else regress(proxies[:, j], z[:, list(block)], w)
            for j, block in enumerate(BLOCKS)
        ]
    loadings = np.zeros(9)
    for j, block in enumerate(BLOCKS):
        at = list(block)
        score = z[:, at] @ weights[j]
        length = np.sqrt(w @ score**2)
        loadings[at] = z[:, at].T @ (w * score) / length / np.sqrt(w @ z[:, at] ** 2)
        sign = np.sign(loadings[at][np.argmax(np.abs(loadings[at]))])
        weights[j] = weights[j] * sign / length
        loadings[at] *= sign
        y[:, j] = z[:, at] @ weights[j]
    paths, r2 = np.zeros((4, 4)), np.full(4, np.nan)
    for j in range(4):
        before = np.flatnonzero(arrows[:, j])
        if len(before):
            paths[before, j] = regress(y[:, j], y[:, before], w)
            r2[j] = 1.0 - w @ (y[:, j] - y[:, before] @ paths[before, j]) ** 2
    return np.concatenate(weights), loadings, paths, r2


@pytest.mark.parametrize("modes", ["AAAA", "BAAA", "ABBA", "BBBA"])
def test_weighted_pls_of_moments_is_that_of_rows(modes: str) -> None:
    rows, w = sample()
    kinds = ["formative" if mode == "B" else "reflective" for mode in modes[:3]] + ["single"]
    model = Model(
        constructs=[
            Construct(name, tuple(ITEMS[i] for i in block), kind=kind)  # type: ignore[arg-type]
            for name, block, kind in zip(NAMES, BLOCKS, kinds, strict=True)
        ],
        paths=[Path(source, target) for source, target in ARROWS],
        index="C",
    )
    moments = moments_of_rows(rows, w, ITEMS, "complete")
    schemes: tuple[Scheme, ...] = ("path", "centroid", "factorial")
    metrics: tuple[Metric, ...] = ("standardised", "raw")
    for scheme, metric in product(schemes, metrics):
        options = PLSOptions(scheme=scheme, metric=metric, tolerance=1e-13, max_steps=3000)
        fit = fit_pls(model, moments, options)
        expected = pls_of_rows(rows, w, modes, scheme, metric)
        assert fit.converged
        for found, value in zip(
            (fit.weights, fit.loadings, fit.paths, fit.r2), expected, strict=True
        ):
            np.testing.assert_allclose(found, value, atol=1e-10)
