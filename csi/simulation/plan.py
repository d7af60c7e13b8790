"""What a simulated survey is made from, as frozen values; each default is written here only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from csi.model.model import Model
from csi.tabular import Brief
from csi.text import Text


def _nothing() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A true change of the level: from one year on, by so many index points.

    Attributes
    ----------
    points : float
        Added to the level, on the 0-100 scale.
    year : str or None
        First year with the new level; all years where None.
    group : str or None
        The group that moves; all groups where None.
    constructs : tuple of str
        The constructs that move; all where empty.
    """

    points: float
    year: str | None = None
    group: str | None = None
    constructs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TrueValues(Brief):
    """True values of the population; what is not given takes a plausible default.

    Attributes
    ----------
    paths : mapping of (source, target) to float
        Path coefficients of standardised constructs. Default: equal size for all predictors
        of a construct, with the sign of the model, so that they explain 45, 55, 65 or (four
        predictors and more) 70 per cent of its variance. Those from its parts to a whole made of
        them are weights: equal by default, and brought to a length that gives it variance one.
    loadings : mapping of str to float
        Correlation of latent item and construct, above 0 and at most 1. Default: evenly from
        0.88 down to 0.76 within a block; 1 for a single item, whose reliability is the
        square of the loading given here.
    levels : mapping of str to float
        Index of each construct under equal weights (0-100) before the moves. Default 70; 20
        where the first item has two answers only (the share of yes). A construct of constructs
        has the level that follows from its parts.
    offsets : mapping of str to float
        Distance of an item's mean from the level, in index points. Default: evenly from 3
        down to -3 within a block.
    spreads : mapping of str to float
        Standard deviation of an item's answers within a stratum, in index points. Default 20;
        an item with two answers has the one that follows from its mean.
    moves : tuple of Move
        True differences between groups and changes over years.
    """

    paths: Mapping[tuple[str, str], float] = field(default_factory=lambda: MappingProxyType({}))
    loadings: Mapping[str, float] = field(default_factory=_nothing)
    levels: Mapping[str, float] = field(default_factory=_nothing)
    offsets: Mapping[str, float] = field(default_factory=_nothing)
    spreads: Mapping[str, float] = field(default_factory=_nothing)
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A part of the population that is sampled on its own.

    Attributes
    ----------
    name : str
    share : float
        Its share of the population of every group and year; the shares add up to 1.
    rate : float
        Sampling rate against the other strata: 2 is twice the chance to be asked.
    shift : float
        True level against the population, in index points. The shifts are centred, so that
        the population keeps the level of the plan.
    """

    name: str
    share: float
    rate: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingAnswers:
    """How many answers are missing, and whether satisfaction has to do with it.

    Attributes
    ----------
    dont_know, refused, blank : float
        Expected shares of all answers: code 98, code 99 and the empty cell.
    satisfaction_slope : float
        0: missing completely at random. Above 0: an answer is the more often missing the
        lower the first item of the index construct, by a factor of e for a slope of 1 and
        one standard deviation. That item itself is then never missing, so that answers are
        missing at random given what was observed; the expected share stays the same for the
        other items.
    """

    dont_know: float = 0.0
    refused: float = 0.0
    blank: float = 0.0
    satisfaction_slope: float = 0.0

    @property
    def rate(self) -> float:
        """Expected share of answers that are missing for any reason."""
        return self.dont_know + self.refused + self.blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Respondents come in sampled units (outlets, blocks) whose members are alike.

    Attributes
    ----------
    size : int
        Respondents a unit; the last unit of a stratum may be smaller.
    correlation : float
        Intraclass correlation of every construct score, from 0 to below 1.
    """

    size: int
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWords:
    """Words of one item for the codebook; any of them may be empty.

    Attributes
    ----------
    label, wording : Text
        Short label, and the question as asked.
    low_label, high_label : Text
        Words at the ends of the scale.
    """

    label: Text = Text()
    wording: Text = Text()
    low_label: Text = Text()
    high_label: Text = Text()


WORDS = ("label", "wording", "low_label", "high_label")
"""Fields of a `ItemWords`."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SimulationPlan(Brief):
    """All that a simulated survey is made from; the same plan gives the same bytes.

    Attributes
    ----------
    model : Model
    years : tuple of str
    seed : int
        Root of the random streams; each year and group has its own.
    groups : mapping of str to Text
        Values of the group with their labels; empty for one group without a column.
    n : int
        Respondents a year and group.
    true : TrueValues
    strata : tuple of Stratum
        Empty for a simple random sample without weights.
    missing : MissingAnswers
    clusters : Clusters or None
    scale : tuple of int
        Lowest and highest answer of every item not named in `scales`.
    scales : mapping of str to (low, high)
    title, population : Text
    time, group : str
        Names and columns of the two keys.
    time_label, group_label : Text
    words : mapping of str to ItemWords
        Words of the items, for the codebook.
    text : str
        The plan as written in a file; empty where it was made in Python.
    """

    model: Model
    years: tuple[str, ...]
    seed: int
    groups: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    n: int = 250
    true: TrueValues = TrueValues()
    strata: tuple[Stratum, ...] = ()
    missing: MissingAnswers = MissingAnswers()
    clusters: Clusters | None = None
    scale: tuple[int, int] = (1, 10)
    scales: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    title: Text = Text("Simulated survey", "模拟调查")
    population: Text = Text()
    time: str = "year"
    group: str = "group"
    time_label: Text = Text("Year", "年份")
    group_label: Text = Text("Group", "组别")
    words: Mapping[str, ItemWords] = field(default_factory=lambda: MappingProxyType({}))
    text: str = ""

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """Year and group of every cell, years first; the group is ``all`` where there is none."""
        return tuple((year, group) for year in self.years for group in self.groups or ("all",))

    @property
    def layers(self) -> tuple[Stratum, ...]:
        """The strata, or the whole population as one."""
        return self.strata or (Stratum(name="all", share=1.0),)

    def level_of(self, construct: str) -> float:
        """Return the level of a construct before the moves."""
        first = self.model.construct(construct).items[0]
        low, high = self.scale_of(first)
        return self.true.levels.get(construct, 20.0 if high - low == 1 else 70.0)

    def spread_of(self, item: str) -> float:
        """Return the wanted standard deviation of `item`, in index points."""
        return self.true.spreads.get(item, 20.0)

    def scale_of(self, item: str) -> tuple[int, int]:
        """Return the lowest and highest answer of `item`."""
        return self.scales.get(item, self.scale)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Respondents of each stratum in a cell: share times rate, by largest remainders."""
        part = np.array([layer.share * layer.rate for layer in self.layers])
        exact = self.n * part / part.sum()
        sizes = np.floor(exact).astype(int)
        order = np.argsort(-(exact - sizes), kind="stable")
        sizes[order[: self.n - sizes.sum()]] += 1
        return tuple(sizes.tolist())
