"""Surveys in which the segments are known, and ones that have none."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array

PATHS = np.array([[0.85, 0.15], [0.15, 0.75]])
"""Standardised paths (segment; Quality to Satisfaction, Satisfaction to Loyalty)."""

OPPOSITE = np.array([[0.9, 0.9], [-0.9, -0.9]])
"""The same, with the paths of the second segment turned round."""

LOADING = 0.95


def answers_of(
    segment: np.ndarray, rng: np.random.Generator, *, paths: Array = PATHS, whole: bool = False
) -> Array:
    """Answers (n, 8) of a chain of three constructs whose paths depend on the segment."""
    n = len(segment)
    first, second = paths[segment].T
    quality = rng.normal(size=n)
    satisfaction = first * quality + np.sqrt(1 - first**2) * rng.normal(size=n)
    loyalty = second * satisfaction + np.sqrt(1 - second**2) * rng.normal(size=n)
    latent = np.column_stack([quality] * 3 + [satisfaction] * 3 + [loyalty] * 2)
    noise = np.sqrt(1 - LOADING**2) * rng.normal(size=latent.shape)
    points = 5.5 + 1.2 * (LOADING * latent + noise)
    return np.clip(np.round(points), 1, 10) if whole else points


def two_segments(
    n: int, seed: int, share: float = 0.6, paths: Array = PATHS
) -> tuple[Array, np.ndarray]:
    """Answers and true segments, 0 with the given share."""
    rng = np.random.default_rng(seed)
    segment = (np.arange(n) >= share * n).astype(np.int64)
    return answers_of(segment, rng, paths=paths), segment


def told_apart(scores: Array, share: float, paths: Array = PATHS) -> np.ndarray:
    """Segments (n) by Bayes' rule with the true parameters, from scores (n, 3) of variance one."""
    joint = np.log([share, 1.0 - share]) * np.ones((len(scores), 1))
    for j in range(2):
        sd = np.sqrt(1.0 - paths[:, j] ** 2)
        residual = (scores[:, [j + 1]] - paths[:, j] * scores[:, [j]]) / sd
        joint = joint - 0.5 * residual**2 - np.log(sd)
    return np.argmax(joint, axis=1)


def homogeneous(n: int, seed: int, *, skew: float = 0.0) -> Array:
    """Answers (n, 8) of respondents who all have the same paths.

    With `skew` residuals are centred exponential ones in that share: skewed, and alike for all.
    """
    rng = np.random.default_rng(seed)

    def noise() -> Array:
        lump = 1.0 - rng.exponential(size=n)
        return np.sqrt(1 - skew**2) * rng.normal(size=n) + skew * lump

    quality = noise()
    satisfaction = 0.6 * quality + 0.8 * noise()
    loyalty = 0.6 * satisfaction + 0.8 * noise()
    latent = np.column_stack([quality] * 3 + [satisfaction] * 3 + [loyalty] * 2)
    return 5.5 + 1.2 * (LOADING * latent + np.sqrt(1 - LOADING**2) * rng.normal(size=latent.shape))


def system(n: int, seed: int) -> tuple[Array, Array]:
    """Scores (n, 3) of a mixture of two chains, and weights."""
    rows, _ = two_segments(n, seed)
    scores = np.column_stack([rows[:, :3].mean(1), rows[:, 3:6].mean(1), rows[:, 6:].mean(1)])
    scores = (scores - scores.mean(0)) / scores.std(0)
    return scores, np.random.default_rng(seed + 1).uniform(0.5, 2.0, size=n)
