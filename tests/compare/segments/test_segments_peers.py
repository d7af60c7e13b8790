"""FIMIX-PLS and PLS-POS on mobi beside seminrextras and openpls, from the same starts."""

import warnings
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.compare.segments.climb import Climbed, Ground, climb, ground_of
from csi.compare.segments.fimix import criteria_table
from csi.compare.segments.kernel_em import mixture
from csi.compare.segments.kernel_mixture import Equations, pair_products
from csi.compare.segments.kernel_starts import memberships, random_partitions
from csi.compare.segments.options import FimixOptions
from csi.compare.segments.pos import partition_solution
from csi.compare.segments.scored import composites_of, equations_of
from csi.compare.segments.search import Found, search, solution_of
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model import Model
from csi.moments.groups import moments_of_rows

TIGHT = PLSOptions(tolerance=1e-11, max_steps=2000)
N = 250


@pytest.fixture(scope="module")
def scores(mobi_rows: Array, ecsi: Model) -> Array:
    moments = moments_of_rows(mobi_rows, np.ones(N), ecsi.items, "complete")
    return composites_of(fit_pls(ecsi, moments, TIGHT), mobi_rows)


@pytest.fixture(scope="module")
def seminr_model(mobi_rows: Array, ecsi: Model) -> Any:
    seminr = pytest.importorskip("seminr")
    blocks = [seminr.composite(c.name, list(c.items), seminr.mode_A) for c in ecsi.constructs]
    arrows = [seminr.paths(p.source, p.target) for p in ecsi.paths]
    return seminr.estimate_pls(
        (ecsi.items, mobi_rows), seminr.constructs(*blocks), seminr.relationships(*arrows),
        stop_criterion=12, max_it=2000,
    )  # fmt: skip


def scaled(loglik: float, equations: Equations) -> float:
    """Log-likelihood of scores of variance one with divisor n, from that with divisor n - 1."""
    return loglik - 0.5 * N * len(equations.targets) * np.log(N / (N - 1))


def test_seminrextras_climbs_to_the_same_place_from_each_start(
    scores: Array, ecsi: Model, seminr_model: Any
) -> None:
    extras = pytest.importorskip("seminrExtras")
    equations = equations_of(ecsi, intercepts=True)
    for many, seed in ((2, 1), (2, 2), (3, 3)):
        start = memberships(random_partitions(np.random.default_rng(seed), N, many, 1)[0], many)
        soft = 0.6 * start + 0.4 / many
        other = extras.assess_fimix(
            seminr_model, K=many, nstart=1, inits=[soft.T], stop_criterion=1e-9, max_iter=20_000
        )
        ours = mixture(
            pair_products(scores), np.ones(N), equations, soft,
            floor=np.zeros(6), tolerance=1e-9, max_steps=20_000,
        )  # fmt: skip
        assert ours.converged
        # both stop within 1e-7 of the top; scores differ by the divisor of the variance
        assert float(ours.loglik) == pytest.approx(
            scaled(other.log_likelihood, equations), abs=1e-6
        )
        assert equations.parameters(many) == other.n_parameters
        theirs = np.asarray(other.posterior.values).T
        np.testing.assert_allclose(ours.posterior, theirs, atol=1e-4)
        found = solution_of(ours, pair_products(scores), np.ones(N), equations)
        at = [(ecsi.names.index(p.source), ecsi.names.index(p.target)) for p in ecsi.paths]
        for k in range(many):
            paths = other.segment_paths[k]
            for (i, j), p in zip(at, ecsi.paths, strict=True):
                cell = paths.get(p.source, p.target)
                assert found.paths[k, i, j] == pytest.approx(cell, abs=1e-4)


def test_openpls_finds_the_same_optimum_and_criteria(
    mobi_rows: Array, scores: Array, ecsi: Model
) -> None:
    pytest.importorskip("openpls")
    from openpls import Plspm
    from openpls.config import MV, Config
    from openpls.fimix import FIMIX
    from openpls.mode import Mode
    from openpls.scheme import Scheme

    arrows = pd.DataFrame(ecsi.arrows.T.astype(int), index=ecsi.names, columns=ecsi.names)
    config = Config(arrows, scaled=True)
    for construct in ecsi.constructs:
        config.add_lv(construct.name, Mode.A, *map(MV, construct.items))
    frame = pd.DataFrame(mobi_rows, columns=list(ecsi.items))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = Plspm(frame, config, Scheme.PATH, iterations=2000, tolerance=1e-11)
        other = FIMIX(fit, 2, n_restarts=10, tolerance=1e-9, max_iter=5000)
    equations = equations_of(ecsi, intercepts=True)
    found = search(pair_products(scores), np.ones(N), equations, 2, FimixOptions(tolerance=1e-9))
    assert found.reached > 1
    # the same scale of scores: no difference to explain
    assert float(found.best.loglik) == pytest.approx(other.log_likelihood(), abs=1e-5)
    np.testing.assert_allclose(
        found.best.share, np.sort(np.asarray(other.class_sizes()))[::-1], atol=1e-4
    )
    table = criteria_of(found, scores, equations)
    theirs = other.fit_criteria()
    for name in ("aic", "aic3", "aic4", "bic", "caic", "mdl5", "en"):
        assert table[name] == pytest.approx(float(theirs[name]), abs=1e-4), name


def test_no_peer_ends_higher(scores: Array, ecsi: Model, seminr_model: Any) -> None:
    extras = pytest.importorskip("seminrExtras")
    equations = equations_of(ecsi, intercepts=True)
    for many in (2, 3):
        other = extras.assess_fimix(seminr_model, K=many, nstart=10)
        found = search(pair_products(scores), np.ones(N), equations, many, FimixOptions())
        assert float(found.best.loglik) > scaled(other.log_likelihood, equations) - 1e-3


def ground(rows: Array, scores: Array, model: Model, least: int) -> Ground:
    return ground_of(model, TIGHT, rows, np.ones(N), scores, "", False, least)


def test_pos_objective_and_search_beside_seminrextras(
    mobi_rows: Array, scores: Array, ecsi: Model, seminr_model: Any
) -> None:
    extras = pytest.importorskip("seminrExtras")
    start = random_partitions(np.random.default_rng(3), N, 2, 1)[0]
    least = 60
    other = extras.assess_pos(
        seminr_model, K=2, nstart=1, partitions=[(start + 1).tolist()], min_segment_size=least,
        max_iter=100,
    )  # fmt: skip
    here = ground(mobi_rows, scores, ecsi, least)
    theirs = np.asarray(other.segment_assignment) - 1
    found = partition_solution(here, theirs, 2)
    # the same partition: the same sum of R2 of models fitted to each segment
    assert float(np.nansum(found.r2)) == pytest.approx(other.objective, abs=1e-6)
    ended: Climbed = climb(here, start, 2, depth=256, max_rounds=1000)
    assert ended.converged
    assert ended.objective >= other.objective - 1e-9
    from_theirs = partial(climb, here, theirs, 2, depth=256, max_rounds=1000)
    assert from_theirs().objective >= other.objective - 1e-9


def criteria_of(found: Found, scores: Array, equations: Equations) -> dict[str, float]:
    """Return the row of the criteria of a solution with two segments."""
    sizes = pd.DataFrame(
        {"segments": 2, "n": 1, "share_assigned": 0.5, "large_enough": True}, index=[0, 1]
    )
    one = search(pair_products(scores), np.ones(N), equations, 1, FimixOptions())
    table = criteria_table({1: one, 2: found}, sizes, equations, np.ones(N), 50)
    return {str(name): value for name, value in table.iloc[1].to_dict().items()}
