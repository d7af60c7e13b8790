"""What full-information maximum likelihood needs, checked at its door."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample


def check_fiml(placed: Placed, sample: SemSample, options: SemOptions) -> None:
    """Raise all faults of a fit to incomplete answers at once.

    Raises
    ------
    EstimationError
        Models without means, samples without respondents, options for complete answers only,
        items that nobody answered or that never vary.
    """
    faults = []
    if not placed.layout.means:
        faults.append(
            Fault(
                f"model {placed.model.name}",
                "has no means, and missing answers cannot do without",
                "add them with `csi.model.sem.build.with_means`",
            )
        )
    if options.likelihood != "normal":
        faults.append(
            Fault(f"option likelihood {options.likelihood}", "needs complete answers", "use normal")
        )
    if options.errors == "mlm":
        faults.append(Fault("option errors mlm", "needs complete answers", "use mlr"))
    faults += [
        Fault(f"option tests {name}", "needs complete answers", "use errors mlr for a scaled test")
        for name in options.tests
    ]
    if not sample.rows:
        faults.append(
            Fault("sample", "has moments only", "give the answers, or use missing='complete'")
        )
    for name, part in zip(placed.model.groups, sample.rows, strict=False):
        of = f"group {name}, " if name else ""
        faults += [
            Fault(f"{of}item {item}", what, "take the item out of the model")
            for item, what in _idle(placed.model.items, part.rows)
        ]
    if faults:
        raise EstimationError(faults)


def _idle(items: tuple[str, ...], rows: Array) -> list[tuple[str, str]]:
    """Return items that say nothing, and why."""
    here = ~np.isnan(rows)
    low = np.where(here, rows, np.inf).min(axis=0)
    high = np.where(here, rows, -np.inf).max(axis=0)
    found = []
    for k, item in enumerate(items):
        if not here[:, k].any():
            found.append((item, "has no answers"))
        elif low[k] == high[k]:
            found.append((item, f"has the same answer everywhere, {low[k]:g}"))
    return found


def uncovered_pairs(items: tuple[str, ...], rows: Array) -> list[tuple[str, str]]:
    """Return the pairs of items that no respondent answered both.

    Examples
    --------
    >>> uncovered_pairs(("a", "b", "c"), np.array([[1.0, 2.0, np.nan], [np.nan, 1.0, 1.0]]))
    [('a', 'c')]
    """
    here = (~np.isnan(rows)).astype(np.float64)
    i, j = np.nonzero(np.triu(here.T @ here == 0, 1))
    return [(items[a], items[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)]
