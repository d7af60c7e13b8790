"""A verdict: one measure of one thing, judged by a stated convention, with a plain sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Literal

from csi.text import Text

Topic = Literal["answers", "measurement", "structure", "prediction", "comparability", "segments"]
"""What is judged: the section of an assessment that the verdict belongs to."""

Grade = Literal["good", "doubtful", "poor", "told"]
"""``told``: a fact that a reader must know and no convention judges."""


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """One measure judged by a convention.

    Attributes
    ----------
    topic : Topic
    measure : str
        Name of the measure, as in the tables: ``rho_C``, ``HTMT``.
    about : str
        The construct, item, path or pair (``"Image, Value"``) it is about; ``""`` for the whole
        model.
    grade : Grade
    sentence : Text
        What was found, what it means and what to do, for a reader who is no statistician.
    value : float
        The figure judged; NaN where there is none.
    source : str
        Key of the convention in the bibliography; ``""`` where the rule is the package's own.

    Examples
    --------
    >>> template = Text("{name} has {n} items.", "{name}有{n}个题目。")
    >>> said = worded(template, name=Text("Value", "价值"), n="2")
    >>> Verdict("measurement", "items", "Value", "told", said).sentence.within("zh")
    '价值有2个题目。'
    """

    topic: Topic
    measure: str
    about: str
    grade: Grade
    sentence: Text
    value: float = float("nan")
    source: str = ""

    def __repr__(self) -> str:
        """Say in one line what is judged, and how."""
        about = f" of {self.about}" if self.about else ""
        value = "" if math.isnan(self.value) else f", {self.value:.4g}"
        return f"Verdict {self.grade}: {self.measure}{about} ({self.topic}){value}"

    def __str__(self) -> str:
        """Return the grade and the sentence in English."""
        return f"{self.grade}: {self.sentence.within('en')}"

    def _repr_html_(self) -> str:
        """Return the grade and the sentence in both languages, for notebooks."""
        said = {"en": self.sentence.en, "zh-CN": self.sentence.zh}
        lines = "".join(f'<p lang="{k}">{escape(words)}</p>' for k, words in said.items() if words)
        return f"<div><p><strong>{escape(repr(self))}</strong></p>{lines}</div>"


def worded(template: Text, **blanks: Text | str) -> Text:
    """Return a sentence in both languages with its blanks filled.

    Parameters
    ----------
    template : Text
        With blanks such as ``{name}`` in both languages.
    **blanks : Text or str
        Labels in both languages, or the same characters (numbers) for both.

    Examples
    --------
    >>> worded(Text("{a} is low", "{a}偏低"), a=Text("Loyalty", "忠诚度"))
    Text(en='Loyalty is low', zh='忠诚度偏低')
    """
    en = {name: v.within("en") if isinstance(v, Text) else v for name, v in blanks.items()}
    zh = {name: v.within("zh") if isinstance(v, Text) else v for name, v in blanks.items()}
    return Text(template.en.format(**en), template.zh.format(**zh))
