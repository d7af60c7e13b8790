"""Every value that a user gets back shows itself well: one line, text, HTML, Markdown, LaTeX."""

import dataclasses
import inspect
import pickle
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import csi
from csi.tabular import Shown, Summary, Table, width_of
from csi.tabular.table import shown
from csi.text import Language
from tests.tabular.public_values import BRIEF, VIEWED, public_values

SHOWN = (*VIEWED, *BRIEF)
LANGUAGES: tuple[Language, ...] = ("en", "zh")
ACRONYMS = re.compile(r"[A-Z0-9αβ -]+|q2|r2|R2|h?tmt|[a-z]?[a-z]?ic\d?|nec|icl|hq|mdl5|cfi|nfi|"
                      r"rmsea|srmr|SHA-256|z|t|P>\|[zt]\||\[?0\.\d+\]?|EN")  # fmt: skip


def inputs() -> set[type]:
    """Classes that a user makes, and that are not given back."""
    names = ("Options", "Plan", "Term", "Fault", "Error")
    given = {"Construct", "Path", "Item", "Member", "Rounding", "SemModel", "Verdict", "Clusters",
             "ItemWords", "MissingAnswers", "Move", "Stratum", "Scenario", "Study",
             "Wave"}  # fmt: skip
    own = set()
    for module in PARTS:
        for _, one in inspect.getmembers(import_module(module), inspect.isclass):
            made = {"ReplicatePlan", "SurveyPlan", "PresentPlan", "SimulationPlan"}
            if one.__name__ in given or (one.__name__.endswith(names) and one.__name__ not in made):
                own.add(one)
    return own


PARTS = ("csi", "csi.estimate.covariance.sem", "csi.assess", "csi.compare", "csi.planning",
         "csi.moments", "csi.simulation")  # fmt: skip


def public_classes() -> Iterator[type]:
    """Value classes among the public names of the package."""
    for part in PARTS:
        module = import_module(part)
        for name in module.__all__:
            one = getattr(module, name)
            if inspect.isclass(one) and dataclasses.is_dataclass(one):
                yield one


def test_every_public_value_class_is_in_the_walk() -> None:
    assert set(public_values()) == set(SHOWN)
    built = {type(value) for value in public_values().values()}
    left = {one.__name__ for one in set(public_classes()) - inputs() - built}
    views = {"Summary", "Table"}
    assert left <= {"TrueValues", "Break", "Link"} | views, left  # parts of values, brief


@pytest.mark.parametrize("name", SHOWN)
def test_repr_is_one_line_without_arrays_and_addresses(name: str) -> None:
    value = public_values()[name]
    line = repr(value)
    assert 0 < len(line) <= 200, len(line)
    assert "\n" not in line
    assert "array(" not in line
    assert " at 0x" not in line
    assert line == repr(value)


@pytest.mark.parametrize("name", SHOWN)
def test_text_is_not_empty_and_stays_the_same(name: str) -> None:
    value = public_values()[name]
    text = str(value)
    assert len(text.splitlines()) > 3
    assert " at 0x" not in text
    assert "array(" not in text
    assert str(value) == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_html_is_well_formed_and_escaped(name: str, language: Language) -> None:
    made = summary(name, language)
    tree = ElementTree.fromstring(made._repr_html_())
    heads = list(tree.iter("th"))
    assert all(cell.get("scope") in ("col", "row") for cell in heads)
    assert tree.get("lang") == {"en": "en", "zh": "zh-CN"}[language]
    captions = [caption.text for caption in tree.iter("caption")]
    assert captions == [table.title for table in made.tables]
    assert not {tag.tag for tag in tree.iter()} & {"b", "script", "style"}
    words = {"".join(cell.itertext()) for cell in tree.iter("td")}
    assert {value for _, value in made.pairs()} <= words


@pytest.mark.parametrize("name", VIEWED)
def test_heads_and_labels_are_chinese(name: str) -> None:
    made = summary(name, "zh")
    constructs = {"Expectation", "Performance", "Satisfaction", "Complaints", "Loyalty"}
    words = [made.title, *(fact.label for fact in made.facts)]
    words += [word for table in made.tables for word in (table.title, *table.columns)]
    english = {word for word in words if word.isascii()} - constructs
    assert {word for word in english if not ACRONYMS.fullmatch(word)} == set()


@pytest.mark.parametrize("name", VIEWED)
def test_tables_show_the_rounded_numbers_and_keep_the_others(name: str) -> None:
    made = summary(name, "en")
    for table in made.tables:
        frame = table.to_frame()
        for k, column in enumerate(zip(*table.cells()[1:], strict=True)):
            for text, value in zip(column, frame.iloc[:, k].tolist(), strict=True):
                if isinstance(value, float) and not np.isnan(value) and "<" not in text:
                    digits = len(text.partition(".")[2]) if "e" not in text else None
                    if digits is not None and np.isfinite(value):
                        assert abs(float(text) - value) <= 0.5000001 * 10.0**-digits
                elif isinstance(value, float) and "<" in text:
                    assert 0 <= value < float(text[1:])


@pytest.mark.parametrize("name", VIEWED)
def test_markdown_and_latex_have_as_many_cells_in_every_row(name: str) -> None:
    made = summary(name, "en")
    for table in made.tables:
        lines = table.to_markdown().splitlines()
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
        assert bars == {len(table.columns) + 1}
        check_latex(table.to_latex(label="tab:a"), len(table.columns))
    whole = made.to_latex()
    assert whole.count(r"\begin{") == whole.count(r"\end{")
    assert re.search(r"(?<!\\)[%#$]", whole) is None


def check_latex(text: str, columns: int) -> None:
    assert re.findall(r"\\begin\{(\w+)\}", text) == re.findall(r"\\end\{(\w+)\}", text)[::-1]
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")
    align = re.search(r"\\begin\{tabular\}\{([lr]+)\}", text)
    assert align is not None
    assert len(align[1]) == columns
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {columns - 1}
    for rule in (r"\toprule", r"\midrule", r"\bottomrule"):
        assert text.count(rule) == 1
    assert re.search(r"(?<!\\)[%#$]", text) is None
    assert re.search(r"(?<!\\)_", text.replace("tab:a", "")) is None


@cache
def summary(name: str, language: Language = "en") -> Summary:
    value = public_values()[name]
    assert isinstance(value, Shown)
    return value._summary(language)


def facts(name: str) -> dict[str, object]:
    return {fact.label: fact.value for fact in summary(name).facts}


def test_a_fit_shows_its_own_numbers() -> None:
    fit = public_values()["Fit"]
    assert isinstance(fit, csi.Fit)
    made = summary("Fit")
    table = made.table("Paths").to_frame()
    for row in table.itertuples():
        i, j = fit.model.names.index(row[1]), fit.model.names.index(row[2])
        assert row.estimate == fit.paths[i, j]
    assert facts("Fit")["Respondents"] == int(fit.moments.n)
    assert facts("Fit")["Converged"] is True
    assert "no standard errors" in made.lists[0].lines[0]


def test_a_covariance_fit_has_the_series_of_statsmodels() -> None:
    fit = public_values()["SemFit"]
    assert isinstance(fit, csi.sem.Fit)
    table = csi.sem.parameters(fit)
    free = table[table["free"]]
    assert (
        fit.params["Satisfaction ~ Performance"]
        == free.set_index(["lhs", "op", "rhs"]).loc[
            ("Satisfaction", "~", "Performance"), "estimate"
        ]
    )
    np.testing.assert_array_equal(fit.bse, free["se"])
    np.testing.assert_array_equal(fit.pvalues, free["p_value"])
    np.testing.assert_array_equal(fit.conf_int(), free[["lower", "upper"]])
    narrow = fit.conf_int(level=0.9)
    np.testing.assert_allclose(
        narrow["upper"] - fit.params, 1.6448536269514722 * fit.bse, rtol=1e-12
    )
    paths = summary("SemFit").table("Paths").to_frame().set_index("parameter")
    assert paths["estimate"].eq(fit.params[paths.index]).all()
    assert facts("SemFit")["Degrees of freedom"] == fit.freedom


def test_replicated_has_the_same_series_by_the_same_names() -> None:
    rep, fit = public_values()["Replicated"], public_values()["SemFit"]
    assert isinstance(rep, csi.Replicated)
    assert isinstance(fit, csi.sem.Fit)
    assert set(rep.params.index) == {name for name in fit.params.index if " ~ " in name}
    names = rep.model.names
    draws = rep.draws.paths[:, names.index("Performance"), names.index("Satisfaction")]
    assert rep.bse["Satisfaction ~ Performance"] == pytest.approx(draws.std(ddof=1), rel=0.02)
    wide, narrow = rep.conf_int(level=0.99), rep.conf_int()
    assert (wide["upper"] > narrow["upper"]).all()
    assert narrow.equals(rep.conf_int(level=rep.options.level))


def test_yearly_figures_are_those_of_the_frame() -> None:
    yearly = public_values()["YearlyIndex"]
    assert isinstance(yearly, csi.YearlyIndex)
    own = summary("YearlyIndex").tables[0].to_frame()
    pd.testing.assert_series_equal(own["index"], yearly.headline()["index"])
    assert facts("YearlyIndex")["Respondents"] == yearly.fits["n_used"].sum()
    lines = str(yearly).splitlines()
    row = next(line for line in lines if line.startswith("2025  A<&>_%"))
    assert f"{yearly.headline()['index'].iloc[2]:.2f}" in row


def test_the_assessment_lists_all_verdicts_in_both_languages() -> None:
    found = public_values()["Assessment"]
    assert isinstance(found, csi.Assessment)
    for language in LANGUAGES:
        made = found.summary(language)
        said = [line for listing in made.lists for line in listing.lines]
        for verdict in found.verdicts:
            assert any(line.endswith(verdict.sentence.within(language)) for line in said)
    counts = found.summary().tables[0].to_frame()
    assert counts[["good", "doubtful", "poor", "told"]].to_numpy().sum() == len(found.verdicts)


@pytest.mark.parametrize("name", ["SemFit", "YearlyIndex", "Assessment", "Survey"])
def test_text_lines_are_not_wider_than_their_rule(name: str) -> None:
    for language in LANGUAGES:
        lines = str(summary(name, language)).splitlines()
        rule = width_of(lines[1])
        assert set(lines[1]) == {"="}
        assert max(map(width_of, lines)) <= rule


def test_long_tables_say_how_many_rows_are_left_out() -> None:
    long = Table("t", ("a",), tuple((k,) for k in range(100)))
    made = Summary("s", (), (long,))
    assert "... 40 more rows of 100" in str(made)
    assert "... 40 more rows of 100" in made._repr_html_()
    assert made._repr_html_().count("<tr>") == 61
    assert len(made.to_frame()) == 100
    assert "more rows" not in made.to_text()


def test_p_values_are_never_zero() -> None:
    assert shown(0.0, "p") == "<0.001"
    assert shown(0.00099999, "p") == "<0.001"
    assert shown(0.001, "p") == "0.001"
    assert "0.000 " not in str(summary("SemFit").table("Paths").to_markdown())


def test_pandas_options_are_left_alone() -> None:
    before = pd.get_option("display.max_rows"), pd.get_option("display.width")
    for value in public_values().values():
        str(value)
    assert (pd.get_option("display.max_rows"), pd.get_option("display.width")) == before


@pytest.mark.parametrize("name", ["Survey", "YearlyIndex", "Raking", "Segmentation", "Fit"])
def test_a_value_from_another_process_shows_the_same(name: str) -> None:
    value = public_values()[name]
    again = pickle.loads(pickle.dumps(value))
    assert str(again) == str(value)
    assert repr(again) == repr(value)
