"""What an index rests on: whether it may be compared, and whether its model is any good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csi.assess.assessment import verdict_table
from csi.compare.comparability import Comparability, comparability
from csi.compare.comparability_notes import with_comparability
from csi.errors import Fault, OptionError
from csi.index.values import YearlyIndex
from csi.model.model import Model
from csi.run.assess import assess_model
from csi.run.assess_options import AssessOptions
from csi.run.plan import NONE, RunPlan
from csi.survey.survey import Survey

MOST_PAIRED = 6
"""Up to this many groups are compared pair by pair; of more, each with the others together."""


def with_judgements(found: YearlyIndex, survey: Survey, model: Model, plan: RunPlan) -> YearlyIndex:
    """Return the figures with what a plan asks to be judged.

    Parameters
    ----------
    found : YearlyIndex
    survey : Survey
    model : Model
    plan : RunPlan

    Returns
    -------
    YearlyIndex
        ``tables`` has ``comparability`` (what may be compared over periods and groups, and a note
        in place of the one that it was not tested; of more than six groups each with the others)
        and ``verdicts`` (on the model in the last period, all groups together), where the plan
        asks for them.

    Raises
    ------
    OptionError
        Comparability of an index with one period and one group.
    """
    if plan.comparability:
        found = with_comparability(found, *_tested(found, survey, model, plan))
        groups = found.figures["group"].nunique()
        if groups > MOST_PAIRED and plan.options.estimator == "pls":
            note = (
                f"Comparability of {groups} groups: each was compared with the others together, "
                "not pair by pair."
            )
            found = replace(found, notes=(*found.notes, note))
    return with_assessment(found, survey, model, plan) if plan.assess else found


def with_assessment(found: YearlyIndex, survey: Survey, model: Model, plan: RunPlan) -> YearlyIndex:
    """Return the figures with verdicts on the model in the last period."""
    time = found.metric.time
    last = str(found.figures["year"].iloc[-1])
    where = {time: [last]} if time else {}
    wanted = AssessOptions(topics=("answers", "measurement", "structure", "prediction"), by=NONE)
    options = replace(plan.options, min_n=0)
    judged = assess_model(survey, model, options, wanted, where=where)
    notes = [f"Not assessed in {last}: {reason}" for reason in judged.left_out]
    table = verdict_table(judged.verdicts)
    table.insert(0, "year", last)
    return replace(found, notes=(*found.notes, *notes)).with_tables(verdicts=table)


def _tested(
    found: YearlyIndex, survey: Survey, model: Model, plan: RunPlan
) -> Iterator[Comparability]:
    """Yield the comparability over periods, and over groups in the last period."""
    figures, metric = found.figures, found.metric
    keys = [
        name
        for name, column in ((metric.time, "year"), (metric.group, "group"))
        if name and figures[column].nunique() > 1
    ]
    if not keys:
        fix = "leave it out, or name a time or group with --by or --group"
        raise OptionError(Fault("option comparability", "there is nothing to compare", fix))
    for key in keys:
        if plan.options.estimator == "ml":
            yield comparability(survey, model, by=key, method="covariance")
        else:
            many = key == metric.group and figures["group"].nunique() > MOST_PAIRED
            yield comparability(
                survey, model, by=key, seed=plan.options.seed, options=plan.options,
                pairs="rest" if many else None,
            )  # fmt: skip
