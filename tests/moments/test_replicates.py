"""Moments of draws are the moments of the rows that were drawn.

How often each respondent was drawn is read from outside: a sample with one item a respondent,
1 for him and 0 for the others, drawn with the same seed and label, has their shares as item means.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array, IntArray
from csi.errors import MomentsError, OptionError
from csi.model.model import Model
from csi.moments import replicate_moments
from csi.moments.blocks import Block, Sample
from csi.moments.groups import moments_of_rows
from csi.moments.replicates import draw_moments
from csi.moments.values import Missing, Moments
from csi.survey.survey import Survey

Rows = Callable[..., Array]
Build = Callable[..., Survey]


def draw(
    rows: Array, names: Sequence[str], draws: int, seed: int, missing: Missing, **design: Any
) -> Moments:
    """Draw moments of rows in the order given: `replicate_moments` puts them in one of its own."""
    n = len(rows)
    units = np.asarray(design.get("clusters", np.arange(n)))
    strata = np.zeros(units.max() + 1, dtype=np.int64)
    strata[units] = design.get("strata", 0)
    sample = Sample(tuple(names), rows, design.get("weights", np.ones(n)), units)
    (drawn,) = draw_moments(Block("x", (0,), (sample,), strata), missing, draws=draws, seed=seed)
    return drawn


def factors(n: int, **design: Any) -> Array:
    """Return n_h / (n_h - 1) of each respondent, from his stratum's units; 1 for a lonely unit."""
    units = np.asarray(design.get("clusters", np.arange(n)))
    strata = np.broadcast_to(design.get("strata", 0), n)
    sizes = np.array([len(np.unique(units[strata == stratum])) for stratum in strata])
    return np.asarray(np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 1.0))


def counts_of(n: int, draws: int, seed: int, **design: Any) -> IntArray:
    """Count how often each respondent was drawn, (draws, n), by one item a respondent."""
    design.pop("weights", None)
    drawn = draw(np.eye(n), [f"r{k}" for k in range(n)], draws, seed, "complete", **design)
    counts = drawn.mean * drawn.sum_weights[:, None] / factors(n, **design)
    np.testing.assert_allclose(counts, np.round(counts), rtol=0, atol=1e-9)
    return np.round(counts).astype(np.int64)


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
@pytest.mark.parametrize("weighted", [False, True])
def test_moments_of_the_rows_drawn(
    small: Model, factor_rows: Rows, missing: Any, weighted: bool
) -> None:
    n, draws = 50, 12
    rows = factor_rows(n, 5, 31, gone=0.0 if missing == "complete" else 0.12)
    weights = np.random.default_rng(32).uniform(0.3, 2.5, n) if weighted else np.ones(n)
    drawn = draw(rows, small.items, draws, 33, missing, weights=weights)
    counts = counts_of(n, draws, 33)
    assert (counts.sum(axis=1) == n - 1).all()
    assert counts.max() > 1
    close = 2e-3 if missing == "em" else 1e-11  # EM of a draw stops at a step of 1e-5
    for k in range(draws):
        again = np.repeat(np.arange(n), counts[k])
        known = moments_of_rows(rows[again], weights[again], small.items, missing)
        assert known.problems == () or missing == "pairwise"
        np.testing.assert_allclose(drawn.mean[k], known.mean, rtol=0, atol=close)
        np.testing.assert_allclose(drawn.cov[k], known.cov, rtol=0, atol=close)
        assert drawn.sum_weights[k] == pytest.approx(weights[again].sum() * n / (n - 1))
    assert drawn.batch == (draws,)
    assert (drawn.n == n).all()


def test_slow_loop_of_numpy(small: Model, factor_rows: Rows) -> None:
    n = 40
    rows = factor_rows(n, 5, 34)
    design = {"strata": np.repeat([0, 1, 2], [3, 12, 25])}
    weights = np.random.default_rng(35).uniform(0.3, 2.5, n)
    drawn = draw(rows, small.items, 20, 36, "complete", weights=weights, **design)
    counts = counts_of(n, 20, 36, **design)
    scale = np.array([3 / 2, 12 / 11, 25 / 24])[design["strata"]]
    for k in range(20):
        again = np.repeat(np.arange(n), counts[k])
        own = (weights * scale)[again]
        if (rows[again].std(axis=0) == 0).any():
            assert np.isnan(drawn.cov[k]).all()
            continue
        np.testing.assert_allclose(
            drawn.mean[k], np.average(rows[again], axis=0, weights=own), rtol=0, atol=1e-12
        )
        np.testing.assert_allclose(
            drawn.cov[k], np.cov(rows[again], rowvar=False, ddof=0, aweights=own), atol=1e-11
        )
    assert np.isfinite(drawn.cov).all(axis=(1, 2)).sum() > 15


def test_units_are_drawn_within_strata() -> None:
    strata = np.repeat([0, 1, 2, 3], [2, 5, 20, 1])
    counts = counts_of(28, 400, 37, strata=strata)
    for stratum, size in ((0, 2), (1, 5), (2, 20)):
        assert (counts[:, strata == stratum].sum(axis=1) == size - 1).all()
    assert (counts[:, strata == 3] == 1).all()  # a unit without others cannot be replaced
    # each unit (n_h - 1) / n_h times on average, with the variance of a multinomial draw
    part = counts[:, strata == 2]
    assert part.mean() == pytest.approx(0.95)
    assert part.var(axis=0).mean() == pytest.approx(19 * (1 / 20) * (19 / 20), rel=0.1)


def test_clusters_are_drawn_whole() -> None:
    clusters = np.repeat(np.arange(8), [1, 2, 3, 4, 5, 6, 7, 8])
    counts = counts_of(36, 100, 38, clusters=clusters)
    first = np.concatenate([[0], np.cumsum(range(1, 8))])
    np.testing.assert_array_equal(counts, counts[:, first][:, clusters])
    assert (counts[:, first].sum(axis=1) == 7).all()


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
def test_order_of_the_file_does_not_matter(
    small: Model, factor_rows: Rows, survey_of: Build, missing: Any
) -> None:
    rng = np.random.default_rng(45)
    rows, weights = factor_rows(70, 5, 46, gone=0.05), rng.uniform(0.5, 2.0, 70)
    clusters = np.repeat(np.arange(35), 2)
    order = rng.permutation(70)

    def run(at: IntArray) -> Moments:
        survey = survey_of(rows[at], small.items, weights=weights[at], clusters=clusters[at])
        return replicate_moments(survey, small, draws=30, seed=3, missing=missing)

    one, other = run(np.arange(70)), run(order)
    np.testing.assert_array_equal(one.mean, other.mean)
    np.testing.assert_array_equal(one.cov, other.cov)


def test_chance_is_fixed_by_seed_and_group_alone(
    small: Model, factor_rows: Rows, survey_of: Build
) -> None:
    rows = factor_rows(240, 5, 39)
    year = np.repeat(["2020", "2021", "2022"], 80)

    def run(keep: Any, seed: int, draws: int = 64) -> Any:
        survey = survey_of(rows[keep], small.items, year=year[keep])
        return replicate_moments(
            survey, small, draws=draws, seed=seed, by="year", missing="complete"
        )

    whole = run(slice(None), 5)
    assert whole.batch == (64, 3)
    np.testing.assert_array_equal(whole.cov, run(slice(None), 5).cov)
    assert not np.array_equal(whole.cov, run(slice(None), 6).cov)
    last = run(slice(80, None), 5)  # the first year is not in the file
    np.testing.assert_array_equal(whole.cov[:, 1:], last.cov)
    np.testing.assert_array_equal(whole.mean[:, 1:], last.mean)
    more = run(slice(None), 5, draws=200)
    np.testing.assert_array_equal(more.cov[:64], whole.cov)
    assert np.unique(more.mean[:, :, 0], axis=0).shape[0] > 150
    one, two = whole.mean[:, 0, 0], whole.mean[:, 1, 0]
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.4  # 3.2 errors of a correlation of 64 pairs


def test_draws_go_on_beyond_one_tile(small: Model, factor_rows: Rows, survey_of: Build) -> None:
    survey = survey_of(factor_rows(30, 5, 40), small.items)
    drawn = replicate_moments(survey, small, draws=2500, seed=1, missing="complete")
    assert np.isfinite(drawn.cov).all()
    means = drawn.mean[:, 0]
    assert not np.array_equal(means[:1024], means[1024:2048])
    spread = [means[part].std() for part in (slice(0, 1024), slice(1024, 2048), slice(2048, 2500))]
    np.testing.assert_allclose(spread, np.mean(spread), rtol=0.15)


def test_faults(small: Model, factor_rows: Rows, survey_of: Build) -> None:
    survey = survey_of(factor_rows(30, 5, 43), small.items)
    with pytest.raises(OptionError, match="1 is too few; take at least 2"):
        replicate_moments(survey, small, draws=1, seed=1)
    with pytest.raises(MomentsError) as caught:
        replicate_moments(survey, ["a1", "b7"], draws=10, seed=1, by="year")
    assert [fault.where for fault in caught.value.faults] == ["item b7", "key year"]
