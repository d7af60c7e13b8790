"""A simulation plan as a TOML file: what is true, how it is sampled, the seed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from csi.errors import CsiError, Fault, OptionError
from csi.model.toml_form import read_model
from csi.simulation.base import Base, catalogue_base
from csi.simulation.plan import SimulationPlan
from csi.simulation.plan_fields import (
    clusters,
    ends,
    missing,
    questions,
    stratum,
    true_values,
    whole,
)
from csi.survey.toml_fields import Fields

_SPAN = re.compile(r"(\d{4})-(\d{4})\Z")


def read_plan(path: str | Path) -> SimulationPlan:
    """Read what a survey is to be simulated from.

    Parameters
    ----------
    path : str or Path
        A TOML file: ``model`` (a name of the catalogue, or a ``.toml`` file beside this one),
        ``years`` (a list, or ``"2020-2025"``), ``seed``, ``n``, ``scale``, and the tables
        ``[time]``, ``[group]``, ``[truth]``, ``[[strata]]``, ``[missing]``, ``[clusters]``,
        ``[items]``; `csi.simulation.plan_text.plan_text` writes them all.

    Returns
    -------
    SimulationPlan
        Its ``text`` is the text of the file.

    Raises
    ------
    OptionError
        The file cannot be read or is no plan; all faults at once.
    """
    file = Path(path)
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise OptionError(Fault(str(file), what, "check the path")) from error
    except UnicodeDecodeError as error:
        raise OptionError(Fault(str(file), "it is not UTF-8", "save it as UTF-8")) from error
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits
        raise OptionError(Fault(str(file), f"not TOML: {error}", "correct that line")) from error
    faults: list[Fault] = []
    top = Fields(table, file.name, faults)
    plan = _plan(top, file.parent, text)
    top.finish()
    if faults or plan is None:
        raise OptionError(faults)
    return plan


def _plan(top: Fields, folder: Path, text: str) -> SimulationPlan | None:
    """Read all tables; None where there is no model."""
    base = _model(top, folder)
    years = years_of(top.strings("years"))
    seed = whole(top, "seed")
    given: dict[str, Any] = {"text": text}
    if "n" in top.table:
        given["n"] = whole(top, "n")
    if scale := ends(top, "scale"):
        given["scale"] = scale
    for name in ("title", "population"):
        if name in top.table:
            given[name] = top.text(name)
    for name in ("time", "group"):
        given |= _key(top, name)
    if truth := top.child("truth"):
        given["true"] = true_values(truth)
    given["strata"] = tuple(stratum(entry) for entry in top.children("strata"))
    if gaps := top.child("missing"):
        given["missing"] = missing(gaps)
    if units := top.child("clusters"):
        given["clusters"] = clusters(units)
    items = top.child("items")
    words, scales = questions(items) if items else ({}, {})
    if base is None:
        return None
    given["words"] = {**base.words, **words}
    given["scales"] = {**base.scales, **scales}
    return SimulationPlan(model=base.model, years=years, seed=seed, **given)


def _key(top: Fields, name: str) -> dict[str, Any]:
    """Read name, label and values of the time or the group."""
    fields = top.child(name)
    if fields is None:
        return {}
    given: dict[str, Any] = {}
    if "name" in fields.table:
        given[name] = fields.string("name")
    if "label" in fields.table:
        given[f"{name}_label"] = fields.text("label")
    if name == "group" and (values := fields.child("values")):
        given["groups"] = {value: values.text(value) for value in values.table}
    fields.finish()
    return given


def _model(top: Fields, folder: Path) -> Base | None:
    """Read the model named in the plan; its faults join those of the plan."""
    name = top.string("model")
    if not name:
        top.fault("model", "is not given", 'name a model, such as model = "ecsi_mobile"')
        return None
    try:
        return Base(read_model(folder / name)) if name.endswith(".toml") else catalogue_base(name)
    except CsiError as error:
        top.faults.extend(error.faults or [Fault(f"{top.where}, model", str(error), "correct it")])
        return None


def years_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return years one by one; a span such as ``2020-2025`` stands for all of its years.

    Examples
    --------
    >>> years_of(["2018", "2020-2022"])
    ('2018', '2020', '2021', '2022')
    """
    years: list[str] = []
    for word in words:
        span = _SPAN.match(word)
        years += map(str, range(int(span[1]), int(span[2]) + 1)) if span else [word]
    return tuple(years)
