"""Simulated surveys with a known truth."""

from csi.simulation.draw import Simulation, simulate, simulate_plan
from csi.simulation.plan import (
    Clusters,
    MissingAnswers,
    Move,
    SimulationPlan,
    Stratum,
    TrueValues,
)
from csi.simulation.truth import PopulationMoments, Truth

__all__ = [
    "Clusters",
    "MissingAnswers",
    "Move",
    "PopulationMoments",
    "Simulation",
    "SimulationPlan",
    "Stratum",
    "TrueValues",
    "Truth",
    "simulate",
    "simulate_plan",
]
