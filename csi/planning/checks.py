"""Checks of planning values: each has a range, and all that are out of it are told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from csi.arrays import Array, BoolArray
from csi.errors import Fault, OptionError


@dataclass(frozen=True, slots=True)
class Range:
    """Possible values of one quantity, and the same in words."""

    holds: Callable[[Array], BoolArray]
    words: str


_ABOVE_ZERO = Range(lambda v: (v > 0) & (v < np.inf), "use a number above 0")
_NOT_NEGATIVE = Range(lambda v: (v >= 0) & (v < np.inf), "use 0 or a number above it")
_SHARE = Range(lambda v: (v >= 0) & (v <= 1), "use a share from 0 to 1")
_COUNT = Range(lambda v: (v >= 2) & (v < 1e15) & (v == np.floor(v)), "use a whole number from 2 on")

RANGES = {
    "n": _COUNT,
    "n1": _COUNT,
    "n2": _COUNT,
    "population": Range(
        lambda v: (v >= 2) & (v == np.floor(v)), "use how many customers there are, 2 or more"
    ),
    "margin": _ABOVE_ZERO,
    "change": _ABOVE_ZERO,
    "sd": _ABOVE_ZERO,
    "design_effect": _ABOVE_ZERO,
    "spread": _ABOVE_ZERO,
    "level": Range(lambda v: (v >= 0.5) & (v < 1), "use a share from 0.5 to below 1, such as 0.95"),
    "power": Range(lambda v: (v >= 0.5) & (v < 1), "use a share from 0.5 to below 1, such as 0.8"),
    "response_rate": Range(lambda v: (v > 0) & (v <= 1), "use a share above 0 and up to 1"),
    "overlap": _SHARE,
    "correlation": Range(lambda v: (v >= -1) & (v <= 1), "use a number from -1 to 1"),
    "icc": _SHARE,
    "cluster_size": Range(lambda v: (v >= 1) & (v < np.inf), "use 1 or more answers a cluster"),
    "weight_cv": _NOT_NEGATIVE,
    "wanted": Range(lambda v: (v > 0) & (v < 1), "use a share between 0 and 1, such as 0.7"),
    "groups": Range(lambda v: (v >= 1) & (v == np.floor(v)), "use a whole number from 1 on"),
    "weights": _NOT_NEGATIVE,
    "sizes": _NOT_NEGATIVE,
    "stratum_sd": _NOT_NEGATIVE,
    "mean": _ABOVE_ZERO,
    "exponent": _SHARE,
    "minimum": Range(lambda v: (v >= 0) & (v == np.floor(v)), "use a whole number from 0 on"),
    "maximum": Range(lambda v: (v >= 0) & (v == np.floor(v)), "use a whole number from 0 on"),
    "total": _COUNT,
}
"""What each quantity may be; NaN is never possible."""


def faults_of(where: str = "", /, **given: ArrayLike | None) -> list[Fault]:
    """Return a fault for each value that is not possible; None stands for not given."""
    return [fault for name, value in given.items() for fault in _faults(where, name, value)]


def _faults(where: str, name: str, value: ArrayLike | None) -> Iterable[Fault]:
    if value is None:
        return
    place, known = f"{where}{name}", RANGES[name]
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        yield Fault(place, f"{value!r} is not a number", known.words)
        return
    wrong = np.atleast_1d(numbers)[~np.atleast_1d(known.holds(numbers))]
    if len(wrong):
        shown = ", ".join(f"{number:g}" for number in wrong[:3]) + ", ..." * (len(wrong) > 3)
        yield Fault(place, f"{shown} is not possible", known.words)


def require(faults: Iterable[Fault]) -> None:
    """Raise an OptionError with all faults, if there are any."""
    if found := list(faults):
        raise OptionError(found)


def population_of(population: ArrayLike | None) -> Array:
    """Return the population as an array, inf where none is given."""
    return np.asarray(np.inf if population is None else population, dtype=np.float64)


def beyond(where: str, n: ArrayLike, population: ArrayLike | None) -> list[Fault]:
    """Return a fault where more are asked than there are; nothing is said of impossible values."""
    if population is None:
        return []
    over = np.asarray(n, dtype=np.float64) > population_of(population)
    what = "more respondents than the population has"
    return [Fault(where, what, "give fewer, or the right population")] if over.any() else []


def numbers(*values: ArrayLike) -> tuple[Array, ...]:
    """Return float arrays of one shape."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def same_length(**given: ArrayLike | None) -> list[Fault]:
    """Return a fault where lists that go together, and are not single numbers, differ in length."""
    lengths = {name: np.size(v) for name, v in given.items() if v is not None and np.ndim(v)}
    if len(set(lengths.values())) < 2:
        return []
    told = ", ".join(f"{name} {length}" for name, length in lengths.items())
    return [Fault("lengths", f"they differ ({told})", "give one value a stratum")]
