"""The result of MICOM as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from csi.estimate.multiple import Adjustment
from csi.model.model import Model
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language, Text


@dataclass(frozen=True, slots=True, repr=False)
class Micom(Summarised):
    """Invariance of composites over groups or periods.

    Attributes
    ----------
    model : Model
    by : str
    where : mapping of str to str
    groups : tuple of str
    pairs : tuple of (group, other)
        What was compared.
    labels : mapping of str to Text
        Words for the groups.
    configural : DataFrame
        First step, one row a check: ``construct, group, other, check, holds, detail,
        detail_zh``; see
        `csi.compare.configural.Check`.
    tests : DataFrame
        Second and third step, one row a statistic: ``construct, group, other, measure, estimate,
        lower, upper, p_value, p_adjusted, holds, permutations, note``; ``lower`` and ``upper`` are
        the range that random relabelling leaves.
    constructs : DataFrame
        One row a construct and pair: ``construct, group, other, configural, compositional,
        equal_means, equal_variances, invariance, correlation, mean_difference,
        log_variance_ratio, points, item, share, other_share, n, other_n, note``. ``invariance`` is
        ``full``, ``partial``, ``none`` or ``untested``; ``points`` the most index points by which
        either index moves with the weights of the other group; ``item`` the one whose index weight
        differs most, with its shares.
    alpha : float
    adjust : str
    permutations : int
    estimator : str
    """

    model: Model
    by: str
    where: Mapping[str, str]
    groups: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    labels: Mapping[str, Text]
    configural: pd.DataFrame
    tests: pd.DataFrame
    constructs: pd.DataFrame
    alpha: float
    adjust: Adjustment
    permutations: int
    estimator: str

    def fails(self, construct: str, group: str, other: str) -> bool:
        """Tell whether a construct was found to be formed differently in two groups."""
        table = self.constructs
        both = {group, other}
        found = table[(table["construct"] == construct) & (table["invariance"] == "none")]
        return any({a, b} == both for a, b in zip(found["group"], found["other"], strict=True))

    def __repr__(self) -> str:
        """Count what was found."""
        counts = self.constructs["invariance"].value_counts()
        said = [f"{counts[kind]} {kind}" for kind in ("full", "partial", "none", "untested")
                if kind in counts]  # fmt: skip
        return (
            f"Micom by {self.by}: {counted(len(self.pairs))} of {len(self.groups)} groups, "
            f"{len(self.model.names)} constructs: invariance {', '.join(said)}"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Model": self.model.name,
            "By": self.by,
            "Groups": len(self.groups),
            "Comparisons": len(self.pairs),
            "Permutations": self.permutations,
            "Estimator": self.estimator,
            "Level of the test": self.alpha,
            "Adjustment": self.adjust,
        }
        columns = ["construct", "group", "other", "invariance", "correlation", "mean_difference",
                   "log_variance_ratio", "points", "n", "other_n", "note"]  # fmt: skip
        table = tabled("Constructs", self.constructs, language, columns)
        return summarised("Invariance of composites (MICOM)", language, facts, [table])


def counted(pairs: int) -> str:
    """Return the number of comparisons in words.

    Examples
    --------
    >>> counted(1), counted(3)
    ('1 comparison', '3 comparisons')
    """
    return f"{pairs} comparison{'s' * (pairs != 1)}"
