"""A catalogue model as a questionnaire in Markdown, ready to field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from csi.model.catalogue import CatalogueModel
from csi.model.catalogue_parts import Condition, Question
from csi.text import Language

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Questionnaire: {title}",
        "office": "**For the field team.** Put the name of the company (or product) in place of "
        "[COMPANY]. Read each question with both ends of its scale. Do not read out the codes in "
        "brackets; enter them where a respondent cannot or will not answer. The item code in "
        "front of each question is the name of its column in the data file.",
        "screening": "**Screening.** {screening}",
        "hello": "Good day. We are asking customers of [COMPANY] about their experience. The "
        "interview takes about {minutes} minutes. Your answers are treated as confidential and "
        "evaluated together with those of other customers. There are no right or wrong answers; "
        "your own opinion counts.",
        "scale": "Scale: {low} = {low_label} … {high} = {high_label}",
        "choice": "Answers: {high} = {high_label}, {low} = {low_label}",
        "codes": "Do not read out: {codes}",
        "route": "Ask only if the answer to {number} ({item}) was {range}; otherwise go on with "
        "the next question.",
        "exactly": "{low}",
        "between": "{low} to {high}",
        "thanks": "Thank you very much for your time.",
        "section": "{number}. {label}",
        "join": ", ",
    },
    "zh": {
        "title": "调查问卷：{title}",
        "office": "**访员须知：**请将【公司】替换为实际的公司（或产品）名称。"
        "提问时请读出题目及量表两端的含义。括号中的代码不读出，仅在受访者无法回答或拒绝回答时填写。"
        "每题前的题目代码即数据文件中的列名。",
        "screening": "**甄别条件：**{screening}",
        "hello": "您好！我们正在了解【公司】顾客的使用体验，访问大约需要{minutes}分钟。"
        "您的回答将严格保密，仅与其他顾客的回答汇总后用于统计分析。"
        "答案没有对错之分，请根据您的真实感受作答。",
        "scale": "量表：{low}＝{low_label}，{high}＝{high_label}",
        "choice": "选项：{high}＝{high_label}，{low}＝{low_label}",
        "codes": "不读出：{codes}",
        "route": "仅当第{number}题（{item}）的回答为{range}时提问，否则跳至下一题。",
        "exactly": "{low}",
        "between": "{low}至{high}",
        "thanks": "访问到此结束，感谢您的配合！",
        "section": "{number}、{label}",
        "join": "，",
    },
}

_MEANINGS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "dont_know": "don't know",
        "refused": "refused",
        "not_asked": "not asked",
        "not_applicable": "does not apply",
        "no_answer": "no answer",
    },
    "zh": {
        "dont_know": "不知道/说不清",
        "refused": "拒绝回答",
        "not_asked": "未提问",
        "not_applicable": "不适用",
        "no_answer": "未回答",
    },
}

_SECTIONS_ZH = "一二三四五六七八九十"
_QUESTIONS_A_MINUTE = 3


def questionnaire(entry: CatalogueModel, language: Language = "en") -> str:
    """Return a questionnaire in Markdown: introduction, screening, questions, routing.

    Parameters
    ----------
    entry : CatalogueModel
    language : {"en", "zh"}

    Examples
    --------
    >>> from csi.model.catalogue import entry
    >>> print(questionnaire(entry("swics")).splitlines()[0])
    # Questionnaire: Swiss Index of Customer Satisfaction
    """
    words = _WORDS[language]
    asked = _in_order(entry)
    numbers = {question.item: number for number, question in enumerate(asked, start=1)}
    minutes = max(3, -(-len(asked) // _QUESTIONS_A_MINUTE))
    blocks = [
        f"# {words['title'].format(title=entry.model.title.within(language))}",
        words["office"],
        words["screening"].format(screening=entry.screening.within(language)),
        f"> {words['hello'].format(minutes=minutes)}",
    ]
    section = ""
    sections = 0
    for question in asked:
        if question.construct != section:
            section = question.construct
            sections += 1
            blocks.append(_heading(entry, section, sections, language))
        blocks.append(_question(question, numbers, language))
    return "\n\n".join([*blocks, f"> {words['thanks']}"]) + "\n"


def _in_order(entry: CatalogueModel) -> list[Question]:
    """Return the questions section by section; one asked of some comes after the one it needs."""
    place = {name: number for number, name in enumerate(entry.model.names)}
    return sorted(entry.questions, key=lambda question: place[question.construct])


def _heading(entry: CatalogueModel, construct: str, number: int, language: Language) -> str:
    """Return the heading of a section."""
    label = entry.model.construct(construct).label.within(language) or construct
    shown = str(number) if language == "en" else _chinese_number(number)
    return f"## {_WORDS[language]['section'].format(number=shown, label=label)}"


def _chinese_number(number: int) -> str:
    """Return 1 to 19 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _SECTIONS_ZH[ones - 1]
    return "十" + (_SECTIONS_ZH[ones - 1] if ones else "")


def _question(question: Question, numbers: Mapping[str, int], language: Language) -> str:
    """Return one question with its scale, its codes and who is asked."""
    return "\n".join(_question_lines(question, numbers, language))


def _question_lines(
    question: Question, numbers: Mapping[str, int], language: Language
) -> Iterable[str]:
    words = _WORDS[language]
    number = numbers[question.item]
    if question.asked_if:
        yield f"*{_route(question.asked_if, numbers, language)}*\n"
    yield f"**{number}.** `{question.item}` {question.wording.within(language)}\n"
    binary = question.high - question.low == 1
    scale = words["choice" if binary else "scale"].format(
        low=f"{question.low:g}",
        high=f"{question.high:g}",
        low_label=question.low_label.within(language),
        high_label=question.high_label.within(language),
    )
    yield f"- {scale}"
    meanings = _MEANINGS[language]
    codes = [f"[{code}] {meanings[meaning]}" for code, meaning in question.missing.items()]
    if codes:
        yield f"- {words['codes'].format(codes=words['join'].join(codes))}"


def _route(condition: Condition, numbers: Mapping[str, int], language: Language) -> str:
    """Return the routing instruction."""
    words = _WORDS[language]
    shape = words["exactly" if condition.low == condition.high else "between"]
    return words["route"].format(
        number=numbers[condition.item],
        item=condition.item,
        range=shape.format(low=f"{condition.low:g}", high=f"{condition.high:g}"),
    )
