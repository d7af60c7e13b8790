"""A simulated survey as a folder of files that reproduces itself."""

from __future__ import annotations

import json
from pathlib import Path

from csi.model.toml_form import write_model
from csi.simulation.draw import Simulation
from csi.simulation.plan import SimulationPlan
from csi.simulation.plan_text import plan_text
from csi.survey.codebook_file import write_codebook

FILES = (
    "survey.csv",
    "codebook.toml",
    "model.toml",
    "truth.json",
    "simulation.toml",
    "README.md",
)


def write_simulation(simulation: Simulation, folder: str | Path) -> tuple[Path, ...]:
    """Write the survey, its codebook and model, the truth and the plan it is made from.

    Parameters
    ----------
    simulation : Simulation
    folder : str or Path
        Made where it does not exist; the six files in it are replaced.

    Returns
    -------
    tuple of Path
        The files, in the order of `FILES`. The same simulation gives the same bytes.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths = tuple(place / name for name in FILES)
    survey, codebook, model, truth, plan, readme = paths
    simulation.answers.to_csv(survey, index=False, lineterminator="\n", encoding="utf-8")
    write_codebook(simulation.codebook, codebook)
    write_model(simulation.model, model)
    text = json.dumps(simulation.truth.to_dict(), ensure_ascii=False, indent=1) + "\n"
    truth.write_bytes(text.encode("utf-8"))
    plan.write_bytes(plan_text(simulation.plan).encode("utf-8"))
    readme.write_bytes(readme_text(simulation).encode("utf-8"))
    return paths


def readme_text(simulation: Simulation) -> str:
    """Return what a reader of the folder must know: it is simulated, from what, and how."""
    plan = simulation.plan
    title = plan.title.within("en") or "Simulated survey"
    design = _design(plan)
    return f"""# {title}

**Simulated answers: no person was interviewed.** 本目录中的数据为模拟数据，未访问任何真实受访者。

| file | content |
|---|---|
| `survey.csv` | {len(simulation.answers):,} simulated interviews, one row each |
| `codebook.toml` | what the columns mean |
| `model.toml` | the model `{plan.model.name}` |
| `truth.json` | the true paths, loadings, item means and index levels of the population |
| `simulation.toml` | the plan: everything the survey is made from |

Made in this folder by

    csi simulate simulation.toml --out .

and made again, byte for byte, by the same command.

## How it was made

{design}

Standardised construct scores follow the true paths; latent items follow their construct with the
true loadings; answers are the latent items cut into the points of the scale, so that every item
has exactly the wanted mean and spread in the population. The index in `truth.json` is the exact
index of the population under equal item weights, by construct, {plan.time} and group; for other
weights it is the weighted mean of the item means in `truth.json`, on 0-100. All of it is
computed from the plan and nothing from the draw.
"""


def _design(plan: SimulationPlan) -> str:
    """Sample, strata, clusters and missing answers as a list."""
    years = f"{plan.years[0]} to {plan.years[-1]}" if len(plan.years) > 1 else plan.years[0]
    groups = f", {len(plan.groups)} groups ({', '.join(plan.groups)})" if plan.groups else ""
    lines = [f"- {years}{groups}, {plan.n} interviews in each; seed {plan.seed}."]
    if plan.strata:
        parts = "; ".join(
            f"{s.name}: {s.share:.0%} of the population, sampling rate {s.rate:g}, "
            f"level {s.shift:+g} before centring"
            for s in plan.strata
        )
        lines.append(f"- Strata ({parts}); `weight` makes up for the rates.")
    if plan.clusters:
        lines.append(
            f"- Clusters of {plan.clusters.size}, intraclass correlation of the "
            f"construct scores {plan.clusters.correlation:g}."
        )
    missing = plan.missing
    if missing.rate > 0.0:
        how = (
            "the more often the less satisfied the respondent"
            if missing.satisfaction_slope
            else "completely at random"
        )
        rates = (
            (missing.dont_know, "don't know (98)"),
            (missing.refused, "refused (99)"),
            (missing.blank, "blank"),
        )
        shown = ", ".join(f"{rate:.1%} {what}" for rate, what in rates if rate > 0.0)
        lines.append(f"- Missing answers, {how}: {shown}.")
    return "\n".join(lines)
