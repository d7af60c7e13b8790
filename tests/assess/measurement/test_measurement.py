"""The road `measurement`: conventions are kept and said, verdicts say what tables show."""

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import csi
from csi.assess.collinearity import collinearity_table
from csi.assess.discriminant import discriminant_table
from csi.assess.formative import formative_table, standing
from csi.assess.loadings import cross_loadings_table, loadings_table
from csi.assess.measurement import Measurement, measurement
from csi.assess.redundancy import redundancy_analysis
from csi.assess.reliability import measures_of, reliabilities, reliability_table
from csi.assess.sentence_parts import rows_of
from csi.assess.verdicts_formative import redundancy_verdict
from csi.errors import OptionError
from csi.index.replicated import Replicated, replicated
from csi.model.grammar import composite, paths, reflective, single
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Verdict

TABLES = ("reliability", "loadings", "cross_loadings", "discriminant", "collinearity",
          "formative", "redundancy", "dimensions")  # fmt: skip
FIGURES = {"measure", "estimate", "se", "lower", "upper", "draws", "note"}


@pytest.fixture(scope="module")
def assessed(measured: Measurement) -> Measurement:
    return measured


@pytest.fixture(scope="module")
def assessed_formed(replicate: Callable[..., Replicated], formed: Model) -> Measurement:
    return measurement(replicate(formed))


def about(verdicts: tuple[Verdict, ...], measure: str) -> dict[str, Verdict]:
    return {verdict.about: verdict for verdict in verdicts if verdict.measure == measure}


@pytest.mark.parametrize("rep", ["by_pls", "by_plsc", "by_ml"])
def test_every_figure_or_a_reason(rep: str, request: pytest.FixtureRequest) -> None:
    found = measurement(request.getfixturevalue(rep))
    for name in TABLES:
        table: pd.DataFrame = getattr(found, name)
        assert set(table.columns) >= FIGURES
        without = table[~np.isfinite(table["estimate"])]
        assert (without["note"] != "").all(), name
        assert without[["se", "lower", "upper"]].isna().all(axis=None)
        spread = table[np.isfinite(table["se"])]
        assert (spread["lower"] <= spread["estimate"]).all()
        assert (spread["estimate"] <= spread["upper"]).all()


def test_single_items_and_formative_blocks_are_left_out_and_said(
    assessed: Measurement, assessed_formed: Measurement
) -> None:
    table = assessed.reliability
    single_item = table[table["construct"] == "Complaints"]
    assert single_item["estimate"].isna().all()
    assert set(single_item["note"]) == {"single item"}
    formed_block = assessed_formed.reliability
    assert formed_block["estimate"].isna().all()
    assert formed_block["note"].str.contains("formative|single").all()
    apart = assessed_formed.discriminant
    assert apart.loc[apart["measure"] == "HTMT", "estimate"].isna().all()
    said = about(assessed.verdicts, "single item")
    assert said["Complaints"].grade == "told"
    single_pair = assessed.discriminant.query("other == 'Complaints' and measure == 'HTMT'")
    assert single_pair["estimate"].notna().all()
    assert single_pair["note"].str.startswith("single item").all()


def test_an_inadmissible_factor_has_no_omega(assessed: Measurement) -> None:
    loyalty = assessed.reliability.query("construct == 'Loyalty' and measure == 'omega'").iloc[0]
    assert np.isnan(loyalty["estimate"])
    assert "negative unique variance" in loyalty["note"]
    value = assessed.reliability.query("construct == 'Value'").set_index("measure")
    assert value.loc["omega", "estimate"] == pytest.approx(value.loc["alpha", "estimate"])
    assert "two items" in value.loc["omega", "note"]
    image = assessed.reliability.query("construct == 'Image'").set_index("measure")["estimate"]
    assert image["alpha"] < image["omega"] < image["rho_C"]  # composite loadings are too large


def test_measures_go_with_the_method(
    by_pls: Replicated, by_ml: Replicated, replicate: Callable[..., Replicated], ecsi: Model
) -> None:
    assert "rho_A" in measures_of(by_pls.fit)
    assert "score_reliability" in measures_of(by_ml.fit)
    names = measures_of(by_ml.fit)
    found = reliabilities(by_ml.fit)[:, names.index("score_reliability")]
    several = [k for k, c in enumerate(ecsi.constructs) if len(c.items) > 1]
    np.testing.assert_array_equal(found[several], by_ml.fit.reliability[several])
    raw = replicate(ecsi, pls=csi.PLSOptions(metric="raw"))
    table = reliability_table(raw).query("measure == 'rho_A' and construct == 'Image'")
    assert table["note"].item() == "not defined for weights of raw items"
    judged = measurement(raw).verdicts
    assert "Image" in about(judged, "rho_C")


def test_rho_a_is_that_of_the_fit(by_pls: Replicated) -> None:
    names = measures_of(by_pls.fit)
    several = [k for k, c in enumerate(by_pls.model.constructs) if len(c.items) > 1]
    found = reliabilities(by_pls.fit)[several, names.index("rho_A")]
    np.testing.assert_allclose(found, by_pls.fit.reliability[several], rtol=1e-12)


def test_composites_have_measures_with_a_word_of_warning(
    replicate: Callable[..., Replicated], ecsi: Model
) -> None:
    model = Model(
        [composite("Quality", ecsi.construct("Quality").items),
         reflective("Satisfaction", ecsi.construct("Satisfaction").items),
         single("Complaints", "CUSCO")],
        [paths("Quality", to="Satisfaction"), paths("Satisfaction", to="Complaints")],
        "Satisfaction",
    )  # fmt: skip
    table = reliability_table(replicate(model))
    quality = table[table["construct"] == "Quality"].set_index("measure")
    assert quality["estimate"].notna().all()
    assert "no reliability of a factor" in quality.loc["alpha", "note"]


def test_verdicts_say_what_the_tables_show(assessed: Measurement) -> None:
    reliable = about(assessed.verdicts, "rho_A")
    table = assessed.reliability.set_index(["construct", "measure"])["estimate"]
    for construct, verdict in reliable.items():
        value = table[construct, "rho_A"]
        assert verdict.value == pytest.approx(value)
        expected = "poor" if value < 0.6 else "doubtful" if value < 0.7 else "good"
        assert verdict.grade == expected
        assert f"{value:.2f}" in verdict.sentence.within("en")
        assert f"{value:.2f}" in verdict.sentence.within("zh")
    assert reliable["Expectation"].grade == "poor"
    assert "顾客期望" in reliable["Expectation"].sentence.within("zh")
    assert about(assessed.verdicts, "loading")["CUSL2"].grade == "poor"


def test_htmt_is_judged_by_its_upper_limit(assessed: Measurement, by_pls: Replicated) -> None:
    ratios = about(assessed.verdicts, "HTMT+")
    table = assessed.discriminant.query("measure == 'HTMT+'")
    poor = {f"{r['construct']}, {r['other']}" for r in rows_of(table[table["estimate"] >= 0.9])}
    assert {name for name, v in ratios.items() if v.grade == "poor"} == poor
    between = table[(table["estimate"] < 0.9) & (table["limit"] >= 0.9)]
    open_ = "; ".join(f"{r['construct']}, {r['other']}" for r in rows_of(between))
    assert ratios[open_].grade == "doubtful"
    count = len(table) - len(poor) - len(between)
    assert f"tell {count} of 21 pairs" in ratios[""].sentence.within("en")
    # the one-sided limit of 95 % is the end of the two-sided interval of 90 %
    narrower = dataclasses.replace(by_pls, options=dataclasses.replace(by_pls.options, level=0.90))
    upper = discriminant_table(narrower).query("measure == 'HTMT+'")["upper"]
    np.testing.assert_allclose(table["limit"], upper, rtol=1e-12)
    strict = measurement(by_pls, htmt_threshold=0.85).verdicts
    assert sum(v.grade == "poor" for v in about(strict, "HTMT+").values()) > len(poor)


def test_every_sentence_is_whole_in_both_languages(
    assessed: Measurement, assessed_formed: Measurement, by_plsc: Replicated, by_ml: Replicated
) -> None:
    more = [*measurement(by_plsc).verdicts, *measurement(by_ml).verdicts]
    for verdict in (*assessed.verdicts, *assessed_formed.verdicts, *more):
        en, zh = verdict.sentence.en, verdict.sentence.zh
        assert en.endswith(".")
        assert zh.endswith("。")
        assert not re.search(r"[{}]|nan", en + zh)
        # figures are the same in both
        numbers = [sorted(re.findall(r"\d+\.\d+", text)) for text in (en, zh)]
        assert numbers[0] == numbers[1]


def test_formative_items_by_the_usual_rule(assessed_formed: Measurement) -> None:
    table = assessed_formed.formative
    assert set(table["measure"]) == {"weight", "loading", "VIF"}
    assert table.loc[table["measure"] == "VIF", "p_value"].isna().all()
    verdicts = about(assessed_formed.verdicts, "weight")
    for item, verdict in verdicts.items():
        own = table[table["item"] == item].set_index("measure")
        significant = own.loc["weight", "p_value"] < 0.05
        # a p value below 0.05 and a 95 % interval without zero are the same statement
        interval = own.loc["weight", "lower"] > 0 or own.loc["weight", "upper"] < 0
        assert significant == interval
        assert (verdict.grade == "good") == significant
    assert len(verdicts) == 23


@pytest.mark.parametrize(
    ("weight_p", "loading", "loading_p", "expected"),
    [(0.01, 0.1, 0.5, "keep"), (0.2, 0.6, 0.001, "keep: loading"), (0.2, -0.6, 0.001,
     "keep: loading"), (0.2, 0.3, 0.01, "consider"), (0.2, 0.1, 0.4, "leave out")],
)  # fmt: skip
def test_standing(weight_p: float, loading: float, loading_p: float, expected: str) -> None:
    assert standing(weight_p, loading, loading_p) == expected


def test_redundancy_analysis_against_one_item_is_a_regression(
    mobi: pd.DataFrame, scales: Any, ecsi: Model
) -> None:
    survey = csi.read_survey(mobi, scales)
    options = csi.IndexOptions(draws=100, missing="complete")
    block = ecsi.construct("Quality")
    table = redundancy_analysis(survey, block, "CUSA1", options)
    rows = mobi[list(block.items)].to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(rows)), rows])
    y = mobi["CUSA1"].to_numpy(dtype=float)
    rest = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert table["estimate"].item() == pytest.approx(np.sqrt(1 - rest.var() / y.var()), abs=1e-6)
    said = redundancy_verdict(table, Text("Quality", "质量"))
    assert said.grade == ("good" if table["estimate"].item() >= 0.708 else said.grade)
    wide = redundancy_analysis(survey, block, ["CUSA1", "CUSA2", "CUSA3"], options)
    assert wide["estimate"].item() > 0.708
    assert redundancy_verdict(wide, Text("Quality", "质量")).grade == "good"


def test_redundancy_analysis_refuses_all_at_once(
    mobi: pd.DataFrame, scales: Any, ecsi: Model
) -> None:
    survey = csi.read_survey(mobi, scales)
    with pytest.raises(OptionError) as caught:
        redundancy_analysis(
            survey, ecsi.construct("Value"), ["PERV1"], csi.IndexOptions(estimator="ml")
        )
    assert len(caught.value.faults) == 2


def test_a_threshold_must_be_a_correlation(by_pls: Replicated) -> None:
    with pytest.raises(OptionError, match="htmt_threshold"):
        measurement(by_pls, htmt_threshold=1.3)


def test_sampling_weights_count(mobi: pd.DataFrame, scales: Any, ecsi: Model) -> None:
    frame = mobi.assign(w=np.where(np.arange(250) < 100, 2.0, 1.0))
    book = dataclasses.replace(scales, weight="w")
    options = csi.IndexOptions(draws=100, missing="complete")
    (weighted,) = replicated(csi.read_survey(frame, book), ecsi, options)
    doubled = pd.concat([mobi, mobi[:100]], ignore_index=True)  # each of them twice
    (twice,) = replicated(csi.read_survey(doubled, scales), ecsi, options)
    for table in (reliability_table, discriminant_table, collinearity_table, loadings_table,
                  cross_loadings_table):  # fmt: skip
        np.testing.assert_allclose(table(weighted)["estimate"], table(twice)["estimate"], atol=1e-6)


def test_replicates_without_a_figure_are_counted(by_pls: Replicated) -> None:
    table = reliability_table(by_pls)
    some = table[(table["draws"] < by_pls.draws_used) & np.isfinite(table["estimate"])]
    assert len(some) >= 1  # omega of Expectation: some draws have no admissible factor
    for row in rows_of(some):
        assert f"{200 - row['draws']} of 200 replicates have no figure" in row["note"]


def test_a_single_item_has_a_fixed_loading(assessed: Measurement) -> None:
    row = assessed.loadings.query("item == 'CUSCO' and measure == 'loading'").iloc[0]
    assert (row["estimate"], row["note"]) == (1.0, "fixed: single item")
    assert np.isnan(row["se"])


def test_inflation_has_limits_above_zero(by_ml: Replicated) -> None:
    table = collinearity_table(by_ml)
    known = table[np.isfinite(table["lower"])]
    assert (known["lower"] > 0).all()


def test_a_model_without_formative_blocks_has_an_empty_table(by_pls: Replicated) -> None:
    assert formative_table(by_pls).empty


def test_shown_in_a_notebook(assessed: Measurement) -> None:
    assert repr(assessed).startswith("Measurement (PLS, path scheme")
    assert "CUSL2" in str(assessed)
    html = assessed._repr_html_()
    assert html.index("Image") < html.index("Loyalty")
    assert "0.723" in html
