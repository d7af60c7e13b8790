"""Criteria by hand and beside other software, and the rule that makes one number of them."""

import numpy as np
import pytest

from csi.compare.segments.choice import CRITERIA, choose
from csi.compare.segments.kernel_criteria import (
    entropy,
    entropy_criterion,
    integrated,
    non_fuzzy_index,
    normed_entropy,
    penalised,
    size_factors,
)


def test_by_hand() -> None:
    factors = size_factors(100.0)
    found = {name: penalised(-500.0, 10, factor) for name, factor in factors.items()}
    expected = {
        "aic": 1020.0,
        "aic3": 1030.0,
        "aic4": 1040.0,
        "bic": 1000.0 + 10 * 4.605170186,
        "caic": 1000.0 + 10 * 5.605170186,
        "hq": 1000.0 + 20 * 1.527179626,
        "mdl5": 1000.0 + 50 * 4.605170186,
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-6), name
    assert integrated(found["bic"], 3.0) == pytest.approx(found["bic"] + 6.0)
    assert entropy_criterion(5.0, -500.0, -520.0) == 0.25


def test_entropies_at_their_ends() -> None:
    sure = np.eye(3)[:, [0, 1, 2, 0]]
    unknown = np.full((3, 4), 1 / 3)
    for index in (normed_entropy, non_fuzzy_index):
        assert index(sure, np.ones(4)) == pytest.approx(1.0)
        assert index(unknown, np.ones(4)) == pytest.approx(0.0)
        assert np.isnan(index(np.ones((1, 4)), np.ones(4)))
    assert entropy(unknown, np.full(4, 2.0)) == pytest.approx(8 * np.log(3))


def test_a_weight_of_two_is_the_respondent_twice() -> None:
    p = np.array([[0.9, 0.4, 0.1], [0.1, 0.6, 0.9]])
    twice = p[:, [0, 1, 1, 2]]
    for index in (normed_entropy, non_fuzzy_index, entropy):
        assert index(p, np.array([1.0, 2.0, 1.0])) == pytest.approx(index(twice, np.ones(4)))


def test_seminrextras_agrees_but_for_mdl5() -> None:
    theirs = pytest.importorskip("seminrExtras.fimix")
    p = np.random.default_rng(1).dirichlet([1.0, 2.0], size=80)
    other = theirs.compute_fimix_criteria(-321.0, 17, 80, 2, p)
    factors = size_factors(80.0)
    for name in ("aic", "aic3", "aic4", "bic", "caic", "hq"):
        assert penalised(-321.0, 17, factors[name]) == pytest.approx(other[name.upper()], abs=1e-9)
    assert normed_entropy(p.T, np.ones(80)) == pytest.approx(other["EN"], abs=1e-9)
    # seminrextras 0.1.0 charges ln(n) / 2 a parameter, half of BIC; MDL5 charges 5 ln(n)
    # [liang1992parameter], and is the criterion that asks for the fewest segments of all
    assert other["MDL5"] == pytest.approx(penalised(-321.0, 17, 0.5 * np.log(80)))
    assert factors["mdl5"] == pytest.approx(10 * 0.5 * np.log(80))
    assert factors["mdl5"] == max(factors.values())


def table(**low: int) -> dict[str, list[float]]:
    """Criteria that are lowest at the given place (from 0) of three, the first where not given."""
    return {name: [0.0 if k == low.get(name, 0) else 1.0 for k in range(3)] for name in CRITERIA}


@pytest.mark.parametrize(
    ("low", "segments", "rule", "agreed"),
    [
        ({"aic3": 2, "caic": 2, "aic4": 1, "bic": 1}, 3, "AIC3 and CAIC agree", True),
        ({"aic3": 2, "caic": 0, "aic4": 1, "bic": 1}, 2, "AIC4 and BIC agree", True),
        ({"aic3": 2, "caic": 0, "aic4": 2, "bic": 1}, 2, "smaller of AIC4 and BIC", False),
    ],
)
def test_rule(low: dict[str, int], segments: int, rule: str, agreed: bool) -> None:
    choice = choose([1, 2, 3], table(**low))
    assert (choice.segments, choice.rule, choice.agreed) == (segments, rule, agreed)
    assert choice.indicated["mdl5"] == 1


def test_no_choice_without_figures() -> None:
    assert choose([], {name: [] for name in CRITERIA}).segments == 0
    assert choose([1], {name: [np.nan] for name in CRITERIA}).rule == "no solution can be used"


def test_numbers_of_segments_that_are_not_considered_are_jumped() -> None:
    by = {name: [3.0, 1.0] for name in CRITERIA}
    assert choose([1, 3], by).segments == 3
