"""A number of the paper that is no longer so is found, and nothing else is."""

import copy
import json
import math
from typing import Any

import pytest

from paper import records


def book() -> dict[str, Any]:
    """Return one of everything that is compared."""
    return {
        "numbers": {
            "index": records.number(72.4512345678, 1, source="csi"),
            "share": records.stored(0.949, 1, source="x.json", percent=True, sign=True),
            "gap": records.gap(2.9e-8, source="seminr"),
            "name": records.words("csi 0.1.0", source="csi"),
            "python": records.environment("3.11.7"),
        },
        "tables": {"t": {"rows": [["a", records.stored(1.5, 1, source="x.json")]]}},
        "listings": {"one": {"output": "norvane  70.7  2.3\nquillam  67.1  2.1"}},
        "figures": {"f": {"data": [70.7, 67.1]}},
    }


def changed(*path: Any, value: Any) -> dict[str, Any]:
    """Return the book with one thing changed."""
    found = copy.deepcopy(book())
    place: Any = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return found


def test_the_same_is_not_stale() -> None:
    assert list(records.stale(book(), book())) == []
    assert list(records.stale(json.loads(json.dumps(book())), book())) == []


@pytest.mark.parametrize(
    "path",
    [
        ("numbers", "index", "value"),
        ("numbers", "share", "value"),
        ("numbers", "share", "text"),
        ("numbers", "name", "text"),
        ("tables", "t", "rows", 0, 0),
        ("tables", "t", "rows", 0, 1, "value"),
        ("figures", "f", "data", 1),
        ("listings", "one", "output"),
    ],
)
def test_a_planted_number_is_found_and_named(path: tuple[Any, ...]) -> None:
    planted = {"value": 73.0, "text": "96.0 %", "output": "norvane  70.7  2.9\nquillam  67.1  2.1"}
    value = planted.get(path[-1], 69.9 if path[-1] == 1 else "b")
    found = list(records.stale(changed(*path, value=value), book()))
    assert len(found) == 1
    assert found[0].startswith(f"{path[0]}.{path[1]}")


def test_what_is_missing_or_left_over_is_found() -> None:
    less, more = book(), book()
    del less["numbers"]["index"]
    more["tables"]["t"]["rows"].append(["b", "c"])
    assert list(records.stale(less, book())) == ["numbers.index: is made, but not committed"]
    assert list(records.stale(book(), less)) == [
        "numbers.index: is committed, but nothing makes it any more"
    ]
    assert "2 entries are committed, 1 are made" in next(records.stale(more, book()))


def test_rounding_of_another_machine_is_not_stale() -> None:
    other = book()
    other["numbers"]["index"] = records.number(72.4512345678 + 1e-9, 1, source="csi")
    other["numbers"]["python"] = records.environment("3.13.1")
    other["numbers"]["gap"] = records.gap(1e-13, source="seminr")
    other["figures"]["f"]["data"][0] += 1e-9
    assert next(records.stale(book(), other)).startswith("numbers.gap")  # far too modest
    other["numbers"]["gap"] = records.gap(3.4e-8, source="seminr")
    assert list(records.stale(book(), other)) == []


def test_a_rounding_that_flips_is_not_stale_and_more_digits_are() -> None:
    flip = (
        records.number(0.25 + 1e-9, 1, source="csi"),
        records.number(0.25 - 1e-9, 1, source="csi"),
    )
    assert [record["text"] for record in flip] == ["0.3", "0.2"]
    assert list(records.stale(flip[0], flip[1], "x")) == []
    finer = records.number(0.25, 2, source="csi")
    assert len(list(records.stale(flip[0], finer, "x"))) == 1


def test_a_stored_number_must_be_equal() -> None:
    old, new = (records.stored(0.95 + d, 1, source="x.json", percent=True) for d in (0, 1e-8))
    assert len(list(records.stale(old, new, "x"))) == 1
    old, new = (records.number(0.95 + d, 1, source="csi", percent=True) for d in (0, 1e-8))
    assert list(records.stale(old, new, "x")) == []


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("index 70.7", "index 70.8", True),
        ("index 70.7", "index 70.9", False),
        ("index  70.7", "index 70.7", True),
        ("index 70.7", "level 70.7", False),
        ("n 250", "n 251", False),
        ("70.7", "70.71", False),
        ("−1.5 to 1,000.0", "−1.4 to 1,000.0", True),
        ("1e-9", "2e-9", False),
    ],
)
def test_texts_with_numbers(old: str, new: str, same: bool) -> None:
    assert records.same_but_rounding(old, new) is same


@pytest.mark.parametrize(
    ("value", "digit", "power"),
    [(2.9e-10, 5, -10), (1e-9, 2, -9), (6.5e-7, 1, -6), (0.0, 1, -12), (6.2e-4, 1, -3)],
)
def test_a_bound_lies_above_the_difference(value: float, digit: int, power: int) -> None:
    made = records.gap(value, source="x")
    assert (made["digit"], made["power"]) == (digit, power)
    assert 1.5 * value <= made["bound"] * (1 + 1e-9)
    assert math.isclose(made["bound"], digit * 10.0**power)


def test_a_difference_above_its_printed_bound_is_stale() -> None:
    old, new = records.gap(2e-9, source="x"), records.gap(4e-9, source="x")
    assert list(records.stale({"g": old}, {"g": new})) == [
        "g: committed 3e-9, made 6e-9 (x): the difference is 4e-09"
    ]


def test_what_is_not_stale_stays_as_committed() -> None:
    other = book()
    other["numbers"]["index"] = records.number(72.4512345678 + 1e-8, 1, source="csi")
    other["numbers"]["share"] = records.stored(0.93, 1, source="x.json", percent=True)
    other["listings"]["one"]["output"] = "norvane  70.8  2.3\nquillam  67.1  2.1"
    kept = records.settled(book(), other)
    assert kept["numbers"]["index"] == book()["numbers"]["index"]
    assert kept["numbers"]["share"]["value"] == 0.93
    assert kept["listings"] == book()["listings"]
    assert records.settled(None, other) == other


def test_numbers_in_words() -> None:
    assert records.in_words(-1234.56, 1) == "−1,234.6"
    assert records.in_words(-0.04, 1) == "0.0"
    assert records.stored(0.949, 1, source="x", percent=True, sign=True)["text"] == "94.9\u00a0%"
    with pytest.raises(ValueError, match="cannot be printed"):
        records.number(math.nan, 1, source="x")
