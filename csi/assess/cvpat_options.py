"""What may be chosen in CVPAT, with the defaults: the only place for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from csi.assess.predict_options import PredictOptions
from csi.errors import Fault, OptionError

Alternative = Literal["two-sided", "better"]
"""The losses differ; or the (first) model's loss is smaller."""

Overall = Literal["items", "constructs"]
"""What counts the same in the loss over all items: every item, or every construct."""

LEAST_DRAWS = 100
"""Fewer draws cannot tell a p value of 5 % from one of 10 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CvpatOptions:
    """Options of the cross-validated predictive ability test.

    Attributes
    ----------
    prediction : PredictOptions
    alternative : {"two-sided", "better"}
        ``better``: one-sided, the loss of the (first) model is smaller.
    overall : {"items", "constructs"}
        ``items``: the loss over all items is their mean [liengaard2021prediction]; ``constructs``:
        the mean of the constructs' losses, as in seminrExtras.
    draws : int
        Bootstrap draws of respondents' losses.
    level : float
        Confidence level of intervals, and one less the size of the test in verdicts.

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> CvpatOptions(level=0.9).draws
    2000
    """

    prediction: PredictOptions = field(default_factory=PredictOptions)
    alternative: Alternative = "two-sided"
    overall: Overall = "items"
    draws: int = 2000
    level: float = 0.95

    def __post_init__(self) -> None:
        """Check all values."""
        faults = []
        for name, kind in (("alternative", Alternative), ("overall", Overall)):
            if getattr(self, name) not in get_args(kind):
                what = f"{getattr(self, name)!r} is not possible"
                fix = f"use one of {', '.join(get_args(kind))}"
                faults.append(Fault(f"option {name}", what, fix))
        if not isinstance(self.draws, int) or self.draws < LEAST_DRAWS:
            what = f"{self.draws!r} is not a whole number of {LEAST_DRAWS} or more"
            faults.append(Fault("option draws", what, "take 2000"))
        if not 0.5 <= self.level < 1:
            faults.append(Fault("option level", f"{self.level!r} is not a level", "try 0.95"))
        if faults:
            raise OptionError(faults)
