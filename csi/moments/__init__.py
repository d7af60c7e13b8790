"""Weighted moments of survey items, by group, with bootstrap replicates."""

from csi.moments.groups import moments_of
from csi.moments.replicates import replicate_moments
from csi.moments.values import Missing, Moments

__all__ = ["Missing", "Moments", "moments_of", "replicate_moments"]
