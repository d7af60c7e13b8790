import numpy as np
import pandas as pd
import pytest

from csi.model.catalogue import entry, names
from csi.model.model import Model
from csi.simulation import (
    Clusters,
    MissingAnswers,
    Stratum,
    TrueValues,
    catalogue_plan,
    simulate,
    simulate_plan,
)
from csi.simulation.checks import DONT_KNOW, REFUSED


def test_same_seed_same_bytes_and_another_seed_differs(small: Model) -> None:
    texts = [
        simulate(small, years=[2024], groups=["a"], n=60, seed=seed).answers.to_csv(index=False)
        for seed in (5, 5, 6)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_a_cell_does_not_depend_on_the_others(small: Model) -> None:
    few = simulate(small, years=[2024], groups=["b"], n=60, seed=5).answers
    many = simulate(small, years=[2023, 2024], groups=["a", "b", "c"], n=60, seed=5).answers
    same = many[(many["year"] == "2024") & (many["group"] == "b")].reset_index(drop=True)
    pd.testing.assert_frame_equal(few, same)
    others = many[(many["year"] == "2023") & (many["group"] == "b")].reset_index(drop=True)
    assert not others[list(small.items)].equals(few[list(small.items)])


def test_missing_answers_leave_the_other_answers_as_they_are(small: Model) -> None:
    whole = simulate(small, years=[1], n=200, seed=5).answers[list(small.items)]
    gaps = MissingAnswers(dont_know=0.1, refused=0.1, blank=0.1)
    some = simulate(small, years=[1], n=200, seed=5, missing=gaps).answers[list(small.items)]
    kept = some.le(10).fillna(False).to_numpy(dtype=bool)
    assert 0.6 < kept.mean() < 0.8
    np.testing.assert_array_equal(whole.to_numpy()[kept], some.to_numpy()[kept])


@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_missing_rates_are_those_asked_for(
    small: Model, slope: float, strata: tuple[Stratum, ...]
) -> None:
    gaps = MissingAnswers(dont_know=0.03, refused=0.02, blank=0.04, satisfaction_slope=slope)
    frame = simulate(small, years=[1], n=100_000, seed=5, missing=gaps, strata=strata).answers
    for item in small.items:
        if slope and item == "s1":
            assert frame[item].between(1, 10).all()
            continue
        column = frame[item]
        # five standard errors of a share of 0.04 at n = 100,000
        assert (column == DONT_KNOW).mean() == pytest.approx(0.03, abs=0.0035)
        assert (column == REFUSED).mean() == pytest.approx(0.02, abs=0.0035)
        assert column.isna().mean() == pytest.approx(0.04, abs=0.0035)
    lost = ~frame["q1"].between(1, 10).fillna(False).to_numpy(dtype=bool)
    gap = frame["s1"][lost].astype(float).where(lambda x: x <= 10).mean() - (
        frame["s1"][~lost].astype(float).where(lambda x: x <= 10).mean()
    )
    assert gap < -0.5 if slope else abs(gap) < 0.15


def test_weights_restore_the_population(small: Model, strata: tuple[Stratum, ...]) -> None:
    """The 95 % interval of the weighted mean holds the truth in 95 % of 400 draws."""
    truth = simulate(small, years=[1], n=300, seed=0, strata=strata).truth.moments().mean[0]
    held, plain = 0, []
    for seed in range(400):
        frame = simulate(small, years=[1], n=300, seed=seed, strata=strata).answers
        variance, mean = 0.0, 0.0
        for stratum in strata:
            rows = frame.loc[frame["stratum"] == stratum.name, "q1"].to_numpy(dtype=float)
            mean += stratum.share * rows.mean()
            variance += stratum.share**2 * rows.var(ddof=1) / len(rows)
        weighted = np.average(frame["q1"].astype(float), weights=frame["weight"])
        assert weighted == pytest.approx(mean, abs=1e-5)
        held += abs(weighted - truth) < 1.96 * np.sqrt(variance)
        plain.append(frame["q1"].astype(float).mean())
    assert 0.92 < held / 400 < 0.98  # 0.95 within three standard errors of 0.011
    assert np.mean(plain) < truth - 0.15


def test_strata_are_sampled_by_share_and_rate(small: Model, strata: tuple[Stratum, ...]) -> None:
    frame = simulate(small, years=[1], n=250, seed=0, strata=strata).answers
    counts = frame["stratum"].value_counts()
    assert counts["urban"] == round(250 * 0.65 / (0.65 + 0.875))
    assert counts.sum() == 250
    assert frame["weight"].mean() == pytest.approx(1.0, abs=1e-5)
    assert frame.groupby("stratum")["weight"].sum()["urban"] == pytest.approx(162.5, abs=1e-3)


def test_clusters_are_alike_and_leave_the_margins_alone(small: Model) -> None:
    true = TrueValues(loadings={"l1": 1.0})
    survey = simulate(
        small, years=[1], n=50_000, seed=3, clusters=Clusters(size=10, correlation=0.2), truth=true
    )
    frame = survey.answers
    assert frame["cluster"].nunique() == 5_000
    answers = frame["l1"].to_numpy(dtype=float).reshape(5_000, 10)
    between = answers.mean(axis=1).var(ddof=1)
    within = answers.var(axis=1, ddof=1).mean()
    correlation = (between - within / 10) / (between - within / 10 + within)
    assert correlation == pytest.approx(0.2, abs=0.025)  # a little lower: coarse answers
    truth = survey.truth.moments()
    rows = frame[list(small.items)].to_numpy(dtype=float)
    np.testing.assert_allclose(np.cov(rows.T), truth.cov, atol=0.15)
    np.testing.assert_allclose(rows.mean(axis=0), truth.mean, atol=0.07)


def test_file_and_codebook_agree(small: Model, strata: tuple[Stratum, ...]) -> None:
    survey = simulate(
        small,
        years=[2023, 2024],
        groups={"a": "Firm A"},
        n=40,
        seed=3,
        strata=strata,
        clusters=Clusters(size=5, correlation=0.1),
        missing=MissingAnswers(dont_know=0.1),
        scales={"l1": (1, 5)},
    )
    book, frame = survey.codebook, survey.answers
    columns = [*book.respondent, *(key.column for key in book.keys)]
    columns += [book.stratum, book.cluster, book.weight, *(item.column for item in book.items)]
    assert frame.columns.tolist() == columns
    assert frame["respondent"].is_unique
    assert dict(book.items[0].missing) == {"98": "dont_know"}
    for item in book.items:
        counted = frame[item.column][frame[item.column] != DONT_KNOW]
        assert counted.between(item.low, item.high).all()
    assert book.item("l1").high == 5.0
    assert book.groups[0].values["a"].en == "Firm A"


def test_one_group_and_no_design_leave_those_columns_out(small: Model) -> None:
    survey = simulate(small, years=[2024], n=20, seed=0)
    assert survey.answers.columns.tolist() == ["respondent", "year", *small.items]
    assert survey.codebook.groups == ()
    assert survey.codebook.weight is None


def test_inputs_are_plain_values(small: Model) -> None:
    survey = simulate(small, years=(2024,), n=20, seed=0, strata=[Stratum(name="x", share=1.0)])
    assert survey.plan.strata[0].rate == 1.0
    with pytest.raises(ValueError, match="read-only"):
        survey.truth.cuts[0] = 0.0


@pytest.mark.parametrize("name", names())
def test_every_model_of_the_catalogue_can_be_simulated(name: str) -> None:
    plan = catalogue_plan(name, years=("2024",), seed=4, n=20_000)
    survey = simulate_plan(plan)
    truth = survey.truth.moments()
    rows = survey.answers[list(plan.model.columns)].to_numpy(dtype=float)
    sd = np.sqrt(np.diag(truth.cov))
    np.testing.assert_allclose((rows.mean(axis=0) - truth.mean) / sd, 0.0, atol=5 / 20_000**0.5)
    np.testing.assert_allclose(
        np.cov(rows.T) / np.outer(sd, sd) - truth.cov / np.outer(sd, sd), 0.0, atol=0.1
    )
    own = [
        not construct.parts for construct in plan.model.constructs
    ]  # parts make a whole, all of it
    assert (survey.truth.r2[own] <= 0.75).all()
    for item in survey.codebook.items:
        question = entry(name).question(item.name)
        assert (item.low, item.high, item.wording) == (
            question.low,
            question.high,
            question.wording,
        )
