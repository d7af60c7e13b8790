"""Phrases of the headline of leagues and nodes, of the questionnaire and of what follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

CONTENT_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        # headline: nodes above companies
        "node_is": Text(
            "{node}: {index} ± {moe} in {year}, from {there} of {all} members.",
            "{year}，{node}的指数为 {index} ± {moe}（{all} 个成员中 {there} 个有数据）。",
        ),
        "node_none": Text(
            "{node}: no figure in {year} ({why}).", "{year}，{node}没有指数（{why}）。"
        ),
        # headline: first place
        "first_alone": Text(
            "{group} is first in {year} with {index} ± {moe}, and significantly ahead of all "
            "others in the league table (p < {alpha}).",
            "{year}，{group}以 {index} ± {moe} 居首，显著高于排名表中其余各组（p < {alpha}）。",
        ),
        "first_shared": Text(
            "{group} has the highest index in {year} ({index} ± {moe}), but the survey does not "
            "tell it apart from {others}: each of them may be first.",
            "{year}，{group}的指数最高（{index} ± {moe}），但调查无法将其与{others}区分开，"
            "它们都可能居首。",
        ),
        "first_many": Text(
            "{group} has the highest index in {year} ({index} ± {moe}), but the survey does not "
            "tell it apart from {count} other groups: each of them may be first.",
            "{year}，{group}的指数最高（{index} ± {moe}），但调查无法将其与另外 {count} 个分组"
            "区分开，它们都可能居首。",
        ),
        "ranks_weak": Text(
            "Only {share} of the variance between groups is more than chance: ranks say little.",
            "组间方差中仅有 {share} 超出抽样误差，名次参考意义有限。",
        ),
        "against_best": Text("Against the best other", "与其余最高者之差"),
        "league_best": Text(
            "Against the best other: the lead over the best of the other groups, or the distance "
            "to it; in brackets its limits, which hold for all groups together.",
            "与其余最高者之差：领先其余各组最高者的幅度或与其差距；方括号内为上下限，"
            "对全部分组同时成立。",
        ),
        "as_printed": Text("As printed", "发布值"),
        # headline: largest moves
        "most_up": Text(
            "Largest rise beyond chance: {group}, {change} points since {before} "
            "({interval}){after}.",
            "超出抽样误差的最大升幅：{group}，较{before}变化 {change} 分（{interval}）{after}。",
        ),
        "most_down": Text(
            "Largest fall beyond chance: {group}, {change} points since {before} "
            "({interval}){after}.",
            "超出抽样误差的最大降幅：{group}，较{before}变化 {change} 分（{interval}）{after}。",
        ),
        "after_all": Text(
            "; it holds when all changes are tested at once (Holm)",
            "；同时检验全部变化（Holm 校正）后仍然显著",
        ),
        "not_after_all": Text(
            "; tested by itself it is larger than chance, but not when all changes are tested "
            "at once (Holm)",
            "；单独检验时超出抽样误差，但同时检验全部变化（Holm 校正）后不显著",
        ),
        "most_of": Text(
            " Its move was not tested against those of other groups.",
            "该变化未与其他分组的变化作比较检验。",
        ),
        "none_moved": Text(
            "No group rose or fell by more than chance explains since {before}.",
            "与{before}相比，没有分组的变化超出抽样误差。",
        ),
        # complaints and loyalty
        "outcomes": Text("What follows: {names}", "满意之后：{names}"),
        "outcomes_lead": Text(
            "In the model these follow from {index}. Figures are on the same scale of 0 to 100.",
            "模型中，以下潜变量是{index}的结果，指数同为 0–100 分。",
        ),
        "outcome_rate": Text(
            "{construct} rests on one question with two answers, so its figure is the share of "
            "“{word}” in per cent.",
            "{construct}只有一道两个选项的题目，其指数即回答“{word}”者所占的百分比。",
        ),
        "outcome_asked_if": Text(
            "{item} was asked only of those who answered {other} with {low} to {high}: {n} answers "
            "in {year}.",
            "{item}仅询问对{other}回答 {low} 至 {high} 的受访者：{year}有 {n} 个回答。",
        ),
        "outcome_effect": Text(
            "{group}: {rise} points more {source} go with {impact} points {target} ({interval}).",
            "{group}：{source}高 {rise} 分，{target}相应变化 {impact} 分（{interval}）。",
        ),
        "outcome_effect_all": Text(
            "{rise} points more {source} go with {impact} points {target} ({interval}).",
            "{source}高 {rise} 分，{target}相应变化 {impact} 分（{interval}）。",
        ),
        "outcome_no_effect": Text("no more than chance explains", "在抽样误差范围之内"),
        "outcome_causes": Text(
            "These are differences between respondents as the model has them, and no proof that "
            "raising the one moves the other.",
            "这是模型中受访者之间的差异，不能证明提高前者就会改变后者。",
        ),
        "cap_outcomes": Text("Index and change, {year}", "{year}指数及变化"),
        "cap_outcomes_by_year": Text(
            "Over the years: index ± margin of error", "历年：指数 ± 误差范围"
        ),
        "cap_outcome_effects": Text(
            "What {rise} points more {source} go with, {year}", "{year}{source}高 {rise} 分时的差异"
        ),
        "cap_top_answers": Text("Share of high answers, {year}", "{year}高分回答的比例"),
        "high_answers": Text("High answers", "高分回答"),
        "share_of_answers": Text("Share", "比例"),
        "outcome_words": Text(
            "Change: against the year compared with; * larger than chance explains (p < {alpha}, "
            "each tested by itself). In brackets: {level} interval.",
            "变化为与对比年份之差；* 超出抽样误差（p < {alpha}，逐个检验）。"
            "方括号内为 {level} 置信区间。",
        ),
        # questionnaire
        "questionnaire": Text("Questionnaire", "问卷"),
        "q_lead": Text(
            "The questions in the order of the constructs they measure, as the codebook words "
            "them. Answers counted are those of {year}.",
            "按所测潜变量排列，题目文字以编码本为准；有效回答数为{year}的数字。",
        ),
        "q_no_wording": Text(
            "The codebook gives no wording of {count} of {all} items: their labels stand here.",
            "编码本中 {all} 道题目有 {count} 道没有题目原文，此处以标签代替。",
        ),
        "cap_questionnaire": Text("Questions of the model", "模型所用题目"),
        "cap_other_questions": Text("Questions outside the model", "模型之外的题目"),
        "q_answers": Text("Answers", "有效回答"),
        "q_scale": Text("Answer scale", "答案量表"),
        "q_codes": Text("Not answers", "非有效代码"),
        "q_remark": Text("Remark", "说明"),
        "q_reversed": Text(
            "turned round: {low} is the best answer in the file",
            "反向计分：原文件中 {low} 为最佳",
        ),
        "q_asked_if": Text(
            "asked if {other} is {low} to {high}", "仅当 {other} 为 {low} 至 {high} 时询问"
        ),
        "q_not_counted": Text("also part of {names}", "同时属于{names}"),
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
