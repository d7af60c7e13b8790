"""Do 95 % intervals of the index hold the truth 95 times in 100?

Surveys are drawn again and again from a population whose index, paths and change are known
exactly: the estimator is run on the exact moments of the population. Each population is a year and
the year after, ECSI with 24 items on 1-10; every method is tried on the same surveys.

    python benchmarks/coverage_index.py --surveys 1000 --draws 500

writes ``benchmarks/results/coverage_index.md`` and ``.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from csi.estimate.pls import fit_pls
from csi.index import IndexOptions, YearlyIndex, yearly
from csi.index.formula import index_score, index_weights
from csi.model import models
from csi.moments import Moments
from csi.simulation import (
    Clusters,
    MissingAnswers,
    Move,
    SimulationPlan,
    Stratum,
    TrueValues,
    simulate_plan,
)
from csi.survey import read_survey

RESULTS = Path(__file__).parent / "results"
STRATA = (
    Stratum(name="city", share=0.55, rate=1.0, shift=3.0),
    Stratum(name="town", share=0.30, rate=2.0, shift=0.0),
    Stratum(name="rural", share=0.15, rate=4.0, shift=-11.0),
)
GAPS = MissingAnswers(dont_know=0.05, satisfaction_slope=0.5)

SKEWED = dict.fromkeys(
    ("Image", "Quality", "Satisfaction", "Loyalty", "Expectation", "Value"), 85.0
)
"""Levels at which a third of the answers are a 10."""

Options = dict[str, object]
KINDS: dict[str, Options] = {
    "margins": {},
    "percentile": {"interval": "percentile"},
    "bias-corrected": {"interval": "bias-corrected"},
    "bca": {"interval": "bca"},
    "studentised": {"interval": "studentised"},
}
LARGE: dict[str, Options] = {
    "bootstrap": {"replicates": "bootstrap"},
    "gaussian": {"replicates": "gaussian"},
    "gaussian, percentile": {"replicates": "gaussian", "interval": "percentile"},
    "delta": {"replicates": "delta"},
}
METHODS: dict[str, Options] = {
    **KINDS,
    "jackknife": {"replicates": "jackknife"},
    "gaussian": {"replicates": "gaussian"},
    "delta": {"replicates": "delta"},
}
CLUSTERS = Clusters(size=10, correlation=0.1)


@dataclass(frozen=True)
class Population:
    """A population and sample design, with the methods tried on it.

    Of `thinned` surveys one is made, where a method takes long.
    """

    plan: Options
    common: Options
    methods: dict[str, Options]
    levels: dict[str, float] = field(default_factory=dict)
    thinned: int = 1


POPULATIONS = {
    "simple random": Population({}, {"missing": "complete"}, METHODS),
    "strata and weights": Population({"strata": STRATA}, {"missing": "complete"}, METHODS),
    "clusters of 10, ICC 0.1": Population({"clusters": CLUSTERS}, {"missing": "complete"}, METHODS),
    "strata, weights and clusters": Population(
        {"strata": STRATA, "clusters": CLUSTERS}, {"missing": "complete"}, METHODS
    ),
    "5 % missing at random": Population(
        {"missing": GAPS},
        {},
        {"EM": {}, "EM, delta": {"replicates": "delta"}, "pairwise": {"missing": "pairwise"}},
        thinned=4,
    ),
    "pooled weights": Population({}, {"missing": "complete", "weights": "pooled"}, {"margins": {}}),
    "n = 100": Population({"n": 100}, {"missing": "complete"}, METHODS),
    "n = 250, skewed answers": Population({}, {"missing": "complete"}, METHODS, SKEWED),
    "n = 5,000, skewed answers": Population(
        {"n": 5000}, {"missing": "complete"}, LARGE, SKEWED, thinned=2
    ),
}


def plan_of(population: Population) -> SimulationPlan:
    """Return two years of ECSI; quality and satisfaction rise by two points."""
    true = TrueValues(
        levels=population.levels,
        moves=(Move(points=2.0, year="2025", constructs=("Satisfaction", "Quality")),),
    )
    plan = SimulationPlan(
        model=models.load("ecsi_mobile"), years=("2024", "2025"), seed=1, true=true
    )
    return replace(plan, **population.plan)  # type: ignore[arg-type]


def truth_of(plan: SimulationPlan, weights: str) -> dict[str, np.ndarray]:
    """Run the estimator on the exact moments of each year's population."""
    truth = simulate_plan(plan).truth
    model = plan.model
    low, high = np.array([plan.scale_of(item) for item in model.items], dtype=float).T

    def fitted(year: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        exact = truth.moments(year)
        n = np.array(10**6)
        fit = fit_pls(
            model,
            Moments(model.items, exact.mean, exact.cov, n, n * 1.0, n * 1.0,
                    np.full(len(model.items), n), "complete"),
        )  # fmt: skip
        return exact.mean, index_weights(fit), fit.paths

    both = fitted(None)[1]
    found = {}
    for year in plan.years:
        mean, own, paths = fitted(year)
        found[f"index {year}"] = index_score(
            mean, both if weights == "pooled" else own, low, high, model.blocks
        )
        found[f"paths {year}"] = paths
    return found


def one(
    plan: SimulationPlan, methods: dict[str, IndexOptions], truth: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Draw one survey and tell which intervals of each method hold the truth."""
    simulation = simulate_plan(plan)
    survey = read_survey(simulation.answers, simulation.codebook)
    parts = []
    for method, options in methods.items():
        result = yearly(survey, simulation.model, options=options)
        parts.append(held(result, plan, truth).assign(method=method))
    return pd.concat(parts)


def held(result: YearlyIndex, plan: SimulationPlan, truth: dict[str, np.ndarray]) -> pd.DataFrame:
    """Tell which intervals of one survey hold the truth."""
    names = result.model.names
    rows = []
    first, last = plan.years
    for row in result.figures.to_dict("records"):
        j = names.index(row["construct"])
        true = truth[f"index {row['year']}"][j]
        inside = row["lower"] <= true <= row["upper"]
        rows.append(("index", row["year"], row["construct"], inside, row["index"], row["se"]))
        if row["year"] == last:
            change = true - truth[f"index {first}"][j]
            inside = row["change_lower"] <= change <= row["change_upper"]
            rows.append(("change", last, row["construct"], inside, row["change"], row["change_se"]))
    for row in result.paths[result.paths["year"] == last].to_dict("records"):
        true = truth[f"paths {last}"][names.index(row["from"]), names.index(row["to"])]
        inside = row["lower"] <= true <= row["upper"]
        rows.append(
            ("path", last, f"{row['from']} -> {row['to']}", inside, row["estimate"], row["se"])
        )
    return pd.DataFrame(rows, columns=["what", "year", "name", "held", "estimate", "se"])


def study(name: str, surveys: int, draws: int, jobs: int) -> pd.DataFrame:
    """Return the coverage of every method on one population."""
    population = POPULATIONS[name]
    methods = {
        method: IndexOptions(**{"draws": draws, "min_n": 0, **population.common, **chosen})  # type: ignore[arg-type]
        for method, chosen in population.methods.items()
    }
    plan = plan_of(population)
    truth = truth_of(plan, next(iter(methods.values())).weights)
    parts = Parallel(n_jobs=jobs)(
        delayed(one)(replace(plan, seed=number + 1), methods, truth)
        for number in range(-(-surveys // population.thinned))
    )
    table = pd.concat(parts)
    found = table.groupby(["method", "what", "year", "name"], sort=False).agg(
        coverage=("held", "mean"), sd=("estimate", "std"), mean_se=("se", "mean")
    )
    found["se_ratio"] = found["mean_se"] / found["sd"]
    surveys_made = -(-surveys // population.thinned)
    return found.reset_index().assign(design=name, surveys=surveys_made)


def main() -> None:
    """Run the designs and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--designs", nargs="*", default=list(POPULATIONS))
    arguments = parser.parse_args()
    parts = []
    for name in arguments.designs:
        start = time.time()
        parts.append(study(name, arguments.surveys, arguments.draws, arguments.jobs))
        print(f"{name}: {time.time() - start:.0f} s", flush=True)
    write(pd.concat(parts), arguments.surveys, arguments.draws)


def write(table: pd.DataFrame, surveys: int, draws: int) -> None:
    """Write the coverage of index, change and paths by design."""
    RESULTS.mkdir(exist_ok=True)
    error = 100 * np.sqrt(0.95 * 0.05 / surveys)
    lines = [
        "# Coverage of 95 % intervals",
        "",
        f"Simulated surveys, {draws} draws each; ECSI, 24 items, two years of",
        "250 respondents unless said; the methods of a design see the same surveys. In percent;",
        f"the Monte Carlo error of one figure is {error:.1f} points with {surveys:,} surveys.",
        "The last column is the mean standard error over the standard deviation of the estimates.",
        "",
        "| design | method | surveys | satisfaction index | change | all indices (least - most) "
        "| all paths (least - most) | se ratio, satisfaction |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (design, method), part in table.groupby(["design", "method"], sort=False):
        means = part.groupby(["what", "name"])[["coverage", "se_ratio"]].mean()
        index, change = means.loc["index"], means.loc["change"]
        paths = part[part["what"] == "path"]
        lines.append(
            f"| {design} | {method} | {part['surveys'].iloc[0]} "
            f"| {100 * index.loc['Satisfaction', 'coverage']:.1f} "
            f"| {100 * change.loc['Satisfaction', 'coverage']:.1f} "
            f"| {100 * index['coverage'].min():.1f} - {100 * index['coverage'].max():.1f} "
            f"| {100 * paths['coverage'].min():.1f} - {100 * paths['coverage'].max():.1f} "
            f"| {index.loc['Satisfaction', 'se_ratio']:.3f} |"
        )
    (RESULTS / "coverage_index.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (RESULTS / "coverage_index.json").write_text(
        json.dumps({"surveys": surveys, "draws": draws, "rows": table.to_dict("records")}, indent=1)
        + "\n",
        encoding="utf-8",
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
