"""Figures as index programmes print them: rounded, with changes in points and in per cent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, get_args

from csi.errors import Fault, OptionError

ChangeOf = Literal["printed", "unrounded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """How figures are printed.

    Attributes
    ----------
    decimals : tuple of int
        Decimals by level, companies first; the last holds for all levels above. Companies and
        industries are whole numbers, sectors and the nation have one decimal.
    relative : int
        Decimals of the change in per cent.
    change_of : {"printed", "unrounded"}
        Whether changes are worked out from the figures as printed, so that a reader who does
        the sum finds the same, or from the unrounded ones.
    """

    decimals: tuple[int, ...] = (0, 0, 1)
    relative: int = 1
    change_of: ChangeOf = "printed"

    def __post_init__(self) -> None:
        """Refuse impossible numbers and words."""
        faults = [
            Fault(f"rounding {name}", f"{value!r} is not possible", "use a number from 0 to 6")
            for name, value in (
                *(("decimals", value) for value in self.decimals or (None,)),
                ("relative", self.relative),
            )
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 6
        ]
        if self.change_of not in get_args(ChangeOf):
            words = ", ".join(get_args(ChangeOf))
            what = f"{self.change_of!r} is not possible"
            faults.append(Fault("rounding change_of", what, f"use one of {words}"))
        if faults:
            raise OptionError(faults)

    def at(self, level: int) -> int:
        """Return the decimals of a level, 0 for companies."""
        return self.decimals[min(level, len(self.decimals) - 1)]


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as printed, and its change in points and in per cent; empty where there is none."""

    index: str
    change: str
    relative: str


def rounded(value: float, decimals: int) -> Decimal:
    """Return a number rounded as readers do it: halves away from zero.

    Parameters
    ----------
    value : float
        Taken to ten decimals first, so that the last bits of a sum do not decide a tie.
    decimals : int

    Examples
    --------
    >>> str(rounded(72.5, 0)), str(rounded(-0.25, 1)), str(rounded(0.1 + 0.2 + 0.35, 1))
    ('73', '-0.3', '0.7')
    """
    plain = Decimal(f"{value:.10f}")
    return plain.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def published(
    new: float,
    old: float = math.nan,
    *,
    decimals: int = 1,
    relative: int = 1,
    change_of: ChangeOf = "printed",
) -> Published:
    """Return a figure and its change as programmes print them.

    Parameters
    ----------
    new, old : float
        Index figures; NaN where there is none.
    decimals, relative : int
        Decimals of the figure and of the change in per cent.
    change_of : {"printed", "unrounded"}
        What the changes are worked out from.

    Returns
    -------
    Published

    Examples
    --------
    >>> published(71.2, 69.4, decimals=0)
    Published(index='71', change='+2', relative='+2.9 %')
    >>> published(76.2, 76.8).relative
    '-0.8 %'
    """
    if not math.isfinite(new):
        return Published("", "", "")
    shown = rounded(new, decimals)
    if not math.isfinite(old):
        return Published(str(shown), "", "")
    before = rounded(old, decimals)
    if change_of == "printed":
        points = shown - before
        ratio = float(100 * points / before) if before else math.nan
    else:
        points = rounded(new - old, decimals)
        ratio = 100.0 * (new / old - 1.0) if old else math.nan
    per_cent = f"{_signed(rounded(ratio, relative))} %" if math.isfinite(ratio) else ""
    return Published(str(shown), _signed(points), per_cent)


def _signed(value: Decimal) -> str:
    """Return a number with its sign; zero has none."""
    return f"{value:+}" if value else f"{abs(value)}"
