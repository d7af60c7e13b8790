"""Tables, coefficients and summaries on small hand-made values."""

import math
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from csi.errors import OptionError
from csi.tabular import Fact, Listing, Summary, Table, coefficients, said, summary_of, width_of
from csi.tabular.column_words import COLUMNS
from csi.tabular.lettering import latex, wrapped
from csi.tabular.table import shown
from csi.tabular.words import LABELS, TERMS
from csi.text import Text
from csi.verdict import Verdict


def test_latex_writes_every_special_character_out() -> None:
    assert latex('\\{}$&#%_^~<>|"') == (
        r"\textbackslash{}\{\}\$\&\#\%\_\textasciicircum{}\textasciitilde{}"
        r"\textless{}\textgreater{}\textbar{}\textquotedbl{}"
    )
    assert latex("满意度 50%") == r"满意度 50\%"
    assert latex("two\nlines") == "two lines"


def test_latex_without_caption_is_no_float() -> None:
    table = Table("T & U", ("a_b", "n"), (("x", 1.23456), ("y", -0.0001)))
    bare = table.to_latex(caption="")
    assert bare.splitlines()[0] == r"\begin{tabular}{lr}"
    assert r"a\_b & n \\" in bare
    assert r"y & 0.000 \\" in bare
    assert r"\caption{T \& U}" in table.to_latex()
    assert r"\caption{Other}" in table.to_latex(caption="Other")
    assert r"\label" not in table.to_latex()


def test_decimals_by_column() -> None:
    rows = ((72.611, 0.00004, 3.0), (1e9, 1.0, math.nan))
    table = Table("", ("index", "p", "df"), rows, decimals=(1, "p", "g"))
    assert table.cells()[1:] == (("72.6", "<0.001", "3"), ("1000000000.0", "1.000", ""))
    with pytest.raises(ValueError, match="decimals has 2 entries and the head has 3"):
        Table("", ("index", "p", "df"), rows, decimals=(1, "p"))


def test_markdown_with_title_and_left_out_rows() -> None:
    table = Table("a|b", ("n",), tuple((k,) for k in range(5)))
    lines = table.to_markdown(title=True, rows=2).splitlines()
    assert lines[0] == "**a\\|b**"
    assert lines[-1] == "... 3 more rows of 5"
    assert table.to_text(rows=2).splitlines()[-1] == "... 3 more rows of 5"
    chinese = Table("", ("n",), tuple((k,) for k in range(5)), language="zh")
    assert chinese.to_text(rows=2).splitlines()[-1] == "……另有3行，共5行"


def test_html_names_heads_of_rows_and_columns() -> None:
    table = Table("<t>", ("name", "n"), (("<x>", 1), ("y&z", 2)))
    tree = ElementTree.fromstring(table.to_html())
    assert [cell.get("scope") for cell in tree.iter("th")] == ["col", "col", "row", "row"]
    assert [cell.text for cell in tree.iter("td")] == ["1", "2"]
    caption = tree.find(".//caption")
    assert caption is not None
    assert caption.text == "<t>"
    assert "overflow-x:auto" in (tree.get("style") or "")


def test_names_of_the_frame_stay_where_heads_are_translated() -> None:
    frame = pd.DataFrame({"year": ["2024"], "p_value": [0.00001], "other thing": [1]})
    made = summary_of(frame, "zh").tables[0]
    assert made.columns == ("年份", "p 值", "other thing")
    assert made.to_frame().columns.tolist() == ["year", "p_value", "other thing"]
    assert made.cells()[1] == ("2024", "<0.001", "1")


def test_a_fixed_coefficient_has_no_error() -> None:
    frame = pd.DataFrame(
        {
            "item": ["a", "b"],
            "estimate": [1.0, 0.5],
            "se": [1e-16, 0.25],
            "p_value": [0.0, 0.05],
            "lower": [1.0, 0.0],
            "upper": [1.0, 1.0],
        }
    )
    made = coefficients("Loadings", frame, "en", ["item"], statistic="t", level=0.9)
    assert made is not None
    assert made.columns == ("item", "coef", "std err", "t", "P>|t|", "[0.05", "0.95]")
    assert made.cells()[1] == ("a", "1.000", "", "", "", "", "")
    assert made.cells()[2] == ("b", "0.500", "0.250", "2.000", "0.050", "0.000", "1.000")
    assert frame["se"][0] == 1e-16  # the caller's frame is as it was


def test_summary_gives_its_parts() -> None:
    table = Table("Paths", ("path", "coef"), (("S ~ Q", 0.51234),))
    made = Summary("Fit", (Fact("n", 250),), (table,), (Listing("Notes", ("one & two",)),))
    assert made.table("Paths") is table
    with pytest.raises(KeyError, match="there are"):
        made.table("Weights")
    assert Summary("Fit", (Fact("n", 250),)).to_frame()["value"].tolist() == [250]
    assert r"\item one \& two" in made.to_latex()
    assert "1. one & two" in made.to_markdown()
    assert "one &amp; two" in made.to_html()
    assert "[1] one & two" in str(made)


def test_long_facts_stand_alone() -> None:
    made = Summary("s", (Fact("a", 1), Fact("words", "x" * 40), Fact("b", 2), Fact("c", 3.25)))
    assert str(made).splitlines()[2:5] == ["a:  1    c:  3.250", "b:  2", "words:  " + "x" * 40]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(OptionError, match="'fr' is not possible; use one of en, zh"):
        summary_of(pd.DataFrame({"a": [1]}), "fr")  # type: ignore[arg-type]


def test_wrapping_keeps_every_character() -> None:
    text = "顾客满意度指数是 a weighted mean，从0到100"
    lines = wrapped(text, 12, first="[1] ", further="    ")
    assert max(map(width_of, lines)) <= 12
    assert "".join(line[4:] for line in lines).replace(" ", "") == text.replace(" ", "")


def test_truth_values_and_missing_cells() -> None:
    assert [shown(x) for x in (True, np.bool_(False), None, pd.NA, pd.NaT, math.nan)] == [
        "yes", "no", "", "", "", ""
    ]  # fmt: skip
    assert shown(True, language="zh") == "是"


def test_words_are_not_told_twice() -> None:
    for words in (LABELS, TERMS, COLUMNS):
        assert all(words.values())
    assert said("no such phrase", "zh") == "no such phrase"


def test_a_verdict_is_one_line_and_its_sentence() -> None:
    one = Verdict("measurement", "AVE", "Value", "good", Text("Fine & <well>.", "良好。"), 0.71234)
    assert repr(one) == "Verdict good: AVE of Value (measurement), 0.7123"
    assert str(one) == "good: Fine & <well>."
    tree = ElementTree.fromstring(one._repr_html_())
    assert [p.text for p in tree.iter("p")][1:] == ["Fine & <well>.", "良好。"]
