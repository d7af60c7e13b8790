"""Moments of answers used again: those of the columns, copied, by every road there is."""

from __future__ import annotations

import numpy as np
import pytest

from csi.arrays import Array
from csi.model import models
from csi.moments import plan_replicates, replicate_moments
from csi.moments.blocks import Block, Sample, distinct_sample
from csi.moments.groups import moments_of_rows
from csi.moments.jackknife import jackknife_moments
from csi.moments.linear import sample_scores
from csi.moments.permutations import permuted_moments
from csi.moments.repeats import distinct_moments, expanded, expanded_vector_places
from csi.moments.replicates import draw_moments, replicate_block
from csi.moments.values import Missing, Moments
from csi.moments.vectors import moment_vector
from csi.simulation import MissingAnswers, catalogue_plan, simulate_plan
from csi.survey.read import read_survey
from csi.survey.survey import Survey

ITEMS = ("a", "b", "a@W", "b@W", "c")
COLUMNS = ("a", "b", "c")
AT = [0, 1, 0, 1, 2]
MISSING: tuple[Missing, ...] = ("complete", "pairwise", "em")


def sample(seed: int = 1, n: int = 60) -> Sample:
    """Three items with gaps and weights; two of them stand twice."""
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(n, 3)) + rng.normal(size=(n, 1))
    own[rng.random(own.shape) < 0.15] = np.nan
    own[:5] = rng.normal(size=(5, 3))
    return Sample(ITEMS, own[:, AT], rng.uniform(0.5, 2.0, n), np.arange(n), np.arange(n))


def plain(found: Sample) -> Sample:
    """The same sample with each column once, made without the code under test."""
    return Sample(COLUMNS, found.rows[:, [0, 1, 4]], found.weights, found.units, found.numbers)


def assert_copied(found: Moments, own: Moments, rtol: float = 0.0) -> None:
    """Every member of `found` is `own` with the columns at their places."""
    assert found.items == ITEMS
    assert own.items == COLUMNS
    np.testing.assert_allclose(found.mean, own.mean[..., AT], rtol=rtol)
    np.testing.assert_allclose(found.cov, own.cov[..., AT, :][..., AT], rtol=rtol)
    np.testing.assert_array_equal(found.answers, own.answers[..., AT])
    for name in ("n", "sum_weights", "n_effective"):
        np.testing.assert_allclose(getattr(found, name), getattr(own, name), rtol=rtol)
    assert not found.cov.flags.writeable


@pytest.mark.parametrize("missing", MISSING)
def test_moments_are_those_of_the_columns(missing: Missing) -> None:
    whole = sample()
    own = plain(whole)
    found = moments_of_rows(whole.rows, whole.weights, ITEMS, missing)
    assert not found.problems  # although these covariances have no inverse
    assert_copied(found, moments_of_rows(own.rows, own.weights, COLUMNS, missing))


def test_the_second_road_takes_the_rows_as_they_are() -> None:
    """Weighted means and covariances of duplicated complete rows, by their formula."""
    whole = sample()
    kept = ~np.isnan(whole.rows).any(axis=1)
    rows, w = whole.rows[kept], whole.weights[kept] / whole.weights[kept].sum()
    centred = rows - w @ rows
    found = moments_of_rows(whole.rows, whole.weights, ITEMS, "complete")
    np.testing.assert_allclose(found.mean, w @ rows, rtol=1e-12)
    np.testing.assert_allclose(found.cov, centred.T @ (w[:, None] * centred), rtol=1e-12)


@pytest.mark.parametrize("missing", MISSING)
def test_draws_are_those_of_the_columns(missing: Missing) -> None:
    whole = sample()
    strata = np.zeros(len(whole.rows), dtype=np.int64)
    blocks = [Block("x", (0,), (one,), strata) for one in (whole, plain(whole))]
    plan = plan_of("bootstrap")
    found, own = (replicate_block(block, missing, plan)[0] for block in blocks)
    assert_copied(found, own)
    assert np.isfinite(found.cov).all()
    np.testing.assert_array_equal(
        own.cov, draw_moments(blocks[1], missing, draws=100, seed=3)[0].cov
    )


def plan_of(method: str):  # type: ignore[no-untyped-def]
    """A plan of replicates for any sample that needs no multipliers."""
    return plan_replicates(survey(), method, draws=100, seed=3)  # type: ignore[arg-type]


def survey() -> Survey:
    plan = catalogue_plan("acsi_split", years=("2024", "2025"), seed=5, n=60,
                          missing=MissingAnswers(blank=0.08))  # fmt: skip
    drawn = simulate_plan(plan)
    return read_survey(drawn.answers, drawn.codebook)


@pytest.mark.parametrize("method", ["bootstrap", "jackknife", "gaussian"])
def test_every_method_of_replicates(method: str) -> None:
    model = models.acsi_split()
    both = [
        replicate_moments(survey(), items, draws=100, seed=2, method=method)  # type: ignore[arg-type]
        for items in (model.items, model.columns)
    ]
    at = [model.columns.index(item.partition("@")[0]) for item in model.items]
    np.testing.assert_array_equal(both[0].mean, both[1].mean[:, at])
    np.testing.assert_array_equal(both[0].cov, both[1].cov[:, at][:, :, at])
    there = np.isfinite(both[0].cov).all(axis=(1, 2))  # a normal draw of 120 may be no covariance
    assert there.mean() > 0.9
    assert there.all() or method == "gaussian"


@pytest.mark.parametrize("missing", MISSING)
def test_scores_and_jackknife(missing: Missing) -> None:
    whole = sample()
    own, u = plain(whole), len(whole.rows)
    moments = [moments_of_rows(s.rows, s.weights, s.items, missing) for s in (whole, own)]
    places = expanded_vector_places(ITEMS)
    scores = [sample_scores(s, u, m) for s, m in zip((whole, own), moments, strict=True)]
    np.testing.assert_array_equal(scores[0], scores[1][:, places])
    vectors = [moment_vector(m.mean, m.cov) for m in moments]
    np.testing.assert_array_equal(vectors[0], vectors[1][places])
    strata = np.zeros(u, dtype=np.int64)
    assert_copied(*(jackknife_moments(s, strata, missing) for s in (whole, own)))


@pytest.mark.parametrize("missing", ["complete", "em"])
def test_permutations(missing: Missing) -> None:
    parts = [sample(1), sample(2)]
    second = Sample(ITEMS, parts[1].rows, parts[1].weights, parts[1].units + 60, parts[1].numbers)
    found = permuted_moments(parts[0], second, missing, permutations=4, seed=1)
    own = permuted_moments(plain(parts[0]), plain(second), missing, permutations=4, seed=1)
    for one, other in zip(found, own, strict=True):
        assert_copied(one, other, rtol=1e-11)  # rows lie otherwise in memory: sums round otherwise


def test_there_and_back_in_any_batch() -> None:
    own = plain(sample())
    single = moments_of_rows(own.rows, own.weights, COLUMNS, "em")
    shapes: list[tuple[int, ...]] = [(), (3,), (2, 3)]
    for shape in shapes:

        def many(values: Array, shape: tuple[int, ...] = shape) -> Array:
            return np.broadcast_to(values, (*shape, *np.shape(values))).copy()

        batch = Moments(COLUMNS, many(single.mean), many(single.cov), many(single.n),
                        many(single.sum_weights), many(single.n_effective),
                        many(single.answers), "em")  # fmt: skip
        there = expanded(batch, ITEMS)
        assert_copied(there, batch)
        back = distinct_moments(there)
        np.testing.assert_array_equal(back.cov, batch.cov)
        assert back.items == COLUMNS
    assert expanded(single, COLUMNS) is single
    assert distinct_moments(single) is single
    assert distinct_sample(own) is own


def test_answers_and_scales_of_items_used_again() -> None:
    found = survey()
    both = found.columns(("OVERALLP", "OVERALLP@Quality"))
    np.testing.assert_array_equal(both[:, 0], both[:, 1])
    assert found.codebook.item("OVERALLP@Quality") is found.codebook.item("OVERALLP")
    assert found.lacking(("OVERALLP@Quality", "X", "Y@Quality", "X@Z")) == ("X", "Y")
    with pytest.raises(KeyError):
        found.columns(("Y@Quality",))
    with pytest.raises(KeyError):
        found.codebook.item("Y@Quality")
