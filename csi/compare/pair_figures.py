"""Every figure of two groups by one function, for the sample, its permutations and replicates.

Letters: p items, q constructs, E paths, k = 2 q + E figures, any batch axes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from csi.arrays import Array, BoolArray
from csi.estimate.fit import Fit
from csi.index.estimator import fit_model
from csi.index.formula import index_score, index_weights
from csi.index.levels import outweighed
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.values import Moments


@dataclass(frozen=True, slots=True, eq=False)
class PairFigures:
    """Computes every figure of both groups from their moments.

    Attributes
    ----------
    model : Model
    low, high : (p) ends of the answer scales
    options : IndexOptions
    like : Fit
        The fit of both groups together: where iterations start, and what fixes signs.
    """

    model: Model
    low: Array
    high: Array
    options: IndexOptions
    like: Fit

    def names(self) -> list[tuple[str, str, str, str]]:
        """Return ``figure, weights, construct, from`` of the k figures."""
        found = [
            ("index", weights, name, "")
            for weights in ("own", "pooled")
            for name in self.model.names
        ]
        return found + [("path", "", path.target, path.source) for path in self.model.paths]

    def of_group(self, moments: Moments, pooled: Array) -> Array:
        """Return the k figures of one group, (*batch, k); NaN where the fit cannot be used.

        Parameters
        ----------
        moments : Moments
        pooled : (p) or (*batch, p) weights of both groups together
        """
        fit = fit_model(self.model, moments, self.options, like=self.like)
        own = index_weights(fit)
        names = self.model.names
        source = [names.index(path.source) for path in self.model.paths]
        target = [names.index(path.target) for path in self.model.paths]
        usable = np.asarray(fit.converged)[..., None]
        paths = np.where(usable, fit.paths[..., source, target], np.nan)
        parts = [
            np.where(usable, self._index(moments.mean, own), np.nan),
            self._index(moments.mean, pooled),
            paths,
        ]
        return np.concatenate(parts, axis=-1)

    def pooled(self, moments: Moments) -> Array:
        """Return index weights of the moments of both groups together, (*batch, p)."""
        fit = fit_model(self.model, moments, self.options, like=self.like)
        usable = np.asarray(fit.converged)[..., None]
        return np.asarray(np.where(usable, index_weights(fit), np.nan))

    def _index(self, mean: Array, weights: Array) -> Array:
        """Return the index of each construct, NaN where negative weights outweigh."""
        blocks = self.model.blocks
        found = index_score(mean, weights, self.low, self.high, blocks)
        return np.asarray(np.where(self._wild(weights), np.nan, found))

    def _wild(self, weights: Array) -> BoolArray:
        """Flag constructs whose negative weights outweigh, (*batch, q)."""
        flat = weights.reshape(-1, weights.shape[-1])
        wild = [outweighed(flat[:, block]) for block in self.model.blocks.T]
        return np.stack(wild, axis=-1).reshape(*weights.shape[:-1], len(wild))


def together(a: Moments, b: Moments, scales: tuple[float, float]) -> Moments:
    """Return the moments of two groups added up, each with its weights divided by its scale."""
    own = [np.asarray(m.sum_weights) / scale for m, scale in zip((a, b), scales, strict=True)]
    total = own[0] + own[1]
    shares = [(part / total)[..., None] for part in own]
    mean = shares[0] * a.mean + shares[1] * b.mean
    away = a.mean - b.mean
    between = (shares[0] * shares[1])[..., None] * away[..., :, None] * away[..., None, :]
    cov = shares[0][..., None] * a.cov + shares[1][..., None] * b.cov + between
    return replace(
        a,
        mean=mean,
        cov=cov,
        n=np.asarray(a.n + b.n),
        sum_weights=np.asarray(total),
        n_effective=np.asarray(a.n_effective + b.n_effective),
        answers=np.asarray(a.answers + b.answers),
        problems=(),
    )
