"""Live parity with the Python package seminr, fit by fit and draw by draw."""

from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import composite, formative, items, paths, reflective, single
from csi.model.model import Model
from csi.moments.groups import moments_of_rows

seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")

TIGHT = PLSOptions(tolerance=1e-12, max_steps=2000)
CLOSE = 1e-6


def chain() -> Model:
    """Three factors in a row."""
    return Model(
        [reflective("A", items("a", 1, 3)), reflective("B", items("b", 1, 4)),
         reflective("C", items("c", 1, 2))],
        [paths("A", to=["B", "C"]), paths("B", to="C")],
        "C",
    )  # fmt: skip


def mixed() -> Model:
    """All kinds of constructs, negative paths, a construct of one item in the middle."""
    return Model(
        [formative("F", items("f", 1, 4)), composite("K", items("k", 1, 3)),
         single("S", "s1"), reflective("R", items("r", 1, 3)), reflective("T", items("t", 1, 5))],
        [paths("F", to=["K", "R"]), paths("K", to="S", sign="-"), paths("S", to="R"),
         paths(["K", "R"], to="T")],
        "T",
    )  # fmt: skip


def factors() -> Model:
    """What PLSc is defined for: factors, single items and formative blocks.

    A composite of correlation weights is left out: seminr corrects it for attenuation like a
    factor, csi and cSEM do not [dijkstra2015consistent].
    """
    return Model(
        [formative("F", items("f", 1, 4)), reflective("K", items("k", 1, 3)),
         single("S", "s1"), reflective("R", items("r", 1, 3)), reflective("T", items("t", 1, 5))],
        [paths("F", to=["K", "R"]), paths("K", to="S", sign="-"), paths("S", to="R"),
         paths(["K", "R"], to="T")],
        "T",
    )  # fmt: skip


def regressed() -> Model:
    """Mode B on both ends."""
    return Model(
        [formative("X", items("x", 1, 3)), formative("Y", items("y", 1, 3)),
         formative("Z", items("z", 1, 2))],
        [paths(["X", "Y"], to="Z")],
        "Z",
    )  # fmt: skip


def answers(model: Model, n: int, seed: int, *, whole: bool) -> Array:
    """Answers that follow the model, (n, p), whole numbers 1-10 or continuous."""
    rng = np.random.default_rng(seed)
    scores: dict[str, Array] = {}
    for name in model.order:
        drift = sum(
            (0.6 if p.sign == "+" else -0.6) * scores[p.source]
            for p in model.paths
            if p.target == name
        )
        scores[name] = drift + rng.normal(size=n)
    columns = []
    for construct in model.constructs:
        own = scores[construct.name] / np.std(scores[construct.name])
        for _ in construct.items:
            strength = rng.uniform(0.5, 0.9)
            columns.append(strength * own + np.sqrt(1 - strength**2) * rng.normal(size=n))
    found = np.column_stack(columns) * rng.uniform(0.5, 3.0, len(columns)) + 6.0
    return np.clip(np.round(found), 1, 10) if whole else found


def seminr_of(model: Model, rows: Array, scheme: str, *, consistent: bool) -> Any:
    """Fit the model with seminr at a tight stopping rule."""
    specs = []
    for construct in model.constructs:
        own = list(construct.items)
        if consistent and construct.kind == "reflective":
            specs.append(seminr.reflective(construct.name, own))
        else:
            weights = seminr.mode_B if construct.kind == "formative" else seminr.mode_A
            specs.append(seminr.composite(construct.name, own, weights))
    arrows = [seminr.paths(p.source, p.target) for p in model.paths]
    inner = {"path": seminr.path_weighting, "factorial": seminr.path_factorial}[scheme]
    return seminr.estimate_pls(
        (model.items, rows),
        seminr.constructs(*specs),
        seminr.relationships(*arrows),
        inner_weights=inner,
        stop_criterion=12,
        max_it=2000,
    )


def matrix(named: Any, rows: tuple[str, ...], columns: tuple[str, ...]) -> Array:
    """Read a named matrix in our order."""
    return np.array([[named.get(row, column) for column in columns] for row in rows])


def compare(fit: Fit, theirs: Any) -> None:
    """Compare everything seminr gives; its signs are turned to our convention."""
    model = fit.model
    blocks = model.blocks.astype(float)
    loadings = matrix(theirs.outer_loadings, model.items, model.names)
    weights = matrix(theirs.outer_weights, model.items, model.names)
    dominant = np.argmax(np.abs(loadings), axis=0)
    signs = np.sign(loadings[dominant, np.arange(len(model.names))])
    np.testing.assert_allclose(fit.weights[:, None] * blocks, weights * signs, atol=CLOSE, rtol=0)
    np.testing.assert_allclose(fit.loadings[:, None] * blocks, loadings * signs, atol=CLOSE, rtol=0)
    coefficients = matrix(theirs.path_coef, model.names, model.names)
    np.testing.assert_allclose(fit.paths, coefficients * np.outer(signs, signs), atol=CLOSE, rtol=0)
    for column in theirs.r_squared.cols:
        at = model.names.index(column)
        assert fit.r2[at] == pytest.approx(theirs.r_squared.get("Rsq", column), abs=CLOSE)
        assert fit.r2_adjusted[at] == pytest.approx(
            theirs.r_squared.get("AdjRsq", column), abs=CLOSE
        )


@pytest.mark.parametrize("scheme", ["path", "factorial"])
@pytest.mark.parametrize("build", [chain, mixed, regressed])
@pytest.mark.parametrize(("n", "whole"), [(30, False), (120, True), (500, True), (2000, False)])
def test_simulated(build: Any, scheme: Any, n: int, whole: bool) -> None:
    model = build()
    rows = answers(model, n, seed=n + len(model.items), whole=whole)
    moments = moments_of_rows(rows, np.ones(n), model.items, "complete")
    options = PLSOptions(scheme=scheme, tolerance=1e-12, max_steps=2000)
    fit = fit_pls(model, moments, options)
    assert fit.converged
    compare(fit, seminr_of(model, rows, scheme, consistent=False))


@pytest.mark.parametrize("scheme", ["path", "factorial"])
@pytest.mark.parametrize("build", [chain, factors])
@pytest.mark.parametrize("n", [200, 2000])
def test_consistent(build: Any, scheme: Any, n: int) -> None:
    model = build()
    rows = answers(model, n, seed=n, whole=False)
    moments = moments_of_rows(rows, np.ones(n), model.items, "complete")
    options = PLSOptions(scheme=scheme, consistent=True, tolerance=1e-12, max_steps=2000)
    fit = fit_pls(model, moments, options)
    theirs = seminr_of(model, rows, scheme, consistent=True)
    assert fit.converged
    compare(fit, theirs)
    for construct, rho in zip(model.constructs, fit.reliability, strict=True):
        if construct.kind == "reflective":
            known = seminr.rho_A(theirs, [construct.name]).values.item()
            assert rho == pytest.approx(known, abs=CLOSE)
        else:
            assert rho == 1.0


@pytest.mark.parametrize("scheme", ["path", "factorial"])
def test_mobi(ecsi: Model, ecsi_mode_b: Model, mobi_rows: Array, scheme: Any) -> None:
    for model, consistent in ((ecsi, False), (ecsi, True), (ecsi_mode_b, False)):
        moments = moments_of_rows(mobi_rows, np.ones(250), model.items, "complete")
        options = PLSOptions(scheme=scheme, consistent=consistent, tolerance=1e-12, max_steps=2000)
        fit = fit_pls(model, moments, options)
        compare(fit, seminr_of(model, mobi_rows, scheme, consistent=consistent))


def test_bootstrap_draw_by_draw(ecsi: Model, mobi_rows: Array, batched: Any) -> None:
    rng = np.random.default_rng(3)
    chosen = rng.integers(0, 250, size=(25, 250))
    base = seminr_of(ecsi, mobi_rows, "path", consistent=False)
    theirs = seminr.bootstrap_model(base, nboot=25, indices=[list(map(int, c)) for c in chosen])
    assert theirs.fails == 0
    drawn = [mobi_rows[rows] for rows in chosen]
    moments = batched(
        [rows.mean(axis=0) for rows in drawn],
        [np.cov(rows, rowvar=False, ddof=0) for rows in drawn],
        ecsi.items,
        250,
    )
    fit = fit_pls(ecsi, moments, TIGHT)
    assert fit.converged.all()
    for k, (coefficients, weights) in enumerate(
        zip(theirs.boot_paths, theirs.boot_weights, strict=True)
    ):
        ours = fit.paths[k]
        np.testing.assert_allclose(
            ours, matrix(coefficients, ecsi.names, ecsi.names), atol=CLOSE, rtol=0
        )
        np.testing.assert_allclose(
            fit.weights[k][:, None] * ecsi.blocks,
            matrix(weights, ecsi.items, ecsi.names),
            atol=CLOSE,
            rtol=0,
        )
