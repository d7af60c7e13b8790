"""Hidden groups: segments whose paths differ, and who is in them."""

from csi.compare.segments.choice import Choice, choose
from csi.compare.segments.describe import Described, describe_segments
from csi.compare.segments.fimix import fimix
from csi.compare.segments.homogeneity import HomogeneityOptions, homogeneity_test
from csi.compare.segments.keyed import with_segments
from csi.compare.segments.options import FimixOptions, PosOptions
from csi.compare.segments.pos import pos
from csi.compare.segments.values import HomogeneityTest, Segmentation, Solution
from csi.compare.segments.verdicts import (
    description_verdicts,
    homogeneity_verdict,
    segment_verdicts,
)

__all__ = [
    "Choice",
    "Described",
    "FimixOptions",
    "HomogeneityOptions",
    "HomogeneityTest",
    "PosOptions",
    "Segmentation",
    "Solution",
    "choose",
    "describe_segments",
    "description_verdicts",
    "fimix",
    "homogeneity_test",
    "homogeneity_verdict",
    "pos",
    "segment_verdicts",
    "with_segments",
]
