"""Live parity with seminr and openpls-engine; differences shown by a second road."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.assess.blocks import block_slices, item_correlations
from csi.assess.collinearity import cause_inflation, item_inflation
from csi.assess.discriminant import extracted, htmt
from csi.assess.kernel_reliability import composite_reliability
from csi.assess.loadings import cross_loadings
from csi.assess.reliability import measures_of, reliabilities
from csi.estimate.fit import Fit
from csi.model.grammar import composite, items, paths, reflective, single
from csi.model.model import Model
from csi.moments.groups import moments_of_rows
from csi.moments.values import Moments

CLOSE = 1e-8  # both at a stopping rule of 1e-12 in a weight


def chain() -> Model:
    """Reflective and composite blocks of two to five items, and a single one."""
    return Model(
        [reflective("A", items("a", 1, 3)), reflective("B", items("b", 1, 2)),
         single("S", "s1"), composite("C", items("c", 1, 5))],
        [paths("A", to=["B", "S", "C"]), paths(["B", "S"], to="C")],
        "C",
    )  # fmt: skip


def answers(model: Model, n: int, seed: int) -> Array:
    """Answers 1-10 that follow a chain of constructs."""
    rng = np.random.default_rng(seed)
    score = rng.normal(size=n)
    columns = []
    for construct in model.constructs:
        score = 0.6 * score + 0.8 * rng.normal(size=n)
        columns += [s * score + np.sqrt(1 - s**2) * rng.normal(size=n)
                    for s in rng.uniform(0.5, 0.9, len(construct.items))]  # fmt: skip
    return np.clip(np.round(np.column_stack(columns) * 2.0 + 6.5), 1, 10)


def seminr_fit(seminr: Any, model: Model, rows: Array) -> Any:
    specs = [seminr.composite(c.name, list(c.items), seminr.mode_A) for c in model.constructs]
    arrows = [seminr.paths(p.source, p.target) for p in model.paths]
    return seminr.estimate_pls(
        (model.items, rows), seminr.constructs(*specs), seminr.relationships(*arrows),
        inner_weights=seminr.path_weighting, stop_criterion=12, max_it=2000,
    )  # fmt: skip


@pytest.mark.parametrize(("n", "seed"), [(60, 1), (300, 2), (2000, 3)])
def test_measures_are_those_of_seminr(fitted: Callable[..., Fit], n: int, seed: int) -> None:
    seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")
    model = chain()
    rows = answers(model, n, seed)
    fit, theirs = fitted(model, rows), seminr_fit(seminr, model, rows)
    table = seminr.reliability_table(theirs)
    own = dict(zip(measures_of(fit), np.moveaxis(reliabilities(fit), -1, 0), strict=True))
    names = {"alpha": "alpha", "rho_A": "rhoA", "rho_C": "rhoC", "AVE": "AVE"}
    for j, construct in enumerate(model.constructs):
        for measure, column in names.items():
            if len(construct.items) > 1:
                known = table.get(construct.name, column)
                assert own[measure][j] == pytest.approx(known, abs=CLOSE)
    ratios = seminr.htmt(theirs)
    summary = seminr.summarize(theirs)
    crossed, own_items = summary.validity.cross_loadings, summary.validity.vif_items
    inflated = summary.vif_antecedents
    found, absolute = cross_loadings(fit), htmt(fit, "HTMT+")
    for i, first in enumerate(model.names):
        for j in range(i):
            known = ratios.get(model.names[j], first)
            known = ratios.get(first, model.names[j]) if np.isnan(known) else known
            assert absolute[i, j] == pytest.approx(known, abs=CLOSE)
        for k, item in enumerate(model.items):
            assert found[k, i] == pytest.approx(crossed.get(item, first), abs=CLOSE)
    for k, item in enumerate(model.items):
        block = next(c for c in model.constructs if item in c.items)
        if len(block.items) > 1:
            known = own_items[block.name][item]
            assert item_inflation(fit)[k] == pytest.approx(known, rel=CLOSE)
    for k, source in enumerate(model.names[:3]):
        assert cause_inflation(fit)[k, 3] == pytest.approx(inflated["C"][source], rel=CLOSE)


def test_htmt_of_the_same_resamples_is_that_of_seminr(fitted: Callable[..., Fit]) -> None:
    seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")
    model = chain()
    rows = answers(model, 120, 7)
    drawn = np.random.default_rng(5).integers(0, 120, (30, 120))
    boot = seminr.bootstrap_model(seminr_fit(seminr, model, rows), 30, indices=drawn.tolist())
    theirs = np.array([found.values for found in boot.boot_htmt])
    moments = [moments_of_rows(rows[at], np.ones(120), model.items, "complete") for at in drawn]
    batch = Moments(
        items=model.items,
        missing="complete",
        **{name: np.stack([getattr(m, name) for m in moments]) for name in
           ("mean", "cov", "n", "sum_weights", "n_effective", "answers")},
    )  # fmt: skip
    own = htmt(Fit(model, batch, "PLS", "standardised", *[np.zeros(1)] * 11), "HTMT+")
    order = [list(boot.boot_htmt[0].rows).index(name) for name in model.names]
    theirs = theirs[:, order][:, :, order]
    filled = np.where(np.isnan(theirs), 0.0, theirs)
    filled = filled + np.swapaxes(filled, 1, 2)
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_allclose(own[:, off], filled[:, off], atol=CLOSE)


@pytest.fixture(scope="module")
def openpls_fit() -> Callable[[Model, Array], Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("openpls", reason="openpls-engine is not installed")
        import openpls.config as c
        from openpls.mode import Mode
        from openpls.plspm import Plspm
        from openpls.scale import Scale
        from openpls.scheme import Scheme

    def fit(model: Model, rows: Array, scale: Any = Scale.NUM) -> Any:
        structure = c.Structure()
        for source in model.names:
            if targets := model.successors(source):
                structure.add_path([source], list(targets))
        # Scale.NUM standardises item by item; the plain default divides by one pooled deviation
        config = c.Config(structure.path(), default_scale=scale)
        for construct in model.constructs:
            config.add_lv(construct.name, Mode.A, *(c.MV(item) for item in construct.items))
        frame = pd.DataFrame(rows, columns=list(model.items))
        return Plspm(frame, config, Scheme.PATH, 2000, 1e-12)

    return fit


@pytest.mark.filterwarnings("ignore")
def test_measures_of_openpls(
    fitted: Callable[..., Fit], openpls_fit: Callable[[Model, Array], Any]
) -> None:
    model = chain()
    rows = answers(model, 300, 4)
    fit, theirs = fitted(model, rows), openpls_fit(model, rows)
    own = dict(zip(measures_of(fit), np.moveaxis(reliabilities(fit), -1, 0), strict=True))
    table = theirs.reliability()
    ave = theirs.fornell_larcker().ave()
    several = [j for j, c in enumerate(model.constructs) if len(c.items) > 1]
    corr = item_correlations(fit)
    for j in several:
        name = model.names[j]
        known = table.loc[name, "cronbach_alpha"]
        assert own["alpha"][j] == pytest.approx(known, abs=CLOSE)
        assert extracted(fit)[j] == pytest.approx(ave[name], abs=1e-6)
        # "rho" there is that of the first principal component: not the loadings of the fit
        block = block_slices(model)[j]
        values, vectors = np.linalg.eigh(corr[block, block])
        component = np.abs(vectors[:, -1]) * np.sqrt(values[-1])
        theirs_rho = table.loc[name, "dillon_goldstein_rho"]
        assert composite_reliability(component) == pytest.approx(theirs_rho, abs=CLOSE)
        # by hand from the loadings of the fit
        loadings = fit.loadings[block]
        by_hand = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
        assert own["rho_C"][j] == pytest.approx(by_hand, rel=1e-12)
    assert (
        max(
            abs(own["rho_C"][j] - table.loc[model.names[j], "dillon_goldstein_rho"])
            for j in several
        )
        > 1e-5
    )
    ratios = theirs.htmt().matrix()
    for i in several:
        for j in several:
            if i != j:
                known = ratios.loc[model.names[i], model.names[j]]
                assert htmt(fit, "HTMT+")[i, j] == pytest.approx(known, abs=CLOSE)
    inner = theirs.vif().inner()["C"].set_index("predictor")["vif"]
    for k, source in enumerate(model.names[:3]):
        assert cause_inflation(fit)[k, 3] == pytest.approx(inner[source], rel=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_htmt2_of_openpls_takes_signs_away(
    mobi: pd.DataFrame, ecsi: Model, fitted: Callable[..., Fit],
    openpls_fit: Callable[[Model, Array], Any],
) -> None:  # fmt: skip
    rows = mobi[list(ecsi.items)].to_numpy(dtype=float)
    theirs = openpls_fit(ecsi, rows).htmt2().matrix()
    fit = fitted(ecsi, rows)
    own = htmt(fit, "HTMT2")
    quality, loyalty = (ecsi.names.index(name) for name in ("Quality", "Loyalty"))
    for i, first in enumerate(ecsi.names):
        for j, second in enumerate(ecsi.names):
            if i == j or "Complaints" in (first, second):
                continue
            if {i, j} == {quality, loyalty}:
                # a correlation is negative: HTMT2 is not defined; openpls drops the sign
                assert np.isnan(own[i, j])
                assert np.isfinite(theirs.loc[first, second])
            else:
                assert own[i, j] == pytest.approx(theirs.loc[first, second], abs=CLOSE)
    corr = item_correlations(fit)
    parts = block_slices(ecsi)
    assert corr[parts[quality], parts[loyalty]].min() < 0


@pytest.mark.filterwarnings("ignore")
def test_rho_a_of_openpls_by_default_is_too_large(
    mobi: pd.DataFrame, ecsi: Model, fitted: Callable[..., Fit], openpls_fit: Callable[..., Any]
) -> None:
    rows = mobi[list(ecsi.items)].to_numpy(dtype=float)
    fit = fitted(ecsi, rows)
    own = reliabilities(fit)[..., measures_of(fit).index("rho_A")]
    standardised = openpls_fit(ecsi, rows).plsc().rho_a()
    default = openpls_fit(ecsi, rows, None).plsc().rho_a()
    for j, construct in enumerate(ecsi.constructs):
        if len(construct.items) > 1:
            # right with items standardised one by one, n / (n - 1) too large by default
            assert own[j] == pytest.approx(standardised[construct.name], abs=1e-6)
            assert default[construct.name] / own[j] == pytest.approx(250 / 249, abs=1e-5)
    # the second road, by hand: the composite's variance is one, and so is that of every item
    w = fit.weights[block_slices(ecsi)[0]]
    square = np.sum(w**2)
    by_hand = square**2 * (1 - square) / (square**2 - np.sum(w**4))
    assert own[0] == pytest.approx(by_hand, rel=1e-12)
