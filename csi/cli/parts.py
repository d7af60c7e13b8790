"""The parts of csi that commands call; each loads when a command first uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csi.lazy import lazy_module

if TYPE_CHECKING:
    import csi.model as model
    import csi.model.models as models
    import csi.model.python_form as python_form
    import csi.planning as planning
    import csi.repeats as repeats
    import csi.report.assessment_terminal as assessment_terminal
    import csi.report.note_words as note_words
    import csi.report.numbers as numbers
    import csi.report.remarks as remarks
    import csi.report.report_terminal as report_terminal
    import csi.report.terminal as terminal
    import csi.report.view as view
    import csi.run as run
    import csi.run.figures_file as figures_file
    import csi.simulation as simulation
    import csi.survey.codebook_file as codebook_file
    import csi.survey.draft as draft
else:
    planning = lazy_module("csi.planning")
    model = lazy_module("csi.model")
    models = lazy_module("csi.model.models")
    python_form = lazy_module("csi.model.python_form")
    assessment_terminal = lazy_module("csi.report.assessment_terminal")
    note_words = lazy_module("csi.report.note_words")
    numbers = lazy_module("csi.report.numbers")
    repeats = lazy_module("csi.repeats")
    remarks = lazy_module("csi.report.remarks")
    report_terminal = lazy_module("csi.report.report_terminal")
    terminal = lazy_module("csi.report.terminal")
    view = lazy_module("csi.report.view")
    run = lazy_module("csi.run")
    figures_file = lazy_module("csi.run.figures_file")
    simulation = lazy_module("csi.simulation")
    codebook_file = lazy_module("csi.survey.codebook_file")
    draft = lazy_module("csi.survey.draft")

__all__ = [
    "assessment_terminal",
    "codebook_file",
    "draft",
    "figures_file",
    "model",
    "models",
    "note_words",
    "numbers",
    "planning",
    "python_form",
    "remarks",
    "repeats",
    "report_terminal",
    "run",
    "simulation",
    "terminal",
    "view",
]
