"""What may be chosen for yearly index figures, with the defaults: the only place for them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal, get_args

from csi.errors import Fault, OptionError
from csi.estimate.intervals import IntervalKind, check_interval
from csi.estimate.pls import PLSOptions
from csi.moments.replicate_plan import LARGEST_FAY
from csi.moments.replication import Method
from csi.moments.values import Missing

IndexEstimator = Literal["pls", "ml"]
"""What the item weights come from."""

DesignUse = Literal["codebook", "simple"]
"""Whether the sampling design of the codebook counts."""

WEIGHTS = ("own", "pooled", "equal")
"""Words for the weights, beside ``frozen:YEAR``."""

FAY = 0.5
"""Fay's coefficient where none is given."""

NOT_RANDOM = ("jackknife", "brr", "fay", "delta")
"""Methods whose replicates are no random draws."""

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
        ``equal``: all items of a construct count the same. `rebasing` compares them.
    missing : {"em", "pairwise", "complete"}
        Treatment of missing answers, see `moments_of`.
    estimator : {"pls", "ml"}
        Partial least squares, or maximum likelihood of the covariance structure with item weights
        from factor scores.
    pls : PLSOptions
    draws : int
        Bootstrap draws for each year and group.
    seed : int
    replicates : Method
        Where errors come from. ``design``: the supplied replicate weights where the codebook has
        them, else the bootstrap; ``bootstrap``: Rao-Wu; ``jackknife``: delete a group of units;
        ``brr`` and ``fay``: two units a stratum; ``supplied``. For samples of thousands:
        ``gaussian``: draws of moments from their joint normal distribution; ``delta``:
        linearised errors, no refitting.
    fay : float
        Fay's coefficient, from 0 to 0.99; for ``fay``.
    design : {"codebook", "simple"}
        ``simple`` takes respondents for a simple random sample: strata, clusters, population
        sizes and replicate weights are passed over, to show what the design does to the errors.
    interval : {"normal", "percentile", "bias-corrected", "bca", "studentised"}
        Kind of all intervals: estimate plus and minus the margin of error, quantiles of the
        draws, the same corrected for median bias, and for skewness too, or quantiles of
        the draws over their own standard errors (index figures and changes; the other tables
        have ``bca``). The p value of a change goes with it: by t for ``normal``, by the
        draws for the others.
    level : float
        Confidence level of intervals and margins of error.
    min_n : int
        Figures from fewer respondents are suppressed.
    rebase : bool
        Also find pooled weights where the index has others, so that `rebasing` can compare them.
    jobs : int
        Processes; the figures do not depend on it.

    Raises
    ------
    OptionError
        All impossible values at once.
    """

    weights: str = "own"
    missing: Missing = "em"
    estimator: IndexEstimator = "pls"
    pls: PLSOptions = field(default_factory=PLSOptions)
    draws: int = 1000
    seed: int = 1
    replicates: Method = "design"
    fay: float = FAY
    design: DesignUse = "codebook"
    interval: IntervalKind = "normal"
    level: float = 0.95
    min_n: int = 50
    rebase: bool = False
    jobs: int = 1

    def __post_init__(self) -> None:
        """Check all values."""
        faults = self._type_faults()
        if faults:
            raise OptionError(faults)
        kind, _, period = self.weights.partition(":")
        if not (self.weights in WEIGHTS or (kind == "frozen" and period)):
            faults.append(
                Fault(
                    "option weights",
                    f"{self.weights!r} is not possible",
                    f"use {', '.join(WEIGHTS)} or frozen:YEAR",
                )
            )
        choices = {
            "missing": Missing,
            "estimator": IndexEstimator,
            "replicates": Method,
            "design": DesignUse,
        }
        faults += [
            Fault(
                f"option {name}",
                f"{getattr(self, name)!r} is not possible",
                f"use one of {', '.join(get_args(words))}",
            )
            for name, words in choices.items()
            if getattr(self, name) not in get_args(words)
        ]
        faults += self._method_faults()
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

    def _method_faults(self) -> list[Fault]:
        """Return what does not go together."""
        faults: list[Fault] = []
        if not 0 <= self.fay <= LARGEST_FAY:
            faults.append(Fault("option fay", f"{self.fay} is not possible", "try 0.5"))
        elif self.replicates != "fay" and self.fay != FAY:
            what = f"it has no effect with replicates {self.replicates}"
            faults.append(Fault("option fay", what, "use replicates fay, or leave it out"))
        if self.replicates in NOT_RANDOM and self.interval != "normal":
            faults.append(
                Fault(
                    f"option interval {self.interval}",
                    f"needs random draws, which {self.replicates} does not make",
                    "use normal, or another method of replicates",
                )
            )
        if self.estimator == "ml" and self.pls != PLSOptions():
            usual = PLSOptions()
            names = [f.name for f in fields(usual)
                     if getattr(self.pls, f.name) != getattr(usual, f.name)]  # fmt: skip
            faults.append(
                Fault(
                    "option estimator ml",
                    f"has no use for the options of PLS: {', '.join(names)}",
                    "leave them out, or use estimator pls",
                )
            )
        if self.replicates == "delta" and self.weights == "pooled":
            faults.append(
                Fault(
                    "option replicates delta",
                    "has no draws to pool weights from",
                    "use gaussian, or other weights",
                )
            )
        return faults

    def _type_faults(self) -> list[Fault]:
        """Return the values that are not of the kind they must be."""
        whole = [
            Fault(f"option {name}", f"{getattr(self, name)!r} is not a whole number", "give one")
            for name in LIMITS
            if not isinstance(getattr(self, name), int) or isinstance(getattr(self, name), bool)
        ]
        words = [
            Fault(f"option {name}", f"{getattr(self, name)!r} is not a word", "give one")
            for name in ("weights", "missing", "estimator", "interval", "replicates", "design")
            if not isinstance(getattr(self, name), str)
        ]
        return whole + words

    @property
    def base(self) -> str:
        """The period whose weights are frozen; empty otherwise."""
        return self.weights.partition(":")[2]

    @property
    def pool(self) -> bool:
        """Whether pooled weights are needed."""
        return self.weights == "pooled" or (self.rebase and self.replicates != "delta")

    @property
    def exact(self) -> bool:
        """Whether the contributions of units to every figure are needed."""
        return self.replicates == "delta" or self.interval in ("bca", "studentised")

    @property
    def disattenuated(self) -> bool:
        """Whether paths are those of constructs free of measurement error."""
        return self.estimator == "ml" or self.pls.consistent
