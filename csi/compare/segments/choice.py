"""How many segments: what the criteria indicate, and the rule that makes one number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

CRITERIA = ("aic", "aic3", "aic4", "bic", "caic", "hq", "mdl5", "icl")
"""Criteria of which the smallest value indicates the number of segments."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A number of segments, why, and what each criterion indicates by itself.

    Attributes
    ----------
    segments : int
    rule : str
        ``AIC3 and CAIC agree``, ``AIC4 and BIC agree``, ``smaller of AIC4 and BIC``, or why there
        is no choice.
    agreed : bool
    indicated : mapping of str to int
    """

    segments: int
    rule: str
    agreed: bool
    indicated: Mapping[str, int]


def choose(tried: Sequence[int], values: Mapping[str, Sequence[float]]) -> Choice:
    """Choose the number of segments by the usual rule.

    Parameters
    ----------
    tried : sequence of int
        Numbers of segments that can be considered, ascending.
    values : mapping of str to sequence of float
        Each criterion's values for them.

    Notes
    -----
    Where AIC3 and CAIC indicate the same number, take it; else where AIC4 and BIC do, take that
    [sarstedt2011uncovering], [sarstedt2017treating]. Where neither pair agrees the smaller of
    AIC4 and BIC is taken, openly: a segment too few averages, a segment too many invents. AIC is
    the upper bound and MDL5 the lower.

    Examples
    --------
    >>> by = {name: [300.0, 290.0, 295.0] for name in CRITERIA}
    >>> choose([1, 2, 3], by).segments
    2
    >>> choose([1, 2, 3], by | {"caic": [300.0, 301.0, 302.0]}).rule
    'AIC4 and BIC agree'
    """
    usable = {name: np.asarray(values[name], dtype=np.float64) for name in CRITERIA}
    if not tried or not all(np.isfinite(own).all() for own in usable.values()):
        return Choice(0, "no solution can be used", False, {})
    found = {name: int(tried[int(np.argmin(own))]) for name, own in usable.items()}
    if found["aic3"] == found["caic"]:
        return Choice(found["aic3"], "AIC3 and CAIC agree", True, found)
    if found["aic4"] == found["bic"]:
        return Choice(found["aic4"], "AIC4 and BIC agree", True, found)
    return Choice(min(found["aic4"], found["bic"]), "smaller of AIC4 and BIC", False, found)
