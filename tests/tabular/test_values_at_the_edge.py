"""Values with gaps show themselves too: suppressed groups, groups fitted together, no fit."""

from dataclasses import replace

import numpy as np
import pytest

import csi
from csi.simulation import Simulation


@pytest.fixture(scope="module")
def made() -> Simulation:
    return csi.simulate(
        csi.models.load("scsb"), years=[2024, 2025], groups=["A", "B"], n=80, seed=3
    )


@pytest.fixture(scope="module")
def survey(made: Simulation) -> csi.Survey:
    rows = made.answers
    keep = ~((rows["group"] == "B") & (rows["year"].astype(str) == "2025"))
    few = rows[keep | (rows.groupby(["year", "group"]).cumcount() < 20)]
    return csi.read_survey(few.reset_index(drop=True), made.codebook)


def test_suppressed_groups_are_told(made: Simulation, survey: csi.Survey) -> None:
    options = csi.IndexOptions(draws=100, min_n=50)
    yearly = csi.yearly(survey, made.model, group="group", options=options)
    facts = {fact.label: fact.value for fact in yearly.summary().facts}
    assert facts["Figures"] == "3 / 4"
    assert "below 50" in str(yearly)
    assert "3 of 4 figures" in repr(yearly)
    assert yearly.joint is not None
    assert len(str(yearly.joint).splitlines()) > 8


def test_nothing_but_suppressed_groups(made: Simulation, survey: csi.Survey) -> None:
    options = csi.IndexOptions(draws=100, min_n=10_000)
    yearly = csi.yearly(survey, made.model, group="group", options=options)
    assert "0 / 4" in str(yearly)
    assert "below 10000" in yearly._repr_html_()


def test_groups_fitted_together_have_their_names(made: Simulation, survey: csi.Survey) -> None:
    fit = csi.sem.invariance(made.model, survey, by="group").fit("metric")
    assert fit.params.index.names == ["group", "parameter"]
    assert fit.params["B", "Satisfaction ~ Performance"] == pytest.approx(
        csi.sem.parameters(fit)
        .set_index(["group", "lhs", "op", "rhs"])
        .loc[("B", "Satisfaction", "~", "Performance"), "estimate"]
    )
    assert "group" in fit.summary().table("Paths").to_frame()


def test_a_fit_that_did_not_settle_says_so(made: Simulation, survey: csi.Survey) -> None:
    fit = csi.sem.fit(made.model, survey)
    bad = replace(
        fit,
        converged=False,
        tests={},
        baseline={},
        vcov=np.full_like(fit.vcov, np.nan),
        ended=("not converged",),
    )
    assert "NOT settled" in repr(bad)
    lines = str(bad).splitlines()
    assert any(line.replace(" ", "").endswith("Converged:no") for line in lines)
    assert "[1] not converged" in lines
    assert "std err" not in "".join(lines)


def test_a_single_year_and_group_has_its_paths(made: Simulation, survey: csi.Survey) -> None:
    rows = made.answers[made.answers["year"].astype(str) == "2024"].reset_index(drop=True)
    one = csi.read_survey(rows, made.codebook)
    yearly = csi.yearly(one, made.model, options=csi.IndexOptions(draws=100))
    table = yearly.summary().table("Paths").to_frame()
    np.testing.assert_array_equal(table["estimate"], yearly.paths["estimate"])
    assert "P>|" not in " ".join(yearly.summary().table("Paths").columns)
