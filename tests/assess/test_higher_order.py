"""Assessment of models with constructs of constructs: nothing is judged against itself."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

import csi
from csi.assess.admissibility import beyond
from csi.assess.blindfolding import blindfold
from csi.assess.cautions import cautions
from csi.assess.criteria import full_model
from csi.assess.exact_fit import exact_fit
from csi.assess.kernel_implied import implied_constructs
from csi.assess.measurement import measurement
from csi.assess.model_fit import ImpliedOptions, freedom, implied_corr, item_corr
from csi.assess.predict import predict
from csi.assess.predict_options import PredictOptions
from csi.assess.scale_ends import scale_end_verdicts
from csi.assess.structure import structure
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated, replicated
from csi.model.model import Model
from csi.run.assess_parts import answers_part
from csi.survey.survey import Survey


@cache
def survey() -> Survey:
    made = csi.simulate(csi.models.load("acsi_split"), years=[2025], n=300, seed=3)
    return csi.read_survey(made.answers, made.codebook)


@cache
def rep(higher: str = "repeated") -> Replicated:
    options = IndexOptions(draws=100, pls=csi.PLSOptions(higher=higher))  # type: ignore[arg-type]
    return replicated(survey(), csi.models.load("acsi_split"), options)[0]


def _pair(table: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    return table[(table["construct"] == a) & (table["other"] == b)].set_index("measure")


@pytest.mark.parametrize("higher", ["repeated", "two-stage", "embedded"])
def test_whole_is_not_judged_against_its_parts(higher: str) -> None:
    found, doubts = measurement(rep(higher)), cautions(rep(higher), survey().codebook)
    pair = _pair(found.discriminant, "ProductQuality", "Quality")
    excluded = pair.loc[["HTMT", "HTMT+", "HTMT2", "fornell_larcker"]]
    assert excluded["estimate"].isna().all()
    assert (excluded["note"] != "").all()
    assert pair.loc["correlation", "estimate"] > 0.7
    near = _pair(doubts.near_collinear, "ServiceQuality", "Quality")
    assert near["estimate"].isna().all()
    assert (near["note"] != "").all()
    crossed = _pair(found.cross_loadings, "Quality", "ProductQuality")
    assert crossed.loc["margin", "estimate"].isna().all()
    said = (*found.verdicts, *doubts.verdicts)
    assert not [
        v for v in said if "nan" in v.sentence.within("en") or " ?" in v.sentence.within("en")
    ]
    assert not [v for v in said if v.grade == "poor"]
    assert not any(flags.any() for flags in beyond(rep(higher).fit).values())


def test_answers_and_scale_ends_know_each_question_once() -> None:
    tables, _ = answers_part(survey(), rep().model, IndexOptions(draws=100))
    assert len(tables["items"]) == len(rep().model.columns)
    ends = cautions(rep(), survey().codebook).scale_ends
    assert sorted(ends.loc[(ends["item"] != "") & (ends["measure"] == "floor"), "item"]) == sorted(
        rep().model.columns
    )


def test_structure_of_a_whole() -> None:
    found = structure(rep())
    sizes = found.effect_sizes.set_index(["from", "to", "measure"])
    made = sizes.loc[("ProductQuality", "Quality", "f2")]
    assert np.isnan(made["estimate"])
    assert "share their answers" in made["note"]
    told = found.explained.set_index(["construct", "measure"])
    assert np.isnan(told.loc[("Quality", "Q2 redundancy"), "estimate"])
    assert told.loc[("ProductQuality", "Q2 redundancy"), "estimate"] > 0
    assert len(found.tests) == 2
    assert not [v for v in found.verdicts if v.about.endswith("-> Quality")]


def test_correlations_implied_through_a_whole() -> None:
    fit = rep("two-stage").fit
    model = fit.model
    assert item_corr(fit).shape == (16, 16)
    place = {name: j for j, name in enumerate(model.names)}
    i, j = model.columns.index("OVERALLP"), model.columns.index("PQ")
    loading = dict(zip(model.items, fit.loadings, strict=True))
    # by hand: tracing from product quality to value, over the whole and over expectations
    x, p, s, q, v = (
        place[n] for n in ("Expectation", "ProductQuality", "ServiceQuality", "Quality", "Value")
    )
    B, C = fit.paths, fit.construct_corr  # noqa: N806
    raw = B[p, q] + B[s, q] * C[p, s]
    size = np.sqrt(B[p, q] ** 2 + B[s, q] ** 2 + 2 * B[p, q] * B[s, q] * C[p, s])
    through = B[q, v] * raw / size + B[x, v] * B[x, p]
    implied = implied_corr(fit)[i, j]
    assert implied == pytest.approx(loading["OVERALLP"] * through * loading["PQ"], abs=1e-12)
    # 120 correlations less 22 in blocks, 10 paths, 1 weight of the whole, 1 between its parts
    assert freedom(fit) == 120 - 22 - 10 - 1 - 1
    assert freedom(fit, ImpliedOptions(structure="saturated")) == 120 - 22 - 21


def test_exact_fit_does_not_reject_a_true_model_with_a_whole() -> None:
    found = exact_fit(rep())
    assert found.used == 100
    assert found.p_values[0] > 0.01


def test_implied_whole_is_the_sum_of_its_parts() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(500, 3)) @ rng.normal(size=(3, 3))
    scores = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    whole = scores[:, :2] @ np.array([0.6, 0.5])
    C = np.corrcoef(np.column_stack([scores, whole]).T)  # noqa: N806
    B = np.zeros((4, 4))  # noqa: N806
    B[:2, 3] = np.array([0.6, 0.5]) / whole.std()
    B[3, 2] = C[2, 3]
    found = implied_constructs(C, B, (0, 1), (3, 2), made={3: (0, 1)})
    np.testing.assert_allclose(found[0, 3], C[0, 3], atol=1e-12)
    np.testing.assert_allclose(found[0, 2], C[0, 3] * C[2, 3], atol=1e-12)


def test_prediction_leaves_the_whole_out() -> None:
    found = predict(survey(), rep().model, PredictOptions(folds=5, repetitions=1))
    items = set(found.items["item"])
    assert not [item for item in items if "@" in item]
    assert {"OVERALLP", "PQ", "SATIS"} <= items
    # second road: a fold by hand, the linear model of SATIS from quality, value and expectations
    errors = found.errors
    at, rows = errors.items.index("PQ"), errors.sample.rows
    own = [errors.sample.items.index(i) for i in (
        "OVERALLX", "CUSTOMX", "WRONGX", "OVERALLP", "CUSTOMP", "WRONGP", "OVERALLS", "CUSTOMS",
        "WRONGS")]  # fmt: skip
    y = rows[:, errors.sample.items.index("PQ")]
    out = errors.fold_of[0] == errors.fold_of[0][0]
    X = np.column_stack([np.ones(len(y)), rows[:, own]])  # noqa: N806
    good = ~np.isnan(X).any(axis=1) & ~np.isnan(y)
    if good.all():
        b = np.linalg.lstsq(X[~out], y[~out], rcond=None)[0]
        np.testing.assert_allclose(errors.squared[1][out, at], (y - X @ b)[out] ** 2, rtol=1e-8)


def test_full_model_draws_no_arrow_twice() -> None:
    model = full_model(csi.models.load("acsi_split"))
    into = {p.source for p in model.paths if p.target == "Loyalty"}
    assert into == {"Expectation", "Quality", "Value", "Satisfaction", "Complaints"}
    assert {(p.source, p.target) for p in csi.models.load("acsi_split").paths} <= {
        (p.source, p.target) for p in model.paths
    }


def test_q2_stands_beside_its_own_path_whatever_the_order_of_the_paths() -> None:
    model = csi.models.load("acsi")
    turned = Model(model.constructs, model.paths[::-1], model.index)
    made = csi.simulate(model, years=[2025], n=200, seed=3)
    answers = csi.read_survey(made.answers, made.codebook)
    found = []
    for one in (model, turned):
        (own,) = replicated(answers, one, IndexOptions(draws=100))
        effects = blindfold(own).effects
        found.append({(p.source, p.target): e for p, e in zip(one.paths, effects, strict=True)})
    assert found[0].keys() == found[1].keys()
    for key, value in found[0].items():
        assert found[1][key] == pytest.approx(value, abs=1e-5, nan_ok=True), key


def test_exactly_15_percent_is_no_ceiling() -> None:
    # the convention says "more than 15 %" [terwee2007quality]
    table = cautions(rep(), survey().codebook).scale_ends.copy()
    table["estimate"] = 0.0
    at = (table["construct"] == "Satisfaction") & (table["item"] == "")
    table.loc[at, "estimate"] = 0.15
    grades = [v.grade for v in scale_end_verdicts(table, rep().model, survey().codebook)]
    assert grades == ["good"]
