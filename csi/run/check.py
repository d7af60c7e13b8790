"""Checking a survey file, its codebook and a model without computing anything."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from csi.errors import CsiError, Fault
from csi.model.model import Model
from csi.run.inputs import find_inputs, model_of
from csi.run.plan import RunPlan
from csi.survey.cells import same_word
from csi.survey.codebook import Codebook
from csi.survey.codebook_file import read_codebook
from csi.survey.read import check_survey
from csi.survey.survey import Survey
from csi.tabular import Brief


@dataclass(frozen=True, slots=True, repr=False)
class Checked(Brief):
    """What a check found.

    Attributes
    ----------
    faults : tuple of Fault
        Everything that is wrong; empty for a clean survey.
    survey : Survey or None
        The survey where its file and codebook have no fault.
    model : Model or None
        The model where one was given or lies beside the codebook, and it has no fault.
    """

    faults: tuple[Fault, ...]
    survey: Survey | None
    model: Model | None


def run_check(plan: RunPlan) -> Checked:
    """Check survey and codebook, and the model named or beside the codebook.

    Parameters
    ----------
    plan : RunPlan
        Only the files and how to read the survey have a part in it.

    Returns
    -------
    Checked

    Raises
    ------
    OptionError
        A file is not there.
    """
    codebook = None if plan.codebook is None else str(plan.codebook)
    wanted = None if plan.model is None else str(plan.model)
    inputs = find_inputs(str(plan.survey), codebook, wanted, model_needed=False)
    faults: list[Fault] = []
    book, model, survey = None, None, None
    try:
        book = read_codebook(inputs.codebook.path)
    except CsiError as error:
        faults += _faults_of(error, inputs.codebook.name)
    if inputs.model is not None:
        try:
            model = model_of(inputs.model)
        except CsiError as error:
            faults += _faults_of(error, inputs.model.name)
    if book is not None:
        found, survey = check_survey(
            inputs.survey.path,
            book,
            sheet=plan.sheet,
            encoding=plan.encoding,
            delimiter=plan.delimiter,
        )
        faults += found
        faults += _model_faults(model, book) if model is not None else []
    return Checked(tuple(faults), survey, model)


def _faults_of(error: CsiError, where: str) -> tuple[Fault, ...]:
    return error.faults or (Fault(where, str(error), "correct it"),)


def _model_faults(model: Model, codebook: Codebook) -> list[Fault]:
    """Return the items of the model that the codebook lacks."""
    known = [item.name for item in codebook.items]
    return [
        Fault(
            f"model {model.name}, item {item}",
            "is not an item of the codebook",
            _remedy(item, known),
        )
        for item in model.columns
        if item not in known
    ]


def _remedy(item: str, known: list[str]) -> str:
    """Return how to go on from an item that the codebook lacks."""
    folded = {same_word(name): name for name in reversed(known)}
    near = get_close_matches(same_word(item), list(folded), 1, 0.75)
    hint = f"did you mean {folded[near[0]]!r}? Else name" if near else "name"
    return f"{hint} an item of the codebook {item}, or change the model"
