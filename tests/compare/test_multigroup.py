"""Multi-group comparison: seminr, openpls, a second road from draws, level and design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from csi.arrays import Array
from csi.compare.group_parameters import Parameters, parameter_names
from csi.compare.kernel_multigroup import henseler_probability
from csi.compare.micom import micom
from csi.compare.multigroup import multigroup
from csi.compare.multigroup_tables import OMNIBUS, SINGLE, TABLE
from csi.compare.multigroup_verdicts import multigroup_verdicts
from csi.compare.permutation import compare_groups
from csi.errors import IndexFigureError, OptionError
from csi.estimate.effects import total_effects
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index import IndexOptions, yearly
from csi.index.replicated import replicated
from csi.model import Construct, Model, Path
from csi.moments.groups import moments_of_rows
from csi.survey.survey import Survey
from tests.compare.test_micom import changed, noise, years
from tests.index.conftest import ITEMS, answers

MakeSurvey = Callable[..., Survey]
COMPLETE = IndexOptions(missing="complete", draws=300)
ALL = ("path", "total effect", "slope", "loading", "weight")


def steeper(make_survey: MakeSurvey, n: int, seed: int, slope: float = 0.2) -> Survey:
    """Two companies; in B satisfaction has less to do with quality."""
    rng = np.random.default_rng(seed)

    def rows(own: float) -> Array:
        quality = rng.normal(size=n)
        satisfaction = own * quality + np.sqrt(1 - own**2) * rng.normal(size=n)
        loyalty = 0.6 * satisfaction + 0.8 * rng.normal(size=n)
        latent = np.column_stack([quality] * 3 + [satisfaction] * 3 + [loyalty] * 2)
        return np.clip(np.round(6 + 1.6 * (0.85 * latent + 0.5 * rng.normal(size=(n, 8)))), 1, 10)

    return make_survey(np.vstack([rows(0.8), rows(slope)]), company=np.repeat(["A", "B"], n))


# ---------------------------------------------------------------- a second road


def test_figures_are_those_of_each_group_by_itself(make_survey: MakeSurvey, model: Model) -> None:
    survey = steeper(make_survey, 150, 1)
    found = multigroup(survey, model, measures=ALL, by="company", permutations=99,
                       options=COMPLETE)  # fmt: skip
    assert tuple(found.table.columns) == TABLE
    assert tuple(found.omnibus.columns) == OMNIBUS
    table = found.table.set_index(["measure", "from", "to"])
    fits = [
        fit_pls(model, moments_of_rows(survey.answers[of], np.ones(150), ITEMS, "complete"))
        for of in (slice(0, 150), slice(150, 300))
    ]
    for side, fit in zip(("estimate_a", "estimate_b"), fits, strict=True):
        assert table.loc[("path", "Quality", "Satisfaction"), side] == pytest.approx(
            fit.paths[0, 1], abs=1e-9
        )
        total = total_effects(fit.paths)[0, 2]
        assert table.loc[("total effect", "Quality", "Loyalty"), side] == pytest.approx(total)
        assert table.loc[("loading", "Quality", "Q2"), side] == pytest.approx(fit.loadings[1])
        assert table.loc[("weight", "Loyalty", "L1"), side] == pytest.approx(fit.weights[6])
    slopes = yearly(survey, model, group="company", options=COMPLETE).joint
    assert slopes is not None
    own = table.loc["slope"]
    np.testing.assert_allclose(own["estimate_a"], slopes.slopes[0], atol=1e-9)
    np.testing.assert_allclose(own["estimate_b"], slopes.slopes[1], atol=1e-9)


def test_errors_and_probabilities_by_hand_from_the_draws(
    make_survey: MakeSurvey, model: Model
) -> None:
    survey = steeper(make_survey, 120, 2, 0.5)
    row = multigroup(survey, model, by="company", permutations=99, options=COMPLETE).table.iloc[0]
    a, b = replicated(survey, model, COMPLETE, by="company")
    draws = [x.draws.paths[:, 0, 1] for x in (a, b)]
    difference = a.fit.paths[0, 1] - b.fit.paths[0, 1]
    assert row["difference"] == pytest.approx(difference)
    assert row["se"] == pytest.approx(np.std(draws[0] - draws[1], ddof=1), rel=1e-9)
    se = [np.std(d, ddof=1) for d in draws]
    # two independent sets of 300 draws: their sample correlation moves the error by 1/sqrt(300)
    assert row["se"] == pytest.approx(np.hypot(*se), rel=0.15)
    share = np.mean((2 * draws[0].mean() - draws[0])[:, None] > 2 * draws[1].mean() - draws[1])
    assert row["p_henseler"] == pytest.approx(2 * min(share, 1 - share), abs=1e-12)
    assert row["p_welch"] == pytest.approx(2 * norm.sf(difference / np.hypot(*se)), abs=0.003)
    assert row["p_parametric"] == pytest.approx(row["p_welch"], abs=0.01)
    assert row["lower"] < difference < row["upper"]


def test_p_permutation_is_that_of_compare_groups(make_survey: MakeSurvey, model: Model) -> None:
    survey = steeper(make_survey, 100, 3, 0.6)
    own = multigroup(survey, model, by="company", permutations=499, seed=4, options=COMPLETE).table
    known = compare_groups(
        survey, model, by="company", groups=("A", "B"), permutations=499, seed=4, options=COMPLETE
    )
    paths = known[known["figure"] == "path"]
    np.testing.assert_allclose(own["p_permutation"], paths["p_permutation"])
    np.testing.assert_allclose(own["difference"], paths["difference"], atol=1e-5)


def test_holm_counts_all_pairs_of_a_measure(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 80, 5, 4)
    table = multigroup(survey, model, pairs="all", measures=("path", "loading"), permutations=199,
                       options=COMPLETE).table  # fmt: skip
    for measure, family in (("path", 12), ("loading", 48)):
        own = table[table["measure"] == measure]
        assert len(own) == family
        p = np.sort(own["p_permutation"])
        least = own.sort_values("p_permutation").iloc[0]
        assert least["p_holm"] == pytest.approx(min(1.0, family * p[0]))
        assert (own["p_bh"] <= own["p_holm"] + 1e-12).all()


# ---------------------------------------------------------------- other software


def test_henseler_of_seminr(mobi_survey: Callable[[Array], Survey], ecsi: Model) -> None:
    """The same resamples in both: the draws and the probability are the same."""
    seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")
    first = np.arange(250) < 110
    survey = mobi_survey(np.where(first, "a", "b"))
    rows = survey.columns(ecsi.items)
    rng = np.random.default_rng(1)
    drawn = [rng.integers(0, n, (60, n)) for n in (110, 140)]
    measured = seminr.constructs(
        *[seminr.composite(c.name, list(c.items)) for c in ecsi.constructs]
    )
    structure = seminr.relationships(
        *[seminr.paths(from_=p.source, to=p.target) for p in ecsi.paths]
    )
    data = {item: rows[:, k] for k, item in enumerate(ecsi.items)}
    peer_model = seminr.estimate_pls(data, measured, structure)
    peer = seminr.estimate_pls_mga(
        peer_model, first, nboot=60, group1_indices=drawn[0], group2_indices=drawn[1]
    )
    tight = PLSOptions(tolerance=1e-9, max_steps=2000)
    own = []
    for of, picks in zip((first, ~first), drawn, strict=True):
        group = rows[of]
        fits = [
            fit_pls(ecsi, moments_of_rows(group[p], np.ones(len(p)), ecsi.items, "complete"), tight)
            for p in picks
        ]
        own.append(np.array([fit.paths for fit in fits]))
    for path in peer:
        i, j = ecsi.names.index(path.source), ecsi.names.index(path.target)
        assert path.group1_beta_mean == pytest.approx(own[0][:, i, j].mean(), abs=1e-5)
        found = henseler_probability(own[0][:, [i], j], own[1][:, [i], j])[0]
        # one of 3,600 pairs may lie the other way
        assert path.pls_mga_p == pytest.approx(found, abs=1.5 / 3600)


def test_permutation_of_openpls(mobi_survey: Callable[[Array], Survey], ecsi: Model) -> None:
    pytest.importorskip("openpls", reason="openpls-engine is not installed")
    from openpls.config import MV, Config, Structure
    from openpls.mga import MGA, GroupSpec
    from openpls.mode import Mode
    from openpls.scale import Scale
    from openpls.scheme import Scheme

    kept = ("Image", "Satisfaction", "Loyalty")
    small = Model(
        [c for c in ecsi.constructs if c.name in kept],
        [p for p in ecsi.paths if p.source in kept and p.target in kept],
        "Satisfaction",
    )
    group = np.where(np.arange(250) < 100, "a", "b")
    survey = mobi_survey(group)
    structure = Structure()
    for name in small.names:
        if before := list(small.predecessors(name)):
            structure.add_path(before, [name])
    config = Config(structure.path(), default_scale=Scale.NUM)
    for construct in small.constructs:
        config.add_lv(construct.name, Mode.A, *[MV(item) for item in construct.items])
    frame = pd.DataFrame(survey.columns(small.items), columns=list(small.items)).assign(g=group)
    peer = MGA(frame, config, "g", [GroupSpec("a", ["a"]), GroupSpec("b", ["b"])],
               scheme=Scheme.PATH, iterations=15, seed=1).comparisons()  # fmt: skip
    peer = peer.set_index(["source", "target"])
    own = multigroup(survey, small, by="half", permutations=4999, options=COMPLETE).table
    for row in own.to_dict("records"):
        known = peer.loc[(row["from"], row["to"])]
        # openpls stops when weights move by 1e-6
        assert row["estimate_a"] == pytest.approx(known["estimateA"], abs=2e-5)
        assert row["difference"] == pytest.approx(known["difference"], abs=2e-5)
        p = row["p_permutation"]
        error = np.sqrt(p * (1 - p) * (1 / 15 + 1 / 5000))
        assert abs(p - known["p_value"]) < 4 * error + 1 / 15


# ---------------------------------------------------------------- what is found


def test_a_difference_is_found_by_all_tests(make_survey: MakeSurvey, model: Model) -> None:
    survey = steeper(make_survey, 250, 6)
    found = multigroup(survey, model, by="company", options=COMPLETE)
    strong, none = found.table.iloc[0], found.table.iloc[1]
    tests = ["p_value", "p_permutation", "p_henseler", "p_parametric", "p_welch", "p_holm"]
    assert (strong[tests].astype(float) < 0.01).all()
    assert (none[tests].astype(float) > 0.05).all()
    assert strong["lower"] > 0
    omnibus = found.omnibus.set_index(["measure", "from"])
    assert omnibus.loc[("path", "Quality"), "p_value"] < 0.001
    whole = found.omnibus[found.omnibus["measure"] == "all paths"]
    assert whole["p_value"].iloc[0] < 0.01
    paths = found.table["difference"]
    assert whole["statistic"].iloc[0] == pytest.approx((paths**2).sum(), abs=1e-5)
    said = multigroup_verdicts(found)
    assert len(said) == 1
    assert said[0].about == "Quality, Satisfaction"
    assert said[0].grade == "told"
    assert "beyond chance" in said[0].sentence.en
    assert "1 of 2 differences beyond chance" in repr(found)


def test_micom_warns_beside_what_it_concerns(make_survey: MakeSurvey, model: Model) -> None:
    survey = changed(years(make_survey, 250, 7), "2022", "L1", noise(250))
    asked = micom(survey, model, options=COMPLETE)
    assert asked.fails("Loyalty", "2022", "2021")
    found = multigroup(survey, model, measures=ALL, permutations=199, options=COMPLETE, micom=asked)
    warned = found.table["note"] == "not comparable by MICOM: Loyalty"
    concerned = (found.table["from"] == "Loyalty") | (found.table["to"] == "Loyalty")
    assert (warned == concerned).all()
    differs = [v for v in multigroup_verdicts(found) if "Loyalty" in v.about]
    assert differs
    assert {v.grade for v in differs} == {"doubtful"}
    assert "But not comparable by MICOM" in differs[0].sentence.en


def test_micom_of_other_groups_is_refused(three_years: Survey, model: Model) -> None:
    asked = micom(three_years, model, by="company", permutations=99, options=COMPLETE)
    with pytest.raises(OptionError, match="not of the groups compared"):
        multigroup(three_years, model, options=COMPLETE, micom=asked)
    some = micom(three_years, model, pairs=[("2022", "2021")], permutations=99, options=COMPLETE)
    table = multigroup(three_years, model, permutations=99, options=COMPLETE, micom=some).table
    missed = table["note"] == "MICOM did not compare these groups"
    assert (missed == (table["group_a"] == "2023")).all()


def test_nothing_differs_is_said_once(make_survey: MakeSurvey, model: Model) -> None:
    found = multigroup(years(make_survey, 80, 8), model, measures=("path", "slope"),
                       permutations=199, options=COMPLETE)  # fmt: skip
    said = multigroup_verdicts(found)
    assert [v.grade for v in said] == ["told", "told"]
    assert "2022 and 2021" in said[0].sentence.en


def test_single_items_have_no_loading_to_compare(make_survey: MakeSurvey) -> None:
    model = Model(
        (Construct("Quality", ("Q1", "Q2", "Q3")), Construct("Again", ("L1",), "single")),
        (Path("Quality", "Again"),),
        "Again",
    )
    found = multigroup(years(make_survey, 80, 9), model, measures=("path", "loading"),
                       permutations=99, options=COMPLETE)  # fmt: skip
    last = found.table.iloc[-1]
    assert last["to"] == "L1"
    assert last["note"] == SINGLE
    assert np.isnan(last["p_permutation"])
    assert last["difference"] == 0
    assert (found.omnibus["note"] == SINGLE).sum() == 1
    raw = replace(COMPLETE, pls=PLSOptions(metric="raw"))
    weight = multigroup(years(make_survey, 80, 9), model, measures="weight", permutations=99,
                        options=raw).table.iloc[-1]  # fmt: skip
    assert weight["note"] == ""  # one over the standard deviation: it may differ
    assert weight["difference"] != 0


# ---------------------------------------------------------------- designs


def test_groups_that_share_units(make_survey: MakeSurvey, model: Model) -> None:
    """A panel: the same people in both years. The error knows, the tests for two samples do not."""
    rng = np.random.default_rng(10)
    rows = answers(150, rng, 6.5)
    again = np.clip(rows + rng.integers(-1, 2, rows.shape), 1, 10)
    both = np.vstack([rows, again])
    year = np.repeat([2021, 2022], 150)
    panel = make_survey(both, year=year, clusters=np.tile(np.arange(150), 2))
    apart = make_survey(both, year=year)
    one, other = (
        multigroup(s, model, permutations=199, options=COMPLETE).table for s in (panel, apart)
    )
    assert (one["se"] < 0.8 * other["se"]).all()
    for column in ("p_henseler", "p_parametric", "p_welch"):
        assert one[column].isna().all()
        assert other[column].notna().all()
    assert one["note"].str.contains("groups share sampled units").all()
    assert one["p_permutation"].notna().all()


def test_nobody_can_change_places(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 80, 11, strata=np.repeat([0, 1], 80))
    found = multigroup(survey, model, permutations=199, options=COMPLETE)
    assert found.table["p_permutation"].isna().all()
    assert found.table["note"].str.contains("nobody can change places").all()
    p = found.table["p_value"]
    assert found.table["p_holm"].min() == pytest.approx(min(1, 2 * p.min()))


@pytest.mark.parametrize("replicates", ["jackknife", "gaussian", "bootstrap"])
def test_replicates_of_every_kind(make_survey: MakeSurvey, model: Model, replicates: Any) -> None:
    survey = steeper(make_survey, 120, 12, 0.5)
    options = replace(COMPLETE, replicates=replicates)
    table = multigroup(survey, model, by="company", permutations=99, options=options).table
    usual = multigroup(survey, model, by="company", permutations=99, options=COMPLETE).table
    # 300 draws: 4 % for each error; jackknife errors of correlations are a little wider
    np.testing.assert_allclose(table["se"], usual["se"], rtol=0.25)
    assert table["p_henseler"].isna().all() == (replicates == "jackknife")


def test_only_the_groups_in_the_pairs(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 80, 13, 4)
    found = multigroup(survey, model, pairs=[("2024", "2021")], permutations=99, options=COMPLETE)
    assert found.groups == ("2021", "2024")
    whole = multigroup(survey, model, pairs="all", permutations=99, options=COMPLETE).table
    same = whole[(whole["group_a"] == "2024") & (whole["group_b"] == "2021")]
    np.testing.assert_allclose(found.table["difference"], same["difference"], atol=1e-12)
    np.testing.assert_allclose(found.table["se"], same["se"], rtol=1e-9)


def test_an_item_not_asked_everywhere_leaves_all(make_survey: MakeSurvey, model: Model) -> None:
    survey = changed(years(make_survey, 100, 14, 3), "2022", "Q3", np.full(100, np.nan))
    options = IndexOptions(missing="pairwise", draws=100)
    found = multigroup(survey, model, permutations=99, options=options)
    assert "Q3" not in found.model.items
    assert found.notes == ("not asked in all groups: Q3",)


def test_same_seed_same_bytes(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 70, 15)
    one, same = (
        multigroup(survey, model, permutations=99, options=COMPLETE).table for _ in range(2)
    )
    pd.testing.assert_frame_equal(one, same)


def test_any_batch_is_a_loop(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 60, 16)
    (own,) = replicated(survey, model, replace(COMPLETE, draws=100))
    names = parameter_names(model, ALL)
    parameters = Parameters(names, np.ones(8), np.full(8, 10.0), disattenuated=False)
    whole = parameters.of(own.draws)
    assert whole.shape == (100, len(names))
    for r in (0, 50, 99):
        rows = own.draws.moments
        single = fit_pls(
            model,
            replace(rows, mean=rows.mean[r], cov=rows.cov[r], n=rows.n[r],
                    sum_weights=rows.sum_weights[r], n_effective=rows.n_effective[r],
                    answers=rows.answers[r]),
            like=own.fit,
        )  # fmt: skip
        np.testing.assert_allclose(whole[r], parameters.of(single), atol=1e-9)
    assert len(names) == 2 + 3 + 2 + 8 + 8


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"measures": ("paths",)}, "use some of path, total effect"),
        ({"measures": ()}, "names none"),
        ({"pairs": "rest", "permutations": 5}, "2 faults"),
    ],
)
def test_impossible_options(
    make_survey: MakeSurvey, model: Model, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        multigroup(years(make_survey, 60, 17), model, **options)


def test_groups_too_small(make_survey: MakeSurvey, model: Model) -> None:
    with pytest.raises(IndexFigureError, match="2 faults"):
        multigroup(years(make_survey, 30, 18), model, options=COMPLETE)


def test_level_of_all_tests(make_survey: MakeSurvey, model: Model) -> None:
    """The long version is benchmarks/level_multigroup.py; here 99.9 % binomial bounds."""
    names = ["p_value", "p_permutation", "p_henseler", "p_parametric", "p_welch"]
    options = replace(COMPLETE, draws=100)
    p = [
        multigroup(years(make_survey, 80, 900 + seed), model, permutations=99, seed=seed,
                   options=options).table[names].to_numpy()
        for seed in range(80)
    ]  # fmt: skip
    rejected = (np.array(p) <= 0.1).mean(axis=0)
    assert (rejected <= 0.22).all()  # binomial(80, 0.1)
    assert (rejected.mean(axis=0) > 0.02).all()
