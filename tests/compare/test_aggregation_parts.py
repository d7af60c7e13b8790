"""The parts of an aggregate's change: by hand, adding up, and by both roads of error."""

from __future__ import annotations

import numpy as np
import pytest

from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.kernel import member_parts
from csi.compare.aggregation.members import Member
from csi.compare.aggregation.options import AggregateOptions
from csi.compare.aggregation.parts import PARTS, change_parts
from csi.compare.aggregation.table import aggregate
from csi.errors import IndexFigureError
from csi.index.joint import Joint
from tests.compare.aggregation_joint import Group, joint_of

SHARES = {"2023": {"A": 0.5, "B": 0.5, "D": 0.0}, "2024": {"A": 0.3, "B": 0.5, "D": 0.2}}


def dated_table() -> Hierarchy:
    """Two industries with weights by year; D enters in 2024."""
    rows = [Member("Nation"), Member("Goods", "Nation", 2), Member("Services", "Nation", 1)]
    for year, shares in SHARES.items():
        rows += [Member(k, "Goods", v, year=year) for k, v in shares.items() if v]
    return Hierarchy((*rows, Member("C", "Services", 1)))


def sample(
    seed: int = 1, method: str = "jackknife", shared: bool = False, draws: int = 400
) -> Joint:
    rng = np.random.default_rng(seed)
    groups = {}
    for year in ("2023", "2024"):
        for k, name in enumerate("ABCD"):
            if (year, name) != ("2023", "D"):
                values = rng.normal(60 + 5 * k, 12, 30).tolist()
                groups[year, name] = Group(values, block="panel" if shared else "")
    return joint_of(groups, method=method, draws=draws)


def test_parts_by_hand() -> None:
    own, mix = member_parts(
        np.array([70.0, 80.0, np.nan]),
        np.array([72.0, 78.0, 90.0]),
        np.array([0.5, 0.5, 0.0]),
        np.array([0.3, 0.5, 0.2]),
    )
    middle = (75 + 78.6) / 2
    np.testing.assert_allclose(own, [0.8, -1.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(mix, [-0.2 * (71 - middle), 0.0, 0.2 * (90 - middle)], atol=1e-12)
    assert own.sum() + mix.sum() == pytest.approx(3.6, abs=1e-12)


@pytest.mark.parametrize("companies", [False, True])
@pytest.mark.parametrize("node", ["Goods", "Nation"])
def test_parts_add_up_to_the_published_change(node: str, companies: bool) -> None:
    joint, table = sample(), dated_table()
    parts = change_parts(joint, table, node, "2024", construct="Satisfaction", companies=companies)
    assert list(parts.columns) == list(PARTS)
    frame = aggregate(joint, table)
    found = frame[(frame["node"] == node) & (frame["year"] == "2024")].iloc[0]
    members, sums = parts[parts["member"] != ""], parts[parts["member"] == ""]
    total = sums[sums["part"] == "total"].iloc[0]
    assert total["points"] == pytest.approx(found["change"], abs=1e-12)
    assert total["se"] == pytest.approx(found["change_se"], rel=1e-10)
    assert total["p_value"] == pytest.approx(found["p_value"], rel=1e-9)
    assert members["points"].sum() == pytest.approx(found["change"], abs=1e-12)
    summed = sums[sums["part"] != "total"]
    assert summed["points"].sum() == pytest.approx(found["change"], abs=1e-12)
    for part in summed["part"]:
        assert members.loc[members["part"] == part, "points"].sum() == pytest.approx(
            float(summed.loc[summed["part"] == part, "points"].iloc[0]), abs=1e-12
        )
    entered = members[members["part"] == "entered"]
    assert entered["member"].tolist() == (["D"] if companies or node == "Goods" else [])
    # means of independent samples: the jackknife of a linear figure is exact
    np.testing.assert_allclose(parts["se"], parts["se_delta"], rtol=1e-9)


def test_errors_of_parts_with_shared_respondents() -> None:
    """The same 30 persons everywhere; 4,000 draws know an error to 1.1 %."""
    joint = sample(2, "bootstrap", shared=True, draws=4000)
    parts = change_parts(joint, dated_table(), "Goods", "2024", construct="Satisfaction")
    np.testing.assert_allclose(parts["se"], parts["se_delta"], rtol=0.045)
    # a second road: the parts of every replicate
    at = {label: k for k, label in enumerate(joint.labels)}
    nothing = np.zeros(4000)
    old = np.array([joint.draws[at["2023", k], 0] if ("2023", k) in at else nothing for k in "ABD"])
    new = np.array([joint.draws[at["2024", k], 0] for k in "ABD"])
    own, mix = member_parts(old, new, *(np.array(list(s.values())) for s in SHARES.values()))
    for part, drawn in (("members", own.sum(axis=0)), ("entered", mix[2]), ("mix", mix[:2].sum(0))):
        row = parts[(parts["part"] == part) & (parts["member"] == "")].iloc[0]
        assert row["se"] == pytest.approx(drawn.std(ddof=1), rel=1e-10)


def test_without_a_change_there_are_no_parts() -> None:
    joint, table = sample(), dated_table()
    with pytest.raises(IndexFigureError, match="no period to compare"):
        change_parts(joint, table, "Goods", "2023", construct="Satisfaction")
    with pytest.raises(IndexFigureError, match="did you mean 'Goods'") as caught:
        change_parts(joint, table, "Good", "1999", construct="Satisfaction")
    assert len(caught.value.faults) == 2
    with pytest.raises(IndexFigureError, match="no period to compare"):
        change_parts(
            joint,
            table,
            "Goods",
            "2024",
            construct="Satisfaction",
            options=AggregateOptions(lag=4),
        )
