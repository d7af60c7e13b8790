"""What ``csi index`` and ``csi report`` share: from arguments to a run and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import rich_click as click
from click.core import ParameterSource

from csi.cli import options, parts
from csi.cli.console import progress_bar, say
from csi.cli.notices import repeated
from csi.cli.words import phrase

METHOD = (
    "weights", "missing", "estimator", "scheme", "metric", "higher", "consistent", "draws", "seed",
    "replicates", "fay", "design", "interval", "level", "min_n",
)  # fmt: skip
"""Arguments that are options of index and estimator."""

AS_GIVEN = (
    "codebook", "model", "scores", "ranks", "change_split", "both_estimators", "comparability",
    "assess", "aggregate", "sheet", "encoding", "delimiter",
)  # fmt: skip
"""Arguments that a plan takes as they are."""

WITH_FROM = ("survey", "codebook", "model", "aggregate", "jobs", "out", "record", "quiet", "debug")
"""Arguments that go with --from; the others are in the record."""

PLACES = ("survey", "codebook", "model", "aggregate")


@dataclass(frozen=True, slots=True)
class Order:
    """A run to be made.

    Attributes
    ----------
    plan : RunPlan
    paths : mapping or None
        Where a repeated record says that its files are.
    left_out : tuple of str
        Office files of a report that cannot be written here and that nobody asked for by name.
    """

    plan: parts.run.RunPlan
    paths: Mapping[str, str] | None = None
    left_out: tuple[str, ...] = ()


def order_of(
    ctx: click.Context,
    given: Mapping[str, Any],
    *,
    report: bool,
    charts: Sequence[str] = (),
    also: tuple[str, ...] = (),
) -> Order:
    """Return the run that arguments ask for: a new one, or a recorded one once more.

    Parameters
    ----------
    ctx : Context
    given : mapping
        Arguments by name.
    report : bool
        Whether the full report is wanted.
    charts : sequence of str
        Formats of chart files where none are given.
    also : tuple of str
        Further arguments that go with ``--from``.
    """
    if given["record"] is not None:
        return _again(ctx, given, report=report, charts=charts, also=also)
    if given["survey"] is None:
        raise click.UsageError(f"name a survey, such as: {ctx.command_path} mobile", ctx)
    office, left_out = _office(given["formats"], report=report)
    plan = _plan(given, report=report)
    kinds = options.CHOICES["format"]
    formats: Any = tuple(form for form in given["formats"] or charts if form in kinds)
    return Order(replace(plan, office=office, formats=formats), left_out=left_out)


def run(order: Order, out: Path | None, *, quiet: bool) -> parts.run.IndexRun:
    """Make a run; a place that it cannot write to is refused before the work."""
    if out is not None:
        parts.run.check_run_place(out)
        parts.run.check_office(order.plan.office)
    with progress_bar(phrase("fitting", order.plan.language), quiet=quiet) as step:
        return parts.run.run_index(order.plan, step)


def _again(
    ctx: click.Context,
    given: Mapping[str, Any],
    *,
    report: bool,
    charts: Sequence[str],
    also: tuple[str, ...],
) -> Order:
    """Return a recorded run; of figures without a report the report is made."""
    _refuse_beside_from(ctx, (*WITH_FROM, *also))
    places = {name: given[name] for name in PLACES}
    recorded = parts.run.read_record(given["record"], jobs=given["jobs"] or 1, given=places)
    say(*([] if given["quiet"] else repeated(recorded)))
    plan = recorded.plan
    if not report or plan.report:
        return Order(plan, recorded.paths)
    office, left_out = _office((), report=True)
    formats: Any = tuple(form for form in plan.formats if form in charts)
    plan = replace(plan, report=True, office=office, formats=formats)
    return Order(plan, recorded.paths, left_out)


def _office(formats: tuple[str, ...], *, report: bool) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return the office files to write, and those of the default that cannot be written here."""
    if formats or not report:
        return tuple(form for form in formats if form in options.CHOICES["office"]), ()
    there = parts.run.possible_office()
    return there, tuple(form for form in parts.run.OFFICE if form not in there)


def _plan(given: Mapping[str, Any], *, report: bool) -> parts.run.RunPlan:
    """Return the plan that the arguments say."""
    method = {name: given[name] for name in METHOD}
    nodes = {name: given[name] for name in ("partial", "matched", "rolling", "lag")}
    return parts.run.RunPlan(
        given["survey"],
        by=options.no_key(given["by"]),
        group=options.no_key(given["group"]),
        options=parts.run.index_options(**method, jobs=given["jobs"]),
        language=given["lang"],
        report=report,
        aggregation=parts.run.aggregate_options(**nodes),
        printed=given["printed"] or "",
        **{name: given[name] for name in AS_GIVEN},
    )


def _refuse_beside_from(ctx: click.Context, allowed: tuple[str, ...]) -> None:
    """Raise for options that a record already says."""
    beside = [
        f"--{name.replace('_', '-')}".replace("--formats", "--format")
        for name in ctx.params
        if name not in allowed and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if beside:
        raise click.UsageError(
            f"--from takes the options of the record; leave out {', '.join(beside)}", ctx
        )
