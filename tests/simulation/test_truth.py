import numpy as np
import pytest
from scipy.stats import norm

from csi.errors import OptionError
from csi.model.model import Model
from csi.simulation import Move, Stratum, TrueValues, simulate


def weighted_moments(frame, items, weight):
    rows = frame[list(items)].to_numpy(dtype=float)
    weight = weight / weight.sum()
    mean = weight @ rows
    apart = rows - mean
    return mean, (apart * weight[:, None]).T @ apart


def test_draws_converge_to_the_exact_moments(model: Model, strata: tuple[Stratum, ...]) -> None:
    survey = simulate(model, years=[2024], n=200_000, seed=11, strata=strata)
    truth = survey.truth.moments()
    mean, cov = weighted_moments(
        survey.answers, model.items, survey.answers["weight"].to_numpy(dtype=float)
    )
    sd = np.sqrt(np.diag(truth.cov))
    # Kish's effective n is 170,000; 21 means and 231 covariances, five standard errors
    error = 5 / np.sqrt(170_000)
    np.testing.assert_allclose(mean / sd, truth.mean / sd, atol=error)
    np.testing.assert_allclose(cov / np.outer(sd, sd), truth.cov / np.outer(sd, sd), atol=3 * error)
    assert truth.items == model.items


def test_moments_without_weights_differ_under_unequal_rates(
    small: Model, strata: tuple[Stratum, ...]
) -> None:
    survey = simulate(small, years=[2024], n=200_000, seed=11, strata=strata)
    plain = survey.answers[list(small.items)].astype(float).mean().to_numpy()
    assert (survey.truth.moments().mean - plain > 0.1).all()


def test_index_is_the_integral_over_the_answers(small: Model, strata: tuple[Stratum, ...]) -> None:
    true = TrueValues(levels={"Quality": 77.0}, spreads={"q1": 24.0}, offsets={"q2": 4.0})
    survey = simulate(small, years=[2024], n=100, seed=1, strata=strata, truth=true)
    weights = {"q1": 2.0, "q2": 1.0, "q3": 1.0, "s1": 1.0, "s2": 3.0, "l1": 1.0}
    index = survey.truth.index(weights).set_index("construct")["index"]
    z = np.linspace(-9, 9, 400_001)
    mass = norm.pdf(z) * (z[1] - z[0])
    scores = {}
    for k, item in enumerate(small.items):
        cuts = survey.truth.cuts[0, :, k]
        by_stratum = [sum(mass[z > cut].sum() for cut in cuts[h]) for h in range(len(strata))]
        scores[item] = 100 / 9 * np.dot([0.65, 0.35], by_stratum)
    assert index["Quality"] == pytest.approx(
        (2 * scores["q1"] + scores["q2"] + scores["q3"]) / 4, abs=1e-3
    )
    assert index["Satisfaction"] == pytest.approx((scores["s1"] + 3 * scores["s2"]) / 4, abs=1e-3)


def test_levels_moves_and_centred_strata_give_the_index_of_the_plan(
    small: Model, strata: tuple[Stratum, ...]
) -> None:
    true = TrueValues(
        levels={"Quality": 72.0, "Satisfaction": 68.0},
        moves=(
            Move(points=3.0, group="b"),
            Move(points=-4.0, year="2022", group="a"),
            Move(points=1.0, year="2023", constructs=("Loyalty",)),
        ),
    )
    survey = simulate(
        small, years=[2021, 2022, 2023], groups=["a", "b"], seed=1, strata=strata, truth=true
    )
    index = survey.truth.index().set_index(["year", "group", "construct"])["index"]
    assert index["2021", "a", "Quality"] == pytest.approx(72.0, abs=1e-6)
    assert index["2022", "a", "Quality"] == pytest.approx(68.0, abs=1e-6)
    assert index["2023", "a", "Satisfaction"] == pytest.approx(64.0, abs=1e-6)
    assert index["2022", "b", "Satisfaction"] == pytest.approx(71.0, abs=1e-6)
    assert index["2022", "b", "Loyalty"] == pytest.approx(73.0, abs=1e-6)
    assert index["2023", "b", "Loyalty"] == pytest.approx(74.0, abs=1e-6)


def test_cells_mix_to_the_moments_of_all(small: Model) -> None:
    true = TrueValues(moves=(Move(points=8.0, group="b"),))
    truth = simulate(small, years=[1, 2], groups=["a", "b"], seed=0, truth=true).truth
    parts = [truth.moments(y, g) for y in ("1", "2") for g in ("a", "b")]
    mean = np.mean([part.mean for part in parts], axis=0)
    second = np.mean([part.cov + np.outer(part.mean, part.mean) for part in parts], axis=0)
    whole = truth.moments()
    np.testing.assert_allclose(whole.mean, mean, atol=1e-12)
    np.testing.assert_allclose(whole.cov, second - np.outer(mean, mean), atol=1e-10)
    several = truth.moments(group=["a", "b"])
    np.testing.assert_array_equal(several.cov, whole.cov)


def test_default_paths_follow_the_signs_and_leave_variance_unexplained(model: Model) -> None:
    truth = simulate(model, years=[2024], n=10, seed=0).truth
    for path in model.paths:
        value = truth.paths[model.names.index(path.source), model.names.index(path.target)]
        assert value < 0 if path.sign == "-" else value > 0
    assert (truth.r2 <= 0.75).all()
    assert (truth.r2[1:] >= 0.44).all()


def test_paths_and_loadings_reproduce_the_correlations(small: Model) -> None:
    true = TrueValues(
        paths={("Quality", "Satisfaction"): 0.7, ("Satisfaction", "Loyalty"): 0.5},
        loadings={"q1": 0.9, "l1": 0.8},
    )
    truth = simulate(small, years=[2024], n=10, seed=0, truth=true).truth
    assert truth.item_corr[0, small.items.index("l1")] == pytest.approx(0.9 * 0.7 * 0.5 * 0.8)
    assert truth.r2.tolist() == pytest.approx([0.0, 0.49, 0.25])


def test_construct_scores_have_the_true_correlations(model: Model) -> None:
    survey = simulate(model, years=[1], n=10, seed=0)
    truth = survey.truth
    spread = np.linalg.inv(np.eye(len(truth.r2)) - truth.paths)
    implied = spread.T @ np.diag(1 - truth.r2) @ spread
    np.testing.assert_allclose(implied, truth.construct_corr, atol=1e-12)


def test_unknown_parts_and_weights_are_named(small: Model) -> None:
    truth = simulate(small, years=[2024], n=10, seed=0).truth
    with pytest.raises(OptionError, match="2023") as caught:
        truth.moments("2023", "zz")
    assert len(caught.value.faults) == 2
    with pytest.raises(OptionError, match="weight of l1"):
        truth.index({"q1": 1, "q2": 1, "q3": 1, "s1": 1, "s2": 1})
    with pytest.raises(OptionError, match="Loyalty: all weights are zero"):
        truth.index(dict.fromkeys(small.items, 1.0) | {"l1": 0.0})
