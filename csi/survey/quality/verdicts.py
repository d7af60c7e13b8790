"""What the quality of the answers means, in plain sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pandas as pd

from csi.survey.quality.options import FLAGS, SOURCES, Flag
from csi.survey.quality.result import AnswerQuality
from csi.survey.quality.tables import FLAGGED
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

MANY = 0.10
"""Share of careless respondents from which figures should be read twice: what
[meade2012identifying] found among students who had to answer."""

_FLAGGED = Text(
    "{count} of {n} respondents ({share}, weighted) show {least} or more signs of careless "
    "answers. Nobody has been left out: look at the index with and without them.",
    "{n}名受访者中有{count}名（加权占比{share}）出现{least}种或以上敷衍作答的迹象。"
    "未剔除任何人：请对比包含与不包含这些受访者时的指数。",
)
_NOBODY = Text(
    "None of {n} respondents shows {least} or more signs of careless answers.",
    "{n}名受访者中无人出现{least}种或以上敷衍作答的迹象。",
)
_FOUND: Mapping[Flag, Text] = MappingProxyType(
    {
        "straight_lining": Text(
            "{share} of respondents gave one and the same answer to whole blocks of questions. "
            "Alone this is no ground to leave anybody out: a satisfied customer may mean it.",
            "{share}的受访者在整组题目中始终选择同一答案。"
            "仅凭这一点不能剔除任何人：满意的顾客可能确实这样认为。",
        ),
        "long_string": Text(
            "{share} of respondents gave one answer to a long run of questions. Alone this is no "
            "ground to leave anybody out.",
            "{share}的受访者在一长串连续题目中选择同一答案。仅凭这一点不能剔除任何人。",
        ),
        "irv_low": Text(
            "The answers of {share} of respondents hardly differ from question to question. Alone "
            "this is no ground to leave anybody out.",
            "{share}的受访者各题答案几乎没有差别。仅凭这一点不能剔除任何人。",
        ),
        "mahalanobis": Text(
            "The answers of {share} of respondents fit together unlike those of the others. The "
            "test is rough for answers on a few points: look at these interviews.",
            "{share}的受访者的答案组合与其他人明显不同。"
            "对于只有少数几个分值的量表，该检验较为粗略：请逐份查看这些问卷。",
        ),
        "irv_high": Text(
            "The answers of {share} of respondents vary as much as if they had been ticked at "
            "random.",
            "{share}的受访者的答案起伏很大，与随意勾选无异。",
        ),
        "even_odd": Text(
            "The answers of {share} of respondents to questions on the same subject do not go "
            "together. With few constructs this happens to careful respondents too.",
            "{share}的受访者对同一主题各题的回答前后不一。结构变量较少时，认真作答者也可能如此。",
        ),
        "speed": Text(
            "{share} of respondents finished far faster than the others: they can hardly have "
            "read the questions.",
            "{share}的受访者完成时间远短于其他人，很可能没有认真阅读题目。",
        ),
        "nonresponse": Text(
            "{share} of respondents left many of the questions put to them without an answer.",
            "{share}的受访者对所问题目中的多题没有作答。",
        ),
        "acquiescence": Text(
            "{share} of respondents agree, or disagree, with questions that say the opposite of "
            "each other.",
            "{share}的受访者对意思相反的题目同样表示赞成（或同样表示反对）。",
        ),
    }
)
_NOT_JUDGED: Mapping[Flag, Text] = MappingProxyType(
    {
        "straight_lining": Text(
            "Straight lines could not be judged: name the blocks of questions that stand together.",
            "无法判断直线作答：请指明哪些题目属于同一题组。",
        ),
        "mahalanobis": Text(
            "Unusual combinations of answers could not be judged: there are too few respondents, "
            "or two questions say the same.",
            "无法判断答案组合是否异常：受访者太少，或有两道题目含义重复。",
        ),
        "speed": Text(
            "Speed could not be judged: record the length of the interviews and name the column "
            "in the codebook.",
            "无法判断作答速度：请记录访问时长，并在编码本中注明对应的列。",
        ),
        "acquiescence": Text(
            "All questions point the same way, so that agreeing out of habit cannot be told from "
            "being satisfied: turn a few questions round.",
            "所有题目方向一致，无法区分习惯性赞成与真正满意：建议设置若干反向题。",
        ),
    }
)
_ITEMS: Mapping[str, tuple[str, Text, str]] = MappingProxyType(
    {
        "ceiling effect": (
            "ceiling",
            Text(
                "{count} of {n} questions have a ceiling: many give the best answer there is "
                "({list}). A further improvement can hardly show there.",
                "{n}道题目中有{count}道存在天花板效应，许多人已选最高分（{list}）。"
                "进一步的改善在这些题目上难以体现。",
            ),
            "terwee2007quality",
        ),
        "floor effect": (
            "floor",
            Text(
                "{count} of {n} questions have a floor: many give the worst answer there is "
                "({list}). A further fall can hardly show there.",
                "{n}道题目中有{count}道存在地板效应，许多人已选最低分（{list}）。"
                "进一步的恶化在这些题目上难以体现。",
            ),
            "terwee2007quality",
        ),
        "many missing answers": (
            "nonresponse",
            Text(
                "{count} of {n} questions have many missing answers ({list}): ask whether "
                "customers can know them, and whether figures hang on how gaps are treated.",
                "{n}道题目的缺失答案较多，共{count}道（{list}）：请考虑顾客是否了解这些内容，"
                "并确认结果不依赖缺失值的处理方式。",
            ),
            "bennett2001how",
        ),
    }
)
_NO_ITEMS = Text(
    "No question has a floor, a ceiling or many missing answers.",
    "没有题目存在地板效应、天花板效应或较多缺失答案。",
)


def answer_verdicts(quality: AnswerQuality) -> tuple[Verdict, ...]:
    """Judge the answers of a survey: careless respondents first, then signs, then questions.

    Parameters
    ----------
    quality : AnswerQuality

    Returns
    -------
    tuple of Verdict
        Of all respondents together, whatever groups the tables are sorted by.
    """
    return (*_respondents(quality), *_items(quality))


def _respondents(quality: AnswerQuality) -> Iterator[Verdict]:
    """Judge the share flagged, and tell the share with each flag."""
    shares = quality.overall["summary"].set_index("flag")["share"].to_dict()
    count, n, share = int(quality.flagged.sum()), len(quality.flagged), quality.share
    least = f"{quality.options.least_signs}"
    said = worded(
        _FLAGGED if count else _NOBODY, count=f"{count:,}", n=f"{n:,}", share=_percent(share),
        least=least,
    )  # fmt: skip
    grade: Grade = "doubtful" if share > MANY else "good"
    yield Verdict("answers", FLAGGED, "", grade, said, share, "meade2012identifying")
    for flag in FLAGS:
        share = float(shares[flag])
        if math.isnan(share):
            if flag in _NOT_JUDGED:
                said = _NOT_JUDGED[flag]
                yield Verdict("answers", flag, "", "told", said, share, SOURCES[flag])
        elif share > 0:
            said = worded(_FOUND[flag], share=_percent(share))
            yield Verdict("answers", flag, "", "told", said, share, SOURCES[flag])


def _items(quality: AnswerQuality) -> Iterator[Verdict]:
    """Judge floors, ceilings and missing answers."""
    items = quality.overall["items"]
    asked = items[items["note"] != "not asked"]
    clean = True
    for note, (column, template, source) in _ITEMS.items():
        there = asked[asked["note"].str.contains(note, regex=False)]
        if there.empty:
            continue
        clean = False
        said = worded(
            template, count=f"{len(there)}", n=f"{len(asked)}", list=_listed(quality, there, column)
        )
        worst = float(there[column].max())
        names = ", ".join(there["item"])
        yield Verdict("answers", note, names, "doubtful", said, worst, source)
    if clean:
        yield Verdict("answers", "items", "", "good", _NO_ITEMS, source="terwee2007quality")


def _listed(quality: AnswerQuality, there: pd.DataFrame, column: str) -> Text:
    """Return items with their shares, largest first, in both languages."""
    ordered = there.sort_values(column, ascending=False, kind="stable")
    pairs = list(zip(ordered["item"], ordered[column], strict=True))
    named = [(quality.labels[item] or Text(item), _percent(share)) for item, share in pairs]
    return Text(
        ", ".join(f"{label.within('en')} {share}" for label, share in named),
        "、".join(f"{label.within('zh')}{share}" for label, share in named),
    )


def _percent(share: float) -> str:
    """Return a share in percent; a small one never as none."""
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"
