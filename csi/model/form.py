"""Plain values to a model: what the TOML and the lavaan form have in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, cast, get_args

from csi.errors import Fault, ModelError
from csi.model.model import Construct, Kind, Model, Path, Sign
from csi.model.words import remedy
from csi.text import Text

Table = Mapping[str, object]

CONSTRUCT_KEYS = ("name", "kind", "items", "parts", "label")
PATH_KEYS = ("from", "to", "sign", "verified")
MODEL_KEYS = ("name", "index", "title", "construct", "path")


class Form:
    """Reads fields of plain tables and collects what is wrong with them.

    Attributes
    ----------
    faults : list of Fault
        Grows with each field that cannot be used; `close` raises them at once.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, where: str, what: str, fix: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(where, what, fix))

    def close(self) -> None:
        """Raise all faults noted so far, if there are any."""
        if self.faults:
            raise ModelError(self.faults)

    def known_keys(self, table: Table, known: Collection[str], where: str) -> None:
        """Note each key that is not one of `known`."""
        for key in table:
            if key not in known:
                self.fault(where, f"unknown key {key!r}", remedy(key, known))

    def text(self, table: Table, key: str, where: str, default: str | None = None) -> str:
        """Return a string field; a missing one is a fault unless there is a default."""
        value = table.get(key, default)
        if isinstance(value, str):
            return value
        what = f"{key} is missing" if value is None else f"{key} is not text but {value!r}"
        self.fault(where, what, f'write {key} = "..."')
        return ""

    def flag(self, table: Table, key: str, where: str, default: bool) -> bool:
        """Return a true or false field."""
        value = table.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(where, f"{key} is {value!r}", f"write {key} = true or {key} = false")
        return default

    def number(self, table: Table, key: str, where: str) -> float:
        """Return a number field."""
        value = table.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        what = f"{key} is missing" if value is None else f"{key} is not a number but {value!r}"
        self.fault(where, what, f"write {key} = 1")
        return 0.0

    def choice(
        self, table: Table, key: str, where: str, choices: Sequence[str], default: str
    ) -> str:
        """Return a field that is one of a few words."""
        value = table.get(key, default)
        if value in choices:
            return str(value)
        self.fault(where, f"unknown {key} {value!r}", remedy(value, choices))
        return default

    def names(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        """Return a field of one name or a list of names."""
        value = table.get(key)
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(name, str) for name in listed):
            return tuple(listed)
        what = f"{key} is missing" if value is None else f"{key} is not a list of names"
        self.fault(where, what, f'write {key} = ["...", "..."]')
        return ()

    def wording(self, table: Table, key: str, where: str) -> Text:
        """Return words in English, or in English and Chinese; empty where there are none."""
        value = table.get(key)
        if value is None or isinstance(value, str):
            return Text.of(value)
        languages = {"en", "zh"}
        if isinstance(value, Mapping) and all(
            k in languages and isinstance(v, str) for k, v in value.items()
        ):
            return Text.of(value)
        self.fault(where, f"{key} is {value!r}", f'write {key} = {{ en = "...", zh = "..." }}')
        return Text()

    def tables(self, table: Table, key: str, where: str) -> list[Table]:
        """Return a field that is a list of tables; empty where there is none."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value):
            return value
        self.fault(where, f"{key} is not a list of tables", f"write [[{key}]] before each one")
        return []

    def construct(self, table: Table, where: str) -> Construct:
        """Return one construct."""
        self.known_keys(table, CONSTRUCT_KEYS, where)
        parts = self.names(table, "parts", where) if "parts" in table else ()
        if parts and "kind" not in table:
            fix = 'write kind = "composite", "formative" or "reflective"'
            self.fault(where, "it has parts and no kind: what its arrows mean is open", fix)
        return Construct(
            self.text(table, "name", where),
            self.names(table, "items", where) if "items" in table or not parts else (),
            cast(Kind, self.choice(table, "kind", where, get_args(Kind), "reflective")),
            self.wording(table, "label", where),
            parts,
        )

    def paths(self, table: Table, where: str) -> list[Path]:
        """Return the paths of one entry; ``from`` and ``to`` may be lists of names."""
        self.known_keys(table, PATH_KEYS, where)
        sign = cast(Sign, self.choice(table, "sign", where, get_args(Sign), "+"))
        verified = self.flag(table, "verified", where, True)
        targets = self.names(table, "to", where)
        return [
            Path(source, target, sign, verified)
            for source in self.names(table, "from", where)
            for target in targets
        ]


def model_from_dict(plain: Table, *, also: Collection[str] = ()) -> Model:
    """Return the model written as plain values, the inverse of `Model.to_dict`.

    Parameters
    ----------
    plain : mapping
        ``name, index, title`` and lists ``construct`` and ``path`` of tables.
    also : collection of str
        Further keys that may stand beside them.

    Raises
    ------
    ModelError
        All faults of the fields at once; where there are none, all faults of the model.

    Examples
    --------
    >>> model = model_from_dict({
    ...     "index": "Sat",
    ...     "construct": [{"name": "Quality", "items": ["Q1", "Q2"]},
    ...                   {"name": "Sat", "items": ["S1", "S2"]}],
    ...     "path": [{"from": "Quality", "to": "Sat"}],
    ... })
    >>> model_from_dict(model.to_dict()) == model
    True
    """
    form = Form()
    form.known_keys(plain, (*MODEL_KEYS, *also), "model")
    name = form.text(plain, "name", "model", "model")
    index = form.text(plain, "index", "model")
    title = form.wording(plain, "title", "model")
    constructs = [
        form.construct(table, entry_place("construct", number, table.get("name")))
        for number, table in enumerate(form.tables(plain, "construct", "model"), start=1)
    ]
    paths = [
        path
        for number, table in enumerate(form.tables(plain, "path", "model"), start=1)
        for path in form.paths(table, entry_place("path", number, table.get("from")))
    ]
    form.close()
    return Model(constructs, paths, index, name, title)


def entry_place(
    kind: Literal["construct", "path", "question", "source"], number: int, name: object
) -> str:
    """Return where an entry stands, in words: ``construct 3 ('Value')``."""
    return f"{kind} {number} ({name!r})" if isinstance(name, str) else f"{kind} {number}"
