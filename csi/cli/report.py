"""``csi report``: the full report of a survey, for managers and for those who check it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from csi.cli import options, parts, yearly
from csi.cli.console import results, say
from csi.cli.notices import not_written, used, written_by_kind
from csi.cli.options import examples
from csi.cli.words import phrase
from csi.text import Language


@click.command(
    epilog=examples(
        "csi report mobile --out report",
        "csi report answers.csv --model ecsi --group company --lang zh --out report",
        "csi report mobile --format html,svg --out report",
        "csi report --from out/run.json --out report",
    )
)
@click.argument("survey", required=False)
@options.YEARLY
@click.pass_context
def report(ctx: click.RichContext, /, out: Path | None, quiet: bool, **given: Any) -> None:
    """Write the full report: page, workbook, slides and tables.

    SURVEY is a file, a folder or the packaged survey mobile, as for csi index. League table, parts
    of changes, comparability and assessment are made where the survey allows them; the report
    says what was left out, and why.
    """
    if out is None:
        raise click.UsageError("name a folder to write into with --out", ctx)
    order = yearly.order_of(ctx, given | {"quiet": quiet}, report=True)
    language: Language = order.plan.language
    found = yearly.run(order, out, quiet=quiet)
    files = parts.run.write_run(found, out, paths=order.paths)
    if not quiet:
        parts.report_terminal.show(found.yearly, results(), language)
        say(*used(order.plan, found), *not_written(order.left_out, language))
        results().print(*written_by_kind(files, out, language), sep="\n", markup=False)
    if found.empty:
        say(phrase("empty", language))
        ctx.exit(1)
