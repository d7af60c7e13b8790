"""From companies to industries, sectors and the nation: the table of aggregates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from csi.compare.aggregation.combine import Combination, added
from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.kernel import relative_change, relative_gradient
from csi.compare.aggregation.notes import change_notes, differs, figure_notes, left_out_note
from csi.compare.aggregation.options import AggregateOptions
from csi.compare.aggregation.periods import Track, tracks
from csi.compare.aggregation.published import Rounding, published
from csi.compare.aggregation.roll_up import Figure
from csi.estimate.intervals import margin, p_value
from csi.index.joint import Joint

AGGREGATES = (
    "year", "node", "kind", "level", "parent", "share", "construct", "index", "se", "se_delta",
    "moe", "lower", "upper", "freedom", "members", "members_without_figure", "n", "compared_with",
    "change", "change_se", "change_se_delta", "change_lower", "change_upper", "p_value",
    "relative_change", "relative_change_se", "relative_change_se_delta", "draws_used", "note",
)  # fmt: skip
"""Columns of the table of aggregates, in order."""

PRINTED = ("printed", "printed_change", "printed_relative_change")
"""Columns beside them where figures are rounded for print."""

Row = dict[str, Any]
Pair = tuple[float, float]
"""A figure and the earlier one it is compared with."""


def aggregate(
    joint: Joint,
    table: Hierarchy,
    *,
    construct: str | None = None,
    options: AggregateOptions | None = None,
    rounding: Rounding | None = None,
) -> pd.DataFrame:
    r"""Return the figures of companies and of all nodes above them, with errors and changes.

    Parameters
    ----------
    joint : Joint
        Levels of the companies with replicates that go together.
    table : Hierarchy
        Who belongs to whom, with which weight.
    construct : str, optional
        All constructs where None.
    options : AggregateOptions, optional
    rounding : Rounding, optional
        Adds the figures as they are printed, as text; all other columns stay unrounded.

    Returns
    -------
    DataFrame
        One row a period, node and construct, nodes before their members; the columns
        ``csi.compare.aggregation.table.AGGREGATES``. ``level`` is 0 for a company; ``share`` the
        share in the node above; ``se`` from replicates and ``se_delta`` from linear scores; ``n``
        respondents (one who rates several companies counts for each); ``relative_change`` in per
        cent. Margins of error are t quantiles times ``se``.

    Raises
    ------
    OptionError
        An unknown construct, or given figures of an unnamed construct.
    IndexFigureError
        With every way in which the table does not go with the survey.

    Notes
    -----
    An aggregate is a weighted sum of levels, :math:`I = \sum_k c_k I_k`, a change is the
    difference of two such sums, and so is, to first order, a relative change. The same sum over
    each replicate, or over the linear scores of each sampled unit, gives the two standard errors;
    companies that share respondents, and figures used again in a rolling index, keep their
    covariance. Errors of given figures and of weights are added, as independent. Degrees of
    freedom are by Satterthwaite over independent blocks [satterthwaite1946approximate], or those
    of the replicates if they have fewer.
    """
    options = options or AggregateOptions()
    found, out = tracks(joint, table, construct, options)
    kinds = {row.name: row.kind for row in table.members if row.kind}
    rows = []
    for period in joint.periods:
        absent = left_out_note(joint, [label for label in out if label[0] == period])
        for name in found[0].figures[period]:
            for track in found:
                row = _row(track, period, name, absent if name in table.tops else "", rounding)
                rows.append({"kind": kinds.get(name, "")} | row)
    columns = [*AGGREGATES, *(PRINTED if rounding else ())]
    return pd.DataFrame(rows, columns=columns).astype({"n": "Int64", "draws_used": "Int64"})


def _row(track: Track, period: str, name: str, absent: str, rounding: Rounding | None) -> Row:
    """Return one row of the table."""
    figure = track.figures[period][name]
    n = track.base(figure)
    row: Row = {
        "year": period,
        "node": name,
        "level": track.table.levels[name],
        "parent": track.table.parents[name],
        "share": figure.share,
        "construct": track.construct,
        "members": len(figure.members),
        "members_without_figure": len(figure.missing),
        "n": n,
        "compared_with": track.before(period),
    }
    notes = [absent]
    pair: Pair = (np.nan, np.nan)
    if small := _suppressed(track, figure):
        notes += [small]
    else:
        row |= _level(track, figure)
        notes += figure_notes(track, period, name, figure, row.get("draws_used", 0))
        if row["compared_with"] and (figure.combination is not None or track.options.matched):
            changed, told, pair = _change(track, period, name)
            row |= changed
            notes += told
    if rounding:
        row |= _printed(row.get("index", np.nan), pair, track.table.levels[name], rounding)
    return row | {"note": "; ".join(note for note in notes if note)}


def _suppressed(track: Track, figure: Figure) -> str:
    """Say that a base is too small to publish, or nothing."""
    n = track.base(figure)
    if n is None or n >= track.joint.min_n:
        return ""
    return f"suppressed: n = {n} is below {track.joint.min_n}"


def _level(track: Track, figure: Figure) -> Row:
    """Return a figure with its errors."""
    if figure.combination is None:
        return {}
    value = track.sources.estimate(figure.combination)
    errors = track.sources.errors(figure.combination, value)
    half = float(margin(errors.se, level=track.joint.level, freedom=errors.freedom))
    return {
        "index": value,
        "se": errors.se,
        "se_delta": errors.se_delta,
        "moe": half,
        "lower": value - half,
        "upper": value + half,
        "freedom": errors.freedom,
        "draws_used": errors.used,
    }


def _change(track: Track, period: str, name: str) -> tuple[Row, Sequence[str], Pair]:
    """Return the change of a name with its errors, what to say of it, and the two figures."""
    earlier = track.before(period)
    now, before = track.figures[period][name], track.figures[earlier].get(name)
    matched = track.options.matched and before is not None and differs(now, before)
    if matched:
        names = track.available(period, name) & track.available(earlier, name)
        now = track.part(period, name, names)
        before = track.part(earlier, name, names)
    notes, possible = change_notes(track, period, now, before)
    if before is not None and possible and (small := _suppressed(track, before)):
        notes, possible = [f"no change figure: {small} in {earlier}"], False
    if not possible or before is None or before.combination is None or now.combination is None:
        return {}, notes, (np.nan, np.nan)
    if matched:
        published = track.figures[period][name].sources.keys()
        every = published | track.figures[earlier][name].sources.keys()
        told = f"of {len(now.sources)} of {len(every)} companies, with a figure in both periods"
        notes = [*notes, f"change {told}"]
    new, old = (track.sources.estimate(of) for of in (now.combination, before.combination))
    return _difference(track, now.combination, before.combination), notes, (new, old)


def _difference(track: Track, now: Combination, before: Combination) -> Row:
    """Return the change of one figure from another, in points and in per cent."""
    sources = track.sources
    new, old = sources.estimate(now), sources.estimate(before)
    change, step = new - old, now - before
    errors = sources.errors(step, change)
    half = float(margin(errors.se, level=track.joint.level, freedom=errors.freedom))
    row: Row = {
        "change": change,
        "change_se": errors.se,
        "change_se_delta": errors.se_delta,
        "change_lower": change - half,
        "change_upper": change + half,
        "p_value": float(p_value(change, errors.se, errors.freedom)),
    }
    if old > 0:
        up, down = relative_gradient(new, old)
        slope = added([(up, now), (down, before)])
        ratio = float(relative_change(new, old))
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = relative_change(sources.replicates(now), sources.replicates(before))
        relative = sources.errors(slope, ratio, np.where(np.isfinite(drawn), drawn, np.nan))
        row |= {
            "relative_change": ratio,
            "relative_change_se": relative.se,
            "relative_change_se_delta": relative.se_delta,
        }
    return row


def _printed(index: float, pair: Pair, level: int, rounding: Rounding) -> Row:
    """Return a figure and its changes as text; `pair` are the two figures compared."""
    index_text, change = (
        published(
            new,
            old,
            decimals=rounding.at(level),
            relative=rounding.relative,
            change_of=rounding.change_of,
        )
        for new, old in ((index, np.nan), pair)
    )
    return dict(zip(PRINTED, (index_text.index, change.change, change.relative), strict=True))
