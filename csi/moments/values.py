"""Moments of a batch of samples, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from csi.arrays import Array, IntArray
from csi.tabular import Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language

Missing = Literal["complete", "pairwise", "em"]
"""What is done about missing answers: complete cases only, every pair of items by its own
cases, or maximum likelihood under normality (EM)."""


@dataclass(frozen=True, slots=True, repr=False)
class Moments(Summarised):
    """Weighted means, covariances and sample sizes of p items, for a batch of samples.

    Attributes
    ----------
    items : tuple of str, length p
    mean : (*batch, p) weighted means, in scale points
    cov : (*batch, p, p) weighted covariances, divisor the sum of weights
    n : (*batch) respondents used
    sum_weights : (*batch) sum of their weights
    n_effective : (*batch) Kish's effective sample size, ``(sum w)**2 / sum w**2``
    answers : (*batch, p) answers to each item among those respondents
    missing : Missing
        How missing answers were treated.
    by : tuple of str
        Names of the keys that sort the batch; empty for a single sample.
    labels : tuple of tuples of str
        The values of the keys, one tuple a member of the last batch axis.
    problems : tuple of str
        For each member of the last batch axis why it cannot be fitted, or ``""``.
    """

    items: tuple[str, ...]
    mean: Array
    cov: Array
    n: IntArray
    sum_weights: Array
    n_effective: Array
    answers: IntArray
    missing: Missing
    by: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def batch(self) -> tuple[int, ...]:
        """Lengths of the batch axes."""
        return self.mean.shape[:-1]

    def __repr__(self) -> str:
        """Say in one line what the moments are of."""
        by = f" by {', '.join(self.by)}" if self.by else ""
        bad = sum(bool(problem) for problem in self.problems)
        n = self.n.min() if self.n.min() == self.n.max() else f"{self.n.min()} to {self.n.max()}"
        return (
            f"Moments of {len(self.items)} items{by}: batch {self.batch}, n {n}, "
            f"missing answers {self.missing}" + (f", {bad} not usable" if bad else "")
        )

    def _summary(self, language: Language) -> Summary:
        single = not self.batch
        facts: Told = {
            "Items": len(self.items),
            "By": ", ".join(self.by) or None,
            "Members": None if single else int(self.n.size),
            "Batch": None if single else " x ".join(map(str, self.batch)),
            "Respondents": _span(self.n),
            "Sum of weights": float(self.sum_weights) if single else None,
            "Effective respondents": float(self.n_effective) if single else None,
            "Missing answers": said(self.missing, language),
            "Not usable": sum(map(bool, self.problems)) or None,
        }
        frame = self._items() if single else self._members()
        title = "Items" if single else "Members"
        return summarised(
            "Moments", language, facts, [tabled(title, frame, language)], notes=self._notes()
        )

    def _items(self) -> pd.DataFrame:
        """Return mean and standard deviation of the items of a single sample."""
        sd = np.sqrt(np.diag(self.cov))
        columns = {"item": self.items, "answers": self.answers, "mean": self.mean, "sd": sd}
        return pd.DataFrame(columns)

    def _members(self) -> pd.DataFrame:
        """Return sizes of the last axis of the batch: the groups, over the first of the others."""
        at = (0,) * (len(self.batch) - 1)
        labels = self.labels or tuple((str(k),) for k in range(self.batch[-1]))
        frame = pd.DataFrame(labels, columns=list(self.by) or ["member"])
        frame["n"] = self.n[at]
        frame["n_effective"] = self.n_effective[at]
        frame["note"] = list(self.problems) or ""
        return frame

    def _notes(self) -> list[str]:
        return [f"{', '.join(label)}: {problem}"
                for label, problem in zip(self.labels, self.problems, strict=False) if problem
                ]  # fmt: skip


def _span(n: IntArray) -> str | int:
    """Return a size, or the smallest and the largest."""
    least, most = int(n.min()), int(n.max())
    return least if least == most else f"{least} - {most}"
