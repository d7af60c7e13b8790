"""Is it measured alike in all groups? Levels of invariance, fitted and compared one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from csi.arrays import one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.difference import SCALED, difference_test
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.invariance_steps import Invariance, Step
from csi.estimate.covariance.measures_table import measures
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.release_tests import release_tests
from csi.estimate.covariance.result import SemFit, Test
from csi.estimate.covariance.sample import groups_in
from csi.estimate.covariance.verdicts import (
    SIGNIFICANT,
    Measured,
    form_verdict,
    level_verdict,
)
from csi.model.model import Model
from csi.model.sem.build import sem_of, with_means
from csi.model.sem.invariance import PARTS, Level, with_invariance
from csi.model.sem.text import sem_from_text
from csi.model.sem.values import SemModel
from csi.model.words import remedy
from csi.survey.survey import Survey

LEVELS: tuple[Level, ...] = ("configural", "metric", "scalar", "strict")
"""From the weakest to the strongest."""


def invariance(
    model: Model | SemModel | str,
    data: Survey | pd.DataFrame,
    *,
    by: str,
    levels: Level | Sequence[Level] = LEVELS,
    free: str | Sequence[str] = (),
    options: SemOptions | None = None,
) -> Invariance:
    """Fit a model to several groups at rising levels of invariance and compare them.

    Parameters
    ----------
    model : Model, SemModel or str
        A satisfaction model, one with every parameter spelt out, or lavaan-style text.
    data : Survey or DataFrame
    by : str
        Key or column of the groups: the time key, companies, ... Respondents without a value are
        in no group.
    levels : sequence of {"configural", "metric", "scalar", "strict"}
        Same form; also equal loadings; also equal intercepts; also equal residual variances.
    free : str or sequence of str
        Parameters that stay free in each group, such as ``"Q7 ~1"``: partial invariance.
    options : SemOptions, optional
        With ``errors="mlr"`` (or ``"mlm"``) tests and measures are robust and take the survey's
        design into account.

    Returns
    -------
    Invariance

    Raises
    ------
    EstimationError
        Unknown keys and levels, fewer than two groups, groups with too few respondents by name,
        ordinal items.
    ModelError
        Faults of the model; parameters under `free` that are not in it, or free anyway.

    Notes
    -----
    The first level holds where CFI is at least .90, RMSEA and SRMR at most .08; a further one fails
    where CFI falls by more than .010 against the level before [cheung2002evaluating], and is
    doubtful where RMSEA rises by .015 or more, or SRMR by .030 (equal loadings) or .010 (equal
    intercepts, residuals) [chen2007sensitivity]. With many respondents the difference test finds
    differences that do not matter; the verdict then says that they are small, and `releases` where
    they are. The test is that of [satorra2010ensuring] with robust errors, and of
    [satorra2001scaled] where answers are missing too.

    Examples
    --------
    >>> from csi.simulation import simulate
    >>> import csi
    >>> made = simulate(csi.models.load("scsb"), years=[2024, 2025], n=400, seed=1)
    >>> survey = csi.read_survey(made.answers, made.codebook)
    >>> found = invariance(made.model, survey, by="year", levels=("configural", "metric"))
    >>> found
    Invariance by year, 2 groups: metric holds
    """
    options = options or SemOptions()
    levels = (levels,) if isinstance(levels, str) else tuple(levels)
    free = (free,) if isinstance(free, str) else tuple(free)
    _require(data, by, levels, options)
    grouped = _grouped(model, groups_in(data, by))
    if grouped.ordinal:
        raise EstimationError(_ordinal(f"model {grouped.name}"))
    chosen = [level for level in LEVELS if level in levels]
    with_invariance(grouped, chosen[-1], free=free)  # finds all faults of `free` at once
    steps: list[Step] = []
    for level in chosen:
        own = [name for name in free if _part(name) in PARTS[level]]
        fit = fit_sem(with_invariance(grouped, level, free=own), data, options, by=by)
        with one_thread():
            steps.append(_compared(level, fit, steps[-1] if steps else None))
    return Invariance(by, grouped.groups, free, tuple(steps))


def _require(
    data: Survey | pd.DataFrame, by: str, levels: Sequence[str], options: SemOptions
) -> None:
    """Refuse what cannot be compared, all faults at once."""
    faults = []
    keys = tuple(data.keys) if isinstance(data, Survey) else tuple(map(str, data.columns))
    if by not in keys:
        faults.append(Fault("option by", f"{by!r} is no key", remedy(by, keys)))
    elif len(groups_in(data, by)) < 2:
        faults.append(Fault(f"key {by}", "has fewer than two groups", "take another key"))
    faults += [
        Fault(f"level {level}", "is not possible", remedy(level, LEVELS))
        for level in levels
        if level not in LEVELS
    ]
    if not levels:
        faults.append(Fault("option levels", "names none", f"use some of {', '.join(LEVELS)}"))
    if options.estimator == "dwls":
        faults.append(_ordinal("option estimator dwls"))
    if faults:
        raise EstimationError(faults)


def _ordinal(where: str) -> Fault:
    what = "takes answers for ordered categories: equal thresholds are not supported"
    return Fault(where, what, "take the answers as numbers, estimator ml with errors mlr")


def _grouped(model: Model | SemModel | str, groups: tuple[str, ...]) -> SemModel:
    """Return the model with means, its parameters free in each group."""
    if isinstance(model, str):
        return sem_from_text(model, groups=groups, means=True)
    if isinstance(model, Model):
        return sem_of(model, groups=groups, means=True)
    if len(model.groups) > 1:
        return with_means(model)
    own = tuple(replace(p, group=g) for g in range(len(groups)) for p in model.parameters)
    return with_means(replace(model, parameters=own, groups=groups))


def _part(name: str) -> str:
    """Return the part of a parameter that may be made equal at some level, from its name."""
    if "=~" in name:
        return "loadings"
    return "residuals" if "~~" in name else "intercepts"


def _compared(level: Level, fit: SemFit, before: Step | None) -> Step:
    """Return a level beside the one before."""
    measured = _measured(fit)
    if before is None:
        holds, verdict = form_verdict(measured)
        return Step(level, fit, measured, None, holds, verdict)
    both = fit.converged and before.fit.converged
    test = _difference(fit, before.fit) if both else None
    added = set(PARTS[level]) - set(PARTS[before.level])
    loadings = "loadings" in added
    holds, verdict = level_verdict(measured, before.measured, test, loadings=loadings)
    if fit.converged and verdict != "holds":
        table = release_tests(fit, parts=added)
        if len(table) and table["p_holm"].iloc[0] < SIGNIFICANT:
            verdict += f"; release {table['parameter'].iloc[0]} first"
    return Step(level, fit, measured, test, holds, verdict)


def _difference(fit: SemFit, before: SemFit) -> Test | None:
    if fit.freedom <= before.freedom:
        return None
    scaled = all(any(name in own.tests for name in SCALED) for own in (fit, before))
    if not scaled:
        return difference_test(fit, before, "standard")
    missing = fit.options.missing == "fiml"
    return difference_test(
        fit, before, "satorra-bentler-2001" if missing else "satorra-bentler-2010"
    )


def _measured(fit: SemFit) -> Measured:
    """Return the measures of a fit, robust ones where there are."""
    table = measures(fit)
    names = table["measure"].tolist()
    plain = dict(zip(names, table["value"].to_numpy(dtype=np.float64), strict=True))
    better = dict(zip(names, table["robust"].to_numpy(dtype=np.float64), strict=True))

    def value(name: str) -> float:
        own = better.get(name, np.nan)
        return float(own if np.isfinite(own) else plain.get(name, np.nan))

    name = next((name for name in SCALED if name in fit.tests), "standard")
    test = fit.tests.get(name)
    return Measured(
        chi_square=test.statistic if test else float("nan"),
        freedom=test.freedom if test else float("nan"),
        p_value=test.p_value if test else float("nan"),
        cfi=value("CFI"),
        rmsea=value("RMSEA"),
        srmr=value("SRMR"),
        bic=value("BIC"),
        converged=fit.converged,
    )
