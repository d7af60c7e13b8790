"""From a plan to its truth: wanted item means, cut points, exact figures."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, readonly
from csi.simulation.latent import Latent
from csi.simulation.plan import SimulationPlan
from csi.simulation.scale import cut_points
from csi.simulation.truth import Truth


def item_targets(plan: SimulationPlan) -> tuple[Array, Array]:
    """Wanted means and spreads of the items before the answers are made.

    Parameters
    ----------
    plan : SimulationPlan

    Returns
    -------
    mean : (g, h, p) in index points, 0-100
    spread : (p,) in index points
    """
    true, model = plan.true, plan.model
    level = np.array(
        [
            [plan.level_of(name) + _moved(plan, year, group, name) for name in model.names]
            for year, group in plan.cells
        ]
    )
    offsets: list[float] = []
    measured = [construct for construct in model.constructs if not construct.parts]
    for construct in measured:
        size = len(construct.items)
        default = np.linspace(3.0, -3.0, size) if size > 1 else np.zeros(1)
        pairs = zip(construct.items, default, strict=True)
        offsets += [true.offsets.get(item, float(value)) for item, value in pairs]
    shift = np.array([layer.shift for layer in plan.layers])
    shift = shift - shift @ np.array([layer.share for layer in plan.layers])
    member = [model.names.index(construct.name) for construct in measured for _ in construct.items]
    mean = level[:, None, member] + shift[None, :, None] + np.array(offsets)
    return mean, np.array([plan.spread_of(item) for item in model.columns])


def _moved(plan: SimulationPlan, year: str, group: str, construct: str) -> float:
    """Index points that the moves add up to for one construct in one year and group."""
    place = plan.years.index(year)
    return sum(
        move.points
        for move in plan.true.moves
        if (move.year is None or plan.years.index(move.year) <= place)
        and (move.group is None or move.group == group)
        and (not move.constructs or construct in move.constructs)
    )


def truth_of(plan: SimulationPlan, latent: Latent) -> tuple[Truth, BoolArray]:
    """Find the cut points of all items and state the truth.

    Parameters
    ----------
    plan : SimulationPlan
        A plan whose names and numbers have been checked.
    latent : Latent
        Its standardised path model.

    Returns
    -------
    truth : Truth
    reached : (g, h, p) False where no answers of that scale have the wanted mean and spread
    """
    ends = np.array([plan.scale_of(item) for item in plan.model.columns], dtype=float)
    low, high = ends.T
    mean, spread = item_targets(plan)
    shape = mean.shape
    unit = (high - low) / 100.0
    target = np.stack([mean * unit, np.broadcast_to(spread * unit, shape)]).reshape(2, -1)
    steps = np.broadcast_to(high - low, shape).reshape(-1)
    inside = (target[0] > 0.01) & (target[0] < steps - 0.01)
    found = cut_points(np.clip(target[0], 0.01, steps - 0.01), target[1], steps)
    truth = Truth(
        model=plan.model,
        paths=readonly(latent.paths),
        construct_corr=readonly(latent.corr),
        r2=readonly(latent.r2),
        loadings=readonly(latent.loadings),
        item_corr=readonly(latent.item_corr),
        cells=plan.cells,
        strata=tuple(layer.name for layer in plan.layers),
        shares=readonly([layer.share for layer in plan.layers]),
        low=readonly(low),
        high=readonly(high),
        cuts=readonly(found.cuts.reshape(*shape, -1)),
    )
    return truth, (found.found & inside).reshape(shape)
