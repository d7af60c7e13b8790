"""Polychoric and polyserial correlations and their influences against independent computations."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal

from csi.estimate.covariance import kernel_polychoric as ordered
from csi.estimate.covariance.polychoric import OrdinalGroup, ordinal_group
from csi.estimate.covariance.result import GroupRows


def group_of(rows: np.ndarray, ordinal: list[bool], weights: np.ndarray | None = None):
    n = len(rows)
    weights = np.ones(n) if weights is None else weights
    return ordinal_group(
        GroupRows(rows, weights, np.zeros(n, dtype=np.int64), np.arange(n)), np.array(ordinal)
    )


def answers(n: int, rho: float, cuts: tuple[list[float], list[float]], seed: int) -> np.ndarray:
    """Two ordered items of an underlying correlation."""
    rng = np.random.default_rng(seed)
    normal = ndtri(rng.random((n, 2)))
    normal[:, 1] = rho * normal[:, 0] + np.sqrt(1 - rho**2) * normal[:, 1]
    return np.stack([np.digitize(normal[:, k], cuts[k]) for k in (0, 1)], axis=1).astype(float)


@pytest.mark.parametrize("rho", [0.0, 0.3, -0.6, 0.87, 0.9, -0.97, 0.9995])
def test_bivariate_distribution_is_the_integral_over_one_variable(rho: float) -> None:
    h, k = np.array([[-1.7, 0.0, 0.4, 2.5]]), np.array([[-2.1, 0.01, 0.39, 1.1]])
    found = ordered.distribution(h, k, np.array([rho]))[0]
    rest = np.sqrt(1 - rho**2)
    for a, left in enumerate(h[0]):
        for b, right in enumerate(k[0]):

            def inner(x: float, right: float = right) -> float:
                return float(
                    np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr((right - rho * x) / rest)
                )

            bend = right / rho if rho else 0.0
            ends = [-9.0, *sorted(x for x in (bend - 8 * rest, bend, bend + 8 * rest)
                                  if -9 < x < left), left]  # fmt: skip
            whole = sum(
                quad(inner, low, high, epsabs=1e-13, epsrel=1e-12)[0]
                for low, high in pairwise(ends)
            )
            assert found[a, b] == pytest.approx(whole, abs=1e-12)


def test_cells_add_up_to_the_margins_and_slopes_are_differences() -> None:
    first, second = np.array([[-1.0, 0.2, ordered.FAR]]), np.array([[-0.5, 0.1, 1.4]])
    rho, step = np.array([0.55]), 1e-5
    cells = ordered.cells_of(first, second, rho)
    assert cells.probability.sum() == pytest.approx(1.0)
    assert cells.probability.sum(axis=2)[0, :2].cumsum() == pytest.approx(ndtr(first[0, :2]))
    assert cells.probability[0, 3] == pytest.approx(0.0, abs=1e-15)
    up, down = (ordered.cells_of(first, second, rho + s).probability for s in (step, -step))
    assert cells.slope == pytest.approx((up - down) / (2 * step), abs=1e-9)


@pytest.mark.parametrize(
    ("rho", "cuts"),
    [
        (0.5, ([-1.0, 0.0, 1.0], [-0.4, 0.9])),
        (-0.8, ([0.3], [-1.2, -0.5, 0.2, 0.8])),
        (0.95, ([-1.5, -0.5, 0.5, 1.5], [-1.5, -0.5, 0.5, 1.5])),
    ],
)
def test_correlation_is_the_maximum_of_the_likelihood(rho: float, cuts: tuple) -> None:
    rows = answers(500, rho, cuts, seed=3)
    group = group_of(rows, [True, True])
    bounds = []
    for column in rows.T:
        shares = np.cumsum(np.bincount(column.astype(int)))[:-1] / len(rows)
        bounds.append(np.concatenate([[-9.0], ndtri(shares), [9.0]]))
    table = np.zeros((len(bounds[0]) - 1, len(bounds[1]) - 1))
    np.add.at(table, tuple(rows.astype(int).T), 1)

    def minus_log(r: float) -> float:
        normal = multivariate_normal([0, 0], [[1, r], [r, 1]], abseps=1e-12, releps=1e-12)
        grid = np.array([[normal.cdf([h, k]) for k in bounds[1]] for h in bounds[0]])
        cells = np.diff(np.diff(grid, axis=0), axis=1)
        return -float(np.sum(table * np.log(np.maximum(cells, 1e-14))))

    best = minimize_scalar(minus_log, bounds=(-0.99, 0.99), method="bounded",
                           options={"xatol": 1e-7})  # fmt: skip
    # the flat top of a likelihood fixes its place to the root of rounding
    assert group.cov[1, 0] == pytest.approx(best.x, abs=2e-6)
    assert group.thresholds[0][: len(bounds[0]) - 2] == pytest.approx(bounds[0][1:-1])
    assert group.converged.all()
    assert not group.edge.any()


def test_categories_may_have_any_names_and_weights_stand_for_respondents() -> None:
    rows = answers(300, 0.6, ([-0.5, 0.5], [0.0, 1.0]), seed=5)
    plain = group_of(rows, [True, True])
    named = group_of(np.where(rows == 2, 10.0, rows) * 3 - 7, [True, True])
    assert named.cov == pytest.approx(plain.cov)
    turned = group_of(rows * [1, -1], [True, True])
    assert turned.cov[1, 0] == pytest.approx(-plain.cov[1, 0], abs=1e-9)
    cells, count = np.unique(rows, axis=0, return_counts=True)
    assert group_of(cells, [True, True], count.astype(float)).cov == pytest.approx(plain.cov)


def exact(rho: float, first: list[float], second: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """All cells of two items as respondents with the weights that the model gives them."""
    h, k = np.array([first]), np.array([second])
    cells = ordered.cells_of(
        np.pad(h, ((0, 0), (0, 3 - h.shape[1])), constant_values=ordered.FAR),
        np.pad(k, ((0, 0), (0, 3 - k.shape[1])), constant_values=ordered.FAR),
        np.array([rho]),
    ).probability[0][: len(first) + 1, : len(second) + 1]
    a, b = np.indices(cells.shape)
    return np.stack([a.ravel(), b.ravel()], axis=1).astype(float), cells.ravel()


def numerical(rows: np.ndarray, ordinal: list[bool], weights: np.ndarray, figure) -> np.ndarray:
    """The influence of every respondent by a little more weight on him."""
    step = 1e-5
    found = []
    for at in range(len(rows)):
        sides = []
        for sign in (1, -1):
            moved = weights * (1 - sign * step)
            moved[at] += sign * step
            sides.append(figure(group_of(rows, ordinal, moved)))
        found.append((sides[0] - sides[1]) / (2 * step))
    return np.array(found)


def test_influence_on_thresholds_and_correlation_is_that_of_more_weight() -> None:
    rows, weights = exact(0.6, [-0.7, 0.1, 0.9], [-0.2, 0.8])
    group = group_of(rows, [True, True], weights)
    assert group.cov[1, 0] == pytest.approx(0.6, abs=1e-9)
    by_weight = numerical(rows, [True, True], weights, lambda g: g.cov[1, 0])
    # where the model holds, means of products of slopes are its information: no difference left
    assert group.influence(slice(None))[:, 1] == pytest.approx(by_weight, abs=2e-4)
    of_threshold = numerical(rows, [True, True], weights, lambda g: g.thresholds[0][1])
    own = group.answered[0][rows[:, 0].astype(int), 1]
    assert own == pytest.approx(of_threshold, abs=1e-5)


def serial_exact(rho: float, cuts: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """A continuous item at the nodes of an integral and an ordered item, with exact weights."""
    nodes, size = np.polynomial.hermite_e.hermegauss(25)
    edges = np.array([-np.inf, *cuts, np.inf])
    below = ndtr((edges - rho * nodes[:, None]) / np.sqrt(1 - rho**2))
    weights = size[:, None] / size.sum() * np.diff(below, axis=1)
    z, a = np.repeat(nodes, len(cuts) + 1), np.tile(np.arange(len(cuts) + 1), 25)
    keep = weights.ravel() > 1e-9
    return np.stack([a, 3 + 2 * z], axis=1)[keep], weights.ravel()[keep]


def test_polyserial_covariance_and_its_influence() -> None:
    rows, weights = serial_exact(0.7, [-0.6, 0.4])
    group = group_of(rows, [True, False], weights)
    assert group.cov == pytest.approx(np.array([[1, 1.4], [1.4, 4]]), abs=1e-6)
    by_weight = numerical(rows, [True, False], weights, lambda g: g.cov[1, 0])
    assert group.influence(slice(None))[:, 1] == pytest.approx(by_weight, abs=2e-3)
    variance = numerical(rows, [True, False], weights, lambda g: g.cov[1, 1])
    assert group.influence(slice(None))[:, 2] == pytest.approx(variance, abs=1e-3)


def test_polyserial_is_the_maximum_of_the_likelihood() -> None:
    rng = np.random.default_rng(8)
    z = ndtri(rng.random(400))
    under = -0.5 * z + np.sqrt(0.75) * ndtri(rng.random(400))
    rows = np.stack([np.digitize(under, [-0.5, 0.7]), 10 * z], axis=1).astype(float)
    group = group_of(rows, [True, False])
    away = (rows[:, 1] - rows[:, 1].mean()) / rows[:, 1].std()
    edges = np.array([-np.inf, *group.thresholds[0], np.inf])

    def minus_log(r: float) -> float:
        at = (edges - r * away[:, None]) / np.sqrt(1 - r * r)
        a = rows[:, 0].astype(int)
        i = np.arange(len(a))
        return -float(np.log(ndtr(at[i, a + 1]) - ndtr(at[i, a])).sum())

    best = minimize_scalar(minus_log, bounds=(-0.99, 0.99), method="bounded",
                           options={"xatol": 1e-9})  # fmt: skip
    assert group.cov[1, 0] / rows[:, 1].std() == pytest.approx(best.x, abs=1e-6)


def test_two_continuous_items_have_the_asymptotic_covariances_of_products() -> None:
    rng = np.random.default_rng(9)
    rows = rng.exponential(size=(300, 2)) @ np.array([[1.0, 0.4], [0.0, 1.0]])
    group = group_of(rows, [False, False])
    away = rows - rows.mean(axis=0)
    products = np.stack([away[:, 0] ** 2, away[:, 0] * away[:, 1], away[:, 1] ** 2], axis=1)
    assert group.gamma() == pytest.approx(np.cov(products.T, bias=True))
    assert group.spread() == pytest.approx(np.diag(group.gamma()))
    sums = group.unit_sums(np.arange(300), 300)
    assert 300 * sums.T @ sums == pytest.approx(group.gamma())


def test_an_empty_cell_of_four_gets_half_a_respondent() -> None:
    rows = np.repeat([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [40, 25, 35], axis=0)
    group = group_of(rows, [True, True])
    assert group.filled.all()
    table = np.array([[39.5, 25.5], [0.5, 34.5]])  # margins 65, 35 and 40, 60 as they were
    spread = np.repeat([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], 1, axis=0)
    known = group_of(spread, [True, True], table.ravel())
    assert group.cov[1, 0] == pytest.approx(known.cov[1, 0], abs=1e-8)
    assert 0.8 < group.cov[1, 0] < 1.0


def test_a_correlation_without_a_maximum_is_told() -> None:
    a = np.arange(200.0) // 50
    group: OrdinalGroup = group_of(np.stack([a, a], axis=1), [True, True])
    assert group.edge[0, 1]
    assert group.cov[0, 1] == pytest.approx(ordered.LARGEST)
