"""A catalogue model as text: constructs with their questions, paths, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from csi.model.catalogue import CatalogueModel
from csi.model.model import Construct, Path
from csi.text import Language

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "since": "since",
        "index": "Index",
        "constructs": "Constructs and items",
        "beside": "Asked beside the model",
        "paths": "Paths ({count}), with the sign that theory expects",
        "unverified": "not verified",
        "estimator": "Estimation",
        "published": "settings of the published figures",
        "usual": "usual settings",
        "verified": "What was checked",
        "notes": "Notes",
        "sources": "Sources",
        "unread": "not read in full",
        "colon": ": ",
        "open": " (",
        "close": ")",
        "and": ", ",
    },
    "zh": {
        "since": "始于",
        "index": "指数",
        "constructs": "潜变量与题目",
        "beside": "模型之外的提问",
        "paths": "路径（{count}条）及理论预期符号",
        "unverified": "未核实",
        "estimator": "估计方法",
        "published": "已发表结果所用设置",
        "usual": "常用设置",
        "verified": "核对情况",
        "notes": "说明",
        "sources": "文献来源",
        "unread": "未能通读原文",
        "colon": "：",
        "open": "（",
        "close": "）",
        "and": "，",
    },
}

_KINDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "reflective": "reflective",
        "composite": "composite",
        "formative": "formative",
        "single": "single item",
        "whole": "{kind} whole of {parts} (the same items again)",
    },
    "zh": {
        "reflective": "反映型",
        "composite": "合成型",
        "formative": "形成型",
        "single": "单一题目",
        "whole": "{kind}高阶潜变量，由{parts}构成（重复使用其题目）",
    },
}

_AND: Mapping[Language, str] = {"en": ", ", "zh": "、"}

_METRICS: Mapping[Language, Mapping[str, str]] = {
    "en": {"raw": "PLS on raw (centred) items", "standardised": "PLS on standardised items"},
    "zh": {"raw": "基于原始（中心化）题目的PLS", "standardised": "基于标准化题目的PLS"},
}

_SCHEMES: Mapping[Language, Mapping[str, str]] = {
    "en": {"path": "path scheme", "centroid": "centroid scheme", "factorial": "factorial scheme"},
    "zh": {"path": "路径加权", "centroid": "重心加权", "factorial": "因子加权"},
}


def show(entry: CatalogueModel, language: Language = "en") -> str:
    """Return the model as text to read: constructs, questions, paths, sources.

    Parameters
    ----------
    entry : CatalogueModel
    language : {"en", "zh"}

    Examples
    --------
    >>> from csi.model.catalogue import entry
    >>> print(show(entry("scsb")).splitlines()[0])
    scsb: Swedish Customer Satisfaction Barometer (Sweden, since 1989)
    """
    words = _WORDS[language]
    place = entry.country.within(language)
    since = f"{words['since']} {entry.since}" if language == "en" else f"始于{entry.since}年"
    title = f"{entry.name}{words['colon']}{entry.model.title.within(language)}"
    index = entry.model.construct(entry.model.index)
    blocks = [
        [
            f"{title}{words['open']}{place}{words['and']}{since}{words['close']}",
            entry.about.within(language),
            f"{words['index']}{words['colon']}{_named(index, language)}",
        ],
        [words["constructs"], *_construct_lines(entry, language)],
        _beside_lines(entry, language),
        [
            words["paths"].format(count=len(entry.model.paths)),
            *(_path_line(path, language) for path in entry.model.paths),
        ],
        [words["estimator"], *_estimator_lines(entry, language)],
        [words["verified"], f"  {entry.verified.within(language)}"],
        [words["notes"], *(f"  - {note.within(language)}" for note in entry.notes)],
        [words["sources"], *_source_lines(entry, language)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _named(construct: Construct, language: Language) -> str:
    """Return the name of a construct and its label where that says more."""
    label = construct.label.within(language)
    words = _WORDS[language]
    if label in ("", construct.name):
        return construct.name
    return f"{construct.name}{words['open']}{label}{words['close']}"


def _construct_lines(entry: CatalogueModel, language: Language) -> Iterable[str]:
    """Yield each construct with its kind, and its questions below."""
    for construct in entry.model.constructs:
        kind = _KINDS[language][construct.kind]
        if construct.parts:
            parts = _AND[language].join(construct.parts)
            kind = _KINDS[language]["whole"].format(kind=kind, parts=parts)
        yield f"  {_named(construct, language)}{_WORDS[language]['and']}{kind}"
        for item in () if construct.parts else construct.items:
            yield _question_line(entry, item, language)


def _beside_lines(entry: CatalogueModel, language: Language) -> list[str]:
    """Return the questions that are asked but not in the model; empty where there are none."""
    beside = [question.item for question in entry.questions if not question.in_model]
    lines = [_question_line(entry, item, language) for item in beside]
    return [_WORDS[language]["beside"], *lines] if lines else []


def _question_line(entry: CatalogueModel, item: str, language: Language) -> str:
    """Return item, wording and scale on one line."""
    question = entry.question(item)
    words = _WORDS[language]
    scale = f"{question.low:g}–{question.high:g}"
    wording = question.wording.within(language)
    return f"    {item}{words['colon']}{wording}{words['open']}{scale}{words['close']}"


def _path_line(path: Path, language: Language) -> str:
    """Return an arrow with its sign, and a mark where it was not verified."""
    words = _WORDS[language]
    mark = "" if path.verified else f"{words['open']}{words['unverified']}{words['close']}"
    return f"  {path.sign} {path}{mark}"


def _estimator_lines(entry: CatalogueModel, language: Language) -> Iterable[str]:
    """Yield the settings and what is known about them."""
    words, settings = _WORDS[language], entry.estimator
    metric, scheme = _METRICS[language][settings.metric], _SCHEMES[language][settings.scheme]
    known = words["published"] if settings.published else words["usual"]
    yield f"  {metric}{words['and']}{scheme}{words['open']}{known}{words['close']}"
    yield f"  {settings.note.within(language)}"


def _source_lines(entry: CatalogueModel, language: Language) -> Iterable[str]:
    """Yield the sources with what each says, and a mark where it was not read."""
    words = _WORDS[language]
    for source in entry.sources:
        mark = "" if source.read else f"{words['open']}{words['unread']}{words['close']}"
        yield f"  [{source.key}] {source.year}{words['colon']}{source.what.within(language)}{mark}"
