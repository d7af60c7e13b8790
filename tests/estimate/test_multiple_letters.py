"""Letters of significance: known examples, and what every set of letters must keep."""

import itertools

import numpy as np
import pytest

from csi.errors import OptionError
from csi.estimate.letters import column_letters, compact_letters, letter


def pairs(k: int, *differ: tuple[int, int]) -> np.ndarray:
    """Return a table in which these pairs differ."""
    table = np.zeros((k, k), dtype=bool)
    for one, other in differ:
        table[one, other] = table[other, one] = True
    return table


def test_simple_tables_by_hand() -> None:
    assert compact_letters(pairs(3)) == ["a", "a", "a"]
    assert compact_letters(pairs(3, (0, 1), (0, 2), (1, 2))) == ["a", "b", "c"]
    assert compact_letters(pairs(4, (0, 2), (0, 3), (1, 3))) == ["a", "ab", "bc", "c"]
    # a pair in the middle that differs although its neighbours do not
    assert compact_letters(pairs(4, (1, 2))) == ["ab", "a", "b", "ab"]
    assert compact_letters(np.zeros((0, 0), dtype=bool)) == []


def test_the_example_of_piepho() -> None:
    """Eight treatments whose pairs 1-7, 1-8, 2-4, 2-5, 3-5 differ (section 2 of the paper)."""
    found = compact_letters(pairs(8, (0, 6), (0, 7), (1, 3), (1, 4), (2, 4)))
    shared = [{i for i in range(8) if name in found[i]} for name in sorted(set("".join(found)))]
    # by hand: maximal groups of treatments without a pair that differs
    expected = [
        {0, 1, 2, 5}, {0, 2, 3, 5}, {0, 3, 4, 5},
        {1, 2, 5, 6, 7}, {2, 3, 5, 6, 7}, {3, 4, 5, 6, 7},
    ]  # fmt: skip
    assert sorted(map(sorted, shared)) == sorted(map(sorted, expected))


def test_the_best_has_the_first_letter() -> None:
    table = pairs(3, (0, 2))
    assert compact_letters(table, order=[2, 1, 0]) == ["b", "ab", "a"]


@pytest.mark.parametrize("seed", range(12))
def test_letters_say_the_table_and_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 11))
    table = np.triu(rng.random((k, k)) < rng.uniform(0.05, 0.9), 1)
    table |= table.T
    found = compact_letters(table, order=rng.permutation(k).tolist())
    for one, other in itertools.combinations(range(k), 2):
        assert bool(set(found[one]) & set(found[other])) == (not table[one, other])
    members = [{i for i in range(k) if name in found[i]} for name in set("".join(found))]
    assert not any(a < b for a in members for b in members)


def test_many_groups_in_a_row_are_quick() -> None:
    figures = np.arange(60.0)
    table = np.abs(figures[:, None] - figures) > 10
    found = compact_letters(table)
    assert found[0] == "a"
    assert found[-1] == letter(49)  # windows of eleven: 50 of them


def test_letters_beyond_z() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["a", "z", "a1", "z1", "a2"]


def test_columns_as_survey_tables_have_them() -> None:
    mean, se = np.array([75.0, 70.0, 74.0, 60.0]), 1.5
    above = mean[:, None] - mean > 1.96 * se * np.sqrt(2)
    assert column_letters(above) == ["BD", "D", "D", ""]


def test_wrong_tables_are_refused() -> None:
    lopsided = np.array([[False, True], [False, False]])
    with pytest.raises(OptionError) as caught:
        compact_letters(lopsided, order=[0, 0])
    assert [fault.where for fault in caught.value.faults] == ["different", "order"]
    with pytest.raises(OptionError, match="shape"):
        compact_letters(np.zeros((2, 3), dtype=bool))
    with pytest.raises(OptionError, match="each above"):
        column_letters(lopsided | lopsided.T)
