"""Information and casewise quantities against finite differences and matrices written out."""

from dataclasses import replace

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.covariance.fourth_moments import residual_traces
from csi.estimate.covariance.information import information
from csi.estimate.covariance.kernel import Discrepancy, implied, slopes
from csi.estimate.covariance.kernel_casewise import casewise_scores
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.meat import meat_of, saturated_trace, score_rows, units_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.robust import errors_of
from csi.estimate.covariance.sample import sample_of
from csi.estimate.covariance.scoring import Target, discrepancy, gradient
from csi.model.sem.values import Equality, Parameter, SemModel
from tests.estimate.covariance.errors_cases import ITEMS, model, sampled, solved, survey

GROUPS = ("A", "B")


def rich(*, means: bool, groups: tuple[str, ...] = ("",)) -> SemModel:
    """Everything a covariance structure has: second order, loops, covariances, equalities."""
    plain = model(means=means, groups=groups, equal=len(groups) > 1)
    more: list[Parameter] = []
    for group in range(len(groups)):
        more += [
            Parameter("q1", "~~", "s1", group),
            Parameter("Q", "~", "L", group),  # a loop: Q -> S -> L -> Q
            Parameter("S", "~~", "L", group, label="cov"),
            Parameter("G", "=~", "Q", group, 1.0),
            Parameter("G", "=~", "S", group, 0.3),
            Parameter("G", "~~", "G", group, label=f"g{group}"),
            Parameter("q2", "~~", "q3", group, label=f"e{group}"),
        ]
        if means:
            more += [Parameter(name, "~1", "", group) for name in ("S", "G")]
    equal = tuple(Equality(f"g{g}", f"0.4 + 2 * e{g}") for g in range(len(groups)))
    return replace(
        plain,
        constructs=(*plain.constructs, "G"),
        parameters=(*plain.parameters, *more),
        equalities=equal,
    )


def at_random(placed: Placed, seed: int) -> tuple[Target, Array]:
    """Sample moments and parameters that do not fit them."""
    rng = np.random.default_rng(seed)
    layout, p = placed.layout, len(placed.model.items)
    raw = rng.standard_normal((1, layout.groups, 3 * p, p)) * 1.3
    share = np.full((1, layout.groups), 1.0 / layout.groups) + 0.0
    if layout.groups == 2:
        share = np.array([[0.4, 0.6]])
    target = Target(
        np.swapaxes(raw, -1, -2) @ raw / (3 * p), rng.standard_normal((1, layout.groups, p)), share
    )
    values = np.zeros(len(placed.free))
    for k, parameter in enumerate(placed.free):
        values[k] = 0.4 * rng.random() - 0.2
        if parameter.op == "=~":
            values[k] = 0.6 + 0.4 * rng.random()
        if parameter.op == "~~" and parameter.lhs == parameter.rhs:
            values[k] = 1.0 + rng.random()
        if parameter.label.startswith("e"):
            values[k] = 0.05
    x = np.linalg.lstsq(layout.basis, values - layout.offset, rcond=None)[0]
    return target, x


def differences(placed: Placed, target: Target, x: Array, kind: Discrepancy) -> Array:
    """Second derivatives from central differences of the analytic gradient."""
    h = 1e-5
    rows = []
    for step in h * np.eye(len(x)):
        both = np.stack([x + step, x - step])
        twice = Target(
            *(np.repeat(part, 2, axis=0) for part in (target.cov, target.mean, target.share))
        )
        slope = gradient(placed.layout, twice, implied(placed.layout, both), kind)[0]
        rows.append((slope[0] - slope[1]) / (2 * h))
    return np.array(rows)


@pytest.mark.parametrize("kind", ["ml", "gls", "uls"])
@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("groups", [("",), GROUPS])
def test_observed_information_is_the_second_derivative(
    kind: Discrepancy, means: bool, groups: tuple[str, ...]
) -> None:
    """Away from the minimum, where curvature counts, under equalities and in groups."""
    placed = place(rich(means=means, groups=groups))
    for seed in range(3):
        target, x = at_random(placed, seed)
        assert np.isfinite(
            discrepancy(target, implied(placed.layout, x[None]), kind, means)[0]
        ).all()
        found = information(placed.layout, target, x[None], kind=kind, which="observed")[0]
        np.testing.assert_allclose(found, found.T, atol=1e-10 * np.abs(found).max())
        expected = differences(placed, target, x, kind)
        np.testing.assert_allclose(found, expected, atol=1e-7 * np.abs(expected).max())


def test_expected_is_observed_where_the_model_fits_exactly() -> None:
    """At moments that are the model's own there is no curvature, and all members are one batch."""
    placed = place(rich(means=True, groups=GROUPS))
    targets, xs = zip(*(at_random(placed, seed) for seed in range(4)), strict=True)
    x = np.stack(xs)
    at = implied(placed.layout, x)
    target = Target(at.cov, at.mean, np.concatenate([target.share for target in targets]))
    observed = information(placed.layout, target, x, which="observed")
    expected = information(placed.layout, target, x)
    np.testing.assert_allclose(observed, expected, atol=1e-9 * np.abs(expected).max())


def test_casewise_scores_are_derivatives_of_log_densities() -> None:
    """Every respondent's score, by differences of his own log-likelihood."""
    placed = place(rich(means=True))
    _, x = at_random(placed, 5)
    rows = np.random.default_rng(6).standard_normal((7, len(ITEMS))) * 2.0
    layout = placed.layout

    def log_density(values: Array) -> Array:
        at = implied(layout, values[None])
        away = rows - at.mean[0, 0]
        pulled = np.linalg.solve(at.cov[0, 0], away.T)
        return -0.5 * (np.linalg.slogdet(at.cov[0, 0])[1] + np.einsum("np,pn->n", away, pulled))

    at = implied(layout, x[None])
    slope = slopes(layout, at, 0)
    weight = np.linalg.inv(at.cov[0, 0])
    found = casewise_scores(slope, rows - at.mean[0, 0], weight, weight)
    found = found @ layout.basis[slope.which]
    h = 1e-6
    expected = np.stack(
        [(log_density(x + step) - log_density(x - step)) / (2 * h) for step in h * np.eye(len(x))],
        axis=1,
    )
    np.testing.assert_allclose(found, expected, atol=1e-6 * np.abs(expected).max())


def small(
    *, means: bool, groups: tuple[str, ...] = ("",), **design: object
) -> tuple[Placed, Array, SemSample]:
    """A solution of the simulated survey."""
    options = SemOptions()
    made = model(means=means, groups=groups, equal=len(groups) > 1)
    frame = survey()
    sample = sampled(sample_of(made, frame, options, by="group"), frame, groups, **design)
    placed = place(made)
    return placed, solved(placed, sample, options), sample


def test_scores_add_up_to_nothing_at_the_minimum() -> None:
    """Weighted scores of all groups, under equal loadings."""
    placed, x, sample = small(means=True, groups=GROUPS, weights=True)
    target = sample.target(SemOptions())
    rows = score_rows(
        placed.layout, implied(placed.layout, x[None]), target, sample, units_of(sample, target)
    )
    total = sum(own.sum(axis=0) for own in rows)
    size = np.sqrt(sum((own**2).sum(axis=0) for own in rows))
    np.testing.assert_allclose(total / size, 0.0, atol=1e-5)


def half_products(rows: Array) -> Array:
    """Products of two answers, (n, p (p + 1) / 2)."""
    i, j = np.tril_indices(rows.shape[1])
    return rows[:, i] * rows[:, j]


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("design", [{}, {"weights": True}, {"clusters": True, "strata": True}])
def test_traces_are_those_of_fourth_moments_written_out(means: bool, design: dict) -> None:
    """U Gamma as matrices of 55 x 55 (65 with means): V, derivatives by differences, Gamma."""
    placed, x, sample = small(means=means, **design)
    layout, target = placed.layout, sample.target(SemOptions())
    units = units_of(sample, target)
    at = implied(layout, x[None])
    sigma, rows = at.cov[0, 0], sample.rows[0].rows - sample.mean[0]
    p = len(sigma)
    i, j = np.tril_indices(p)
    inverse = np.linalg.inv(sigma)
    twice = np.zeros((p * p, len(i)))  # duplication matrix
    twice[i * p + j, np.arange(len(i))] = 1.0
    twice[j * p + i, np.arange(len(i))] = 1.0
    weight = 0.5 * twice.T @ np.kron(inverse, inverse) @ twice
    saturated = half_products(rows) - sample.cov[0][i, j]
    if means:
        weight = np.block([[inverse, np.zeros((p, len(i)))], [np.zeros((len(i), p)), weight]])
        saturated = np.hstack([rows, saturated])
    saturated = saturated * units.weights[0][:, None]
    gamma = saturated.T @ saturated / len(rows)
    if not units.plain:
        sums = np.zeros((units.count, saturated.shape[1]))
        np.add.at(sums, units.of[0], saturated)
        gamma = np.zeros_like(gamma)
        for stratum in np.unique(units.strata):
            own = sums[units.strata == stratum]
            gamma += len(own) * np.cov(own.T) / len(rows)

    def moments(values: Array) -> Array:
        found = implied(layout, values[None])
        own = found.cov[0, 0][i, j]
        return np.concatenate([found.mean[0, 0], own]) if means else own

    h = 1e-5
    delta = np.stack(
        [(moments(x + step) - moments(x - step)) / (2 * h) for step in h * np.eye(len(x))], axis=1
    )
    pulled = weight @ delta
    inner = np.linalg.solve(delta.T @ pulled, pulled.T)
    product = (weight - pulled @ inner) @ gamma
    first, second = residual_traces(layout, target, x[None], sample, units)
    assert first == pytest.approx(np.trace(product), rel=1e-6)
    assert second == pytest.approx(np.trace(product @ product), rel=1e-6)
    whole = saturated_trace(sample, units, sigma[None], means=means)
    assert whole == pytest.approx(np.trace(weight @ gamma), rel=1e-9)
    scores = score_rows(layout, at, target, sample, units, sampled=True)
    meat = meat_of(scores, units) / len(rows)
    np.testing.assert_allclose(meat, pulled.T @ gamma @ pulled, rtol=1e-5, atol=1e-6)


def test_casewise_and_written_out_traces_scale_alike_in_groups() -> None:
    """The Satorra-Bentler scaling by casewise sums is the mean of the adjusted test."""
    for design in ({}, {"weights": True}, {"clusters": True}):
        placed, x, sample = small(means=True, groups=GROUPS, **design)
        options = SemOptions(errors="mlm", tests=("mean-variance", "scaled-shifted"))
        tests = errors_of(placed, x, sample, options)[1]
        first, _ = residual_traces(
            placed.layout, sample.target(options), x[None], sample,
            units_of(sample, sample.target(options)),
        )  # fmt: skip
        plain = tests["satorra-bentler"]
        assert plain.scaling == pytest.approx(first / plain.freedom, rel=1e-9)
        shifted, adjusted = tests["scaled-shifted"], tests["mean-variance"]
        part = 1.0 / shifted.scaling
        assert part * first + shifted.shift == pytest.approx(plain.freedom, rel=1e-9)
        assert adjusted.scaling * adjusted.freedom == pytest.approx(first, rel=1e-9)
