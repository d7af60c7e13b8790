"""The index with and without flagged respondents: by hand, by other roads, in simulation."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.compare.without_flagged import NOBODY, WithoutFlagged, without_flagged
from csi.compare.without_verdicts import without_verdicts
from csi.errors import OptionError
from csi.index import IndexOptions, yearly
from csi.model import Construct, Model, Path
from csi.survey import Codebook, Item, Key, Survey, Text, read_survey
from csi.survey.quality import answer_quality
from csi.survey.survey import ReplicateWeights

ITEMS = ("q1", "q2", "s1", "s2", "s3")
MODEL = Model(
    constructs=(Construct("Quality", ITEMS[:2]), Construct("Satisfaction", ITEMS[2:])),
    paths=(Path("Quality", "Satisfaction"),),
    index="Satisfaction",
)
BOOK = Codebook(
    title=Text("x"),
    items=tuple(Item(name=name, column=name, low=1, high=10) for name in ITEMS),
    time=Key(name="year", column="year"),
    groups=(Key(name="firm", column="firm", values={"B": Text("Bee", "蜂"), "A": Text("Ay")}),),
    weight="w",
    stratum="stratum",
)


def made(n: int, seed: int, careless: float = 0.15) -> tuple[Survey, np.ndarray]:
    """A survey with respondents of lower answers, who are the ones to leave out."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(size=n)
    latent = np.stack([quality] * 2 + [0.8 * quality + 0.6 * rng.normal(size=n)] * 3, axis=1)
    points = np.clip(np.round(7 + 1.3 * latent + rng.normal(size=(n, 5))), 1, 10)
    out = rng.random(n) < careless
    points[out] = rng.integers(1, 11, (int(out.sum()), 5))
    frame = pd.DataFrame(points, columns=list(ITEMS))
    frame["year"] = np.where(np.arange(n) % 2 == 0, 2024, 2025)
    frame["firm"] = np.where(np.arange(n) % 3 == 0, "A", "B")
    frame["w"] = rng.uniform(0.5, 2.0, n)
    frame["stratum"] = np.arange(n) % 4 // 2
    return read_survey(frame, BOOK), out


def part(survey: Survey, rows: np.ndarray, weights: np.ndarray | None = None) -> Survey:
    """Some respondents of a survey."""
    design = survey.design
    own = design.weights if weights is None else weights
    return replace(
        survey,
        answers=survey.answers[rows],
        keys={name: values[rows] for name, values in survey.keys.items()},
        respondents=survey.respondents[rows],
        design=replace(design, weights=own[rows], strata=design.strata[rows],
                       clusters=np.arange(len(survey))[rows]),
        reasons=None,
    )  # fmt: skip


def headline(found: WithoutFlagged) -> pd.DataFrame:
    own = found.figures[found.figures["construct"] == "Satisfaction"]
    return own.reset_index(drop=True)


@pytest.fixture(scope="module")
def sample() -> tuple[Survey, np.ndarray]:
    return made(400, 1)


def test_levels_are_those_of_two_separate_runs(sample: tuple[Survey, np.ndarray]) -> None:
    survey, out = sample
    options = IndexOptions(draws=100, min_n=0)
    found = without_flagged(survey, MODEL, out, group="firm", options=options)
    for column, rows in (("index", np.ones(len(out), dtype=bool)), ("index_without", ~out)):
        alone = yearly(part(survey, rows), MODEL, group="firm", options=options)
        both = found.figures.merge(alone.figures, on=["year", "group", "construct"])
        assert len(both) == len(found.figures) == 8
        own = both[column if column in both else f"{column}_x"]
        np.testing.assert_allclose(own, both["index_y"], rtol=1e-9)
    np.testing.assert_allclose(
        found.figures["difference"], found.figures["index_without"] - found.figures["index"]
    )
    assert found.figures["group"].unique().tolist() == ["B", "A"]  # the codebook's order
    counted = headline(found)
    assert counted["n_flagged"].sum() == out.sum() == found.flagged
    weights, here = survey.design.weights, (survey.period_of == "2024") & (
        survey.keys["firm"] == "B")  # fmt: skip
    share = weights[out & here].sum() / weights[here].sum()
    assert counted["share_flagged"][0] == pytest.approx(share)


def test_the_error_is_that_of_leaving_out_each_respondent_by_hand() -> None:
    """One period, two strata: the jackknife of the difference, written out."""
    survey, out = made(40, 2)
    options = IndexOptions(draws=100, min_n=0, replicates="jackknife")
    row = headline(without_flagged(survey, MODEL, out, by="", options=options)).iloc[0]
    strata, weights = survey.design.strata, survey.design.weights

    def difference(weights: np.ndarray) -> float:
        levels = []
        for rows in (weights > 0, (weights > 0) & ~out):
            own = yearly(part(survey, rows, weights), MODEL, by="",
                         options=IndexOptions(draws=100, min_n=0, replicates="delta"))  # fmt: skip
            figures = own.figures.set_index("construct")
            levels.append(float(figures.loc["Satisfaction", "index"]))
        return levels[1] - levels[0]

    whole = difference(weights)
    assert row["difference"] == pytest.approx(whole, rel=1e-9)
    variance = 0.0
    for k in range(40):
        mine = strata == strata[k]
        size = mine.sum()
        left = np.where(mine, weights * size / (size - 1), weights)
        left[k] = 0.0
        variance += (size - 1) / size * (difference(left) - whole) ** 2
    assert row["se"] == pytest.approx(variance**0.5, rel=1e-6)


@pytest.mark.parametrize("method", ["bootstrap", "gaussian", "delta"])
def test_other_roads_to_the_error(sample: tuple[Survey, np.ndarray], method: str) -> None:
    survey, out = sample
    pair = [
        headline(
            without_flagged(
                survey, MODEL, out, options=IndexOptions(draws=400, min_n=0, replicates=name)
            )
        )
        for name in ("jackknife", method)
    ]
    # 400 draws: 3.5 %; 200 respondents a year bend the figures a little
    np.testing.assert_allclose(pair[0]["se"], pair[1]["se"], rtol=0.15)


def test_supplied_replicate_weights_are_those_of_the_respondents() -> None:
    """Replicate weights of the jackknife, made outside, give the error of the jackknife."""
    survey, out = made(60, 3)
    options = IndexOptions(draws=100, min_n=0, replicates="jackknife")
    strata, weights = survey.design.strata, survey.design.weights
    columns, factors = [], []
    for k in range(60):
        mine = strata == strata[k]
        size = mine.sum()
        columns.append(np.where(mine, weights * size / (size - 1), weights))
        columns[-1][k] = 0.0
        factors.append((size - 1) / size)
    given = ReplicateWeights(np.stack(columns, axis=1), "jkn", np.array(factors))
    supplied = replace(survey, design=replace(survey.design, replicates=given))
    one = headline(without_flagged(survey, MODEL, out, by="", options=options))
    other = replace(options, replicates="supplied")
    two = headline(without_flagged(supplied, MODEL, out, by="", options=other))
    np.testing.assert_allclose(one["se"], two["se"], rtol=1e-9)


def test_the_samples_overlap(sample: tuple[Survey, np.ndarray]) -> None:
    """The difference is far more certain than two independent levels would be."""
    survey, out = sample
    options = IndexOptions(draws=200, min_n=0)
    row = headline(without_flagged(survey, MODEL, out, options=options)).iloc[0]
    alone = yearly(survey, MODEL, options=options).headline()
    assert row["se"] < 0.7 * alone["se"].iloc[0]


def test_clusters_are_drawn_whole(sample: tuple[Survey, np.ndarray]) -> None:
    """Clusters of ten with low answers who are flagged together: more error than one by one."""
    survey, _ = sample
    clusters = np.arange(400) // 2 % 2 + 2 * (np.arange(400) // 20)  # within a stratum
    together = np.isin(clusters, np.unique(clusters)[::5])
    answers = np.where(together[:, None], np.ceil(survey.answers / 3), survey.answers)
    survey = replace(survey, answers=answers)
    design = replace(survey.design, clusters=clusters, clustered=True)
    options = IndexOptions(draws=300, min_n=0)
    apart = headline(without_flagged(survey, MODEL, together, options=options))
    whole = headline(
        without_flagged(replace(survey, design=design), MODEL, together, options=options)
    )
    np.testing.assert_allclose(apart["difference"], whole["difference"], atol=1e-9)
    assert (whole["se"] > apart["se"]).all()
    simple = replace(options, design="simple")
    again = without_flagged(replace(survey, design=design), MODEL, together, options=simple)
    plain = without_flagged(survey.as_simple(), MODEL, together, options=options)
    pd.testing.assert_frame_equal(again.figures, plain.figures)


def test_an_item_nobody_was_asked_in_a_year_stays_out_of_the_model(
    sample: tuple[Survey, np.ndarray],
) -> None:
    survey, out = sample
    frame = pd.DataFrame(survey.answers, columns=list(ITEMS))
    frame["year"] = survey.keys["year"]
    frame["firm"], frame["w"], frame["stratum"] = "A", 1.0, survey.design.strata
    frame.loc[frame["year"] == "2024", "s3"] = np.nan
    less = read_survey(frame, BOOK)
    options = IndexOptions(draws=100, min_n=0)
    found = headline(without_flagged(less, MODEL, out, options=options))
    alone = yearly(less, MODEL, options=options).headline()
    np.testing.assert_allclose(found["index"], alone["index"], rtol=1e-9)


def test_groups_without_flags_and_without_anybody_left(sample: tuple[Survey, np.ndarray]) -> None:
    survey, _ = sample
    options = IndexOptions(draws=100, min_n=0)
    out = (survey.period_of == "2024") & (survey.keys["firm"] == "A")
    found = without_flagged(survey, MODEL, out, group="firm", options=options)
    rows = headline(found).set_index(["year", "group"])
    assert rows.loc[("2024", "B"), ["difference", "se"]].tolist() == [0.0, 0.0]
    assert rows.loc[("2024", "B"), "note"] == NOBODY
    assert rows.loc[("2024", "A"), "note"].startswith("suppressed: n = 0")
    assert rows.loc[("2024", "A"), "share_flagged"] == 1.0
    few = without_flagged(survey, MODEL, out, options=replace(options, min_n=190))
    assert headline(few)["note"].tolist()[0].startswith("suppressed")
    said = without_verdicts(found)
    assert [verdict.about for verdict in said] == ["2024, Bee", "2025, Bee", "2025, Ay"]
    assert {verdict.grade for verdict in said} == {"good"}


def test_paths_move_too(sample: tuple[Survey, np.ndarray]) -> None:
    survey, out = sample
    found = without_flagged(survey, MODEL, out, options=IndexOptions(draws=200)).paths
    assert found["difference"].gt(0).all()  # answers at random had weakened the path
    assert (found["se"] > 0).all()
    np.testing.assert_allclose(found["difference"], found["slope_without"] - found["slope"])


def test_flags_of_answer_quality_are_taken(sample: tuple[Survey, np.ndarray]) -> None:
    survey, _ = sample
    quality = answer_quality(survey)
    options = IndexOptions(draws=100)
    one = without_flagged(survey, MODEL, quality, options=options)
    two = without_flagged(survey, MODEL, np.array(quality.flagged), options=options)
    pd.testing.assert_frame_equal(one.figures, two.figures)
    assert pickle.loads(pickle.dumps(one)).flagged == one.flagged


def test_faults_come_at_once(sample: tuple[Survey, np.ndarray]) -> None:
    survey, out = sample
    with pytest.raises(OptionError) as told:
        without_flagged(
            survey, MODEL, out[:9], group="frim", options=IndexOptions(weights="pooled")
        )
    said = str(told.value)
    assert "shape (9,)" in said
    assert "did you mean 'firm'?" in said
    assert "both samples together" in said
    with pytest.raises(OptionError, match="they are float64"):
        without_flagged(survey, MODEL, out.astype(float))  # type: ignore[arg-type]


def test_verdicts_say_what_moves(sample: tuple[Survey, np.ndarray]) -> None:
    survey, out = sample
    found = without_flagged(survey, MODEL, out, by="", options=IndexOptions(draws=200))
    (said,) = without_verdicts(found)
    row = headline(found).iloc[0]
    assert row["lower"] > 0
    assert said.grade == "doubtful"
    assert f"{row['index_without']:.1f} instead of {row['index']:.1f}" in said.sentence.en
    assert f"将为{row['index_without']:.1f}" in said.sentence.zh
    few = np.zeros(len(out), dtype=bool)
    few[:2] = True
    (calm,) = without_verdicts(
        without_flagged(survey, MODEL, few, by="", options=IndexOptions(draws=200))
    )
    assert calm.grade == "good"
    assert "too little" in calm.sentence.en


def test_limits_hold_the_difference_of_the_population() -> None:
    """60 surveys of 200 against one of 30,000; benchmarks/careless.py has 600 of another model.

    60 surveys tell coverage to 3 points and a standard deviation to a tenth: limits of three
    times that.
    """
    options = IndexOptions(min_n=0, replicates="delta")
    whole, out = made(30_000, 99)
    target = headline(without_flagged(whole, MODEL, out, by="", options=options))["difference"][0]
    rows = []
    for seed in range(60):
        survey, out = made(200, 1000 + seed)
        row = headline(without_flagged(survey, MODEL, out, by="", options=options)).iloc[0]
        rows.append((row["difference"], row["se"], row["lower"] <= target <= row["upper"]))
    difference, se, inside = np.array(rows, dtype=float).T
    assert inside.mean() >= 0.86
    np.testing.assert_allclose(se.mean(), difference.std(ddof=1), rtol=0.3)
