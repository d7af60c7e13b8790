"""A batch is a loop of single fits, whoever the neighbours are; and each fit says how it ended."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array, readonly
from csi.errors import EstimationError, OptionError
from csi.estimate.effects import effects
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.estimate.pls import fit as fit_module
from csi.model.model import Model
from csi.moments.values import Moments

NUMBERS = ("weights", "loadings", "paths", "construct_corr", "r2", "r2_adjusted", "reliability")
VARIANTS = [
    PLSOptions(),
    PLSOptions(scheme="centroid", metric="raw"),
    PLSOptions(scheme="factorial", consistent=True),
]


def member(moments: Moments, at: Any) -> Moments:
    """Take members out of a batch."""
    return replace(
        moments,
        mean=moments.mean[at],
        cov=moments.cov[at],
        n=moments.n[at],
        sum_weights=moments.sum_weights[at],
        n_effective=moments.n_effective[at],
        answers=moments.answers[at],
    )


def assert_same_bits(one: Fit, other: Fit, at: Any = ...) -> None:
    for name in (*NUMBERS, "converged", "steps", "change", "admissible"):
        np.testing.assert_array_equal(getattr(one, name)[at], getattr(other, name), err_msg=name)


@pytest.mark.parametrize("options", VARIANTS, ids=PLSOptions.words)
@pytest.mark.parametrize("kind", ["A", "B"])
def test_batch_is_loop(
    ecsi: Model, ecsi_mode_b: Model, resampled: Moments, options: PLSOptions, kind: str
) -> None:
    model = ecsi_mode_b if kind == "B" else ecsi
    whole = fit_pls(model, resampled, options)
    assert whole.converged.all()
    for k in range(0, 40, 3):
        alone = fit_pls(model, member(resampled, k), options)
        assert alone.paths.shape == (7, 7)
        assert alone.converged.shape == ()
        assert alone.steps == whole.steps[k]
        for name in NUMBERS:  # NumPy adds the terms of a lone member in another order
            np.testing.assert_allclose(
                getattr(alone, name), getattr(whole, name)[k], rtol=0, atol=1e-9, err_msg=name
            )


@pytest.mark.parametrize("kind", ["A", "B"])
def test_two_axes_are_one_axis(
    ecsi: Model, ecsi_mode_b: Model, resampled: Moments, kind: str
) -> None:
    model = ecsi_mode_b if kind == "B" else ecsi
    line = fit_pls(model, resampled)
    shape = (8, 5)
    grid = replace(
        resampled,
        **{
            name: getattr(resampled, name).reshape(*shape, *getattr(resampled, name).shape[1:])
            for name in ("mean", "cov", "n", "sum_weights", "n_effective", "answers")
        },
    )
    table = fit_pls(model, grid)
    assert table.weights.shape == (8, 5, 24)
    assert table.paths.shape == (8, 5, 7, 7)
    for name in (*NUMBERS, "converged", "steps"):
        flat = getattr(line, name)
        np.testing.assert_array_equal(getattr(table, name).reshape(flat.shape), flat)
    np.testing.assert_allclose(
        effects(table).total.reshape(40, 7, 7), effects(line).total, rtol=0, atol=1e-15
    )


@pytest.mark.parametrize("options", VARIANTS, ids=PLSOptions.words)
@pytest.mark.parametrize("kind", ["A", "B"])
@pytest.mark.parametrize("tile", [4, 10, 20, 38])
def test_tile_does_not_touch_bits(
    ecsi: Model,
    ecsi_mode_b: Model,
    resampled: Moments,
    monkeypatch: pytest.MonkeyPatch,
    options: PLSOptions,
    kind: str,
    tile: int,
) -> None:
    model = ecsi_mode_b if kind == "B" else ecsi
    together = fit_pls(model, resampled, options)
    monkeypatch.setattr(fit_module, "TILE", tile)
    assert_same_bits(together, fit_pls(model, resampled, options))


def test_slow_neighbours_do_not_touch_bits(ecsi_mode_b: Model, resampled: Moments) -> None:
    # members that have settled leave the arrays after twelve steps: when depends on the neighbours
    options = PLSOptions(tolerance=1e-12)
    whole = fit_pls(ecsi_mode_b, resampled, options)
    assert whole.converged.all()
    assert whole.steps.max() > whole.steps.min() > 12
    for some in (np.argsort(whole.steps)[[0, 1, 38, 39]], np.argsort(whole.steps)[-3:]):
        assert_same_bits(whole, fit_pls(ecsi_mode_b, member(resampled, some), options), some)


def test_degenerate_neighbours_do_not_touch_bits(ecsi: Model, resampled: Moments) -> None:
    mean, cov = np.array(resampled.mean), np.array(resampled.cov)
    cov[3] = np.nan
    cov[7, 2, :] = cov[7, :, 2] = 0.0  # a constant item
    cov[11] = np.inf
    broken = replace(resampled, mean=readonly(mean), cov=readonly(cov))
    fit = fit_pls(ecsi, broken)
    gone = np.isin(np.arange(40), [3, 7, 11])
    assert not fit.converged[gone].any()
    assert not fit.admissible[gone].any()
    for name in NUMBERS:
        assert np.isnan(getattr(fit, name)[gone]).all(), name
    kept = np.flatnonzero(~gone)
    clean = fit_pls(ecsi, resampled)
    for name in (*NUMBERS, "converged", "steps", "change", "admissible"):
        np.testing.assert_array_equal(getattr(fit, name)[kept], getattr(clean, name)[kept])


def test_members_with_problems_are_not_fitted(ecsi: Model, resampled: Moments) -> None:
    marked = replace(
        member(resampled, slice(0, 3)),
        by=("year",),
        labels=(("1",), ("2",), ("3",)),
        problems=("", "too few answers", ""),
    )
    fit = fit_pls(ecsi, marked)
    assert fit.converged.tolist() == [True, False, True]
    assert np.isnan(fit.paths[1]).all()
    assert np.isfinite(fit.weights[[0, 2]]).all()


def test_limit_of_steps_is_told(ecsi: Model, resampled: Moments, mobi_moments: Moments) -> None:
    stopped = fit_pls(ecsi, resampled, PLSOptions(max_steps=1))
    assert not stopped.converged.any()
    assert (stopped.steps == 1).all()
    assert (stopped.change > 1e-3).all()
    assert np.isfinite(stopped.paths).all()
    full = fit_pls(ecsi, mobi_moments)
    assert full.converged
    assert full.change < 1e-7
    just_enough = PLSOptions(max_steps=int(full.steps))
    assert fit_pls(ecsi, mobi_moments, just_enough).converged
    one_less = fit_pls(ecsi, mobi_moments, PLSOptions(max_steps=int(full.steps) - 1))
    assert not one_less.converged
    assert one_less.change >= 1e-7


def test_change_is_that_of_the_last_step(ecsi: Model, mobi_moments: Moments) -> None:
    third = fit_pls(ecsi, mobi_moments, PLSOptions(max_steps=3))
    second = fit_pls(ecsi, mobi_moments, PLSOptions(max_steps=2))
    assert third.change == pytest.approx(np.abs(third.weights - second.weights).max(), abs=1e-15)


def test_warm_start_finds_the_same_solution(
    ecsi: Model, resampled: Moments, mobi_moments: Moments
) -> None:
    tight = PLSOptions(tolerance=1e-12)
    cold = fit_pls(ecsi, resampled, tight)
    warm = fit_pls(ecsi, resampled, tight, like=fit_pls(ecsi, mobi_moments))
    assert warm.steps.mean() < cold.steps.mean()
    for name in ("weights", "paths", "loadings"):
        np.testing.assert_allclose(getattr(warm, name), getattr(cold, name), rtol=0, atol=1e-10)


def test_results_are_locked_and_input_is_untouched(ecsi: Model, resampled: Moments) -> None:
    before = resampled.cov.copy()
    fit = fit_pls(ecsi, resampled)
    np.testing.assert_array_equal(resampled.cov, before)
    for name in (*NUMBERS, "converged", "steps", "change", "admissible"):
        assert not getattr(fit, name).flags.writeable, name


def test_moments_of_other_items_are_refused(ecsi: Model, mobi_moments: Moments) -> None:
    swapped = replace(mobi_moments, items=(*mobi_moments.items[1::-1], *mobi_moments.items[2:]))
    with pytest.raises(EstimationError, match="IMAG2, IMAG1") as caught:
        fit_pls(ecsi, swapped)
    (fault,) = caught.value.faults
    assert fault.where == "moments"
    assert "IMAG1, IMAG2" in fault.fix


def test_options_tell_all_faults_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        PLSOptions(scheme="paths", metric="row", tolerance=0, max_steps=0)  # type: ignore[arg-type]
    places = [fault.where for fault in caught.value.faults]
    assert places == ["option scheme", "option metric", "option tolerance", "option max_steps"]
    assert "centroid" in caught.value.faults[0].fix
    with pytest.raises(OptionError, match="PLSc is defined for standardised items only"):
        PLSOptions(consistent=True, metric="raw")


def test_words_name_every_choice() -> None:
    words = {
        PLSOptions(scheme=scheme, metric=metric, consistent=consistent).words()
        for scheme in ("path", "centroid", "factorial")
        for metric, consistent in (("raw", False), ("standardised", False), ("standardised", True))
    }
    assert len(words) == 9


def test_unit_variance(ecsi: Model, resampled: Moments) -> None:
    raw = fit_pls(ecsi, resampled, PLSOptions(metric="raw"))
    blocks: Array = ecsi.blocks.astype(float)
    spread = np.einsum(
        "bi,ij,bik,bk,kj->bj", raw.weights, blocks, resampled.cov, raw.weights, blocks
    )
    np.testing.assert_allclose(spread, 1.0, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.einsum("bjj->bj", raw.construct_corr), 1.0, rtol=0, atol=1e-12)
