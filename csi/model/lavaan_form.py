"""A model as lavaan-style text, with what lavaan has no words for in ``#:`` lines."""

from __future__ import annotations

from collections.abc import Iterable

from csi.model.higher import part_pairs
from csi.model.lavaan_read import plain_kind, read_lavaan
from csi.model.model import Construct, Model
from csi.model.toml_text import toml_pair

_OPERATOR = {"reflective": "=~", "single": "=~", "composite": "<~", "formative": "<~"}


def model_to_lavaan(model: Model) -> str:
    """Return the model as lavaan-style text, complete: `model_from_lavaan` gives the same model.

    ``=~`` writes reflective and single-item constructs, ``<~`` composite and formative ones,
    ``~`` the paths, target first. A construct of constructs has its parts in place of items, and
    its arrows to or from them are not written again. The rest stands in comments that lavaan
    skips: each ``#:`` line is a line of TOML (index, name, title; kind and label of a construct;
    sign and verification of a path; the order of the paths where the grouping by target changes
    it).

    Examples
    --------
    >>> print(model_to_lavaan(model_from_lavaan("A =~ a1 + a2; B =~ b1 + b2; B ~ A", index="B")))
    #: name = "model"
    #: index = "B"
    <BLANKLINE>
    A =~ a1 + a2
    B =~ b1 + b2
    <BLANKLINE>
    B ~ A
    <BLANKLINE>
    """
    plain = model.to_dict()
    head = [toml_pair(key, plain[key]) for key in ("name", "index", "title") if key in plain]
    facts = [
        *(toml_pair("construct", fact) for c in model.constructs if (fact := _construct_facts(c))),
        *(toml_pair("path", p.to_dict()) for p in model.paths if p.sign != "+" or not p.verified),
        *_order_fact(model),
    ]
    return (
        "\n\n".join(
            "\n".join(lines)
            for lines in (
                [f"#: {line}" for line in head],
                [
                    f"{c.name} {_OPERATOR[c.kind]} {' + '.join(c.parts or c.items)}"
                    for c in model.constructs
                ],
                [f"{target} ~ {' + '.join(sources)}" for target, sources in _by_target(model)],
                [f"#: {line}" for line in facts],
            )
            if lines
        )
        + "\n"
    )


def model_from_lavaan(text: str, *, index: str | None = None, name: str | None = None) -> Model:
    """Return the model written in lavaan-style text.

    Parameters
    ----------
    text : str
        ``Image =~ IMAG1 + IMAG2`` (reflective; one item alone: single), ``Price <~ P1 + P2``
        (formative, unless a ``#:`` line says composite), ``Quality =~ Product + Service`` (a
        construct of the constructs named), ``Loyalty ~ Image + Satisfaction`` (paths). ``#`` and
        ``!`` begin comments, ``;`` and line ends separate formulas, and a formula goes on after
        ``+``. See `model_to_lavaan` for the ``#:`` lines.
    index : str, optional
        The construct published as the index, where no ``#: index = "..."`` line names it.
    name : str, optional
        Name of the model, where no ``#: name = "..."`` line gives it.

    Raises
    ------
    ModelError
        All faults at once, each with its line; operators that are not supported yet
        (``~~``, ``:=``, ``==``, fixed coefficients ``a*x``, intercepts) are named.

    Examples
    --------
    >>> model = model_from_lavaan('''
    ...     QUAL =~ PERQ1 + PERQ2      # perceived quality
    ...     SAT  =~ CUSA1 + CUSA2
    ...     SAT  ~  QUAL
    ... ''', index="SAT")
    >>> str(model.paths[0])
    'QUAL -> SAT'
    """
    return read_lavaan(text, index=index, name=name)


def _construct_facts(construct: Construct) -> dict[str, object]:
    """Return kind and label where the formula alone would not tell them."""
    facts: dict[str, object] = {"name": construct.name}
    if construct.kind != plain_kind(_OPERATOR[construct.kind], len(construct.items)):
        facts["kind"] = construct.kind
    if construct.label:
        facts["label"] = construct.label.to_dict()
    return facts if len(facts) > 1 else {}


def _by_target(model: Model) -> Iterable[tuple[str, list[str]]]:
    """Return each target with its sources, targets in the order of the paths."""
    sources: dict[str, list[str]] = {}
    for path in model.paths:
        if (path.source, path.target) not in model.part_paths:
            sources.setdefault(path.target, []).append(path.source)
    return sources.items()


def _order_fact(model: Model) -> list[str]:
    """Return the order of the paths where grouping them by target changes it."""
    grouped = [(source, target) for target, listed in _by_target(model) for source in listed]
    grouped += part_pairs(model.constructs)
    order = [(path.source, path.target) for path in model.paths]
    return [] if order == grouped else [toml_pair("order", order)]
