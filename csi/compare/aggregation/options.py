"""What may be chosen when figures of companies are put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from csi.errors import Fault, OptionError

WithoutFigure = Literal["refuse", "renormalise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateOptions:
    """What may be chosen, with the defaults.

    Attributes
    ----------
    missing : {"refuse", "renormalise"}
        A node with a member without a figure has none; or is the mean of the others, which
        its note says.
    matched : bool
        Changes of a node whose companies differ between the periods are of those that have a
        figure in both, and of the two published figures otherwise.
    rolling : int
        Each company has its latest figure within this number of periods, the period itself
        among them. National indices are rolling over four quarters.
    lag : int
        Changes are from this number of periods before: 4 for the quarter of a year ago.
    given : str
        The construct that figures given in the table are of; where it is empty, the one that
        is asked for.

    Raises
    ------
    OptionError
        With all impossible values.
    """

    missing: WithoutFigure = "refuse"
    matched: bool = False
    rolling: int = 1
    lag: int = 1
    given: str = ""

    def __post_init__(self) -> None:
        """Refuse impossible values."""
        faults = [
            Fault(f"option {name}", f"{value!r} is not possible", "use a whole number above zero")
            for name, value in (("rolling", self.rolling), ("lag", self.lag))
            if not isinstance(value, int) or isinstance(value, bool) or value < 1
        ]
        if self.missing not in get_args(WithoutFigure):
            words = ", ".join(get_args(WithoutFigure))
            what = f"{self.missing!r} is not possible"
            faults.append(Fault("option missing", what, f"use one of {words}"))
        for name, kind, fix in (("matched", bool, "use True or False"), ("given", str, "a name")):
            value = getattr(self, name)
            if not isinstance(value, kind):
                faults.append(Fault(f"option {name}", f"{value!r} is not possible", fix))
        if faults:
            raise OptionError(faults)
