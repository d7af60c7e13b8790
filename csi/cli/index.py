"""``csi index``: yearly index figures from a survey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click
from click.core import ParameterSource

from csi.cli import options, parts
from csi.cli.console import progress_bar, results, say
from csi.cli.notices import repeated, used, wrote
from csi.cli.options import examples, with_default
from csi.cli.words import phrase
from csi.text import Language

OWN = (
    "weights", "missing", "estimator", "scheme", "metric", "higher", "draws", "seed", "replicates",
    "fay", "design", "interval", "level", "min_n",
)  # fmt: skip
WITH_FROM = (
    "survey",
    "codebook",
    "model",
    "aggregate",
    "jobs",
    "out",
    "record",
    "quiet",
    "as_json",
    "debug",
)
"""Arguments that go with --from; the others are in the record."""


@click.command(
    epilog=examples(
        "csi index mobile --out out",
        "csi index answers.csv --codebook codebook.toml --model ecsi --group company --out out",
        "csi index answers.csv --weights frozen:2020 --draws 2000 --jobs 4 --lang zh --out out",
        "csi index --from out/run.json --out again",
    )
)
@click.argument("survey", required=False)
@options.CODEBOOK
@options.MODEL
@click.option(
    "--by", metavar="KEY", help="Time key; none for one period. The codebook's if not given."
)
@click.option(
    "--group",
    metavar="KEY",
    help="Group key; none for none. The codebook's if it has one and this is not given.",
)
@click.option(
    "--weights",
    metavar="WORD",
    help=with_default("Weights of the index: own, pooled, equal or frozen:YEAR.", "weights"),
)
@options.ESTIMATION
@options.chosen("replicates", "Where errors come from")
@click.option(
    "--fay", type=float, metavar="P", help=with_default("Coefficient of Fay's method.", "fay")
)
@options.chosen("design", "Sampling design: that of the codebook, or simple random for comparison")
@click.option(
    "--ranks", is_flag=True, help="Rank the groups: rank sets, ties with the first, letters."
)
@click.option(
    "--change-split",
    is_flag=True,
    help="Split changes into performance, weights, items and mix; try other weights.",
)
@click.option(
    "--both-estimators",
    is_flag=True,
    help="Also by the other estimator (PLS or maximum likelihood): how far the index moves.",
)
@click.option(
    "--comparability",
    is_flag=True,
    help="Test whether years, and groups, may be compared (permutations).",
)
@click.option(
    "--assess",
    is_flag=True,
    help="Judge measurement, structure and prediction in the last period; see csi assess.",
)
@click.option(
    "--aggregate",
    metavar="FILE",
    help="Table with name, parent, weight: industry, sector, nation from the groups.",
)
@click.option(
    "--min-n", type=int, metavar="N", help=with_default("Smallest base published.", "min_n")
)
@click.option(
    "--jobs", type=int, metavar="N", help=with_default("Processes; same figures.", "jobs")
)
@options.LANG
@options.OUT
@click.option(
    "--format",
    "formats",
    type=click.Choice(options.CHOICES["format"]),
    metavar="WORD",
    multiple=True,
    help="Chart files: png or svg; both if not given.",
)
@click.option("--scores", is_flag=True, help="Write the score of every respondent (scores.csv).")
@options.READING
@click.option("--from", "record", metavar="RUN.JSON", help="Repeat a recorded run.")
@options.QUIET
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@options.DEBUG
@click.pass_context
def index(
    ctx: click.RichContext,
    /,
    survey: str | None,
    record: str | None,
    out: Path | None,
    quiet: bool,
    as_json: bool,
    jobs: int | None,
    **given: Any,
) -> None:
    """Compute yearly index figures with margins of error.

    SURVEY is a file (CSV, Excel, SPSS, Stata, Parquet), a folder with survey.*, codebook.toml
    and model.toml, or the packaged survey mobile.
    """
    if record is not None:
        _refuse_beside_from(ctx)
        names = ("codebook", "model", "aggregate")
        places = {"survey": survey, **{name: given[name] for name in names}}
        recorded = parts.run.read_record(record, jobs=jobs or 1, given=places)
        plan, paths = recorded.plan, recorded.paths
        say(*([] if quiet else repeated(recorded)))
    else:
        if survey is None:
            raise click.UsageError("name a survey, such as: csi index mobile", ctx)
        plan, paths = _plan(survey, jobs, given), None
    if out is not None:
        parts.run.check_run_place(out)  # before the work, not after it
    language: Language = plan.language
    with progress_bar(phrase("fitting", language), quiet=quiet) as step:
        found = parts.run.run_index(plan, step)
    if as_json:
        click.echo(parts.run.figures_json(found), nl=False)
    elif not quiet:
        parts.terminal.show(found.yearly, results(), language)
    say(*([] if quiet else used(plan, found)))
    if out is not None:
        files = parts.run.write_run(found, out, paths=paths)
        say(*([] if quiet else wrote(files, out, language, start="index.html")))
    if found.empty:
        say(phrase("empty", language))
        ctx.exit(1)


def _plan(survey: str, jobs: int | None, given: dict[str, Any]) -> parts.run.RunPlan:
    """Return the plan that the arguments say."""
    method = {name: given[name] for name in OWN}
    given_options = parts.run.index_options(**method, consistent=given["consistent"], jobs=jobs)
    return parts.run.RunPlan(
        survey,
        codebook=given["codebook"],
        model=given["model"],
        by=options.no_key(given["by"]),
        group=options.no_key(given["group"]),
        options=given_options,
        language=given["lang"],
        scores=given["scores"],
        ranks=given["ranks"],
        change_split=given["change_split"],
        both_estimators=given["both_estimators"],
        comparability=given["comparability"],
        assess=given["assess"],
        aggregate=given["aggregate"],
        sheet=given["sheet"],
        encoding=given["encoding"],
        delimiter=given["delimiter"],
        **({"formats": given["formats"]} if given["formats"] else {}),
    )


def _refuse_beside_from(ctx: click.Context) -> None:
    """Raise for options that a record already says."""
    beside = [
        f"--{name.replace('_', '-')}".replace("--formats", "--format")
        for name in ctx.params
        if name not in WITH_FROM and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if beside:
        raise click.UsageError(
            f"--from takes the options of the record; leave out {', '.join(beside)}", ctx
        )
