"""Limits that hold for all index figures of a table, or all changes, together."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.compare.measured import check_names, draw_faults, find, items_changed, refuse
from csi.errors import Fault, OptionError
from csi.estimate.multiple import normal_draws, simultaneous
from csi.index.joint import Joint

What = Literal["index", "change"]

SIMULTANEOUS = (
    "year", "group", "compared_with", "estimate", "se", "lower", "upper", "critical", "family",
)  # fmt: skip
"""Columns of the table of simultaneous limits, in order."""


def simultaneous_limits(
    joint: Joint,
    construct: str,
    *,
    of: What = "change",
    period: str | None = None,
    level: float | None = None,
    draws: int = 20_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return limits that cover all figures of a construct together.

    Parameters
    ----------
    joint : Joint
    construct : str
    of : {"change", "index"}
        Changes from the period before, or the index itself.
    period : str or None
        The figures of one period as the family; those of all periods where None.
    level : float or None
        That of the levels where None.
    draws, seed : int
        Normal draws for replicates that are no random draws; random ones are used as they are.

    Returns
    -------
    DataFrame
        One row a figure: ``year, group, compared_with, estimate, se, lower, upper, critical,
        family``. ``critical`` is the multiple of the standard error that the limits are away,
        ``family`` the number of figures they hold for. Figures that are not published, and
        changes between periods that asked different items, are not among them.

    Raises
    ------
    OptionError
        For an unknown construct, period or word.

    Notes
    -----
    Max-t [hothorn2008simultaneous]: correlated figures, such as changes that share a year, take
    narrower limits than Bonferroni's.
    """
    faults = [*check_names(joint, construct), *draw_faults(draws, seed)]
    if of not in get_args(What):
        faults.append(Fault("option of", f"{of!r} is not possible", "use index or change"))
    if period is not None and period not in joint.periods:
        known = ", ".join(joint.periods)
        faults.append(Fault(f"period {period}", "is not in the survey", f"known are {known}"))
    elif of == "change" and period == joint.periods[0]:
        what = "is the first period: nothing comes before it"
        faults.append(Fault(f"period {period}", what, "take a later one, or of='index'"))
    refuse(faults)
    rows, factors = _figures(joint, construct, of, period)
    estimate, values = _values(joint, joint.column(construct), factors)
    replication = joint.replication
    if not len(values):
        raise OptionError(
            Fault(
                "joint levels",
                "have no replicates",
                "make the figures with replicates",
            )
        )
    se = np.sqrt(replication.variance(values, estimate))
    level = joint.level if level is None else level
    if not replication.random:
        covariance = replication.covariance(values, estimate)
        values = estimate + normal_draws(covariance, draws=draws, seed=seed)
    units = [joint.linear[at].units.freedom for own in factors for at in own]
    freedom = replication.freedom_of(float(min(units, default=1)))
    found = simultaneous(values, estimate, se, level=level, freedom=freedom)
    table = pd.DataFrame(rows).assign(
        estimate=estimate,
        se=se,
        lower=found.lower,
        upper=found.upper,
        critical=found.critical,
        family=found.family,
    )
    return table.reindex(columns=list(SIMULTANEOUS))


def _figures(
    joint: Joint, construct: str, of: What, period: str | None
) -> tuple[list[dict[str, Any]], list[dict[int, float]]]:
    """Return the rows of the family, and each figure as a sum of levels."""
    j = joint.column(construct)
    rows, factors = [], []
    for place, now in enumerate(joint.periods):
        if period not in (None, now) or (of == "change" and place == 0):
            continue
        for group in joint.groups:
            here = find(joint, now, group, j)
            if here.at is None or here.why or here.small:
                continue
            row, parts = {"year": now, "group": group}, {here.at: 1.0}
            if of == "change":
                before = joint.periods[place - 1]
                was = find(joint, before, group, j)
                if was.at is None or was.why or was.small:
                    continue
                if items_changed(joint, j, was.at, here.at):
                    continue
                row, parts = row | {"compared_with": before}, parts | {was.at: -1.0}
            rows.append(row)
            factors.append(parts)
    return rows, factors


def _values(joint: Joint, j: int, factors: list[dict[int, float]]) -> tuple[Array, Array]:
    """Return the figures, (k), and their replicates, (R, k)."""
    estimate = [sum(f * joint.index[at, j] for at, f in own.items()) for own in factors]
    drawn = [sum(f * joint.draws[at, j] for at, f in own.items()) for own in factors]
    shape = (len(factors), joint.draws.shape[-1])
    return np.array(estimate, dtype=np.float64), np.array(drawn, dtype=np.float64).reshape(shape).T
