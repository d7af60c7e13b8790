"""Published arithmetic of the American index, and how ties are rounded."""

from __future__ import annotations

import pytest

from csi.compare.aggregation.published import Published, Rounding, published, rounded
from csi.errors import OptionError

# ACSI releases: relative changes as printed there beside the two scores
RELEASES = [
    (69, 71, 0, "+2.9 %"),
    (68, 65, 0, "-4.4 %"),
    (76.8, 76.2, 1, "-0.8 %"),
    (78.8, 78.4, 1, "-0.5 %"),
    (73.6, 73.3, 1, "-0.4 %"),  # the release of 2021 says -0.5 %: from unrounded scores
]


@pytest.mark.parametrize(("old", "new", "decimals", "relative"), RELEASES)
def test_changes_as_programmes_print_them(
    old: float, new: float, decimals: int, relative: str
) -> None:
    assert published(new, old, decimals=decimals).relative == relative


def test_from_printed_or_from_unrounded_figures() -> None:
    assert published(70.6, 69.4, decimals=0) == Published("71", "+2", "+2.9 %")
    plain = published(70.6, 69.4, decimals=0, change_of="unrounded")
    assert plain == Published("71", "+1", "+1.7 %")
    assert published(73.26, 73.64, change_of="unrounded").relative == "-0.5 %"


def test_nothing_to_print() -> None:
    assert published(float("nan"), 70.0) == Published("", "", "")
    assert published(70.0) == Published("70.0", "", "")
    assert published(70.02, 70.04) == Published("70.0", "0.0", "0.0 %")
    assert published(70.0, 0.0).relative == ""


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(72.5, 0, "73"), (73.5, 0, "74"), (-0.5, 0, "-1"), (72.45, 1, "72.5"), (0.35, 1, "0.4"),
     (3 * 0.15, 1, "0.5"), (72.449999, 1, "72.4"), (-72.45, 1, "-72.5")],
)  # fmt: skip
def test_halves_go_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert str(rounded(value, decimals)) == text


def test_decimals_by_level() -> None:
    assert [Rounding().at(level) for level in range(5)] == [0, 0, 1, 1, 1]
    with pytest.raises(OptionError) as caught:
        Rounding(decimals=(0, 9), relative=-1, change_of="rounded")  # type: ignore[arg-type]
    assert len(caught.value.faults) == 3
    with pytest.raises(OptionError):
        Rounding(decimals=())
