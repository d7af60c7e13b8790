"""What the measures of measurement look up in a fit: blocks, correlations, names, the method."""

from __future__ import annotations

from typing import Literal

import numpy as np

from csi.arrays import Array, BoolArray
from csi.estimate.fit import Fit
from csi.model.model import Model
from csi.model.parts import Construct
from csi.text import Text

Method = Literal["PLS", "PLSc", "covariance"]
"""PLS with composites as they are, PLS corrected for attenuation, or a covariance fit."""

SINGLE = "single item"
FORMATIVE = "formative: its items need not go together"
WHOLE = "construct of constructs: its items are those of its parts; see the parts"
PART_WHOLE = "a part and its whole share their answers"
COMPOSITE = "composite: how far its items go together, no reliability of a factor"


def block_slices(model: Model) -> tuple[slice, ...]:
    """Return where the items of each construct stand among those of the model."""
    ends = np.cumsum([len(construct.items) for construct in model.constructs])
    return tuple(
        slice(int(end) - len(construct.items), int(end))
        for end, construct in zip(ends, model.constructs, strict=True)
    )


def item_correlations(fit: Fit) -> Array:
    """Return the item correlations that the fit was made from, (*batch, p, p)."""
    cov = fit.moments.cov
    sd = np.sqrt(np.einsum("...pp->...p", cov))
    return np.asarray(cov / (sd[..., :, None] * sd[..., None, :]))


def method_of(fit: Fit) -> Method:
    """Return the method by which a fit was made."""
    if fit.estimator.startswith("PLSc"):
        return "PLSc"
    return "PLS" if fit.estimator.startswith("PLS") else "covariance"


def alone(construct: Construct) -> bool:
    """Tell whether a construct has one item only."""
    return len(construct.items) == 1


def formed(construct: Construct) -> bool:
    """Tell whether several items form the construct (mode B)."""
    return construct.kind == "formative" and not alone(construct)


def why_not(construct: Construct) -> str:
    """Say why a measure of items that go together does not apply, or nothing."""
    if construct.parts:
        return WHOLE
    if alone(construct):
        return SINGLE
    return FORMATIVE if formed(construct) else ""


def part_whole(model: Model) -> BoolArray:
    """Return which pairs of constructs are a whole and a part of it, (q, q), symmetric.

    Their correlation is there by construction: nothing can be learnt from how large it is.
    """
    found = np.zeros((len(model.names), len(model.names)), dtype=bool)
    for source, target in model.part_paths:
        i, j = model.names.index(source), model.names.index(target)
        found[i, j] = found[j, i] = True
    return found


def joined(labels: list[Text]) -> Text:
    """Return several labels as one, in a list."""
    return Text(
        ", ".join(label.within("en") for label in labels),
        "、".join(label.within("zh") for label in labels),
    )
