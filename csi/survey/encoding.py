"""The encoding of a text file: told by its bytes, or asked for where they do not tell."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from csi.errors import Fault, SurveyError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Chinese encodings, with the codec and the lead bytes of the characters in everyday use
_CHINESE = (
    ("GB18030", "gb18030", "gb2312", 0xA1, 0xD7),
    ("Big5", "cp950", "cp950", 0xA1, 0xC6),
    ("Big5", "big5hkscs", "cp950", 0xA1, 0xC6),
)
_ENOUGH = 0.8  # share of everyday characters that makes a reading plausible
_AHEAD = 0.1  # and how far it must be ahead of the next one
_ZEROS = 0.05  # a smaller share of zero bytes is damage, not UTF-16
_BINARY = (
    (b"PK\x03\x04", "a workbook (.xlsx, .ods) or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls)"),
    (b"PAR1", "Parquet (.parquet)"),
    (b"$FL2", "SPSS (.sav)"),
    (b"$FL3", "SPSS (.zsav)"),
)
_FEW = 4  # fewer different characters than this tell nothing


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was read in.

    Attributes
    ----------
    text : str
    encoding : str
    sure : bool
        False where the encoding was concluded from what the text looks like.
    """

    text: str
    encoding: str
    sure: bool


def decoded(
    data: bytes, *, source: str, encoding: str | None = None, words: Sequence[str] = ()
) -> Decoded:
    """Return the text of a file.

    A byte order mark decides; then zero bytes (UTF-16), then whether the bytes are valid
    UTF-8. What is left is GB18030 or Big5: the reading that contains more of the expected
    words, or else clearly more everyday characters.

    Parameters
    ----------
    data : bytes
    source : str
        Name of the file, for messages.
    encoding : str, optional
        The encoding, where it is known.
    words : sequence of str
        Words expected in the file: columns, answers and codes of the codebook.

    Returns
    -------
    Decoded

    Raises
    ------
    SurveyError
        The bytes are not text in the encoding given, or fit no encoding clearly.
    """
    _refuse_binary(data, source)
    if encoding:
        return _as_told(data, source, encoding)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _as_told(data, source, codec)
    if b"\0" in data[:4096]:
        zeros = data[:4096]
        _refuse_zeros(data, source)
        codec = "utf-16-le" if zeros[1::2].count(0) >= zeros[::2].count(0) else "utf-16-be"
        return Decoded(_as_told(data, source, codec).text, codec, sure=False)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", sure=True)
    except UnicodeDecodeError:
        return _chinese(data, source, words)


def _refuse_binary(data: bytes, source: str) -> None:
    """Raise for a file of another kind that carries the ending of a text file."""
    for start, kind in _BINARY:
        if data.startswith(start):
            fix = "give it the ending of its kind, or save it as CSV"
            raise SurveyError(Fault(source, f"it is not text but {kind}", fix))


def _refuse_zeros(data: bytes, source: str) -> None:
    """Raise for a zero byte in a text that is not UTF-16, where half of them are zero or none."""
    if data.count(0) > _ZEROS * len(data):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return
    line = data.count(b"\n", 0, data.index(0)) + 1
    fault = Fault(f"{source}, line {line}", "it has a zero byte", "save the file again")
    raise SurveyError(fault)


def _as_told(data: bytes, source: str, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding, sure=True)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        fault = Fault(
            source,
            f"line {line} is not text in {encoding}",
            "give the encoding it was saved in, such as gb18030 or big5",
        )
    except (LookupError, ValueError):  # unknown, or no name at all
        fault = Fault(
            source,
            f"there is no encoding {encoding!r}",
            "use for example utf-8, gb18030, big5 or cp1252",
        )
    raise SurveyError(fault) from None


def _chinese(data: bytes, source: str, words: Sequence[str]) -> Decoded:
    """Decide between the Chinese encodings, or say that nothing decides."""
    expected = {word for word in words if not word.isascii()}
    readings: list[tuple[int, float, str, str]] = []
    for name, codec, plain, first, last in _CHINESE:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        found = sum(word in text for word in expected)
        readings.append((found, _everyday(text, plain, first, last), name, text))
    readings.sort(key=lambda reading: (reading[0], reading[1]), reverse=True)
    if readings:
        found, share, name, text = readings[0]
        others = [reading for reading in readings[1:] if reading[2] != name]
        rival_found, rival_share = others[0][:2] if others else (0, 0.0)
        plausible = share >= _ENOUGH and share - rival_share >= _AHEAD
        if found > rival_found or (plausible and _different(text) >= _FEW):
            return Decoded(text, name, sure=False)
    raise SurveyError(
        Fault(
            source,
            "its encoding cannot be told (it is not UTF-8, nor clearly GB18030 or Big5)",
            'give it: encoding="gb18030", "big5" or the one the file was saved in',
        )
    )


def _different(text: str) -> int:
    return len({letter for letter in text if not letter.isascii()})


def _everyday(text: str, codec: str, first: int, last: int) -> float:
    """Return the share of everyday characters among those that are not ASCII."""
    counts = Counter(letter for letter in text if not letter.isascii())
    common = 0
    for letter, times in counts.items():
        code = letter.encode(codec, errors="ignore")
        common += times * (len(code) == 2 and first <= code[0] <= last)
    return common / max(sum(counts.values()), 1)
