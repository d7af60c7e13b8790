"""R2, f2 and Q2: cSEM, seminr, semPLS, second roads, batches, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.assess.blindfolding import FORMATIVE, SINGLE, blindfold, possible_distances
from csi.assess.explained import effect_sizes, ends_of
from csi.assess.kernel_blindfolding import mean_filled, omitted
from csi.assess.kernel_explained import coefficients, explained_share, f_squared
from csi.errors import EstimationError, OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated, replicated
from csi.model.model import Model
from tests.assess.structure_cases import (
    ITEMS,
    drawn,
    european,
    factors,
    mobi_moments,
    mobi_rows,
    on_mobi,
    reference,
    small,
    survey_of,
)

CLOSE = 1e-6
TIGHT = PLSOptions(tolerance=1e-12, max_steps=2000)


def named(values: Array, model: Model) -> dict[str, float]:
    pairs = zip(model.paths, values.tolist(), strict=True)
    return {f"{path.source} -> {path.target}": value for path, value in pairs}


@pytest.mark.parametrize(("case", "consistent"), [("cSEM modeA", False), ("cSEM PLSc", True)])
def test_f2_as_csem(case: str, consistent: bool) -> None:
    fit = fit_pls(european(), mobi_moments(), replace(TIGHT, consistent=consistent))
    own = named(effect_sizes(fit), fit.model)
    for path, theirs in reference()[case]["f2"].items():
        assert own[path] == pytest.approx(theirs, rel=1e-5, abs=CLOSE), path


def test_f2_of_seminr_comes_from_estimating_the_whole_model_again() -> None:
    model, theirs = european(), reference()["seminr"]["f2"]
    whole = fit_pls(model, mobi_moments(), TIGHT).r2
    for path in (model.paths[1], model.paths[8]):  # Image, Value -> Satisfaction
        rest = [other for other in model.paths if other != path]
        again = fit_pls(Model(model.constructs, rest, "Satisfaction"), mobi_moments(), TIGHT).r2
        at = model.names.index(path.target)
        value = float(f_squared(whole[at], again[at]))
        assert value == pytest.approx(theirs[f"{path.source} -> {path.target}"], abs=CLOSE)


@pytest.mark.parametrize("batch", [(), (3,), (2, 2)])
def test_regressions_take_any_batch(batch: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    count = int(np.prod(batch, dtype=int))
    C = np.stack([np.corrcoef(rng.normal(size=(4, 30))) for _ in range(count)])  # noqa: N806
    shaped = C.reshape(*batch, 4, 4)
    for sources in ((), (0,), (0, 2, 3)):
        found = coefficients(shaped, 1, sources).reshape(count, len(sources))
        share = explained_share(shaped, 1, sources).reshape(count)
        for k in range(count):
            at = list(sources)
            told = np.linalg.solve(C[k][np.ix_(at, at)], C[k][at, 1]) if at else np.zeros(0)
            np.testing.assert_allclose(found[k], told, rtol=1e-9)
            assert share[k] == pytest.approx(told @ C[k][at, 1])


def test_f2_of_a_full_explanation_is_nan() -> None:
    assert np.isnan(f_squared(1.0, 0.5))
    assert np.isnan(f_squared(1.2, 0.5))  # an inadmissible fit
    assert float(f_squared(0.5, 0.5)) == 0.0


def test_f2_is_the_squared_t_of_a_regression_over_its_freedom() -> None:
    """Second road: t**2 = f2 (n - k - 1), from least squares on scores."""
    fit = fit_pls(european(), mobi_moments(), TIGHT)
    rows = mobi_rows()
    Z = (rows - rows.mean(0)) / rows.std(0)  # noqa: N806
    scores = Z @ (fit.weights[:, None] * fit.model.blocks)
    target = fit.model.names.index("Loyalty")
    sources = [fit.model.names.index(name) for name in fit.model.predecessors("Loyalty")]
    X, y = scores[:, sources], scores[:, target]  # noqa: N806
    beta, left, *_ = np.linalg.lstsq(X, y, rcond=None)
    variance = float(left[0]) / (250 - 4) * np.linalg.inv(X.T @ X).diagonal()
    told = beta**2 / variance / (250 - 4)
    places = ends_of(fit.model)
    own = [effect_sizes(fit)[places.index((source, target))] for source in sources]
    np.testing.assert_allclose(own, told, rtol=1e-8)


def in_file_order(rep: Replicated) -> Replicated:
    """The same respondents in the order of the file."""
    return replace(rep, sample=replace(rep.sample, rows=mobi_rows()))


def test_q2_near_sempls() -> None:
    """Which answers a round omits is not the same there: distances and orders move Q2 by 0.01."""
    theirs = reference()["semPLS"]["q2_d7"]
    rep = in_file_order(on_mobi(draws=100))
    for omission in ("answers", "respondents"):
        found = blindfold(rep, omission=omission)
        assert found.distance == 7
        for name, value in zip(found.constructs, found.redundancy, strict=True):
            assert value == pytest.approx(theirs[name], abs=0.01), name


def test_q2_by_the_package_seminr_round_by_round() -> None:
    """The whole road again with another estimator and least squares on its scores."""
    seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")
    rows, model = mobi_rows(), european()
    measurement = seminr.constructs(
        *[seminr.composite(c.name, list(c.items)) for c in model.constructs]
    )
    structural = seminr.relationships(
        *[seminr.paths(from_=[p.source], to=[p.target]) for p in model.paths]
    )
    block = slice(model.items.index("CUSA1"), model.items.index("CUSA3") + 1)
    sse = sso = 0.0
    for away in omitted(250, 3, 7, "answers"):
        filled, mean = mean_filled(rows[:, block], away, np.ones(250))
        data = rows.copy()
        data[:, block] = filled
        frame = dict(zip(model.items, data.T, strict=True))
        fit: Any = seminr.estimate_pls(frame, measurement, structural)
        scores = np.asarray(fit.construct_scores.values)
        names = list(fit.construct_scores.cols)
        at = [names.index(name) for name in model.predecessors("Satisfaction")]
        y = scores[:, names.index("Satisfaction")]
        beta = np.linalg.lstsq(scores[:, at], y, rcond=None)[0]
        told = scores[:, at] @ beta
        slope = (filled - filled.mean(0)).T @ y / (y @ y)
        predicted = filled.mean(0) + np.outer(told, slope)
        sd = rows[:, block].std(0)
        sse += float((np.where(away, (rows[:, block] - predicted) / sd, 0.0) ** 2).sum())
        sso += float((np.where(away, (rows[:, block] - mean) / sd, 0.0) ** 2).sum())
    found = blindfold(in_file_order(on_mobi(draws=100)))
    at = found.constructs.index("Satisfaction")
    assert found.redundancy[at] == pytest.approx(1 - sse / sso, abs=1e-6)  # both stop at 1e-7


def test_each_answer_is_omitted_once() -> None:
    for omission in ("answers", "respondents"):
        away = omitted(23, 4, 7, omission)
        assert (away.sum(axis=0) == 1).all()
    assert (omitted(21, 1, 7, "answers") == omitted(21, 1, 7, "respondents")).all()


def test_useless_predictors_have_no_relevance() -> None:
    corr = factors()
    corr[:9, 9:] = corr[9:, :9] = 0.0  # nothing explains D
    rows = drawn(corr, 400, 3)
    options = IndexOptions(draws=100, missing="complete")
    (rep,) = replicated(survey_of(rows, ITEMS), small("reflective"), options)
    found = blindfold(rep)
    assert found.redundancy[found.constructs.index("D")] < 0.02
    assert found.redundancy[found.constructs.index("B")] > 0.05
    assert found.effects[0] > found.effects[3]


def test_size_of_weights_does_not_matter_and_the_weights_do() -> None:
    rows = drawn(factors(), 301, 5)
    w = np.random.default_rng(2).uniform(0.2, 3.0, 301)
    found = []
    for weights in (w, 10 * w, np.ones(301)):
        survey = survey_of(rows, ITEMS, weights=weights)
        options = IndexOptions(draws=100, missing="complete")
        (rep,) = replicated(survey, small("reflective"), options)
        found.append(
            blindfold(replace(rep, sample=replace(rep.sample, rows=rows, weights=weights)))
        )
    np.testing.assert_allclose(found[0].redundancy, found[1].redundancy, rtol=1e-9)
    assert np.abs(found[0].redundancy - found[2].redundancy).max() > 1e-3


def test_notes_and_counts() -> None:
    rows = drawn(factors(), 250, 6)
    rows[:40, 0] = np.nan
    survey = survey_of(rows, ITEMS)
    (rep,) = replicated(survey, small("reflective"), IndexOptions(draws=100))
    found = blindfold(rep)
    assert (found.n, found.left_out) == (210, 40)
    assert found.distance not in (5, 6, 7, 10)  # divisors of 210
    alone = blindfold(on_mobi(draws=100)).table()
    single = alone[(alone["construct"] == "Complaints") & (alone["measure"] == "Q2 communality")]
    assert single["note"].tolist() == [SINGLE]
    table = blindfold(on_mobi("formative", draws=100)).table()
    assert set(table.loc[table["construct"] != "Complaints", "note"]) == {FORMATIVE}


def test_impossible_wishes_are_refused_at_once() -> None:
    rep = on_mobi(draws=100)
    with pytest.raises(OptionError) as caught:
        blindfold(rep, distance=5, omission="cells")  # type: ignore[arg-type]
    assert [f.where for f in caught.value.faults] == ["option omission", "option distance"]
    assert "6, 7, 8" in str(caught.value)
    assert 5 not in possible_distances(250)
    sparse = np.where(np.eye(24, dtype=bool)[np.arange(250) % 24], np.nan, mobi_rows())
    hollow = replace(rep, sample=replace(rep.sample, rows=sparse))
    with pytest.raises(EstimationError, match="only 0 respondents"):
        blindfold(hollow)


def test_plsc_predicts_by_uncorrected_fits() -> None:
    plain, corrected = (
        blindfold(on_mobi(draws=100, pls=PLSOptions(consistent=c))) for c in (False, True)
    )
    np.testing.assert_allclose(plain.redundancy, corrected.redundancy, atol=1e-6)
