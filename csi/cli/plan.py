"""``csi plan``: sample size, margin of error and detectable change of a survey to come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from click.core import ParameterSource

from csi.cli import options, parts
from csi.cli.console import results, say
from csi.cli.notices import wrote
from csi.cli.options import examples
from csi.cli.plan_tables import Shown, shown
from csi.errors import Fault, OptionError
from csi.text import Language

if TYPE_CHECKING:
    from csi.planning import PresentPlan, SurveyPlan

ASSUMED = (
    "sd", "deff", "icc", "cluster_size", "population", "response_rate", "overlap", "correlation",
    "groups", "spread",
)  # fmt: skip
"""Options that say what a survey is like; figures of an earlier one say it themselves."""


def _number(
    name: str, help_text: str, kind: type = float, *, multiple: bool = False
) -> Callable[[options.Command], options.Command]:
    """Return an option that takes a number."""
    metavar = "N" if kind is int else "X"
    return click.option(f"--{name}", type=kind, metavar=metavar, multiple=multiple, help=help_text)


@click.command(
    epilog=examples(
        "csi plan --sd 18 --n 250",
        "csi plan --sd 18 --margin 2 --response-rate 0.3 --groups 12",
        "csi plan --change 3 --power 0.9 --overlap 0.5 --correlation 0.6",
        "csi plan --from out --margin 1.5 --lang zh",
    )
)
@_number("n", "Respondents of one company; repeat for more.", int, multiple=True)
@_number("margin", "Wanted margin of error, in points; repeat for more.", multiple=True)
@_number("change", "True change to be found, in points; repeat for more.", multiple=True)
@click.option(
    "--from",
    "place",
    metavar="PLACE",
    help="Figures of an earlier survey: the folder csi index wrote, its index.json or index.csv.",
)
@click.option("--construct", metavar="NAME", help="Index in the figures. [default: Satisfaction]")
@click.option("--year", metavar="YEAR", help="Year of the figures. [default: the last one]")
@_number("sd", "Standard deviation of one respondent's index, in points. [default: 18]")
@_number("deff", "Design effect, such as that of weights. [default: 1]")
@_number("icc", "Share of the variance between clusters, with --cluster-size.")
@_number("cluster-size", "Mean number of answers a cluster, with --icc.")
@_number("population", "Customers of one company. [default: many]", int)
@_number("response-rate", "Share of the people contacted who answer.")
@_number("level", "Confidence level. [default: 0.95, or that of the figures]")
@_number("power", "Chance that the change is found. [default: 0.8]")
@_number("overlap", "Share of respondents in both surveys, with --correlation.")
@_number("correlation", "Correlation of the two answers of a person, with --overlap.")
@_number("groups", "Companies. [default: 1]", int)
@_number("spread", "Standard deviation of the companies' true indices: shows the reliability.")
@options.LANG
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.CSV",
    help="File to write the table into.",
)
@options.QUIET
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@options.DEBUG
@click.pass_context
def plan(
    ctx: click.RichContext,
    /,
    place: str | None,
    lang: Language,
    out: Path | None,
    quiet: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Plan a survey: how many respondents, what margin of error, which changes are found.

    Give a sample size, a wanted margin or a change; or figures of an earlier survey, whose own
    spread and design effect are used.
    """
    if place is not None:
        _refuse_beside_from(ctx)
        made = _told_as_options(lambda: _from_figures(place, given), lang)
    else:
        if not (given["n"] or given["margin"] or given["change"]):
            raise click.UsageError("give --n, --margin, --change or --from", ctx)
        if beside := [f"--{name}" for name in ("construct", "year") if given[name] is not None]:
            raise click.UsageError(f"{', '.join(beside)}: only with --from", ctx)
        made = _told_as_options(lambda: _from_numbers(given), lang)
    if as_json:
        click.echo(made.json)
    elif not quiet:
        console = results()
        console.print(made.table, "")
        for line in made.lines:
            console.print(line, markup=False)
    if out is not None:
        made.frame.to_csv(out, index=False, encoding="utf-8", lineterminator="\n")
        say(*([] if quiet else wrote([out], out.parent, lang, start=out.name)))


def _from_numbers(given: dict[str, Any]) -> SurveyPlan:
    """Return the plan of a survey from what is said of it; all faults at once."""
    named = {name: given[name] for name in (*ASSUMED, "level", "power") if given[name] is not None}
    asked = {name: given[name] for name in ("n", "margin", "change")}
    found = parts.planning.asked_faults(**asked, population=given["population"])
    try:
        options_given = parts.planning.PlanOptions(**named)
    except OptionError as error:
        raise OptionError([*found, *error.faults]) from None
    return parts.planning.plan_survey(**asked, options=options_given)


def _from_figures(place: str, given: dict[str, Any]) -> PresentPlan:
    """Return the plan from figures of an earlier survey."""
    several = [name for name in ("margin", "change") if len(given[name]) > 1]
    if several:
        raise OptionError([Fault(n, "--from takes one of them", "give one") for n in several])
    read = parts.figures_file.read_figures(place)
    power = {} if given["power"] is None else {"power": given["power"]}
    return parts.planning.plan_from(
        read.frame,
        margin=next(iter(given["margin"]), None),
        change=next(iter(given["change"]), None),
        construct=given["construct"],
        year=given["year"],
        level=given["level"],
        figures_level=read.level,
        **power,
    )


def _told_as_options(make: Callable[[], PresentPlan | SurveyPlan], lang: Language) -> Shown:
    """Return what is shown of a plan; faults are told with the names of the command's options."""
    try:
        return shown(make(), lang)
    except OptionError as error:
        told = ([part.replace("_", "-") for part in (f.where, f.what, f.fix)] for f in error.faults)
        raise OptionError([Fault(f"--{where}", what, fix) for where, what, fix in told]) from None


def _refuse_beside_from(ctx: click.RichContext) -> None:
    """Raise for options that the figures of an earlier survey already say."""
    beside = [
        f"--{name.replace('_', '-')}"
        for name in ("n", *ASSUMED)
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if beside:
        raise click.UsageError(
            f"--from takes the design of the figures; leave out {', '.join(beside)}", ctx
        )
