"""A fit together with the fits of its replicates: what every measure takes its interval from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, one_thread
from csi.errors import EstimationError, Fault, NotConvergedError, OptionError
from csi.estimate.fit import Fit
from csi.estimate.intervals import IntervalKind, interval, margin, p_value
from csi.index.cells import Spread
from csi.index.estimator import fit_model
from csi.index.fitting import problem_of, units_of
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.blocks import Sample, blocks_of
from csi.moments.groups import Cell, cells_of, moments_of_rows, require_names
from csi.moments.replicates import plan_replicates, replicate_block
from csi.moments.replication import Replication
from csi.survey.survey import Survey
from csi.tabular import (
    Summarised,
    Summary,
    Told,
    WithParameters,
    coefficients,
    said,
    summarised,
    tabled,
)
from csi.text import Language


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Replicated(WithParameters, Summarised):
    """One sample with its fit and the fits of its replicates.

    Attributes
    ----------
    label : tuple of str
        Values of the keys that the sample was taken by; empty for the whole survey.
    sample : Sample
        The respondents used: answers (n, p) with NaN where missing, weights, sampled units.
    fit : Fit
        A single member.
    draws : Fit
        Batch ``(R,)``.
    usable : (R) replicates whose fit settled
    replication : Replication
        How replicates turn into variances.
    freedom : float
        Degrees of freedom of the design.
    options : IndexOptions
        Estimator, replicates, kind and level of intervals.
    """

    label: tuple[str, ...]
    sample: Sample
    fit: Fit
    draws: Fit
    usable: BoolArray
    replication: Replication
    freedom: float
    options: IndexOptions

    @property
    def model(self) -> Model:
        """The model fitted."""
        return self.fit.model

    @property
    def draws_used(self) -> int:
        """Replicates that count."""
        return int(self.usable.sum())

    @property
    def interval_kind(self) -> IntervalKind:
        """Kind of the limits that measures get: that of the options as far as the draws allow."""
        kind: IntervalKind = self.options.interval
        if not self.replication.random:
            return "normal"
        return "bias-corrected" if kind in ("bca", "studentised") else kind

    def of(self, measure: Callable[[Fit], Array]) -> Spread:
        """Return a measure of the fit with its error and interval.

        Parameters
        ----------
        measure : callable
            From a fit with any batch to figures ``(*batch, ...)``.
        """
        with one_thread(), np.errstate(all="ignore"):
            return self.spread(measure(self.fit), measure(self.draws))

    def spread(self, estimate: Array, values: Array) -> Spread:
        """Return figures with error and interval.

        Parameters
        ----------
        estimate : (...) figures of the sample
        values : (R, ...) figures of all replicates; those of replicates that are not usable, and
            NaN, do not count

        Notes
        -----
        Intervals are of the kind of the options: estimate plus and minus t times the standard
        error, or quantiles of random draws. ``bca`` and ``studentised`` need contributions of
        respondents that measures do not have; ``bias-corrected`` stands in for them.
        """
        estimate = np.asarray(estimate, dtype=np.float64)
        kept = np.where(self.usable.reshape(-1, *(1,) * estimate.ndim), values, np.nan)
        se = np.sqrt(self.replication.variance(kept, estimate))
        kind = self.interval_kind
        if kind == "normal":
            half = margin(se, level=self.options.level, freedom=self.freedom)
            return Spread(estimate, se, estimate - half, estimate + half)
        lower, upper = interval(
            kept, estimate, kind=kind, level=self.options.level, freedom=self.freedom
        )
        return Spread(estimate, se, lower, upper)

    def p_values(self, found: Spread) -> Array:
        """Return two-sided p values of figures against zero, by t with the design's freedom."""
        return p_value(found.estimate, found.se, self.freedom)

    def __repr__(self) -> str:
        """Say in one line what was fitted, and how many replicates count."""
        of = f", {', '.join(self.label)}" if self.label else ""
        return (
            f"Replicated fit of {self.model.name}{of}: {self.fit.estimator}; n "
            f"{int(self.fit.moments.n)}, {self.draws_used} of {len(self.usable)} replicates "
            f"({self.replication.method})"
        )

    def paths_table(self) -> pd.DataFrame:
        """Return one row a path: ``from, to, estimate, se, p_value, lower, upper``."""
        names = self.model.names
        at = [(names.index(path.source), names.index(path.target)) for path in self.model.paths]
        rows, columns = zip(*at, strict=True)
        found = self.of(lambda fit: fit.paths[..., rows, columns])
        return pd.DataFrame(
            {
                "from": [path.source for path in self.model.paths],
                "to": [path.target for path in self.model.paths],
                "estimate": found.estimate,
                "se": found.se,
                "p_value": self.p_values(found),
                "lower": found.lower,
                "upper": found.upper,
            }
        )

    def _parameters(self, level: float | None) -> pd.DataFrame:
        own = self
        if level is not None and level != self.options.level:
            own = replace(self, options=replace(self.options, level=level))
        frame = own.paths_table()
        labels = [f"{to} ~ {cause}" for cause, to in zip(frame["from"], frame["to"], strict=True)]
        return frame.set_axis(pd.Index(labels, name="parameter")).drop(columns=["from", "to"])

    def _summary(self, language: Language) -> Summary:
        fit, options = self.fit, self.options
        facts: Told = {
            "Model": self.model.name,
            "Group": ", ".join(self.label) or None,
            "Estimator": fit.estimator,
            "Respondents": int(fit.moments.n),
            "Effective respondents": float(fit.moments.n_effective),
            "Missing answers": said(fit.moments.missing, language),
            "Converged": bool(fit.converged),
            "Admissible": bool(fit.admissible),
            "Steps": int(fit.steps),
            "Replicates": f"{self.draws_used} / {len(self.usable)}",
            "Degrees of freedom": float(self.freedom),
            "Interval": said(self.interval_kind, language),
            "Confidence level": options.level,
            "Replication": self.replication.words,
        }
        loadings = self.of(lambda one: one.loadings)
        weights = self.of(lambda one: one.weights)
        items = fit.weights_table()[["construct", "item"]]
        tables = (
            coefficients("Paths", self.paths_table(), language, ["from", "to"],
                         statistic="t", level=options.level),
            tabled("Constructs", fit.constructs_table(), language),
            coefficients("Loadings", _with(items, loadings, self.p_values(loadings)), language,
                         ["construct", "item"],
                         statistic="t", level=options.level),
            coefficients("Weights", _with(items, weights, self.p_values(weights)), language,
                         ["construct", "item"],
                         statistic="t", level=options.level),
        )  # fmt: skip
        return summarised("Fit with replicates", language, facts, tables)


def replicated(
    survey: Survey,
    model: Model,
    options: IndexOptions | None = None,
    *,
    by: str | Sequence[str] = (),
) -> tuple[Replicated, ...]:
    """Fit a model to a survey, or to each of its groups, and to all replicates of each.

    Parameters
    ----------
    survey : Survey
    model : Model
    options : IndexOptions, optional
        Estimator, missing answers, draws, seed, replicates, interval, level. ``min_n`` and
        ``weights`` have no part in it; ``replicates="delta"`` is refused.
    by : str or sequence of str
        Keys of the codebook; one sample where empty.

    Returns
    -------
    tuple of Replicated
        One a group, in the order of the codebook. Replicate ``r`` of all groups that share
        sampled units is one replicate of the survey.

    Raises
    ------
    EstimationError
        The model cannot be fitted to a sample; all groups at once.
    NotConvergedError
        The iteration did not settle.
    OptionError
        ``replicates="delta"``, which makes no replicates.
    """
    options = options or IndexOptions()
    if options.replicates == "delta":
        fix = "take design, bootstrap, jackknife or gaussian"
        raise OptionError(Fault("option replicates delta", "makes no replicates", fix))
    if options.design == "simple":
        survey = survey.as_simple()
    names = (by,) if isinstance(by, str) else tuple(by)
    require_names(survey, model.items, names)
    cells = cells_of(survey, names)
    plan = plan_replicates(
        survey, options.replicates, draws=options.draws, seed=options.seed, fay=options.fay
    )
    found: dict[int, Replicated] = {}
    faults: list[Fault] = []
    settled = True
    items = [model.items] * len(cells)
    for block in blocks_of(survey, items, cells, options.missing, replicated=plan.supplied):
        moments = replicate_block(block, options.missing, plan)
        for number, sample, drawn in zip(block.cells, block.samples, moments, strict=True):
            single = moments_of_rows(sample.rows, sample.weights, sample.items, options.missing)
            fit = fit_model(model, single, options)
            if problem := problem_of(fit):
                settled &= not problem.startswith("not converged")
                faults.append(Fault(_where(cells[number], names), problem, _FIX))
                continue
            draws = fit_model(model, drawn, options, like=fit)
            finite = np.isfinite(draws.weights).all(axis=1) & np.isfinite(draws.paths).all((1, 2))
            usable = np.asarray(finite & draws.converged)
            usable.setflags(write=False)
            freedom = plan.replication.freedom_of(units_of(block, sample).freedom)
            found[number] = Replicated(
                cells[number].label, sample, fit, draws, usable, plan.replication, freedom, options
            )
    if faults:
        raise (EstimationError if settled else NotConvergedError)(faults)
    return tuple(found[number] for number in range(len(cells)))


_FIX = "look at the items with `csi check`, or take more respondents"


def _with(items: pd.DataFrame, found: Spread, p: Array) -> pd.DataFrame:
    """Return the names of items with a figure and its errors."""
    own = items.assign(estimate=found.estimate, se=found.se, lower=found.lower, upper=found.upper)
    return own.assign(p_value=p)


def _where(cell: Cell, names: tuple[str, ...]) -> str:
    """Name a group in words."""
    pairs = zip(names, cell.label, strict=True)
    return ", ".join(f"{name} {value}" for name, value in pairs) or "fit"
