"""League, forest, groups and aggregates: every mark is a figure of its table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.text import Text as Lettering

from csi.errors import OptionError, ReportError
from csi.index.values import YearlyIndex
from csi.report import charts, fonts, groups_chart
from csi.report.aggregates_chart import tree_of
from csi.report.pictures import draw_charts, map_charts
from csi.report.row_marks import SHADED
from csi.report.style import WRONG
from csi.report.view import View, rows_of
from csi.run import RunPlan, run_index
from csi.run.plan import index_options

WEIGHTS = """name,parent,weight,kind
Nation,,,nation
North,Nation,0.6,region
South,Nation,rest,region
norvane,North,0.45,company
quillam,North,0.55,company
sorbeck,South,1,company
"""
needs_font = pytest.mark.skipif(
    fonts.cjk_font() is None, reason="no font with Chinese letters on this machine"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> YearlyIndex:
    table: Path = tmp_path_factory.mktemp("aggregate") / "weights.csv"
    table.write_text(WEIGHTS, "utf-8")
    plan = RunPlan("mobile", options=index_options(draws=100), ranks=True, aggregate=table)
    return run_index(plan).yearly


def marks(axes: Axes) -> np.ndarray:
    """(k, 2) places of the marks that are seen, from the top."""
    seen = [line for line in axes.lines if line.get_linestyle() == "None" and not line.get_alpha()]
    seen = [line for line in seen if line.get_alpha() is None]
    places = np.array([line.get_xydata()[0] for line in seen])
    return places[np.argsort(places[:, 1], kind="stable")]


def bars(axes: Axes) -> np.ndarray:
    """(k, 2) ends of the intervals, from the top."""
    parts = np.concatenate([part.get_segments() for part in axes.collections])
    return parts[np.argsort(parts[:, 0, 1], kind="stable")][:, :, 0]


def tips(figure: Figure) -> list[str]:
    found = [artist.get_gid() for artist in figure.findobj() if artist.get_gid()]
    return [tip.removeprefix("csi-tip|") for tip in found]


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def of_year(made: YearlyIndex, table: str, year: str = "2025") -> pd.DataFrame:
    frame = made.tables[table]
    return frame[frame["year"].astype(str) == year]


def test_the_league_is_the_table_of_ranks(made: YearlyIndex) -> None:
    figure = charts.league(made)
    (axes,) = figure.axes
    table = of_year(made, "ranks")
    np.testing.assert_array_equal(marks(axes)[:, 0], table["index"])
    ends = np.column_stack([table["index"] - table["moe"], table["index"] + table["moe"]])
    np.testing.assert_allclose(bars(axes), ends)
    names = [text.get_text().split(maxsplit=1) for text in axes.get_yticklabels()]
    labels = [View(made).group(group) for group in table["group"]]
    assert names == [[str(rank), name] for rank, name in zip(table["rank"], labels, strict=True)]
    sets = [f"{a}–{b}" if a != b else str(a)
            for a, b in zip(table["rank_low"], table["rank_high"], strict=True)]  # fmt: skip
    assert [text for text in texts(axes) if text in sets] == sets
    shaded = sorted(round(p.get_y() + p.get_height() / 2) for p in axes.patches
                    if same_color(p.get_facecolor(), SHADED))  # fmt: skip
    assert shaded == np.flatnonzero(table["may_be_first"].to_numpy(bool)).tolist()


def test_a_group_without_rank_is_named(made: YearlyIndex) -> None:
    ranks = made.tables["ranks"].copy()
    last = ranks.index[-1]
    name = View(made).group(ranks.loc[last, "group"])
    ranks.loc[last, ["rank", "rank_low", "rank_high"]] = pd.NA
    ranks.loc[last, ["index", "moe"]] = np.nan
    figure = charts.league(made.with_tables(ranks=ranks))
    assert len(marks(figure.axes[0])) == 2
    assert f"Without a rank: {name}." in figure.get_supxlabel().replace("\n", " ")


def test_an_earlier_year(made: YearlyIndex) -> None:
    (axes,) = charts.league(made, year="2021").axes
    np.testing.assert_array_equal(marks(axes)[:, 0], of_year(made, "ranks", "2021")["index"])


@pytest.mark.parametrize(("kind", "column"), [("paths", "estimate"), ("effects", "total")])
def test_a_forest_of_one_group_has_its_figures(made: YearlyIndex, kind: str, column: str) -> None:
    figure = charts.forest(made, kind=kind, groups=["quillam"])
    (axes,) = figure.axes
    frame = getattr(made, kind)
    own = frame[(frame["year"] == "2025") & (frame["group"] == "quillam")]
    order = {name: k for k, name in enumerate(made.model.names)}
    keys = own["to"].map(order) * 100 + own["from"].map(order)
    own = own.assign(key=keys).sort_values("key")
    np.testing.assert_array_equal(marks(axes)[:, 0], own[column])
    np.testing.assert_allclose(bars(axes), own[["lower", "upper"]])
    labels = [text.get_text() for text in axes.get_yticklabels()]
    headings = [label for label in labels if label.startswith("On ")]
    assert len(headings) == own["to"].nunique()
    assert len(labels) == len(own) + len(headings)
    shown = [text for text in texts(axes) if "[" in text]
    first = own.iloc[0]
    assert shown[0].startswith(f"{first[column]:.2f} [{first['lower']:.2f}, ")
    assert len(shown) == len(own)
    r2 = made.quality.query("year == '2025' and group == 'quillam' and construct == 'Satisfaction'")
    assert f"On Customer satisfaction (R² {r2['r2'].iloc[0]:.2f})" in labels


def test_a_forest_of_groups_side_by_side(made: YearlyIndex) -> None:
    figure = charts.forest(made)
    (axes,) = figure.axes
    assert len(marks(axes)) == len(made.paths[made.paths["year"] == "2025"])
    rows = np.unique(np.round(marks(axes)[:, 1]))
    assert len(rows) == len(made.model.paths)
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == [View(made).group(group) for group in View(made).groups]


def test_a_sign_against_theory_and_an_interval_that_holds_zero(made: YearlyIndex) -> None:
    paths = made.paths.copy()
    own = paths.index[(paths["year"] == "2025") & (paths["group"] == "norvane")]
    paths.loc[own, ["estimate", "lower", "upper"]] = [0.3, 0.2, 0.4]
    paths.loc[own[0], ["estimate", "lower", "upper"]] = [-0.3, -0.4, -0.2]
    paths.loc[own[1], ["estimate", "lower", "upper"]] = [0.0004, -0.1, 0.1]
    figure = charts.forest(replace(made, paths=paths), groups=["norvane"])
    (axes,) = figure.axes
    wrong = [label for label in axes.get_yticklabels() if same_color(label.get_color(), WRONG)]
    assert len(wrong) == 1
    opened = [line for line in axes.lines if line.get_markerfacecolor() == "white"]
    assert [float(line.get_xdata()[0]) for line in opened] == [0.0004]
    assert "0.0004 [−0.10, 0.10]" in texts(axes)
    assert not any("0.00 " in text for text in texts(axes))
    said = figure.get_supxlabel().replace("\n", " ")
    assert "sign against theory" in said
    used = made.fits.query("year == '2025' and group == 'norvane'")["n_used"].iloc[0]
    assert f"n = {used:,.0f}." in said


def test_of_many_groups_six_are_side_by_side_and_it_is_said(forty: YearlyIndex) -> None:
    figure = charts.forest(forty)
    assert len(figure.legends[0].get_texts()) == 6
    assert "The first 6 of 39 groups" in figure.get_supxlabel()  # one has no fit in 2024
    with pytest.raises(OptionError, match="7 groups do not fit"):
        charts.forest(forty, groups=[f"g{k:02}" for k in range(10, 17)])
    with pytest.raises(OptionError, match="use one of paths, effects"):
        charts.forest(forty, kind="path")


def test_few_groups_stand_in_the_row_of_a_construct(three: YearlyIndex) -> None:
    (axes,) = charts.groups(three, constructs=["image", "loyalty"], year="2023").axes
    rows = three.figures.query("year == '2023' and construct in ['image', 'loyalty']")
    by_row = pd.concat([rows[rows["construct"] == name] for name in ("image", "loyalty")])
    np.testing.assert_array_equal(marks(axes)[:, 0], by_row["index"])
    np.testing.assert_array_equal(np.round(marks(axes)[:, 1]), [0, 0, 0, 1, 1, 1])
    ends = by_row["index"].to_numpy()[:, None] + np.outer(by_row["moe"], [-1, 1])
    np.testing.assert_allclose(bars(axes), ends)


def test_many_groups_are_rows_in_the_order_of_the_index(forty: YearlyIndex) -> None:
    figure = charts.groups(forty)
    assert len(figure.axes) == len(forty.model.names)
    rows = forty.figures.query("year == '2024' and construct == 'satisfaction'")
    rows = rows.sort_values("index", ascending=False)
    place = list(forty.model.names).index("satisfaction")
    np.testing.assert_array_equal(marks(figure.axes[place])[:, 0], rows["index"].dropna())
    labels = [text.get_text().replace("\n", " ") for text in figure.axes[0].get_yticklabels()]
    assert labels == [View(forty).group(group) for group in rows["group"]]
    assert f"Not published: {len(forty.model.names)} figures." in figure.get_supxlabel()


def test_more_groups_than_rows_are_cut_and_it_is_said(
    forty: YearlyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups_chart, "MOST_ROWS", 10)
    figure = charts.groups(forty)
    assert all(len(marks(axes)) == 10 for axes in figure.axes)
    assert "The first 10 of 40 groups" in figure.get_supxlabel().replace("\n", " ")


def test_the_tree_has_members_below_their_node(made: YearlyIndex) -> None:
    figure = charts.aggregates(made)
    (axes,) = figure.axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    depth = [(len(label) - len(label.lstrip())) // 4 for label in labels]
    assert [label.strip() for label in labels] == [
        "Nation", "North (60.0%)", "Norvane (45.0%)", "Quillam (55.0%)", "South (40.0%)",
        "Sorbeck (100.0%)",
    ]  # fmt: skip
    assert depth == [0, 1, 2, 2, 1, 2]
    table = of_year(made, "aggregates")
    table = table[table["construct"] == made.model.index].set_index("node")
    order = ["Nation", "North", "norvane", "quillam", "South", "sorbeck"]
    np.testing.assert_array_equal(marks(axes)[:, 0], table.loc[order, "index"])


def test_a_company_without_its_node_is_not_lost(made: YearlyIndex) -> None:
    frame = of_year(made, "aggregates")
    rows = rows_of(frame[(frame["construct"] == made.model.index) & (frame["node"] != "South")])
    tree = tree_of(rows)
    assert [(depth, str(row["node"])) for depth, row in tree.rows] == [
        (0, "Nation"), (1, "North"), (2, "norvane"), (2, "quillam"), (0, "sorbeck"),
    ]  # fmt: skip


def test_a_league_without_any_rank_and_a_forest_without_a_fit(made: YearlyIndex) -> None:
    ranks = made.tables["ranks"].copy()
    ranks["rank"] = pd.array([pd.NA] * len(ranks), dtype="Int64")
    figure = charts.league(made.with_tables(ranks=ranks))
    assert "Without a rank: " in figure.get_supxlabel()
    with pytest.raises(ReportError, match="no coefficients in 2025"):
        charts.forest(replace(made, paths=made.paths.iloc[:0]))


def test_a_long_tree_leaves_companies_out_and_counts_them(made: YearlyIndex) -> None:
    frame = of_year(made, "aggregates")
    rows = rows_of(frame[frame["construct"] == made.model.index])
    tree = tree_of(rows, most=4)
    assert [str(row["node"]) for _, row in tree.rows] == ["Nation", "North", "South"]
    assert tree.left_out == 3


@pytest.mark.parametrize("name", ["league", "aggregates", "map_chart"])
def test_without_its_table_a_chart_says_how_to_get_it(single: YearlyIndex, name: str) -> None:
    with pytest.raises(ReportError, match=r"is not among the tables; .*with_tables"):
        getattr(charts, name)(single)


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=needs_font)])
def test_marks_say_their_values(made: YearlyIndex, language: str) -> None:
    row = made.headline().query("year == '2025' and group == 'norvane'").iloc[0]
    value = f"{row['index']:.1f} ± {row['moe']:.1f}"
    expected = {
        "en": f"Norvane, 2025: {value} (n {row['n']:,})",
        "zh": f"诺凡通信，2025年：{value}（样本量 {row['n']:,}）",
    }[language]
    assert expected in tips(charts.index_over_years(made, language=language))
    assert any(tip.startswith(expected) for tip in tips(charts.league(made, language=language)))
    assert expected in tips(charts.aggregates(made, language=language))
    path = made.paths.query("year == '2025' and group == 'norvane'").iloc[0]
    view = View(made, language)
    arrow = f"{view.construct(path['from'])} → {view.construct(path['to'])}"
    colon = {"en": ": ", "zh": "："}[language]
    said = f"{arrow}{colon}{path['estimate']:.2f} [{path['lower']:.2f}, {path['upper']:.2f}]"
    assert said in tips(charts.path_diagram(made, group="norvane", language=language))
    assert said in tips(charts.forest(made, groups=["norvane"], language=language))
    svg = charts.picture(charts.league(made, language=language), "svg", language).decode()
    assert f"<title>{expected}" in svg
    assert "csi-tip" not in svg


@pytest.mark.parametrize("draw", [charts.league, charts.forest, charts.groups, charts.aggregates])
@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=needs_font)])
def test_the_same_bytes_and_everything_inside(
    draw: object, language: str, made: YearlyIndex
) -> None:
    figure = draw(made, language=language)  # type: ignore[operator]
    once = charts.picture(figure, "svg", language)  # type: ignore[arg-type]
    again = charts.picture(draw(made, language=language), "svg", language)  # type: ignore
    assert once == again
    box, (wide, high) = figure.get_tightbbox(), figure.get_size_inches()
    assert min(box.x0, box.y0) > -0.03
    assert box.x1 < wide + 0.03
    assert box.y1 < high + 0.03
    shown = [text for text in figure.findobj(Lettering) if text.get_text().strip()]
    assert all(text.get_fontsize() >= 9 for text in shown)


def test_a_report_has_charts_of_every_group_and_few_files(made: YearlyIndex) -> None:
    drawn = draw_charts(made)
    names = [chart.name for chart in drawn]
    assert len(set(names)) == len(names)
    assert {"league", "forest", "groups", "aggregates", "map", "map_items"} <= set(names)
    labels = {View(made).group(group) for group in View(made).groups}
    assert not [name for name in names if name.startswith("forest_")]  # few: side by side
    for prefix in ("path_diagram", "map"):
        own = [chart for chart in drawn if chart.name.startswith(prefix)]
        assert {chart.group for chart in own} == labels
        assert {chart.year for chart in own} == {"2025"}
    assert [chart.name for chart in drawn if chart.name.startswith("map") and chart.file] == [
        "map", "map_items",
    ]  # fmt: skip
    assert [chart.name for chart in map_charts(View(made))] == ["map", "map_items"]
    league = next(chart for chart in drawn if chart.name == "league")
    first = of_year(made, "ranks").iloc[0]
    name = View(made).group(first["group"])
    assert f"{name} {first['index']:.1f} ± {first['moe']:.1f} (ranks 1–" in league.alt


def test_without_the_tables_there_are_no_such_charts(three: YearlyIndex) -> None:
    names = {chart.name for chart in draw_charts(three)}
    assert not names & {"league", "aggregates", "map"}
    assert {"forest", "groups"} <= names


def test_of_too_many_groups_the_rest_is_counted(
    made: YearlyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csi.report.pictures.MOST_GROUPS", 2)
    drawn = draw_charts(made)
    own = [chart for chart in drawn if chart.name.startswith("path_diagram")]
    assert len(own) == 2
    assert own[0].note == "Drawn for the first 2 of 3 groups; the others are in the tables."
    assert own[1].note == ""
