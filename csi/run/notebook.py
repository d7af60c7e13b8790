"""A notebook to start from: written for a survey that was checked first, with what it has."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TypeVar, get_args

from csi.errors import CsiError, Fault
from csi.model.model import Model
from csi.model.sem.build import sem_of
from csi.report.tables import write_text
from csi.run.check import Checked, run_check
from csi.run.index import group_of
from csi.run.inputs import Inputs, find_inputs
from csi.run.notebook_cells import Road, cells_of, notebook_text
from csi.run.notebook_words import words_of
from csi.run.plan import RunPlan
from csi.survey.codebook_file import read_codebook
from csi.survey.survey import Survey

Found = TypeVar("Found")

ENDING = ".ipynb"


def start_notebook(
    place: str | PathLike[str], plan: RunPlan, road: Road = "index", *, force: bool = False
) -> Path:
    """Write a notebook that works on a survey, after survey, codebook and model were checked.

    Parameters
    ----------
    place : str or path
        The notebook to be written, ``*.ipynb`` in a folder that exists.
    plan : RunPlan
        Survey, codebook, model, group, language, and how to read the survey; the rest has no part
        in it.
    road : {"index", "assess", "sem"}
        What it is about.
    force : bool
        Replace a file that is there.

    Returns
    -------
    Path
        The notebook: without outputs, paths relative to it, cells for what the survey has (no
        league table without groups, no changes in a single period), prose in one language.

    Raises
    ------
    CsiError
        Everything wrong with the place, the files, the survey and the model, at once.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     written = start_notebook(f"{folder}/mine.ipynb", RunPlan("mobile"))
    ...     written.read_text("utf-8").count('"cell_type"') > 20
    True
    """
    path = Path(place)
    faults = _place_faults(path, force)
    if road not in get_args(Road):
        fix = f"use one of {', '.join(get_args(Road))}"
        faults.append(Fault("option road", f"{road!r} is not possible", fix))
    codebook, model_name = (None if x is None else str(x) for x in (plan.codebook, plan.model))
    inputs = _caught(faults, lambda: find_inputs(str(plan.survey), codebook, model_name))
    checked = _caught(faults, lambda: run_check(plan)) if inputs is not None else None
    if inputs is not None and checked is not None:
        faults += [*checked.faults, *_group_faults(inputs, plan), *_road_faults(checked, road)]
    if inputs is None or checked is None or checked.survey is None or faults:
        raise CsiError(faults)
    survey, model = checked.survey, checked.model
    if model is None:
        raise AssertionError("a notebook has a model")
    group = group_of(plan.group, survey.codebook)
    words = words_of(path, plan, road, inputs, survey, group)
    has = features(survey, model, group)
    cells = [*cells_of("head", plan.language), *cells_of(road, plan.language)]
    chosen = [cell.filled(words) for cell in cells if cell.fits(has)]
    write_text(path, notebook_text(chosen))
    return path


def features(survey: Survey, model: Model, group: str) -> frozenset[str]:
    """Return what a survey and a model have, in the words that cells ask for.

    Returns
    -------
    frozenset of str
        Some of ``time``, ``years`` (two periods or more), ``group`` (two values or more) and
        ``causes`` (constructs that the index depends on).
    """
    values = {str(value) for value in survey.keys[group] if value} if group else set()
    there = {
        "time": survey.codebook.time is not None,
        "years": len(survey.periods) > 1,
        "group": len(values) > 1,
        "causes": any(path.target == model.index for path in model.paths),
    }
    return frozenset(name for name, has in there.items() if has)


def _place_faults(path: Path, force: bool) -> list[Fault]:
    """Return why the notebook cannot be written there."""
    faults = []
    if path.suffix != ENDING:
        fix = f"call it {path.with_suffix(ENDING).name}"
        faults.append(Fault(str(path), f"is no name of a notebook, which ends in {ENDING}", fix))
    if not path.parent.is_dir():
        faults.append(Fault(str(path), f"there is no folder {path.parent}", "correct the path"))
    if path.is_dir():
        faults.append(Fault(str(path), "is a folder", "name a file in it"))
    elif path.exists() and not force:
        fix = "give another name, or --force to replace it"
        faults.append(Fault(str(path), "is there already", fix))
    return faults


def _group_faults(inputs: Inputs, plan: RunPlan) -> list[Fault]:
    """Return whether the group asked for is one of the codebook, where that can be read."""
    if not plan.group:
        return []
    codebook = _caught([], lambda: read_codebook(inputs.codebook.path))
    if codebook is None or plan.group in (known := [key.name for key in codebook.groups]):
        return []
    fix = f"use one of {', '.join(known)}" if known else "leave it out"
    return [Fault(f"option group {plan.group}", "is no group of the codebook", fix)]


def _road_faults(checked: Checked, road: Road) -> list[Fault]:
    """Return what is wrong with the model for a covariance fit, where it is one."""
    faults: list[Fault] = []
    model = checked.model
    if model is not None and road == "sem":
        _caught(faults, lambda: sem_of(model))
    return faults


def _caught(faults: list[Fault], find: Callable[[], Found]) -> Found | None:
    try:
        return find()
    except CsiError as error:
        faults += error.faults or (Fault(error.subject, str(error), "correct it"),)
        return None
