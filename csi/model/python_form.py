"""A model as the Python text that makes it."""

from __future__ import annotations

from collections.abc import Mapping

from csi.model.model import Construct, Model, Path
from csi.text import Text


def model_to_python(model: Model) -> str:
    """Return the model as Python text that makes an equal one, in the words of the grammar.

    Parameters
    ----------
    model : Model

    Returns
    -------
    str
        Imports and an assignment to ``model``.

    Examples
    --------
    >>> from csi.model.lavaan_form import model_from_lavaan
    >>> model = model_from_lavaan("A =~ a1 + a2; B =~ b1; B ~ A", index="B", name="small")
    >>> print(model_to_python(model))
    from csi import Model, path, reflective, single
    <BLANKLINE>
    model = Model(
        constructs=[
            reflective("A", ["a1", "a2"]),
            single("B", "b1"),
        ],
        paths=[
            path("A", "B"),
        ],
        index="B",
        name="small",
    )
    <BLANKLINE>
    """
    words = sorted({construct.kind for construct in model.constructs if not construct.parts}
                   | {"path"})  # fmt: skip
    lines = [
        f"from csi import Model, {', '.join(words)}",
        *(["from csi.model import higher"] if model.wholes else []),
        "",
        "model = Model(",
        "    constructs=[",
        *(f"        {_construct(construct)}," for construct in model.constructs),
        "    ],",
        "    paths=[",
        *(f"        {_path(path)}," for path in model.paths),
        "    ],",
        f"    index={_quoted(model.index)},",
        f"    name={_quoted(model.name)},",
        *([f"    title={_words(model.title)},"] if model.title else []),
        ")",
    ]
    return "\n".join(lines) + "\n"


def _construct(construct: Construct) -> str:
    label = f", label={_words(construct.label)}" if construct.label else ""
    if construct.parts:
        parts = ", ".join(_quoted(part) for part in construct.parts)
        kind = _quoted(construct.kind)
        return f"higher({_quoted(construct.name)}, [{parts}], kind={kind}{label})"
    items = [_quoted(item) for item in construct.items]
    shown = items[0] if construct.kind == "single" else f"[{', '.join(items)}]"
    return f"{construct.kind}({_quoted(construct.name)}, {shown}{label})"


def _path(path: Path) -> str:
    sign = f", sign={_quoted(path.sign)}" if path.sign != "+" else ""
    verified = "" if path.verified else ", verified=False"
    return f"path({_quoted(path.source)}, {_quoted(path.target)}{sign}{verified})"


def _words(text: Text) -> str:
    words: Mapping[str, str] = text.to_dict()
    if set(words) == {"en"}:
        return _quoted(words["en"])
    return "{" + ", ".join(f"{_quoted(key)}: {_quoted(said)}" for key, said in words.items()) + "}"


def _quoted(text: str) -> str:
    """Return a Python literal, in double quotes where that needs no escapes."""
    plain = text.isprintable() and not {'"', "\\"} & set(text)
    return f'"{text}"' if plain else repr(text)
