"""Notes of the design and of the further tables in Chinese, beside `csi.report.note_words`."""

from __future__ import annotations

from csi.text import Text

MORE_SENTENCES: tuple[Text, ...] = (
    Text(
        "Rows of {file} for {years} are not used: the survey has no such period.",
        "{file} 中 {years} 的行未使用：调查没有这些时期。",
    ),
    # of covariance fits
    Text(
        "the error variance of {item} is negative ({value}): the solution is inadmissible; look at "
        "the item, or keep variances at zero with admissible=True",
        "{item} 的误差方差为负（{value}），解不合理；请检查该题目，"
        "或设 admissible=True 将方差限制为非负",
    ),
    Text(
        "the variance of {name} that its causes leave is negative ({value}): the solution is "
        "inadmissible; look at its items and causes",
        "{name} 未被解释的方差为负（{value}），解不合理；请检查其题目与前因",
    ),
    Text(
        "the correlation of {first} and {second} is {value}, above one: they cannot be told apart; "
        "make one construct of them, or fit by PLS",
        "{first} 与 {second} 的相关系数为 {value}，大于 1，二者无法区分；"
        "请合并为一个潜变量，或改用 PLS",
    ),
    Text(
        "{first} and {second} can hardly be told apart (correlation {value}, standard error "
        "{error}): make one construct of them, or leave out a path from one",
        "{first} 与 {second} 几乎无法区分（相关系数 {value}，标准误 {error}）；"
        "请合并为一个潜变量，或删去其中一个的路径",
    ),
    Text(
        "the path {start} -> {end} ({value} standardised) cannot be read: the other causes say "
        "nearly the same as its source (variance inflation {inflation}); leave out a path, or make "
        "one construct of those that are alike",
        "路径 {start} → {end}（标准化系数 {value}）无法解读：其他前因与该路径的起点几乎相同"
        "（方差膨胀因子 {inflation}）；请删去一条路径，或合并相近的潜变量",
    ),
    # of the estimator
    Text(
        "no error: the delta method is too coarse for two estimators; take bootstrap or gaussian",
        "无误差：delta 法不足以比较两种估计方法，请改用 bootstrap 或 gaussian",
    ),
    Text("no figure by one of the estimators", "其中一种估计方法没有指数"),
    Text("covariance fit, maximum likelihood", "协方差结构模型，极大似然法"),
    # of the design
    Text(
        "nobody answered in {years}, which design.unweighted names",
        "{years}没有受访者，但编码本 design.unweighted 列有该期",
    ),
    Text(
        "finite population ({name}): {span} of the units were sampled",
        "有限总体（{name}）：抽样单位的抽样比为 {span}",
    ),
    Text(
        "supplied replicate weights: {n} ({kind}), around the {center}",
        "数据自带复制权重 {n} 组（{kind}），离差以{center}为中心",
    ),
    Text("weights were raked to {names}", "权重已按 {names} 的总体边际分布作迭代比例调整"),
    Text(
        "weights were raked to {names} within {keys}",
        "权重已在各 {keys} 内按 {names} 的总体边际分布作迭代比例调整",
    ),
    Text(
        "bootstrap replicate weights: {n}, seed {seed}",
        "自助法复制权重 {n} 组，随机种子 {seed}",
    ),
    Text("Errors are from the supplied replicate weights.", "误差由数据自带的复制权重得出。"),
    Text(
        "Supplied replicate weights are not used: errors are from {method}.",
        "未使用数据自带的复制权重，误差由{method}得出。",
    ),
    Text(
        "Columns of {file} that are not used: {names}.",
        "{file} 中未使用的列：{names}。",
    ),
    # how replicates are made
    Text(
        "jackknife, {n} groups of {units}, seed {seed}",
        "{units}的刀切法，随机分为 {n} 组、逐组剔除，随机种子 {seed}",
    ),
    Text(
        "jackknife, each of {n} {units} left out in turn",
        "{units}的刀切法，{n} 个抽样单位逐个剔除",
    ),
    Text("balanced half samples of {units}, {n} replicates", "{units}的平衡半样本法，复制 {n} 次"),
    Text(
        "balanced half samples of {units}, {n} replicates, Fay's coefficient {fay}",
        "{units}的平衡半样本法，复制 {n} 次，Fay 系数 {fay}",
    ),
    Text("{n} supplied replicate weights ({kind})", "数据自带复制权重 {n} 组（{kind}）"),
    Text("linearisation (delta method), no replicates", "线性化法（delta 法），不作复制"),
    Text(
        "Gaussian draws of moments, {draws} draws, seed {seed}",
        "矩的正态分布抽样，{draws} 次，随机种子 {seed}",
    ),
    # of league tables
    Text("small base: n = {n} is below {least}", "样本偏小：样本量 {n} 少于 {least}"),
    Text("no rank: no standard error", "不参与排名：无标准误"),
    Text(
        "reliability {size} is below {least}: ranks say little",
        "信度 {size} 低于 {least}：名次参考意义有限",
    ),
    Text("one company: no league", "仅有一家，无法排名"),
    Text("no company with a figure and an error", "没有一家同时具备指数和误差"),
    Text(
        "suppressed: n = {n} in {period} is below {least}",
        "{period}样本量 {n} 少于 {least}，不发布",
    ),
    # of changes and re-basing
    Text("no change: {problem}", "无变化数据：{problem}"),
    Text("n = {n} in {period} is below {least}", "{period}样本量 {n} 少于 {least}"),
    Text("no respondents in {period}", "{period}没有受访者"),
    Text("not measured in {period}", "{period}未测量"),
    Text("{name} has no index: see the index table", "{name}没有指数：见指数表"),
    Text(
        "no effect: a path of the model is missing in this period",
        "无法计算影响：模型的某条路径在该期缺失",
    ),
    Text("no figure in {period}", "{period}没有指数"),
    Text("no item in common with {period}", "与{period}没有相同的题目"),
    Text("no item in common with {period}: {groups}", "与{period}没有相同的题目：{groups}"),
    Text("items added: {names}", "新增题目：{names}"),
    Text("items added: {names} ({groups})", "新增题目：{names}（{groups}）"),
    Text("items dropped: {names}", "取消题目：{names}"),
    Text("items dropped: {names} ({groups})", "取消题目：{names}（{groups}）"),
    Text(
        "{problem}: the change of the items asked in both",
        "{problem}：变化按两期均询问的题目计算",
    ),
    Text("new in {period}: {groups}", "{period}新增：{groups}"),
    Text("not there in {period}: {groups}", "{period}已无：{groups}"),
    Text("left out of the total: {members}", "未计入合计：{members}"),
    Text(
        "no margin of error: {used} of {all} replicates can be used",
        "无误差范围：{all} 次复制中仅 {used} 次可用",
    ),
    Text("no margin of error: too few sampled units", "无误差范围：抽样单位过少"),
    Text("chain begins", "链式起点"),
    Text("chain ends: {problem}", "链式中断：{problem}"),
    Text("chained to {period}: {problem}", "与{period}相链接：{problem}"),
    Text("no figure under {weights} weights", "{weights}权重下没有指数"),
    Text("no figure under {weights} weights in {period}", "{period}在{weights}权重下没有指数"),
    # of aggregates
    Text("no figure: not in the survey", "无数据：调查中没有该公司"),
    Text("no figure in the survey", "调查中没有其指数"),
    Text("no figure: {names} without one", "无数据：{names}没有指数"),
    Text(
        "without {names} ({share} % of the weight): weights of the others renormalised",
        "未计入{names}（占权重的 {share}%），其余权重已重新归一",
    ),
    Text("weights of {period}", "权重取自{period}"),
    Text("figure of {period}", "沿用{period}的指数"),
    Text(
        "{n} of {all} companies with figures of earlier periods",
        "{all} 家公司中有 {n} 家沿用前期指数",
    ),
    Text("given figure, without error", "外部给定的指数，无误差"),
    Text("given figure", "外部给定的指数"),
    Text("no change figure: the given figure has no year", "无变化值：外部给定的指数未注明年份"),
    Text(
        "taken as unchanged, given without a year: {names}",
        "视为不变（外部给定，未注明年份）：{names}",
    ),
    Text("given figure: {names}", "外部给定的指数：{names}"),
    Text(
        "error too small: {names} given without error",
        "误差偏小：{names}的指数为外部给定且无误差",
    ),
    Text("small base: {names}", "样本偏小：{names}"),
    Text("no margin of error: {names} without one", "无误差范围：{names}没有误差范围"),
    Text("no change figure: no figure in this period", "无变化数据：本期没有指数"),
    Text(
        "no change figure: no company has a figure in {period} too",
        "无变化数据：没有一家公司在{period}也有指数",
    ),
    Text(
        "no change figure: items differ from {period}: {names}",
        "无变化数据：题目与{period}不同：{names}",
    ),
    Text(
        "no change figure: suppressed: n = {n} is below {least} in {period}",
        "无变化数据：{period}样本量 {n} 少于 {least}，未发布",
    ),
    Text(
        "companies differ: with {names}, not in {period}",
        "公司构成不同：新增{names}（{period}没有）",
    ),
    Text(
        "companies differ: with {names}, not in {period}, without {gone} of {before}",
        "公司构成不同：新增{names}（{period}没有），缺少{before}的{gone}",
    ),
    Text("companies differ: without {gone} of {before}", "公司构成不同：缺少{before}的{gone}"),
    Text("not in the table: {names} (n = {n})", "不在权重表中：{names}（样本量 {n}）"),
    Text(
        "change of {n} of {all} companies, with a figure in both periods",
        "变化基于两期均有指数的 {n} 家公司（共 {all} 家）",
    ),
)
"""Sentences as `csi.report.note_words` knows them, with the same blanks in both languages."""

MORE_WORDS = {
    "estimate": "估计值",
    "mean": "复制均值",
    "own": "各自估计的",
    "equal": "等权",
    "pooled": "合并估计的",
    "chained": "链式",
    "the bootstrap": "自助法",
    "the jackknife": "刀切法",
    "balanced half samples": "平衡半样本法",
    "balanced half samples (Fay)": "平衡半样本法（Fay）",
    "Gaussian draws of moments": "矩的正态分布抽样",
    "linearisation": "线性化法",
}
