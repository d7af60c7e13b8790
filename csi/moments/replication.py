"""How the replicates of a survey turn into variances: one value for every kind of them.

Letters: R replicates (first axis of every array of replicates), any further axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from csi.arrays import Array, readonly

Method = Literal["design", "bootstrap", "jackknife", "brr", "fay", "supplied", "gaussian", "delta"]
"""``design``: the supplied replicate weights where the codebook has them, else the bootstrap."""


@dataclass(frozen=True, slots=True)
class Replication:
    """The replicates of one survey as a method.

    Attributes
    ----------
    method : {"bootstrap", "jackknife", "brr", "fay", "supplied", "gaussian", "delta"}
    replicates : int
        Number of replicates.
    words : str
        The method in words, for reports.
    factors : (R) or None
        The variance of a figure is the sum of factor times squared deviation of its replicates;
        None for random draws, whose variance is that of a sample of draws.
    around : {"estimate", "mean"}
        What deviations are taken from where there are factors.
    freedom : float or None
        Degrees of freedom of the replicates; None where the design decides (sampled units less
        strata).
    """

    method: Method
    replicates: int
    words: str
    factors: Array | None = None
    around: Literal["estimate", "mean"] = "estimate"
    freedom: float | None = None

    def __post_init__(self) -> None:
        """Lock the factors."""
        if self.factors is not None:
            object.__setattr__(self, "factors", readonly(self.factors))

    @property
    def random(self) -> bool:
        """Whether replicates are random draws, so that their quantiles mean something."""
        return self.factors is None
