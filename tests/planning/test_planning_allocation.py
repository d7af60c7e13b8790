"""Sharing out interviews: sums, bounds, the optimum by trying all; margins of aggregates."""

from itertools import product

import numpy as np
import pytest

from csi.errors import OptionError
from csi.planning import aggregate_margin, allocate, margin_for

SIZES = np.array([0.6, 0.3, 0.08, 0.02])


def test_rules_by_hand() -> None:
    assert allocate(1000, SIZES).tolist() == [600, 300, 80, 20]
    assert allocate(1000, SIZES, rule="equal").tolist() == [250] * 4
    assert allocate(100, [1, 1, 2], rule="neyman", sd=[10, 20, 10]).tolist() == [20, 40, 40]
    # roots 3, 2, 1 of sizes 9, 4, 1; halved where the expected index is twice as high
    assert allocate(60, [9, 4, 1], rule="power").tolist() == [30, 20, 10]
    assert allocate(70, [9, 4, 1], rule="power", mean=[50, 100, 50]).tolist() == [42, 14, 14]


def test_power_lies_between_equal_precision_and_neyman() -> None:
    sd = [18, 15, 22, 20]
    whole = allocate(1000, SIZES, rule="power", exponent=1, sd=sd)
    assert whole.tolist() == allocate(1000, SIZES, rule="neyman", sd=sd).tolist()
    flat = allocate(1000, SIZES, rule="power", exponent=0)
    assert flat.tolist() == allocate(1000, SIZES, rule="equal").tolist()


def test_minimum_and_maximum_hold_and_the_rest_stays_in_proportion() -> None:
    n = allocate(1000, SIZES, minimum=100)
    assert n.tolist() == [533, 267, 100, 100]  # 800 as 2 to 1
    n = allocate(1000, SIZES, minimum=50, maximum=[400, 10_000, 500, 60])
    assert n[0] == 400
    assert n[3] == 50
    # 550 for the other two, as 30 to 8: 434.2 and 115.8
    assert n[1:3].tolist() == [434, 116]


def test_always_whole_within_bounds_and_the_total() -> None:
    rng = np.random.default_rng(8)
    for _ in range(200):
        k = int(rng.integers(1, 30))
        sizes = rng.lognormal(0, 2, k)
        least = rng.integers(0, 30, k)
        most = least + rng.integers(1, 100, k)
        total = int(rng.integers(max(least.sum(), 2), max(most.sum(), 2) + 1))
        if total > most.sum():
            continue
        n = allocate(total, sizes, minimum=least, maximum=most)
        assert n.sum() == total
        assert (n >= least).all()
        assert (n <= most).all()


def test_neyman_has_the_smallest_margin_of_all_allocations() -> None:
    sizes, sd, total = np.array([5.0, 3.0, 2.0]), np.array([12.0, 25.0, 18.0]), 60
    tried = {
        split: aggregate_margin(split, sd, sizes)
        for first, second in product(range(2, total - 3), repeat=2)
        if (split := (first, second, total - first - second))[2] >= 2
    }
    best = min(tried.values())
    n = allocate(total, sizes, rule="neyman", sd=sd)
    # rounding moves each part by at most one
    assert tried[tuple(n.tolist())] <= best * 1.001
    assert aggregate_margin(allocate(total, sizes), sd, sizes) > best * 1.01


def test_a_stratum_without_spread_gets_its_minimum() -> None:
    assert allocate(100, [1, 1], rule="neyman", sd=[0, 10], minimum=5).tolist() == [5, 95]


def test_margin_of_an_aggregate() -> None:
    assert aggregate_margin([250] * 4, 18, [1] * 4) == pytest.approx(float(margin_for(1000, 18)))
    by_hand = 1.959963984540054 * np.sqrt(0.75**2 * 20**2 / 100 + 0.25**2 * 1.5 * 10**2 / 50)
    got = aggregate_margin([100, 50], [20, 10], [3, 1], design_effect=[1, 1.5])
    assert got == pytest.approx(by_hand)
    assert aggregate_margin([100, 50], 18, [1, 0], population=[100, 90]) == 0.0


@pytest.mark.parametrize(
    ("given", "places"),
    [
        ({"total": 1.5, "sizes": [-1, 2], "sd": -1, "mean": 0, "exponent": 2, "minimum": 0.5},
         {"total", "sizes", "stratum_sd", "mean", "exponent", "minimum"}),
        ({"total": 100, "sizes": [1, 2], "rule": "neymann", "minimum": [1, 2, 3]},
         {"rule", "lengths"}),
        ({"total": 100, "sizes": [1, 2], "minimum": 60}, {"minimum"}),
        ({"total": 100, "sizes": [1, 2], "maximum": 40}, {"maximum"}),
        ({"total": 100, "sizes": [0, 0]}, {"sizes"}),
        ({"total": 100, "sizes": [1, 2], "minimum": 20, "maximum": [10, 500]}, {"minimum"}),
    ],
)  # fmt: skip
def test_faults_of_an_allocation(given: dict[str, object], places: set[str]) -> None:
    with pytest.raises(OptionError) as caught:
        allocate(**given)  # type: ignore[arg-type]
    assert {fault.where for fault in caught.value.faults} == places


def test_faults_of_an_aggregate() -> None:
    with pytest.raises(OptionError, match="all are 0"):
        aggregate_margin([10, 10], 18, [0, 0])
    with pytest.raises(OptionError, match="they differ"):
        aggregate_margin([10, 10], 18, [1, 1, 1])
    with pytest.raises(OptionError, match="more respondents"):
        aggregate_margin([10, 10], 18, [1, 1], population=5)
