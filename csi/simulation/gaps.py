"""Missing answers: completely at random, or the more often the lower the satisfaction."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray
from csi.errors import Fault
from csi.repeats import answered_name
from csi.simulation.plan import SimulationPlan
from csi.simulation.scale import answer_probabilities
from csi.simulation.truth import Truth


def slope_faults(plan: SimulationPlan, truth: Truth) -> list[Fault]:
    """Return a fault where the least satisfied would have to miss more than every answer."""
    chance = plan.missing.rate * missing_factors(plan, truth).max()
    if chance <= 1.0:
        return []
    return [
        Fault(
            "missing",
            f"the least satisfied would miss {chance:.0%} of the answers",
            "lower the rates or satisfaction_slope",
        )
    ]


def _anchor(plan: SimulationPlan) -> int:
    """Return the place of the item that missing answers may depend on."""
    first = plan.model.construct(plan.model.index).items[0]
    return plan.model.columns.index(answered_name(first))


def missing_factors(plan: SimulationPlan, truth: Truth) -> Array:
    """Return the factors on the missing rate by the answer to the anchor.

    Parameters
    ----------
    plan : SimulationPlan
    truth : Truth
        Its cut points give the exact chances of the anchor's answers.

    Returns
    -------
    (g, h, c + 1) factors of expectation 1 in each cell and stratum.
    """
    cuts = truth.cuts[:, :, _anchor(plan), :]
    share = answer_probabilities(cuts)
    points = np.arange(share.shape[-1])
    mean = (share * points).sum(axis=-1, keepdims=True)
    sd = np.sqrt((share * (points - mean) ** 2).sum(axis=-1, keepdims=True))
    factor = np.exp(-plan.missing.satisfaction_slope * (points - mean) / sd)
    factors: Array = factor / (share * factor).sum(axis=-1, keepdims=True)
    return factors


def gaps_of(
    chance: np.random.Generator,
    plan: SimulationPlan,
    factors: Array,
    answers: IntArray,
    layer: IntArray,
) -> IntArray:
    """Draw which answers are missing.

    Parameters
    ----------
    chance : numpy.random.Generator
    plan : SimulationPlan
    factors : (h, c + 1) factors on the rate by stratum and answer to the anchor
    answers : (n, p) answers in steps above the low end
    layer : (n,) stratum numbers

    Returns
    -------
    (n, p) 0 answered, 1 don't know, 2 refused, 3 blank.
    """
    missing, anchor = plan.missing, _anchor(plan)
    edges = np.cumsum([missing.dont_know, missing.refused, missing.blank])
    draw = chance.random(answers.shape) / factors[layer, answers[:, anchor]][:, None]
    gaps = np.where(draw < edges[2], 1 + (draw >= edges[0]).astype(int) + (draw >= edges[1]), 0)
    if missing.satisfaction_slope > 0.0:
        gaps[:, anchor] = 0
    return gaps
