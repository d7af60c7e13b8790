"""Raking, post-stratification, trimming, replicates, targets and every fault of them.

Reference values: R 4.2.2, package survey 4.1.1, calls beside them. `svy` 0.35 and `samplics` 0.6.1
give the weights of the first case within 3e-13 of R, `balance` 0.23 within 2e-10.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from csi.errors import NotConvergedError, OptionError, SurveyError
from csi.survey import (
    Codebook,
    Item,
    Key,
    Survey,
    Text,
    rake,
    raked_replicates,
    read_survey,
    read_targets,
    with_bootstrap_weights,
)
from csi.survey.bootstrap_weights import bootstrap_factors
from csi.survey.kernel_raking import kish_effect, raked
from csi.survey.targets import margins_of

SEX = {"f": 0.48, "m": 0.52}
AGE = {"18-34": 0.30, "35-54": 0.45, "55+": 0.25}
AGES = "1232323131313121212121212323232323233132"


def survey_of(frame: pd.DataFrame, **design: object) -> Survey:
    """A survey with one item ``y`` and the other columns as keys."""
    keys = [name for name in ("sex", "age", "region") if name in frame]
    return read_survey(
        frame,
        Codebook(
            title=Text("t"),
            items=(Item(name="y", column="y", low=0, high=20),),
            time=Key(name="year", column="year") if "year" in frame else None,
            groups=tuple(Key(name=name, column=name) for name in keys),
            **design,  # type: ignore[arg-type]
        ),
    )


def forty() -> pd.DataFrame:
    """Forty respondents with base weights 1, 1.5, 2, 0.5 in turn."""
    age = [list(AGE)[int(code) - 1] for code in AGES]
    return pd.DataFrame(
        {
            "sex": ["f"] * 26 + ["m"] * 14,
            "age": age,
            "w": np.tile([1.0, 1.5, 2.0, 0.5], 10),
            "y": (np.arange(1, 41) * 13) % 10 + 1.0,
        }
    )


def large() -> pd.DataFrame:
    """330 respondents in six cells whose answers differ by sex and age."""
    rows = [
        (i, sex, age)
        for age, most in (("a", 75), ("b", 75), ("c", 40))
        for sex, top in (("f", 75), ("m", 50))
        for i in range(1, min(most, top) + 1)
    ]
    frame = pd.DataFrame(rows, columns=["i", "sex", "age"])
    step = frame["age"].map({"a": 1, "b": 2, "c": 3})
    frame["y"] = 2.0 * (frame["sex"] == "f") + 1.5 * step + (frame["i"] * 37) % 11 / 4 + 1
    frame["w"] = 1 + frame["i"] % 3 / 2
    frame["h"] = np.where(frame["age"] == "c", 2, 1)
    frame["psu"] = frame["age"] + " " + (frame["i"] // 5).astype(str)
    return frame


HALF = {"sex": {"f": 0.5, "m": 0.5}, "age": {"a": 0.25, "b": 0.35, "c": 0.4}}


def mean_of(survey: Survey) -> float:
    return float(survey.design.weights @ survey.answers[:, 0] / survey.design.weights.sum())


def spread_of(survey: Survey) -> float:
    """Standard error of the mean from the replicates of the survey."""
    found = survey.design.replicates
    assert found is not None
    means = survey.answers[:, 0] @ found.weights / found.weights.sum(axis=0)
    return float(np.sqrt(found.factors @ (means - means.mean()) ** 2))


# rake(svydesign(~1, weights = ~w, data = d), list(~sex, ~age), list(ms, ma),
#      control = list(maxit = 200, epsilon = 1e-13)): weight over base weight by cell
R_RAKE = {
    ("f", "18-34"): 1.1441451589904,
    ("f", "35-54"): 0.6826883124759,
    ("f", "55+"): 0.4378111508231,
    ("m", "35-54"): 1.6431054228295,
    ("m", "55+"): 1.0537310555144,
    ("m", "18-34"): 2.7537473263942,
}
# postStratify(s, ~sex + age, data.frame(expand.grid(...), Freq = c(10, 20, 30, 5, 15, 20)))
R_POST = {
    ("f", "18-34"): 1.0526315789474,
    ("f", "35-54"): 2.4,
    ("f", "55+"): 1.4285714285714,
    ("m", "35-54"): 0.5882352941176,
    ("m", "55+"): 2.6666666666667,
    ("m", "18-34"): 13.3333333333333,
}


def factors_of(before: Survey, after: Survey) -> dict[tuple[str, str], float]:
    ratio = after.design.weights / before.design.weights
    cells = zip(before.keys["sex"], before.keys["age"], ratio, strict=True)
    return {(sex, age): float(factor) for sex, age, factor in cells}


def test_raking_gives_the_weights_of_r_survey() -> None:
    survey = survey_of(forty(), weight="w")
    found, told = rake(survey, {"sex": SEX, "age": AGE}, tolerance=1e-13)
    factors = factors_of(survey, found)
    assert factors == pytest.approx(R_RAKE, rel=1e-11)  # the reference stops at 1e-13 of sums
    assert mean_of(found) == pytest.approx(5.239488229429, rel=1e-11)
    assert found.design.weights.sum() == pytest.approx(50.0)
    (part,) = told.parts.to_dict("records")
    w = found.design.weights
    assert part["deff_after"] == pytest.approx(len(w) * (w @ w) / w.sum() ** 2)
    assert part["n_effective"] == pytest.approx(w.sum() ** 2 / (w @ w))
    assert part["largest"] == pytest.approx(w.max() / w.mean())
    assert part["smallest"] == pytest.approx(w.min() / w.mean())
    assert part["error_after"] < 1e-13 < part["error_before"]
    assert part["trimmed"] == 0
    sex = told.margins[told.margins["margin"] == "sex"]
    base = survey.design.weights
    assert sex["before"].iloc[0] == pytest.approx(base[:26].sum() / base.sum())
    np.testing.assert_allclose(sex["after"], sex["target"], atol=1e-12)
    assert part["error_before"] == pytest.approx(
        (told.margins["before"] - told.margins["target"]).abs().max()
    )
    assert sex["respondents"].tolist() == [26, 14]
    assert "weights were raked to sex, age" in found.notes
    assert "Weighting to margins" in str(told.summary())


def test_crossed_counts_are_the_post_stratification_of_r_survey() -> None:
    survey = survey_of(forty(), weight="w")
    cells = [f"{sex}|{age}" for age in AGE for sex in SEX]
    counts = dict(zip(cells, (10, 20, 30, 5, 15, 20), strict=True))
    found, told = rake(survey, {"sex|age": {cell: 10 * n for cell, n in counts.items()}})
    tenth = {cell: factor / 10 for cell, factor in factors_of(survey, found).items()}
    assert tenth == pytest.approx(R_POST, rel=1e-12)  # in the reference the counts add up to 100
    assert mean_of(found) == pytest.approx(5.641172932331, rel=1e-12)
    assert told.parts["steps"].tolist() == [1]
    assert found.design.weights.sum() == pytest.approx(1000)
    percent, _ = rake(survey, {"sex|age": counts})  # adds up to 100: percentages, sum is kept
    assert percent.design.weights.sum() == pytest.approx(50)


def test_bounds_give_the_nearest_weights_inside_them() -> None:
    """Second road: minimise the relative entropy under bounds and margins by SLSQP."""
    rng = np.random.default_rng(5)
    base = rng.lognormal(0, 0.5, 12)
    codes = [np.array([0, 1] * 6), np.array([0, 0, 1, 1, 2, 2] * 2)]
    targets = [np.array([0.4, 0.6]), np.array([0.3, 0.3, 0.4])]
    low, high = 0.5, 1.6
    found = raked(base[None], codes, targets, total=12.0, bounds=(low, high), tolerance=1e-12)
    weights = found.weights[0]
    assert found.errors[0] <= 1e-12
    assert weights.min() == pytest.approx(low)
    assert weights.max() == pytest.approx(high)
    start = base * 12 / base.sum()
    member = np.concatenate(
        [np.eye(len(t))[c] for c, t in zip(codes, targets, strict=True)], axis=1
    )
    rule = {"type": "eq", "fun": lambda w: (w @ member - 12 * np.concatenate(targets))[:-1]}
    other = minimize(
        lambda w: np.sum(w * np.log(w / start) - w + start),
        np.ones(12),
        jac=lambda w: np.log(w / start),
        bounds=[(low, high)] * 12,
        constraints=rule,
        options={"ftol": 1e-14, "maxiter": 500},
    )
    np.testing.assert_allclose(weights, other.x, atol=1e-5)  # the solver's own precision


def test_wide_bounds_change_nothing_and_moved_weights_are_counted() -> None:
    survey = survey_of(forty(), weight="w")
    targets = {"sex": SEX, "age": AGE}
    free, _ = rake(survey, targets)
    wide, told = rake(survey, targets, trim=(0.0, 50.0))
    np.testing.assert_allclose(wide.design.weights, free.design.weights, rtol=1e-6)
    assert told.parts["trimmed"].tolist() == [0]
    held, told = rake(survey, targets, trim=(0.3, 2.5))
    ratio = held.design.weights / held.design.weights.mean()
    assert (ratio.min(), ratio.max()) == (pytest.approx(0.3), pytest.approx(2.5))
    at = np.isclose(ratio, 0.3, rtol=1e-7) | np.isclose(ratio, 2.5, rtol=1e-7)
    assert told.parts["trimmed"].tolist() == [int(at.sum())] == [5]
    assert told.parts["error_after"].iloc[0] <= 1e-8


def test_bounds_that_do_not_allow_the_margins_say_by_how_much() -> None:
    survey = survey_of(forty())
    with pytest.raises(
        NotConvergedError, match="targets of all: not met after 50 rounds"
    ) as caught:
        rake(survey, {"sex": {"f": 0.1, "m": 0.9}}, trim=(0.5, 2.0), steps=50)
    (fault,) = caught.value.faults
    # 26 women at half the mean weight are a share of 13/40, 22.5 points above 10 %; but 14 men at
    # twice the mean weigh 28: 13 of 41 are women, 21.7 points too many
    told = ("sex m is -21.7 percentage points", "sex f is +21.7 percentage points")
    assert any(words in fault.what for words in told)
    assert "widen them" in fault.fix


def test_margins_that_contradict_each_other_do_not_converge() -> None:
    frame = pd.DataFrame({"sex": list("fffmmmmm"), "age": list("aaabbbbb"), "y": range(8)})
    with pytest.raises(NotConvergedError, match=r"not met after 100 rounds; sex [fm] is [-+]20 "):
        rake(
            survey_of(frame), {"sex": {"f": 0.5, "m": 0.5}, "age": {"a": 0.3, "b": 0.7}}, steps=100
        )


def test_an_empty_cell_with_margins_that_agree_converges() -> None:
    frame = pd.DataFrame({"sex": list("fffmmmm"), "age": list("aabbbba"), "y": range(7)})
    frame = frame[~((frame["sex"] == "m") & (frame["age"] == "a"))]
    found, _ = rake(survey_of(frame), {"sex": {"f": 0.6, "m": 0.4}, "age": {"a": 0.25, "b": 0.75}})
    # by hand: m is b alone, 0.4 of 6 over three; f|a 0.25 over two; f|b the rest
    np.testing.assert_allclose(found.design.weights, [0.75, 0.75, 2.1, 0.8, 0.8, 0.8], atol=1e-6)


def test_zero_weights_stay_zero() -> None:
    frame = forty()
    frame.loc[[0, 30], "w"] = 0.0
    found, told = rake(survey_of(frame, weight="w"), {"sex": SEX, "age": AGE}, trim=(0.2, 4))
    assert found.design.weights[[0, 30]].tolist() == [0.0, 0.0]
    assert told.parts["smallest"].iloc[0] >= 0.2 - 1e-9


def test_periods_are_weighted_by_themselves_and_may_have_own_targets() -> None:
    one, two = forty(), forty()
    two["w"] = two["w"].to_numpy()[::-1]
    both = pd.concat([one.assign(year=2020), two.assign(year=2021)], ignore_index=True)
    survey = survey_of(both, weight="w")
    found, told = rake(survey, {"sex": SEX, "age": AGE})
    first, _ = rake(survey_of(one, weight="w"), {"sex": SEX, "age": AGE})
    np.testing.assert_allclose(found.design.weights[:40], first.design.weights)
    assert told.parts["part"].tolist() == ["2020", "2021"]
    own = {"2020": {"sex": SEX, "age": AGE}, "2021": {"sex": {"f": 1, "m": 3}}}
    found, _ = rake(survey, own)
    np.testing.assert_allclose(found.design.weights[:40], first.design.weights)
    later = found.design.weights[40:]
    assert later[:26].sum() == pytest.approx(later.sum() / 4)
    assert later.sum() == pytest.approx(4.0)  # 1 and 3 are counts
    cut, told = rake(survey, {"age": AGE}, within=("year", "sex"))
    assert told.parts["part"].tolist() == ["2020|f", "2020|m", "2021|f", "2021|m"]
    with pytest.raises(SurveyError, match="targets, 2022: no respondent is in this part") as caught:
        rake(survey, {"2020": {"sex": SEX}, "2022": {"sex": SEX}})
    assert "there are none for part '2021'" in str(caught.value)
    assert cut.design.weights.sum() == pytest.approx(100)


def test_unweighted_periods_have_weights_now() -> None:
    both = pd.concat([forty().assign(year=y) for y in (2020, 2021)], ignore_index=True)
    both["w"] = both["w"].where(both["year"] == 2021)
    survey = survey_of(both, weight="w", unweighted=("2020",))
    assert survey.notes[0].startswith("no weights in 2020")
    found, _ = rake(survey, {"sex": SEX})
    assert found.codebook.unweighted == ()
    assert found.notes == ("weights were raked to sex within year",)
    np.testing.assert_allclose(found.design.weights[:26], 0.48 * 40 / 26)


def test_all_faults_of_targets_at_once() -> None:
    frame = forty()
    frame["region"] = ["n"] * 20 + ["s"] * 19 + [""]
    survey = survey_of(frame, weight="w")
    with pytest.raises(SurveyError) as caught:
        rake(
            survey,
            {
                "sx": {"f": 1.0},
                "sex": {"f": 0.5, "w": 0.5},
                "age": {"18-34": 0.5, "35-54": 0.2, "55+": 0.2},
                "region": {"n": 0.5, "s": 0.5},
                "region|sex": {"n|f": 0, "s|f": -1},
            },
        )
    told = [str(fault) for fault in caught.value.faults]
    expected = (
        "targets, age: the shares add up to 0.9",
        "targets, region|sex: the target of n|f, s|f is not a positive number",
        "targets, sx: 'sx' is not a time or group of the codebook; did you mean 'sex'?",
        "targets of all, sex: there is no target for 'm' (14 respondents)",
        "targets of all, sex: no respondent with a positive weight has 'w'",
        "targets of all, region: respondents without a value: 1 (such as ",
    )
    assert len(told) == len(expected), told
    for words in expected:
        assert any(line.startswith(words) for line in told), (words, told)
    with pytest.raises(SurveyError, match="did you mean 'region'"):
        rake(survey, {"sex": SEX}, within="regon")


def test_counts_of_different_populations_and_no_margins() -> None:
    _, faults = margins_of({"a": {"x": 100, "y": 200}, "b": {"z": 500}}, "targets")
    assert "different totals: a 300, b 500" in faults[0].what
    assert "there is no margin" in margins_of({}, "targets")[1][0].what
    assert "there is no value" in margins_of({"a": {}}, "targets")[1][0].what
    (margin,), _ = margins_of({"year": {2020: 30, "2021.0": 70}}, "targets")  # type: ignore[dict-item]
    assert (margin.values, margin.count) == (("2020", "2021"), None)


def test_targets_of_the_wrong_shape() -> None:
    survey = survey_of(forty())
    with pytest.raises(SurveyError) as caught:
        rake(survey, {"sex": 0.5, "age": {"55+": "half"}, "2020": {"sex": SEX}})  # type: ignore[dict-item]
    told = [fault.what for fault in caught.value.faults]
    assert told == [
        "0.5 is not a margin",
        "the target of 55+ is not a number",
        "the target of sex is not a number",
    ]
    with pytest.raises(SurveyError, match="a value stands there twice"):
        rake(survey, {"sex": {"f": 0.5, " f": 0.1, "m": 0.4}})


def test_respondents_outside_of_all_parts_are_a_fault() -> None:
    frame = forty().assign(region=["n"] * 39 + [""])
    with pytest.raises(SurveyError, match="respondents without a value of region: 1"):
        rake(survey_of(frame), {"age": AGE}, within="region")


def test_draws_that_leave_nobody_in_a_part_are_told() -> None:
    frame = large().assign(region=["n"] * 2 + ["s"] * 328)
    targets = {"n": {"sex": {"f": 1.0}}, "s": {"sex": {"f": 0.5, "m": 0.5}}}
    with pytest.raises(NotConvergedError, match=r"targets of n: not met in \d+ of 60 replicates"):
        raked_replicates(survey_of(frame), targets, draws=60, seed=1, within="region")


def test_options_that_cannot_be() -> None:
    with pytest.raises(OptionError) as caught:
        rake(survey_of(forty()), {"sex": SEX}, trim=(1.2, 3), steps=0, tolerance=0)
    assert len(caught.value.faults) == 3
    with pytest.raises(OptionError, match="option draws"):
        with_bootstrap_weights(survey_of(forty()), draws=1, seed=1)


def test_targets_from_files(tmp_path: Path) -> None:
    toml = tmp_path / "targets.toml"
    toml.write_text('[sex]\nf = 0.48\nm = 0.52\n["sex|age"]\n"f|a" = 1\n', "utf-8")
    assert read_targets(toml) == {"sex": SEX, "sex|age": {"f|a": 1}}
    toml.write_text("[2020.sex]\nf = 0.48\nm = 0.52\n", "utf-8")
    assert read_targets(toml) == {"2020": {"sex": SEX}}
    table = tmp_path / "targets.csv"
    table.write_text("margin,value,target\nsex,f,0.48\n\nsex,m,0.52\n", "utf-8")
    assert read_targets(table) == {"sex": SEX}
    table.write_text("part,margin,value,target\n2020,sex,f,0.48\n2020,sex,m,0.52\n", "utf-8")
    assert read_targets(table) == {"2020": {"sex": SEX}}


BAD_FILES = {
    "a.toml": ("x = 1\n", "tables and numbers"),
    "b.toml": ("[sex]\nf = 'a'\n", "'a' is not a number"),
    "c.toml": ("[sex", "not valid TOML"),
    "d.toml": ("[a.b.c]\nd.e = 1\n", "tables and numbers"),
    "e.csv": ("margin,valu,target\n", "did you mean 'valu'?"),
    "f.csv": ("margin,value,target\nsex,f,x\nsex,m,1\nsex,m,1\n", "line 4: 'm' stands there twice"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_of_targets(tmp_path: Path, name: str) -> None:
    text, words = BAD_FILES[name]
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(SurveyError, match=words.replace("?", r"\?")):
        read_targets(tmp_path / name)
    with pytest.raises(SurveyError, match="cannot be read"):
        read_targets(tmp_path / "none.csv")


def test_factors_of_the_bootstrap() -> None:
    strata = np.repeat([0, 1, 2, 3], [5, 40, 1, 1])
    factors = bootstrap_factors(strata, 4000, seed=2)
    for units in (slice(0, 5), slice(5, 45), slice(45, 47)):  # the single units are merged
        part = factors[units]
        n = part.shape[0]
        np.testing.assert_allclose(part.sum(axis=0), n)
        total = np.arange(n) @ part
        # the variance of a total with replacement, n s^2; 4,000 draws leave 2.2 %, four of these
        assert total.var(ddof=1) == pytest.approx(n * np.arange(n).var(ddof=1), rel=0.09)
    finite = bootstrap_factors(strata, 10, seed=2, fractions=np.full(47, 0.75))
    np.testing.assert_allclose(finite - 1, 0.5 * (bootstrap_factors(strata, 10, seed=2) - 1))
    assert bootstrap_factors(np.array([4]), 3, seed=1).tolist() == [[1.0, 1.0, 1.0]]


@pytest.mark.parametrize(
    ("design", "raked_error", "plain_error"),
    [
        # SE(svymean(~y, rake(svydesign(~1, weights = ~w, data = d), ...))), and without rake
        ({"weight": "w"}, 0.0485294126255, 0.0962036038275),
        # svydesign(~psu, strata = ~h, weights = ~w, nest = TRUE)
        ({"weight": "w", "stratum": "h", "cluster": "psu"}, 0.0515791872352, 0.1394780060669),
    ],
)
def test_raked_replicates_have_the_linearised_error_of_r_survey(
    design: dict[str, str], raked_error: float, plain_error: float
) -> None:
    """2,000 draws leave 1.6 % of Monte Carlo error; linearisation with 46 clusters some more."""
    survey = survey_of(large(), **design)
    found, _ = raked_replicates(survey, HALF, draws=2000, seed=8)
    assert mean_of(found) == pytest.approx(6.5006618793507, rel=1e-7)
    assert spread_of(found) == pytest.approx(raked_error, rel=0.06)
    plain = with_bootstrap_weights(survey, draws=2000, seed=8)
    assert spread_of(plain) == pytest.approx(plain_error, rel=0.06)
    supplied = found.design.replicates
    assert supplied is not None
    women = found.keys["sex"] == "f"
    np.testing.assert_allclose(
        supplied.weights[women].sum(axis=0) / supplied.weights.sum(axis=0), 0.5, atol=1e-7
    )


def test_replicates_of_periods_are_drawn_apart_unless_they_share_clusters() -> None:
    frame = pd.concat([large().assign(year=y) for y in (2020, 2021)], ignore_index=True)
    frame["unit"] = frame["psu"] + frame["year"].astype(str)
    apart = with_bootstrap_weights(survey_of(frame, cluster="unit"), draws=8, seed=1).design
    joint = with_bootstrap_weights(survey_of(frame, cluster="psu"), draws=8, seed=1).design
    assert apart.replicates is not None
    assert joint.replicates is not None
    n = len(large())
    assert not np.array_equal(apart.replicates.weights[:n], apart.replicates.weights[n:])
    np.testing.assert_array_equal(joint.replicates.weights[:n], joint.replicates.weights[n:])


def test_a_value_that_no_draw_may_lose() -> None:
    frame = large()
    frame.loc[0, "age"] = "d"
    targets = {"age": {"a": 0.25, "b": 0.35, "c": 0.39, "d": 0.01}}
    with pytest.raises(NotConvergedError, match="nobody is left of age d in"):
        raked_replicates(survey_of(frame), targets, draws=50, seed=1)


def test_the_same_seed_gives_the_same_bytes() -> None:
    survey = survey_of(large(), weight="w")
    one, _ = raked_replicates(survey, HALF, draws=20, seed=4)
    two, _ = raked_replicates(survey, HALF, draws=20, seed=4)
    assert one.design.replicates is not None
    assert two.design.replicates is not None
    assert one.design.replicates.weights.tobytes() == two.design.replicates.weights.tobytes()


def test_the_design_effect_of_weights() -> None:
    assert kish_effect(np.array([1.0, 3.0])) == pytest.approx(2 * 10 / 16)
