"""Weighted moments of survey items, by group, with replicates."""

from csi.moments.groups import moments_of
from csi.moments.means import survey_means, survey_ratios, survey_shares
from csi.moments.replicate_plan import ReplicatePlan, plan_replicates
from csi.moments.replicates import replicate_moments
from csi.moments.replication import Replication
from csi.moments.values import Missing, Moments

__all__ = [
    "Missing",
    "Moments",
    "ReplicatePlan",
    "Replication",
    "moments_of",
    "plan_replicates",
    "replicate_moments",
    "survey_means",
    "survey_ratios",
    "survey_shares",
]
