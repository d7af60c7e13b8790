"""What a simulated survey discloses of itself: above all that nobody was interviewed."""

from __future__ import annotations

from csi.simulation.plan import SimulationPlan
from csi.survey.study import Study
from csi.text import Text


def study_of(plan: SimulationPlan) -> Study:
    """Return how a simulated survey was made, for the methods page of a report.

    Parameters
    ----------
    plan : SimulationPlan

    Returns
    -------
    Study
        Dates, response rate, recruitment and the like stay unstated: there are none.
    """
    return Study(
        sponsor=Text(
            "Nobody (the survey is simulated and no person was interviewed)",
            "无（本调查为模拟数据，未访问任何人）",
        ),
        conducted_by=Text("Simulated with csi simulate", "由 csi simulate 模拟生成"),
        frame=Text("None (respondents are invented)", "无（受访者均为虚构）"),
        sampling=_sampling(plan),
        mode=Text("None (answers are drawn by a computer)", "无（回答由计算机随机生成）"),
        weighting=_weighting(plan),
        limitations=Text(
            "Simulated answers say nothing about real companies, markets or customers.",
            "模拟数据不反映任何真实的企业、市场或顾客。",
        ),
    )


def _sampling(plan: SimulationPlan) -> Text:
    """Say what random sample the answers are drawn as."""
    english = [f"As a random sample of {plan.n:,} respondents"]
    chinese = [f"按随机样本生成，{'每组' if plan.groups else ''}每期 {plan.n:,} 人"]
    english.append("in each group and period" if plan.groups else "in each period")
    if plan.strata:
        names = [stratum.name for stratum in plan.strata]
        english.append(f"within strata ({', '.join(names)})")
        chinese.append(f"分层（{'、'.join(names)}）")
    if plan.clusters:
        english.append(f"in clusters of {plan.clusters.size}")
        chinese.append(f"每个整群 {plan.clusters.size} 人")
    return Text(" ".join(english), "，".join(chinese))


def _weighting(plan: SimulationPlan) -> Text:
    """Say what the weights make up for, where there are any."""
    if not plan.strata:
        return Text("None", "未加权")
    return Text("Inverse of the sampling rates of the strata", "各层抽样比的倒数")
