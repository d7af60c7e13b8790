"""The index table: figures, margins of error, changes, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.estimate.multiple import adjusted
from csi.index.accuracy import accuracy_of
from csi.index.cells import CellFit
from csi.index.levels import Label, Level
from csi.index.linear import combined
from csi.index.options import IndexOptions
from csi.index.variants import Variant
from csi.model.model import Construct, Model
from csi.moments.replication import Replication
from csi.repeats import answered_name

FIGURES = (
    "year", "group", "construct", "index", "se", "moe", "lower", "upper", "n", "n_effective",
    "change", "change_lower", "change_upper", "p_value", "weights", "note", "change_se", "sd",
    "sum_weights", "design_effect", "freedom", "se_linear", "change_se_linear", "p_holm", "p_bh",
    "draws_used", "compared_with",
)  # fmt: skip
"""Columns of the index table, in order."""

Row = dict[str, Any]


def figures(
    labels: Sequence[Label],
    found: Mapping[str, Variant],
    fitted: Mapping[Label, CellFit],
    level_of: Mapping[Label, Mapping[str, Level]],
    model: Model,
    unweighted: tuple[str, ...],
    options: IndexOptions,
    replication: Replication,
) -> pd.DataFrame:
    """Return the index table, one row a year, group and construct."""
    order = list(found)
    rows = []
    for label in labels:
        at = order.index(label[0])
        before = (order[at - 1], label[1]) if at else None
        for construct in model.constructs:
            row: Row = {"year": label[0], "group": label[1], "construct": construct.name}
            level = level_of.get(label, {}).get(construct.name)
            if level is None:
                row |= _without(construct, found[label[0]])
            else:
                row |= _figure(construct.name, fitted[label], level, options, replication)
                if before is not None and np.isfinite(row["index"]):
                    pair = fitted.get(before), level_of.get(before, {}).get(construct.name)
                    now = fitted[label], level
                    new = _change(construct.name, before[0], pair, now, options, replication)
                    row["_notes"] += new.pop("_notes", [])
                    row |= new
                plain = ["unweighted"] if label[0] in unweighted else []
                row["note"] = "; ".join(part for part in [*row["_notes"], *plain] if part)
            rows.append(row)
    table = pd.DataFrame(rows).reindex(columns=list(FIGURES))
    for name in model.names:  # the changes of one construct are one family of tests
        own = table["construct"] == name
        for method in ("holm", "bh"):
            p = table.loc[own, "p_value"].to_numpy(dtype=np.float64)
            table.loc[own, f"p_{method}"] = adjusted(p, method)
    return table.astype({"n": "Int64", "draws_used": "Int64"})


def _without(construct: Construct, variant: Variant) -> Row:
    """Return the cells of a construct that was not measured in a period."""
    absent = [item for name in construct.items if (item := answered_name(name)) in variant.absent]
    if len(absent) == len(construct.items):
        return {"note": f"not measured: {', '.join(absent)} not asked", "n": 0}
    if construct.parts and absent:
        return {"note": "not in the model of this period: fewer than two of its parts are left"}
    return {"note": "not in the model of this period: none of its paths is left"}


def _figure(
    construct: str, cell: CellFit, level: Level, options: IndexOptions, replication: Replication
) -> Row:
    """Return index, errors and bases of one construct in one group."""
    j = cell.model.names.index(construct)
    n = int(cell.base[j])
    row: Row = {
        "n": n,
        "n_effective": float(cell.effective[j]),
        "sum_weights": float(cell.total_weight[j]),
        "weights": level.weights,
        "index": np.nan,
        "_notes": [level.refused],
    }
    if small := suppressed(n, options):
        row["_notes"] = [small]
        return row
    row |= {"index": level.score, "sd": level.sd}
    if 0 < row["n_effective"] < options.min_n:
        row["_notes"].append(
            f"small base: weights leave an effective n of {row['n_effective']:.0f}"
        )
    if level.draws is None:
        if not level.refused and cell.units.freedom < 1:
            row["_notes"].append("no margin of error: one sampled unit")
        if level.unsteady:
            row["_notes"].append(
                f"no margin of error: weights are not steady (negative ones outweigh in "
                f"{level.unsteady} of {options.draws} draws); take equal or pooled weights"
            )
        return row
    if level.unsteady:
        row["_notes"].append(
            f"errors without {level.unsteady} of {options.draws} draws: negative weights outweigh "
            "in them"
        )
    found = accuracy_of(
        level.draws,
        level.score,
        replication,
        level=options.level,
        freedom=cell.units.freedom,
        kind=options.interval,
        scores=combined(level.parts) if level.parts else None,
        ratio=level.ratio,
    )
    row |= {
        "se": found.se,
        "moe": found.moe,
        "lower": found.lower,
        "upper": found.upper,
        "freedom": found.freedom,
        "se_linear": found.se_linear,
        "draws_used": found.used,
        "design_effect": found.se**2 / (level.sd**2 / n) if level.sd > 0 else np.nan,
    }
    if found.used < 0.9 * len(level.draws):
        row["_notes"].append(f"errors from {found.used} of {len(level.draws)} draws")
    return row


def _change(
    construct: str,
    period: str,
    before: tuple[CellFit | None, Level | None],
    now: tuple[CellFit, Level],
    options: IndexOptions,
    replication: Replication,
) -> Row:
    """Return the change from the period before, with its own error, interval and test."""
    old_cell, old = before
    cell, level = now
    if old_cell is None:
        return _no_change(period, "no respondents")
    if old is None:
        return _no_change(period, "not measured")
    if set(old.items) != set(level.items):
        return _no_change(period, f"items differ from {period}", inside=False)
    if suppressed(int(old_cell.base[old_cell.model.names.index(construct)]), options):
        return _no_change(period, "suppressed")
    if old.refused:
        return _no_change(period, "no figure")
    change = level.score - old.score
    row: Row = {"compared_with": period, "change": change}
    if old.weights != level.weights:
        row["_notes"] = [f"weights of {period}: {old.weights}"]
    if level.draws is None or old.draws is None:
        why = f"no test of the change: no margin in {period}"
        if level.draws is None:
            why = "no test of the change: no margin in this period"
        row["_notes"] = [*row.get("_notes", []), why]
        return row
    both = level.parts and old.parts
    against = [(-factor, units, z) for factor, units, z in old.parts]
    found = accuracy_of(
        level.draws - old.draws,
        change,
        replication,
        level=options.level,
        freedom=cell.units.freedom_with(old_cell.units),
        kind=options.interval,
        scores=combined([*level.parts, *against]) if both else None,
        ratio=_ratio(level, old),
    )
    return row | {
        "change_se": found.se,
        "change_lower": found.lower,
        "change_upper": found.upper,
        "change_se_linear": found.se_linear,
        "p_value": found.p_value,
    }


def _ratio(level: Level, old: Level) -> Array | None:
    """Return the standard error of a change in every draw over that of the sample, (d)."""
    if level.ratio is None or old.ratio is None or level.draws is None or old.draws is None:
        return None
    both = np.isfinite(level.draws) & np.isfinite(old.draws)
    (now, shared), (_, before) = np.cov(level.draws[both], old.draws[both])
    moved = now * level.ratio**2 + before * old.ratio**2 - 2 * shared * level.ratio * old.ratio
    return np.asarray(np.sqrt(np.maximum(moved, 0.0) / (now + before - 2 * shared)))


def _no_change(period: str, why: str, *, inside: bool = True) -> Row:
    """Say why there is no change figure."""
    where = f" in {period}" if inside else ""
    return {"compared_with": period, "_notes": [f"no change figure: {why}{where}"]}


def suppressed(n: int, options: IndexOptions) -> str:
    """Say that a base is too small to publish, or nothing."""
    return too_few(n, options.min_n)


def too_few(n: int, min_n: int) -> str:
    """Say that `n` respondents are too few to publish, or nothing.

    Examples
    --------
    >>> too_few(12, 50)
    'suppressed: n = 12 is below 50'
    """
    return f"suppressed: n = {n} is below {min_n}" if n < min_n else ""
