"""Sampling fractions from a column of population sizes, for the finite-population correction."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.errors import Fault
from csi.survey.coding import shown_rows
from csi.survey.design_cells import WORDS, numeric
from csi.survey.key_columns import Names
from csi.survey.raw import RawTable

_SLACK = 1e-9  # a share of 1 written with rounding is still a census
_SHOWN = 3


def units_in(groups: IntArray, units: IntArray) -> IntArray:
    """Count the sampled units in the group of each respondent.

    Parameters
    ----------
    groups : (n,) numbers of the groups, 0 and up
    units : (n,) numbers of the sampled units

    Returns
    -------
    (n,) array

    Examples
    --------
    >>> units_in(np.array([0, 0, 0, 1]), np.array([5, 5, 6, 5])).tolist()
    [2, 2, 2, 1]
    """
    pairs = np.unique(np.stack([groups, units], axis=1), axis=0)
    counts = np.bincount(pairs[:, 0], minlength=int(groups.max(initial=-1)) + 1)
    return np.asarray(counts[groups], dtype=np.int64)


def fractions_of(sizes: Array, units: IntArray) -> Array:
    """Return sampling fractions from population sizes or from fractions themselves.

    Parameters
    ----------
    sizes : (n,) sizes of the population in sampled units; at most 1 is a fraction
    units : (n,) sampled units in the respondent's stratum

    Returns
    -------
    (n,) array

    Notes
    -----
    The rule is that of ``svydesign`` in the R package survey [lumley2010complex].

    Examples
    --------
    >>> fractions_of(np.array([200.0, 0.25]), np.array([50, 10])).tolist()
    [0.25, 0.25]
    """
    return np.asarray(np.where(sizes > 1.0, units / np.maximum(sizes, 1.0), sizes))


def read_fractions(
    raw: RawTable,
    name: str,
    kept: BoolArray,
    periods: Names,
    strata: IntArray,
    units: IntArray,
) -> tuple[Array, list[Fault], list[str]]:
    """Return the sampling fraction of each respondent kept.

    Parameters
    ----------
    raw : RawTable
        Has the column.
    name : str
        The column of population sizes.
    kept : (n,) rows that belong to the survey
    periods : (n,) their periods
    strata, units : numbers of the strata and sampled units of the rows kept

    Returns
    -------
    (rows kept,) array
    list of Fault
    list of str
        A note with the range of the fractions.
    """
    column, values = raw.column(name), numeric(raw, name)
    where = f"{raw.source}, column {name!r}"
    wrong = (
        ("is not a number", values == WORDS, "correct the cells"),
        ("is zero or negative", values <= 0, "give sizes, or fractions up to 1"),
        ("is missing", np.isnan(values), "give every respondent that of the stratum"),
    )
    faults = [
        Fault(where, f"the population size {what}: {shown_rows(raw, column, rows & kept)}", fix)
        for what, rows, fix in wrong
        if (rows & kept).any()
    ]
    if faults:
        return np.ones(int(kept.sum())), faults, []
    codes = np.unique(periods[kept].astype(str), return_inverse=True)[1].reshape(-1)
    pairs = np.stack([codes, strata], axis=1)
    groups = np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    sizes = values[kept]
    counts = units_in(groups, units)
    faults = _uneven(raw, name, kept, groups, sizes)
    fractions = fractions_of(sizes, counts)
    over = np.zeros(len(raw), dtype=np.bool_)
    over[np.flatnonzero(kept)] = fractions > 1.0 + _SLACK
    if over.any():
        first = int(np.flatnonzero(fractions > 1.0 + _SLACK)[0])
        faults.append(
            Fault(
                where,
                f"the population is smaller than the sample of its stratum ({counts[first]} "
                f"sampled units of {sizes[first]:g}): {shown_rows(raw, column, over)}",
                "count the population in sampled units: clusters where the codebook names them",
            )
        )
    fractions = np.minimum(fractions, 1.0)
    low, high = (f"{100 * end:.3g}" for end in (fractions.min(), fractions.max()))
    span = f"{low} %" if low == high else f"{low} % to {high} %"
    return fractions, faults, [f"finite population ({name}): {span} of the units were sampled"]


def _uneven(
    raw: RawTable, name: str, kept: BoolArray, groups: IntArray, sizes: Array
) -> list[Fault]:
    """Tell where one stratum of a period has several sizes."""
    most = np.full(int(groups.max()) + 1, -np.inf)
    least = np.full(len(most), np.inf)
    np.maximum.at(most, groups, sizes)
    np.minimum.at(least, groups, sizes)
    mixed = np.flatnonzero(most > least)
    faults = []
    for group in mixed[:_SHOWN].tolist():
        rows = np.zeros(len(raw), dtype=np.bool_)
        rows[np.flatnonzero(kept)] = groups == group
        values = ", ".join(f"{size:g}" for size in np.unique(sizes[groups == group])[:_SHOWN])
        more = f"; {len(mixed)} such strata" if len(mixed) > _SHOWN else ""
        faults.append(
            Fault(
                f"{raw.source}, column {name!r}",
                f"population sizes differ within one stratum of a period ({values}): "
                f"{shown_rows(raw, raw.column(name), rows)}{more}",
                "give all its respondents one size, or name the stratum column they belong to",
            )
        )
    return faults
