"""What may be chosen for the quality of answers, with every cut-off and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from csi.errors import Fault, OptionError

Flag = Literal[
    "straight_lining",
    "long_string",
    "irv_low",
    "mahalanobis",
    "irv_high",
    "even_odd",
    "speed",
    "nonresponse",
    "acquiescence",
]
"""What a respondent may be flagged for."""

FLAGS: tuple[Flag, ...] = get_args(Flag)

Sign = Literal[
    "same answers", "unusual answers", "scattered answers", "speed", "nonresponse", "agreement"
]
"""A sign of carelessness; flags of one sign rest on the same thing and count once."""

SIGNS: Mapping[Flag, Sign] = MappingProxyType(
    {
        "straight_lining": "same answers",
        "long_string": "same answers",
        "irv_low": "same answers",
        "mahalanobis": "unusual answers",
        "irv_high": "scattered answers",
        "even_odd": "scattered answers",
        "speed": "speed",
        "nonresponse": "nonresponse",
        "acquiescence": "agreement",
    }
)
"""A customer who ticks 10 throughout and means it has three flags and one sign."""

COUNTED: tuple[Flag, ...] = tuple(flag for flag in FLAGS if flag != "even_odd")
"""Flags that count. Even-odd consistency does not by default: with the six or seven constructs of a
satisfaction model about one careful respondent in five lies below its cut-off
(benchmarks/results/careless.md)."""

CenterKind = Literal["normal", "robust"]
"""Mean and covariances that distances start from."""

SOURCES: Mapping[Flag, str] = MappingProxyType(
    {
        "straight_lining": "kim2019straightlining",
        "long_string": "curran2016methods",
        "irv_low": "dunn2018intra",
        "mahalanobis": "meade2012identifying",
        "irv_high": "marjanovic2015inter",
        "even_odd": "johnson2005ascertaining",
        "speed": "leiner2019too",
        "nonresponse": "aapor2016standard",
        "acquiescence": "baumgartner2001response",
    }
)
"""Where each index comes from; `AnswerQualityOptions` says where its cut-off does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQualityOptions:
    """Cut-offs and treatments of `answer_quality`.

    Attributes
    ----------
    straight_lining : float
        Flag from this share of the batteries answered with one and the same answer; 0.5 is the
        package's own choice, as [kim2019straightlining] gives none.
    battery_least : int
        Answers that a battery needs to be judged.
    long_string : float
        Flag from a run of this share of the questions put; half of them: [curran2016methods].
    long_string_least : int
        A shorter run is never flagged, however few the questions. Own choice.
    irv_low : float
        Flag below this standard deviation of the respondent's answers, in points. Own choice: 0.3
        is one answer in ten a point off an otherwise constant answer.
    irv_high : float
        Flag from this multiple of the standard deviation of answers ticked at random (all points
        equally often), reversed items turned round: otherwise a careful respondent has two heaps
        of answers. Own choice, high as in [marjanovic2015inter]: nine in ten who tick 22 answers
        at random reach 0.85.
    irv_least : int
        Answers that variability needs to be judged. Own choice.
    mahalanobis : float
        Flag below this chi-square probability of a larger distance; 0.001 as in
        [tabachnick2013using]. It is rough for answers on a few points.
    center : {"normal", "robust"}
        Mean and covariances by maximum likelihood under the normal distribution, or from the
        respondents that lie near, which holds where many are careless [rousseeuw1999fast].
    even_odd : float
        Flag below this consistency: 0.3, Jackson's rule in [johnson2005ascertaining].
    speed : float
        Flag below this share of the median duration of the respondents compared: half of it
        [leiner2019too]; [greszki2015exploring] compare 0.7, 0.6 and 0.5.
    nonresponse : float
        Flag above this share of the questions put left without an answer; an interview with
        less than 80 % answered is no complete one in [aapor2016standard].
    acquiescence : float
        Flag from this distance of the agreement from 0.5. Own choice: half the way to ticking the
        upper end of every item, whether it praises or blames.
    counted : tuple of Flag
        Flags that count towards ``flagged``; the others are shown.
    least_signs : int
        Signs that make a respondent ``flagged``.
    within : tuple of str or None
        Keys within whose groups respondents are compared with each other (median duration, mean
        and covariances); the time of the codebook where None, all together where empty.
    ends : float
        An item has a floor or ceiling effect above this share of answers at one end:
        [terwee2007quality], a rule for scales that is used for items as well.
    item_nonresponse : float
        An item has many missing answers above this share: [bennett2001how].

    Raises
    ------
    OptionError
        All impossible values at once.
    """

    straight_lining: float = 0.5
    battery_least: int = 3
    long_string: float = 0.5
    long_string_least: int = 6
    irv_low: float = 0.3
    irv_high: float = 0.85
    irv_least: int = 6
    mahalanobis: float = 0.001
    center: CenterKind = "normal"
    even_odd: float = 0.3
    speed: float = 0.5
    nonresponse: float = 0.2
    acquiescence: float = 0.25
    counted: tuple[Flag, ...] = COUNTED
    least_signs: int = 2
    within: tuple[str, ...] | None = None
    ends: float = 0.15
    item_nonresponse: float = 0.10

    def __post_init__(self) -> None:
        """Check all values."""
        faults = [
            Fault(f"option {name}", f"{value!r} is not possible", f"use a number {words}")
            for name, (low, high, words) in _RANGES.items()
            if not _inside(value := getattr(self, name), low, high)
        ]
        faults += [
            Fault(f"option {name}", f"{value!r} is not possible", f"use a whole number from {low}")
            for name, low in _WHOLE.items()
            if not isinstance(value := getattr(self, name), int)
            or isinstance(value, bool)
            or value < low
        ]
        if self.center not in get_args(CenterKind):
            words = ", ".join(get_args(CenterKind))
            faults.append(
                Fault("option center", f"{self.center!r} is not possible", f"use one of {words}")
            )
        counted: object = self.counted
        if not isinstance(counted, tuple) or not set(counted) <= set(FLAGS):
            fix = f"give a tuple of {', '.join(FLAGS)}"
            faults.append(Fault("option counted", f"{self.counted!r} is not possible", fix))
        within: object = self.within
        if within is not None and not isinstance(within, tuple):
            what, fix = f"{within!r} is not a tuple of keys", 'write such as ("year",)'
            faults.append(Fault("option within", what, fix))
        if faults:
            raise OptionError(faults)


_RANGES: Mapping[str, tuple[float, float, str]] = MappingProxyType(
    {
        "straight_lining": (1e-9, 1.0, "above 0, at most 1"),
        "long_string": (1e-9, 1.0, "above 0, at most 1"),
        "irv_low": (0.0, 1e9, "from 0 on, in points"),
        "irv_high": (1e-9, 10.0, "above 0, at most 10"),
        "mahalanobis": (0.0, 1.0, "from 0 to 1"),
        "even_odd": (-1.0, 1.0, "from -1 to 1"),
        "speed": (0.0, 1.0, "from 0 to 1"),
        "nonresponse": (0.0, 1.0, "from 0 to 1"),
        "acquiescence": (1e-9, 0.5, "above 0, at most 0.5"),
        "ends": (0.0, 1.0, "from 0 to 1"),
        "item_nonresponse": (0.0, 1.0, "from 0 to 1"),
    }
)
_WHOLE: Mapping[str, int] = MappingProxyType(
    {"battery_least": 2, "long_string_least": 2, "irv_least": 2, "least_signs": 1}
)


def _inside(value: object, low: float, high: float) -> bool:
    """Tell whether a value is a number of a range."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
