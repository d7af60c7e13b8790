"""Each rule of a verdict on figures made for it, on both sides of its threshold."""

import numpy as np
import pandas as pd
import pytest

from csi.assess.scale_ends import scale_end_verdicts
from csi.assess.sentence_parts import percent, shown
from csi.assess.verdicts_discriminant import fornell_larcker_verdicts, htmt_verdicts
from csi.assess.verdicts_formative import (
    collinearity_verdicts,
    formative_verdicts,
    redundancy_verdict,
)
from csi.assess.verdicts_items import (
    cross_loading_verdicts,
    dimension_verdicts,
    loading_verdicts,
)
from csi.assess.verdicts_reliability import reliability_verdicts
from csi.model.grammar import formative, paths, reflective, single
from csi.model.model import Model
from csi.survey.codebook import Codebook, Item
from csi.text import Text

MODEL = Model(
    [reflective("A", ["a1", "a2"], label=Text("Trust", "信任")), formative("F", ["f1", "f2"]),
     single("S", "s")],
    [paths(["A", "F"], to="S")],
    "S",
)  # fmt: skip


def frame(**columns: object) -> pd.DataFrame:
    """One row, with an interval of 0.02 about the figure where none is given."""
    value = float(columns["estimate"])  # type: ignore[arg-type]
    row = {"lower": value - 0.01, "upper": value + 0.01, "limit": value + 0.008, "note": ""}
    return pd.DataFrame([row | columns])


@pytest.mark.parametrize(
    ("rho", "grade", "word"),
    [(0.59, "poor", "too low"), (0.60, "doubtful", "first study"), (0.70, "good", "reliably"),
     (0.95, "good", "reliably"), (0.96, "doubtful", "nearly the same"), (1.02, "poor",
     "impossible"), (-0.1, "poor", "impossible")],
)  # fmt: skip
def test_reliability(rho: float, grade: str, word: str) -> None:
    table = pd.concat([
        frame(construct="A", measure="rho_A", estimate=rho),
        frame(construct="A", measure="rho_C", estimate=0.8),
        frame(construct="A", measure="AVE", estimate=0.5),
    ])  # fmt: skip
    found = {verdict.measure: verdict for verdict in reliability_verdicts(table, MODEL)}
    assert found["rho_A"].grade == grade
    assert word in found["rho_A"].sentence.within("en")
    assert "信任" in found["rho_A"].sentence.within("zh")
    assert found["AVE"].grade == "good"
    assert found["single item"].about == "S"


@pytest.mark.parametrize(
    ("ave", "upper", "grade"), [(0.49, 0.52, "doubtful"), (0.49, 0.495, "poor")]
)
def test_variance_extracted(ave: float, upper: float, grade: str) -> None:
    table = pd.concat([
        frame(construct="A", measure="rho_C", estimate=0.8),
        frame(construct="A", measure="AVE", estimate=ave, upper=upper),
    ])  # fmt: skip
    assert reliability_verdicts(table, MODEL)[1].grade == grade


@pytest.mark.parametrize(
    ("loading", "ave", "grades"),
    [(0.39, 0.6, ["poor"]), (0.5, 0.6, ["good"]), (0.5, 0.4, ["doubtful"]), (0.71, 0.4, ["good"])],
)
def test_loadings(loading: float, ave: float, grades: list[str]) -> None:
    table = pd.concat([
        frame(construct="A", item="a1", measure="loading", estimate=loading),
        frame(construct="A", item="a2", measure="loading", estimate=0.9),
        frame(construct="F", item="f1", measure="loading", estimate=0.1),  # not judged so
    ])  # fmt: skip
    extracted = frame(construct="A", measure="AVE", estimate=ave)
    assert [v.grade for v in loading_verdicts(table, extracted, MODEL)] == grades


@pytest.mark.parametrize(
    ("margin", "upper", "grade"),
    [(-0.1, -0.02, "poor"), (-0.1, 0.1, "doubtful"), (0.1, 0.2, "good")],
)
def test_cross_loadings(margin: float, upper: float, grade: str) -> None:
    table = frame(construct="A", item="a1", other="F", measure="margin", estimate=margin,
                  lower=-0.3, upper=upper)  # fmt: skip
    (verdict,) = cross_loading_verdicts(table, MODEL)
    assert verdict.grade == grade
    if grade == "poor":
        assert "(by 0.10, interval 0.02 to 0.30)" in verdict.sentence.within("en")


@pytest.mark.parametrize(
    ("second", "upper", "grade"),
    [(1.01, 1.1, "poor"), (0.95, 1.01, "doubtful"), (0.8, 0.9, "good")],
)
def test_dimensions(second: float, upper: float, grade: str) -> None:
    table = frame(construct="A", measure="second_eigenvalue", estimate=second, upper=upper)
    assert dimension_verdicts(table, MODEL)[0].grade == grade


@pytest.mark.parametrize(
    ("ratio", "limit", "grade"),
    [(0.90, 0.95, "poor"), (0.89, 0.90, "doubtful"), (0.89, np.nan, "doubtful"),
     (0.80, 0.899, "good")],
)  # fmt: skip
def test_htmt(ratio: float, limit: float, grade: str) -> None:
    table = frame(construct="A", other="S", measure="HTMT+", estimate=ratio, limit=limit)
    (verdict,) = htmt_verdicts(table, MODEL)
    assert verdict.grade == grade


@pytest.mark.parametrize(
    ("margin", "upper", "grade"),
    [(-0.1, -0.01, "poor"), (-0.1, 0.1, "doubtful"), (0.1, 0.2, "good")],
)
def test_fornell_larcker(margin: float, upper: float, grade: str) -> None:
    table = frame(construct="A", other="S", measure="fornell_larcker", estimate=margin, upper=upper)
    (verdict,) = fornell_larcker_verdicts(table, MODEL)
    assert verdict.grade == grade


@pytest.mark.parametrize(
    ("value", "grade"),
    [(2.99, "good"), (3.0, "doubtful"), (5.0, "poor"), (np.inf, "poor"), (np.nan, "poor")],
)
def test_collinear_causes(value: float, grade: str) -> None:
    table = frame(construct="S", predictor="A", measure="cause_VIF", estimate=value)
    (verdict,) = collinearity_verdicts(table, MODEL)
    assert verdict.grade == grade
    assert "nan" not in verdict.sentence.within("en")


@pytest.mark.parametrize(("item", "count"), [("f1", 1), ("a1", 0)])
def test_items_that_repeat_one_another_harm_formative_blocks_only(item: str, count: int) -> None:
    name = "F" if item == "f1" else "A"
    table = frame(construct=name, predictor=item, measure="item_VIF", estimate=6.0)
    assert len(collinearity_verdicts(table, MODEL)) == count


def test_formative_items() -> None:
    table = pd.concat([
        frame(construct="F", item="f1", measure="weight", estimate=0.0, p_value=0.9),
        frame(construct="F", item="f1", measure="loading", estimate=0.1, p_value=0.3),
        frame(construct="F", item="f2", measure="weight", estimate=0.9, p_value=1e-9),
        frame(construct="F", item="f2", measure="loading", estimate=0.9, p_value=1e-9),
    ])  # fmt: skip
    found = {verdict.about: verdict for verdict in formative_verdicts(table, MODEL)}
    assert (found["f1"].grade, found["f2"].grade) == ("poor", "good")
    assert "p < 0.001" in found["f2"].sentence.within("en")


@pytest.mark.parametrize(
    ("path", "upper", "grade"),
    [(0.71, 0.75, "good"), (0.65, 0.72, "doubtful"), (0.6, 0.65, "poor")],
)
def test_redundancy_analysis(path: float, upper: float, grade: str) -> None:
    table = frame(construct="F", against="s", estimate=path, upper=upper)
    assert redundancy_verdict(table, Text("F", "F")).grade == grade


@pytest.mark.parametrize(
    ("item", "share", "grade"),
    [("", 0.149, "good"), ("", 0.151, "doubtful"), ("a1", 0.49, "good"), ("a1", 0.5, "doubtful")],
)
def test_scale_ends(item: str, share: float, grade: str) -> None:
    book = Codebook(title=Text("x"), items=(Item(name="a1", column="a1", low=1, high=5),))
    rows = [frame(construct="A", item=item, measure="floor", estimate=share),
            frame(construct="A", item="", measure="ceiling", estimate=0.01)]  # fmt: skip
    (verdict,) = scale_end_verdicts(pd.concat(rows), MODEL, book)
    assert verdict.grade == grade


def test_numbers() -> None:
    assert (shown(-0.004), shown(np.nan), shown(-np.inf)) == ("0.00", "?", "-∞")
    assert percent(0.5) == "50%"
