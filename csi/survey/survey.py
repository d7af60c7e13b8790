"""A checked survey, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csi.arrays import Array, IntArray
from csi.survey.codebook import Codebook

Keys = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Design:
    """How the respondents were sampled.

    Attributes
    ----------
    weights : (n,) sampling weights, all 1 where the survey has none
    strata : (n,) stratum numbers, all 0 where there are none
    clusters : (n,) numbers of the sampled units, 0..n-1 where each respondent is one
    weighted, stratified, clustered : bool
        Which of the three the codebook names.
    replicate_weights : (n, r) or None
        Supplied replicate weights.
    """

    weights: Array
    strata: IntArray
    clusters: IntArray
    weighted: bool = False
    stratified: bool = False
    clustered: bool = False
    replicate_weights: Array | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """Checked answers with their design, and an account of what was left out.

    Attributes
    ----------
    codebook : Codebook
    answers : (n, k) answers to ``codebook.items`` in scale points, NaN where there is none;
        items marked ``reversed`` are turned round
    keys : mapping of str to (n,) strings
        Values of the time and of the groups, as text, by name of the key.
    respondents : (n,) names of the interviews (row numbers where the codebook names no column)
    design : Design
    missing : DataFrame
        Counts of answers that are missing, one row a period, item and meaning:
        ``year, item, meaning, count`` (``"all"`` where there is no time).
    excluded : DataFrame
        Respondents left out as a whole: ``year, reason, count``.
    rows_read : int
        Data rows in the file.
    source : str
        Name of the file (no folder), or ``"frame"``.
    sha256 : str
        Hash of the bytes of the file (of the canonical CSV text for a frame).
    notes : tuple of str
        What a reader must know: unweighted periods, reversed items, routing departures.
    """

    codebook: Codebook
    answers: Array
    keys: Mapping[str, Keys]
    respondents: Keys
    design: Design
    missing: pd.DataFrame
    excluded: pd.DataFrame
    rows_read: int
    source: str
    sha256: str
    notes: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Names of the items, in the order of the columns of `answers`."""
        return tuple(item.name for item in self.codebook.items)

    def __len__(self) -> int:
        """Count the respondents kept."""
        return len(self.answers)

    def columns(self, items: tuple[str, ...]) -> Array:
        """Return the answers to `items`, (n, len(items)), in that order."""
        place = {name: number for number, name in enumerate(self.items)}
        return self.answers[:, [place[name] for name in items]]
