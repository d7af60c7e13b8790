"""The test of exact fit: the turned sample, cSEM's critical values, level, power, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from csi.arrays import Array
from csi.assess.exact_fit import _null_corr, _turning, exact_fit, turned_moments
from csi.assess.model_fit import ImpliedOptions, distances, implied_corr
from csi.errors import OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated, replicated
from csi.moments.groups import moments_of_rows
from tests.assess.structure_cases import (
    ITEMS,
    composites,
    drawn,
    factors,
    on_mobi,
    reference,
    small,
    survey_of,
)

LOG10 = np.log(10.0) ** 2


def resampled(rows: Array, kind: str, consistent: bool = False, **options: object) -> Replicated:
    how = IndexOptions(
        pls=PLSOptions(consistent=consistent), missing="complete", **{"draws": 120, **options}
    )
    (rep,) = replicated(survey_of(rows, ITEMS), small(kind), how)
    return rep


@pytest.mark.parametrize("structure", ["saturated", "estimated"])
@pytest.mark.parametrize(
    ("kind", "consistent"), [("formative", False), ("reflective", True), ("composite", False)]
)
def test_the_model_holds_for_the_turned_sample(structure: str, kind: str, consistent: bool) -> None:
    """The answers themselves are turned, and fitted again: no misfit is left."""
    rows = drawn(factors(), 250, 4)
    rep = resampled(rows, kind, consistent)
    options = ImpliedOptions(structure=structure)
    target, _ = _null_corr(rep.fit, options, rep.options, "settled")
    turn = _turning(rep.fit, target)
    turned = moments_of_rows(rows @ turn, np.ones(250), ITEMS, "complete")
    again = fit_pls(small(kind), turned, replace(rep.options.pls, tolerance=1e-12, max_steps=3000))
    # the null is settled to 1e-8
    np.testing.assert_allclose(distances(again, options)[0], 0.0, atol=1e-7)


def test_moments_are_turned_as_answers_are() -> None:
    rows = drawn(composites(), 300, 5)
    weights = np.random.default_rng(1).uniform(0.5, 2.0, 300)
    turn = np.random.default_rng(2).normal(size=(12, 12))
    moved = turned_moments(moments_of_rows(rows, weights, ITEMS, "complete"), turn)
    told = moments_of_rows(rows @ turn, weights, ITEMS, "complete")
    np.testing.assert_allclose(moved.cov, told.cov, atol=1e-10)
    np.testing.assert_allclose(moved.mean, told.mean, atol=1e-12)


def test_one_fit_is_enough_for_mode_b_and_plsc_and_not_for_mode_a() -> None:
    for kind, consistent, holds in (
        ("formative", False, True),
        ("reflective", True, True),
        ("composite", False, False),
    ):
        rep = resampled(drawn(composites(), 250, 6), kind, consistent)
        options = ImpliedOptions()
        corr = implied_corr(rep.fit, options)
        again = fit_pls(small(kind), replace(rep.fit.moments, cov=corr), rep.options.pls)
        gap = float(np.abs(implied_corr(again, options) - corr).max())
        assert (gap < 1e-6) is holds  # the fit itself stops at 1e-7
        settled, refits = _null_corr(rep.fit, options, rep.options, "settled")
        assert (refits <= 3) is holds
        assert np.isfinite(settled).all()


@pytest.mark.parametrize("structure", ["saturated", "estimated"])
def test_critical_values_as_csem(structure: str) -> None:
    """cSEM has 499 draws of another generator: its 95 % quantile is known to about 3 %."""
    rep = on_mobi(draws=1000, seed=5)
    options = ImpliedOptions(structure=structure, disturbances="sample")
    test = exact_fit(rep, options, null="fitted")
    theirs = reference()[f"cSEM {structure}"]["critical"]
    assert test.critical[0] == pytest.approx(theirs["SRMR"], rel=0.05)
    assert test.critical[1] == pytest.approx(theirs["dL"], rel=0.10)  # a square
    assert test.critical[2] / LOG10 == pytest.approx(theirs["dG"], rel=0.05)
    assert (test.p_values < 0.01).all()  # cSEM rejects too
    assert test.used == 1000


def rejected(corr: Array, kind: str, consistent: bool, structure: str) -> float:
    """Share of 100 samples of 250 in which the SRMR is above the critical value."""
    count = 0
    for seed in range(100):
        rep = resampled(drawn(corr, 250, 100 + seed), kind, consistent, seed=seed)
        count += exact_fit(rep, ImpliedOptions(structure=structure)).p_values[0] < 0.05
    return count / 100


@pytest.mark.parametrize(("kind", "consistent"), [("formative", False), ("reflective", True)])
def test_the_level_holds(kind: str, consistent: bool) -> None:
    """More than 12 of 100 at a level of 5 % has a chance of 0.2 %; 500 samples: benchmarks."""
    corr = factors() if consistent else composites()
    assert rejected(corr, kind, consistent, "estimated") <= 0.12


def test_a_missing_path_is_found_and_the_measurement_kept() -> None:
    corr = composites(left_out=0.3)
    assert rejected(corr, "formative", False, "estimated") >= 0.9
    assert rejected(corr, "formative", False, "saturated") <= 0.12


def test_clusters_make_chance_larger() -> None:
    rows = np.repeat(drawn(composites(), 60, 7), 5, axis=0)
    rows = np.sqrt(0.4) * rows + np.sqrt(0.6) * drawn(composites(), 300, 8)
    clusters = np.repeat(np.arange(60), 5)
    survey = survey_of(rows, ITEMS, clusters=clusters)
    critical = []
    for design in ("codebook", "simple"):
        options = IndexOptions(draws=300, design=design, missing="complete")
        (rep,) = replicated(survey, small("formative"), options)
        critical.append(exact_fit(rep, ImpliedOptions(structure="saturated")).critical[1])
    assert critical[0] > 1.15 * critical[1]


def test_weights_missing_answers_and_raw_items_are_taken() -> None:
    rows = drawn(factors(), 300, 9) * np.arange(1.0, 13.0)
    rows[::7, 3] = np.nan
    weights = np.random.default_rng(3).uniform(0.5, 2.0, 300)
    for pls in (PLSOptions(consistent=True), PLSOptions(metric="raw")):
        options = IndexOptions(draws=120, pls=pls)
        (rep,) = replicated(survey_of(rows, ITEMS, weights=weights), small("reflective"), options)
        test = exact_fit(rep, ImpliedOptions(structure="saturated"))
        assert np.isfinite(test.p_values).all()
        assert test.used == 120


def test_the_same_seed_gives_the_same_bytes() -> None:
    rows = drawn(composites(), 200, 10)
    tests = [exact_fit(resampled(rows, "formative", seed=3)) for _ in range(2)]
    assert tests[0].draws.tobytes() == tests[1].draws.tobytes()
    assert not tests[0].draws.flags.writeable


def test_an_inadmissible_fit_is_told() -> None:
    rep = on_mobi(pls=PLSOptions(consistent=True), draws=150)
    test = exact_fit(rep, ImpliedOptions(structure="estimated"))
    assert not test.admissible
    assert test.inadmissible > 0
    assert set(test.table()["note"]) == {"the fit of the sample is not admissible"}


def test_refusals_come_at_once() -> None:
    rep = resampled(drawn(composites(), 200, 11), "formative", replicates="jackknife", draws=100)
    with pytest.raises(OptionError) as caught:
        exact_fit(rep, null="other", level=0.9)  # type: ignore[arg-type]
    where = [fault.where for fault in caught.value.faults]
    assert where == ["option replicates", "option null", "option level"]
    (ml,) = replicated(
        survey_of(drawn(factors(), 200, 12), ITEMS),
        small("reflective"),
        IndexOptions(estimator="ml", draws=100),
    )
    with pytest.raises(OptionError, match="bollen-stine"):
        exact_fit(ml)
