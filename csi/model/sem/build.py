"""From a satisfaction model to a structural equation model with every parameter spelt out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args

from csi.errors import Fault, ModelError
from csi.model.model import Construct, Model
from csi.model.sem.values import Parameter, SemModel
from csi.model.words import remedy

Identification = Literal["marker", "standardised"]
"""The first loading of a construct is 1, or its (residual) variance."""


def sem_of(
    model: Model,
    *,
    identification: Identification = "marker",
    means: bool = False,
    groups: Sequence[str] = ("",),
    reliability: Mapping[str, float] | None = None,
    ordinal: Sequence[str] = (),
) -> SemModel:
    """Return the structural equation model of a satisfaction model.

    Parameters
    ----------
    model : Model
        Reflective, composite and single-item constructs; composites are taken for common factors.
        A reflective construct of constructs is a factor of the second order: its parts are its
        indicators, and no item is used twice.
    identification : {"marker", "standardised"}
        What gives a construct its scale: the first item's loading of 1, or a (residual) variance
        of 1.
    means : bool
        With intercepts of the items (free) and means of the constructs (0).
    groups : sequence of str
        Labels of the groups; parameters are free in each.
    reliability : mapping of item to float, optional
        Of single items, above 0 and at most 1; 1 where not given.
    ordinal : sequence of str
        Items whose answers are ordered categories.

    Returns
    -------
    SemModel
        Constructs without a path to them may all be correlated; disturbances of the others may
        not (text read by `sem_from_text` lets those correlate that predict nothing, as lavaan).

    Raises
    ------
    ModelError
        Formative constructs, wholes that are made of their parts, reliabilities that are not
        possible, unknown items, groups named twice, all at once.
    """
    faults = [
        Fault(
            f"construct {construct.name}",
            "is formative: covariance fits take reflective constructs and single items",
            "fit it by PLS, or call it reflective",
        )
        for construct in model.constructs
        if construct.kind == "formative" and len(construct.items) > 1 and not construct.parts
    ]
    faults += [
        Fault(
            f"construct {whole.name}",
            f"is {whole.kind}: made of {' and '.join(whole.parts)}. Covariance fits take it as a "
            "factor of the second order only",
            f"fit it by PLS, or call {whole.name} reflective",
        )
        for whole in model.wholes
        if whole.kind != "reflective"
    ]
    known = reliability or {}
    single = {c.items[0] for c in model.constructs if len(c.items) == 1}
    for item, value in known.items():
        if item not in single:
            faults.append(
                Fault(f"reliability of {item}", "is of no single item", remedy(item, single))
            )
        elif not 0 < value <= 1:
            faults.append(Fault(f"reliability of {item}", f"{value} is not possible", "try 0.8"))
    faults += [
        Fault(f"ordinal item {item}", "is not in the model", remedy(item, model.columns))
        for item in ordinal
        if item not in model.columns
    ]
    if identification not in get_args(Identification):
        words = " or ".join(get_args(Identification))
        faults.append(Fault("option identification", f"{identification!r}", f"use {words}"))
    if not groups or len(set(groups)) < len(groups):
        faults.append(Fault("option groups", "names no group, or one twice", "name each once"))
    if faults:
        raise ModelError(faults)
    parameters = [
        parameter
        for group in range(len(groups))
        for parameter in _of_group(model, group, identification, known, means)
    ]
    return SemModel(
        name=model.name,
        constructs=model.names,
        items=model.columns,
        parameters=tuple(parameters),
        groups=tuple(groups),
        means=means,
        ordinal=tuple(ordinal),
        index=model.index,
    )


def _of_group(
    model: Model,
    group: int,
    identification: Identification,
    reliability: Mapping[str, float],
    means: bool,
) -> Iterator[Parameter]:
    """Yield the parameters of one group."""
    targets = {path.target for path in model.paths}
    for construct in model.constructs:
        yield from _measured(construct, group, identification)
    for path in model.paths:
        if (path.source, path.target) not in model.part_paths:
            yield Parameter(path.target, "~", path.source, group)
    for construct in model.constructs:
        fixed = 1.0 if identification == "standardised" and len(construct.items) > 1 else None
        yield Parameter(construct.name, "~~", construct.name, group, fixed)
    exogenous = [name for name in model.names if name not in targets]
    for k, first in enumerate(exogenous):
        for second in exogenous[k + 1 :]:
            yield Parameter(first, "~~", second, group)
    for construct in model.constructs:
        for item in () if construct.parts else construct.items:
            if len(construct.items) > 1:
                yield Parameter(item, "~~", item, group)
            else:
                share = 1.0 - reliability.get(item, 1.0)
                yield Parameter(item, "~~", item, group, 0.0, share=share or None)
    if means:
        for item in model.columns:
            yield Parameter(item, "~1", "", group)


def _measured(
    construct: Construct, group: int, identification: Identification
) -> Iterator[Parameter]:
    """Yield the loadings of a construct."""
    for place, item in enumerate(construct.parts or construct.items):
        marked = place == 0 and (identification == "marker" or len(construct.items) == 1)
        yield Parameter(construct.name, "=~", item, group, 1.0 if marked else None)


def with_means(model: SemModel) -> SemModel:
    """Return the model with means: free intercepts of the items that have none yet.

    Parameters
    ----------
    model : SemModel

    Returns
    -------
    SemModel
        The same model where it has means already. Without other restrictions the means are
        saturated: they fit exactly and leave the degrees of freedom as they were.

    Examples
    --------
    >>> loading = Parameter("Loyalty", "=~", "L1", fixed=1.0)
    >>> with_means(SemModel("m", ("Loyalty",), ("L1",), (loading,))).parameters[-1].name
    'L1 ~1'
    """
    if model.means:
        return model
    known = {(p.lhs, p.group) for p in model.parameters if p.op == "~1"}
    added = tuple(
        Parameter(item, "~1", "", group)
        for group in range(len(model.groups))
        for item in model.items
        if (item, group) not in known
    )
    return replace(model, parameters=(*model.parameters, *added), means=True)
