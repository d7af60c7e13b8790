"""Rows of the tables of MICOM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from csi.compare.configural import DECISIVE, Check
from csi.compare.micom_pair import STATISTICS, Compared, Fitted
from csi.index.accuracy import USABLE
from csi.model.model import Model
from csi.moments.exchange import Exchange

Invariance = Literal["full", "partial", "none", "untested"]

TESTS = (
    "construct", "group", "other", "measure", "estimate", "lower", "upper", "p_value",
    "p_adjusted", "holds", "permutations", "note",
)  # fmt: skip
"""Columns of the tests, in order."""

CONSTRUCTS = (
    "construct", "group", "other", "configural", "compositional", "equal_means",
    "equal_variances", "invariance", "correlation", "mean_difference", "log_variance_ratio",
    "points", "item", "share", "other_share", "n", "other_n", "note",
)  # fmt: skip
"""Columns of the table of constructs, in order."""

SINGLE = "single item: the same score in any group"

NOBODY = (
    "nobody can change places: no stratum has sampled units of both groups; take "
    "design='simple' if strata are of no matter"
)


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """What was found out about one pair of groups.

    Attributes
    ----------
    group, other : str
    fitted : Fitted or None
        None where the pair could not be compared.
    compared : Compared or None
    checks : tuple of Check
    why : str
        Why the pair could not be compared, or nothing.
    """

    group: str
    other: str
    fitted: Fitted | None
    compared: Compared | None
    checks: tuple[Check, ...]
    why: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Constructs that were compared."""
        return self.fitted.pair.model.names if self.fitted else ()

    @property
    def sizes(self) -> tuple[int, int]:
        """Respondents used of both groups; 0 where the pair could not be compared."""
        if self.fitted is None:
            return 0, 0
        first, second = self.fitted.pair.samples
        return len(first.rows), len(second.rows)

    def rows(self, construct: str) -> dict[str, str]:
        """Return the first cells of a row."""
        return {"construct": construct, "group": self.group, "other": self.other}


def rows_of_tests(model: Model, own: Worked, permutations: int) -> list[dict[str, Any]]:
    """Return one row a construct and statistic, p values not yet adjusted."""
    rows = []
    for k, measure in enumerate(STATISTICS):
        for construct in model.constructs:
            row: dict[str, Any] = {**own.rows(construct.name), "measure": measure}
            found = own.compared
            if found is None or construct.name not in own.names:
                rows.append(row | {"permutations": 0, "note": own.why or _GONE})
                continue
            j = own.names.index(construct.name)
            used = int(found.used[k, j])
            values = {"estimate": found.estimate, "lower": found.lower, "upper": found.upper}
            row |= {name: float(v[k, j]) for name, v in values.items()}
            row |= {"p_value": float(found.p[k, j]), "permutations": used}
            single = k == 0 and len(own.fitted.pair.model.constructs[j].items) == 1  # type: ignore[union-attr]
            rows.append(row | {"note": _note(own, used, permutations, single=single)})
    return rows


_GONE = "not in the model of both groups"


def _note(own: Worked, used: int, permutations: int, *, single: bool) -> str:
    """Return the note of one test."""
    if single:
        return SINGLE
    exchange = own.fitted.exchange if own.fitted else None
    if exchange is None or exchange.possible == 1:
        return NOBODY
    return "; ".join(exchange_notes(exchange, used, permutations))


def exchange_notes(exchange: Exchange, used: int, permutations: int) -> list[str]:
    """Say what limits a permutation test: lost permutations, who stays, how many ways."""
    notes = []
    if used < USABLE * permutations:
        notes.append(f"{1 - used / permutations:.0%} of the permutations could not be used")
    if exchange.fixed:
        notes.append(
            f"{exchange.fixed} respondents keep their group: no one of the other in their stratum"
        )
    if exchange.possible < permutations:
        least = 1 / exchange.possible
        notes.append(f"only {exchange.possible} relabellings: p cannot be below {least:.2g}")
    return notes


def rows_of_constructs(model: Model, own: Worked, tests: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row a construct with what its tests say together.

    Parameters
    ----------
    model : Model
    own : Worked
    tests : DataFrame
        All tests, with ``holds``.
    """
    here = tests[(tests["group"] == own.group) & (tests["other"] == own.other)]
    rows = []
    for construct in model.constructs:
        said = here[here["construct"] == construct.name].set_index("measure")
        decisive = [check for check in own.checks
                    if check.construct == construct.name and check.check in DECISIVE]  # fmt: skip
        same = all(check.holds for check in decisive) if decisive else None
        holds: list[bool | None] = said["holds"].reindex(list(STATISTICS)).tolist()
        values = said["estimate"].reindex(list(STATISTICS)).to_numpy(dtype=np.float64)
        details = [check.detail.within("en") for check in decisive if check.detail]
        n, other_n = own.sizes
        rows.append(
            own.rows(construct.name)
            | dict(zip(CONSTRUCTS[3:7], (same, *holds), strict=True))
            | {"invariance": invariance_of(same, *holds), "n": n, "other_n": other_n}
            | dict(zip(CONSTRUCTS[8:11], values.tolist(), strict=True))
            | _weights_apart(own, construct.name)
            | {"note": "; ".join([*details, *_common(own, said)])}
        )
    return rows


def invariance_of(
    configural: bool | None,
    compositional: bool | None,
    means: bool | None,
    variances: bool | None,
) -> Invariance:
    """Say how far a construct is the same in two groups.

    Parameters
    ----------
    configural, compositional, means, variances : bool or None
        Whether each step holds; None where it could not be tested.

    Notes
    -----
    Source: [henseler2016testing].

    Examples
    --------
    >>> invariance_of(True, True, False, True), invariance_of(True, False, True, True)
    ('partial', 'none')
    """
    if configural is False or compositional is False:
        return "none"
    if configural is None or compositional is None:
        return "untested"
    if means is None or variances is None:
        return "untested"
    return "full" if means and variances else "partial"


def _common(own: Worked, said: pd.DataFrame) -> list[str]:
    """Return what else there is to say of a construct."""
    notes = list(dict.fromkeys(note for note in said["note"] if note and note != SINGLE))
    if own.fitted is None:
        return notes
    told = ("not asked", "left out of the model")  # by the first step
    return [*notes, *(note for note in own.fitted.pair.notes if not note.startswith(told))]


def _weights_apart(own: Worked, name: str) -> dict[str, Any]:
    """Return the index points that weights make, and the item whose weight differs most."""
    if own.compared is None or own.fitted is None or name not in own.names:
        return {"points": np.nan, "item": "", "share": np.nan, "other_share": np.nan}
    model = own.fitted.pair.model
    j = own.names.index(name)
    at = np.flatnonzero(model.blocks[:, j])
    first, second = own.compared.shares[:, at]
    most = int(np.argmax(np.abs(first - second)))
    return {
        "points": float(own.compared.points[j]),
        "item": model.items[at[most]],
        "share": float(first[most]),
        "other_share": float(second[most]),
    }
