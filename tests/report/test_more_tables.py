"""Leagues, splits, impacts and aggregates as the report shows them: a small run, looked up."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console

import csi
from csi.compare.aggregation import Hierarchy, Member
from csi.compare.aggregation.table import PRINTED
from csi.index.values import YearlyIndex
from csi.report import (
    change_sheets,
    league_sheets,
    more_sections,
    more_sentences,
    sheets,
    show,
    terminal_more,
)
from csi.report.columns import COLUMNS
from csi.report.columns_more import MORE_COLUMNS
from csi.report.page import page, sections
from csi.report.sentences import method_parts
from csi.report.tables import MORE, names_of, table
from csi.report.view import View
from csi.run.comparisons import with_comparisons
from csi.run.distributions import with_distributions
from csi.run.judgements import with_judgements
from csi.run.plan import RunPlan
from csi.survey.replicate_form import ReplicateForm

ALPHA = 0.05
CHINESE = re.compile("[一-鿿]")
LONG_NAME = "Cirrus Networks & Communications Group Holdings"


@pytest.fixture(scope="module")
def made() -> YearlyIndex:
    """Three companies in three years with every further table; the second is too small in 2020."""
    simulated = csi.simulate(
        csi.models.load("ecsi_mobile"),
        years=[2020, 2021, 2022],
        groups=["aurora", "borealis", LONG_NAME],
        n=90,
        seed=4,
    )
    answers = simulated.answers
    first = (answers["year"].astype(str) == "2020") & (answers["group"] == "borealis")
    few = answers[first].index[40:]
    assert len(few) == 50
    survey = csi.read_survey(answers.drop(few), simulated.codebook)
    options = csi.IndexOptions(draws=100, missing="pairwise")
    found, other = (
        csi.yearly(survey, simulated.model, group=survey.codebook.groups[0].name, options=chosen)
        for chosen in (options, replace(options, estimator="ml"))
    )
    members = (
        Member("aurora", "phones", 60, kind="company"),
        Member("borealis", "phones", 40, kind="company"),
        Member(LONG_NAME, "post", 10, kind="company"),
        Member("phones", "all", 3, kind="industry"),
        Member("post", "all", 1, kind="industry"),
        Member("all", kind="nation"),
    )
    plan = RunPlan(
        "x", options=options, ranks=True, change_split=True, both_estimators=True,
        comparability=True, assess=True,
    )  # fmt: skip
    compared = with_comparisons(found, plan, Hierarchy(members, "weights"), other)
    return with_distributions(with_judgements(compared, survey, simulated.model, plan), survey)


@pytest.fixture(scope="module", params=["en", "zh"])
def view(request: pytest.FixtureRequest, made: YearlyIndex) -> View:
    return View(made, request.param)


def of_year(made: YearlyIndex, name: str, year: str = "2022") -> pd.DataFrame:
    frame = made.tables[name]
    return frame[frame["year"] == year]


def pm(value: float, half: float) -> str:
    return f"{value:.1f} ± {half:.1f}"


def minus(shown: str) -> str:
    return re.sub(r"^-0\.0\b", "0.0", shown).replace("-", "−")


@pytest.mark.parametrize("name", MORE)
def test_every_column_is_described_and_every_description_has_a_column(
    made: YearlyIndex, name: str
) -> None:
    assert names_of(made)[-len(MORE) :] == MORE
    there = [column for column in MORE_COLUMNS[name] if column not in PRINTED]
    assert there == list(made.tables[name].columns)
    assert list(table(made, name).columns) == list(made.tables[name].columns)


def test_the_index_table_is_described_in_full(made: YearlyIndex) -> None:
    assert list(COLUMNS["index"]) == list(table(made, "index").columns)


def test_the_league_table_has_the_ranks_of_the_last_year(made: YearlyIndex, view: View) -> None:
    sheet = league_sheets.league(view)
    frame = of_year(made, "ranks")
    assert len(sheet.rows) == len(frame) == 3
    for cells, row in zip(sheet.rows, frame.to_dict("records"), strict=True):
        ends = {str(row["rank_low"]), str(row["rank_high"])}
        assert cells[0] == str(row["rank"])
        assert cells[2] == pm(row["index"], row["moe"])
        assert set(cells[3].split("–")) == ends
        best = f"{row['difference_from_first']:+.1f}"
        limits = f"[{row['difference_lower']:.1f}, {row['difference_upper']:.1f}]"
        assert cells[4] == f"{minus(best)} {minus(limits)}".replace("−0.0", "0.0")
        assert cells[5] in (f"{100 * row['p_first']:.0f}%", "<1%", ">99%")
        assert cells[7] == row["letters"]
    assert {cells[6] for cells in sheet.rows} <= {view.say("yes"), view.say("no")}


def test_a_group_without_a_rank_has_dashes_and_a_reason(made: YearlyIndex) -> None:
    first = of_year(made, "ranks", "2020")
    old = replace(made, tables={**made.tables, "ranks": first})
    last = league_sheets.league(View(old, "zh")).rows[-1]
    assert last[0] == last[3] == last[4] == last[5] == last[6] == "–"
    assert last[-1] == "2020年样本量 40 少于 50，不发布"


def test_leaders_say_how_often_the_first_place_changed(made: YearlyIndex, view: View) -> None:
    frame = made.tables["leaders"]
    sheet = league_sheets.leaders(view)
    assert [cells[1] for cells in sheet.rows] == frame["leader"].tolist()
    changed = sum(a != b for a, b in zip(frame["leader"][1:], frame["leader"][:-1], strict=True))
    said = more_sentences.leaders(view)[0]
    expected = round(frame["change_expected"].iloc[1:].sum(), 1)
    figures = [float(number) for number in re.findall(r"[\d.]+\d|\d+", said)]
    assert figures in ([changed, 2, expected], [2, changed, expected])
    blank = frame.assign(change_expected=float("nan"))
    bare = View(replace(made, tables={**made.tables, "leaders": blank}), view.language)
    assert "nan" not in (without := more_sentences.leaders(bare)[0])
    assert len(re.findall(r"\d+", without)) == 2


def test_several_leaders_are_named_by_their_labels(made: YearlyIndex) -> None:
    together = made.tables["leaders"].assign(leader="aurora, borealis")
    view = View(replace(made, tables={**made.tables, "leaders": together}), "zh")
    assert league_sheets.leaders(view).rows[0][1] == "aurora、borealis"


def test_the_split_shows_all_parts_that_add_up(made: YearlyIndex, view: View) -> None:
    frame = of_year(made, "changes")
    whole = frame[(frame["item"] == "") & (frame["member"] == "")]
    sheet = change_sheets.split(view)
    assert len(sheet.rows) == 4  # three companies and the total
    for cells in sheet.rows:
        parts = [
            float(cell.rstrip("*").split(" ± ")[0].replace("−", "-").replace("+", ""))
            for cell in cells[1:6]
            if cell != "–"
        ]
        assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=0.05 * len(parts))  # as rounded
    stars = sum(cell.endswith("*") for cells in sheet.rows for cell in cells)
    assert stars == (whole["p_value"] < ALPHA).sum()
    label = view.say("all_together")
    assert sheet.rows[-1][0] == label
    total = whole[(whole["group"] == "total") & (whole["part"] == "total")].iloc[0]
    shown = minus(f"{total['points']:+.1f}") + f" ± {total['upper'] - total['points']:.1f}"
    assert sheet.rows[-1][5].rstrip("*") == shown


def test_a_change_that_cannot_be_split_says_why(made: YearlyIndex) -> None:
    old = replace(made, tables={**made.tables, "changes": of_year(made, "changes", "2021")})
    rows = {cells[0]: cells for cells in change_sheets.split(View(old, "zh")).rows}
    assert set(rows["borealis"][1:6]) == {"–"}
    assert rows["borealis"][-1] == "无变化数据：2020年样本量 40 少于 50"


def test_the_items_of_a_group_are_those_with_the_largest_parts(
    made: YearlyIndex, view: View
) -> None:
    frame = of_year(made, "changes")
    items = frame[(frame["group"] == "aurora") & (frame["item"] != "")]
    size = items.assign(size=items["points"].abs()).groupby("item")["size"].max()
    wanted = size.sort_values(ascending=False).index[: change_sheets.MOST]
    shown = [cells[1] for cells in change_sheets.split_items(view).rows if cells[0] == "aurora"]
    assert shown == [view.item(item) for item in wanted]


def test_contributions_and_other_weights_are_looked_up(made: YearlyIndex, view: View) -> None:
    parts = of_year(made, "contributions")
    sheet = change_sheets.contributions(view)
    own = parts[parts["group"] == "aurora"]["points"]
    shown = [cell.rstrip("*").split(" ± ")[0] for cell in sheet.rows[0][1:]]
    assert sheet.head[-1] == view.say("part_total")  # no notes, so no column for them
    assert shown == [minus(f"{value:+.1f}").replace("+0.0", "0.0") for value in own]
    levels = change_sheets.rebasing(view)
    kinds = of_year(made, "rebasing")["weights"]
    assert len(levels.rows) == len(kinds)
    assert (
        levels.rows[0][1] == {"en": "own (this report)", "zh": "各自估计（本报告）"}[view.language]
    )
    assert {"en": "frozen at 2020", "zh": "固定为2020年"}[view.language] in levels.rows[1]


def test_impacts_are_on_the_index_and_what_comes_after(made: YearlyIndex, view: View) -> None:
    sheet = change_sheets.impacts(view)
    wanted = ("Satisfaction", "Complaints", "Loyalty")
    assert sheet.head[2:] == tuple(
        view.say("on_target", construct=view.construct(name)) for name in wanted
    )
    frame = of_year(made, "impacts")
    frame = frame[(frame["to"] == "Satisfaction") & (frame["group"] == "aurora")]
    sure = frame[frame["p_value"] < ALPHA]
    best = sure.loc[sure["impact"].abs().idxmax()]
    said = next(line for line in more_sentences.impacts(view) if line.startswith("aurora"))
    assert view.construct(best["from"]) in said
    assert minus(f"{best['impact']:+.1f}") in said
    shown = {cells[1]: cells[2] for cells in sheet.rows if cells[0] == "aurora"}
    for row in frame.to_dict("records"):
        star = "*" if row["p_value"] < ALPHA else ""
        cell = shown[view.construct(row["from"])].replace("−", "-")
        assert cell.startswith(f"{row['impact']:+.1f}{star} [{row['lower']:.1f}, ")


def test_impacts_that_chance_explains_are_said_to_be_so(made: YearlyIndex) -> None:
    dull = made.tables["impacts"].assign(p_value=0.5)
    view = View(replace(made, tables={**made.tables, "impacts": dull}))
    assert all(
        "no impact on Customer satisfaction" in line for line in more_sentences.impacts(view)
    )
    assert not any("*" in cell for cells in change_sheets.impacts(view).rows for cell in cells)


def test_aggregates_by_node_and_by_year(made: YearlyIndex, view: View) -> None:
    frame = of_year(made, "aggregates")
    frame = frame[frame["construct"] == "Satisfaction"]
    sheet = league_sheets.aggregates(view)
    assert [cells[0] for cells in sheet.rows] == frame["node"].tolist()
    for cells, row in zip(sheet.rows, frame.to_dict("records"), strict=True):
        share = row["share"]
        assert cells[2] == ("" if pd.isna(share) else f"{100 * share:.1f}")
        assert cells[3] == pm(row["index"], row["moe"])
        assert ("▲" in cells[4] or "▼" in cells[4]) == (row["p_value"] < ALPHA)
        assert cells[5] == minus(f"{row['relative_change']:+.1f}").replace("+0.0", "0.0")
    assert sheet.rows[0][6] == {"en": "2 of 2", "zh": "2/2"}[view.language]
    by_year = league_sheets.nodes_by_year(view)
    assert [cells[0] for cells in by_year.rows] == ["all", "phones", "post"]
    assert by_year.rows[0][-1].startswith(sheet.rows[0][3])
    bare = {"kind": "", "level": 2}
    assert (
        league_sheets.level_label(view, bare) == {"en": "level 2", "zh": "第 2 级"}[view.language]
    )


def test_a_long_table_of_aggregates_leaves_the_companies_out_and_says_so(
    made: YearlyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(league_sheets, "LONG", 5)
    monkeypatch.setattr(more_sentences, "LONG", 5)
    nodes = [cells[0] for cells in league_sheets.aggregates(View(made)).rows]
    assert nodes == ["all", "phones", "post"]
    assert "aggregates.csv" in more_sentences.aggregates(View(made))[-1]


def test_sections_are_there_only_where_their_tables_are(made: YearlyIndex, view: View) -> None:
    keys = [section.key for section in sections(view, (), {})]
    assert keys[1:5] == ["over_years", "league", "why_changed", "aggregates"]
    assert "impacts" in keys
    bare = View(replace(made, tables={}), view.language)
    assert not {"league", "why_changed", "aggregates", "impacts"} & {
        section.key for section in sections(bare, (), {})
    }
    for key in ("league", "why_changed", "aggregates", "impacts"):
        section = next(one for one in sections(view, (), {}) if one.key == key)
        words = " ".join((*section.lead, *section.foot))
        assert "0.05" in words  # the level is said wherever there are marks
    text = page(view, (), {})
    assert "nan" not in re.findall(r"\b\w+\b", text.lower())
    assert view.say("league_first", alpha="0.05").replace("<", "&lt;") in text


def test_fixed_words_are_in_the_language_of_the_page(view: View) -> None:
    made = (*more_sections.comparisons(view, {}), *more_sections.impacts(view))
    for section in made:
        for sheet in section.sheets:
            for words in (sheet.caption, *sheet.head):
                plain = re.fullmatch(r"[\d–.]*", words)
                assert plain or bool(CHINESE.search(words)) == (view.language == "zh"), words
        for sentence in (*section.lead, *section.foot, *section.listed):
            assert bool(CHINESE.search(sentence)) == (view.language == "zh"), sentence


def test_adjusted_p_values_stand_beside_the_plain_ones(made: YearlyIndex, view: View) -> None:
    sheet = sheets.latest_in_full(view)
    at = sheet.head.index(view.say("p_holm"))
    figures = made.figures
    own = figures[(figures["construct"] == "Satisfaction") & (figures["year"] == "2022")]
    p = own["p_holm"].tolist()
    assert [cells[at] for cells in sheet.rows] == [
        "–" if value != value else "<0.001" if value < 0.001 else f"{value:.3f}" for value in p
    ]
    alone = figures[figures["group"] == "aurora"]
    bare = View(replace(made, figures=alone), view.language)
    assert view.say("p_holm") not in sheets.latest_in_full(bare).head


def printed(view: View) -> str:
    out = StringIO()
    show(view.yearly, Console(file=out, width=100), view.language)
    return out.getvalue()


def test_the_terminal_shows_each_table_within_its_width(made: YearlyIndex, view: View) -> None:
    text = printed(view)
    assert max(cell_len(line) for line in text.splitlines()) <= 100
    for key in ("rank_set", "part_mix", "relative_change"):
        assert view.say(key) in text
    assert text.count("0.05") >= 4  # at the index, the league, the split and the aggregates
    assert "phones" in text
    level = {"en": "margin of error at 95%", "zh": "95% 置信水平下的误差范围"}[view.language]
    assert text.count(level) == 3  # the index, the split, the aggregates
    doubtful = made.tables["leaders"].assign(note="reliability 0.64 is below 0.7: ranks say little")
    leaders = printed(View(replace(made, tables={**made.tables, "leaders": doubtful})))
    assert leaders.count("ranks say little") == 1  # of the last year only
    assert "Networks" in text
    bare = printed(View(replace(made, tables={}), view.language))
    assert view.say("rank_set") not in bare


def test_the_terminal_cuts_long_tables_and_keeps_the_total(
    made: YearlyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_more, "_ROWS", 2)
    text = printed(View(made))
    assert "The first 2 of 4 rows; all are in changes.csv." in text
    assert "All groups together" in text
    assert "The first 2 of 3 rows; all are in ranks.csv." in text


def method_of(yearly: YearlyIndex, language: str) -> dict[str, str]:
    view = View(yearly, language)  # type: ignore[arg-type]
    return {view.say(key): words for key, words in method_parts(view).items()}


def test_the_method_knows_every_part_of_a_design(made: YearlyIndex) -> None:
    book = replace(
        made.codebook,
        weight="w",
        stratum="s",
        fpc="N",
        replicate_weights=("r1", "r2"),
        replicates=ReplicateForm(kind="brr"),
    )
    full = replace(made, codebook=book)
    words = method_of(full, "en")["Sampling design"]
    for part in ("column w", "column s", "population sizes: column N", "2 supplied replicate"):
        assert part in words
    simple = replace(full, metric=replace(made.metric, design="simple"))
    said = method_of(simple, "en")["Sampling design"]
    assert said.startswith("weights: column w; taken for a simple random sample by choice")
    assert "column s" not in said
    assert "按设定视为简单随机样本" in method_of(simple, "zh")["抽样设计"]


@pytest.mark.parametrize("kind", ["bca", "studentised"])
def test_other_intervals_are_named_with_what_the_comparisons_have(
    made: YearlyIndex, kind: str
) -> None:
    other = replace(made, metric=replace(made.metric, interval=kind))
    words = method_of(other, "en")["Intervals"]
    assert "BCa" in words
    assert words.endswith("comparisons between years, groups and nodes: normal approximation")
    assert "comparisons" not in method_of(replace(other, tables={}), "en")["Intervals"]
    assert CHINESE.search(method_of(other, "zh")["置信区间"])


def test_two_estimators_side_by_side(view: View, made: YearlyIndex) -> None:
    """The page has both figures; the sentence has the extremes of the index in the last year."""
    sheet = change_sheets.estimators(view)
    rows = of_year(made, "estimators")
    assert len(sheet.rows) == len(rows)
    for shown, row in zip(sheet.rows, rows.to_dict("records"), strict=True):
        assert shown[2:4] == (f"{row['index']:.1f}", f"{row['other_index']:.1f}")
    own = rows[rows["construct"] == made.model.index]["difference"]
    said = more_sentences.estimators(view)[0]
    for value in (own.min(), own.max()):
        assert minus(f"{value:+.1f}").replace("+0.0", "0.0") in said
