"""Link a series across a break, on request only and with the error of the link."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from csi.arrays import Array
from csi.compare.measured import errors, freedom_of, refuse
from csi.compare.series import Break, Link, Series
from csi.errors import Fault
from csi.index.cells import Units
from csi.survey.cells import nearest

LinkMethod = Literal["level", "ratio", "overlap"]


def linked(
    series: Series,
    at: str,
    *,
    method: LinkMethod = "overlap",
    overlap: Series | tuple[float, float] | None = None,
) -> Series:
    r"""Move the segment before a break onto the level of the segment after it.

    Parameters
    ----------
    series : Series
    at : str
        The period of the break.
    method : {"overlap", "level", "ratio"}
        ``overlap`` adds :math:`I_t - O_t`, where :math:`O_t` is what the series as it was before
        shows in the period of the break. ``level`` adds :math:`I_t - I_{t-1}` and ``ratio``
        multiplies by :math:`I_t / I_{t-1}`: both assume that nothing but the break changed the
        level between the two periods.
    overlap : Series or (float, float), optional
        For ``overlap``: the old series carried on into the period of the break, from the same
        replicates; or its level there and the standard error, from a sample of its own. Not
        needed where only items changed: then it is the level before plus the change of the items
        asked in both periods.

    Returns
    -------
    Series
        The levels after the break stay as they were published. The error of the constant is in
        the errors of the levels that were moved.

    Raises
    ------
    OptionError
        No such break, or nothing to link it with.

    Notes
    -----
    Source: [balk2008price].
    """
    _check(series, at, method, overlap)
    t = series.periods.index(at)
    mark = next(mark for mark in series.breaks if mark.period == at)
    start, last = _segment_before(series, t)
    refuse(_cannot(series, t, last, mark, method, overlap))
    old, variance, units = _old_level(series, t, last, mark, method, overlap)
    values, extra = series.values.copy(), series.extra.copy()
    if method == "ratio":
        constant = series.values[t] / old
        values[start:t] *= constant
        carried = (series.values[start:t, 0] / old[0]) ** 2
        extra[start:t] = extra[start:t] * constant[0] ** 2 + carried * series.extra[t]
    else:
        constant = series.values[t] - old
        values[start:t] += constant
        extra[start:t] += variance + series.extra[t]  # that of the level it is moved to
    every = (*units, *series.units[t], *series.carried[t])
    se = errors(
        constant,
        series.replication,
        level=series.level,
        freedom=freedom_of(every),
        extra_variance=variance,
    )["se"]
    link = Link(at, method, float(constant[0]), se, mark.reason)
    return replace(
        series,
        values=values,
        extra=extra,
        carried=tuple(
            (*own, *every) if start <= k < t else own for k, own in enumerate(series.carried)
        ),
        breaks=tuple(other for other in series.breaks if other.period != at),
        links=(*series.links, link),
        moved=tuple(was or start <= k < t for k, was in enumerate(series.moved)),
    )


def _check(series: Series, at: str, method: str, overlap: object) -> None:
    """Raise an OptionError for a break or a method that is not there."""
    faults = []
    marks = [mark.period for mark in series.breaks]
    if at not in marks:
        faults.append(Fault("at", f"no break in {at!r}", nearest(str(at), marks)))
    if method not in get_args(LinkMethod):
        listed = ", ".join(get_args(LinkMethod))
        faults.append(Fault("option method", f"{method!r} is not possible", f"use one of {listed}"))
    if overlap is not None and method != "overlap":
        faults.append(Fault("overlap", f"not used by {method!r}", "take method 'overlap'"))
    refuse(faults)


def _segment_before(series: Series, t: int) -> tuple[int, int | None]:
    """Return where the segment before a period begins and its last period with a figure."""
    numbers = series.numbers
    own = [k for k in range(t) if numbers[k] == numbers[t] - 1]
    known = [k for k in own if np.isfinite(series.values[k, 0])]
    return (own[0] if own else t), (known[-1] if known else None)


def _cannot(
    series: Series,
    t: int,
    last: int | None,
    mark: Break,
    method: str,
    overlap: Series | tuple[float, float] | None,
) -> list[Fault]:
    """Return everything that stands against the link."""
    at = series.periods[t]
    faults = []
    if not np.isfinite(series.values[t, 0]):
        faults.append(Fault(at, "no figure to link to", "a break can be linked where it has one"))
    if last is None:
        faults.append(Fault(at, "no figure before the break", "there is nothing to link"))
    if method != "overlap":
        return faults
    if overlap is None and mark.overlap is None:
        what = f"nothing was measured both ways ({mark.reason})"
        faults.append(Fault("overlap", what, "give the old series in this period, or its level"))
    if isinstance(overlap, tuple) and not (np.isfinite(overlap).all() and overlap[1] >= 0):
        faults.append(Fault("overlap", f"{overlap} is no level and error", "give two numbers"))
    if isinstance(overlap, Series):
        if not _same(overlap, series):
            what = "its replicates are others than those of the series"
            faults.append(Fault("overlap", what, "give its level and standard error"))
        elif at not in overlap.periods or not np.isfinite(
            overlap.values[overlap.periods.index(at), 0]
        ):
            faults.append(Fault("overlap", f"has no figure in {at}", "give another series"))
    return faults


def _same(one: Series, other: Series) -> bool:
    """Whether two series have the same replicates, as far as can be seen."""
    return (
        one.replication.method == other.replication.method
        and one.replication.words == other.replication.words
        and one.values.shape[1] == other.values.shape[1]
    )


def _old_level(
    series: Series,
    t: int,
    last: int | None,
    mark: Break,
    method: str,
    overlap: Series | tuple[float, float] | None,
) -> tuple[Array, float, tuple[Units, ...]]:
    """Return the old series at the break (1 + R), its independent variance, and its units."""
    before = () if last is None else (*series.units[last], *series.carried[last])
    if isinstance(overlap, tuple):
        return np.full(series.values.shape[1], float(overlap[0])), float(overlap[1]) ** 2, ()
    if isinstance(overlap, Series):
        k = overlap.periods.index(series.periods[t])
        return overlap.values[k], float(overlap.extra[k]), (*overlap.units[k], *overlap.carried[k])
    if method == "overlap" and mark.overlap is not None:
        return mark.overlap, 0.0, before
    if last is None:  # refused at the door
        raise ValueError(series.periods[t])  # pragma: no cover
    return series.values[last], 0.0, before
