"""The codebook: what the columns of a survey file mean, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from csi.errors import CodebookError
from csi.repeats import answered_name
from csi.survey.codebook_checks import codebook_faults
from csi.survey.frozen import Portable, frozen_map
from csi.survey.replicate_form import ReplicateForm
from csi.survey.study import Study
from csi.tabular import Shown, Summary, Told, listed, short, summarised
from csi.text import Language, Text

Meaning = Literal["dont_know", "refused", "not_asked", "not_applicable", "no_answer"]
"""Why a respondent gave no answer that counts; an empty cell is ``no_answer``."""


@dataclass(frozen=True, slots=True)
class Routing:
    """An item is asked only of those who gave certain answers to an earlier item.

    Attributes
    ----------
    item : str
        Name of the earlier item.
    low, high : float
        The item is asked if the earlier answer lies in ``[low, high]``.
    """

    item: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Portable):
    """One question of the survey.

    Attributes
    ----------
    name : str
        Name used by models.
    column : str
        Column of the file that holds the answers; the name where not given.
    label, wording : Text
        Short label for tables and charts, and the question as asked.
    low, high : float
        Ends of the answer scale, in points.
    low_label, high_label : Text
        Words at the ends of the scale.
    reversed : bool
        True where `low` is the best answer; the survey turns such answers round
        (``low + high - x``) and says so.
    missing : mapping of str to Meaning
        Codes that are not answers, as written in the file, with their meaning.
    answers : mapping of str to float
        Text answers and the scale points they stand for.
    asked_if : Routing or None
        Who is asked; everybody where None.
    """

    name: str
    column: str
    low: float
    high: float
    label: Text = Text()
    wording: Text = Text()
    low_label: Text = Text()
    high_label: Text = Text()
    reversed: bool = False
    missing: Mapping[str, Meaning] = field(default_factory=lambda: MappingProxyType({}))
    answers: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    asked_if: Routing | None = None

    def __post_init__(self) -> None:
        """Lock the mappings."""
        object.__setattr__(self, "missing", frozen_map(self.missing))
        object.__setattr__(self, "answers", frozen_map(self.answers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Portable):
    """A column that sorts respondents: the time or a group.

    Attributes
    ----------
    name : str
        Name used in options and tables, such as ``year`` or ``company``.
    column : str
        Column of the file.
    label : Text
        Words for tables and charts.
    values : mapping of str to Text
        The known values with their labels; empty where any value is allowed.
    missing : mapping of str to Meaning
        Codes that are not values.
    """

    name: str
    column: str
    label: Text = Text()
    values: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    missing: Mapping[str, Meaning] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Lock the mappings."""
        object.__setattr__(self, "values", frozen_map(self.values))
        object.__setattr__(self, "missing", frozen_map(self.missing))


DurationUnit = Literal["seconds", "minutes", "milliseconds"]
"""What a number in the column of durations counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(Portable):
    """The column with the length of each interview.

    Attributes
    ----------
    column : str
    unit : {"seconds", "minutes", "milliseconds"}
        What plain numbers in it count; cells such as ``0:12:31`` or ``5分20秒`` say their own.
    missing : mapping of str to Meaning
        Codes that are not durations, such as ``-1``.
    """

    column: str
    unit: DurationUnit = "seconds"
    missing: Mapping[str, Meaning] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Lock the mapping."""
        object.__setattr__(self, "missing", frozen_map(self.missing))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Codebook(Shown, Portable):
    """What the columns of one survey file mean.

    Attributes
    ----------
    title : Text
        Title of the survey.
    items : tuple of Item
        The questions, in the order of tables.
    time : Key or None
        The wave: year, quarter.
    groups : tuple of Key
        Companies, regions, segments.
    respondent : tuple of str
        Columns that together identify an interview; empty where there are none.
    weight, stratum, cluster : str or None
        Columns of the sampling design.
    unweighted : tuple of str
        Periods whose respondents carry no weight; they get weight 1 and are named.
    fpc : str or None
        Column with the size of the population of the respondent's stratum, counted in sampled
        units (clusters where there are clusters); values of at most 1 are sampling fractions.
    replicate_weights : tuple of str
        Columns of supplied replicate weights, the sampling weight included.
    replicates : ReplicateForm or None
        How the replicate weights were made; given where there are any.
    population, source : Text
        Whom the survey speaks for; where the file comes from.
    encoding : str or None
        Encoding of a text file; recognised where None.
    duration : Duration or None
        Length of the interviews, for the quality of the answers.
    study : Study
        How the survey was made: what its report discloses.

    Raises
    ------
    CodebookError
        All contradictions at once: a name or column used twice, a scale without extent, a
        missing code that is also an answer, routing to an unknown item, and the like.
    """

    title: Text
    items: tuple[Item, ...]
    time: Key | None = None
    groups: tuple[Key, ...] = ()
    respondent: tuple[str, ...] = ()
    weight: str | None = None
    stratum: str | None = None
    cluster: str | None = None
    unweighted: tuple[str, ...] = ()
    fpc: str | None = None
    replicate_weights: tuple[str, ...] = ()
    replicates: ReplicateForm | None = None
    population: Text = Text()
    source: Text = Text()
    encoding: str | None = None
    duration: Duration | None = None
    study: Study = field(default_factory=Study)

    def __post_init__(self) -> None:
        """Refuse a codebook that contradicts itself."""
        faults = codebook_faults(self)
        if faults:
            raise CodebookError(faults)

    def __repr__(self) -> str:
        """Say in one line what the codebook describes."""
        keys = ", ".join(key.name for key in self.keys) or "none"
        return (
            f"Codebook {short(self.title.within('en'))!r}: {len(self.items)} items, keys {keys}, "
            f"weight {self.weight or 'none'}"
        )

    def item(self, name: str) -> Item:
        """Return the item called `name`; a KeyError where there is none.

        ``ITEM@Whole`` is ``ITEM``, used a second time.
        """
        for known in dict.fromkeys((name, answered_name(name))):
            for item in self.items:
                if item.name == known:
                    return item
        raise KeyError(name)

    @property
    def keys(self) -> tuple[Key, ...]:
        """The time (first) and the groups."""
        return ((self.time,) if self.time else ()) + self.groups

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Title": self.title.within(language) or None,
            "Population": self.population.within(language) or None,
            "Source": self.source.within(language) or None,
            "Items": len(self.items),
            "Keys": ", ".join(key.name for key in self.keys) or None,
            "Weight": self.weight,
            "Stratum": self.stratum,
            "Cluster": self.cluster,
        }
        rows = [
            (item.name, item.column, f"{item.low:g}-{item.high:g}", item.label.within(language),
             item.wording.within(language))
            for item in self.items
        ]  # fmt: skip
        columns = ["item", "column", "scale", "label", "wording"]
        return summarised("Codebook", language, facts, [listed("Items", columns, rows, language)])
