"""Phrases of the Excel and PowerPoint files and of the data package; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report.slide_words import SLIDE_PHRASES
from csi.text import Text

OFFICE_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        # data package
        "d_package": Text(
            "Tables of a satisfaction index: figures, model, weights and what was left out. "
            "Numbers have full precision; an empty cell is a missing value.",
            "满意度指数数据表：指数、模型、权重及未纳入计算的数据。数值为完整精度，空单元格表示缺失值。",
        ),
        "d_machine": Text(
            "`datapackage.json` describes the files for programs (columns, types, units, keys, "
            "hashes); `tables.schema.json` is the JSON Schema of the JSON files.",
            "`datapackage.json` 供程序读取（列、类型、单位、主键、哈希值）；"
            "`tables.schema.json` 为 JSON 文件的 JSON Schema。",
        ),
        # Excel
        "x_contents": Text("Contents", "目录"),
        "x_columns": Text("Columns", "列说明"),
        "x_charts": Text("Charts", "图表"),
        "x_about": Text(
            "All tables of the report, one a sheet, one figure a cell. Cells hold full precision "
            "and show rounded figures; an empty cell is a missing value. Columns that end in "
            "_label repeat the code to their left in words.",
            "报告的全部数据表，每表一页，每格一个数值。单元格保存完整精度，显示时四舍五入；"
            "空单元格表示缺失值。以 _label 结尾的列为左侧代码的文字标签。",
        ),
        "x_sheet": Text("Sheet", "工作表"),
        "x_rows": Text("Rows", "行数"),
        "x_what": Text("What it holds", "内容"),
        "x_table": Text("Table", "数据表"),
        "x_columns_what": Text("Meaning and unit of every column", "各列的含义与单位"),
        "x_charts_what": Text("Charts that can be edited, with their data", "可编辑的图表及其数据"),
        "x_label_of": Text("`{column}` in words", "`{column}` 的文字标签"),
        "x_cut_rows": Text(
            "Sheet {name} shows the first {shown} of {all} rows, the most that Excel takes; "
            "all are in {name}.csv.",
            "工作表 {name} 仅含前 {shown} 行（共 {all} 行），已达 Excel 上限；全部见 {name}.csv。",
        ),
        "x_cut_texts": Text(
            "Sheet {name}: {count} texts longer than the {most} letters that Excel takes are cut "
            "and end in …; they are whole in {name}.csv.",
            "工作表 {name}：{count} 处文字超过 Excel 上限 {most} 个字符，已截断并以 … 结尾；"
            "全文见 {name}.csv。",
        ),
        "x_chart_data": Text(
            "Data of the charts; each cell refers to its table",
            "图表数据；各单元格引用相应的数据表",
        ),
        "x_left_out": Text(
            "Shown: the {shown} of {all} groups with the highest index in {year}. Not shown: "
            "{names}. All are in sheet index.",
            "仅显示{year}指数最高的 {shown} 个分组（共 {all} 个）。未显示：{names}。"
            "全部见工作表 index。",
        ),
        "x_no_figure": Text("Without a figure in {year}: {names}.", "{year}无数据：{names}。"),
        "chart_latest": Text("{index} by group, {year}", "{year}各组{index}"),
        "chart_constructs_year": Text("Index of each construct, {year}", "{year}各潜变量指数"),
        # titles of the tables
        "table_index": Text(
            "Index figures of every year, group and construct", "各年各组各潜变量的指数"
        ),
        "table_paths": Text("Path coefficients", "路径系数"),
        "table_effects": Text("Direct, indirect and total effects", "直接、间接效应与总效应"),
        "table_weights": Text("Weights and loadings of the items", "题目权重与载荷"),
        "table_quality": Text("Explained variance and reliability", "解释方差与信度"),
        "table_fits": Text("How each fit ended", "各模型的估计结果"),
        "table_items": Text("Items asked, answers that count", "所问题目及有效回答数"),
        "table_missing": Text("Missing answers by reason", "缺失答案及原因"),
        "table_excluded": Text("Respondents left out as a whole", "整份剔除的受访者"),
        "table_impacts": Text(
            "Impacts: what a rise of a construct does to others",
            "影响力：潜变量提高后其他潜变量的变化",
        ),
        "table_map": Text("Importance and performance", "重要性与绩效"),
        "table_ranks": Text("League tables with rank sets", "排名及名次区间"),
        "table_leaders": Text("Leaders over the years", "历年首位"),
        "table_changes": Text("Parts of the changes", "指数变化的构成"),
        "table_contributions": Text("Changes by construct", "各潜变量对指数变化的贡献"),
        "table_rebasing": Text(
            "The index under weights of other years", "以其他年份权重计算的指数"
        ),
        "table_aggregates": Text("Nodes above the companies", "公司以上各级汇总"),
        "table_estimators": Text("The index by two estimators", "两种估计方法的指数"),
        "table_comparability": Text("What may be compared", "可比性"),
        "table_verdicts": Text("Verdicts on the model", "对模型的评价"),
        "table_other": Text("Further table", "其他数据表"),
        **SLIDE_PHRASES,
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
