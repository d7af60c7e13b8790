"""The codebook of a simulated survey."""

from __future__ import annotations

from csi.simulation.checks import DONT_KNOW, REFUSED
from csi.simulation.disclosure import study_of
from csi.simulation.plan import ItemWords, SimulationPlan
from csi.survey.codebook import Codebook, Item, Key, Meaning
from csi.text import Text


def codebook_of(plan: SimulationPlan) -> Codebook:
    """Describe the columns of the survey that `plan` makes.

    Parameters
    ----------
    plan : SimulationPlan

    Returns
    -------
    Codebook
        Items in the order of the model; codes 98 and 99 where the plan has such answers.
    """
    codes: dict[str, Meaning] = {}
    if plan.missing.dont_know > 0.0:
        codes[str(DONT_KNOW)] = "dont_know"
    if plan.missing.refused > 0.0:
        codes[str(REFUSED)] = "refused"
    items = []
    for name in plan.model.columns:
        low, high = plan.scale_of(name)
        words = plan.words.get(name, ItemWords())
        items.append(
            Item(
                name=name,
                column=name,
                low=float(low),
                high=float(high),
                label=words.label,
                wording=words.wording,
                low_label=words.low_label,
                high_label=words.high_label,
                missing=codes,
            )
        )
    years = {year: Text(year) for year in plan.years}
    group = Key(name=plan.group, column=plan.group, label=plan.group_label, values=plan.groups)
    return Codebook(
        title=plan.title,
        items=tuple(items),
        time=Key(name=plan.time, column=plan.time, label=plan.time_label, values=years),
        groups=(group,) if plan.groups else (),
        respondent=("respondent",),
        weight="weight" if plan.strata else None,
        stratum="stratum" if plan.strata else None,
        cluster="cluster" if plan.clusters else None,
        population=plan.population,
        source=Text("Simulated with csi simulate", "由 csi simulate 模拟生成"),
        study=study_of(plan),
    )
