"""Implied correlations and measures of fit: cSEM, openpls, second roads, batches, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import logm

from csi.assess.kernel_implied import implied_constructs, implied_items, outer_residuals
from csi.assess.kernel_misfit import d_g, d_ml, d_uls, relative_eigenvalues, root_mean_square, srmr
from csi.assess.model_fit import (
    ImpliedOptions,
    causal_places,
    distances,
    freedom,
    implied_corr,
    item_corr,
    measures_of_fit,
    owners_of,
    rms_theta,
)
from csi.errors import OptionError
from csi.estimate.covariance.as_fit import fit_ml
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.moments.groups import moments_of_rows
from tests.assess.structure_cases import (
    ITEMS,
    composites,
    drawn,
    european,
    factors,
    mobi_moments,
    mobi_rows,
    reference,
    small,
)

CLOSE = 1e-6
"""The packages stop at 1e-7 on the weights, see the reference file."""

LOG10 = np.log(10.0) ** 2
"""cSEM's d_G has logarithms to base 10."""

PAIRS = {
    "SRMR": "SRMR",
    "d_ULS": "DL",
    "d_ML": "DML",
    "chi_square": "Chi_square",
    "NFI": "NFI",
}


def fitted(consistent: bool = False, kind: str = "reflective") -> Fit:
    options = PLSOptions(tolerance=1e-12, consistent=consistent, max_steps=2000)
    return fit_pls(european(kind), mobi_moments(), options)


def test_mode_a_as_csem() -> None:
    theirs = reference()["cSEM modeA"]["fit"]
    own = measures_of_fit(fitted(), ImpliedOptions(disturbances="sample"))
    pairs = PAIRS | {
        "df": "Df",
        "chi_square_df": "Chi_square_df",
        "CFI": "CFI",
        "NNFI": "NNFI",
        "RMSEA": "RMSEA",
        "RMS_theta": "RMS_theta",
    }
    for mine, name in pairs.items():
        assert own[mine] == pytest.approx(theirs[name], rel=CLOSE), mine
    assert own["d_G"] / LOG10 == pytest.approx(theirs["DG"], rel=CLOSE)


def test_saturated_mode_a_as_csem() -> None:
    theirs = reference()["cSEM saturated"]["fit"]
    found = distances(fitted(), ImpliedOptions(structure="saturated"))
    assert found[0] == pytest.approx(theirs["SRMR"], rel=CLOSE)
    assert found[1] == pytest.approx(theirs["dL"], rel=CLOSE)
    assert found[2] / LOG10 == pytest.approx(theirs["dG"], rel=CLOSE)


def test_plsc_as_csem_but_for_its_degrees_of_freedom_and_rms_theta() -> None:
    theirs = reference()["cSEM PLSc"]["fit"]
    fit = fitted(consistent=True)
    own = measures_of_fit(fit, ImpliedOptions(disturbances="sample"))
    for mine, name in PAIRS.items():
        assert own[mine] == pytest.approx(theirs[name], rel=CLOSE), mine
    assert own["d_G"] / LOG10 == pytest.approx(theirs["DG"], rel=CLOSE)
    # a maximum likelihood fit of this model has 241 too; cSEM counts a loading of the single item
    assert own["df"] == 241 == theirs["Df"] + 1
    # cSEM's RMS_theta: covariances of items with composites beside corrected loadings
    weights = fit.weights[:, None] * fit.model.blocks
    sample, owner = item_corr(fit), owners_of(fit.model)
    left = outer_residuals(sample, sample @ weights, fit.loadings, fit.construct_corr, owner)
    every = ~np.eye(len(owner), dtype=bool)
    assert root_mean_square(left, every) == pytest.approx(theirs["RMS_theta"], rel=CLOSE)
    assert own["RMS_theta"] < 0.06


def test_srmr_of_factors_as_openpls() -> None:
    config = pytest.importorskip("openpls.config", reason="openpls-engine is not installed")
    from openpls.mode import Mode
    from openpls.plspm import Plspm
    from openpls.scale import Scale
    from openpls.scheme import Scheme

    model = european()
    structure = config.Structure()
    for path in model.paths:
        structure.add_path([path.source], [path.target])
    made = config.Config(structure.path(), scaled=True, default_scale=Scale.NUM)
    for construct in model.constructs:
        made.add_lv(construct.name, Mode.A, *[config.MV(item) for item in construct.items])
    frame = pd.DataFrame(mobi_rows(), columns=list(model.items))
    theirs: Any = Plspm(frame, made, Scheme.PATH).model_fit()
    own = distances(fitted(), ImpliedOptions(structure="saturated", blocks="factor"))
    # openpls takes the mean over the 276 entries below the diagonal, not the 300 with it
    assert own[0] * np.sqrt(300 / 276) == pytest.approx(theirs.srmr(), rel=1e-5)


def test_disturbances_keep_variance_one() -> None:
    """The road by matrices: variances of disturbances solved so that every construct has one."""
    fit = fitted()
    found = implied_constructs(fit.construct_corr, fit.paths, *causal_places(fit.model))
    B = fit.paths.T  # noqa: N806
    inverse = np.linalg.inv(np.eye(7) - B)
    variances = np.linalg.solve(inverse**2, np.ones(7))
    assert (variances > 0).all()
    np.testing.assert_allclose(found, inverse @ np.diag(variances) @ inverse.T, atol=1e-12)


def test_a_true_model_has_no_misfit() -> None:
    for corr, kind, consistent in (
        (composites(), "formative", False),
        (factors(), "reflective", True),
    ):
        rows = drawn(corr, 200, 1)
        exact = moments_of_rows(rows, np.ones(200), ITEMS, "complete")
        exact = replace(exact, cov=corr)
        options = PLSOptions(tolerance=1e-13, consistent=consistent, max_steps=5000)
        fit = fit_pls(small(kind), exact, options)
        for structure in ("saturated", "estimated"):
            found = distances(fit, ImpliedOptions(structure=structure))
            np.testing.assert_allclose(found, 0.0, atol=1e-9)
        np.testing.assert_allclose(implied_corr(fit), corr, atol=1e-9)


def test_the_geodesic_distance_is_that_of_the_matrix_logarithm() -> None:
    S, M = composites(), factors()  # noqa: N806
    values, vectors = np.linalg.eigh(S)
    root = (vectors / np.sqrt(values)) @ vectors.T
    told = 0.5 * np.linalg.norm(logm(root @ M @ root)) ** 2
    phi = relative_eigenvalues(S, M)
    assert d_g(phi) == pytest.approx(told, rel=1e-10)
    below = np.linalg.slogdet(M)[1] - np.linalg.slogdet(S)[1] + np.trace(S @ np.linalg.inv(M)) - 12
    assert d_ml(phi) == pytest.approx(below, rel=1e-10)


def test_rms_theta_from_the_answers() -> None:
    """What a regression of each item on its own composite leaves, correlated by hand."""
    fit, rows = fitted(), mobi_rows()
    Z = (rows - rows.mean(0)) / rows.std(0)  # noqa: N806
    owner = owners_of(fit.model)
    scores = Z @ (fit.weights[:, None] * fit.model.blocks)
    left = np.column_stack(
        [z - scores[:, j] * (z @ scores[:, j]) / (scores[:, j] @ scores[:, j])
         for z, j in zip(Z.T, owner, strict=True)]
    )  # fmt: skip
    cov = left.T @ left / len(rows)
    apart = owner[:, None] != owner
    assert rms_theta(fit) == pytest.approx(np.sqrt((cov[apart] ** 2).mean()), rel=1e-9)


@pytest.mark.parametrize("batch", [(), (3,), (2, 2)])
def test_kernels_take_any_batch(batch: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    owner, kept = np.repeat(np.arange(4), 3), np.array([True, False, True, True])
    count = int(np.prod(batch, dtype=int))

    def correlations(p: int) -> np.ndarray:
        return np.stack([np.corrcoef(rng.normal(size=(p, 60))) for _ in range(count)])

    S, C = correlations(12), correlations(4)  # noqa: N806
    L = rng.uniform(0.4, 0.9, (count, 12))  # noqa: N806
    B = np.triu(rng.uniform(-0.4, 0.4, (count, 4, 4)), 1)  # noqa: N806
    V = rng.uniform(-0.5, 0.9, (count, 12, 4))  # noqa: N806

    def every(S, C, L, B, V):  # type: ignore[no-untyped-def]  # noqa: N803
        for how in ("implied", "sample"):
            inner = implied_constructs(C, B, (0,), (1, 2, 3), how)
            yield inner
            M = implied_items(S, L, inner, owner, kept)  # noqa: N806
            yield M
            phi = relative_eigenvalues(S, M)
            yield from (phi, srmr(S, M), d_uls(S, M), d_g(phi), d_ml(phi))
        left = outer_residuals(S, V, L, C, owner)
        yield left
        yield root_mean_square(left, owner[:, None] != owner)

    shaped = [part.reshape(*batch, *part.shape[1:]) for part in (S, C, L, B, V)]
    whole = list(every(*shaped))
    single = [list(every(S[k], C[k], L[k], B[k], V[k])) for k in range(count)]
    for at, found in enumerate(whole):
        loop = np.stack([one[at] for one in single]).reshape(found.shape)
        np.testing.assert_allclose(found, loop, rtol=1e-9, atol=1e-12)


def test_what_is_not_positive_definite_is_nan_and_its_neighbour_not() -> None:
    bad = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    S = np.stack([np.eye(3), np.eye(3), bad, np.full((3, 3), np.nan)])  # noqa: N806
    M = np.stack([np.eye(3) * 1.0, bad, np.eye(3), np.eye(3)])  # noqa: N806
    found = d_g(relative_eigenvalues(S, M))
    assert found[0] == 0.0
    assert np.isnan(found[1:]).all()


def test_weights_count_as_respondents_do() -> None:
    rows = mobi_rows()
    twice = np.where(np.arange(250) % 3 == 0, 2.0, 1.0)
    repeated = np.repeat(rows, twice.astype(int), axis=0)
    model = european()
    found = [
        measures_of_fit(fit_pls(model, moments_of_rows(part, w, model.items, "complete")))
        for part, w in ((rows, twice), (repeated, np.ones(len(repeated))))
    ]
    for name in ("SRMR", "d_ULS", "d_G", "NFI", "RMS_theta"):
        assert found[0][name] == pytest.approx(found[1][name], rel=1e-6)


def test_degrees_of_freedom_by_hand() -> None:
    # 66 correlations; PLSc: 12 loadings, 4 paths; mode A: 4 blocks of 3 correlations and 2 weights
    rows = drawn(factors(), 300, 3)
    moments = moments_of_rows(rows, np.ones(300), ITEMS, "complete")
    factor = fit_pls(small("reflective"), moments, PLSOptions(consistent=True))
    assert freedom(factor) == 66 - 12 - 4
    assert freedom(factor, ImpliedOptions(structure="saturated")) == 66 - 12 - 6
    assert freedom(factor, ImpliedOptions(blocks="composite")) == 66 - 20 - 4
    assert freedom(fit_pls(small("composite"), moments)) == 66 - 20 - 4


def test_wrong_words_are_refused_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        ImpliedOptions(structure="both", blocks="kind")  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["option structure", "option blocks"]
    assert "saturated, estimated" in str(caught.value)


def test_covariance_fits_have_their_own_measures() -> None:
    fit = fit_ml(european(), mobi_moments())
    with pytest.raises(OptionError, match=r"csi\.sem\.fit"):
        implied_corr(fit)
