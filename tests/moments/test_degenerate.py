"""Samples and draws in which an item does not vary: told and counted, never fitted or a crash."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.pls import fit_pls
from csi.model.model import Model
from csi.moments.blocks import Block, Sample
from csi.moments.groups import moments_of_rows
from csi.moments.replicates import draw_moments

Rows = Callable[..., Array]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
@pytest.mark.parametrize("n", [12, 25])
def test_draws_without_the_only_other_answer(
    small: Model, factor_rows: Rows, missing: Any, weighted: bool, n: int
) -> None:
    rows = factor_rows(n, 5, 2)
    rows[:, 4] = 8.0
    rows[0, 4] = 9.0  # a draw without the first respondent has a constant item
    weights = np.random.default_rng(44).uniform(0.3, 2.7, n) if weighted else np.ones(n)
    if missing != "complete":
        rows[3, 1] = np.nan
    sample = Sample(small.items, rows, weights, np.arange(n))
    block = Block("x", (0,), (sample,), np.zeros(n, dtype=np.int64))
    (drawn,) = draw_moments(block, missing, draws=1000, seed=42)
    who = Sample(("first",), np.eye(n)[:, :1], np.ones(n), np.arange(n))
    (share,) = draw_moments(Block("x", (0,), (who,), block.strata), "complete", draws=1000, seed=42)
    without = np.abs(share.mean[:, 0]) < 1e-9
    assert 300 < without.sum() < 450  # (1 - 1/n)**(n - 1) of 1,000
    whole = moments_of_rows(rows, weights, small.items, missing)
    assert whole.problems == ()
    fit = fit_pls(small, drawn, like=fit_pls(small, whole))
    gone = np.isnan(fit.paths).any(axis=(1, 2))
    assert gone[without].all()
    assert not fit.converged[gone].any()
    # a handful of respondents may leave other items, or all of them together, singular
    assert gone[~without].mean() < (0.05 if n == 12 else 0.001)


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
@pytest.mark.parametrize("gap", [False, True])
def test_constant_item_is_named(small: Model, factor_rows: Rows, missing: Any, gap: bool) -> None:
    rows = factor_rows(25, 5, 41)
    rows[:, 4] = 8.0
    if gap:
        rows[5, 1] = np.nan
    found = moments_of_rows(rows, np.ones(25), small.items, missing)
    assert found.problems == ("all gave the same answer to b2",)
    assert np.isnan(fit_pls(small, found).paths).all()


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
@pytest.mark.parametrize("gap", [False, True])
def test_item_asked_twice_is_a_problem(
    small: Model, factor_rows: Rows, missing: Any, gap: bool
) -> None:
    rows = factor_rows(25, 5, 41)
    rows[:, 4] = rows[:, 3]
    if gap:
        rows[5, 1] = np.nan
    (problem,) = moments_of_rows(rows, np.ones(25), small.items, missing).problems
    assert "not positive definite" in problem or "two items may say the same" in problem
