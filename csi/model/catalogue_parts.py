"""What a catalogue entry consists of beside its model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from csi.text import Text


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only of those whose answer to an earlier one lies in a range.

    Attributes
    ----------
    item : str
        Item of the earlier question.
    low, high : float
        The range, ends included.
    """

    item: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a catalogue model, worded anew.

    Attributes
    ----------
    item : str
        Name of the item it measures.
    construct : str
        The construct it is asked under.
    label, wording : Text
        Short label and full wording; ``[COMPANY]`` stands for the company.
    low, high : float
        Ends of the answer scale, in points.
    low_label, high_label : Text
        Words at the ends of the scale.
    missing : mapping of str to str
        Codes that are not answers, with their meaning (``dont_know``, ``refused``).
    asked_if : Condition or None
        Who is asked; everybody where None.
    in_model : bool
        False for a question that is asked but measures no construct of the model.
    """

    item: str
    construct: str
    label: Text
    wording: Text
    low: float
    high: float
    low_label: Text
    high_label: Text
    missing: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    asked_if: Condition | None = None
    in_model: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Where a catalogue model is published.

    Attributes
    ----------
    key : str
        Key in the bibliography, ``paper/references.bib``.
    year : int
    what : Text
        What it says about the model.
    read : bool
        True where the facts could be read in it, False where it was not open to reading.
    """

    key: str
    year: int
    what: Text
    read: bool


@dataclass(frozen=True, slots=True)
class EstimatorDefaults:
    """How a model is usually estimated.

    Attributes
    ----------
    metric : str
        ``raw`` (centred items) or ``standardised``.
    scheme : str
        Inner weighting: ``path``, ``centroid`` or ``factorial``.
    published : bool
        True where published figures were made, and reproduced, with these settings.
    note : Text
    """

    metric: str
    scheme: str
    published: bool
    note: Text
