"""Limits for a family of figures: by hand, for one figure, and their coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from csi.compare.simultaneous import simultaneous_limits
from csi.errors import OptionError
from csi.estimate.multiple import simultaneous
from csi.index import IndexOptions, YearlyIndex, yearly
from csi.model import Model
from csi.survey.survey import Survey
from tests.compare.test_ranks_league import random_joint

OPTIONS = IndexOptions(draws=1000, seed=4)


@pytest.fixture(scope="module")
def found(three_years: Survey, model: Model) -> YearlyIndex:
    return yearly(three_years, model, group="company", options=OPTIONS)


def test_family_of_changes(found: YearlyIndex) -> None:
    table = simultaneous_limits(found.joint, "Satisfaction")
    assert table["family"].tolist() == [4] * 4
    figures = found.figures.set_index(["year", "group", "construct"])
    for row in table.to_dict("records"):
        own = figures.loc[(row["year"], row["group"], "Satisfaction")]
        assert row["estimate"] == pytest.approx(own["change"], abs=1e-12)
        assert row["se"] == pytest.approx(own["change_se"], rel=1e-12)
        assert row["lower"] < own["change_lower"]
        assert row["upper"] > own["change_upper"]
    critical = table["critical"].iloc[0]
    assert 2.2 < critical < stats.norm.ppf(1 - 0.025 / 4) + 0.1  # no wider than Bonferroni's


def test_largest_deviation_by_hand(found: YearlyIndex) -> None:
    """With many degrees of freedom the critical value is a quantile of the largest deviation."""
    joint = found.joint
    table = simultaneous_limits(joint, "Satisfaction", of="index", period="2022")
    j = joint.column("Satisfaction")
    at = [k for k, label in enumerate(joint.labels) if label[0] == "2022"]
    deviations = np.abs(joint.draws[at, j] - joint.index[at, j][:, None])
    largest = (deviations / table["se"].to_numpy()[:, None]).max(axis=0)
    # t with 119 degrees of freedom widens a normal quantile by 1.1 %
    assert table["critical"].iloc[0] == pytest.approx(np.quantile(largest, 0.95), rel=0.02)


def test_two_roads_for_replicates_that_are_no_draws(
    found: YearlyIndex,
    three_years: Survey,
    model: Model,
) -> None:
    """Jackknife replicates give normal draws of their covariance: nearly the same limits."""
    options = replace(OPTIONS, replicates="jackknife")
    other = yearly(three_years, model, group="company", options=options)
    one = simultaneous_limits(found.joint, "Satisfaction")["critical"].iloc[0]
    two = simultaneous_limits(other.joint, "Satisfaction")["critical"].iloc[0]
    assert two == pytest.approx(one, rel=0.06)  # 1,000 draws leave 3 % at this quantile


def test_faults(found: YearlyIndex) -> None:
    with pytest.raises(OptionError, match="use index or change"):
        simultaneous_limits(found.joint, "Satisfaction", of="levels")
    with pytest.raises(OptionError, match="known are 2021, 2022, 2023"):
        simultaneous_limits(found.joint, "Satisfaction", period="2020")
    with pytest.raises(OptionError, match="Satisfaction"):
        simultaneous_limits(found.joint, "Satisfacton")
    with pytest.raises(OptionError, match="nothing comes before it"):
        simultaneous_limits(found.joint, "Satisfaction", period="2021")
    with pytest.raises(OptionError) as wrong:
        simultaneous_limits(found.joint, "Satisfaction", draws=0, seed=-1)
    assert [fault.where for fault in wrong.value.faults] == ["option draws", "option seed"]


def test_the_smallest_group_gives_the_degrees_of_freedom() -> None:
    """Of 250, 200, 80, 300 and 120 respondents: 79 for all, which is on the safe side."""
    joint = random_joint()
    table = simultaneous_limits(joint, "Satisfaction", of="index", period="2024")
    at = [joint.at("2024", group) for group in table["group"]]
    estimate, draws = joint.index[at, 0], joint.draws[at, 0].T
    wanted = simultaneous(draws, estimate, draws.std(axis=0, ddof=1), level=0.95, freedom=79)
    np.testing.assert_allclose(table["critical"], wanted.critical, rtol=1e-9)
