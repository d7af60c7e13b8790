"""Joint levels made from rows of answers: delete-one jackknife replicates, weights as given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from csi.index.cells import Units
from csi.index.formula import index_score, normalised
from csi.index.joint import Joint, Linear
from csi.moments.replication import Replication

Label = tuple[str, str]


def rows_of(rng: np.random.Generator, n: int, means: tuple[float, ...]) -> np.ndarray:
    """Return (n, k) answers about 1 to 10 with these expected means; NaN: not asked."""
    common = rng.normal(size=(n, 1))
    return np.asarray(means) + 1.2 * common + rng.normal(size=(n, len(means)))


def make_joint(
    rows: Mapping[Label, np.ndarray],
    weights: Mapping[Label, np.ndarray],
    *,
    periods: tuple[str, ...],
    groups: tuple[str, ...] = ("all",),
    total_weight: Mapping[Label, float] | None = None,
    moving: bool = False,
    min_n: int = 0,
) -> Joint:
    """Return the levels of one construct, Satisfaction, of items on scales from 1 to 10.

    Every group has a sample of its own. `moving`: weights follow the spread of the items in each
    replicate; otherwise they are fixed.
    """
    labels = tuple(label for label in ((p, g) for p in periods for g in groups) if label in rows)
    k = next(iter(rows.values())).shape[1]
    blocks = np.ones((k, 1), dtype=bool)
    low, high = np.ones(k), np.full(k, 10.0)
    sizes = [len(rows[label]) for label in labels]
    first = np.cumsum([0, *sizes])
    replicates = int(first[-1])
    index, draws, means, own = [], [], [], []
    mean_draws, weight_draws = [], []
    for number, label in enumerate(labels):
        answers = rows[label]
        n = len(answers)
        asked = np.isfinite(answers).all(axis=0)
        mean = answers.mean(axis=0)
        drawn = np.repeat(mean[None], replicates, axis=0)
        without = (answers.sum(axis=0) - answers) / (n - 1)
        drawn[first[number] : first[number + 1]] = without
        weight = np.where(asked, weights[label], np.nan)
        weighted = np.repeat(weight[None], replicates, axis=0)
        if moving:
            weighted = weighted * (drawn / mean) ** 2
        weight, weighted = (_to_one(w, blocks) for w in (weight, weighted))
        score = [
            index_score(m[..., asked], w[..., asked], low[asked], high[asked], blocks[asked])
            for m, w in ((mean, weight), (drawn, weighted))
        ]
        index.append(score[0])
        draws.append(score[1].T)
        means.append(mean)
        own.append(weight)
        mean_draws.append(drawn.T)
        weight_draws.append(weighted.T)
    factors = np.concatenate([np.full(n, (n - 1) / n) for n in sizes])
    linear = tuple(
        Linear(
            Units(f"{label}", np.arange(n), np.zeros(n, dtype=np.int64)), np.full((n, 1), np.nan)
        )
        for label, n in zip(labels, sizes, strict=True)
    )
    totals = [float(n) if total_weight is None else total_weight[label]
              for label, n in zip(labels, sizes, strict=True)]  # fmt: skip
    return Joint(
        periods=periods,
        groups=groups,
        labels=labels,
        constructs=("Satisfaction",),
        items=tuple(f"S{i + 1}" for i in range(k)),
        blocks=blocks,
        low=low,
        high=high,
        index=np.array(index),
        draws=np.array(draws),
        means=np.array(means),
        weights=np.array(own),
        mean_draws=tuple(mean_draws),
        weight_draws=tuple(weight_draws),
        base=np.array(sizes, dtype=float)[:, None],
        total_weight=np.array(totals)[:, None],
        spread=np.ones((len(labels), 1)),
        paths=(),
        slopes=np.zeros((len(labels), 0)),
        slope_draws=(None,) * len(labels),
        linear=linear,
        replication=Replication("jackknife", replicates, "delete-one jackknife", factors),
        level=0.95,
        min_n=min_n,
    )


def _to_one(weights: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return weights of the asked items that add up to one."""
    asked = np.isfinite(weights if weights.ndim == 1 else weights[0])
    made = np.full_like(weights, np.nan)
    made[..., asked] = normalised(weights[..., asked], blocks[asked])
    return made


def variance_of_level(answers: np.ndarray, weights: np.ndarray) -> float:
    """Return the textbook variance of a level of fixed weights: variance of scores over n."""
    asked = np.isfinite(answers).all(axis=0)
    scores = 100.0 * (answers[:, asked] @ weights[asked] / weights[asked].sum() - 1.0) / 9.0
    return float(scores.var(ddof=1) / len(answers))
