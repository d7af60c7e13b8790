"""A verdict: one measure of one thing, judged by a stated convention, with a plain sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from csi.text import Text

Topic = Literal["answers", "measurement", "structure", "prediction", "comparability", "segments"]
"""What is judged: the section of an assessment that the verdict belongs to."""

Grade = Literal["good", "doubtful", "poor", "told"]
"""``told``: a fact that a reader must know and no convention judges."""


@dataclass(frozen=True, slots=True)
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
