"""The full report: every table that a survey allows, and a note for each that it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from csi.compare.aggregation import Hierarchy
from csi.errors import CsiError
from csi.index.values import YearlyIndex
from csi.model.model import Model
from csi.run.comparisons import change_tables, league_tables, with_comparisons
from csi.run.distributions import with_distributions
from csi.run.judgements import with_judgements
from csi.run.plan import RunPlan
from csi.survey.survey import Survey

ONE_GROUP = "Not in this report: a league table, for there are no two groups to rank."
ONE_PERIOD = "Not in this report: why the index changed, for there is only one period."
ALONE = "Not in this report: comparability, for there is one period and one group."
PERMUTED = 10_000
"""With more respondents and missing answers (EM in every permutation) comparability takes many
minutes: then it is made only where it is asked for."""
LONG = (
    "Not in this report: comparability, for permutations of {n} respondents with missing answers "
    "take long; --comparability makes it."
)
NO_CAUSES = "Not in this report: where to act first, for no path of the model leads to the index."
PARTS = {
    "league": "Not in this report: the league table",
    "changes": "Not in this report: why the index changed",
    "comparability": "Not in this report: comparability",
    "assessment": "Not in this report: the assessment of the model",
    "answers": "Not in this report: the distribution of answers",
}
"""How notes on parts that could not be made begin."""


def with_everything(
    found: YearlyIndex,
    survey: Survey,
    model: Model,
    plan: RunPlan,
    hierarchy: Hierarchy | None = None,
    other: YearlyIndex | None = None,
) -> YearlyIndex:
    """Return the figures with all tables of a full report.

    Parameters
    ----------
    found : YearlyIndex
    survey : Survey
    model : Model
    plan : RunPlan
        What it asks for beside the report (other estimator, nodes) is made as usual.
    hierarchy, other
        As for `with_comparisons`.

    Returns
    -------
    YearlyIndex
        What could not be made is left out, and a note says why.
    """
    joint = found.joint
    if joint is None:
        raise AssertionError("figures of a run have joint levels")
    plain = replace(plan, ranks=False, change_split=False, comparability=False, assess=False)
    found = with_comparisons(found, plain, hierarchy, other)
    if "map" not in found.tables:
        found = _noted(found, NO_CAUSES)
    groups, periods = len(joint.groups), len(joint.periods)
    index = model.index

    def ranked(now: YearlyIndex) -> YearlyIndex:
        return now.with_tables(**league_tables(joint, index))

    def split(now: YearlyIndex) -> YearlyIndex:
        return now.with_tables(**change_tables(joint, index))

    def tested(now: YearlyIndex) -> YearlyIndex:
        return with_judgements(now, survey, model, replace(plain, comparability=True))

    def judged(now: YearlyIndex) -> YearlyIndex:
        return with_judgements(now, survey, model, replace(plain, assess=True))

    found = _tried(found, "league", ranked) if groups > 1 else _noted(found, ONE_GROUP)
    found = _tried(found, "changes", split) if periods > 1 else _noted(found, ONE_PERIOD)
    alone = groups == 1 and periods == 1
    if alone:
        found = _noted(found, ALONE)
    elif not plan.comparability and _takes_long(survey, model, plan):
        found = _noted(found, LONG.format(n=len(survey)))
    else:
        found = _tried(found, "comparability", tested)
    found = _tried(found, "answers", lambda now: with_distributions(now, survey))
    return _tried(found, "assessment", judged)


def _takes_long(survey: Survey, model: Model, plan: RunPlan) -> bool:
    """Tell whether permutations of this survey run EM over many respondents."""
    em = plan.options.missing == "em" and plan.options.estimator == "pls"
    return em and len(survey) > PERMUTED and bool(np.isnan(survey.columns(model.items)).any())


def _tried(
    found: YearlyIndex, part: str, make: Callable[[YearlyIndex], YearlyIndex]
) -> YearlyIndex:
    """Return the figures with a part more, or with a note where it cannot be made."""
    try:
        return make(found)
    except CsiError as error:
        why = "; ".join(f"{fault.where}: {fault.what}" for fault in error.faults) or str(error)
        return _noted(found, f"{PARTS[part]} ({why}).")


def _noted(found: YearlyIndex, note: str) -> YearlyIndex:
    return replace(found, notes=(*found.notes, note))
