"""PLS-POS: the objective by refitting, the top by trying every move, known segments."""

from dataclasses import replace

import numpy as np
import pytest

from csi.compare.segments import FimixOptions, PosOptions, fimix, pos
from csi.compare.segments.climb import Ground, _Position, climb, gains, ground_of
from csi.compare.segments.kernel_moves import (
    answer_products,
    moments_of_sums,
    structural_distances,
)
from csi.compare.segments.kernel_starts import random_partitions
from csi.compare.segments.scored import scored
from csi.errors import OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model import Model
from csi.moments.groups import moments_of_rows
from csi.survey.survey import Survey
from tests.compare.segments.cases import OPPOSITE, told_apart, two_segments
from tests.index.conftest import MakeSurvey

Divided = tuple[Survey, np.ndarray]
TIGHT = PLSOptions(tolerance=1e-12, max_steps=2000)


def small_ground(
    make_survey: MakeSurvey,
    model: Model,
    *,
    target: str = "",
    weighted: bool = True,
    least: int = 15,
) -> Ground:
    rows, _ = two_segments(90, 8)
    weights = np.random.default_rng(1).uniform(0.5, 2.0, size=90)
    own = scored(make_survey(rows, weights=weights), model, None, TIGHT)
    return ground_of(
        model, TIGHT, own.sample.rows, own.sample.weights, own.scores, target, weighted, least
    )


def by_refitting(ground: Ground, segment: np.ndarray, rows: np.ndarray) -> float:
    """Objective of a partition from moments of rows, segment by segment."""
    total = 0.0
    for k in range(int(segment.max()) + 1):
        own = segment == k
        moments = moments_of_rows(rows[own], ground.weights[own], ground.model.items, "complete")
        fit = fit_pls(ground.model, moments, TIGHT)
        factor = ground.weights[own].sum() / ground.weights.sum() if ground.weighted else 1.0
        total += factor * float(np.nansum(fit.r2[ground.counted]))
    return total


def test_moments_of_any_batch() -> None:
    rows = np.random.default_rng(1).normal(size=(2, 3, 20, 4))
    sums = np.stack([[answer_products(rows[i, j]).sum(axis=0) for j in range(3)] for i in range(2)])
    mean, cov = moments_of_sums(sums, 4)
    for i, j in np.ndindex(2, 3):
        np.testing.assert_allclose(mean[i, j], rows[i, j].mean(axis=0), atol=1e-12)
        np.testing.assert_allclose(cov[i, j], np.cov(rows[i, j].T, ddof=0), atol=1e-12)
        single = moments_of_sums(sums[i, j], 4)
        np.testing.assert_array_equal(single[1], cov[i, j])


def test_distances_by_hand() -> None:
    rng = np.random.default_rng(2)
    scores, paths = rng.normal(size=(7, 3)), np.zeros((2, 3, 3))
    paths[:, 0, 1], paths[:, 1, 2] = [0.5, -0.2], [0.3, 0.9]
    found = structural_distances(scores, paths, [1, 2])
    for k in range(2):
        expected = np.zeros(7)
        for source, target in ((0, 1), (1, 2)):
            square = (scores[:, target] - paths[k, source, target] * scores[:, source]) ** 2
            expected += np.sqrt(square / square.sum())
        np.testing.assert_allclose(found[:, k], expected, atol=1e-12)


@pytest.mark.parametrize(("target", "weighted"), [("", True), ("", False), ("Loyalty", True)])
def test_gain_of_a_move_is_that_of_refitting(
    make_survey: MakeSurvey, model: Model, target: str, weighted: bool
) -> None:
    ground = small_ground(make_survey, model, target=target, weighted=weighted)
    rows = ground.products[:, 1:9]  # centred answers
    segment = random_partitions(np.random.default_rng(3), 90, 3, 1)[0]
    here = _Position(ground, segment, 3)
    assert here.value == pytest.approx(by_refitting(ground, segment, rows), abs=1e-9)
    who = np.arange(0, 90, 9)
    to = (segment[who] + 1) % 3
    found = gains(ground, here, who, to)
    for i, k, gain in zip(who, to, found, strict=True):
        moved = segment.copy()
        moved[i] = k
        expected = by_refitting(ground, moved, rows) - here.value
        assert gain == pytest.approx(expected, abs=1e-8)  # PLS settles at 1e-12


def test_the_end_is_a_top(make_survey: MakeSurvey, model: Model) -> None:
    ground = small_ground(make_survey, model)
    start = random_partitions(np.random.default_rng(4), 90, 2, 1)[0]
    ended = climb(ground, start, 2, depth=7, max_rounds=1000)
    assert ended.converged
    assert ended.objective > _Position(ground, start, 2).value
    here = _Position(ground, ended.segment, 2)
    free = np.flatnonzero(here.n[ended.segment] > ground.least)
    gain = gains(ground, here, free, 1 - ended.segment[free])
    assert np.nanmax(gain) <= 1e-6
    assert here.n.min() >= ground.least
    cut = climb(ground, start, 2, depth=7, max_rounds=1)
    assert not cut.converged
    assert cut.objective <= ended.objective


def test_known_segments_are_found(make_survey: MakeSurvey, model: Model) -> None:
    answers, truth = two_segments(400, 10, paths=OPPOSITE)
    survey = make_survey(answers)
    found = pos(survey, model, PosOptions(starts=4))
    members = found.members
    right = np.mean(members["segment"].to_numpy() - 1 == truth[members["row"]])
    best = np.mean(
        told_apart(found.scored.scores, 0.6, OPPOSITE) == truth[found.scored.sample.numbers]
    )
    assert max(right, 1 - right) > best - 0.08
    # R2 of the true segments is .81 (less what items leave open) and cannot be far exceeded
    assert (found.solution().r2[:, 1:] > 0.6).all()
    rows = found.criteria.set_index("segments")
    assert rows.loc[2, "mean_r2"] > rows.loc[1, "mean_r2"] + 0.1
    assert rows.loc[2, "lowest"] <= rows.loc[2, "objective"]
    assert rows.loc[2, "converged"]
    single = fit_pls(
        model,
        moments_of_rows(survey.columns(model.items), np.ones(400), model.items, "complete"),
    )
    assert rows.loc[1, "objective"] == pytest.approx(np.nansum(single.r2), abs=1e-9)


def test_the_solution_is_the_fit_of_each_segment(divided: Divided, model: Model) -> None:
    survey, _ = divided
    found = pos(survey, model, PosOptions(starts=1, pls=TIGHT))
    rows = found.scored.sample.rows
    for k in range(2):
        own = found.solution().segment == k
        moments = moments_of_rows(rows[own], np.ones(own.sum()), model.items, "complete")
        fit = fit_pls(model, moments, TIGHT)
        np.testing.assert_allclose(found.solution().paths[k], fit.paths, atol=1e-9)
        np.testing.assert_allclose(found.solution().r2[k], fit.r2, atol=1e-9)


def test_a_given_start_is_climbed_from(divided: Divided, model: Model) -> None:
    survey, _ = divided
    first = fimix(survey, model, FimixOptions(most=2, starts=6))
    found = pos(survey, model, PosOptions(starts=1), start=first)
    assert found.criteria["starts"].tolist() == [1, 2]
    ground = ground_of(
        model, PLSOptions(), found.scored.sample.rows, found.scored.sample.weights,
        found.scored.scores, "", True, 30,
    )  # fmt: skip
    there = _Position(ground, np.array(first.solution(2).segment), 2).value
    assert found.criteria["objective"].iloc[1] >= there
    with pytest.raises(OptionError, match="other respondents"):
        pos(survey, model, where={"company": "A"}, start=first)
    with pytest.raises(OptionError, match="no solution with 3"):
        pos(survey, model, PosOptions(segments=3), start=first)
    with pytest.raises(OptionError, match="fewer than 290"):
        pos(survey, model, PosOptions(min_n=290), start=first)


def test_limits_and_seed(divided: Divided, model: Model) -> None:
    survey, _ = divided
    with pytest.raises(OptionError, match="more than 600"):
        pos(survey, model, PosOptions(segments=4, min_n=200))
    one, two = (pos(survey, model, PosOptions(starts=2, max_rounds=3)) for _ in range(2))
    np.testing.assert_array_equal(one.solution().segment, two.solution().segment)
    assert not one.criteria["converged"].iloc[1]
    (told,) = [verdict for verdict in one.verdicts if verdict.measure == "convergence"]
    assert told.grade == "poor"
    assert "3" in told.sentence.en


def test_scale_of_the_weights_does_not_matter(make_survey: MakeSurvey, model: Model) -> None:
    rows, _ = two_segments(200, 9)
    weights = np.random.default_rng(5).uniform(0.5, 2.0, size=200)
    survey = make_survey(rows, weights=weights)
    tenfold = replace(survey, design=replace(survey.design, weights=10 * weights))
    one, two = (pos(own, model, PosOptions(starts=2)) for own in (survey, tenfold))
    np.testing.assert_array_equal(one.solution().segment, two.solution().segment)
