"""A checked survey, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csi.arrays import Array, BoolArray, IntArray, readonly, readonly_int
from csi.repeats import answered_name
from csi.survey.cells import natural_key
from csi.survey.codebook import Codebook
from csi.survey.codebook_checks import MEANINGS
from csi.survey.frozen import Portable, frozen_map
from csi.survey.replicate_form import Around, ReplicateKind
from csi.tabular import Brief, Shown, Summary, Table, Told, head, said, short, summarised, tabled
from csi.text import Language

Keys = NDArray[np.object_]
Reasons = NDArray[np.int8]
ALL = "all"  # the one period of a survey without time


def _locked(names: Keys) -> Keys:
    copy = np.array(names, dtype=object)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, slots=True, repr=False)
class ReplicateWeights(Brief, Portable):
    """Replicate weights that came with the survey, and how they turn into a variance.

    Attributes
    ----------
    weights : (n, r) weights of every respondent in every replicate, sampling weight included
    kind : {"brr", "fay", "jk1", "jkn", "bootstrap"}
    factors : (r) the variance of a figure is the sum of factor times squared deviation of the
        replicate's figure
    around : {"estimate", "mean"}
        What deviations are taken from: the figure of the whole sample, or the mean over the
        replicates.
    """

    weights: Array
    kind: ReplicateKind
    factors: Array
    around: Around = "estimate"

    def __post_init__(self) -> None:
        """Lock the arrays."""
        object.__setattr__(self, "weights", readonly(self.weights))
        object.__setattr__(self, "factors", readonly(self.factors))


@dataclass(frozen=True, slots=True, repr=False)
class Design(Brief, Portable):
    """How the respondents were sampled.

    Attributes
    ----------
    weights : (n,) sampling weights, all 1 where the survey has none
    strata : (n,) stratum numbers, all 0 where there are none
    clusters : (n,) numbers of the sampled units, 0..n-1 where each respondent is one
    weighted, stratified, clustered : bool
        Which of the three the codebook names.
    fractions : (n) or None
        Sampling fraction of each respondent's stratum in the period, 0 to 1, for the
        finite-population correction; None where the codebook names no population sizes.
    replicates : ReplicateWeights or None
        Supplied replicate weights.
    """

    weights: Array
    strata: IntArray
    clusters: IntArray
    weighted: bool = False
    stratified: bool = False
    clustered: bool = False
    fractions: Array | None = None
    replicates: ReplicateWeights | None = None

    def __post_init__(self) -> None:
        """Lock the arrays."""
        object.__setattr__(self, "weights", readonly(self.weights))
        object.__setattr__(self, "strata", readonly_int(self.strata))
        object.__setattr__(self, "clusters", readonly_int(self.clusters))
        if self.fractions is not None:
            object.__setattr__(self, "fractions", readonly(self.fractions))

    def in_words(self) -> str:
        """Return the parts of the design in one line, ``simple random`` where there are none."""
        kind = self.replicates.kind if self.replicates else ""
        count = self.replicates.weights.shape[1] if self.replicates else 0
        parts = (
            ("weights", self.weighted),
            ("strata", self.stratified),
            ("clusters", self.clustered),
            ("finite population", self.fractions is not None),
            (f"{count} replicate weights ({kind})", self.replicates is not None),
        )
        return ", ".join(name for name, there in parts if there) or "simple random"

    def take(self, rows: IntArray | BoolArray) -> Design:
        """Return the design of some respondents; one may be taken several times."""
        replicates = self.replicates
        return replace(
            self,
            weights=self.weights[rows],
            strata=self.strata[rows],
            clusters=self.clusters[rows],
            fractions=None if self.fractions is None else self.fractions[rows],
            replicates=None
            if replicates is None
            else replace(replicates, weights=replicates.weights[rows]),
        )


@dataclass(frozen=True, slots=True, repr=False)
class Survey(Shown, Portable):
    """Checked answers with their design, and an account of what was left out.

    Attributes
    ----------
    codebook : Codebook
    answers : (n, k) answers to ``codebook.items`` in scale points, NaN where there is none;
        items marked ``reversed`` are turned round
    keys : mapping of str to (n,) strings
        Values of the time and of the groups, as text, by name of the key; ``""`` where a
        respondent has no value of a group.
    respondents : (n,) names of the interviews (row numbers where the codebook names no column)
    design : Design
    missing : DataFrame
        Counts of answers that are missing, one row a period, item and meaning:
        ``year, item, meaning, count`` (``"all"`` where there is no time).
    excluded : DataFrame
        Respondents left out as a whole: ``year, reason, count``.
    rows_read : int
        Data rows in the file.
    source : str
        Name of the file (no folder), or ``"frame"``.
    sha256 : str
        Hash of the bytes of the file (of the canonical CSV text for a frame).
    notes : tuple of str
        What a reader must know: unweighted periods, reversed items, routing departures.
    duration : (n,) or None
        Length of the interviews in seconds, NaN where not known; None where the codebook names
        no column of them.
    reasons : (n, k) of int8 or None
        0 where there is an answer, r where the r-th of `MEANINGS` is the reason for having none;
        None for a survey that was not read from a file.
    """

    codebook: Codebook
    answers: Array
    keys: Mapping[str, Keys]
    respondents: Keys
    design: Design
    missing: pd.DataFrame
    excluded: pd.DataFrame
    rows_read: int
    source: str
    sha256: str
    notes: tuple[str, ...] = ()
    duration: Array | None = None
    reasons: Reasons | None = None

    def __post_init__(self) -> None:
        """Lock the arrays and the mapping of keys."""
        if self.duration is not None:
            object.__setattr__(self, "duration", readonly(self.duration))
        if self.reasons is not None:
            reasons = np.array(self.reasons, dtype=np.int8)
            reasons.setflags(write=False)
            object.__setattr__(self, "reasons", reasons)
        object.__setattr__(self, "answers", readonly(self.answers))
        object.__setattr__(self, "respondents", _locked(self.respondents))
        keys = {name: _locked(values) for name, values in self.keys.items()}
        object.__setattr__(self, "keys", frozen_map(keys))

    @property
    def period_of(self) -> Keys:
        """(n,) period of each respondent, ``"all"`` where the survey has no time."""
        if self.codebook.time is None:
            return np.full(len(self), ALL, dtype=object)
        return self.keys[self.codebook.time.name]

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods in order, ``("all",)`` where the survey has no time.

        The order is that of the codebook where it lists the values, else by year and number.
        """
        found = set(self.period_of.tolist())
        listed = self.codebook.time.values if self.codebook.time else {}
        first = [value for value in listed if value in found]
        return (*first, *sorted(found - set(first), key=natural_key))

    @property
    def items(self) -> tuple[str, ...]:
        """Names of the items, in the order of the columns of `answers`."""
        return tuple(item.name for item in self.codebook.items)

    @property
    def put(self) -> BoolArray:
        """(n, k) True where a question applied to the respondent and was put to him.

        False for missing answers that mean ``not_asked`` or ``not_applicable``. True throughout
        where reasons are not known.
        """
        if self.reasons is None:
            return np.ones(self.answers.shape, dtype=np.bool_)
        spared = [MEANINGS.index(why) + 1 for why in ("not_asked", "not_applicable")]
        return np.asarray(~np.isin(self.reasons, spared))

    def __len__(self) -> int:
        """Count the respondents kept."""
        return len(self.answers)

    def take(self, rows: IntArray | BoolArray) -> Survey:
        """Return the survey with some of its respondents only, in this order.

        Strata and sampled units that are left without a respondent are gone: what is left counts
        as a sample of its own. The accounts of missing answers and of exclusions stay those of
        the whole.

        Parameters
        ----------
        rows : (m) places of the respondents, who may be taken several times; or (n) True for
            those wanted
        """
        return replace(
            self,
            answers=self.answers[rows],
            keys={name: values[rows] for name, values in self.keys.items()},
            respondents=self.respondents[rows],
            design=self.design.take(rows),
            duration=None if self.duration is None else self.duration[rows],
            reasons=None if self.reasons is None else self.reasons[rows],
        )

    def as_simple(self) -> Survey:
        """Return the survey as if it were a simple random sample; weights stay."""
        design = replace(
            self.design,
            strata=np.zeros(len(self), dtype=np.int64),
            clusters=np.arange(len(self)),
            stratified=False,
            clustered=False,
            fractions=None,
            replicates=None,
        )
        return replace(self, design=design)

    def columns(self, items: tuple[str, ...]) -> Array:
        """Return the answers to `items`, (n, len(items)), in that order.

        ``ITEM@Whole`` stands for the answers to ``ITEM``, used a second time.
        """
        place = {name: number for number, name in enumerate(self.items)}
        at = [place[name] if name in place else place[answered_name(name)] for name in items]
        return self.answers[:, at]

    def lacking(self, items: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of `items` that the survey does not have, each once."""
        there = set(self.items)
        gone = [item for item in items if not {item, answered_name(item)} & there]
        return tuple(dict.fromkeys(answered_name(item) for item in gone))

    def item_counts(self) -> pd.DataFrame:
        """Count, for each period and item, who answered.

        Returns
        -------
        DataFrame
            ``year, item, asked, answered, missing``: `asked` is False where nobody was asked
            in that period; `missing` counts the respondents without an answer.
        """
        period = self.period_of
        asked = self.missing[self.missing["meaning"] == "not_asked"]
        unasked = {(year, item): n for year, item, n in asked[["year", "item", "count"]].to_numpy()}
        rows = []
        for year in self.periods:
            here = self.answers[period == year]
            answered = (~np.isnan(here)).sum(axis=0)
            rows += [
                (year, item, unasked.get((year, item), 0) < len(here), int(n), len(here) - int(n))
                for item, n in zip(self.items, answered, strict=True)
            ]
        return pd.DataFrame(rows, columns=["year", "item", "asked", "answered", "missing"])

    def __repr__(self) -> str:
        """Say in one line what was read."""
        what = short(self.codebook.title.within("en")) or "Survey"
        return (
            f"Survey {what!r}: {len(self)} respondents of {self.rows_read} rows in {self.source}, "
            f"{len(self.codebook.items)} items, keys {', '.join(self.keys) or 'none'}, "
            f"design {self.design.in_words()}"
        )

    def summary(self, *, language: Language = "en", digits: int = 2) -> Table:
        """Describe each item over all periods.

        Parameters
        ----------
        language : {"en", "zh"}
            Language of the labels.
        digits : int
            Decimals shown.

        Returns
        -------
        Table
            One row an item: label, scale, answers, missing, weighted mean and standard
            deviation, share of answers (in percent) at each end of the scale.
        """
        title = self.codebook.title.within(language) or "Survey"
        head = f"{title}: {len(self)} respondents of {self.rows_read} rows in {self.source}"
        if self.design.fractions is not None or self.design.replicates is not None:
            head += f"; design {self.design.in_words()}"
        rows = []
        for place, item in enumerate(self.codebook.items):
            there = ~np.isnan(self.answers[:, place])
            points, weights = self.answers[there, place], self.design.weights[there]
            total = weights.sum()
            mean = float(weights @ points / total) if total else float("nan")
            spread = float(weights @ (points - mean) ** 2 / total) ** 0.5 if total else float("nan")
            ends = [
                float(weights @ (points == end) / total * 100) if total else float("nan")
                for end in (item.low, item.high)
            ]
            scale = f"{item.low:g}-{item.high:g}"
            gaps = len(self) - int(there.sum())
            label = item.label.within(language)
            rows.append((item.name, label, scale, int(there.sum()), gaps, mean, spread, *ends))
        columns = ("item", "label", "scale", "answers", "missing", "mean", "sd", "% low", "% high")
        return Table(head, columns, tuple(rows), digits)

    def _summary(self, language: Language) -> Summary:
        keys = ", ".join(f"{name} ({len(set(own))})" for name, own in self.keys.items())
        facts: Told = {
            "Title": self.codebook.title.within(language) or None,
            "Population": self.codebook.population.within(language) or None,
            "Respondents": len(self),
            "Rows read": self.rows_read,
            "Items": len(self.codebook.items),
            "Keys": keys or None,
            "Design": self.design.in_words(),
            "Source": self.source,
            "SHA-256": self.sha256 or None,
        }
        items = self.summary(language=language)
        heads = tuple(head(name, language) for name in items.columns)
        own = replace(items, title=said("Items", language), columns=heads, names=items.columns,
                      language=language)  # fmt: skip
        left = tabled("Excluded", self.excluded, language)
        return summarised("Survey", language, facts, [own, left], notes=self.notes)
