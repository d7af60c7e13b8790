"""Two groups of a survey side by side: who is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray
from csi.compare.pair_checks import name_faults, size_faults
from csi.errors import IndexFigureError
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.blocks import Sample
from csi.moments.groups import Cell, ungrouped, used_rows
from csi.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two groups ready to be compared.

    Attributes
    ----------
    model : Model
        As far as its items were asked in both groups.
    cells : (Cell, Cell)
        All respondents of the groups.
    samples : (Sample, Sample)
        Those whose answers are used, with weights of mean one in each group; units are numbered
        over both.
    strata : (u) stratum number of each unit
    scales : (float, float)
        Mean weight that the weights of each group were divided by.
    low, high : (p) ends of the answer scales
    notes : tuple of str
        What was left out.
    """

    model: Model
    cells: tuple[Cell, Cell]
    samples: tuple[Sample, Sample]
    strata: IntArray
    scales: tuple[float, float]
    low: Array
    high: Array
    notes: tuple[str, ...]


def pair_of(
    survey: Survey,
    model: Model,
    by: str,
    groups: tuple[str, str],
    where: Mapping[str, str],
    options: IndexOptions,
) -> Pair:
    """Find two groups of respondents.

    Parameters
    ----------
    survey : Survey
    model : Model
    by : str
        Key that tells the groups.
    groups : (str, str)
        Its two values.
    where : mapping of str to str
        Values of other keys that all respondents share. Without a period it is the last one.
    options : IndexOptions

    Raises
    ------
    IndexFigureError
        All faults at once.
    """
    faults = name_faults(survey, model, by, groups, where)
    if faults:
        raise IndexFigureError(faults)
    where = dict(where)
    time = survey.codebook.time
    if time is not None and by != time.name:
        where.setdefault(time.name, survey.periods[-1])
    taken = ~ungrouped(survey, (by,))
    for key, value in where.items():
        taken &= np.asarray(survey.keys[key] == value)
    cells = (
        Cell(groups[:1], np.flatnonzero(taken & np.asarray(survey.keys[by] == groups[0]))),
        Cell(groups[1:], np.flatnonzero(taken & np.asarray(survey.keys[by] == groups[1]))),
    )
    return pair_of_cells(survey, model, cells, where, options)


def pair_of_cells(
    survey: Survey,
    model: Model,
    cells: tuple[Cell, Cell],
    where: Mapping[str, str],
    options: IndexOptions,
) -> Pair:
    """Put two groups of respondents side by side.

    Parameters
    ----------
    survey : Survey
    model : Model
    cells : (Cell, Cell)
        Their respondents.
    where : mapping of str to str
        What all of them share, for messages.
    options : IndexOptions

    Raises
    ------
    IndexFigureError
        Groups that are empty or too small, a model with too little left: all at once.
    """
    answers = survey.columns(model.columns)
    here = ~np.isnan(answers)
    absent = tuple(
        item
        for column, item in enumerate(model.columns)
        if not all(here[cell.rows, column].any() for cell in cells)
    )
    left, dropped = model.without(set(absent)) if absent else (model, ())
    kept = [column not in absent for column in model.columns]
    weights = survey.design.weights
    used = tuple(
        int(used_rows(answers[cell.rows][:, kept], weights[cell.rows], options.missing).sum())
        for cell in cells
    )
    faults = size_faults(cells, used, where, absent, left, options)
    if faults or left is None:
        raise IndexFigureError(faults)
    notes = [f"not asked in both groups: {', '.join(absent)}"] if absent else []
    notes += [f"left out of the model: {'; '.join(dropped)}"] if dropped else []
    return _pair(survey, left, cells, options, notes)


def _pair(
    survey: Survey, model: Model, cells: tuple[Cell, Cell], options: IndexOptions, notes: list[str]
) -> Pair:
    """Put the used answers of both groups together."""
    answers, weights = survey.columns(model.items), survey.design.weights
    used = [
        cell.rows[used_rows(answers[cell.rows], weights[cell.rows], options.missing)]
        for cell in cells
    ]
    away = sum(len(cell.rows) for cell in cells) - sum(len(rows) for rows in used)
    if away:
        what = "an answer" if options.missing != "complete" else "all answers"
        notes = [*notes, f"{away} respondents without {what} or weight left out"]
    every = np.concatenate(used)
    units = np.arange(len(every))
    if survey.design.clustered:
        units = np.unique(survey.design.clusters[every], return_inverse=True)[1].reshape(-1)
    strata = np.zeros(int(units.max(initial=-1)) + 1, dtype=np.int64)
    strata[units] = survey.design.strata[every]
    # sorted: the same sum in any order of the rows
    scales = [float(np.sort(weights[rows]).mean()) if len(rows) else 1.0 for rows in used]
    parts = np.split(units, [len(used[0])])
    samples = [
        Sample(model.items, answers[rows], weights[rows] / scale, part, rows)
        for rows, scale, part in zip(used, scales, parts, strict=True)
    ]
    ends = [survey.codebook.item(item) for item in model.items]
    return Pair(
        model=model,
        cells=cells,
        samples=(samples[0], samples[1]),
        strata=strata,
        scales=(scales[0], scales[1]),
        low=np.array([item.low for item in ends]),
        high=np.array([item.high for item in ends]),
        notes=tuple(notes),
    )
