"""One fit of a survey, or of a part of it, with the errors of every parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from csi.arrays import BoolArray
from csi.errors import EstimationError, Fault, NotConvergedError, SurveyError
from csi.estimate.covariance import sem
from csi.estimate.covariance.options import SemOptions
from csi.index.values import YearlyIndex
from csi.index.yearly import Progress, yearly
from csi.model.model import Model
from csi.report.tables import open_folder
from csi.run.inputs import Inputs, find_inputs
from csi.run.plan import NONE, RunPlan
from csi.run.reading import read_inputs
from csi.survey.cells import natural_key, nearest
from csi.survey.survey import Survey
from csi.tabular import Brief

TABLES = ("paths", "effects", "weights", "quality", "fits")
"""Tables of a fit, which are the names of its files."""

Where = Mapping[str, Sequence[str]]
"""For each key of the codebook the values of the respondents to take."""


@dataclass(frozen=True, slots=True, repr=False)
class FitRun(Brief):
    """One fit with what it was made from.

    Attributes
    ----------
    inputs : Inputs
    survey : Survey
        The respondents taken.
    model : Model
    where : mapping of key to values
    tables : mapping of name to DataFrame
        ``paths, effects, weights, quality, fits`` as in `YearlyIndex`, without year and group; by
        maximum likelihood also ``measures`` and ``parameters`` with robust errors.
    yearly : YearlyIndex
        The fit as an index with one period, for metric and notes.
    doubts : tuple of str
        What is wrong or doubtful about a fit by maximum likelihood, in sentences.
    """

    inputs: Inputs
    survey: Survey
    model: Model
    where: Where
    tables: Mapping[str, pd.DataFrame]
    yearly: YearlyIndex
    doubts: tuple[str, ...] = ()


def run_fit(plan: RunPlan, where: Where | None = None, progress: Progress | None = None) -> FitRun:
    """Fit the model once to all respondents, or to those of some periods and groups.

    Parameters
    ----------
    plan : RunPlan
        `by` and `group` have no part in it.
    where : mapping of key to values, optional
        Such as ``{"year": ["2025"], "company": ["A", "B"]}``; everybody where None.
    progress : callable, optional

    Raises
    ------
    SurveyError
        Unknown keys or values, all at once; or nobody is left.
    NotConvergedError
        The iteration did not settle.
    EstimationError
        The model cannot be fitted to these respondents.
    """
    model = None if plan.model is None else str(plan.model)
    codebook = None if plan.codebook is None else str(plan.codebook)
    inputs = find_inputs(str(plan.survey), codebook, model)
    whole, read = read_inputs(plan, inputs)
    survey = part_of(whole, where or {})
    options = replace(plan.options, min_n=0)  # nothing is published here
    found = yearly(survey, read, by=NONE, group=None, options=options, progress=progress)
    problem = str(found.fits["problem"].iloc[0])
    if problem:
        kind = NotConvergedError if problem.startswith("not converged") else EstimationError
        fix = "look at the items with `csi check`, or take more respondents"
        raise kind(Fault("fit", problem, fix))
    tables = {name: getattr(found, name).drop(columns=["year", "group"]) for name in TABLES}
    doubts: tuple[str, ...] = ()
    if options.estimator == "ml":
        complete = options.missing == "complete"
        chosen = SemOptions(errors="mlr", missing="complete" if complete else "fiml")
        fit = sem.fit(read, survey, chosen)
        tables |= {
            "measures": sem.measures(fit),
            "parameters": sem.parameters(fit, level=options.level),
        }
        doubts = (*fit.ended, *sem.diagnosis(fit))
    return FitRun(inputs, survey, read, where or {}, tables, found, doubts)


def part_of(survey: Survey, where: Where) -> Survey:
    """Return the respondents with the wanted values of keys; counts of what is missing stay whole.

    Raises
    ------
    SurveyError
        Unknown keys or values, all at once, with the nearest; or nobody is left.
    """
    faults = [fault for name, values in where.items() for fault in _faults(survey, name, values)]
    if faults:
        raise SurveyError(faults)
    rows: BoolArray = np.ones(len(survey), dtype=bool)
    for name, values in where.items():
        rows &= np.isin(survey.keys[name].astype(str), list(values))
    if not rows.any():
        words = " and ".join(f"{name} {' or '.join(values)}" for name, values in where.items())
        raise SurveyError(Fault("where", f"no respondent has {words}", "take fewer conditions"))
    return survey.take(rows)


def write_fit(run: FitRun, folder: str | Path) -> tuple[Path, ...]:
    """Write the tables of a fit as CSV.

    Parameters
    ----------
    run : FitRun
    folder : str or Path
        Made where it does not exist.

    Returns
    -------
    tuple of Path
    """
    place = open_folder(folder)
    paths = tuple(place / f"{name}.csv" for name in run.tables)
    for path, table in zip(paths, run.tables.values(), strict=True):
        table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return paths


def _faults(survey: Survey, name: str, values: Sequence[str]) -> list[Fault]:
    """Return what is wrong with one condition."""
    if name not in survey.keys:
        fix = nearest(name, survey.keys)
        return [Fault(f"where {name}", "is not a time or group of the codebook", fix)]
    known = sorted({str(value) for value in survey.keys[name] if value}, key=natural_key)
    return [
        Fault(f"where {name}={value}", "no respondent has this value", nearest(value, known))
        for value in values
        if value not in known
    ]
