"""A model as TOML text and file."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path as FilePath

from csi.errors import Fault, ModelError
from csi.model.form import model_from_dict
from csi.model.model import Model
from csi.model.toml_text import toml_pair

CATALOGUE_KEYS = ("catalogue", "estimator", "source", "scale", "question")
"""Tables of a catalogue file that stand beside those of its model."""


def model_from_toml(text: str, *, where: str = "TOML text") -> Model:
    """Return the model written in TOML.

    Parameters
    ----------
    text : str
        ``name``, ``index``, ``title``, one ``[[construct]]`` with ``name, kind, items, label``
        (``parts`` in place of ``items`` for a construct of constructs) and one ``[[path]]`` with
        ``from, to, sign, verified`` for each; ``to`` may be a list.
    where : str
        What the text is called in messages.

    Raises
    ------
    ModelError
        All faults at once.

    Examples
    --------
    >>> model = model_from_toml('''
    ... index = "Satisfaction"
    ... [[construct]]
    ... name = "Quality"
    ... items = ["Q1", "Q2"]
    ... [[construct]]
    ... name = "Satisfaction"
    ... items = ["S1", "S2", "S3"]
    ... [[path]]
    ... from = "Quality"
    ... to = "Satisfaction"
    ... ''')
    >>> model_from_toml(model_to_toml(model)) == model
    True
    """
    return model_from_dict(toml_table(text, where=where), also=CATALOGUE_KEYS)


def model_to_toml(model: Model) -> str:
    """Return the model as TOML text, complete: `model_from_toml` gives the same model."""
    plain = model.to_dict()
    head = [toml_pair(key, plain[key]) for key in ("name", "index", "title") if key in plain]
    blocks = ["\n".join(head)]
    for construct in model.constructs:
        pairs = [toml_pair(key, value) for key, value in construct.to_dict().items()]
        blocks.append("\n".join(["[[construct]]", *pairs]))
    for path in model.paths:
        pairs = [toml_pair(key, value) for key, value in path.to_dict().items()]
        blocks.append("\n".join(["[[path]]", *pairs]))
    return "\n\n".join(blocks) + "\n"


def read_model(path: str | os.PathLike[str]) -> Model:
    """Return the model in a TOML file (UTF-8).

    Raises
    ------
    ModelError
        The file cannot be read or its model has faults, all named at once.
    """
    file = FilePath(path)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise ModelError(Fault(str(file), what, "check the path")) from error
    except UnicodeDecodeError as error:
        raise ModelError(Fault(str(file), "it is not UTF-8", "save it as UTF-8")) from error
    return model_from_toml(text, where=str(file))


def write_model(model: Model, path: str | os.PathLike[str]) -> None:
    """Write the model as a TOML file (UTF-8, the same bytes on every system)."""
    FilePath(path).write_bytes(model_to_toml(model).encode("utf-8"))


def toml_table(text: str, *, where: str) -> dict[str, object]:
    """Return TOML text as a table.

    Raises
    ------
    ModelError
        The text is not TOML; the message has the line.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits
        raise ModelError(Fault(where, f"not TOML: {error}", "correct that line")) from error
