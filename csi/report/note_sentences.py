"""Notes of a survey, its models, fits and figures in Chinese; see `csi.report.note_words`."""

from __future__ import annotations

from csi.report.answer_notes import ANSWER_SENTENCES
from csi.report.assessment_notes import ASSESSMENT_SENTENCES
from csi.report.content_notes import CONTENT_SENTENCES
from csi.report.more_notes import MORE_SENTENCES, MORE_WORDS
from csi.text import Text

SENTENCES: tuple[Text, ...] = (
    # of the survey
    Text(
        "{key}: respondents without a value: {n} ({why}); they are kept",
        "{key}：{n} 名受访者没有取值（{why}），仍予保留",
    ),
    Text(
        "no weights in {years}: each respondent there counts 1",
        "{years}无权重，每名受访者按 1 计",
    ),
    Text(
        "respondents with weight 0: {n}; they are kept but count for nothing",
        "{n} 名受访者权重为 0，予以保留，但不影响结果",
    ),
    Text("{item} was not asked in {years}", "{years}未询问 {item}"),
    Text(
        "{item}: answers by respondents who should not have been asked: {n} "
        "(asked if {other} is {low} to {high}); they are kept",
        "{item}：{n} 名受访者不符合提问条件（{other} 为 {low} 至 {high}）却作了回答，仍予保留",
    ),
    Text(
        "{item} was turned round: {low} is its best answer in the file and {high} here",
        "{item} 已反向计分：原文件以 {low} 为最佳，此处以 {high} 为最佳",
    ),
    Text(
        "cluster codes are used in more than one stratum; {n} sampled units are counted, "
        "one for each cluster of each stratum",
        "同一整群代码出现在多个层中；按各层内的整群分别计数，共 {n} 个抽样单位",
    ),
    Text("sheet {sheet} of {file} was read", "读取了 {file} 的工作表 {sheet}"),
    Text(
        "{file} was read as {encoding}, told from its text",
        "{file} 按 {encoding} 编码读取（根据内容识别）",
    ),
    Text("no answer to any item", "所有题目均未作答"),
    Text("empty row", "空行"),
    # of the model of a period
    Text(
        "{years}: not asked: {items}; left out of the model: {parts}.",
        "{years}未询问：{items}；模型中略去：{parts}。",
    ),
    Text("{years}: not asked: {items}.", "{years}未询问：{items}。"),
    Text("construct {name}: none of its items is left", "潜变量 {name}（题目均未询问）"),
    Text(
        "construct {name}: fewer than two of its parts are left",
        "潜变量 {name}（剩余的组成部分不足两个）",
    ),
    Text("construct {name}: none of its paths is left", "潜变量 {name}（已无路径）"),
    Text("path {start} -> {end}", "路径 {start} → {end}"),
    Text("{period}: no model is left to fit; no figures.", "{period}没有可估计的模型，无数据。"),
    # of fits and draws
    Text(
        "{n} respondents without a value of {group} are in no figure.",
        "{n} 名受访者没有 {group} 的取值，未计入任何数据。",
    ),
    Text("{n} respondents are left out: {problem}.", "剔除受访者 {n} 名：{problem}。"),
    Text(
        "Clusters with the same code in several periods are the same sampled units: the errors "
        "of changes allow for it.",
        "各期中代码相同的整群视为同一抽样单位，变化的误差已考虑这一点。",
    ),
    Text(
        "Missing answers to the items asked: {gone} of {all}; treated by {how}; "
        "respondents used: {n}.",
        "已询问题目的缺失回答：{all} 个中缺 {gone} 个；处理方法：{how}；使用受访者 {n} 名。",
    ),
    Text("{where}: not fitted: {problem}.", "{where}：未能估计：{problem}。"),
    Text(
        "{where}: {lost} of {draws} draws left out: {a} not converged, {b} degenerate.",
        "{where}：{draws} 次抽样中剔除 {lost} 次，其中未收敛 {a} 次，退化 {b} 次。",
    ),
    Text(
        "{where}: {n} strata with a single unit are merged.",
        "{where}：{n} 个仅有一个抽样单位的层已合并。",
    ),
    Text(
        "Inadmissible draws (a negative weight, say), kept in the errors, of {draws}: {where}.",
        "{draws} 次抽样中解不合理（如出现负权重）、但仍计入误差的次数：{where}。",
    ),
    # of comparability
    Text(
        "Figures of different {key} are compared on the assumption that the constructs mean the "
        "same in each; comparability was not tested (test it with csi assess SURVEY --by {name}).",
        "比较不同 {key} 的结果时，假定各潜变量在其间含义相同；可比性未经检验"
        "（可用 csi assess SURVEY --by {name} 检验）。",
    ),
    Text(
        "A hint, no test: scores by the item weights of successive periods correlate {c} or more "
        "(lowest: {where}, {before} and {period}).",
        "仅供参考，并非检验：用相邻两期的题目权重计算的得分，相关系数不低于 {c}"
        "（最低：{where}，{before}与{period}）。",
    ),
    Text(
        "Comparability over {key}: tested by MICOM, all constructs are formed alike.",
        "{key} 间的可比性：经 MICOM 检验，各潜变量的构成方式一致。",
    ),
    Text(
        "Comparability over {key}: tested by MICOM, not comparable: {names}.",
        "{key} 间的可比性：经 MICOM 检验，以下潜变量不可比：{names}。",
    ),
    Text(
        "Comparability over {key}: MICOM could not be carried out for {names}.",
        "{key} 间的可比性：以下潜变量无法进行 MICOM 检验：{names}。",
    ),
    Text(
        "Comparability over {key}: tested by covariance fits, {name}: levels may be compared.",
        "{key} 间的可比性：经协方差结构模型检验（{name}），水平可以比较。",
    ),
    Text(
        "Comparability over {key}: tested by covariance fits, {name}: levels may not be compared.",
        "{key} 间的可比性：经协方差结构模型检验（{name}），水平不可比较。",
    ),
    Text(
        "Comparability of {n} groups: each was compared with the others together, not pair by "
        "pair.",
        "{n} 个分组的可比性：每组与其余各组合并后比较，而非两两比较。",
    ),
    # of single figures
    Text("not measured: {items} not asked", "未测量：未询问 {items}"),
    Text(
        "not in the model of this period: none of its paths is left",
        "本期模型不含该潜变量：已无路径",
    ),
    Text(
        "not in the model of this period: fewer than two of its parts are left",
        "本期模型不含该潜变量：剩余的组成部分不足两个",
    ),
    Text("no margin of error: one sampled unit", "无误差范围：仅有一个抽样单位"),
    Text("unweighted", "无权重"),
    Text(
        "small base: weights leave an effective n of {n}",
        "样本偏小：加权后有效样本量仅 {n}",
    ),
    Text(
        "no margin of error: weights are not steady (negative ones outweigh in {bad} of {draws} "
        "draws); take equal or pooled weights",
        "无误差范围：权重不稳定（{draws} 次抽样中有 {bad} 次负权重过大），"
        "请改用等权或合并估计的权重",
    ),
    Text(
        "errors without {bad} of {draws} draws: negative weights outweigh in them",
        "误差未计入 {draws} 次抽样中的 {bad} 次（其中负权重过大）",
    ),
    Text("no test of the change: no margin in this period", "变化未检验：本期无误差范围"),
    Text("no test of the change: no margin in {period}", "变化未检验：{period}无误差范围"),
    Text("errors from {used} of {draws} draws", "误差由 {draws} 次抽样中的 {used} 次得出"),
    Text("weights of {period}: {kind}", "{period}的权重：{kind}"),
    Text("no change figure: no respondents in {period}", "无变化数据：{period}没有受访者"),
    Text("no change figure: not measured in {period}", "无变化数据：{period}未测量"),
    Text("no change figure: items differ from {period}", "无变化数据：题目与{period}不同"),
    Text("no change figure: suppressed in {period}", "无变化数据：{period}样本量过小，未发布"),
    Text("no change figure: no figure in {period}", "无变化数据：{period}没有指数"),
    Text("suppressed: n = {n} is below {least}", "样本量 {n} 少于 {least}，不发布"),
    Text(
        "negative weight of {items}: no index; "
        "look at the item, or take equal, pooled or frozen weights",
        "{items} 的权重为负，不计算指数；请检查该题目，或改用等权、合并估计或固定的权重",
    ),
    Text("no respondents in {period} to take weights from", "{period}没有受访者，无法取得权重"),
    Text("no group could be fitted to pool its weights", "没有分组可用于合并估计权重"),
    Text("no weights from {period}: {problem}", "无法取得{period}的权重：{problem}"),
    # of groups that could not be fitted
    Text("no model is left: items not asked", "没有可估计的模型：题目未询问"),
    Text("degenerate: no finite solution", "退化：无有限解"),
    Text(
        "not converged: weights still move by {size} after {steps} steps",
        "未收敛：迭代 {steps} 次后权重仍变动 {size}",
    ),
    Text(
        "EM had not settled after {steps} steps (two items may say the same, or too few "
        "answered both)",
        "EM 算法迭代 {steps} 次后仍未收敛（可能有两道题目重复，或同时作答的人过少）",
    ),
    Text(
        "too few answers: {n} respondents with all answers for {p} items",
        "样本过少：{p} 道题目仅有 {n} 名受访者全部作答",
    ),
    Text("too few answers: {n} respondents for {p} items", "样本过少：{p} 道题目仅有 {n} 名受访者"),
    Text("too few answers to {items}", "{items} 的有效回答过少"),
    Text("too few respondents answered both {items}", "同时回答以下两题的受访者过少：{items}"),
    Text(
        "correlations are not positive definite (smallest eigenvalue {least}): the same answers "
        "to {items}",
        "相关矩阵非正定（最小特征值 {least}）：以下题目的回答完全一致：{items}",
    ),
    Text(
        "correlations are not positive definite (smallest eigenvalue {least})",
        "相关矩阵非正定（最小特征值 {least}）",
    ),
    Text("all gave the same answer to {items}", "所有受访者对 {items} 的回答相同"),
    # of the method
    Text(
        "{estimator}, {scheme} scheme, {kind} items, repeated indicators",
        "{estimator}，{scheme}，{kind}，高阶潜变量采用重复指标法",
    ),
    Text(
        "{estimator}, {scheme} scheme, {kind} items, two stages ({stages})",
        "{estimator}，{scheme}，{kind}，高阶潜变量采用两阶段法（{stages}）",
    ),
    Text("{estimator}, {scheme} scheme, {kind} items", "{estimator}，{scheme}，{kind}"),
    Text(
        "bootstrap of {units} (Rao-Wu), {draws} draws, seed {seed}",
        "{units}的自助法（Rao-Wu），{draws} 次，随机种子 {seed}",
    ),
    *MORE_SENTENCES,
    *CONTENT_SENTENCES,
    *ASSESSMENT_SENTENCES,
    *ANSWER_SENTENCES,
)
"""All sentences, with the same blanks in both languages."""

WORDS = {
    "no_answer": "未作答",
    "dont_know": "不知道",
    "refused": "拒绝回答",
    "not_asked": "未询问",
    "not_applicable": "不适用",
    "path": "路径加权方案",
    "centroid": "重心加权方案",
    "factorial": "因子加权方案",
    "standardised": "题目标准化",
    "raw": "题目仅中心化",
    "disjoint": "分离式",
    "embedded": "嵌入式",
    "respondents": "按受访者",
    "respondents within strata": "分层按受访者",
    "clusters": "按整群",
    "clusters within strata": "分层按整群",
    "the survey": "全部调查",
    "maximum likelihood (EM)": "最大似然估计（EM）",
    "pairs of items by their own cases": "按题目两两有效个案",
    "respondents with all answers only": "仅用回答完整的受访者",
    **MORE_WORDS,
}
"""Words that stand in blanks."""
