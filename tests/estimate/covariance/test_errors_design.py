"""Errors under weights, strata, clusters and finite populations, by a second road."""

from dataclasses import replace

import numpy as np
import pytest

from csi.arrays import Array
from csi.errors import EstimationError
from csi.estimate.covariance.bootstrap import Draws, draws_covariance, fit_targets
from csi.estimate.covariance.information import information
from csi.estimate.covariance.kernel import implied
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.robust import errors_of
from csi.estimate.covariance.sample import sample_of
from csi.estimate.covariance.scoring import Target, gradient
from csi.moments.replication import Replication
from tests.estimate.covariance.errors_cases import model, sampled, solved, survey

MLR = SemOptions(errors="mlr")
GROUPS = ("A", "B")


def solution(groups: tuple[str, ...] = ("",), **design: object) -> tuple[Placed, Array, SemSample]:
    """A fit of the simulated survey under a design."""
    frame = survey()
    made = model(means=len(groups) > 1, groups=groups, equal=len(groups) > 1)
    by = "group" if len(groups) > 1 else ""
    sample = sampled(sample_of(made, frame, MLR, by=by), frame, groups, **design)
    placed = place(made)
    return placed, solved(placed, sample, MLR), sample


def influences(placed: Placed, x: Array, sample: SemSample, units: list[Array]) -> Array:
    """What one more weight of each unit does to the parameters, by fitting again, (u, f)."""
    h = 1e-3
    covs, means, shares = [], [], []
    for unit in np.unique(np.concatenate(units)):
        for sign in (1.0, -1.0):
            moments = []
            for part, of in zip(sample.rows, units, strict=True):
                w = part.weights * (1.0 + sign * h * (of == unit))
                mean = w @ part.rows / w.sum()
                away = part.rows - mean
                moments.append(((away * w[:, None]).T @ away / w.sum(), mean, w.sum()))
            covs.append([cov for cov, _, _ in moments])
            means.append([mean for _, mean, _ in moments])
            shares.append(np.array([size for *_, size in moments]))
    share = np.array([s / s.sum() for s in shares])
    target = Target(np.array(covs), np.array(means), share)
    start = np.repeat(x[None], len(covs), axis=0)
    for _ in range(6):  # Newton's steps, to the last digit
        slope = gradient(placed.layout, target, implied(placed.layout, start), "ml")[0]
        second = information(placed.layout, target, start, which="observed")
        start = start - np.linalg.solve(second, slope[..., None])[..., 0]
    assert np.abs(slope).max() < 1e-12
    return (start[0::2] - start[1::2]) / (2.0 * h)


def linearised(effects: Array, strata: Array, fractions: Array | None = None) -> Array:
    """Variances of sums of influences under stratified sampling, stratum by stratum."""
    total = np.zeros(effects.shape[1])
    for stratum in np.unique(strata):
        own = effects[strata == stratum]
        left = 1.0 if fractions is None else 1.0 - fractions[strata == stratum][0]
        total += left * len(own) * own.var(axis=0, ddof=1)
    return total


@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("finite", [False, True])
def test_strata_and_clusters_are_survey_linearisation(weights: bool, finite: bool) -> None:
    """lavaan has no strata: the influence of each cluster by fitting with its weight changed."""
    frame = survey()
    fractions = 0.1 + 0.15 * frame["stratum"].to_numpy() if finite else None
    placed, x, sample = solution(weights=weights, clusters=True, strata=True, fractions=fractions)
    vcov, tests, notes = errors_of(placed, x, sample, MLR)
    clusters = sample.rows[0].clusters
    effects = influences(placed, x, sample, [clusters])
    first = np.unique(clusters, return_index=True)[1]
    of_cluster = None if fractions is None else fractions[first]
    expected = linearised(effects, sample.rows[0].strata[first], of_cluster)
    np.testing.assert_allclose(np.diag(vcov), expected, rtol=1e-5)
    assert notes == ()
    assert np.isfinite(tests["yuan-bentler"].scaling)


def test_clusters_that_cross_groups_are_one_unit() -> None:
    """lavaan takes the part of a cluster in each group for a unit of its own; a survey does not."""
    placed, x, sample = solution(GROUPS, weights=True, clusters=True)
    vcov = errors_of(placed, x, sample, MLR)[0]
    effects = influences(placed, x, sample, [part.clusters for part in sample.rows])
    of_table = np.einsum("kf,uf->uk", placed.layout.basis, effects)
    expected = linearised(of_table, np.zeros(len(effects)))
    np.testing.assert_allclose(np.diag(vcov), expected, rtol=1e-5)
    apart = tuple(
        replace(part, clusters=part.clusters + 100 * k) for k, part in enumerate(sample.rows)
    )
    other = errors_of(placed, x, replace(sample, rows=apart), MLR)[0]
    assert not np.allclose(np.diag(other), np.diag(vcov), rtol=0.01)


def test_respondents_of_strata_are_centred() -> None:
    """Strata alone: errors are no larger than without them, up to n_h / (n_h - 1)."""
    placed, x, sample = solution(strata=True)
    vcov = errors_of(placed, x, sample, MLR)[0]
    rows = sample.rows[0]
    strata = np.digitize(rows.rows.sum(axis=1), np.quantile(rows.rows.sum(axis=1), [0.3, 0.6, 0.9]))
    by_answers = replace(sample, rows=(replace(rows, strata=strata),))
    plain = np.diag(errors_of(placed, x, replace(sample, stratified=False), MLR)[0])
    smallest = np.unique(strata, return_counts=True)[1].min()
    most = smallest / (smallest - 1.0)
    assert (np.diag(errors_of(placed, x, by_answers, MLR)[0]) <= most * plain).all()
    np.testing.assert_allclose(np.diag(vcov), plain, rtol=0.1)  # strata that say nothing


def test_a_population_taken_whole_leaves_no_error() -> None:
    """Every respondent of the population answered."""
    placed, x, sample = solution(strata=True, fractions=np.ones(300))
    np.testing.assert_allclose(errors_of(placed, x, sample, MLR)[0], 0.0, atol=1e-15)


def test_weights_count_by_their_ratios() -> None:
    """Weights ten times as large are the same weights."""
    placed, x, sample = solution(weights=True, clusters=True)
    part = sample.rows[0]
    larger = replace(sample, rows=(replace(part, weights=10.0 * part.weights),))
    first, second = (errors_of(placed, x, own, MLR) for own in (sample, larger))
    np.testing.assert_allclose(second[0], first[0], rtol=1e-10)
    assert second[1]["yuan-bentler"].scaling == pytest.approx(first[1]["yuan-bentler"].scaling)


def test_order_of_respondents_does_not_matter() -> None:
    """Rows in another order have the same errors."""
    placed, x, sample = solution(weights=True, clusters=True, strata=True)
    order = np.random.default_rng(1).permutation(300)
    part = sample.rows[0]
    mixed = replace(
        part,
        rows=part.rows[order],
        weights=part.weights[order],
        strata=part.strata[order],
        clusters=part.clusters[order],
    )
    first, second = (
        errors_of(placed, x, own, MLR)[0] for own in (sample, replace(sample, rows=(mixed,)))
    )
    np.testing.assert_allclose(second, first, rtol=1e-9, atol=1e-14)


def test_a_single_unit_in_a_stratum_is_told() -> None:
    """All such strata at once."""
    placed, x, sample = solution(clusters=True, strata=True)
    part = sample.rows[0]
    strata = part.strata.copy()
    strata[part.clusters == 3] = 70
    strata[part.clusters == 4] = 80
    lonely = replace(sample, rows=(replace(part, strata=strata),))
    with pytest.raises(EstimationError) as caught:
        errors_of(placed, x, lonely, MLR)
    assert [fault.where for fault in caught.value.faults] == ["stratum 70", "stratum 80"]


def test_moments_alone_have_no_robust_errors() -> None:
    """Both faults of such options at once."""
    placed, x, sample = solution()
    bare = replace(sample, rows=())
    assert np.isfinite(errors_of(placed, x, bare, SemOptions())[0]).all()
    with pytest.raises(EstimationError, match="moments only"):
        errors_of(placed, x, bare, MLR)
    wrong = SemOptions(errors="mlr", estimator="gls")
    with pytest.raises(EstimationError) as caught:
        errors_of(placed, x, bare, wrong)
    assert [fault.where for fault in caught.value.faults] == ["option errors mlr", "data"]


def test_delete_a_cluster_jackknife_is_near() -> None:
    """Replicates of another kind, each fitted: close, as it is not the linear part alone."""
    placed, x, sample = solution(weights=True, clusters=True, strata=True)
    part, targets, sizes = sample.rows[0], [], []
    for cluster in np.unique(part.clusters):
        stratum = part.strata[part.clusters == cluster][0]
        count = len(np.unique(part.clusters[part.strata == stratum]))
        w = part.weights * np.where(part.strata == stratum, count / (count - 1.0), 1.0)
        w = np.where(part.clusters == cluster, 0.0, w)
        mean = w @ part.rows / w.sum()
        away = part.rows - mean
        targets.append(((away * w[:, None]).T @ away / w.sum(), mean))
        sizes.append((count - 1.0) / count)
    cov, mean = (np.array([t[k] for t in targets])[:, None] for k in (0, 1))
    draws: Draws = fit_targets(placed, x, [Target(cov, mean, np.ones((len(cov), 1)))])
    assert draws.converged.all()
    values = placed.layout.offset + placed.layout.basis @ x
    replication = Replication("jackknife", len(sizes), "", factors=np.array(sizes))
    jackknife = np.sqrt(np.diag(replication.covariance(draws.values, values)))
    errors = np.sqrt(np.diag(errors_of(placed, x, sample, MLR)[0]))
    assert np.median(jackknife / errors) == pytest.approx(1.0, abs=0.15)
    assert draws_covariance(draws).shape == (len(values), len(values))


def test_no_errors_where_there_is_no_minimum() -> None:
    """Loadings of nothing: the information is singular, and no numbers come back."""
    placed, x, sample = solution()
    at = x.copy()
    names = [p.name for p in placed.free]
    at[[names.index(f"{left} ~~ {left}") for left in ("Q", "S", "L")]] = 0.0
    at[[names.index("S ~ Q"), names.index("L ~ S"), names.index("L ~ Q")]] = 0.0
    for options in (SemOptions(), MLR, SemOptions(errors="mlm")):
        vcov, tests, notes = errors_of(placed, at, sample, options)
        assert np.isnan(vcov).all()
        assert tests.keys() == {"standard"}
        assert notes[0].endswith("information is not positive definite: no errors")
