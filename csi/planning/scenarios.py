"""A planned survey: what a sample size, a wanted margin or a wanted change come to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

import pandas as pd

from csi.errors import Fault
from csi.planning.changes import critical_change, detectable_change, sample_size_for_change
from csi.planning.checks import beyond, faults_of, require
from csi.planning.options import PlanOptions
from csi.planning.precision import contacts, margin_for, sample_size
from csi.planning.reliability import reliability
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language

Asked = Literal["n", "margin", "change"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one sample size comes to.

    Attributes
    ----------
    asked : {"n", "margin", "change"}
        What was given: respondents, a margin of error or a change to be found.
    value : float
        What it was.
    n : int
        Respondents of one company.
    margin : float
        Margin of error of its index, in points.
    critical_change : float
        Change between two such surveys that is just significant.
    detectable_change : float
        True change that is found with the power of the options.
    contacts : int or None
        People to contact for one company; None without a response rate.
    total : int
        Respondents of all companies.
    total_contacts : int or None
        People to contact in all.
    margin_all : float
        Margin of error of the mean of all companies.
    reliability : float or None
        Interunit reliability; None where the spread of the companies is not given.
    """

    asked: Asked
    value: float
    n: int
    margin: float
    critical_change: float
    detectable_change: float
    contacts: int | None
    total: int
    total_contacts: int | None
    margin_all: float
    reliability: float | None


@dataclass(frozen=True, slots=True, repr=False)
class SurveyPlan(Summarised):
    """Scenarios with what they rest on.

    Attributes
    ----------
    scenarios : tuple of Scenario
    options : PlanOptions
    """

    scenarios: tuple[Scenario, ...]
    options: PlanOptions

    def to_frame(self) -> pd.DataFrame:
        """Return one row a scenario."""
        return pd.DataFrame(
            [{part.name: getattr(row, part.name) for part in fields(row)} for row in self.scenarios]
        )

    def __repr__(self) -> str:
        """Say in one line what the plan has."""
        own = self.options
        sizes = sorted({row.n for row in self.scenarios})
        span = f", n {sizes[0]} to {sizes[-1]}" if sizes else ""
        return (
            f"SurveyPlan: {len(self.scenarios)} scenarios{span}; level {own.level:g}, "
            f"power {own.power:g}, sd {own.sd:g}"
        )

    def _summary(self, language: Language) -> Summary:
        own = self.options
        facts: Told = {
            "Standard deviation": float(own.sd),
            "Confidence level": own.level,
            "Power": own.power,
            "Design effect": float(own.deff),
            "Groups": own.groups,
            "Overlap": float(own.overlap),
            "Population": own.population,
            "Response rate": own.response_rate,
        }
        table = tabled("Scenarios", self.to_frame(), language, digits=2)
        return summarised("Plan of a survey", language, facts, [table])


def plan_survey(
    *,
    n: Sequence[int] = (),
    margin: Sequence[float] = (),
    change: Sequence[float] = (),
    options: PlanOptions | None = None,
) -> SurveyPlan:
    """Return what sample sizes, wanted margins and wanted changes come to.

    Parameters
    ----------
    n : sequence of int
        Respondents of one company.
    margin : sequence of float
        Margins of error wanted, in points.
    change : sequence of float
        True changes to be found, in points.
    options : PlanOptions, optional

    Returns
    -------
    SurveyPlan

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> plan = plan_survey(n=[250], margin=[2])
    >>> columns = ["n", "margin", "critical_change", "detectable_change"]
    >>> plan.to_frame()[columns].round(1)
         n  margin  critical_change  detectable_change
    0  250     2.2              3.2                4.5
    1  312     2.0              2.8                4.0
    """
    options = options or PlanOptions()
    require(asked_faults(n, margin, change, population=options.population))
    rows = [_scenario("n", size, int(size), options) for size in n]
    for value in margin:
        rows.append(_scenario("margin", value, _for_margin(value, options), options))
    for value in change:
        rows.append(_scenario("change", value, _for_change(value, options), options))
    return SurveyPlan(tuple(rows), options)


def asked_faults(
    n: Sequence[int] = (),
    margin: Sequence[float] = (),
    change: Sequence[float] = (),
    *,
    population: float | None = None,
) -> list[Fault]:
    """Return what is wrong with the questions of `plan_survey`; an empty list is a pass."""
    found = [
        fault
        for name, values in (("n", n), ("margin", margin), ("change", change))
        for value in values
        for fault in faults_of(**{name: value})
    ]
    if not (n or margin or change):
        found.append(Fault("plan", "nothing is asked", "give a sample size, margin or change"))
    if not found:
        found = [fault for size in n for fault in beyond("n", size, population)]
    return found


def _for_margin(margin: float, options: PlanOptions) -> int:
    return int(sample_size(margin, options.sd, **options.common()))


def _for_change(change: float, options: PlanOptions) -> int:
    n = sample_size_for_change(
        change, options.sd, power=options.power, **options.common(), **options.panel()
    )
    return int(n)


def _scenario(asked: Asked, value: float, n: int, options: PlanOptions) -> Scenario:
    """Return what `n` respondents a company come to."""
    sd, common, panel = options.sd, options.common(), options.panel()
    margin = float(margin_for(n, sd, **common))
    addresses = None if options.response_rate is None else int(contacts(n, options.response_rate))
    found = detectable_change(n, n, sd, power=options.power, **common, **panel)
    certain = None
    if options.spread is not None:
        deff, customers = options.design_effect, options.population
        certain = float(
            reliability(n, sd, options.spread, design_effect=deff, population=customers)
        )
    return Scenario(
        asked=asked,
        value=float(value),
        n=n,
        margin=margin,
        critical_change=float(critical_change(n, n, sd, **common, **panel)),
        detectable_change=float(found),
        contacts=addresses,
        total=n * options.groups,
        total_contacts=None if addresses is None else addresses * options.groups,
        margin_all=margin / math.sqrt(options.groups),
        reliability=certain,
    )
