"""What must not matter does not: order, units, turned scales, scaled weights, repeated rows."""

from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index.formula import index_score, index_weights
from csi.model.model import Model
from csi.model.parts import Construct
from csi.moments.groups import moments_of_rows
from csi.moments.values import Moments

TIGHT = PLSOptions(tolerance=1e-12)
VARIANTS = [
    TIGHT,
    PLSOptions(tolerance=1e-12, scheme="centroid"),
    PLSOptions(tolerance=1e-12, scheme="factorial", consistent=True),
    PLSOptions(tolerance=1e-12, scheme="centroid", metric="raw"),
]
CLOSE = 1e-9


def fitted(model: Model, rows: Array, options: PLSOptions, weights: Array | None = None) -> Fit:
    """Fit rows that stand in the model's order."""
    weights = np.ones(len(rows)) if weights is None else weights
    return fit_pls(model, moments_of_rows(rows, weights, model.items, "complete"), options)


def score(fit: Fit, low: Array, high: Array) -> Array:
    return index_score(fit.moments.mean, index_weights(fit), low, high, fit.model.blocks)


@pytest.fixture(scope="module")
def ends() -> tuple[Array, Array]:
    return np.full(24, 1.0), np.full(24, 10.0)


@pytest.mark.parametrize("options", VARIANTS, ids=PLSOptions.words)
def test_order_of_respondents(ecsi: Model, mobi_rows: Array, options: PLSOptions) -> None:
    shuffled = mobi_rows[np.random.default_rng(1).permutation(250)]
    one, other = fitted(ecsi, mobi_rows, options), fitted(ecsi, shuffled, options)
    np.testing.assert_array_equal(one.moments.cov, other.moments.cov)  # whole numbers: exact
    np.testing.assert_array_equal(one.paths, other.paths)
    np.testing.assert_array_equal(one.weights, other.weights)


@pytest.mark.parametrize("options", VARIANTS, ids=PLSOptions.words)
@pytest.mark.parametrize("kind", ["reflective", "formative"])
def test_order_of_items_and_constructs(
    ecsi: Model, mobi: dict[str, Array], options: PLSOptions, kind: Any
) -> None:
    rng = np.random.default_rng(2)
    plain = Model(
        [Construct(c.name, c.items, "single" if len(c.items) == 1 else kind)
         for c in ecsi.constructs],
        ecsi.paths, ecsi.index,
    )  # fmt: skip
    mixed = Model(
        [
            Construct(c.name, tuple(rng.permutation(c.items).tolist()), c.kind)
            for c in (plain.constructs[k] for k in rng.permutation(7))
        ],
        [ecsi.paths[k] for k in rng.permutation(12)],
        ecsi.index,
    )
    assert mixed.items != plain.items
    one = fitted(plain, np.column_stack([mobi[i] for i in plain.items]), options)
    other = fitted(mixed, np.column_stack([mobi[i] for i in mixed.items]), options)
    items = [mixed.items.index(item) for item in plain.items]
    names = [mixed.names.index(name) for name in plain.names]
    np.testing.assert_allclose(one.weights, other.weights[items], rtol=0, atol=CLOSE)
    np.testing.assert_allclose(one.loadings, other.loadings[items], rtol=0, atol=CLOSE)
    np.testing.assert_allclose(one.r2, other.r2[names], rtol=0, atol=CLOSE)
    np.testing.assert_allclose(one.paths, other.paths[np.ix_(names, names)], rtol=0, atol=CLOSE)


@pytest.mark.parametrize("options", VARIANTS[:3], ids=PLSOptions.words)
def test_units_of_items(ecsi: Model, mobi_rows: Array, options: PLSOptions) -> None:
    rng = np.random.default_rng(3)
    stretch, shift = rng.uniform(0.01, 100, 24), rng.normal(0, 50, 24)
    one = fitted(ecsi, mobi_rows, options)
    other = fitted(ecsi, mobi_rows * stretch + shift, options)
    for name in ("weights", "loadings", "paths", "r2", "reliability"):
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name), rtol=0, atol=1e-8, err_msg=name
        )


@pytest.mark.parametrize("options", [TIGHT, VARIANTS[3]], ids=PLSOptions.words)
def test_index_does_not_depend_on_the_unit_of_the_scale(
    ecsi: Model, mobi_rows: Array, ends: tuple[Array, Array], options: PLSOptions
) -> None:
    points = score(fitted(ecsi, mobi_rows, options), *ends)
    percent = score(
        fitted(ecsi, (mobi_rows - 1.0) * 100.0 / 9.0, options), np.zeros(24), np.full(24, 100.0)
    )
    np.testing.assert_allclose(points, percent, rtol=0, atol=1e-8)
    # the standardised index holds even where each item has a scale of its own
    if options is TIGHT:
        rng = np.random.default_rng(4)
        stretch, shift = rng.uniform(0.5, 12, 24), rng.normal(0, 5, 24)
        own = score(
            fitted(ecsi, mobi_rows * stretch + shift, options),
            ends[0] * stretch + shift,
            ends[1] * stretch + shift,
        )
        np.testing.assert_allclose(points, own, rtol=0, atol=1e-7)


def test_index_is_100_at_the_top_and_0_at_the_bottom(
    ecsi: Model, mobi_rows: Array, ends: tuple[Array, Array]
) -> None:
    own = index_weights(fitted(ecsi, mobi_rows, TIGHT))
    for at, value in ((ends[0], 0.0), (ends[1], 100.0), ((ends[0] + ends[1]) / 2, 50.0)):
        np.testing.assert_allclose(
            index_score(at, own, *ends, ecsi.blocks), value, rtol=0, atol=1e-12
        )


@pytest.mark.parametrize("options", VARIANTS, ids=PLSOptions.words)
def test_turning_a_block_turns_its_paths_only(
    ecsi: Model, mobi_rows: Array, options: PLSOptions
) -> None:
    turned = mobi_rows.copy()
    quality = np.flatnonzero(ecsi.blocks[:, ecsi.names.index("Quality")])
    turned[:, quality] = 11.0 - turned[:, quality]
    one, other = fitted(ecsi, mobi_rows, options), fitted(ecsi, turned, options)
    signs = np.where(np.array(ecsi.names) == "Quality", -1.0, 1.0)
    np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=CLOSE)
    np.testing.assert_allclose(one.loadings, other.loadings, rtol=0, atol=CLOSE)
    np.testing.assert_allclose(one.paths, other.paths * np.outer(signs, signs), rtol=0, atol=CLOSE)
    np.testing.assert_allclose(one.r2, other.r2, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("options", VARIANTS, ids=PLSOptions.words)
def test_dominant_item_is_positive(ecsi: Model, mobi_rows: Array, options: PLSOptions) -> None:
    turned = mobi_rows.copy()
    turned[:, [0, 3, 9, 15, 19, 20]] *= -1.0  # some items of most blocks, IMAG4 dominant
    fit = fitted(ecsi, turned, options)
    for block in ecsi.blocks.T:
        own = fit.loadings[block]
        assert own[np.argmax(np.abs(own))] > 0
    assert not fit.admissible  # a negative item weight


def test_draws_take_their_signs_from_the_sample(ecsi: Model, resampled: Moments) -> None:
    whole = fit_pls(ecsi, resampled)
    single = fit_pls(
        ecsi,
        Moments(
            items=ecsi.items, mean=resampled.mean[0], cov=resampled.cov[0], n=resampled.n[0],
            sum_weights=resampled.sum_weights[0], n_effective=resampled.n_effective[0],
            answers=resampled.answers[0], missing="complete",
        ),
    )  # fmt: skip
    drawn = fit_pls(ecsi, resampled, like=single)
    for block in ecsi.blocks.T:
        at = np.flatnonzero(block)
        dominant = at[np.argmax(np.abs(single.loadings[at]))]
        assert (drawn.loadings[:, dominant] > 0).all()
    assert drawn.paths.shape == whole.paths.shape


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
def test_weights_that_count_are_repeated_rows(ecsi: Model, mobi_rows: Array, missing: Any) -> None:
    rng = np.random.default_rng(5)
    rows = mobi_rows.copy()
    if missing != "complete":
        rows[rng.random(rows.shape) < 0.05] = np.nan
    counts = rng.integers(0, 4, 250)
    weighted = moments_of_rows(rows, counts.astype(float), ecsi.items, missing)
    repeated = moments_of_rows(
        np.repeat(rows, counts, axis=0), np.ones(counts.sum()), ecsi.items, missing
    )
    close = 1e-10 if missing != "em" else 1e-4  # EM stops at a change of 1e-6
    np.testing.assert_allclose(weighted.mean, repeated.mean, rtol=0, atol=close)
    np.testing.assert_allclose(weighted.cov, repeated.cov, rtol=0, atol=close)
    assert weighted.sum_weights == repeated.sum_weights == counts.sum()
    assert weighted.n == np.sum(counts > 0)
    one, other = fit_pls(ecsi, weighted, TIGHT), fit_pls(ecsi, repeated, TIGHT)
    np.testing.assert_allclose(one.paths, other.paths, rtol=0, atol=close)


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
def test_scaling_of_weights(ecsi: Model, mobi_rows: Array, missing: Any) -> None:
    rng = np.random.default_rng(6)
    rows = mobi_rows.copy()
    if missing != "complete":
        rows[rng.random(rows.shape) < 0.05] = np.nan
    weights = rng.lognormal(0.0, 0.5, 250)
    one = moments_of_rows(rows, weights, ecsi.items, missing)
    other = moments_of_rows(rows, weights * 1234.5, ecsi.items, missing)
    np.testing.assert_allclose(one.mean, other.mean, rtol=1e-10)
    np.testing.assert_allclose(one.cov, other.cov, rtol=0, atol=1e-9)
    assert one.n_effective == pytest.approx(other.n_effective, rel=1e-12)
    assert one.n_effective == pytest.approx(weights.sum() ** 2 / (weights**2).sum(), rel=1e-12)
