"""The survey and the model of a run, read from their files."""

from __future__ import annotations

from csi.model.model import Model
from csi.run.inputs import Inputs, model_of
from csi.run.plan import RunPlan
from csi.survey.codebook_file import read_codebook
from csi.survey.read import read_survey
from csi.survey.survey import Survey


def read_inputs(plan: RunPlan, inputs: Inputs) -> tuple[Survey, Model]:
    """Read the three files of a run; codebook and model first, because they are quick."""
    codebook = read_codebook(inputs.codebook.path)
    if inputs.model is None:
        raise AssertionError("a run has a model")
    model = model_of(inputs.model)
    survey = read_survey(
        inputs.survey.path,
        codebook,
        sheet=plan.sheet,
        encoding=plan.encoding,
        delimiter=plan.delimiter,
    )
    return survey, model
