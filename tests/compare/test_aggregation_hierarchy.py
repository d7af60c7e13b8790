"""Tables of weights: every fault is found, and periods take the weights they should."""

from __future__ import annotations

import numpy as np
import pytest

from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.members import Member
from csi.errors import IndexFigureError

TOP = Member("Top", place="line 2")

FAULTS = {
    "negative": ([TOP, Member("A", "Top", -1)], "its weight is -1"),
    "zero": ([TOP, Member("A", "Top", 0)], "its weight is 0"),
    "infinite": ([TOP, Member("A", "Top", float("inf"))], "its weight is inf"),
    "missing": ([TOP, Member("A", "Top")], "it has no weight"),
    "twice": ([TOP, Member("A", "Top", 1), Member("A", "Top", 2)], "it stands twice"),
    "no name": ([TOP, Member("", "Top", 1)], "it has no name"),
    "two parents": (
        [TOP, Member("Other"), Member("A", "Top", 1), Member("A", "Other", 1)],
        "two parents: 'Top' (above) and 'Other'",
    ),
    "unknown parent": ([TOP, Member("A", "Topp", 1)], "did you mean 'Top'?"),
    "cycle": (
        [TOP, Member("A", "B", 1), Member("B", "C", 1), Member("C", "A", 1)],
        "a cycle: A -> B -> C -> A",
    ),
    "own parent": ([TOP, Member("A", "A", 1)], "a cycle: A -> A"),
    "some years": (
        [TOP, Member("A", "Top", 1, year="2024"), Member("B", "Top", 1)],
        "it has no year, and A 2024 under the same parent has one",
    ),
    "two rests": (
        [TOP, Member("A", "Top", 0.5), Member("B", "Top", rest=True),
         Member("C", "Top", rest=True)],
        "2 members with the weight 'rest'",
    ),
    "no rest": (
        [TOP, Member("A", "Top", 60), Member("B", "Top", rest=True)],
        "the others add up to 60",
    ),
    "rest alone": ([TOP, Member("B", "Top", rest=True)], "the others add up to 0"),
    "rest on top": ([Member("Top", rest=True), Member("A", "Top", 1)], "the top has the weight"),
    "index": ([TOP, Member("A", "Top", 1, index=101)], "index 101 is outside 0 to 100"),
    "se": ([TOP, Member("A", "Top", 1, index=50, se=-1)], "se is -1"),
    "se alone": ([TOP, Member("A", "Top", 1, se=1)], "an se and no index"),
    "weight se": ([TOP, Member("A", "Top", 1, weight_se=-0.1)], "weight_se is -0.1"),
    "rest se": (
        [TOP, Member("A", "Top", 0.5), Member("B", "Top", rest=True, weight_se=0.1)],
        "the rest has a weight_se",
    ),
    "given node": (
        [Member("Top", index=50), Member("A", "Top", 1)],
        "a given index and members",
    ),
    "empty": ([], "it has no rows"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_planted_fault_is_found(case: str) -> None:
    rows, expected = FAULTS[case]
    with pytest.raises(IndexFigureError) as caught:
        Hierarchy(tuple(rows))
    assert len(caught.value.faults) == 1, caught.value
    assert expected in str(caught.value)


def test_all_faults_come_at_once_with_their_rows() -> None:
    rows = (
        TOP,
        Member("A", "Top", -1, place="line 3"),
        Member("B", "Tpo", 1, place="line 4"),
        Member("C", "D", 1, place="line 5"),
        Member("D", "C", 1, place="line 6"),
    )
    with pytest.raises(IndexFigureError) as caught:
        Hierarchy(rows)
    assert [fault.where for fault in caught.value.faults] == [
        "line 3, A", "line 4, B", "line 5, C",
    ]  # fmt: skip


def test_order_levels_and_shares() -> None:
    table = Hierarchy(
        (
            Member("A", "Cars", 40),
            Member("B", "Cars", 10),
            Member("Cars", "Nation", 1),
            Member("Post", "Nation", 3),
            Member("Nation"),
        )
    )
    assert table.order == ("Nation", "Cars", "A", "B", "Post")
    assert dict(table.levels) == {"A": 0, "B": 0, "Cars": 1, "Post": 0, "Nation": 2}
    assert table.leaves == ("A", "B", "Post")
    shares = table.siblings("Cars", "any")
    assert shares is not None
    np.testing.assert_allclose(shares.shares, [0.8, 0.2])
    assert repr(table) == "Hierarchy of table: 3 companies, 2 nodes, top Nation"


def test_weights_by_year_and_carried() -> None:
    rows = (
        TOP,
        Member("A", "Top", 0.5, year="2022"),
        Member("B", "Top", rest=True, year="2022"),
        Member("A", "Top", 0.8, year="2024"),
        Member("C", "Top", rest=True, year="2024"),
    )
    plain, carried = Hierarchy(rows), Hierarchy(rows, carry=True)
    assert plain.siblings("Top", "2023") is None
    found = carried.siblings("Top", "2023")
    assert found is not None
    assert (found.year, [row.name for row in found.rows]) == ("2022", ["A", "B"])
    assert carried.siblings("Top", "2021") is None
    later = carried.siblings("Top", "2025")
    assert later is not None
    np.testing.assert_allclose(later.weights, [0.8, 0.2])
    assert plain.active("2024") == ("Top", "A", "C")
    assert not found.weights.flags.writeable
