"""The truth of a simulated survey: exact moments, item means and index levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from csi.arrays import Array, readonly
from csi.errors import Fault, OptionError
from csi.model.model import Model
from csi.repeats import repeats_of
from csi.simulation.scale import answer_covariance, answer_means
from csi.tabular import Brief, Summarised, Summary, Table, Told, summarised, tabled
from csi.text import Language

_DIGITS = 8


@dataclass(frozen=True, slots=True, repr=False)
class PopulationMoments(Brief):
    """Exact moments of the answers in a population (p items).

    Attributes
    ----------
    items : tuple of str, length p
    mean : (p,) means on the answer scale, in points
    cov : (p, p) covariances on the answer scale
    """

    items: tuple[str, ...]
    mean: Array
    cov: Array


@dataclass(frozen=True, slots=True, repr=False)
class Truth(Summarised):
    """What is true of the population that a survey was drawn from.

    Axes: g cells (a year and group each), h strata, p items, q constructs, c cuts. An item that a
    construct of constructs uses again counts once.

    Attributes
    ----------
    model : Model
    paths : (q, q) path coefficients of the standardised constructs, [source, target]
    construct_corr : (q, q)
    r2 : (q,) explained variance, 0 for exogenous constructs, 1 for wholes made of their parts
    loadings : (p,) correlations of the latent items with their constructs
    item_corr : (p, p) correlations of the latent items
    cells : tuple of (year, group), length g
    strata : tuple of str, length h
    shares : (h,) shares of the strata in the population of each cell
    low, high : (p,) scale ends in points
    cuts : (g, h, p, c) cut points of the latent items, ``inf`` where a scale is shorter
    """

    model: Model
    paths: Array
    construct_corr: Array
    r2: Array
    loadings: Array
    item_corr: Array
    cells: tuple[tuple[str, str], ...]
    strata: tuple[str, ...]
    shares: Array
    low: Array
    high: Array
    cuts: Array

    @property
    def means(self) -> Array:
        """(g, p) exact item means of the weighted population of each cell, in points."""
        by_stratum = answer_means(self.cuts) + self.low
        means: Array = np.einsum("h,ghp->gp", self.shares, by_stratum)
        return means

    def item_means(self) -> pd.DataFrame:
        """Return ``year, group, item, mean``: exact means on the answer scale."""
        rows = [
            (year, group, item, mean)
            for (year, group), values in zip(self.cells, self.means, strict=True)
            for item, mean in zip(self.model.columns, values.tolist(), strict=True)
        ]
        return pd.DataFrame(rows, columns=["year", "group", "item", "mean"])

    def moments(
        self, year: str | Iterable[str] | None = None, group: str | Iterable[str] | None = None
    ) -> PopulationMoments:
        """Exact mean and covariance of the answers in a part of the population.

        Parameters
        ----------
        year, group : str or several, optional
            The part; everything where None. Cells count equally, as they do in the survey,
            where each has the same number of respondents and weights of mean 1.

        Returns
        -------
        PopulationMoments
            Of the mixture of strata (by their shares) and of cells. An estimator run on them
            gives the population solution that samples scatter about.

        Raises
        ------
        OptionError
            A year or group that the survey does not have.
        """
        chosen = self._chosen(year, group)
        cuts = self.cuts[chosen]
        weight = np.broadcast_to(self.shares / len(cuts), cuts.shape[:2])
        means = answer_means(cuts) + self.low
        mean = np.einsum("gh,ghp->p", weight, means)
        apart = means - mean
        cov = np.einsum("gh,ghpr->pr", weight, answer_covariance(cuts, self.item_corr))
        cov = cov + np.einsum("gh,ghp,ghr->pr", weight, apart, apart)
        return PopulationMoments(self.model.columns, readonly(mean), readonly((cov + cov.T) / 2))

    def _chosen(
        self, year: str | Iterable[str] | None, group: str | Iterable[str] | None
    ) -> list[int]:
        """Numbers of the cells asked for."""
        faults, wanted = [], []
        for axis, (name, value) in enumerate((("year", year), ("group", group))):
            known = list(dict.fromkeys(cell[axis] for cell in self.cells))
            asked = known if value is None else [value] if isinstance(value, str) else list(value)
            wanted.append(asked)
            faults += [
                Fault(
                    f"{name}={one!r}",
                    f"the survey has no such {name}",
                    f"use one of {', '.join(known)}",
                )
                for one in asked
                if one not in known
            ]
        if faults:
            raise OptionError(faults)
        return [k for k, (y, g) in enumerate(self.cells) if y in wanted[0] and g in wanted[1]]

    def index(self, weights: Mapping[str, float] | Literal["equal"] = "equal") -> pd.DataFrame:
        """Exact index of every construct for given item weights.

        Parameters
        ----------
        weights : mapping of item to weight, or "equal"
            Unstandardised weights, none below zero; brought to sum 1 within each construct. Items
            that a construct of constructs uses again (``ITEM@Whole``) have weights of their own.

        Returns
        -------
        DataFrame
            ``year, group, construct, index``; index on 0-100, from the exact item means.

        Raises
        ------
        OptionError
            An item without a weight, a weight below zero, or a construct of weight zero.
        """
        items, names = self.model.items, self.model.names
        given = dict.fromkeys(items, 1.0) if weights == "equal" else dict(weights)
        faults = [
            Fault(f"weight of {item}", "is missing or below zero", "give each item a weight")
            for item in items
            if not given.get(item, -1.0) >= 0.0
        ]
        if faults:
            raise OptionError(faults)
        table = np.array([given[item] for item in items])[:, None] * self.model.blocks
        sums = table.sum(axis=0)
        if (sums == 0.0).any():
            raise OptionError(
                [
                    Fault(names[k], "all weights are zero", "give one of its items weight")
                    for k in np.flatnonzero(sums == 0.0)
                ]
            )
        score = 100.0 * (self.means - self.low) / (self.high - self.low)
        figures = score[:, repeats_of(items).at] @ (table / sums)
        rows = [
            (year, group, name, value)
            for (year, group), values in zip(self.cells, figures, strict=True)
            for name, value in zip(names, values.tolist(), strict=True)
        ]
        return pd.DataFrame(rows, columns=["year", "group", "construct", "index"])

    def to_dict(self) -> dict[str, Any]:
        """Return the truth as plain lists and numbers (8 decimals), for ``truth.json``."""

        def shown(value: float) -> float:
            return round(float(value), _DIGITS) + 0.0

        names, items = self.model.names, self.model.columns
        index, means = self.index(), self.item_means()
        return {
            "model": self.model.name,
            "index_construct": self.model.index,
            "paths": [
                {"from": names[s], "to": names[t], "path": shown(self.paths[s, t])}
                for s, t in np.argwhere(self.model.arrows).tolist()
            ],
            "r2": {n: shown(self.r2[k]) for k, n in enumerate(names) if self.r2[k] > 0.0},
            "construct_correlations": [
                [shown(value) for value in row] for row in self.construct_corr
            ],
            "loadings": {n: shown(v) for n, v in zip(items, self.loadings, strict=True)},
            "strata": {n: shown(v) for n, v in zip(self.strata, self.shares, strict=True)},
            "index_equal_weights": [
                {"year": y, "group": g, "construct": c, "index": shown(v)}
                for y, g, c, v in index.itertuples(index=False, name=None)
            ],
            "item_means": [
                {"year": y, "group": g, "item": i, "mean": shown(v)}
                for y, g, i, v in means.itertuples(index=False, name=None)
            ],
        }

    def __repr__(self) -> str:
        """Say in one line what is true of what."""
        return (
            f"Truth of {self.model.name}: {len(self.cells)} cells, {len(self.model.names)} "
            f"constructs, {len(self.model.columns)} items, {len(self.strata)} strata"
        )

    def paths_table(self) -> pd.DataFrame:
        """Return the true path coefficients: ``from, to, true``."""
        at = self.model.names.index
        rows = [
            (p.source, p.target, float(self.paths[at(p.source), at(p.target)]))
            for p in self.model.paths
        ]
        return pd.DataFrame(rows, columns=["from", "to", "true"])

    def tables(self, language: Language) -> list[Table | None]:
        """Return true paths and true index levels for summaries."""
        return [
            tabled("True paths", self.paths_table(), language),
            tabled("True index levels, 0 to 100", self.index(), language, digits=2),
        ]

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Model": self.model.name,
            "Constructs": len(self.model.names),
            "Items": len(self.model.columns),
            "Members": len(self.cells),
            "Strata": len(self.strata),
        }
        return summarised("Truth of a simulation", language, facts, self.tables(language))
