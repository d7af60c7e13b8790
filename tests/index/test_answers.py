"""Shares of answers by hand, against R survey and the house's own shares.

R 4.2.2, survey 4.1.1; data as in `frame_like_r`, made with the same whole-number formulas:

    design <- svydesign(ids = ~c, strata = ~h, weights = ~w, data = d)
    svyciprop(~I(y == k), design, method = "beta", df = degf(design)); SE(...)
    svyciprop(~I(y >= 8), subset(design, g == "a"), method = "beta", df = 7)

R does not hold the effective sample size below n, as [korn1998confidence] has it; where the
design effect is below one its limits are narrower.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import csi
from csi.errors import MomentsError, OptionError
from csi.index.answers import ANSWER_PARTS, ANSWERS, answer_parts, answer_shares
from csi.moments.means import survey_shares
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.survey import Survey
from csi.text import Text

R = {  # share, standard error, lower, upper
    1: (0.0948844884488449, 0.0364073263372706, 0.0331854292047519, 0.20246781884652),
    2: (0.127887788778878, 0.0466768102564043, 0.0470165329959326, 0.261664417981343),
    3: (0.0198019801980198, 0.0154346467450557, 0.00125403781487658, 0.0849999724059433),
    4: (0.12953795379538, 0.0474730843668632, 0.047333309334443, 0.265625872231743),
    5: (0.084983498349835, 0.0391305469622107, 0.0224791531416932, 0.208138198686231),
    6: (0.114686468646865, 0.0387509081797658, 0.0465568245353526, 0.224238164700003),
    7: (0.180693069306931, 0.0453289346399255, 0.0951097142242808, 0.297891615146956),
    8: (0.0404290429042904, 0.0247380608323417, 0.00585717783217785, 0.130647830402808),
    9: (0.104785478547855, 0.0398028271174273, 0.0369677616661945, 0.221469939469808),
    10: (0.102310231023102, 0.0436944672583982, 0.0304047838563198, 0.235079969525998),
}
R_HIGH = (0.247524752475248, 0.0533140141758077, 0.14307941347994, 0.379239270974469)
R_HIGH_A = (0.224550898203593, 0.117351844925971, 0.0334834040073635, 0.58279978177535)
FIGURES = ["share", "se", "lower", "upper"]


def frame_like_r() -> pd.DataFrame:
    i = np.arange(72)
    h = i // 24
    c = h * 10 + (i // np.array([4, 3, 6])[h]) % 8
    x, y = (i * 7 + i**2 * 3 + i // 5) % 10 + 1, (i * 5 + i**2 + i // 3) % 10 + 1
    frame = pd.DataFrame({"x": x, "y": y, "h": h, "c": c, "w": 0.5 + ((i * 11) % 13) / 5})
    frame = frame.astype(str)
    frame.loc[i % 9 == 4, "x"] = ""
    frame["g"] = np.where((i * i + i // 7) % 4 < 1, "a", "b")
    return frame


def book(*items: Item, **more: object) -> Codebook:
    return Codebook(title=Text("test"), items=items, **more)


def item(name: str, low: float = 1, high: float = 10, **more: object) -> Item:
    return Item(name=name, column=name, low=low, high=high, **more)


@pytest.fixture(scope="module")
def like_r() -> Survey:
    known = book(item("x"), item("y"), groups=(Key(name="g", column="g"),),
                 weight="w", stratum="h", cluster="c")  # fmt: skip
    return csi.read_survey(frame_like_r(), known)


def test_each_point_has_share_error_and_limits_of_r(like_r: Survey) -> None:
    found = answer_shares(like_r, "y").set_index("answer")
    assert list(found.index) == list(R)
    for point, (share, se, low, high) in R.items():
        row = found.loc[point]
        np.testing.assert_allclose(row[["share", "se"]].to_list(), (share, se), rtol=1e-10)
        if share * (1 - share) / se**2 <= 72:
            np.testing.assert_allclose(row[["lower", "upper"]].to_list(), (low, high), rtol=1e-9)


def test_parts_and_a_domain_are_those_of_r(like_r: Survey) -> None:
    whole = answer_parts(like_r, "y").set_index("part")
    np.testing.assert_allclose(whole.loc["high", FIGURES].to_list(), R_HIGH, rtol=1e-9)
    groups = answer_parts(like_r, "y", by="g").set_index(["group", "part"])
    np.testing.assert_allclose(groups.loc[("a", "high"), FIGURES].to_list(), R_HIGH_A, rtol=1e-9)


@pytest.mark.parametrize("domain", [True, False])
def test_shares_and_errors_are_those_of_survey_shares(like_r: Survey, domain: bool) -> None:
    found = answer_shares(like_r, by="g", domain=domain).set_index(["group", "item", "answer"])
    for name in ("x", "y"):
        for point in range(1, 11):
            known = survey_shares(like_r, name, least=point, most=point, by="g", domain=domain)
            for row in known.itertuples():
                here = found.loc[(row.g, name, point)]
                assert here["share"] == pytest.approx(row.share / 100, abs=1e-13)
                assert here["se"] == pytest.approx(row.se / 100, abs=1e-13, nan_ok=True)
                assert (here["n"], here["missing"]) == (row.n, row.missing)
                assert here["n_effective"] == pytest.approx(row.n_effective)


def test_shares_add_up_to_one_and_points_to_their_part(like_r: Survey) -> None:
    points = answer_shares(like_r, by="g")
    parts = answer_parts(like_r, by="g")
    keys = ["group", "item"]
    for table in (points, parts):
        np.testing.assert_allclose(table.groupby(keys)["share"].sum(), 1.0, atol=1e-12)
        assert (table.groupby(keys)["count"].sum() == table.groupby(keys)["n"].first()).all()
    for row in parts.itertuples():
        inside = points[
            (points["group"] == row.group)
            & (points["item"] == row.item)
            & points["answer"].between(row.least, row.most)
        ]
        assert row.share == pytest.approx(inside["share"].sum(), abs=1e-12)
        assert row.count == inside["count"].sum()


def small(**more: object) -> pd.DataFrame:
    return pd.DataFrame({"q": ["1", "2", "2", "3", "", "98", "97"], "r": list("1212121"), **more})


CODES = {"98": "dont_know", "97": "not_applicable"}


def test_by_hand_with_weights_and_every_kind_of_gap() -> None:
    weights = ["1", "2", "1", "4", "2", "0", "1"]
    survey = csi.read_survey(
        small(w=weights), book(item("q", 1, 3, missing=CODES), item("r"), weight="w")
    )
    found = answer_shares(survey, "q").set_index("answer")
    assert found["share"].tolist() == [1 / 8, 3 / 8, 4 / 8]
    assert found["count"].tolist() == [1, 2, 1]
    row = found.loc[2.0]
    assert row["n"] == 4
    assert row["n_effective"] == pytest.approx(64 / 22)
    assert (row["asked"], row["missing"], row["not_asked"]) == (5, 1, 1)  # weight 0 is passed over
    assert row["missing_share"] == pytest.approx(2 / 10)
    # z = w (hit - share) / 8 for the six of weight above zero, mean zero, n / (n - 1) = 6 / 5
    z = np.array([1 * (0 - 3 / 8), 2 * (1 - 3 / 8), 1 * (1 - 3 / 8), 4 * (0 - 3 / 8), 0, 0]) / 8
    assert row["se"] == pytest.approx(np.sqrt(6 / 5 * (z @ z)))
    assert set(found["year"]) == set(found["group"]) == {"all"}


def test_unweighted_shares_have_the_error_of_the_textbook() -> None:
    survey = csi.read_survey(pd.DataFrame({"q": list("1122233333")}), book(item("q", 1, 3)))
    found = answer_shares(survey)
    p = np.array([0.2, 0.3, 0.5])
    np.testing.assert_allclose(found["share"], p)
    np.testing.assert_allclose(found["se"], np.sqrt(p * (1 - p) / 9))


def test_reversed_answers_are_turned_round() -> None:
    frame = pd.DataFrame({"q": ["1", "1", "1", "5"]})
    plain, turned = (
        answer_shares(csi.read_survey(frame, book(item("q", 1, 5, reversed=way)))).set_index(
            "answer"
        )["share"]
        for way in (False, True)
    )
    assert plain[1.0] == turned[5.0] == 0.75
    assert plain[5.0] == turned[1.0] == 0.25


def test_points_nobody_chose_are_there_and_answers_between_points_too() -> None:
    words = item("q", 0, 4, answers={"so so": 2.5})
    survey = csi.read_survey(pd.DataFrame({"q": ["0", "so so", "4", "4"]}), book(words))
    found = answer_shares(survey)
    assert found["answer"].tolist() == [0, 1, 2, 2.5, 3, 4]
    assert found["share"].tolist() == [0.25, 0, 0, 0.25, 0, 0.5]
    nobody = found.iloc[1]
    assert nobody["lower"] == 0
    assert nobody["upper"] == pytest.approx(1 - 0.025 ** (1 / 4))  # nobody of four


@pytest.mark.parametrize(
    ("low", "high", "parts"),
    [
        (1, 10, [("low", 1, 4), ("middle", 5, 7), ("high", 8, 10)]),
        (0, 10, [("low", 0, 3), ("middle", 4, 7), ("high", 8, 10)]),
        (1, 7, [("low", 1, 3), ("middle", 4, 5), ("high", 6, 7)]),
        (1, 5, [("low", 1, 2), ("middle", 3, 3), ("high", 4, 5)]),
        (1, 4, [("low", 1, 2), ("middle", 3, 3), ("high", 4, 4)]),
        (0, 1, [("low", 0, 0), ("high", 1, 1)]),
    ],
)
def test_parts_of_usual_scales(low: float, high: float, parts: list[tuple[str, int, int]]) -> None:
    frame = pd.DataFrame({"q": [str(low), str(high), str(high)]})
    found = answer_parts(csi.read_survey(frame, book(item("q", low, high))))
    assert list(found[["part", "least", "most"]].itertuples(index=False, name=None)) == parts


def test_years_are_in_order_and_an_item_not_asked_says_so() -> None:
    frame = pd.DataFrame(
        {"t": ["2020"] * 3 + ["2021"] * 3, "q": ["1", "2", "3"] * 2, "r": [""] * 3 + ["1", "2", ""]}
    )
    known = book(item("q", 1, 3), item("r", 1, 3), time=Key(name="wave", column="t"))
    found = answer_shares(csi.read_survey(frame, known), by="wave")
    assert list(dict.fromkeys(found["year"])) == ["2020", "2021"]
    gone = found[(found["year"] == "2020") & (found["item"] == "r")]
    assert len(gone) == 3
    assert gone["share"].isna().all()
    assert set(gone["note"]) == {"not asked"}
    assert (gone["asked"] == 0).all()
    there = found[(found["year"] == "2021") & (found["item"] == "r")]
    assert there["asked"].tolist() == [3] * 3
    assert there["missing"].tolist() == [1] * 3


def test_few_answers_are_not_published(like_r: Survey) -> None:
    found = answer_shares(like_r, "y", by="g", min_n=30)
    few = found[found["group"] == "a"]
    assert few[[*FIGURES, "count", "missing_share"]].isna().all(axis=None)
    assert set(few["note"]) == {"suppressed: n = 20 is below 30"}
    assert found.loc[found["group"] == "b", "share"].notna().all()


def test_a_population_taken_whole_has_no_error(like_r: Survey) -> None:
    whole = replace(like_r, design=replace(like_r.design, fractions=np.ones(72)))
    found = answer_shares(whole, "y")
    assert (found["se"] == 0).all()
    assert (found["lower"] == found["share"]).all()
    assert (found["upper"] == found["share"]).all()


def test_impossible_wishes_are_named(like_r: Survey) -> None:
    with pytest.raises(MomentsError, match="z"):
        answer_shares(like_r, "z")
    with pytest.raises(MomentsError, match="none is named"):
        answer_shares(like_r, ())
    with pytest.raises(OptionError, match=r"level.*95.*\n?.*min_n"):
        answer_shares(like_r, level=95, min_n=-1)
    with pytest.raises(OptionError, match="cannot be used together"):
        answer_shares(like_r, by=("g", "g"))
    with pytest.raises(OptionError, match="cuts"):
        answer_parts(like_r, cuts=(0.8, 0.2))
    fine = csi.read_survey(
        pd.DataFrame({"q": [f"{k / 7:.3f}" for k in range(300)]}), book(item("q", 0, 100))
    )
    with pytest.raises(OptionError, match="more than 101 points"):
        answer_shares(fine)


def test_columns_are_in_the_order_that_is_promised(like_r: Survey) -> None:
    assert tuple(answer_shares(like_r).columns) == ANSWERS
    assert tuple(answer_parts(like_r).columns) == ANSWER_PARTS
    assert len(answer_shares(like_r, ("y", "y"))) == 10
