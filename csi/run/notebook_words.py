"""What is filled into the cells of a notebook: titles, parameters, imports, how files are read."""

from __future__ import annotations

import json
from os.path import relpath
from pathlib import Path

from csi.run.inputs import Input, Inputs
from csi.run.notebook_cells import Road
from csi.run.plan import RunPlan
from csi.survey.survey import Survey
from csi.text import Language, Text

DRAWS = 200
"""Draws that are enough to look around; figures to be published take 1,000 or more."""
SEED = 1

TITLES = {
    "index": Text("{title}: the index", "{title}：指数"),
    "assess": Text("{title}: is the model any good?", "{title}：模型可靠吗？"),
    "sem": Text("{title}: a covariance fit", "{title}：协方差结构模型"),
}
MORE_DRAWS = Text("publish with 1,000 or more", "正式发布请用 1,000 次或更多")

USES = {
    "index": ("from IPython.display import display", "from rich.console import Console"),
    "assess": ("from IPython.display import display", "from rich.console import Console"),
    "sem": ("from IPython.display import display",),
}
"""What the cells of a road load beside pandas and csi."""


def words_of(
    path: Path, plan: RunPlan, road: Road, inputs: Inputs, survey: Survey, group: str
) -> dict[str, str]:
    """Return the words of the cells, by their names.

    Parameters
    ----------
    path : Path
        Of the notebook; files are named from its folder.
    plan : RunPlan
    road : Road
    inputs : Inputs
    survey : Survey
    group : str
        The group key; empty for none.
    """
    codebook, language = survey.codebook, plan.language
    title = codebook.title.within(language) or inputs.survey.path.stem
    reading = {name: getattr(plan, name) for name in ("sheet", "encoding", "delimiter")}
    given = [f"{name}={_quoted(value)}" for name, value in reading.items() if value is not None]
    return {
        "title": TITLES[road].within(language).format(title=title),
        "survey": inputs.survey.name,
        "name": path.name,
        "time": codebook.time.name if codebook.time else "",
        "group": group,
        "group_word": _quoted(group) if group else "None",
        "by_word": _quoted(group),
        "parameters": _parameters(path, road, inputs, language),
        "imports": _imports(road, inputs),
        "read_survey": ", ".join(["survey_file", "codebook", *given]),
        "read_model": _read_model(inputs),
    }


def _parameters(path: Path, road: Road, inputs: Inputs, language: Language) -> str:
    """Return the lines of the cell of parameters."""
    named = {"survey": inputs.survey, "codebook": inputs.codebook, "model": inputs.model}
    places = {name: _place(found, path) for name, found in named.items() if found is not None}
    packaged = any(place.startswith("files(") for place in places.values())
    lines = ["from importlib.resources import files", ""] if packaged else []
    lines += [f"{name}_file = {place}" for name, place in places.items()]
    lines += [f"draws = {DRAWS}  # {MORE_DRAWS.within(language)}", f"seed = {SEED}"]
    lines += [f"language = {_quoted(language)}"]
    return "\n".join([*lines, *(['report_folder = ""'] if road == "index" else [])])


def _place(found: Input, path: Path) -> str:
    """Return Python that names a file from the folder of the notebook, or in the package."""
    if found.origin == "catalogue":
        return _quoted(found.name)
    if found.origin == "packaged":
        parts = ["csi", "data", found.name, found.path.name]
        return f"files({_quoted(parts[0])}) / " + " / ".join(map(_quoted, parts[1:]))
    try:
        shown = Path(relpath(found.path.resolve(), path.parent.resolve()))
    except ValueError:  # on another drive
        shown = found.path.resolve()
    return _quoted(shown.as_posix())


def _imports(road: Road, inputs: Inputs) -> str:
    own = ["from pathlib import Path", ""] if _is_text(inputs) else []
    shows = "from csi.report.assessment_terminal import show"
    report = ["from csi import report" if road in ("index", "sem") else shows]
    lines = [*own, "import pandas as pd", *USES[road], "", "import csi", *report]
    return "\n".join([*lines, "", "%matplotlib inline"])


def _read_model(inputs: Inputs) -> str:
    """Return Python that reads the model: of the catalogue, TOML or lavaan-style text."""
    if inputs.model is not None and inputs.model.origin == "catalogue":
        return "csi.models.load(model_file)"
    if _is_text(inputs):
        return 'csi.model_from_lavaan(Path(model_file).read_text(encoding="utf-8-sig"))'
    return "csi.read_model(model_file)"


def _is_text(inputs: Inputs) -> bool:
    """Tell whether the model is lavaan-style text."""
    found = inputs.model
    return found is not None and found.origin == "file" and found.path.suffix.lower() != ".toml"


def _quoted(text: str) -> str:
    """Return text as a Python string."""
    return json.dumps(text, ensure_ascii=False)
