"""Where survey, codebook and model of a run are found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from csi.errors import CsiError, Fault, ModelError, OptionError
from csi.model.catalogue import load, names
from csi.model.lavaan_form import model_from_lavaan
from csi.model.model import Model
from csi.model.toml_form import read_model
from csi.survey.cells import nearest
from csi.survey.readers import LABELLED, PARQUET, TEXT, WORKBOOKS

Origin = Literal["file", "packaged", "catalogue"]

DATA_ENDINGS = (*TEXT, *WORKBOOKS, *LABELLED, *PARQUET)
CODEBOOK, MODEL = "codebook.toml", "model.toml"


@dataclass(frozen=True, slots=True)
class Input:
    """One file a run is made from.

    Attributes
    ----------
    path : Path
    origin : {"file", "packaged", "catalogue"}
        A file of the user, of a packaged survey, or of the catalogue of models.
    name : str
        Name of the packaged survey or of the model in the catalogue; else of the file.
    """

    path: Path
    origin: Origin
    name: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def to_record(self) -> dict[str, str]:
        """Return what identifies the file, without its folder."""
        known: dict[str, str] = {} if self.origin == "file" else {self.origin: self.name}
        return {**known, "file": self.path.name, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a run; no model or table of nodes where none was asked for."""

    survey: Input
    codebook: Input
    model: Input | None
    aggregate: Input | None = None


def packaged_surveys() -> tuple[str, ...]:
    """Return the names of the surveys that come with the package.

    Examples
    --------
    >>> "sfo" in packaged_surveys()  # a codebook and a model, but no answers
    False
    """
    root = _packaged_root()
    folders = root.iterdir() if root.is_dir() else ()
    return tuple(sorted(entry.name for entry in folders if entry.is_dir() and _answers(entry)))


def find_inputs(
    survey: str,
    codebook: str | None = None,
    model: str | None = None,
    *,
    aggregate: str | None = None,
    model_needed: bool = True,
) -> Inputs:
    """Find the files of a run.

    Parameters
    ----------
    survey, codebook, model, aggregate : str
        As in `RunPlan`.
    model_needed : bool
        False where a run does without; a `model` that is given, or a ``model.toml`` beside the
        codebook, is found all the same.

    Raises
    ------
    OptionError
        Everything that was not found, at once, each with the nearest name.
    """
    faults: list[Fault] = []
    found = _caught(faults, lambda: find_survey(survey))
    beside = found.path.parent if found else Path(survey).parent
    book, chosen = None, None
    if codebook is not None or found is not None:
        book = _caught(faults, lambda: _named_or_beside("codebook", codebook, beside, found))
    lies_there = book is not None and (book.path.parent / MODEL).is_file()
    if model is not None or lies_there or (model_needed and book is not None):
        folder = book.path.parent if book else beside
        chosen = _caught(faults, lambda: find_model(model, folder, found))
    table = None
    if aggregate is not None:
        table = _caught(faults, lambda: find_aggregate(aggregate))
    if found is None or book is None or faults:
        raise OptionError(faults)
    return Inputs(found, book, chosen, table)


def find_aggregate(given: str) -> Input:
    """Return the file of a table of nodes.

    Raises
    ------
    OptionError
        There is none; the nearest name is given.
    """
    path = Path(given)
    if path.is_file():
        return Input(path, "file", path.name)
    if path.is_dir():
        fix = "name the file with name, parent and weight"
        raise OptionError(Fault(f"aggregate {path}", "it is a folder", fix))
    raise OptionError(_missing_file("aggregate", path, also=()))


def find_survey(given: str) -> Input:
    """Return the answers in a file, in a folder or in the package.

    Raises
    ------
    OptionError
        There are none; the nearest name is given.
    """
    path = Path(given)
    if path.is_file():
        return Input(path, "file", path.name)
    if path.is_dir():
        return Input(_only_answers(path), "file", path.name)
    if given in packaged_surveys():
        return Input(_only_answers(_packaged_root() / given), "packaged", given)
    raise OptionError(_missing_file("survey", path, also=packaged_surveys()))


def find_model(given: str | None, folder: Path, survey: Input | None) -> Input:
    """Return the file of a model: named, of the catalogue, or beside the codebook.

    Raises
    ------
    OptionError
        There is none.
    """
    if given in names():
        path = Path(str(files("csi.model"))) / "catalogue" / f"{given}.toml"
        return Input(path, "catalogue", str(given))
    return _named_or_beside("model", given, folder, survey)


def model_of(found: Input) -> Model:
    """Read a model: of the catalogue, in TOML, or as lavaan-style text.

    Raises
    ------
    ModelError
        The file cannot be read or its model has faults.
    """
    if found.origin == "catalogue":
        return load(found.name)
    if found.path.suffix.lower() == ".toml":
        return read_model(found.path)
    try:
        text = found.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ModelError(Fault(found.path.name, "it is not UTF-8", "save it as UTF-8")) from error
    return model_from_lavaan(text)


def _named_or_beside(what: str, given: str | None, folder: Path, survey: Input | None) -> Input:
    """Return the codebook or model that is named, or the one in `folder`."""
    usual = CODEBOOK if what == "codebook" else MODEL
    path = folder / usual if given is None else Path(given)
    if path.is_file():
        if survey and survey.origin == "packaged" and path.parent == survey.path.parent:
            return Input(path, "packaged", survey.name)
        return Input(path, "file", path.name)
    if given is not None:
        also = names() if what == "model" else ()
        raise OptionError(_missing_file(what, path, also=also))
    how = {
        "codebook": "give --codebook FILE, or draft one with `csi codebook draft`",
        "model": "give --model FILE or a name that `csi models` lists",
    }
    raise OptionError(Fault(what, f"there is no {usual} in {_shown(folder)}", how[what]))


def _caught(faults: list[Fault], find: Callable[[], Input]) -> Input | None:
    try:
        return find()
    except CsiError as error:
        faults.extend(error.faults)
        return None


def _packaged_root() -> Path:
    return Path(str(files("csi"))) / "data"


def _answers(folder: Path) -> list[Path]:
    """Return the files in `folder` that may hold the answers."""
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.stem == "survey" and entry.suffix.lower() in DATA_ENDINGS
    )


def _only_answers(folder: Path) -> Path:
    """Return the one file with answers in `folder`."""
    found = _answers(folder)
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(path.name for path in found)
        raise OptionError(
            Fault(_shown(folder), f"holds several surveys ({which})", "name one file")
        )
    data = [path.name for path in sorted(folder.iterdir()) if path.suffix.lower() in DATA_ENDINGS]
    fix = f"name a file, such as {_shown(folder / data[0])}" if data else "name a file with answers"
    raise OptionError(Fault(_shown(folder), "holds no file called survey.*", fix))


def _missing_file(what: str, path: Path, *, also: Iterable[str]) -> Fault:
    """Tell that a file is not there, with the nearest name."""
    known = [*also]
    if not path.parent.is_dir():
        return Fault(f"{what} {path}", f"there is no folder {path.parent}", "correct the path")
    known += sorted(entry.name for entry in path.parent.iterdir() if not entry.name.startswith("."))
    return Fault(f"{what} {path}", "there is no such file", nearest(path.name, known))


def _shown(folder: Path) -> str:
    return "this folder" if str(folder) == "." else str(folder)
