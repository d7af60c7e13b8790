"""``csi simulate``: a survey whose true figures are known."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from csi.cli import options, parts
from csi.cli.console import say
from csi.cli.notices import wrote
from csi.cli.options import examples


@click.command(
    epilog=examples(
        "csi simulate ecsi_mobile --years 2020-2025 --groups A,B,C --n 250 --seed 1 --out sim",
        "csi simulate simulation.toml --out sim",
    )
)
@click.argument("source", metavar="MODEL|PLAN.TOML", shell_complete=options.complete_models)
@click.option("--years", metavar="FROM-TO", help="Years, such as 2020-2025 or 2020,2022.")
@click.option(
    "--groups", metavar="A,B,C", default="", help="Companies or regions; none if not given."
)
@click.option(
    "--n", type=int, metavar="N", help="Respondents a year and group.", show_default="250"
)
@click.option("--seed", type=int, metavar="N", help="Seed of the draws.", show_default="1")
@click.option(
    "--out",
    "-o",
    type=options.Folder(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder to write into.",
)
@options.QUIET
@options.DEBUG
def simulate(
    source: str,
    years: str | None,
    groups: str,
    n: int | None,
    seed: int | None,
    out: Path,
    quiet: bool,
) -> None:
    """Simulate a survey whose true index, paths and loadings are known.

    Writes survey.csv, codebook.toml, model.toml, truth.json, simulation.toml and README.md. The
    source is a model of the catalogue or a plan file, which says everything.
    """
    parts.run.check_simulation_place(out)
    names = [name.strip() for name in groups.split(",") if name.strip()]
    plan = parts.run.simulation_plan(source, years=years, groups=names, n=n, seed=seed)
    files = parts.simulation.write_simulation(parts.simulation.simulate_plan(plan), out)
    say(*([] if quiet else wrote(files, out, "en", start="README.md")))
