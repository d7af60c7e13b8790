"""Yearly index figures: from a checked survey and a model to a table with margins of error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from joblib import Parallel, delayed

from csi.errors import Fault, IndexFigureError, OptionError
from csi.index import frames
from csi.index.cells import CellFit
from csi.index.estimator import estimator_words
from csi.index.figures import figures
from csi.index.fitting import Scale, fit_block
from csi.index.join import joint_of
from csi.index.levels import Label, Level, levels, weight_set
from csi.index.notes import notes
from csi.index.options import IndexOptions
from csi.index.pool import Pool
from csi.index.values import IndexMetric, YearlyIndex
from csi.index.variants import Variant, periods, variants
from csi.model.model import Model
from csi.moments.blocks import Block, blocks_of
from csi.moments.groups import Cell, cells_of
from csi.moments.replicates import ReplicatePlan, plan_replicates
from csi.moments.replication import Replication
from csi.survey.cells import nearest
from csi.survey.survey import Survey

Progress = Callable[[int, int], None]
"""Called with the groups done and their number."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The groups to be fitted: their labels, rows and models, and the models of the periods."""

    time: str
    group: str
    variants: dict[str, Variant]
    labels: tuple[Label, ...]
    cells: tuple[Cell, ...]


def yearly(
    survey: Survey,
    model: Model,
    *,
    by: str | None = None,
    group: str | None = None,
    options: IndexOptions | None = None,
    progress: Progress | None = None,
) -> YearlyIndex:
    """Return the index of every construct by year and group, with margins of error and changes.

    Parameters
    ----------
    survey : Survey
    model : Model
        Items that nobody was asked in a period leave the model for that period, openly.
    by : str, optional
        The time key; the codebook's time where None, ``""`` for none.
    group : str, optional
        A group key of the codebook, such as ``company``; none where None.
    options : IndexOptions, optional
    progress : callable, optional
        Called with the number of groups done and of all.

    Returns
    -------
    YearlyIndex

    Raises
    ------
    IndexFigureError
        For unknown keys, items of the model that the survey lacks, or a base year that the
        survey does not have.

    Notes
    -----
    Weights are re-estimated in every draw, so that the margin of error has the uncertainty of
    the weights. A group that cannot be fitted keeps its row, with the reason as its note.

    Each year and group counts as a sample of its own: its respondents in each stratum are as many
    as they are. Groups that share sampled units, and all groups under the jackknife, half samples
    and supplied weights, are domains of the whole survey instead, whose sizes are random.
    """
    options = options or IndexOptions()
    if options.design == "simple":
        survey = survey.as_simple()
    plan = _plan(survey, model, by, group, options)
    replicates = _replicates(survey, plan, options)
    scale = {
        name: (item.low, item.high)
        for name in dict.fromkeys((*survey.items, *model.items))
        for item in [survey.codebook.item(name)]
    }
    fitted: dict[Label, CellFit] = {}
    pool = Pool(_mean_weights(survey, plan))
    for label, cell in _fit_all(survey, plan, options, replicates, scale, progress):
        fitted[label] = cell
        pool.add(label[0], cell)
    pooled = pool.weight_sets(options) if options.pool else {}
    sets = {
        label: weight_set(label, cell, fitted, pooled, scale, options)
        for label, cell in fitted.items()
    }
    found: dict[Label, dict[str, Level]] = {
        label: levels(cell, sets[label], scale) for label, cell in fitted.items()
    }
    asked = frames.items(survey, model, plan.time)
    replication = replicates.replication
    joint = joint_of(
        tuple(plan.variants),
        plan.labels,
        model,
        fitted,
        found,
        sets,
        pooled,
        scale,
        replication,
        options,
    )
    return YearlyIndex(
        figures=figures(
            plan.labels,
            plan.variants,
            fitted,
            found,
            model,
            survey.codebook.unweighted,
            options,
            replication,
        ),
        paths=frames.paths(plan.labels, fitted, options),
        effects=frames.effects(plan.labels, fitted, options),
        weights=frames.weights(plan.labels, fitted, sets, replication, options),
        quality=frames.quality(plan.labels, fitted, options),
        fits=frames.fits(plan.labels, fitted, options),
        items=asked,
        missing=survey.missing.copy(),
        excluded=survey.excluded.copy(),
        model=model,
        codebook=survey.codebook,
        metric=_metric(survey, model, plan, replication, options),
        notes=notes(survey, plan.time, plan.group, plan.variants, asked, fitted, options),
        joint=joint,
    )


def _replicates(survey: Survey, plan: Plan, options: IndexOptions) -> ReplicatePlan:
    """Return how replicates are made, and refuse intervals that they cannot give."""
    found = plan_replicates(
        survey,
        options.replicates,
        draws=options.draws,
        seed=options.seed,
        fay=options.fay,
        by=plan.time,
    )
    if found.replication.method == "delta":  # with normal draws for what compares figures
        drawn = replace(found.replication, replicates=options.draws, factors=None)
        return replace(found, replication=drawn)
    if not found.replication.random and options.interval != "normal":
        raise OptionError(
            Fault(
                f"option interval {options.interval}",
                f"needs random draws, and there are none: {found.replication.words}",
                "use normal, or replicates bootstrap",
            )
        )
    return found


def _plan(
    survey: Survey, model: Model, by: str | None, group: str | None, options: IndexOptions
) -> Plan:
    """Check the keys and sort respondents into groups."""
    named = survey.codebook.time.name if survey.codebook.time else ""
    time = named if by is None else by
    faults = [
        Fault(
            f"{what} {name!r}",
            "is not a key of the codebook",
            f"{nearest(name, survey.keys)} (known keys: {', '.join(survey.keys) or 'none'})",
        )
        for what, name in (("time", time), ("group", group))
        if name and name not in survey.keys
    ]
    if faults:
        raise IndexFigureError(faults)
    found = variants(survey, model, time)
    if options.base and options.base not in found:
        raise IndexFigureError(
            Fault(
                f"weights frozen:{options.base}",
                "is not a period of the survey",
                f"use one of {', '.join(found)}",
            )
        )
    keys = tuple(key for key in (time, group) if key)
    cells = cells_of(survey, keys)
    labels = tuple(
        (cell.label[0] if time else "all", cell.label[-1] if group else "all") for cell in cells
    )
    return Plan(time, group or "", found, labels, tuple(cells))


def _fit_all(
    survey: Survey,
    plan: Plan,
    options: IndexOptions,
    replicates: ReplicatePlan,
    scale: Scale,
    progress: Progress | None,
) -> Iterator[tuple[Label, CellFit]]:
    """Fit every group whose period has a model, in the order of blocks."""
    numbers = [
        number
        for number, label in enumerate(plan.labels)
        if plan.variants[label[0]].model is not None
    ]
    models = [_model_of(plan, number) for number in numbers]
    blocks = blocks_of(
        survey,
        [model.items for model in models],
        [plan.cells[number] for number in numbers],
        options.missing,
        replicated=replicates.supplied,
    )
    done = 0
    work = _run(blocks, models, options, replicates, scale)
    for block, cells in zip(blocks, work, strict=True):
        for place, cell in zip(block.cells, cells, strict=True):
            done += 1
            yield plan.labels[numbers[place]], cell
        if progress:
            progress(done, len(numbers))


def _mean_weights(survey: Survey, plan: Plan) -> dict[str, float]:
    """Return the mean weight of each period, so that pooling counts respondents, not weights."""
    return {
        label: float(survey.design.weights[cell.rows].mean())
        for label, cell in zip(plan.variants, periods(survey, plan.time), strict=True)
    }


def _model_of(plan: Plan, number: int) -> Model:
    """Return the model of a group; only called where there is one."""
    model = plan.variants[plan.labels[number][0]].model
    if model is None:
        raise AssertionError(plan.labels[number])
    return model


def _run(
    blocks: Sequence[Block],
    models: Sequence[Model],
    options: IndexOptions,
    replicates: ReplicatePlan,
    scale: Scale,
) -> Iterator[list[CellFit]]:
    """Fit the blocks in order, in one process or several."""
    tasks = [(block, tuple(models[number] for number in block.cells)) for block in blocks]
    if min(options.jobs, len(tasks)) <= 1:
        yield from (fit_block(block, own, options, replicates, scale) for block, own in tasks)
        return
    parallel = Parallel(n_jobs=min(options.jobs, len(tasks)), return_as="generator")
    yield from parallel(
        delayed(fit_block)(block, own, options, replicates.within(block), scale)
        for block, own in tasks
    )


def _metric(
    survey: Survey, model: Model, plan: Plan, replication: Replication, options: IndexOptions
) -> IndexMetric:
    """Return what the figures are measured in."""
    return IndexMetric(
        weights=options.weights,
        metric="standardised" if options.estimator == "ml" else options.pls.metric,
        estimator=estimator_words(options, model),
        missing=options.missing,
        replication=replication.words,
        interval=options.interval,
        level=options.level,
        min_n=options.min_n,
        draws=replication.replicates or options.draws,
        seed=options.seed,
        time=plan.time,
        group=plan.group,
        scale=tuple(
            (item, survey.codebook.item(item).low, survey.codebook.item(item).high)
            for item in model.columns
        ),
        design=options.design,
    )
