"""Means of constructs between groups: lavaan's, those of a simulation, and when there are none."""

import numpy as np
import pytest

import csi
from csi.errors import EstimationError
from csi.estimate.covariance import sem
from csi.simulation import simulate
from tests.estimate.covariance.groups_cases import (
    SMALL,
    TRUE_MEANS,
    answers,
    cases,
    fitted,
    three_years,
)

CONSTRUCTS = ("IMAG", "EXPE", "QUAL", "VAL", "SAT", "LOY")


@pytest.mark.parametrize("n", [250, 2000])
def test_means_and_errors_are_those_of_lavaan(n: int) -> None:
    """lavaan writes them as defined parameters of paths and intercepts; points are of 1 to 10."""
    found = sem.factor_means(fitted("scalar", n), scale=(1.0, 10.0))
    own = found[found["group"] == "B"].set_index("construct")
    assert tuple(own.index) == CONSTRUCTS
    known = cases(n)["means"]
    for name in CONSTRUCTS:
        mean, error = (value * 100.0 / 9.0 for value in known[f"{name}m"])
        assert own["difference_points"][name] == pytest.approx(mean, abs=1e-3)
        assert own["points_se"][name] == pytest.approx(error, rel=3e-5)
    mean, error = known["IMAGsd"]
    assert own["difference_sd"]["IMAG"] == pytest.approx(mean, abs=3e-5)
    assert own["sd_se"]["IMAG"] == pytest.approx(error, rel=3e-5)


def test_points_are_the_expected_answer_to_the_marker() -> None:
    """In the first group that is the mean of the answers, as means of items are fitted there."""
    frame = answers(2000)
    found = sem.factor_means(fitted("scalar", 2000), scale={f"{c}1": (1, 10) for c in CONSTRUCTS})
    first = found[found["group"] == "A"].set_index("construct")
    assert first["difference_points"].abs().max() == 0.0
    assert first["p_value"].isna().all()
    for name in CONSTRUCTS:
        mean = (frame.loc[frame["group"] == "A", f"{name}1"].mean() - 1.0) / 9.0 * 100.0
        assert first["points"][name] == pytest.approx(mean, abs=1.0)


@pytest.mark.parametrize("options", [sem.Options(), sem.Options(errors="mlr")])
def test_true_means_of_a_simulation(options: sem.Options) -> None:
    """Intervals of 99.9 % hold the truth; scales are the ends of the answers."""
    frame = three_years(4000, seed=5)
    fit = sem.invariance(SMALL, frame, by="year", levels=["scalar"], options=options).fit("scalar")
    found = sem.factor_means(fit, level=0.999).set_index(["construct", "group"])
    for year in ("2024", "2025"):
        a, b = TRUE_MEANS[year]
        for name, truth, sd in (("A", a, 1.0), ("B", b + 0.6 * a, 1.0)):
            row = found.loc[name, year]
            assert row["sd_lower"] < truth / sd < row["sd_upper"]
            assert row["sd_se"] < 0.03
            assert row["low"] == frame[row["marker"]].min()
            points = 100.0 * truth / (row["high"] - row["low"])
            assert row["points_lower"] < points < row["points_upper"]


def test_coverage_and_size_of_errors() -> None:
    """Sixty samples: errors are the spread of the estimates, intervals hold the truth."""
    estimates, errors, inside = [], [], 0
    for seed in range(60):
        fit = sem.invariance(SMALL, three_years(250, seed=seed), by="year", levels=["scalar"])
        row = sem.factor_means(fit.fit("scalar")).set_index(["construct", "group"])
        row = row.loc["B", "2024"]
        estimates.append(row["difference_sd"])
        errors.append(row["sd_se"])
        inside += int(row["sd_lower"] < 0.55 < row["sd_upper"])
    assert np.mean(estimates) == pytest.approx(0.55, abs=4 * np.mean(errors) / np.sqrt(60))
    assert np.mean(errors) / np.std(estimates) == pytest.approx(1.0, abs=0.3)
    assert inside >= 51  # below with probability 0.002 where 95 % holds


def test_a_biased_item_biases_no_mean_once_released() -> None:
    frame = three_years(4000, bias=1.0)
    held = sem.invariance(SMALL, frame, by="year", levels=["scalar"])
    freed = sem.invariance(SMALL, frame, by="year", levels=["scalar"], free=["a3 ~1"])
    truth = TRUE_MEANS["2025"][0]

    def mean(found: sem.Invariance) -> tuple[float, float, int]:
        table = sem.factor_means(found.fit("scalar")).set_index(["construct", "group"])
        row = table.loc["A", "2025"]
        return row["difference_sd"], row["sd_se"], row["anchors"]

    biased, error, anchors = mean(held)
    assert abs(biased - truth) > 4 * error
    assert anchors == 4
    right, error, anchors = mean(freed)
    assert abs(right - truth) < 3.3 * error
    assert anchors == 3


def test_another_marker_where_the_first_item_is_released() -> None:
    """The figures in standard deviations are the same; points are of the first item alike."""
    frame = three_years(2000)
    fit = sem.invariance(SMALL, frame, by="year", levels=["scalar"], free=["a1 ~1"]).fit("scalar")
    found = sem.factor_means(fit, scale=(1.0, 10.0)).set_index(["construct", "group"])
    row = found.loc["A", "2024"]
    assert row["marker"] == "a2"
    loading = 0.9  # of a2, with a standard deviation of 1 for A
    assert row["difference_points"] == pytest.approx(
        row["difference_sd"] * loading * 100.0 / 9.0, rel=0.06
    )


def test_identification_does_not_matter() -> None:
    frame = three_years()
    tables = []
    for way in ("marker", "standardised"):
        model = sem.model_from_text(SMALL, identification=way)  # type: ignore[arg-type]
        fit = sem.invariance(model, frame, by="year", levels=["scalar"]).fit("scalar")
        tables.append(sem.factor_means(fit))
    for column in ("points", "difference_points", "points_se", "difference_sd", "sd_se"):
        np.testing.assert_allclose(tables[0][column], tables[1][column], rtol=2e-5, atol=1e-6)


def test_satisfaction_models_and_scales_of_the_codebook() -> None:
    made = simulate(csi.models.load("scsb"), years=[2024, 2025], n=300, seed=1)
    survey = csi.read_survey(made.answers, made.codebook)
    fit = sem.invariance(made.model, survey, by="year", levels=["scalar"]).fit("scalar")
    found = sem.factor_means(fit, scale=survey)
    assert set(found["construct"]) == set(made.model.names)
    scales = {item.name: (item.low, item.high) for item in made.codebook.items}
    for row in found.itertuples():
        assert scales[row.marker] == (row.low, row.high)
        assert 0 < row.points < 100
    told = found.dropna(subset="p_value")
    assert (told["p_holm"] >= told["p_value"]).all()
    smallest = told["p_value"].idxmin()
    assert told["p_holm"][smallest] == pytest.approx(
        min(1.0, len(told) * told["p_value"][smallest])
    )


def test_moments_alone_have_no_scale() -> None:
    found = sem.factor_means(fitted("scalar", 250))
    assert found["points"].isna().all()
    assert found["difference_sd"].notna().all()


def test_means_that_cannot_be_compared_are_refused() -> None:
    frame = three_years()
    alike = sem.invariance(SMALL, frame, by="year", levels=["configural", "metric", "scalar"])
    with pytest.raises(EstimationError) as caught:
        sem.factor_means(alike.fit("metric"))
    assert [fault.where for fault in caught.value.faults] == ["construct A", "construct B"]
    assert "no item with equal loading and intercept" in str(caught.value)
    with pytest.raises(EstimationError, match="one group"):
        sem.factor_means(sem.fit(SMALL, frame))
    with pytest.raises(EstimationError, match="scale of b1: is not given"):
        sem.factor_means(alike.fit("scalar"), scale={"a1": (1.0, 10.0)})
    with pytest.raises(EstimationError, match="lower end first"):
        sem.factor_means(alike.fit("scalar"), scale=(10.0, 1.0))
    model = sem.model_from_text(SMALL, groups=("2023", "2024", "2025"), means=True)
    same = sem.with_invariance(model, ["loadings", "intercepts", "means"])
    with pytest.raises(EstimationError, match="same mean in all groups by the model"):
        sem.factor_means(sem.fit(same, frame, by="year"))
