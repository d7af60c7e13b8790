"""The sentences about hidden groups, in both languages."""

from __future__ import annotations

from csi.text import Text

ONE = Text(
    "The criteria see no hidden groups: one set of paths describes all {n} respondents ({rule}).",
    "各准则均未发现隐藏群体：一组路径系数即可描述全部{n}名受访者（{rule}）。",
)
SEVERAL = Text(
    "The criteria indicate {k} hidden groups whose paths differ ({rule}). What the model says of "
    "all respondents together is then an average over different customers: find out who they are "
    "before acting on it.",
    "各准则提示存在{k}个路径系数不同的隐藏群体（{rule}）。此时总体模型的结论只是不同顾客的平均情形："
    "在据此行动之前，请先弄清各群体由哪些顾客构成。",
)
DISAGREE = Text(
    "The criteria disagree about the number of hidden groups: {all}. {k} is a cautious choice, no "
    "finding; compare the solutions and keep the one that can be explained.",
    "各准则对隐藏群体个数的判断不一致：{all}。取{k}个只是谨慎的选择，并非结论；"
    "请比较各个解，保留能够解释的那一个。",
)
NONE = Text(
    "No number of hidden groups could be settled on: {rule}.",
    "无法确定隐藏群体的个数：{rule}。",
)
APART = Text(
    "The {k} groups can be told apart (normed entropy {en}): most respondents belong to one of "
    "them with high probability.",
    "{k}个群体区分清楚（标准化熵{en}）：多数受访者以较高的概率属于其中某一群体。",
)
BLURRED = Text(
    "The {k} groups overlap (normed entropy {en}, below {limit}): who belongs to which is "
    "uncertain, so figures by group say little and no single customer should be treated by group.",
    "{k}个群体相互重叠（标准化熵{en}，低于{limit}）：受访者的归属不确定，分群体的数字意义不大，"
    "也不应据此区别对待单个顾客。",
)
FOUND_ALONE = Text(
    "Only one of {starts} searches found the best solution with {k} groups: there may be a better "
    "one. Search again with more starts.",
    "{starts}次搜索中只有一次找到{k}个群体的最优解：可能还有更好的解，请增加起始点后重新搜索。",
)
FOUND_OFTEN = Text(
    "{reached} of {starts} searches ended at the same best solution with {k} groups.",
    "{starts}次搜索中有{reached}次得到相同的{k}个群体的最优解。",
)
UNSETTLED = Text(
    "The best solution with {k} groups had not settled: raise the limit of steps before using it.",
    "{k}个群体的最优解尚未收敛：请提高迭代上限后再使用。",
)
DEGENERATE = Text(
    "With {k} groups {floored} of {starts} searches ended in a group of hardly any variance and "
    "{empty} in an empty group; they were set aside. Many of them are a sign of equal answers "
    "(straight-lining, answers at the end of the scale) or of too many groups.",
    "分为{k}个群体时，{starts}次搜索中有{floored}次得到几乎没有变异的群体，{empty}次得到空群体，"
    "均已剔除。这类情形较多，往往说明存在千篇一律的回答（直线作答、集中于量表端点）或群体个数过多。",
)
TOO_SMALL = Text(
    "Solutions with {ks} groups were not considered ({why}).",
    "未考虑{ks}个群体的解（{why}）。",
)
LEFT_OUT = Text(
    "{away} of {asked} respondents ({share}) were left out because an answer is missing; the paths "
    "of those who remain differ from those of all by at most {shift}.",
    "{asked}名受访者中有{away}名（{share}）因有缺失回答而未纳入；其余受访者的路径系数与全体相比，"
    "差异最大为{shift}。",
)
NOT_REAL = Text(
    "Groups are found in any survey, also where there are none. {advice}",
    "任何调查都能分出群体，即使实际上并不存在。{advice}",
)
TEST_FIRST = Text(
    "Believe in these only if the test of homogeneity finds more than chance.",
    "只有同质性检验表明其优于偶然情形时，才可采信这些群体。",
)
TEST_NO_POS = Text(
    "Climbing raises R2 by itself; believe in groups only where FIMIX-PLS and its test indicate "
    "them and a second survey finds them again.",
    "爬山搜索本身就会抬高R²；只有在FIMIX-PLS及其检验也提示存在群体、并在另一次调查中再次出现时，"
    "才可采信。",
)
REAL = Text(
    "Two groups fit better than chance would have it (p = {p}): in {used} samples in which all "
    "respondents have the same paths the gain was hardly ever as large.",
    "两个群体的拟合优于偶然情形（p = {p}）：在{used}个全体受访者路径系数相同的模拟样本中，"
    "几乎没有出现这样大的改善。",
)
CHANCE = Text(
    "Two groups fit no better than chance would have it (p = {p}, from {used} samples in which all "
    "respondents have the same paths): keep one model for all. Groups that overlap widely can "
    "escape this test.",
    "两个群体的拟合并不优于偶然情形（p = {p}，基于{used}个全体受访者路径系数相同的模拟样本）："
    "请对全体使用同一个模型。相互重叠较大的群体可能检验不出。",
)
UNTESTED = Text(
    "Whether two groups fit better than chance could not be tested: the search came to an end in "
    "{used} of {drawn} samples in which all respondents have the same paths, and {least} are the "
    "least. Take more respondents, or fewer constructs, before any group is believed.",
    "无法检验两个群体的拟合是否优于偶然情形：在{drawn}个全体受访者路径系数相同的模拟样本中，"
    "仅有{used}个得到解，而至少需要{least}个。请先增加受访者或减少潜变量，再考虑任何群体划分。",
)
CLIMBED = Text(
    "{k} groups with models of their own explain {after} of the variance instead of {before} "
    "(mean R2 of {what}).",
    "为{k}个群体分别建模后，解释的方差由{before}升至{after}（{what}的平均R²）。",
)
ALL_ENDOGENOUS = Text("all explained constructs", "全部内生构念")
NOT_CLIMBED = Text(
    "The search for {k} groups stopped at the limit of {rounds} rounds: raise it.",
    "{k}个群体的搜索在达到{rounds}轮上限时停止：请提高上限。",
)
EXPLAINED = Text(
    "{key} goes along with the hidden groups (Cramer's V {v}, p {p}): comparing its groups openly "
    "may stand in for the hidden ones.",
    "{key}与隐藏群体相关（Cramér V系数{v}，p {p}）：可直接比较该变量的各组，以代替隐藏群体。",
)
NOT_EXPLAINED = Text(
    "No group column of the survey explains the hidden groups (the strongest is {key}, Cramer's V "
    "{v}): they cannot be addressed without asking more about the customers.",
    "调查中没有任何分组变量能解释隐藏群体（关联最强的是{key}，Cramér V系数{v}）："
    "若不进一步了解顾客，就无法针对这些群体采取措施。",
)
NO_KEYS = Text(
    "The survey has no group column to describe the hidden groups by.",
    "调查中没有可用于描述隐藏群体的分组变量。",
)
TOO_NARROW = Text(
    "Margins of error by hidden group take the groups as given. They were found in the same "
    "answers, so the true margins are wider and differences between groups are overstated.",
    "分隐藏群体的误差范围以群体划分已知为前提；而群体正是由同一批回答得出的，"
    "因此真实误差更大，群体之间的差异被高估。",
)
UNKNOWN = Text("an unknown amount", "未知")
REASONS = {
    "every start ended with an empty segment": "所有起始点均得到空群体",
    "every start ended with a segment of no variance": "所有起始点均得到没有变异的群体",
    "segments too small": "个群体过小",
    "segment too small": "个群体过小",
}
"""Why a number of groups is not considered, in Chinese; a count may stand before it."""
RULES = {
    "AIC3 and CAIC agree": Text("AIC3 and CAIC agree", "AIC3与CAIC一致"),
    "AIC4 and BIC agree": Text("AIC4 and BIC agree", "AIC4与BIC一致"),
    "smaller of AIC4 and BIC": Text("smaller of AIC4 and BIC", "取AIC4与BIC中较小者"),
    "no solution can be used": Text("no solution can be used", "没有可用的解"),
    "as told": Text("as told", "按指定"),
}
"""How the number was chosen, by the word that is stored."""
