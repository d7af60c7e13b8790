"""Constructs of constructs from rows of answers: scores and regressions, nothing of csi in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Rows = np.ndarray
Block = list[int]


@dataclass
class Found:
    """Weights block by block, scores (n, q), of one plain PLS."""

    weights: list[Rows]
    scores: Rows


def regress(y: Rows, x: Rows, w: Rows) -> Rows:
    """Weighted least squares."""
    root = np.sqrt(w)
    return np.asarray(np.linalg.lstsq(root[:, None] * x, root * y, rcond=None)[0])


def plain_pls(
    rows: Rows,
    w: Rows,
    blocks: list[Block],
    modes: str,
    arrows: list[tuple[int, int]],
    scheme: str,
) -> Found:
    """PLS on scores of respondents [lohmoller1989latent]; a column may stand in several blocks."""
    q = len(blocks)
    drawn = np.zeros((q, q), dtype=bool)
    for source, target in arrows:
        drawn[source, target] = True
    weights = [np.ones(len(block)) for block in blocks]
    for _ in range(4000):
        y = np.column_stack([rows[:, b] @ own for b, own in zip(blocks, weights, strict=True)])
        y /= np.sqrt(w @ y**2)
        inner = np.where(drawn | drawn.T, y.T @ (w[:, None] * y), 0.0)
        if scheme == "centroid":
            inner = np.sign(inner)
        for j in range(q):
            before = np.flatnonzero(drawn[:, j])
            if scheme == "path" and len(before):
                inner[before, j] = regress(y[:, j], y[:, before], w)
        proxies = y @ inner
        before = weights
        weights = [
            rows[:, block].T @ (w * proxies[:, j])
            if modes[j] == "A"
            else regress(proxies[:, j], rows[:, block], w)
            for j, block in enumerate(blocks)
        ]
        weights = [own / np.linalg.norm(own) for own in weights]
        if max(np.abs(a - b).max() for a, b in zip(weights, before, strict=True)) < 1e-15:
            break
    scores = np.empty((len(rows), q))
    for j, block in enumerate(blocks):
        score = rows[:, block] @ weights[j]
        length = np.sqrt(w @ score**2)
        covs = rows[:, block].T @ (w * score) / np.sqrt(w @ rows[:, block] ** 2)
        sign = np.sign(covs[np.argmax(np.abs(covs))])
        weights[j] = weights[j] * sign / length
        scores[:, j] = score * sign / length
    return Found(weights, scores)


def standardised(rows: Rows, w: Rows) -> Rows:
    """Weighted z scores."""
    z = rows - w @ rows
    return np.asarray(z / np.sqrt(w @ z**2))
