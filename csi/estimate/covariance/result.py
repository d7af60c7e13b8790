"""A covariance fit as a frozen value, and the sample it was fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

import numpy as np
import pandas as pd

from csi.arrays import Array, IntArray
from csi.estimate.covariance.kernel import Implied, implied
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.scoring import Target
from csi.lazy import lazy_module
from csi.tabular import Brief, Summarised, Summary, WithParameters
from csi.text import Language

_views = lazy_module("csi.estimate.covariance.summary")
"""The summary needs the tables, which need this module."""


@dataclass(frozen=True, slots=True, repr=False)
class GroupRows(Brief):
    """The respondents of one group of a covariance fit.

    Attributes
    ----------
    rows : (n, p) answers in the order of the model's items, NaN where missing
    weights : (n) sampling weights
    strata, clusters : (n) numbers; clusters are 0..n-1 where each respondent is a unit
    fractions : (n) or None
        Sampling fraction of each respondent's stratum, for the finite-population correction.
    """

    rows: Array
    weights: Array
    strata: IntArray
    clusters: IntArray
    fractions: Array | None = None


@dataclass(frozen=True, slots=True, repr=False)
class SemSample(Brief):
    """Moments of all groups, and the respondents behind them where they are known.

    Attributes
    ----------
    cov : (g, p, p) covariances, divisor the sum of weights
    mean : (g, p)
    n : (g) respondents used
    rows : tuple of GroupRows
        Those used; empty where only moments were given.
    weighted, stratified, clustered : bool
        What the design has.
    left_out : int
        Respondents left out because of missing answers.
    """

    cov: Array
    mean: Array
    n: IntArray
    rows: tuple[GroupRows, ...] = ()
    weighted: bool = False
    stratified: bool = False
    clustered: bool = False
    left_out: int = 0

    @property
    def total(self) -> int:
        """Respondents of all groups."""
        return int(self.n.sum())

    @property
    def counts(self) -> Array:
        """Respondents of each group as they count in the fit, (g): by weights where there are."""
        if not (self.weighted and self.rows):
            return np.asarray(self.n, dtype=np.float64)
        sums = np.array([part.weights.sum() for part in self.rows])
        return np.asarray(sums * (self.n.sum() / sums.sum()))

    def unheard(self, options: SemOptions) -> tuple[str, ...]:
        """Say which parts of the design standard errors do not know of; nothing for the others."""
        there = {"weights": self.weighted, "strata": self.stratified, "clusters": self.clustered}
        words = " and ".join(word for word, has in there.items() if has)
        if options.errors != "standard" or not words:
            return ()
        return (f"standard errors and tests know nothing of the {words}: take errors='mlr'",)

    def target(self, options: SemOptions) -> Target:
        """Return what is fitted, with a batch of one member."""
        cov, counts = self.cov, self.counts
        share = counts / counts.sum()
        if options.likelihood == "wishart":
            cov = cov * (counts / (counts - 1.0))[:, None, None]
            share = (counts - 1.0) / (counts - 1.0).sum()
        return Target(cov[None], self.mean[None], share[None])

    def multiplier(self, options: SemOptions) -> float:
        """Return N: chi-square is ``2 N F``."""
        return float(self.n.sum() - (len(self.n) if options.likelihood == "wishart" else 0))


@dataclass(frozen=True, slots=True)
class Test:
    """A test of exact fit.

    Attributes
    ----------
    name : str
        ``standard``, ``satorra-bentler``, ``yuan-bentler``, ``scaled-shifted``, ``bollen-stine``.
    statistic, freedom, p_value : float
    scaling : float
        What the standard statistic was divided by; 1 for the standard test.
    shift : float
        What was added, for the scaled-shifted test.
    """

    __test__: ClassVar[bool] = False  # of pytest

    name: str
    statistic: float
    freedom: float
    p_value: float
    scaling: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class SemFit(WithParameters, Summarised):
    """A structural equation model fitted to a sample.

    Attributes
    ----------
    placed : Placed
        The model with the places of its K table parameters.
    options : SemOptions
    sample : SemSample
    x : (f) free parameters
    values : (K) table parameters that are not fixed
    vcov : (K, K) their covariance matrix; NaN where there is none
    value : float
        Discrepancy; chi-square is ``2 N`` times it.
    converged : bool
    steps : int
    freedom : int
        Moments less free parameters.
    tests : mapping of str to Test
    ended : tuple of str
        In words what is wrong or doubtful: not converged, not identified, negative variances,
        correlations above one, constructs that cannot be told apart.
    thresholds : mapping of item to (g, c - 1) arrays
        Of ordinal items.
    baseline : mapping of str to Test
        The same tests of the model in which all items are independent.
    loglikelihood, unrestricted : float
        Of the model, and of the moments themselves; NaN for ordinal items.
    """

    placed: Placed
    options: SemOptions
    sample: SemSample
    x: Array
    values: Array
    vcov: Array
    value: float
    converged: bool
    steps: int
    freedom: int
    tests: Mapping[str, Test] = field(default_factory=lambda: MappingProxyType({}))
    ended: tuple[str, ...] = ()
    thresholds: Mapping[str, Array] = field(default_factory=lambda: MappingProxyType({}))
    baseline: Mapping[str, Test] = field(default_factory=lambda: MappingProxyType({}))
    loglikelihood: float = np.nan
    unrestricted: float = np.nan

    def __repr__(self) -> str:
        """Say in one line what was fitted and how it ended."""
        model = self.placed.model
        test = self.tests.get("standard")
        fit = f"chi-square {test.statistic:.1f} on {test.freedom:.0f}" if test else "no test"
        ended = f"settled after {self.steps} steps" if self.converged else "NOT settled"
        groups = f", {len(model.groups)} groups" if len(model.groups) > 1 else ""
        return (
            f"SemFit of {model.name}: {self.options.estimator}, {len(model.constructs)} "
            f"constructs, {len(model.items)} items{groups}, n {self.sample.total}; {fit}; {ended}"
        )

    def _summary(self, language: Language) -> Summary:
        made: Summary = _views.sem_summary(self, language)
        return made

    def _parameters(self, level: float | None) -> pd.DataFrame:
        made: pd.DataFrame = _views.sem_parameters(self, level)
        return made

    @property
    def errors(self) -> Array:
        """Standard errors of the table parameters, (K)."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.sqrt(np.diag(self.vcov)))

    @property
    def implied(self) -> Implied:
        """Model matrices and implied moments, batch of one."""
        return implied(self.placed.layout, self.x[None])
