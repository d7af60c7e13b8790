"""People who rate several companies: groups of shared units are domains, by every road."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from csi.estimate.bca import acceleration
from csi.index import IndexOptions, YearlyIndex, yearly
from csi.index.cells import Units
from csi.index.figures import _ratio
from csi.index.fitting import fit_block
from csi.index.levels import Level, levels
from csi.index.linear import combined
from csi.index.pool import WeightSet
from csi.model import Model
from csi.moments.blocks import blocks_of
from csi.moments.groups import cells_of
from csi.moments.replicates import plan_replicates
from csi.survey.survey import Survey
from tests.index.conftest import MakeSurvey, answers

COMPANIES = "ABC"


@pytest.fixture(scope="module")
def survey(make_survey: MakeSurvey) -> Survey:
    """300 people in 4 strata that differ by a point each; each rates one or two companies."""
    rng = np.random.default_rng(3)
    stratum = np.repeat(np.arange(4), [150, 80, 50, 20])
    rows, company, person = [], [], []
    for number, own in enumerate(stratum):
        for at in rng.choice(3, size=rng.integers(1, 3), replace=False, p=[0.5, 0.3, 0.2]):
            rows.append(answers(1, rng, 5.0 + own)[0])
            company.append(COMPANIES[at])
            person.append(number)
    people = np.array(person)
    return make_survey(
        np.array(rows),
        company=company,
        clusters=people,
        strata=stratum[people],
        weights=1.0 + 0.5 * stratum[people],
    )


def run(survey: Survey, model: Model, **given: object) -> YearlyIndex:
    options = replace(IndexOptions(draws=400, min_n=10, missing="complete"), **given)
    return yearly(survey, model, group="company", options=options)


def by_hand(survey: Survey) -> np.ndarray:
    """Covariance of the companies' index with equal weights, from all people written out."""
    people = np.unique(survey.design.clusters, return_inverse=True)[1]
    score = 100.0 * (survey.answers[:, 3:6].mean(axis=1) - 1.0) / 9.0
    z = np.zeros((people.max() + 1, 3))
    for column, name in enumerate(COMPANIES):
        here = survey.keys["company"] == name
        w = survey.design.weights[here]
        own = w * (score[here] - np.average(score[here], weights=w)) / w.sum()
        np.add.at(z[:, column], people[here], own)
    stratum = np.zeros(len(z), dtype=int)
    stratum[people] = survey.design.strata
    found = np.zeros((3, 3))
    for own in np.unique(stratum):
        part = z[stratum == own] - z[stratum == own].mean(axis=0)
        found += len(part) / (len(part) - 1.0) * part.T @ part
    return found


R_ERRORS = (1.225335544, 1.488200130, 1.937518959)
R_COVARIANCE = -0.05221390378
"""Of A and C. R 4.2.2, survey 4.1.1: svydesign(ids = ~person, strata = ~stratum, weights = ~weight,
data), svyby(~score, ~company, design, svymean, covmat = TRUE); score is the mean of the three items
from 0 to 100."""


def test_linearised_errors_are_those_of_domains(survey: Survey, model: Model) -> None:
    found = run(survey, model, replicates="delta", weights="equal")
    own = found.figures[found.figures["construct"] == "Satisfaction"]
    cov = by_hand(survey)
    np.testing.assert_allclose(own["se"], np.sqrt(np.diag(cov)), rtol=1e-10)
    np.testing.assert_allclose(own["se"], R_ERRORS, rtol=1e-9)  # digits printed
    assert cov[0, 2] == pytest.approx(R_COVARIANCE, rel=1e-9)
    joint, j = found.joint, 1
    both = [(f, joint.linear[at].units, joint.linear[at].scores[:, j])
            for f, at in ((1.0, 0), (-1.0, 2))]  # fmt: skip
    wanted = cov[0, 0] + cov[2, 2] - 2.0 * cov[0, 2]
    assert combined(both).variance == pytest.approx(wanted, rel=1e-10)


def test_normal_draws_have_the_covariances_of_domains(survey: Survey, model: Model) -> None:
    """4,000 draws leave 1.1 % of a standard deviation and 0.016 of a correlation: four of each."""
    draws = run(survey, model, replicates="delta", weights="equal", draws=4000).joint.draws[:, 1]
    cov = by_hand(survey)
    sd = np.sqrt(np.diag(cov))
    np.testing.assert_allclose(draws.std(axis=1, ddof=1), sd, rtol=0.045)
    np.testing.assert_allclose(np.corrcoef(draws), cov / np.outer(sd, sd), atol=0.065)


def test_the_roads_meet(survey: Survey, model: Model) -> None:
    """Leaving each person out in turn is exact but for curvature: 3 % at 87 respondents."""
    delta, jackknife = (run(survey, model, replicates=m) for m in ("delta", "jackknife"))
    np.testing.assert_allclose(delta.figures["se"], jackknife.figures["se"], rtol=0.03)


def test_a_stratum_with_one_person_of_the_group_has_a_variance(
    model: Model, survey: Survey
) -> None:
    keep = np.ones(len(survey), dtype=bool)
    few = np.flatnonzero((survey.keys["company"] == "C") & (survey.design.strata == 3))
    keep[few[1:]] = False
    design = survey.design
    less = replace(
        survey,
        answers=survey.answers[keep],
        keys={name: values[keep] for name, values in survey.keys.items()},
        respondents=survey.respondents[keep],
        design=replace(
            design,
            weights=design.weights[keep],
            strata=design.strata[keep],
            clusters=design.clusters[keep],
        ),
    )
    found = run(less, model, replicates="delta", weights="equal")
    own = found.figures[found.figures["construct"] == "Satisfaction"]
    np.testing.assert_allclose(own["se"], np.sqrt(np.diag(by_hand(less))), rtol=1e-10)


def test_strata_of_different_blocks_are_different_ones() -> None:
    """Levels of strata that lie far apart: the sum has the variances of both, no more."""
    rng = np.random.default_rng(5)
    parts = []
    for block, far in (("one", 0.0), ("two", 50.0)):
        strata = np.repeat([0, 1], 10)
        z = rng.normal(size=20) + far * np.where(strata == 0, 1.0, -1.0)
        parts.append((1.0, Units(block, np.arange(20), strata), z))
    alone = [combined([part]).variance for part in parts]
    assert combined(parts).variance == pytest.approx(sum(alone), rel=1e-12)


def test_acceleration_counts_units_without_a_contribution() -> None:
    rng = np.random.default_rng(4)
    z, strata = rng.exponential(size=30), np.repeat([0, 1], 15)
    every = np.concatenate([z, np.zeros(12)])
    of = np.concatenate([strata, np.repeat([0, 1], [5, 7])])
    sizes = np.array([20, 22])[strata]
    assert acceleration(z, strata, sizes) == pytest.approx(
        float(acceleration(every, of)), rel=1e-12
    )


def test_errors_of_a_change_grow_as_those_of_both_levels() -> None:
    """Where both errors are larger by the same factor so is that of the change, shared or not."""
    rng = np.random.default_rng(6)
    shared, factor = rng.normal(size=500), rng.uniform(0.8, 1.2, size=500)
    now, old = (
        Level(70.0, 18.0, 70.0 + shared + rng.normal(size=500), "own", ("S1",), ratio=factor)
        for _ in range(2)
    )
    np.testing.assert_allclose(_ratio(now, old), factor, rtol=1e-12)
    v = [float(np.var(level.draws, ddof=1)) for level in (now, old)]
    c = float(np.cov(now.draws, old.draws)[0, 1])
    steady = replace(old, ratio=np.ones(500))
    wanted = np.sqrt((v[0] * factor**2 + v[1] - 2.0 * c * factor) / (v[0] + v[1] - 2.0 * c))
    np.testing.assert_allclose(_ratio(now, steady), wanted, rtol=1e-12)


def test_without_shared_units_the_jackknife_takes_groups_for_domains(
    make_survey: MakeSurvey, model: Model
) -> None:
    """Its replicates leave units of the whole survey out; the other roads stay within the group.

    Domains: the hand calculation. A sample of its own: the same within the group alone, without
    the chance of how many of a stratum are in it. Curvature of the jackknife: 3 %.
    """
    rng = np.random.default_rng(3)
    stratum = np.repeat(np.arange(4), [150, 80, 70, 60])
    rows = np.vstack([answers(1, rng, 5.0 + own) for own in stratum])
    plain = make_survey(
        rows,
        company=rng.choice(list(COMPANIES), 360, p=[0.5, 0.3, 0.2]),
        strata=stratum,
        weights=1.0 + 0.5 * stratum,
    )
    found = {
        method: run(plain, model, replicates=method, weights="equal").figures
        for method in ("jackknife", "delta")
    }
    se = {m: f[f["construct"] == "Satisfaction"]["se"].to_numpy() for m, f in found.items()}
    domains = np.sqrt(np.diag(by_hand(plain)))
    np.testing.assert_allclose(se["jackknife"], domains, rtol=0.03)
    for at, name in enumerate(COMPANIES):
        here = np.flatnonzero(plain.keys["company"] == name)
        score = 100.0 * (rows[here, 3:6].mean(axis=1) - 1.0) / 9.0
        w = plain.design.weights[here]
        z = w * (score - np.average(score, weights=w)) / w.sum()
        own = [z[stratum[here] == h] for h in range(4)]
        variance = sum(len(part) * np.var(part, ddof=1) for part in own)
        assert se["delta"][at] == pytest.approx(np.sqrt(variance), rel=1e-10)
    assert (domains > 1.1 * se["delta"]).all()


def test_level_moves_with_weights_of_more_items_as_differences_say(
    survey: Survey, model: Model
) -> None:
    """Weights frozen in a year that asked more items do not add up to one over those of now."""
    cells = cells_of(survey, ("company",))
    items = model.items
    block = blocks_of(survey, [items] * 3, cells, "complete")[0]
    scale = dict.fromkeys(items, (1.0, 10.0))
    options = IndexOptions(replicates="delta", draws=100)
    plan = plan_replicates(survey, "delta", draws=100, seed=1)
    cell = fit_block(block, (model,) * 3, options, plan, scale)[0]
    sample = np.array([0.2, 0.5, 0.3, 0.15, 0.25, 0.2, 0.6, 0.4])  # S4 had the rest
    units = Units("base", np.arange(8), np.zeros(8, dtype=np.int64))
    weights = WeightSet(items, sample, None, "frozen", (units, np.eye(8)))
    parts = levels(cell, weights, scale)["Satisfaction"].parts
    step = 1e-5
    for at in (3, 4, 5):
        up, down = (
            levels(cell, replace(weights, sample=sample + side * np.eye(8)[at]), scale)
            for side in (step, -step)
        )
        moved = (up["Satisfaction"].score - down["Satisfaction"].score) / (2.0 * step)
        assert parts[1][2][at] == pytest.approx(moved, rel=1e-7)
