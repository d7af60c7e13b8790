"""Weights of respondents in replicates give the moments that `replicate_block` makes."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from csi.arrays import Array
from csi.errors import OptionError
from csi.moments.blocks import Block, blocks_of
from csi.moments.groups import cells_of
from csi.moments.replicates import plan_replicates, replicate_block, replicate_weights
from csi.survey.survey import Survey

Build = Callable[..., Survey]
NAMES = ("q1", "q2", "q3")


@pytest.fixture(scope="module")
def surveys(survey_of: Build, factor_rows: Callable[..., Array]) -> dict[str, Survey]:
    """Ninety respondents: plain, with weights in strata and clusters, in a finite population."""
    rows = factor_rows(90, 3, 2)
    rng = np.random.default_rng(1)
    clusters = np.arange(90) // 3
    strata = clusters // 10
    designed = survey_of(
        rows, NAMES, weights=rng.uniform(0.5, 2.0, 90), strata=strata, clusters=clusters,
        group=list(np.where(rng.random(90) < 0.5, "A", "B")),
    )  # fmt: skip
    finite = replace(designed, design=replace(designed.design, fractions=np.full(90, 0.3)))
    return {"plain": survey_of(rows, NAMES), "designed": designed, "finite": finite}


def both(survey: Survey, method: str, by: tuple[str, ...]) -> list[tuple[Block, object]]:
    """Blocks and the plan of 40 replicates (or what the method makes)."""
    plan = plan_replicates(survey, method, draws=40, seed=7)
    cells = cells_of(survey, by)
    blocks = blocks_of(survey, [NAMES] * len(cells), cells, "complete")
    return [(block, plan) for block in blocks]


@pytest.mark.parametrize("method", ["bootstrap", "jackknife"])
@pytest.mark.parametrize("name", ["plain", "designed", "finite"])
def test_moments_are_the_same(surveys: dict[str, Survey], name: str, method: str) -> None:
    by = () if name == "plain" else ("group",)
    for block, plan in both(surveys[name], method, by):
        known = replicate_block(block, "complete", plan)
        count = len(known[0].mean)
        mean = [np.full(m.mean.shape, np.nan) for m in known]
        cov = [np.full(m.cov.shape, np.nan) for m in known]
        seen = np.zeros(count, dtype=int)
        for part, weights in replicate_weights(block, plan):
            seen[part] += 1
            for at, (sample, own) in enumerate(zip(block.samples, weights, strict=True)):
                share = own / own.sum(axis=1, keepdims=True)
                mean[at][part] = share @ sample.rows
                for k, r in enumerate(range(part.start, part.stop)):
                    away = sample.rows - mean[at][r]
                    cov[at][r] = (away * share[k][:, None]).T @ away
        assert np.all(seen == 1)
        for at, moments in enumerate(known):
            np.testing.assert_allclose(mean[at], moments.mean, rtol=1e-6)  # counts in float32
            np.testing.assert_allclose(cov[at], moments.cov, rtol=1e-5, atol=1e-6)


def test_what_weights_no_respondents_is_refused(surveys: dict[str, Survey]) -> None:
    ((block, plan),) = both(surveys["plain"], "gaussian", ())
    with pytest.raises(OptionError, match="does not weight respondents"):
        next(replicate_weights(block, plan))
