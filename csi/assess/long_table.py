"""Measures of a fit with their errors and intervals as rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csi.arrays import Array, IntArray, one_thread
from csi.estimate.fit import Fit
from csi.index.cells import Spread
from csi.index.replicated import Replicated


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures (k) with error and interval, and the replicates that each rests on.

    Attributes
    ----------
    spread : Spread
    draws : (k) replicates that have the figure; those without it are left out of error and
        interval
    limit : (k) one-sided upper limits at the level of the options; NaN for levels up to 0.5
    """

    spread: Spread
    draws: IntArray
    limit: Array


def figures(rep: Replicated, measure: Callable[[Fit], Array], *, positive: bool = False) -> Figures:
    """Return measures of a fit with errors and intervals from the replicates already drawn.

    Parameters
    ----------
    rep : Replicated
    measure : callable
        From a fit with any batch to figures ``(*batch, k)``.
    positive : bool
        Figures that are never below zero and skewed, such as variance inflation: their intervals
        are found for the logarithm. The standard error stays that of the figure.
    """
    with one_thread(), np.errstate(all="ignore"):
        estimate = np.asarray(measure(rep.fit), dtype=np.float64)
        values = np.asarray(measure(rep.draws), dtype=np.float64)
        values = np.where(np.isfinite(values) & np.isfinite(estimate), values, np.nan)
        spread = rep.spread(estimate, values)
        limit = np.full_like(estimate, np.nan)
        ends = (np.log(estimate), np.log(values)) if positive else (estimate, values)
        # the end of a two-sided interval of level 2 L - 1 is the one-sided limit of level L
        level = 2.0 * rep.options.level - 1.0
        if level > 0:
            narrower = replace(rep, options=replace(rep.options, level=level))
            limit = narrower.spread(*ends).upper
        if positive:
            logs = rep.spread(*ends)
            spread = Spread(estimate, spread.se, np.exp(logs.lower), np.exp(logs.upper))
            limit = np.exp(limit)
    there = np.isfinite(values) & rep.usable[:, None]
    return Figures(spread, there.sum(axis=0).astype(np.int64), limit)


def table(
    columns: Mapping[str, Sequence[object]],
    found: Figures,
    notes: Sequence[str],
    more: Mapping[str, Array] | None = None,
) -> pd.DataFrame:
    """Return one row a figure: what it is about, the figure, and why there is none.

    Parameters
    ----------
    columns : mapping of str to sequence
        What each row is about.
    found : Figures
    notes : sequence of str
        ``""`` where there is nothing to say.
    more : mapping of str to array, optional
        Further columns, before ``draws``.
    """
    spread = found.spread
    body: dict[str, object] = {name: list(values) for name, values in columns.items()}
    body |= {"estimate": spread.estimate, "se": spread.se}
    body |= {"lower": spread.lower, "upper": spread.upper} | dict(more or {})
    body |= {"draws": found.draws, "note": list(notes)}
    return pd.DataFrame(body)


def noted(notes: Sequence[str], found: Figures, rep: Replicated, undefined: str) -> list[str]:
    """Return notes, with a reason where a figure or some of its replicates are missing.

    Parameters
    ----------
    notes : sequence of str
    found : Figures
    rep : Replicated
    undefined : str
        The reason of figures that are missing without a note.
    """
    made = []
    for note, value, count in zip(notes, found.spread.estimate, found.draws, strict=True):
        if not np.isfinite(value):
            made.append(note or undefined)
            continue
        gone = rep.draws_used - int(count)
        some = [f"{gone} of {rep.draws_used} replicates have no figure"] if gone else []
        made.append("; ".join([note, *some] if note else some))
    return made
