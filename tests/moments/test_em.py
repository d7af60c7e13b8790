"""EM: the maximum of the observed-data likelihood, found by a second road and by lavaan."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import multivariate_normal

from csi.arrays import Array
from csi.moments.groups import moments_of_rows
from csi.moments.kernel import maximum_likelihood

Rows = Callable[..., Array]
SHARED = Path(__file__).parents[3] / "shared" / "reference" / "lavaan"


def log_likelihood(rows: Array, weights: Array, mean: Array, cov: Array) -> float:
    """Weighted log-likelihood of the answers there are, row by row."""
    total = 0.0
    for row, weight in zip(rows, weights, strict=True):
        here = ~np.isnan(row)
        if here.any():
            total += weight * multivariate_normal.logpdf(
                row[here], mean[here], cov[np.ix_(here, here)]
            )
    return float(total)


def unpack(theta: Array, p: int) -> tuple[Array, Array]:
    """Mean and covariance from means and a Cholesky factor with a logged diagonal."""
    root = np.zeros((p, p))
    root[np.tril_indices(p)] = theta[p:]
    root[np.diag_indices(p)] = np.exp(np.diag(root))
    return theta[:p], root @ root.T


@pytest.mark.parametrize(("p", "gone", "weighted"), [(3, 0.2, False), (4, 0.3, True)])
def test_direct_maximisation(factor_rows: Rows, p: int, gone: float, weighted: bool) -> None:
    rows = factor_rows(90, p, 20 + p, gone=gone)
    rng = np.random.default_rng(21)
    weights = rng.uniform(0.3, 2.5, 90) if weighted else np.ones(90)
    found = maximum_likelihood(rows, weights[None], tolerance=1e-9)
    assert found.converged.all()
    mean, cov = found.mean[0], found.cov[0]

    def loss(theta: Array) -> float:
        return -log_likelihood(rows, weights, *unpack(theta, p)) / weights.sum()

    start_root = np.diag(np.log(np.nanstd(rows, axis=0)))
    start = np.concatenate([np.nanmean(rows, axis=0), start_root[np.tril_indices(p)]])
    best = minimize(loss, start, method="BFGS", options={"gtol": 1e-6})
    other_mean, other_cov = unpack(best.x, p)
    np.testing.assert_allclose(mean, other_mean, rtol=0, atol=2e-4)
    np.testing.assert_allclose(cov, other_cov, rtol=0, atol=1e-3)
    assert log_likelihood(rows, weights, mean, cov) >= -best.fun * weights.sum() - 1e-6


def test_default_tolerance_is_tight_enough(factor_rows: Rows) -> None:
    rows = factor_rows(150, 5, 22, gone=0.25)
    sd = np.nanstd(rows, axis=0)
    usual = maximum_likelihood(rows, np.ones((1, 150)))
    tight = maximum_likelihood(rows, np.ones((1, 150)), tolerance=1e-12)
    assert usual.converged.all()
    assert tight.converged.all()
    assert tight.steps[0] > usual.steps[0]
    np.testing.assert_allclose(usual.mean / sd, tight.mean / sd, rtol=0, atol=2e-5)
    np.testing.assert_allclose(
        usual.cov / np.outer(sd, sd), tight.cov / np.outer(sd, sd), rtol=0, atol=2e-5
    )


def test_monotone_gap_has_a_closed_form(factor_rows: Rows) -> None:
    # one item with gaps: regression of it on the complete ones, carried to all respondents
    rows = factor_rows(120, 3, 23)
    rows[70:, 2] = np.nan
    found = maximum_likelihood(rows, np.ones((1, 120)), tolerance=1e-13)
    x, y = rows[:, :2], rows[:70, 2]
    design = np.column_stack([np.ones(70), x[:70]])
    slope, *_ = np.linalg.lstsq(design, y, rcond=None)
    noise = np.mean((y - design @ slope) ** 2)
    mean, cov = x.mean(axis=0), np.cov(x, rowvar=False, ddof=0)
    np.testing.assert_allclose(found.mean[0, :2], mean, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.cov[0, :2, :2], cov, rtol=0, atol=1e-9)
    assert found.mean[0, 2] == pytest.approx(slope[0] + slope[1:] @ mean, abs=1e-8)
    np.testing.assert_allclose(found.cov[0, 2, :2], cov @ slope[1:], rtol=0, atol=1e-8)
    assert found.cov[0, 2, 2] == pytest.approx(noise + slope[1:] @ cov @ slope[1:], abs=1e-8)


def test_weightings_are_independent(factor_rows: Rows) -> None:
    rows = factor_rows(80, 4, 24, gone=0.15)
    weights = np.random.default_rng(25).integers(0, 4, (6, 80)).astype(float)
    together = maximum_likelihood(rows, weights)
    assert together.converged.all()
    for k in range(6):
        alone = maximum_likelihood(rows, weights[k][None])
        assert alone.steps[0] == together.steps[k]
        np.testing.assert_allclose(alone.mean[0], together.mean[k], rtol=0, atol=1e-12)
        np.testing.assert_allclose(alone.cov[0], together.cov[k], rtol=0, atol=1e-12)


def test_order_of_rows_and_items(factor_rows: Rows) -> None:
    rows = factor_rows(100, 4, 26, gone=0.2)
    rng = np.random.default_rng(27)
    order, items = rng.permutation(100), rng.permutation(4)
    one = maximum_likelihood(rows, np.ones((1, 100)))
    other = maximum_likelihood(rows[order][:, items], np.ones((1, 100)))
    np.testing.assert_allclose(one.mean[0][items], other.mean[0], rtol=0, atol=1e-11)
    np.testing.assert_allclose(one.cov[0][np.ix_(items, items)], other.cov[0], rtol=0, atol=1e-11)


def test_limit_of_steps_is_told(factor_rows: Rows) -> None:
    rows = factor_rows(100, 4, 28, gone=0.2)
    stopped = maximum_likelihood(rows, np.ones((1, 100)), max_steps=2)
    assert not stopped.converged.any()
    assert stopped.steps.tolist() == [2]


def test_rows_without_any_answer_change_nothing(factor_rows: Rows) -> None:
    rows = factor_rows(60, 4, 29, gone=0.2)
    one = maximum_likelihood(rows, np.ones((1, 60)))
    padded = np.vstack([rows, np.full((7, 4), np.nan)])
    other = maximum_likelihood(padded, np.ones((1, 67)))
    np.testing.assert_allclose(one.mean, other.mean, rtol=0, atol=1e-13)
    np.testing.assert_allclose(one.cov, other.cov, rtol=0, atol=1e-13)


@pytest.mark.skipif(not SHARED.exists(), reason="no shared/reference/lavaan beside the checkout")
@pytest.mark.parametrize(("data", "case"), [("miss10", "fiml"), ("missblock", "fimlblk")])
@pytest.mark.parametrize("n", [250, 2000])
def test_likelihood_of_lavaan(data: str, case: str, n: int) -> None:
    # lavaan 0.6-14, missing = "fiml": unrestricted log-likelihood, 24 items, own EM (1e-5)
    known = json.loads((SHARED / f"lavaan_{case}_n{n}.json").read_text("utf-8"))
    with (SHARED / f"ecsi_n{n}_{data}.csv").open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    items = tuple(name for name in table[0] if name not in ("group", "cluster", "w"))
    assert len(items) == 24
    rows = np.array(
        [[float(row[i]) if row[i] not in ("", "NA") else np.nan for i in items] for row in table]
    )
    assert np.isnan(rows).mean() == pytest.approx(0.1, abs=0.02)
    found = moments_of_rows(rows, np.ones(n), items, "em")
    assert found.problems == ()
    own = log_likelihood(rows, np.ones(n), found.mean, found.cov)
    theirs = known["fit"]["unrestricted.logl"]
    assert own == pytest.approx(theirs, abs=0.01)
    assert own >= theirs - 1e-3  # a maximum: not below


@pytest.mark.parametrize(("n", "p", "seed"), [(20, 3, 10), (20, 6, 11)])
def test_weightings_that_run_away_stop_without_a_warning(n: int, p: int, seed: int) -> None:
    """Few rows, many gaps: a covariance loses its inverse; pytest makes warnings errors."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=n)
    rows = np.clip(np.round(6 + 1.7 * factor[:, None] + rng.normal(size=(n, p))), 1, 10)
    rows[rng.random((n, p)) < 0.4] = np.nan
    weights = rng.multinomial(n - 1, np.ones(n) / n, size=10) * n / (n - 1.0)
    found = maximum_likelihood(rows, weights)
    assert 0 < found.converged.sum() < 10
    settled = found.cov[found.converged]
    assert (np.linalg.eigvalsh(settled)[:, 0] > 0).all()
