"""Labels beside points: free of each other and of the points wherever there is room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csi.report.label_places import place_beside


def touching(middles: np.ndarray, sizes: np.ndarray) -> int:
    apart = np.abs(middles[:, None] - middles[None])
    near = (apart < (sizes[:, None] + sizes[None]) / 2).all(axis=2)
    return int(near.sum() - len(middles)) // 2


@pytest.mark.parametrize("seed", range(5))
def test_labels_of_seventeen_points_do_not_touch(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = random.uniform((60, 60), (340, 240), (17, 2))
    sizes = np.tile([16.0, 11.0], (17, 1))
    middles = place_beside(points, sizes, radius=4.0, frame=(400, 300))
    assert touching(middles, sizes) == 0
    clear = np.abs(points[:, None] - middles[None]) >= sizes / 2
    assert clear.any(axis=2).all()  # no point lies under a label


def test_points_in_one_place_have_labels_around_it() -> None:
    points = np.full((6, 2), 100.0)
    sizes = np.tile([16.0, 11.0], (6, 1))
    middles = place_beside(points, sizes, radius=4.0, frame=(200, 200))
    assert touching(middles, sizes) == 0
    assert np.abs(middles - 100).max() < 60


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), min_size=1, max_size=12))
def test_labels_stay_in_the_frame_and_near(spots: list[tuple[float, float]]) -> None:
    points = np.array(spots)
    sizes = np.tile([16.0, 11.0], (len(points), 1))
    middles = place_beside(points, sizes, radius=4.0, frame=(300, 200))
    assert (middles - sizes / 2 >= -1e-9).all()
    assert (middles + sizes / 2 <= np.array([300, 200]) + 1e-9).all()
    assert np.abs(middles - points).max() < 4.5 * 4 + 16
