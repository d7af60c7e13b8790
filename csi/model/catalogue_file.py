"""Read the TOML file of a catalogue model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from csi.model.catalogue_parts import Condition, EstimatorDefaults, Question, Source
from csi.model.form import Form, Table, entry_place, model_from_dict
from csi.model.model import Model
from csi.model.toml_form import CATALOGUE_KEYS, toml_table
from csi.model.words import remedy
from csi.text import Text

_WORDS = ("country", "about", "verified", "screening")
_MEANINGS = ("dont_know", "refused", "not_asked", "not_applicable", "no_answer")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parts of a catalogue file."""

    model: Model
    since: str
    words: Mapping[str, Text]
    notes: tuple[Text, ...]
    estimator: EstimatorDefaults
    sources: tuple[Source, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """An answer scale that several questions share."""

    low: float
    high: float
    low_label: Text
    high_label: Text
    missing: Mapping[str, str]


def parse_entry(text: str, *, where: str) -> Parsed:
    """Return the parts of a catalogue file.

    Parameters
    ----------
    text : str
        TOML: a model, and the tables ``[catalogue]``, ``[estimator]``, ``[[source]]``,
        ``[scale.NAME]`` and ``[[question]]``.
    where : str
        What the text is called in messages.

    Raises
    ------
    ModelError
        All faults of the model at once; where it has none, all faults of the rest.
    """
    plain = toml_table(text, where=where)
    model = model_from_dict(plain, also=CATALOGUE_KEYS)
    form = Form()
    about = _table(plain, "catalogue", form)
    form.known_keys(about, ("since", "notes", *_WORDS), "[catalogue]")
    parsed = Parsed(
        model=model,
        since=form.text(about, "since", "[catalogue]"),
        words=MappingProxyType({w: _both(about, w, "[catalogue]", form) for w in _WORDS}),
        notes=_notes(about, form),
        estimator=_estimator(_table(plain, "estimator", form), form),
        sources=_sources(form.tables(plain, "source", where), form),
        questions=_questions(plain, model, form),
    )
    form.close()
    return parsed


def _table(plain: Table, key: str, form: Form) -> Table:
    """Return a table of the file."""
    value = plain.get(key)
    if isinstance(value, Mapping):
        return value
    form.fault(f"[{key}]", "the table is missing", f"write [{key}]")
    return {}


def _both(table: Table, key: str, where: str, form: Form) -> Text:
    """Return words, which must be there in both languages."""
    words = form.wording(table, key, where)
    if not (words.en and words.zh):
        form.fault(where, f"{key} is not there in both languages", "write { en = ..., zh = ... }")
    return words


def _notes(about: Table, form: Form) -> tuple[Text, ...]:
    """Return the notes."""
    listed = about.get("notes", [])
    if not isinstance(listed, list):
        form.fault("[catalogue]", "notes is not a list", "write notes = [{ en = ..., zh = ... }]")
        return ()
    return tuple(_both({"note": note}, "note", "[catalogue] notes", form) for note in listed)


def _estimator(table: Table, form: Form) -> EstimatorDefaults:
    """Return how the model is usually estimated."""
    where = "[estimator]"
    form.known_keys(table, ("metric", "scheme", "published", "note"), where)
    return EstimatorDefaults(
        form.choice(table, "metric", where, ("raw", "standardised"), "standardised"),
        form.choice(table, "scheme", where, ("path", "centroid", "factorial"), "path"),
        form.flag(table, "published", where, False),
        _both(table, "note", where, form),
    )


def _sources(tables: Sequence[Table], form: Form) -> tuple[Source, ...]:
    """Return the sources."""
    found = []
    for number, table in enumerate(tables, start=1):
        where = entry_place("source", number, table.get("key"))
        form.known_keys(table, ("key", "year", "what", "read"), where)
        found.append(
            Source(
                form.text(table, "key", where),
                int(form.number(table, "year", where)),
                _both(table, "what", where, form),
                form.flag(table, "read", where, False),
            )
        )
    return tuple(found)


def _questions(plain: Table, model: Model, form: Form) -> tuple[Question, ...]:
    """Return the questions: one for each item, in the model's order, then the others."""
    scales = _scales(_table(plain, "scale", form), form)
    found = [
        question
        for number, table in enumerate(form.tables(plain, "question", "file"), start=1)
        if (question := _question(table, number, model, scales, form))
    ]
    asked = [question.item for question in found]
    for item in model.columns:
        if item not in asked:
            form.fault(f"item {item}", "no question asks it", "add a [[question]]")
    for item in {item for item in asked if asked.count(item) > 1}:
        form.fault(f"item {item}", "several questions ask it", "keep one [[question]]")
    for question in found:
        if question.asked_if and question.asked_if.item not in asked:
            earlier = question.asked_if.item
            fix = remedy(earlier, asked)
            form.fault(f"item {question.item}", f"asked_if names unknown item {earlier!r}", fix)
    place = {item: number for number, item in enumerate(model.columns)}
    return tuple(sorted(found, key=lambda question: place.get(question.item, len(place))))


def _scales(tables: Table, form: Form) -> Mapping[str, _Scale]:
    """Return the answer scales by name."""
    found = {}
    for name, table in tables.items():
        where = f"[scale.{name}]"
        if not isinstance(table, Mapping):
            form.fault(where, "it is not a table", "write low, high and their labels in it")
            continue
        form.known_keys(table, ("low", "high", "low_label", "high_label", "missing"), where)
        missing = _table(table, "missing", form)
        found[name] = _Scale(
            form.number(table, "low", where),
            form.number(table, "high", where),
            _both(table, "low_label", where, form),
            _both(table, "high_label", where, form),
            MappingProxyType(
                {c: form.choice(missing, c, where, _MEANINGS, "no_answer") for c in missing}
            ),
        )
    return found


def _question(
    table: Table, number: int, model: Model, scales: Mapping[str, _Scale], form: Form
) -> Question | None:
    """Return one question."""
    where = entry_place("question", number, table.get("item"))
    keys = ("item", "construct", "scale", "label", "wording", "asked_if")
    form.known_keys(table, keys, where)
    item, scale_name = form.text(table, "item", where), form.text(table, "scale", where)
    owner = next((c.name for c in model.constructs if item in c.items), None)
    construct = owner or form.choice(table, "construct", where, model.names, model.index)
    scale = scales.get(scale_name)
    if scale is None:
        form.fault(where, f"unknown scale {scale_name!r}", remedy(scale_name, scales))
        return None
    return Question(
        item=item,
        construct=construct,
        label=_both(table, "label", where, form),
        wording=_both(table, "wording", where, form),
        low=scale.low,
        high=scale.high,
        low_label=scale.low_label,
        high_label=scale.high_label,
        missing=scale.missing,
        asked_if=_condition(table, where, form),
        in_model=owner is not None,
    )


def _condition(table: Table, where: str, form: Form) -> Condition | None:
    """Return who is asked, None for everybody."""
    value = table.get("asked_if")
    if value is None:
        return None
    if not isinstance(value, Mapping):
        form.fault(where, f"asked_if is {value!r}", "write { item = ..., low = ..., high = ... }")
        return None
    form.known_keys(value, ("item", "low", "high"), where)
    return Condition(
        form.text(value, "item", where),
        form.number(value, "low", where),
        form.number(value, "high", where),
    )
