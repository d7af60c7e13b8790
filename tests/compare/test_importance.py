"""Importance-performance maps: cSEM's values, identities, and what lies in which quadrant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.compare.impacts import impacts
from csi.compare.importance import MAP, importance_performance
from csi.compare.kernel_importance import item_importance, quadrants
from csi.errors import OptionError
from csi.estimate.pls import PLSOptions
from csi.index import IndexOptions, YearlyIndex, yearly
from csi.model import Model
from csi.survey import Codebook, Item, read_survey
from csi.survey.survey import Survey
from csi.text import Text
from tests.estimate.conftest import ecsi, mobi, mobi_rows  # noqa: F401 (fixtures)

# cSEM 0.6.1.9000, doIPMA on mobi (shared/reference/pls_mobi.json, other/IPMA_modeA; mode A, path
# scheme): unstandardised total effects on Satisfaction, item importance, and performance on the
# raw scale from 1 to 10
CSEM_IMPORTANCE = {
    "Image": 0.414654565236581,
    "Expectation": 0.432274981848995,
    "Quality": 0.639795342250258,
    "Value": 0.138288777160699,
}
CSEM_PERFORMANCE = {
    "Image": 7.61751821190189,
    "Expectation": 7.5226435462957,
    "Quality": 7.74789099298971,
    "Value": 6.61120817950945,
}
CSEM_ITEMS = {
    "IMAG1": 0.0896014409515473,
    "IMAG5": 0.105399650320971,
    "CUEX1": 0.174190071800682,
    "PERQ7": 0.0941100111260281,
    "PERV1": 0.0554595896634499,
    "PERV2": 0.0828291874972494,
}
CLOSE = 1e-5  # cSEM stops its iteration at 1e-5


@pytest.fixture(scope="module")
def on_mobi(ecsi: Model, mobi_rows: Array) -> YearlyIndex:  # noqa: F811
    book = Codebook(
        title=Text("mobi"),
        items=tuple(Item(name=name, column=name, low=1, high=10) for name in ecsi.items),
    )
    survey = read_survey(pd.DataFrame(mobi_rows, columns=list(ecsi.items)), book)
    options = IndexOptions(pls=PLSOptions(tolerance=1e-10), draws=400)
    return yearly(survey, ecsi, options=options)


def test_constructs_have_the_values_of_csem(on_mobi: YearlyIndex) -> None:
    assert on_mobi.joint is not None
    table = importance_performance(on_mobi.joint, "Satisfaction").set_index("construct")
    assert list(table.index) == list(CSEM_IMPORTANCE)
    for name, value in CSEM_IMPORTANCE.items():
        assert table.loc[name, "importance"] == pytest.approx(value, abs=CLOSE)
        score = (CSEM_PERFORMANCE[name] - 1.0) / 9.0 * 100.0
        assert table.loc[name, "performance"] == pytest.approx(score, abs=100 * CLOSE)


def test_items_have_the_values_of_csem(on_mobi: YearlyIndex) -> None:
    assert on_mobi.joint is not None
    table = importance_performance(on_mobi.joint, "Satisfaction", detail="items")
    table = table.set_index("item")
    for name, value in CSEM_ITEMS.items():
        assert table.loc[name, "importance"] == pytest.approx(value, abs=CLOSE)
    means = dict(zip(on_mobi.joint.items, on_mobi.joint.means[0], strict=True))
    for name in table.index:
        assert table.loc[name, "performance"] == pytest.approx((means[name] - 1.0) / 9.0 * 100.0)


@pytest.fixture(scope="module")
def found(three_years: Survey, model: Model) -> YearlyIndex:
    return yearly(three_years, model, group="company", options=IndexOptions(draws=200, seed=3))


def test_the_map_is_impacts_beside_index_figures(found: YearlyIndex) -> None:
    """Both axes are figures that other tables have, with the same errors."""
    assert found.joint is not None
    table = importance_performance(found.joint, "Loyalty")
    assert tuple(table.columns) == MAP
    keys = ["year", "group", "construct"]
    index = found.figures.set_index(keys)
    effect = impacts(found.joint, rise=1.0).set_index(["year", "group", "from", "to"])
    assert len(table) > 0
    for row in table.to_dict("records"):
        figure = index.loc[tuple(row[key] for key in keys)]
        impact = effect.loc[row["year"], row["group"], row["construct"], "Loyalty"]
        for ours, theirs in (
            ("", "index"),
            ("_se", "se"),
            ("_lower", "lower"),
            ("_upper", "upper"),
        ):
            assert row[f"performance{ours}"] == pytest.approx(figure[theirs], rel=1e-9)
        for ours, theirs in (
            ("", "impact"),
            ("_se", "se"),
            ("_lower", "lower"),
            ("_upper", "upper"),
        ):
            assert row[f"importance{ours}"] == pytest.approx(impact[theirs], rel=1e-9)


def test_items_add_up_to_their_construct(found: YearlyIndex) -> None:
    assert found.joint is not None
    whole = importance_performance(found.joint, "Loyalty")
    parts = importance_performance(found.joint, "Loyalty", detail="items")
    keys = ["year", "group", "construct"]
    total = parts.groupby(keys)["importance"].sum()
    np.testing.assert_allclose(
        total.loc[list(whole.set_index(keys).index)], whole["importance"], rtol=1e-9
    )


def test_jackknife_replicates_have_shares_and_errors(three_years: Survey, model: Model) -> None:
    options = IndexOptions(draws=200, replicates="jackknife")
    other = yearly(three_years, model, group="company", options=options)
    assert other.joint is not None
    table = importance_performance(other.joint, "Loyalty")
    known = table[table["quadrant"] != ""]
    assert len(known)
    assert known["quadrant_share"].between(0.0, 1.0).all()
    assert (known["importance_se"] > 0).all()


def test_the_share_tells_how_sure_a_quadrant_is(on_mobi: YearlyIndex) -> None:
    """Value lies 10 points below the others and matters least: hardly a draw says otherwise."""
    assert on_mobi.joint is not None
    table = importance_performance(on_mobi.joint, "Satisfaction").set_index("construct")
    assert table.loc["Value", "quadrant"] == "low priority"
    assert table.loc["Value", "quadrant_share"] > 0.99
    assert table.loc["Quality", "quadrant"] == "keep up"
    away = table["performance"] - table["mean_performance"]
    assert table.loc[away.abs().idxmin(), "quadrant_share"] < 1.0


def test_faults_come_together(found: YearlyIndex) -> None:
    assert found.joint is not None
    with pytest.raises(OptionError) as error:
        importance_performance(found.joint, "Loyality", detail="item")  # type: ignore[arg-type]
    assert len(error.value.faults) == 2
    assert "Loyalty" in str(error.value)
    with pytest.raises(OptionError, match="has no path to it"):
        importance_performance(found.joint, "Quality")


def test_kernels_take_any_batch() -> None:
    rng = np.random.default_rng(4)
    blocks = np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)
    extent = np.array([9.0, 4.0, 10.0])
    weights, effect = rng.random((3, 2, 3)), rng.normal(size=(3, 2, 2))
    whole = item_importance(weights, extent, blocks, effect)
    importance, performance = rng.normal(size=(3, 2, 5)), rng.normal(size=(3, 2, 5))
    importance[0, 0, 1] = np.nan
    quadrant, x, y = quadrants(importance, performance)
    for at in np.ndindex(3, 2):
        np.testing.assert_allclose(
            whole[at], item_importance(weights[at], extent, blocks, effect[at])
        )
        one = quadrants(importance[at], performance[at])
        np.testing.assert_array_equal(quadrant[at], one[0])
        assert (x[at], y[at]) == (float(one[1]), float(one[2]))


def test_quadrants_by_hand() -> None:
    importance = np.array([0.1, 0.9, 0.1, 0.9, np.nan])
    performance = np.array([50.0, 50.0, 90.0, 90.0, 10.0])
    quadrant, x, y = quadrants(importance, performance)
    np.testing.assert_array_equal(quadrant, [0.0, 2.0, 1.0, 3.0, np.nan])
    assert (float(x), float(y)) == (0.5, 70.0)
