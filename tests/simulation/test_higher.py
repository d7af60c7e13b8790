"""Simulated surveys with constructs of constructs: what is true of them, and what is found."""

from __future__ import annotations

import numpy as np
import pytest

from csi.errors import OptionError
from csi.estimate.covariance.as_fit import fit_ml
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model import Model, higher, items, models, path, paths, reflective
from csi.moments import Moments, moments_of
from csi.simulation import (
    MissingAnswers,
    Move,
    PopulationMoments,
    TrueValues,
    catalogue_plan,
    read_plan,
    simulate,
    simulate_plan,
    write_simulation,
)
from csi.survey.read import read_survey

PARTS = [reflective("P", items("p", 1, 4)), reflective("S", items("s", 1, 4))]
REST = [reflective("E", items("e", 1, 3)), reflective("Y", items("y", 1, 4))]


def small(kind: str) -> Model:
    """A cause of the parts of a composite whole, or of a reflective whole."""
    whole = higher("Q", ["P", "S"], kind=kind)  # type: ignore[arg-type]
    cause = "Q" if kind == "reflective" else ["P", "S"]
    return Model([*PARTS, whole, *REST], [paths("E", to=cause), path("Q", "Y")], "Y")


def exact(found: PopulationMoments, n: int = 10_000) -> Moments:
    p = len(found.items)
    return Moments(found.items, found.mean, found.cov, np.int64(n), np.float64(n), np.float64(n),
                   np.full(p, n), "complete")  # fmt: skip


TRUE = TrueValues(
    paths={("P", "Q"): 2.0, ("S", "Q"): 1.0, ("E", "P"): 0.5, ("E", "S"): 0.3, ("Q", "Y"): 0.6}
)


def test_the_truth_of_a_composite_whole_by_hand() -> None:
    """Shares 2 : 1 of parts whose correlation, 0.15, comes from E alone."""
    made = simulate(small("composite"), years=[2025], n=50, truth=TRUE, seed=1)
    truth, names = made.truth, small("composite").names
    p, s, q, y = (names.index(name) for name in "PSQY")
    length = np.sqrt(4 + 1 + 2 * 2 * 1 * 0.15)
    shares = np.array([2.0, 1.0]) / length
    np.testing.assert_allclose(truth.paths[[p, s], q], shares, atol=1e-12)
    assert truth.construct_corr[p, q] == pytest.approx(shares @ [1.0, 0.15], abs=1e-12)
    assert truth.construct_corr[q, q] == 1.0
    assert truth.r2[q] == 1.0
    assert truth.construct_corr[p, y] == pytest.approx(0.6 * truth.construct_corr[p, q], abs=1e-12)
    assert truth.item_corr.shape == (15, 15)
    assert list(made.answers.columns[2:]) == list(small("composite").columns)


def test_index_of_the_whole_is_that_of_its_items() -> None:
    levels = TrueValues(levels={"P": 80.0, "S": 60.0})
    truth = simulate(small("composite"), years=[2025], n=50, truth=levels, seed=1).truth
    index = truth.index().set_index("construct")["index"]
    assert index["Q"] == pytest.approx(70.0, abs=1e-6)
    uneven = {**dict.fromkeys(small("composite").items, 1.0),
              **dict.fromkeys([f"p{k}@Q" for k in range(1, 5)], 3.0)}  # fmt: skip
    index = truth.index(uneven).set_index("construct")["index"]
    assert index["Q"] == pytest.approx(75.0, abs=1e-6)
    assert index["P"] == pytest.approx(80.0, abs=1e-6)


@pytest.mark.parametrize("approach", ["repeated", "two-stage", "embedded"])
def test_a_large_sample_comes_to_the_population_solution(approach: str) -> None:
    """40,000 respondents with gaps against exact moments: standard errors up to 0.006."""
    model = small("composite")
    made = simulate(model, years=[2025], n=40_000, truth=TRUE, seed=2,
                    missing=MissingAnswers(blank=0.02))  # fmt: skip
    options = PLSOptions(higher=approach)  # type: ignore[arg-type]
    whole = fit_pls(model, exact(made.truth.moments()), options)
    survey = read_survey(made.answers, made.codebook)
    sample = fit_pls(model, moments_of(survey, model), options)
    np.testing.assert_allclose(sample.paths, whole.paths, atol=0.025)
    np.testing.assert_allclose(sample.weights, whole.weights, atol=0.025)


def test_two_stages_find_the_shares_of_parts() -> None:
    """With loadings near 1 the second stage by regression finds what makes the whole.

    Answers cut into ten points and loadings of 0.97 cost a little: 0.03 of the shares, 0.04 of
    the path.
    """
    sure = dict.fromkeys(small("formative").columns, 0.97)
    model = small("formative")
    true = TrueValues(paths=TRUE.paths, loadings=sure)
    truth = simulate(model, years=[2025], n=50, truth=true, seed=1).truth
    p, s, q, y = (model.names.index(name) for name in "PSQY")
    for approach in ("two-stage", "embedded"):
        fit = fit_pls(model, exact(truth.moments()), PLSOptions(higher=approach))  # type: ignore[arg-type]
        np.testing.assert_allclose(fit.paths[[p, s], q], truth.paths[[p, s], q], atol=0.03)
        assert fit.paths[q, y] == pytest.approx(0.6, abs=0.04)


def test_maximum_likelihood_finds_a_factor_of_the_second_order() -> None:
    """Exact moments of answers in ten points: the truth to 0.02, of which cutting costs 0.015."""
    true = TrueValues(paths={("Q", "P"): 0.8, ("Q", "S"): 0.7, ("E", "Q"): 0.5, ("Q", "Y"): 0.6})
    made = simulate(small("reflective"), years=[2025], n=50, truth=true, seed=1)
    model = made.model
    fit = fit_ml(model, exact(made.truth.moments()))
    assert fit.converged
    assert fit.admissible
    np.testing.assert_allclose(fit.paths, made.truth.paths, atol=0.02)
    np.testing.assert_allclose(fit.construct_corr, made.truth.construct_corr, atol=0.02)


def test_the_catalogue_model_is_written_and_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    plan = catalogue_plan("acsi_split", years=("2024", "2025"), seed=3, n=40)
    made = simulate_plan(plan)
    write_simulation(made, tmp_path)
    again = simulate_plan(read_plan(tmp_path / "simulation.toml"))
    assert again.model == models.acsi_split()
    assert again.answers.equals(made.answers)
    assert len(made.codebook.items) == 16


FAULTS = {
    "level": (TrueValues(levels={"Q": 60.0}), "level of Q: the items of Q are those of P and S"),
    "move": (TrueValues(moves=(Move(points=3.0, constructs=("Q",)),)), "move 1: the items of Q"),
    "loading": (TrueValues(loadings={"p1@Q": 0.7}), "true loadings: 'p1@Q' is not known"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_the_parts_decide_cannot_be_said_of_the_whole(case: str) -> None:
    true, told = FAULTS[case]
    with pytest.raises(OptionError) as caught:
        simulate(small("composite"), years=[2025], n=50, truth=true, seed=1)
    assert told in str(caught.value)


def test_a_cause_of_a_composite_whole_is_drawn_to_its_parts() -> None:
    whole = higher("Q", ["P", "S"], kind="composite")
    model = Model([*PARTS, whole, *REST], [path("E", "Q"), path("Q", "Y")], "Y")
    with pytest.raises(OptionError, match="path E -> Q: Q is made of P and S"):
        simulate(model, years=[2025], n=50, seed=1)


def test_missing_answers_may_follow_an_index_that_is_a_whole() -> None:
    model = Model(small("composite").constructs, small("composite").paths, "Q")
    gaps = MissingAnswers(blank=0.1, satisfaction_slope=0.5)
    made = simulate(model, years=[2025], n=400, seed=1, missing=gaps)
    assert made.answers["p1"].notna().all()  # the first item of the index
    assert made.answers["p2"].isna().any()
