"""The groups of a survey with the sampled units behind their errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from csi.arrays import BoolArray, IntArray
from csi.moments.groups import cells_of
from csi.moments.units import SampleUnits, sample_units
from csi.survey.survey import Survey


@dataclass(frozen=True, slots=True)
class SampledCell:
    """One group of respondents, those of weight zero apart, and its sampled units.

    Attributes
    ----------
    label : tuple of str
        Value of each key.
    rows : (m) row numbers in the survey
    units : SampleUnits
        Of these respondents; its `sizes` also count the units without one where groups are
        domains.
    """

    label: tuple[str, ...]
    rows: IntArray
    units: SampleUnits


def sampled_cells(survey: Survey, keys: tuple[str, ...], *, domain: bool) -> Iterator[SampledCell]:
    """Yield the groups in their natural order.

    Parameters
    ----------
    survey : Survey
    keys : tuple of str
        Keys of the codebook; one group of everybody where there are none.
    domain : bool
        True: groups are domains of the sample, or of their period's sample where the time is among
        the keys. False: each group is a sample of its own.
    """
    weights = survey.design.weights
    time = survey.codebook.time
    apart = time is not None and time.name in keys
    samples: dict[str, tuple[IntArray, SampleUnits]] = {}
    for cell in cells_of(survey, keys):
        rows = cell.rows[weights[cell.rows] > 0]
        if not domain:
            yield SampledCell(cell.label, rows, sample_units(survey, rows))
            continue
        period = str(survey.period_of[cell.rows[0]]) if apart and len(cell.rows) else ""
        if period not in samples:
            inside = (survey.period_of == period) if apart else np.ones(len(survey), dtype=bool)
            samples[period] = _numbered(survey, np.asarray(inside & (weights > 0)))
        place, whole = samples[period]
        units = SampleUnits(
            whole.of[place[rows]], whole.strata, whole.sizes, whole.fractions, whole.lonely
        )
        yield SampledCell(cell.label, rows, units)


def _numbered(survey: Survey, inside: BoolArray) -> tuple[IntArray, SampleUnits]:
    """Return the place of each respondent in a sample, and the units of the sample."""
    rows = np.flatnonzero(inside)
    place = np.full(len(survey), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    return place, sample_units(survey, rows)
