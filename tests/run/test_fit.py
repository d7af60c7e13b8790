"""One fit is what the estimator gives on the same respondents."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.errors import EstimationError, NotConvergedError, SurveyError
from csi.estimate.covariance import sem
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index import IndexOptions
from csi.model import read_model
from csi.moments import moments_of
from csi.run import RunPlan, run_fit, write_fit
from csi.survey import read_codebook, read_survey

FAST = IndexOptions(draws=100)


def test_the_fit_is_that_of_the_estimator(small: Path) -> None:
    survey = read_survey(small / "survey.csv", read_codebook(small / "codebook.toml"))
    model = read_model(small / "model.toml")
    where = (survey.keys["year"] == "2024") & (survey.keys["group"] == "A")
    direct = fit_pls(model, moments_of(survey, model, where=where))
    found = run_fit(RunPlan(small, options=FAST), {"year": ["2024"], "group": ["A"]})
    assert len(found.survey) == where.sum() == 80
    for row in found.tables["paths"].itertuples():
        at = model.names.index(row[1]), model.names.index(row[2])
        assert row.estimate == pytest.approx(direct.paths[at], rel=1e-12)
    np.testing.assert_allclose(found.tables["weights"]["weight"], direct.weights, rtol=1e-12)
    np.testing.assert_allclose(found.tables["quality"]["r2"], direct.r2, rtol=1e-12)


def test_several_values_of_one_key_are_any_of_them(small: Path) -> None:
    both = run_fit(RunPlan(small, options=FAST), {"group": ["A", "B"]})
    whole = run_fit(RunPlan(small, options=FAST))
    pd.testing.assert_frame_equal(both.tables["paths"], whole.tables["paths"])


def test_what_is_written(small: Path, tmp_path: Path) -> None:
    found = run_fit(RunPlan(small, options=FAST))
    files = write_fit(found, tmp_path / "fit")
    assert [path.stem for path in files] == ["paths", "effects", "weights", "quality", "fits"]
    paths = pd.read_csv(tmp_path / "fit" / "paths.csv")
    assert list(paths.columns[:6]) == ["from", "to", "estimate", "se", "lower", "upper"]
    assert paths["estimate"].tolist() == found.tables["paths"]["estimate"].tolist()


def test_unknown_keys_and_values_at_once(small: Path) -> None:
    with pytest.raises(SurveyError) as caught:
        run_fit(RunPlan(small, options=FAST), {"yaer": ["2024"], "group": ["A", "b1"]})
    first, second = caught.value.faults
    assert (first.where, first.fix) == ("where yaer", "did you mean 'year'?")
    assert second.where == "where group=b1"


def test_nobody_is_left(small: Path) -> None:
    survey = read_survey(small / "survey.csv", read_codebook(small / "codebook.toml"))
    only = pd.DataFrame({"year": survey.keys["year"], "group": survey.keys["group"]})
    assert len(only.drop_duplicates()) == 4  # every combination is there, so drop one below
    frame = pd.read_csv(small / "survey.csv")
    frame = frame[~((frame["year"] == 2024) & (frame["group"] == "A"))]
    folder = small.parent / "without"
    folder.mkdir(exist_ok=True)
    frame.to_csv(folder / "survey.csv", index=False)
    for name in ("codebook.toml", "model.toml"):
        (folder / name).write_bytes((small / name).read_bytes())
    with pytest.raises(SurveyError, match="no respondent has year 2024 and group A"):
        run_fit(RunPlan(folder, options=FAST), {"year": ["2024"], "group": ["A"]})


def test_a_fit_that_does_not_settle_is_refused(small: Path) -> None:
    options = IndexOptions(draws=100, pls=PLSOptions(max_steps=1))
    with pytest.raises(NotConvergedError, match="not converged"):
        run_fit(RunPlan(small, options=options))


def test_too_few_respondents(small: Path, tmp_path: Path) -> None:
    lines = (small / "survey.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "survey.csv").write_text("".join(lines[:8]), "utf-8")
    for name in ("codebook.toml", "model.toml"):
        (tmp_path / name).write_bytes((small / name).read_bytes())
    with pytest.raises(EstimationError, match="too few answers"):
        run_fit(RunPlan(tmp_path, options=FAST))


def test_maximum_likelihood_has_measures_and_robust_errors(small: Path, tmp_path: Path) -> None:
    """The same survey through the covariance road: measures, parameters, and PLS tables beside."""
    options = IndexOptions(draws=100, estimator="ml")
    found = run_fit(RunPlan(small, options=options))
    survey = read_survey(small / "survey.csv", read_codebook(small / "codebook.toml"))
    direct = sem.fit(found.model, survey, sem.Options(errors="mlr", missing="fiml"))
    table = found.tables["measures"].set_index("measure")
    assert table.loc["chi-square", "value"] == pytest.approx(direct.tests["standard"].statistic)
    robust = direct.tests["yuan-bentler"].statistic
    assert table.loc["chi-square", "robust"] == pytest.approx(robust)
    parameters = found.tables["parameters"]
    estimates = parameters.loc[parameters["free"], "estimate"]
    np.testing.assert_allclose(estimates, direct.values, rtol=1e-10)
    standardised = parameters[parameters["op"] == "~"].set_index(["rhs", "lhs"])["standardised"]
    for row in found.tables["paths"].to_dict("records"):  # answers are complete: the same fit
        assert row["estimate"] == pytest.approx(standardised[row["from"], row["to"]], abs=1e-5)
    assert found.doubts == ()
    files = write_fit(found, tmp_path / "fit")
    assert [path.stem for path in files][-2:] == ["measures", "parameters"]


def test_constructs_that_cannot_be_told_apart_are_named(small: Path, tmp_path: Path) -> None:
    """Two constructs measured by copies of one another's items, with noise."""
    survey = pd.read_csv(small / "survey.csv")
    model = read_model(small / "model.toml")
    first, second = model.constructs[0], model.constructs[1]
    rng = np.random.default_rng(4)
    for own, other in zip(first.items, second.items, strict=False):
        moved = survey[own] + rng.integers(-1, 2, len(survey))
        survey[other] = moved.clip(survey[other].min(), survey[other].max())
    folder = tmp_path / "alike"
    folder.mkdir()
    survey.to_csv(folder / "survey.csv", index=False)
    for name in ("codebook.toml", "model.toml"):
        (folder / name).write_bytes((small / name).read_bytes())
    found = run_fit(
        RunPlan(folder, options=IndexOptions(draws=100, estimator="ml", missing="complete"))
    )
    said = " ".join(found.doubts)
    assert "told apart" in said
    assert first.name in said
    assert second.name in said
