"""What is assumed of a planned survey: the only place of the defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypedDict

from csi.errors import Fault
from csi.planning.checks import faults_of, require
from csi.planning.precision import design_effect


class _Common(TypedDict):
    """Arguments of every formula."""

    level: float
    design_effect: float
    population: int | None


class _Panel(TypedDict):
    """Arguments of the formulas of change."""

    overlap: float
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What is assumed of a planned survey, with the defaults.

    Attributes
    ----------
    sd : float
        Standard deviation of one respondent's index, in points. Satisfaction indices from 0 to 100
        have some 15 to 22; 18 is taken where nothing is known.
    level, power : float
        Confidence level, and the chance with which a change shall be found.
    deff : float
        Design effect apart from clusters, such as that of the weights.
    icc, cluster_size : float
        Intraclass correlation and mean number of answers a cluster.
    population : int, optional
        Customers of one company.
    response_rate : float, optional
        Share of the people contacted who answer.
    overlap, correlation : float
        Share of respondents who are in both surveys, and the correlation of their two indices.
    groups : int
        Companies, each surveyed with the same number.
    spread : float, optional
        Standard deviation of the true indices of companies; gives the reliability.

    Raises
    ------
    OptionError
        All impossible values at once.
    """

    sd: float = 18.0
    level: float = 0.95
    power: float = 0.8
    deff: float = 1.0
    icc: float = 0.0
    cluster_size: float = 1.0
    population: int | None = None
    response_rate: float | None = None
    overlap: float = 0.0
    correlation: float = 0.0
    groups: int = 1
    spread: float | None = None

    def __post_init__(self) -> None:
        """Check all values, and those that are nothing without another one."""
        given = {part.name: getattr(self, part.name) for part in fields(self)}
        given["design_effect"] = given.pop("deff")
        found = [
            Fault("deff" if fault.where == "design_effect" else fault.where, fault.what, fault.fix)
            for fault in faults_of(**given)
        ]
        told = {fault.where for fault in found}
        for pair in ({"icc": 0.0, "cluster_size": 1.0}, {"overlap": 0.0, "correlation": 0.0}):
            there = [name for name, unset in pair.items() if getattr(self, name) != unset]
            absent = [name for name in pair if name not in there]
            if there and absent and not told & set(pair):
                what = f"it has no effect without {absent[0]}"
                found.append(Fault(there[0], what, f"give {absent[0]}"))
        require(found)

    @property
    def design_effect(self) -> float:
        """Design effect of weights and clusters together."""
        clusters = design_effect(cluster_size=self.cluster_size, icc=self.icc)
        return float(self.deff * clusters)

    def common(self) -> _Common:
        """Return the arguments of every formula."""
        return {
            "level": self.level,
            "design_effect": self.design_effect,
            "population": self.population,
        }

    def panel(self) -> _Panel:
        """Return the arguments of the formulas of change."""
        return {"overlap": self.overlap, "correlation": self.correlation}
