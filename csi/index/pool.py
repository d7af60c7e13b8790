"""Pooled weights: the moments of all groups added up, for one fit and its draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.index.cells import CellFit, Units
from csi.index.estimator import fit_model
from csi.index.formula import index_weights
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.values import Missing, Moments


@dataclass(frozen=True, slots=True)
class WeightSet:
    """Index weights of one origin: (p) of the sample, (d, p) of the draws, and where from.

    `scores` are contributions of sampled units to the weights, (u, p), where they are known.
    """

    items: tuple[str, ...]
    sample: Array
    draws: Array | None
    words: str
    scores: tuple[Units, Array] | None = None


class Pool:
    """Adds up the moments of groups as they come, for one set of pooled weights an item set.

    Weights are divided by their mean in the period first: a year whose weights add up to the
    population does not outweigh one whose weights add up to the sample.

    Parameters
    ----------
    mean_weight : mapping of str to float
        Mean weight of each period.
    """

    def __init__(self, mean_weight: Mapping[str, float]) -> None:
        self._mean_weight = mean_weight
        self._sums: dict[tuple[str, ...], list[Array]] = {}
        self._n: dict[tuple[str, ...], int] = {}
        self._periods: dict[tuple[str, ...], list[str]] = {}
        self._models: dict[tuple[str, ...], Model] = {}

    def add(self, period: str, cell: CellFit) -> None:
        """Add a group that could be fitted."""
        if cell.pooled is None:
            return
        key = cell.model.items
        total, mean, second = cell.pooled
        total = total / self._mean_weight[period]
        parts = [total, total[:, None] * mean, total[:, None, None] * second]
        held = self._sums.setdefault(key, [np.zeros_like(part) for part in parts])
        for sum_, part in zip(held, parts, strict=True):
            sum_ += part  # a draw that failed in one group is NaN in the pool
        self._n[key] = self._n.get(key, 0) + int(cell.fit.moments.n)
        self._models[key] = cell.model
        periods = self._periods.setdefault(key, [])
        if period not in periods:
            periods.append(period)

    def weight_sets(self, options: IndexOptions) -> dict[tuple[str, ...], WeightSet]:
        """Fit each pooled sample and its draws; the key is the item set."""
        found = {}
        for key, (total, first, second) in self._sums.items():
            mean = first / total[:, None]
            cov = second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
            model, n = self._models[key], self._n[key]
            sample = _moments(model, mean[0], cov[0], total[0], n, options.missing)
            drawn = _moments(model, mean[1:], cov[1:], total[1:], n, options.missing)
            single = fit_model(model, sample, options)
            draws = fit_model(model, drawn, options, like=single)
            weights = index_weights(draws)
            weights[~draws.converged] = np.nan
            label = ", ".join(self._periods[key])
            found[key] = WeightSet(key, index_weights(single), weights, f"pooled ({label})")
        return found


def _moments(
    model: Model, mean: Array, cov: Array, total: Array | float, n: int, missing: Missing
) -> Moments:
    """Return pooled moments as a value; every draw has the n of the sample."""
    size = np.full(mean.shape[:-1], n, dtype=np.int64)
    return Moments(
        items=model.items,
        mean=mean,
        cov=cov,
        n=size,
        sum_weights=np.asarray(total),
        n_effective=size.astype(np.float64),
        answers=np.full(mean.shape, n, dtype=np.int64),
        missing=missing,
    )
