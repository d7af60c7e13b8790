"""Simulated surveys with a known truth."""

from csi.simulation.base import catalogue_plan
from csi.simulation.draw import Simulation, simulate, simulate_plan
from csi.simulation.plan import (
    Clusters,
    ItemWords,
    MissingAnswers,
    Move,
    SimulationPlan,
    Stratum,
    TrueValues,
)
from csi.simulation.plan_file import read_plan, years_of
from csi.simulation.truth import PopulationMoments, Truth
from csi.simulation.write import write_simulation

__all__ = [
    "Clusters",
    "ItemWords",
    "MissingAnswers",
    "Move",
    "PopulationMoments",
    "Simulation",
    "SimulationPlan",
    "Stratum",
    "TrueValues",
    "Truth",
    "catalogue_plan",
    "read_plan",
    "simulate",
    "simulate_plan",
    "write_simulation",
    "years_of",
]
