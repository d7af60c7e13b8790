"""The sampled units of some respondents of a survey taken as one sample.

Letters: n respondents, u sampled units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray
from csi.moments.blocks import common_means, merged_strata
from csi.survey.survey import Survey


@dataclass(frozen=True, slots=True)
class SampleUnits:
    """The sampled units of a sample.

    Attributes
    ----------
    of : (n) number of each respondent's unit
    strata : (u) stratum number of each unit
    sizes : (u) units of its stratum
    fractions : (u) or None
        Sampling fraction of its stratum.
    lonely : int
        Strata with a single unit, which were merged.
    """

    of: IntArray
    strata: IntArray
    sizes: IntArray
    fractions: Array | None
    lonely: int


def sample_units(survey: Survey, rows: IntArray) -> SampleUnits:
    """Return the sampled units of the respondents `rows` as a sample.

    Periods are strata of their own unless a sampled unit is in several of them.
    """
    design = survey.design
    own = design.clusters[rows] if design.clustered else rows
    names, of = np.unique(own, return_inverse=True)
    of, u = of.reshape(-1), len(names)
    codes = np.zeros(u, dtype=np.int64)
    codes[of] = design.strata[rows]
    period = np.unique(survey.period_of[rows].astype(str), return_inverse=True)[1].reshape(-1)
    period_of = np.zeros(u, dtype=np.int64)
    period_of[of] = period
    if np.array_equal(period_of[of], period):
        codes = codes * (int(period.max(initial=0)) + 1) + period_of
    fractions = None
    if design.fractions is not None:
        fractions = common_means(design.fractions[rows], of, u)
    strata, lonely = merged_strata(codes, None if fractions is None else fractions >= 1)
    sizes = np.bincount(strata, minlength=1)[strata]
    if fractions is not None:
        fractions = common_means(fractions, strata, int(strata.max(initial=-1)) + 1)[strata]
    return SampleUnits(of, strata, sizes, fractions, lonely)
