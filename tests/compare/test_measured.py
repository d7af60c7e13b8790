"""Degrees of freedom of figures made of several groups."""

from __future__ import annotations

import numpy as np

from csi.compare.measured import freedom_of, no_margin
from csi.index.cells import Units


def units(block: str, numbers: list[int], strata: list[int]) -> Units:
    return Units(block, np.array(numbers), np.array(strata))


def test_two_groups_as_in_a_difference() -> None:
    first = units("panel", [0, 1, 2, 3], [0, 0, 1, 1])
    second = units("panel", [2, 3, 4, 5, 6], [1, 1, 1, 2, 2])
    apart = units("other", [0, 1, 2], [0, 0, 0])
    assert freedom_of([first]) == first.freedom == 2
    assert freedom_of([first, second]) == first.freedom_with(second) == 4
    assert freedom_of([first, apart]) == first.freedom_with(apart) == 4


def test_several_groups_count_each_unit_once() -> None:
    """Seven units in three strata of one block, three units in one stratum of another."""
    first = units("panel", [0, 1, 2, 3], [0, 0, 1, 1])
    second = units("panel", [2, 3, 4, 5, 6], [1, 1, 1, 2, 2])
    apart = units("other", [0, 1, 2], [0, 0, 0])
    assert freedom_of([first, second, apart, first]) == 7 - 3 + 3 - 1


def test_without_replicates_the_reason_is_the_sample() -> None:
    """One cluster a company makes no replicates at all: "0 of 0" would say nothing."""
    none = {"se": np.nan}
    assert no_margin(np.array([70.0]), none) == "no margin of error: too few sampled units"
    few = np.array([70.0, 71.0, np.nan])
    assert no_margin(few, none) == "no margin of error: 1 of 2 replicates can be used"
