"""Do impacts differ between groups, or years? Multi-group comparison of paths and other parameters.

Letters: k parameters, G groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import readonly
from csi.compare.group_pairs import Grouped, Pairs, grouped
from csi.compare.group_parameters import Measure, Parameter, Parameters, parameter_names
from csi.compare.micom_pair import Fitted, fitted
from csi.compare.micom_values import Micom, counted
from csi.compare.multigroup_pair import relabelled_differences
from csi.compare.multigroup_tables import (
    TABLE,
    distance_row,
    omnibus_table,
    pair_labels,
    pair_rows,
    with_adjusted,
)
from csi.compare.pair_checks import LEAST
from csi.compare.two_groups import pair_of_cells
from csi.errors import Fault, IndexFigureError, OptionError
from csi.index.options import IndexOptions
from csi.index.replicated import replicated
from csi.model.model import Model
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language, Text

PERMUTATIONS, ROOM = 1000, 40
"""Permutations where none are asked for: at least the first, and so many for each test of a family
that the least p value adjusted by Holm is 0.025."""


@dataclass(frozen=True, slots=True, repr=False)
class Multigroup(Summarised):
    """Parameters of groups or periods compared pair by pair.

    Attributes
    ----------
    model : Model
        As far as its items were asked in all groups.
    by : str
    where : mapping of str to str
    groups : tuple of str
    pairs : tuple of (group, group)
    labels : mapping of str to Text
    table : DataFrame
        One row a parameter and pair: ``measure, from, to, group_a, group_b, estimate_a,
        estimate_b, difference, se, lower, upper, p_value, p_permutation, p_henseler,
        p_parametric, p_welch, p_holm, p_bh, permutations, n_a, n_b, note``.
    omnibus : DataFrame
        Tests of several figures at once: ``measure, from, to, groups, statistic, df, p_value,
        p_holm, note``. Each parameter in all groups (Q); measure ``all paths``: the distance of
        all path coefficients of a pair, by relabelling.
    notes : tuple of str
        What was left out.
    replication : str
        Where errors come from.
    """

    model: Model
    by: str
    where: Mapping[str, str]
    groups: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    labels: Mapping[str, Text]
    table: pd.DataFrame
    omnibus: pd.DataFrame
    notes: tuple[str, ...]
    replication: str

    def __repr__(self) -> str:
        """Count what differs."""
        found = int((self.table["p_holm"] < SIGNIFICANT).sum())
        return (
            f"Multigroup by {self.by}: {counted(len(self.pairs))} of {len(self.groups)} groups; "
            f"{found} of {len(self.table)} differences beyond chance (Holm)"
        )

    def _summary(self, language: Language) -> Summary:
        found = int((self.table["p_holm"] < SIGNIFICANT).sum())
        facts: Told = {
            "Model": self.model.name,
            "By": self.by,
            "Groups": len(self.groups),
            "Comparisons": len(self.pairs),
            "Differences beyond chance (Holm)": f"{found} / {len(self.table)}",
            "Replication": self.replication,
        }
        columns = ["measure", "from", "to", "group_a", "group_b", "estimate_a", "estimate_b",
                   "difference", "lower", "upper", "p_permutation", "p_holm", "note"]  # fmt: skip
        tables = (
            tabled("Differences", self.table, language, columns),
            tabled("All groups together", self.omnibus, language),
        )
        return summarised("Comparison of groups", language, facts, tables, notes=self.notes)


SIGNIFICANT = 0.05
"""Differences with a smaller adjusted p value are beyond chance."""


def multigroup(
    survey: Survey,
    model: Model,
    *,
    by: str | None = None,
    pairs: Pairs | None = None,
    where: Mapping[str, str] | None = None,
    measures: Measure | Sequence[Measure] = ("path",),
    permutations: int | None = None,
    seed: int = 1,
    options: IndexOptions | None = None,
    micom: Micom | None = None,
) -> Multigroup:
    """Compare path coefficients, and other parameters, of groups or periods.

    Parameters
    ----------
    survey : Survey
    model : Model
        Items that one of the groups was not asked leave the model for all, openly.
    by, pairs, where
        As in `csi.compare.micom.micom`; ``rest`` is not possible.
    measures : str or sequence of str
        ``path``, ``total effect``, ``slope`` (in index points), ``loading``, ``weight``.
    permutations : int, optional
        At least 99; where None 1000, or as many more as p values adjusted by Holm need.
    seed : int
        Of the relabelling; replicates have that of `options`.
    options : IndexOptions, optional
        Estimator, missing answers, replicates, kind and level of intervals, ``min_n``.
    micom : Micom, optional
        Its failures are noted beside the parameters that they concern.

    Returns
    -------
    Multigroup

    Raises
    ------
    IndexFigureError, EstimationError
        Unknown names, groups too small or without a fit: all at once.
    OptionError
        Impossible options.

    Notes
    -----
    Differences are those of ``group_a`` less ``group_b``. ``se, lower, upper, p_value`` are of the
    survey's own replicates and design, in which replicate r of both groups is one replicate of the
    survey; t has the degrees of freedom of both together (of the larger, where they share sampled
    units). Beside them the tests of the literature:

    - ``p_permutation``: random relabelling [chin2010permutation], the way the survey was sampled
      (`csi.moments.permutations`); exact where the groups do not differ at all.
    - ``p_henseler``: the share of pairs of bootstrap draws in the other order, two-sided
      [henseler2009use].
    - ``p_parametric``, ``p_welch``: t with equal [keil2000crosscultural] and with unequal
      variances [sarstedt2011multigroup], with the degrees of freedom of the design for n - 1.

    With equal groups all reject 5 to 7 % at the level of 5 %; with 60 against 240 respondents
    ``p_value``, ``p_henseler`` and ``p_welch`` 7 to 10 %, the permutation and the parametric test
    5 % (``benchmarks/results/level_comparability.md``).

    The last three are for independent groups: they are NaN where groups share sampled units or
    replicate weights were supplied; Henseler's also needs random draws. Holm and Benjamini-Hochberg
    adjust ``p_permutation`` (``p_value`` where nobody can change places) for all parameters of a
    measure and all pairs.
    """
    options = options or IndexOptions()
    measures = (measures,) if isinstance(measures, str) else tuple(measures)
    names = parameter_names(model, measures)
    _check(pairs, permutations)
    if options.design == "simple":
        survey = survey.as_simple()
    found = _wanted(grouped(survey, model, by, pairs, where), model)
    if micom is not None and (micom.by, micom.where) != (found.by, found.where):
        what = f"is by {micom.by} where {dict(micom.where)}, not of the groups compared"
        raise OptionError(Fault("option micom", what, "make it of the same groups"))
    left, notes = _common_model(found, model)
    names = parameter_names(left, measures)
    parameters = _parameters(found, left, names, options)
    fits = _fitted_pairs(found, left, options)
    groups = {r.label[0]: r for r in replicated(found.survey, left, options, by=found.by)}
    together = _together(found, options)
    most = max(sum(n.measure == measure for n in names) for measure in measures)
    permutations = permutations or max(PERMUTATIONS, ROOM * most * len(fits))
    rows: list[dict[str, Any]] = []
    distances: list[dict[str, Any]] = []
    for number, own in enumerate(fits):
        moved = relabelled_differences(
            own, parameters, options, permutations=permutations, seed=seed + number
        )
        rows += pair_rows(own, groups, parameters, moved, permutations, micom, together)
        distances.append(distance_row(own, moved))
    table = with_adjusted(pd.DataFrame(rows, columns=list(TABLE)))
    done = tuple(pair_labels(own) for own in fits)
    return Multigroup(
        model=left,
        by=found.by,
        where=found.where,
        groups=found.groups,
        pairs=done,
        labels=found.labels(done),
        table=table,
        omnibus=omnibus_table(groups, parameters, distances, together),
        notes=tuple(notes),
        replication=next(iter(groups.values())).replication.words,
    )


def _check(pairs: Pairs | None, permutations: int | None) -> None:
    """Refuse impossible options, all at once."""
    faults = []
    if pairs == "rest":
        fix = "use all, before, reference:VALUE or pairs of groups"
        faults.append(Fault("option pairs", "'rest' has no replicates of its own", fix))
    if permutations is not None and permutations < LEAST:
        what = f"{permutations} is too few"
        faults.append(Fault("option permutations", what, f"take {LEAST} or more"))
    if faults:
        raise OptionError(faults)


def _wanted(found: Grouped, model: Model) -> Grouped:
    """Leave out the groups that are in no pair."""
    pairs = [(a.label[0], b.label[0]) for a, b in found.pairs]
    named = {name for pair in pairs for name in pair}
    if named == set(found.groups):
        return found
    kept = np.sort(np.concatenate([c.rows for c in found.cells if c.label[0] in named]))
    return grouped(found.survey.take(kept), model, found.by, pairs, found.where)


def _common_model(found: Grouped, model: Model) -> tuple[Model, list[str]]:
    """Return the model as far as its items were asked in all groups, and what was left out."""
    here = ~np.isnan(found.survey.columns(model.items))
    everywhere = [here[cell.rows].any(axis=0) for cell in found.cells]
    asked = [bool(there) for there in np.all(everywhere, axis=0)]
    absent = [item for item, there in zip(model.items, asked, strict=True) if not there]
    if not absent:
        return model, []
    left, dropped = model.without(set(absent))
    if left is None:
        what = f"has no index once {', '.join(absent)} are left out, not asked in all groups"
        raise IndexFigureError(Fault("model", what, "compare groups that were asked the same"))
    notes = [f"not asked in all groups: {', '.join(absent)}"]
    return left, notes + ([f"left out of the model: {'; '.join(dropped)}"] if dropped else [])


def _parameters(
    found: Grouped, model: Model, names: tuple[Parameter, ...], options: IndexOptions
) -> Parameters:
    """Return what computes the parameters."""
    ends = [found.survey.codebook.item(item) for item in model.items]
    low, high = readonly([e.low for e in ends]), readonly([e.high for e in ends])
    return Parameters(names, low, high, options.disattenuated)


def _fitted_pairs(found: Grouped, model: Model, options: IndexOptions) -> list[Fitted]:
    """Fit every pair, alone and together; refuse those that cannot be compared, all at once."""
    fits: list[Fitted] = []
    faults: list[Fault] = []
    for cells in found.pairs:
        try:
            own = fitted(pair_of_cells(found.survey, model, cells, found.where, options), options)
        except IndexFigureError as error:
            faults += error.faults
            continue
        if isinstance(own, str):
            faults.append(Fault(" and ".join(c.label[0] for c in cells), own, "leave the pair out"))
        else:
            fits.append(own)
    if faults:
        raise IndexFigureError(tuple(dict.fromkeys(faults)))
    return fits


def _together(found: Grouped, options: IndexOptions) -> str:
    """Say why the groups are not drawn independently of each other, or nothing."""
    design = found.survey.design
    if design.replicates is not None and options.replicates in ("design", "supplied"):
        return "supplied replicate weights"
    if design.clustered:
        units = [np.unique(design.clusters[cell.rows]) for cell in found.cells]
        if len(np.unique(np.concatenate(units))) < sum(map(len, units)):
            return "groups share sampled units"
    return ""
