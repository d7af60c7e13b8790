"""``csi index``: yearly index figures from a survey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from csi.cli import options, parts, yearly
from csi.cli.console import results, say
from csi.cli.notices import not_written, used, wrote
from csi.cli.options import examples
from csi.cli.words import phrase
from csi.text import Language


@click.command(
    epilog=examples(
        "csi index mobile --out out",
        "csi index answers.csv --codebook codebook.toml --model ecsi --group company --out out",
        "csi index answers.csv --weights frozen:2020 --draws 2000 --jobs 4 --lang zh --out out",
        "csi index --from out/run.json --out again",
    )
)
@click.argument("survey", required=False)
@options.YEARLY
@click.option(
    "--report", is_flag=True, help="The full report, with all the survey allows; see csi report."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def index(
    ctx: click.RichContext,
    /,
    out: Path | None,
    quiet: bool,
    as_json: bool,
    report: bool,
    **given: Any,
) -> None:
    """Compute yearly index figures with margins of error.

    SURVEY is a file (CSV, Excel, SPSS, Stata, Parquet), a folder with survey.*, codebook.toml
    and model.toml, or the packaged survey mobile.
    """
    order = yearly.order_of(
        ctx,
        given | {"quiet": quiet},
        report=report,
        charts=options.CHOICES["format"],
        also=("as_json", "report"),
    )
    language: Language = order.plan.language
    found = yearly.run(order, out, quiet=quiet)
    if as_json:
        click.echo(parts.run.figures_json(found), nl=False)
    elif not quiet:
        parts.terminal.show(found.yearly, results(), language)
    say(*([] if quiet else used(order.plan, found)))
    if out is not None:
        files = parts.run.write_run(found, out, paths=order.paths)
        say(*not_written(order.left_out, language))
        say(*([] if quiet else wrote(files, out, language, start="index.html")))
    if found.empty:
        say(phrase("empty", language))
        ctx.exit(1)
