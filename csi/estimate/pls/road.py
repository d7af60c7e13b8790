"""How a model with or without constructs of constructs gets its weights, paths and signs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from csi.arrays import Array
from csi.errors import EstimationError, Fault
from csi.estimate.pls.kernel import Layout, rho_a
from csi.estimate.pls.kernel_stages import Stages
from csi.estimate.pls.options import PLSOptions
from csi.estimate.pls.stages import layout_of, part_weights, stages_of
from csi.model.model import Model


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """How a model gets its weights and paths.

    Attributes
    ----------
    layout : Layout
        All items and arrows.
    explained : Layout
        Without the arrows from parts to wholes made of them.
    made : Layout or None
        With these arrows only; None where there are none.
    stages : Stages or None
        None where one iteration finds all weights.
    """

    layout: Layout
    explained: Layout
    made: Layout | None
    stages: Stages | None


def road_of(model: Model, options: PLSOptions) -> Road:
    """Return how a model is fitted, or refuse what cannot be."""
    if model.wholes and options.consistent:
        names = " and ".join(whole.name for whole in model.wholes)
        raise EstimationError(
            Fault(
                "option consistent",
                f"PLSc has no correction for {names}: the items of a construct of constructs "
                "share their errors with those of its parts",
                "leave consistent out, or use estimator ml with a reflective whole",
            )
        )
    making = {
        (part, whole.name)
        for whole in model.wholes
        if whole.kind != "reflective"
        for part in whole.parts
    }
    drawn = [(path.source, path.target) for path in model.paths]
    sizes = [len(construct.items) for construct in model.constructs]
    place = partial(layout_of, model.constructs, sizes)
    layout = place(drawn)
    stages = None
    if model.wholes and options.higher != "repeated":
        stages = stages_of(model, embedded=options.higher == "embedded")
    if not making:
        return Road(layout, layout, None, stages)
    return Road(layout, place([p for p in drawn if p not in making]), place(making), stages)


def sign_wholes(signs: Array, C: Array, model: Model) -> None:
    """Turn the wholes so that they go with their parts; signs (q, b), correlations (q, q, b)."""
    for whole in model.wholes:
        j = model.names.index(whole.name)
        parts = [model.names.index(part) for part in whole.parts]
        signs[j] = np.where(np.sum(C[j, parts] * signs[parts], axis=0) < 0, -1.0, 1.0)


def reliabilities_of_wholes(w: Array, model: Model, out: Array, stages: Stages | None) -> None:
    """Write rho_A of reflective wholes from the scores of their parts; open where items repeat."""
    for j, construct in enumerate(model.constructs):
        if construct.parts and construct.kind == "reflective":
            out[j] = np.nan if stages is None else rho_a(part_weights(w, model, construct))
