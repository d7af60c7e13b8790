"""Notes of a survey and of its figures in Chinese: the value keeps them in English."""

from __future__ import annotations

import re

from csi.report.note_sentences import SENTENCES, WORDS
from csi.text import Language, Text

MOST_PIECES = 12
"""Of a list of notes a known one has at most so many semicolons less one: hundreds of pieces tried
in all ways take minutes."""

_LISTS = {"parts", "problem"}
_WITH_SEMICOLONS = {*_LISTS, "why", "items", "members"}


def _pattern(english: str) -> re.Pattern[str]:
    """Return what a sentence with these blanks looks like; few of them hold semicolons."""
    pieces = re.split(r"\{(\w+)\}", english)
    looks = (_blank_pattern(piece) if place % 2 else re.escape(piece)
             for place, piece in enumerate(pieces))  # fmt: skip
    return re.compile("".join(looks))


def _blank_pattern(name: str) -> str:
    one = "." if name in _WITH_SEMICOLONS else "(?:(?!; ).)"
    return f"(?P<{name}>{one}+?)"


def _fixed(text: Text) -> int:
    """Return how many characters of a sentence are fixed: the most telling one is tried first."""
    return len(re.sub(r"\{\w+\}", "", text.en))


_KNOWN = tuple((_pattern(text.en), text.zh) for text in sorted(SENTENCES, key=_fixed)[::-1])


def in_words(note: str, language: Language) -> str:
    """Return a note in the language of the report.

    Parameters
    ----------
    note : str
        A note, reason or remark as the values keep it, in English; several of them may be
        joined by semicolons.
    language : Language

    Returns
    -------
    str
        The note itself in English, and where no Chinese is known for it.

    Examples
    --------
    >>> in_words("suppressed: n = 12 is below 50", "zh")
    '样本量 12 少于 50，不发布'
    >>> in_words("WIFI was not asked in 2010, 2011", "zh")
    '2010年、2011年未询问 WIFI'
    """
    return _translated(note) if language == "zh" else note


def _translated(note: str) -> str:
    """Return a note, or several joined by semicolons, of which each may hold semicolons itself."""
    whole = _sentence(note)
    if whole is not None:
        return whole
    pieces, told = note.split("; "), ""
    while pieces:
        known, count = _longest_known(pieces)
        joint = "" if count == len(pieces) else "；" if known else "; "
        told += (known or pieces[0]) + joint
        pieces = pieces[count:]
    return told


def _longest_known(pieces: list[str]) -> tuple[str | None, int]:
    """Return the longest known note that begins the pieces, in Chinese, and its pieces; or 1."""
    for count in range(min(len(pieces), MOST_PIECES), 0, -1):
        known = _sentence("; ".join(pieces[:count]))
        if known is not None:
            return known, count
    return None, 1


def _sentence(note: str) -> str | None:
    """Return one note in Chinese, None where it is not known."""
    for pattern, chinese in _KNOWN:
        found = pattern.fullmatch(note)
        if found:
            blanks = {key: _blank(key, cell) for key, cell in found.groupdict().items()}
            return chinese.format(**blanks)
    name, colon, rest = note.partition(": ")
    if colon and " " not in name and (told := _sentence(rest)):  # the name of a construct
        return f"{name}：{told}"
    return None


def _blank(key: str, cell: str) -> str:
    """Return what stands in a blank: names stay, lists and fixed words are Chinese."""
    if key in _LISTS:
        return _translated(cell)
    if key == "why":
        parts = (part.rpartition(" ") for part in cell.split(", "))
        return "、".join(f"{WORDS.get(word, word)} {count}" for word, _, count in parts)
    if key in ("years", "period", "before"):
        return "、".join(f"{year}年" if year.isdigit() else year for year in cell.split(", "))
    if key == "members":
        return re.sub(r"(.+?) \((.+?)\)(?:(, )|$)", _member, cell)
    if key == "weights" and cell.startswith("frozen:"):
        return f"固定为{_blank('period', cell.removeprefix('frozen:'))}的"
    if key == "key":  # of a key, with the values of others in brackets
        return cell.replace(" (", "（").replace(")", "）")
    if key == "span":
        return cell.replace(" to ", "–")
    if key == "names":
        cell = re.sub(r" and (\d+) more$", r" 等，另有 \1 个", cell)
    if key == "items":
        cell = cell.replace(" and ", "与").replace("; ", "、")
    return WORDS.get(cell, cell.replace(", ", "、"))


def _member(found: re.Match[str]) -> str:
    """Return one member with the reason in brackets."""
    return f"{found[1]}（{_translated(found[2])}）" + ("、" if found[3] else "")
