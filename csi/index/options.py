"""What may be chosen for yearly index figures, with the defaults: the only place for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from csi.errors import Fault, OptionError
from csi.estimate.intervals import IntervalKind, check_interval
from csi.estimate.pls import PLSOptions
from csi.moments.values import Missing

LIMITS = {"draws": (100, 1_000_000), "min_n": (0, 10**9), "jobs": (1, 1024), "seed": (0, 2**64)}
"""Least and largest values of the whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexOptions:
    """Options of yearly index figures.

    Attributes
    ----------
    weights : str
        ``own``: each year and group has the weights of its own fit; ``pooled``: one set from all
        years and groups together; ``frozen:YEAR``: each group keeps its weights of that year;
        ``equal``: all items of a construct count the same.
    missing : {"em", "pairwise", "complete"}
        Treatment of missing answers, see `moments_of`.
    pls : PLSOptions
    draws : int
        Bootstrap draws for each year and group.
    seed : int
    interval : {"normal", "percentile", "bias-corrected"}
        Kind of all intervals: estimate plus and minus the margin of error, or quantiles of the
        draws. The p value of a change goes with it: by t for ``normal``, by the draws for the
        others.
    level : float
        Confidence level of intervals and margins of error.
    min_n : int
        Figures from fewer respondents are suppressed.
    jobs : int
        Processes; the figures do not depend on it.

    Raises
    ------
    OptionError
        All impossible values at once.
    """

    weights: str = "own"
    missing: Missing = "em"
    pls: PLSOptions = field(default_factory=PLSOptions)
    draws: int = 1000
    seed: int = 1
    interval: IntervalKind = "normal"
    level: float = 0.95
    min_n: int = 50
    jobs: int = 1

    def __post_init__(self) -> None:
        """Check all values."""
        faults = self._type_faults()
        if faults:
            raise OptionError(faults)
        kind, _, period = self.weights.partition(":")
        if not (self.weights in ("own", "pooled", "equal") or (kind == "frozen" and period)):
            faults.append(
                Fault(
                    "option weights",
                    f"{self.weights!r} is not possible",
                    "use own, pooled, equal or frozen:YEAR",
                )
            )
        if self.missing not in get_args(Missing):
            faults.append(
                Fault(
                    "option missing",
                    f"{self.missing!r} is not possible",
                    f"use one of {', '.join(get_args(Missing))}",
                )
            )
        for name, (least, most) in LIMITS.items():
            if not least <= getattr(self, name) <= most:
                faults.append(
                    Fault(
                        f"option {name}",
                        f"{getattr(self, name)} is not possible",
                        f"use a number from {least} to {most}",
                    )
                )
        try:
            check_interval(self.interval, self.level)
        except OptionError as error:
            faults.extend(error.faults)
        if faults:
            raise OptionError(faults)

    def _type_faults(self) -> list[Fault]:
        """Return the values that are not of the kind they must be."""
        whole = [
            Fault(f"option {name}", f"{getattr(self, name)!r} is not a whole number", "give one")
            for name in LIMITS
            if not isinstance(getattr(self, name), int) or isinstance(getattr(self, name), bool)
        ]
        words = [
            Fault(f"option {name}", f"{getattr(self, name)!r} is not a word", "give one")
            for name in ("weights", "missing", "interval")
            if not isinstance(getattr(self, name), str)
        ]
        return whole + words

    @property
    def base(self) -> str:
        """The period whose weights are frozen; empty otherwise."""
        return self.weights.partition(":")[2]
