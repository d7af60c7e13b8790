"""What the columns of the distributions of answers and scores mean."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report import column as c
from csi.report.column import Column, column

_LIMITS = {
    "lower": column(
        "Lower end of the interval of the share, at least 0 (Korn and Graubard)",
        "比例的置信区间下限，不低于 0（Korn–Graubard 法）",
        c.SHARE,
    ),
    "upper": column(
        "Upper end of the interval of the share, at most 1",
        "比例的置信区间上限，不高于 1",
        c.SHARE,
    ),
}

_EFFECTIVE = column(
    "Effective number of the same respondents, (sum of weights)² / sum of squared weights",
    "上述受访者的有效样本量：权重和的平方除以权重平方和",
    c.PERSONS,
)

_ANSWERED = {
    "n": column("Respondents with an answer to the item", "回答了该题的受访者数", c.PERSONS),
    "n_effective": _EFFECTIVE,
    "asked": column("Respondents to whom the question was put", "被问到该题的受访者数", c.PERSONS),
    "missing": column(
        "Of those asked, respondents without an answer", "被问到但没有有效回答的受访者数", c.PERSONS
    ),
    "not_asked": column(
        "Respondents who were not asked, or to whom the question did not apply",
        "未被问到或该题不适用的受访者数",
        c.PERSONS,
    ),
    "missing_share": column(
        "Weighted share of those asked who gave no answer",
        "被问到的受访者中没有有效回答的加权比例",
        c.SHARE,
    ),
    "note": c.NOTE,
}

_ANSWERS = {
    "year": c.YEAR,
    "group": c.GROUP,
    "item": c.ITEM,
    "answer": column(
        "Point of the answer scale; reversed items are turned round",
        "答案的分值；反向题已反向计分",
        c.PURE,
    ),
    "share": column(
        "Weighted share of the answers that are this point; empty where not published (see `note`)",
        "选择该分值的加权比例；不发布时为空（见 `note`）",
        c.SHARE,
    ),
    "se": column("Standard error of the share", "比例的标准误", c.SHARE),
    **_LIMITS,
    "count": column(
        "Respondents who chose the point, unweighted", "选择该分值的人数（未加权）", c.PERSONS
    ),
    **_ANSWERED,
}

_PARTS = {
    "year": c.YEAR,
    "group": c.GROUP,
    "item": c.ITEM,
    "part": column(
        "Part of the answer scale: low, middle, high (of ten points 1-4, 5-7, 8-10; "
        "of five 1-2, 3, 4-5)",
        "量表分段：low 低分、middle 中间、high 高分（10 分制为 1–4、5–7、8–10；"
        "5 分制为 1–2、3、4–5）",
        c.TEXT,
    ),
    "least": column("Lowest point of the part", "该段的最低分值", c.PURE),
    "most": column("Highest point of the part", "该段的最高分值", c.PURE),
    "share": column(
        "Weighted share of the answers in the part; empty where not published (see `note`)",
        "落在该段的加权比例；不发布时为空（见 `note`）",
        c.SHARE,
    ),
    "se": column("Standard error of the share", "比例的标准误", c.SHARE),
    **_LIMITS,
    "count": column("Respondents in the part, unweighted", "落在该段的人数（未加权）", c.PERSONS),
    **_ANSWERED,
}

_SCORED = column(
    "Respondents with a score: with an answer to all items of the construct",
    "有得分的受访者数：回答了该潜变量的全部题目",
    c.PERSONS,
)
_WITHOUT = column(
    "Respondents without a score: an item not answered, or no weights in their group",
    "没有得分的受访者数：有题目未回答，或所在分组没有题目权重",
    c.PERSONS,
)

_SCORE_SHARES = {
    "year": c.YEAR,
    "group": c.GROUP,
    "construct": c.CONSTRUCT,
    "least": column("Lower edge of the band, which is in it", "区间下端（含）", c.POINTS),
    "below": column(
        "Upper edge of the band, which is in the next; the last band holds 100",
        "区间上端（不含）；最后一个区间包含 100",
        c.POINTS,
    ),
    "share": column(
        "Weighted share of the respondents with a score whose score lies in the band; empty where "
        "not published (see `note`)",
        "有得分的受访者中得分落在该区间的加权比例；不发布时为空（见 `note`）",
        c.SHARE,
    ),
    "se": column("Standard error of the share", "比例的标准误", c.SHARE),
    **_LIMITS,
    "count": column("Respondents in the band, unweighted", "落在该区间的人数（未加权）", c.PERSONS),
    "n": _SCORED,
    "n_effective": _EFFECTIVE,
    "without_score": _WITHOUT,
    "note": c.NOTE,
}

_SCORE_SUMMARY = {
    "year": c.YEAR,
    "group": c.GROUP,
    "construct": c.CONSTRUCT,
    "mean": column(
        "Weighted mean of the scores; differs from the index where answers are missing",
        "得分的加权均值；有缺失回答时与指数略有不同",
        c.POINTS,
    ),
    "se": column(
        "Standard error of the mean, item weights taken as known",
        "均值的标准误（题目权重视为已知）",
        c.POINTS,
    ),
    "moe": column(
        "Margin of error of the mean at the confidence level",
        "给定置信水平下均值的误差范围",
        c.POINTS,
    ),
    "lower": c.LOWER_POINTS,
    "upper": c.UPPER_POINTS,
    "sd": column("Weighted standard deviation of the scores", "得分的加权标准差", c.POINTS),
    "q1": column(
        "First quartile: lowest score with a quarter of the weight at or below it",
        "第一四分位数：不高于该得分的权重达到四分之一的最低得分",
        c.POINTS,
    ),
    "median": column("Median, in the same way", "中位数（算法同上）", c.POINTS),
    "q3": column("Third quartile, in the same way", "第三四分位数（算法同上）", c.POINTS),
    "n": _SCORED,
    "n_effective": _EFFECTIVE,
    "without_score": _WITHOUT,
    "without_share": column(
        "Their weighted share of all respondents", "其占全部受访者的加权比例", c.SHARE
    ),
    "note": c.NOTE,
}

ANSWER_COLUMNS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "answers": _ANSWERS,
        "answer_parts": _PARTS,
        "score_shares": _SCORE_SHARES,
        "score_summary": _SCORE_SUMMARY,
    }
)
"""Column descriptions by table and column, as `csi.report.columns.COLUMNS`."""
