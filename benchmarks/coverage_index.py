"""Do 95 % intervals of the index hold the truth 95 times in 100?

Surveys are drawn again and again from a population whose index, paths and change are known
exactly: the estimator is run on the exact moments of the population. Each design is a year and
the year after, 250 respondents each, ECSI with 24 items on 1-10.

    python benchmarks/coverage_index.py --surveys 1000 --draws 500

writes ``benchmarks/results/coverage_index.md`` and ``.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from csi.estimate.pls import fit_pls
from csi.index import IndexOptions, yearly
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

Options = dict[str, object]
DESIGNS: dict[str, tuple[dict[str, object], Options]] = {
    "simple random": ({}, {"missing": "complete"}),
    "simple random, percentile": ({}, {"missing": "complete", "interval": "percentile"}),
    "simple random, bias-corrected": ({}, {"missing": "complete", "interval": "bias-corrected"}),
    "strata and weights": ({"strata": STRATA}, {"missing": "complete"}),
    "clusters of 10, ICC 0.1": (
        {"clusters": Clusters(size=10, correlation=0.1)},
        {"missing": "complete"},
    ),
    "5 % missing at random, EM": ({"missing": GAPS}, {"missing": "em"}),
    "5 % missing at random, pairwise": ({"missing": GAPS}, {"missing": "pairwise"}),
    "pooled weights": ({}, {"missing": "complete", "weights": "pooled"}),
    "n = 100": ({"n": 100}, {"missing": "complete"}),
}


def plan_of(design: dict[str, object]) -> SimulationPlan:
    """Return two years of ECSI; quality and satisfaction rise by two points."""
    true = TrueValues(
        moves=(Move(points=2.0, year="2025", constructs=("Satisfaction", "Quality")),)
    )
    plan = SimulationPlan(
        model=models.load("ecsi_mobile"), years=("2024", "2025"), seed=1, true=true
    )
    return replace(plan, **design)  # type: ignore[arg-type]


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


def one(plan: SimulationPlan, options: IndexOptions, truth: dict[str, np.ndarray]) -> pd.DataFrame:
    """Draw one survey and tell which intervals hold the truth."""
    simulation = simulate_plan(plan)
    survey = read_survey(simulation.answers, simulation.codebook)
    result = yearly(survey, simulation.model, options=options)
    names = simulation.model.names
    rows = []
    first, last = plan.years
    for row in result.figures.itertuples():
        j = names.index(str(row.construct))
        true = truth[f"index {row.year}"][j]
        rows.append(
            (
                "index",
                row.year,
                row.construct,
                row.lower <= true <= row.upper,
                float(row[4]),
                row.se,
            )
        )
        if row.year == last:
            change = true - truth[f"index {first}"][j]
            rows.append(
                ("change", last, row.construct, row.change_lower <= change <= row.change_upper,
                 row.change, row.change_se)
            )  # fmt: skip
    for row in result.paths[result.paths["year"] == last].itertuples():
        true = truth[f"paths {last}"][names.index(row[3]), names.index(row[4])]
        rows.append(("path", last, f"{row[3]} -> {row[4]}", row.lower <= true <= row.upper,
                     row.estimate, row.se))  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "year", "name", "held", "estimate", "se"])


def study(name: str, surveys: int, draws: int, jobs: int) -> pd.DataFrame:
    """Return the coverage of one design."""
    design, chosen = DESIGNS[name]
    options = IndexOptions(draws=draws, min_n=0, **chosen)  # type: ignore[arg-type]
    plan = plan_of(design)
    truth = truth_of(plan, options.weights)
    parts = Parallel(n_jobs=jobs)(
        delayed(one)(replace(plan, seed=number + 1), options, truth) for number in range(surveys)
    )
    table = pd.concat(parts)
    found = table.groupby(["what", "year", "name"], sort=False).agg(
        coverage=("held", "mean"), sd=("estimate", "std"), mean_se=("se", "mean")
    )
    found["se_ratio"] = found["mean_se"] / found["sd"]
    return found.reset_index().assign(design=name)


def main() -> None:
    """Run the designs and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--designs", nargs="*", default=list(DESIGNS))
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
        f"{surveys} simulated surveys a design, {draws} draws each; ECSI, 24 items, two years of",
        "250 respondents and limits by margins of error unless said. In percent; the Monte Carlo",
        f"error of one figure is {error:.1f} points.",
        "The last column is the mean standard error over the standard deviation of the estimates.",
        "",
        "| design | satisfaction index | change | all indices (least - most) "
        "| all paths (least - most) | se ratio, satisfaction |",
        "|---|---|---|---|---|---|",
    ]
    for design, part in table.groupby("design", sort=False):
        means = part.groupby(["what", "name"])[["coverage", "se_ratio"]].mean()
        index, change = means.loc["index"], means.loc["change"]
        paths = part[part["what"] == "path"]
        lines.append(
            f"| {design} | {100 * index.loc['Satisfaction', 'coverage']:.1f} "
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
