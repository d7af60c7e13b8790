"""A wording in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and in Chinese; either may be empty.

    Examples
    --------
    >>> Text("Satisfaction", "满意度").within("zh")
    '满意度'
    >>> Text("Satisfaction").within("zh")
    'Satisfaction'
    """

    en: str = ""
    zh: str = ""

    def within(self, language: Language) -> str:
        """Return the words in `language`, or in the other one where it has none."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    def __bool__(self) -> bool:
        """Tell whether there are words in either language."""
        return bool(self.en or self.zh)

    def to_dict(self) -> dict[str, str]:
        """Return the languages that have words, for TOML and JSON."""
        return {key: words for key, words in (("en", self.en), ("zh", self.zh)) if words}

    @classmethod
    def of(cls, value: str | Text | Mapping[str, str] | None) -> Text:
        """Return a `Text` from a plain string (English), a mapping ``{en, zh}`` or nothing."""
        if isinstance(value, Text):
            return value
        if value is None:
            return cls()
        if isinstance(value, str):
            return cls(value)
        return cls(value.get("en", ""), value.get("zh", ""))
