"""Total effects are sums over all chains of paths."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csi.arrays import Array
from csi.estimate.effects import effects, total_effects
from csi.estimate.pls import fit_pls
from csi.model.model import Model
from csi.moments.values import Moments


def chains(coefficients: Array, source: int, target: int) -> Iterator[float]:
    """Product of the coefficients along each chain from source to target."""
    for middle in np.flatnonzero(coefficients[source]):
        step = float(coefficients[source, middle])
        if middle == target:
            yield step
        for rest in chains(coefficients, int(middle), target):
            yield step * rest


@given(q=st.integers(2, 6), seed=st.integers(0, 10_000), dense=st.floats(0.2, 1.0))
def test_sum_over_chains(q: int, seed: int, dense: float) -> None:
    rng = np.random.default_rng(seed)
    order = rng.permutation(q)
    coefficients = np.zeros((q, q))
    for i in range(q):
        for j in range(i + 1, q):
            if rng.random() < dense:
                coefficients[order[i], order[j]] = rng.normal()
    found = total_effects(coefficients)
    for a in range(q):
        for b in range(q):
            known = sum(chains(coefficients, a, b)) if a != b else 0.0
            assert found[a, b] == pytest.approx(known, abs=1e-10)


def test_effects_of_a_fit(ecsi: Model, resampled: Moments) -> None:
    fit = fit_pls(ecsi, resampled)
    found = effects(fit)
    np.testing.assert_array_equal(found.direct, fit.paths)
    np.testing.assert_allclose(found.total, found.direct + found.indirect, rtol=0, atol=1e-14)
    known = np.linalg.inv(np.eye(7) - fit.paths) - np.eye(7)
    np.testing.assert_allclose(found.total, known, rtol=0, atol=1e-12)
    image, loyalty = ecsi.names.index("Image"), ecsi.names.index("Loyalty")
    for k in (0, 17):
        assert found.total[k, image, loyalty] == pytest.approx(
            sum(chains(fit.paths[k], image, loyalty)), abs=1e-12
        )
        # direct; by satisfaction, with or without complaints: directly and in four ways from
        # expectation
        assert len(list(chains(fit.paths[k], image, loyalty))) == 1 + 2 * (1 + 4)
    assert not found.total.flags.writeable


def test_a_broken_member_stays_alone() -> None:
    coefficients = np.zeros((2, 3, 3))
    coefficients[:, 0, 1], coefficients[:, 1, 2] = 0.5, 0.4
    coefficients[0] = np.nan
    found = total_effects(coefficients)
    assert found[1, 0, 2] == pytest.approx(0.2)
    assert np.isnan(found[0]).all()
