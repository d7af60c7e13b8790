"""Surveys drawn from a population whose index, paths and moments are known exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.errors import OptionError
from csi.model.model import Model
from csi.simulation.checks import DONT_KNOW, REFUSED, latent_faults, plan_faults, reach_faults
from csi.simulation.gaps import gaps_of, missing_factors, slope_faults
from csi.simulation.latent import Latent, latent_model
from csi.simulation.plan import (
    Clusters,
    MissingAnswers,
    SimulationPlan,
    Stratum,
    TrueValues,
)
from csi.simulation.population import item_targets, truth_of
from csi.simulation.questions import codebook_of
from csi.simulation.truth import Truth
from csi.survey.codebook import Codebook
from csi.tabular import Summarised, Summary, Told, summarised
from csi.text import Language, Text


@dataclass(frozen=True, slots=True, repr=False)
class Simulation(Summarised):
    """A simulated survey with the truth beside it.

    Attributes
    ----------
    answers : DataFrame
        As it would be in a file: ``respondent``, time, group, and where the plan has them
        ``stratum, cluster, weight``; then one column an item, with codes 98 (don't know) and
        99 (refused) and empty cells.
    codebook : Codebook
    model : Model
    truth : Truth
    plan : SimulationPlan
    """

    answers: pd.DataFrame
    codebook: Codebook
    model: Model
    truth: Truth
    plan: SimulationPlan

    def __repr__(self) -> str:
        """Say in one line what was simulated."""
        plan = self.plan
        return (
            f"Simulation of {self.model.name}: {len(self.answers)} respondents, "
            f"{len(plan.years)} years, {max(1, len(plan.groups))} groups, seed {plan.seed}"
        )

    def _summary(self, language: Language) -> Summary:
        plan = self.plan
        facts: Told = {
            "Model": self.model.name,
            "Respondents": len(self.answers),
            "Periods": len(plan.years),
            "Groups": max(1, len(plan.groups)),
            "Strata": len(plan.strata) or None,
            "Seed": plan.seed,
        }
        return summarised("Simulated survey", language, facts, self.truth.tables(language))


def simulate(
    model: Model,
    *,
    years: Iterable[str | int],
    groups: Mapping[str, Text | str] | Iterable[str] | None = None,
    n: int = 250,
    truth: TrueValues | None = None,
    seed: int,
    strata: Iterable[Stratum] = (),
    missing: MissingAnswers | None = None,
    clusters: Clusters | None = None,
    scale: tuple[int, int] = (1, 10),
    scales: Mapping[str, tuple[int, int]] | None = None,
) -> Simulation:
    """Draw a survey from a population in which everything is known.

    Parameters
    ----------
    model : Model
        Any recursive model.
    years : iterable of str or int
    groups : mapping of value to label, or values, optional
        Companies, regions; one group without a column where None.
    n : int
        Respondents a year and group.
    truth : TrueValues, optional
        True paths, loadings, levels and changes; plausible defaults for what is not given.
    seed : int
        Root of the random streams. A cell (year and group) has its own stream, which depends
        on the seed and its two names only.
    strata, missing, clusters
        Sampling design and missing answers, see the classes.
    scale, scales
        Scale ends of all items, and of single ones.

    Returns
    -------
    Simulation

    Raises
    ------
    OptionError
        All faults of the plan at once.

    See Also
    --------
    simulate_plan : states the method.

    Examples
    --------
    >>> from csi.model.model import Construct, Path
    >>> model = Model(
    ...     constructs=(Construct("Quality", ("q1", "q2")), Construct("Satisfaction", ("s1",))),
    ...     paths=(Path("Quality", "Satisfaction"),),
    ...     index="Satisfaction",
    ... )
    >>> survey = simulate(model, years=[2024, 2025], n=100, seed=1)
    >>> survey.answers.shape
    (200, 5)
    >>> survey.truth.index().query("construct == 'Satisfaction'")["index"].round(6).tolist()
    [70.0, 70.0]
    """
    if groups is None:
        labels: dict[str, Text] = {}
    elif isinstance(groups, Mapping):
        labels = {str(value): Text.of(label) for value, label in groups.items()}
    else:
        labels = {str(value): Text(str(value)) for value in groups}
    return simulate_plan(
        SimulationPlan(
            model=model,
            years=tuple(str(year) for year in years),
            groups=labels,
            n=n,
            true=truth or TrueValues(),
            seed=seed,
            strata=tuple(strata),
            missing=missing or MissingAnswers(),
            clusters=clusters,
            scale=scale,
            scales=scales or {},
        )
    )


def simulate_plan(plan: SimulationPlan) -> Simulation:
    r"""Draw the survey that a plan describes.

    Parameters
    ----------
    plan : SimulationPlan

    Returns
    -------
    Simulation

    Raises
    ------
    OptionError
        All faults of the plan at once.

    Notes
    -----
    With n respondents of a stratum, p items and q constructs:

    1. construct scores :math:`H = Z D (I - B)^{-1}`, (n, q), from standard normal Z, the
       (q, q) paths B and the square roots D of the unexplained variances: each score has
       variance 1. In a cluster design :math:`Z = \sqrt{c} Z_{unit} + \sqrt{1 - c} Z_{own}`,
       which leaves the correlations of the scores as they are.
    2. latent items :math:`X = \lambda H + \sqrt{1 - \lambda^2} E`, (n, p), of every kind of
       construct: in a formative or composite block, too, the items go with their construct.
    3. answers: the latent item cut at points that give exactly the wanted mean and spread in
       this year, group and stratum (`csi.simulation.scale.cut_points`).
    4. strata: sizes proportional to share times rate (largest remainders), weights
       ``share * n / n_stratum``, which have mean 1 in each year and group.

    Means, index levels and moments in `Simulation.truth` follow from the cut points by
    summation; nothing in it is estimated from the draw.
    """
    faults = plan_faults(plan)
    if faults:
        raise OptionError(faults)
    latent = latent_model(plan.model, plan.true)
    faults = latent_faults(plan, latent)
    if faults:
        raise OptionError(faults)
    truth, reached = truth_of(plan, latent)
    faults = reach_faults(plan, reached, item_targets(plan)[0]) or slope_faults(plan, truth)
    if faults:
        raise OptionError(faults)
    factors = missing_factors(plan, truth)
    frames = [
        _cell(plan, latent, truth, factors[number], number) for number in range(len(plan.cells))
    ]
    answers = pd.concat(frames, ignore_index=True)
    return Simulation(answers, codebook_of(plan), plan.model, truth, plan)


def _stream(seed: int, year: str, group: str) -> np.random.SeedSequence:
    """Return the seed of one cell: it depends on the plan's seed and the two names only."""
    words = np.frombuffer(hashlib.sha256(f"{year}\x1f{group}".encode()).digest(), dtype="<u4")
    return np.random.SeedSequence(seed, spawn_key=tuple(int(word) for word in words))


def _cell(
    plan: SimulationPlan, latent: Latent, truth: Truth, factors: Array, number: int
) -> pd.DataFrame:
    """Draw the respondents of one year and group, stratum by stratum."""
    year, group = plan.cells[number]
    for_answers, for_missing = _stream(plan.seed, year, group).spawn(2)
    chance = np.random.default_rng(for_answers)
    steps, layer, unit = [], [], []
    for h, size in enumerate(plan.sizes):
        drawn, units = _latent_items(chance, latent, size, plan.clusters)
        steps.append((drawn[:, :, None] > truth.cuts[number, h]).sum(axis=2))
        layer += [h] * size
        unit += units
    answers = np.concatenate(steps)
    gaps = gaps_of(
        np.random.default_rng(for_missing),
        plan,
        factors,
        answers,
        np.array(layer),
    )
    columns = _design_columns(plan, year, group, layer, unit)
    for k, item in enumerate(plan.model.columns):
        points = pd.Series(answers[:, k] + int(truth.low[k]), dtype="Int64")
        points[gaps[:, k] == 1] = DONT_KNOW
        points[gaps[:, k] == 2] = REFUSED
        points[gaps[:, k] == 3] = pd.NA
        columns[item] = points
    return pd.DataFrame(columns)


def _latent_items(
    chance: np.random.Generator, latent: Latent, size: int, clusters: Clusters | None
) -> tuple[Array, list[int]]:
    """Draw (size, p) latent items and the number of each respondent's cluster."""
    q = len(latent.r2)
    normal = chance.standard_normal((size, q))
    unit = list(range(size))
    if clusters is not None:
        unit = [row // clusters.size for row in range(size)]
        shared = chance.standard_normal((max(unit, default=-1) + 1, q))
        part = clusters.correlation
        normal = np.sqrt(part) * shared[unit] + np.sqrt(1.0 - part) * normal
    scores = normal @ latent.response
    noise = chance.standard_normal((size, len(latent.loadings)))
    drawn = latent.loadings * scores[:, list(latent.member)]
    return drawn + np.sqrt(1.0 - latent.loadings**2) * noise, unit


def _design_columns(
    plan: SimulationPlan, year: str, group: str, layer: list[int], unit: list[int]
) -> dict[str, object]:
    """Columns of a cell before the items."""
    name = f"{year}-{group}" if plan.groups else year
    columns: dict[str, object] = {
        "respondent": [f"{name}-{row:04d}" for row in range(1, plan.n + 1)],
        plan.time: [year] * plan.n,
    }
    if plan.groups:
        columns[plan.group] = [group] * plan.n
    if plan.strata:
        columns["stratum"] = [plan.strata[h].name for h in layer]
    if plan.clusters:
        columns["cluster"] = [
            f"{name}-{plan.layers[h].name}-{u + 1:03d}" for h, u in zip(layer, unit, strict=True)
        ]
    if plan.strata:
        pairs = zip(plan.strata, plan.sizes, strict=True)
        weights = [round(stratum.share * plan.n / size, 6) for stratum, size in pairs]
        columns["weight"] = [weights[h] for h in layer]
    return columns
