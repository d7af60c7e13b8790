"""What names of columns and labels of codes say in English and Chinese."""

from __future__ import annotations

import re
from typing import Literal

from csi.survey.cells import same_word
from csi.survey.codebook import Meaning
from csi.text import Text

Role = Literal["time", "group", "weight", "stratum", "cluster", "respondent", "duration"]

_ROLES: tuple[tuple[Role, frozenset[str]], ...] = (
    ("weight", frozenset(["weight", "weights", "wt", "wgt", "权重", "加权", "權重", "加權"])),
    ("stratum", frozenset(["stratum", "strata", "层", "分层", "抽样层", "層", "分層"])),
    ("cluster", frozenset(["cluster", "psu", "群", "整群", "抽样单位", "初级抽样单位"])),
    (
        "duration",
        frozenset(
            [
                "duration",
                "loi",
                "length of interview",
                "interview length",
                "用时",
                "时长",
                "所用时间",
                "答题时间",
                "答题时长",
                "作答时间",
                "作答时长",
                "填写时长",
                "访问时长",
                "用時",
                "時長",
                "所用時間",
                "作答時間",
            ]
        ),
    ),
    (
        "respondent",
        frozenset(
            [
                "id",
                "respnum",
                "respid",
                "respondent",
                "caseid",
                "case",
                "serial",
                "编号",
                "样本编号",
                "问卷编号",
                "受访者编号",
                "序号",
                "編號",
                "樣本編號",
                "問卷編號",
                "受訪者編號",
            ]
        ),
    ),
    (
        "time",
        frozenset(
            [
                "year",
                "wave",
                "quarter",
                "period",
                "month",
                "年份",
                "年度",
                "年",
                "季度",
                "波次",
                "期次",
                "月份",
                "期",
            ]
        ),
    ),
    (
        "group",
        frozenset(
            [
                "company",
                "brand",
                "operator",
                "firm",
                "provider",
                "bank",
                "branch",
                "region",
                "city",
                "province",
                "country",
                "segment",
                "industry",
                "sex",
                "gender",
                "age",
                "income",
                "education",
                "公司",
                "公司名称",
                "企业",
                "企业名称",
                "品牌",
                "运营商",
                "银行",
                "门店",
                "网点",
                "地区",
                "区域",
                "城市",
                "省份",
                "省",
                "行业",
                "性别",
                "年龄",
                "年龄段",
                "收入",
                "学历",
                "企業",
                "營運商",
                "銀行",
                "門店",
                "地區",
                "區域",
                "行業",
                "性別",
                "年齡",
                "學歷",
            ]
        ),
    ),
)

_MEANINGS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (
        "dont_know",
        re.compile(
            r"\b(don'?t know|do not know|dk|not sure|unsure|can'?t say|no opinion)\b"
            r"|不知道|不清楚|说不清|說不清|不了解|难以判断|難以判斷"
        ),
    ),
    ("refused", re.compile(r"\b(refus\w*|prefer not|declined)\b|拒答|拒绝|拒絕|不愿|不願")),
    (
        "not_asked",
        re.compile(r"\b(not asked|skipped|filtered)\b|未询问|未詢問|未问|跳答|跳过|跳過"),
    ),
    (
        "not_applicable",
        re.compile(
            r"\b(not applicable|n/?a|does not apply|never used|not used|did not use)\b"
            r"|不适用|不適用|没用过|沒用過|未使用|没有使用|沒有使用"
        ),
    ),
    (
        "no_answer",
        re.compile(
            r"\b(no answer|no response|blank|missing|not answered|not stated|multiple)\b"
            r"|未答|未回答|无回答|無回答|漏答|缺失|空白"
        ),
    ),
)
_SPLIT = re.compile(r"[\s_.\-]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def role_of(column: str) -> Role | None:
    """Return what a column is for, told by its name; None where the name tells nothing.

    Examples
    --------
    >>> role_of("YEAR"), role_of("resp_id"), role_of("公司"), role_of("CUSA1")
    ('time', 'respondent', 'group', None)
    """
    name = same_word(column)
    parts = {name, *_SPLIT.split(name)}
    for role, words in _ROLES:
        if parts & words:
            return role
    return None


def meaning_of(label: str) -> Meaning | None:
    """Return the meaning of a code that is not an answer, told by its label.

    Examples
    --------
    >>> meaning_of("Don't know"), meaning_of("拒答"), meaning_of("Very satisfied")
    ('dont_know', 'refused', None)
    """
    said = same_word(label).replace("\u2019", "'")
    for meaning, words in _MEANINGS:
        if words.search(said):
            return meaning
    return None


def text_in_its_language(words: str) -> Text:
    """Return words as Chinese where they have a Chinese character, as English otherwise."""
    return Text(zh=words) if _CHINESE.search(words) else Text(words)
