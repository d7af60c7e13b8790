"""Planning a survey: sample size, margin of error, detectable change, reliability, allocation."""

from csi.planning.allocation import aggregate_margin, allocate
from csi.planning.changes import (
    change_error,
    critical_change,
    detectable_change,
    power_of_change,
    sample_size_for_change,
)
from csi.planning.options import PlanOptions
from csi.planning.precision import (
    contacts,
    design_effect,
    margin_for,
    sample_size,
    weight_effect,
)
from csi.planning.present import NO_MARGIN, PresentPlan, plan_from
from csi.planning.reliability import reliability, sample_size_for_reliability
from csi.planning.scenarios import (
    Scenario,
    SurveyPlan,
    asked_faults,
    plan_survey,
)

__all__ = [
    "NO_MARGIN",
    "PlanOptions",
    "PresentPlan",
    "Scenario",
    "SurveyPlan",
    "aggregate_margin",
    "allocate",
    "asked_faults",
    "change_error",
    "contacts",
    "critical_change",
    "design_effect",
    "detectable_change",
    "margin_for",
    "plan_from",
    "plan_survey",
    "power_of_change",
    "reliability",
    "sample_size",
    "sample_size_for_change",
    "sample_size_for_reliability",
    "weight_effect",
]
