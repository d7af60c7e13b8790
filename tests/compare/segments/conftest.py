"""Surveys with known segments, and the small surveys of the index tests."""

import numpy as np
import pytest

from csi.survey.survey import Survey
from tests.compare.segments.cases import homogeneous, two_segments
from tests.estimate.conftest import ecsi, mobi, mobi_rows
from tests.index.conftest import MakeSurvey, make_survey, model

__all__ = ["ecsi", "make_survey", "mobi", "mobi_rows", "model"]


@pytest.fixture(scope="session")
def divided(make_survey: MakeSurvey) -> tuple[Survey, np.ndarray]:
    """600 respondents of two segments, the true ones beside; company tells them apart mostly."""
    rows, segment = two_segments(600, 1)
    rng = np.random.default_rng(2)
    company = np.where(rng.random(600) < 0.85, segment, 1 - segment)
    year = rng.integers(2020, 2022, size=600)
    return make_survey(rows, company=np.array(["A", "B"])[company], year=year), segment


@pytest.fixture(scope="session")
def alike(make_survey: MakeSurvey) -> Survey:
    """300 respondents with the same paths and normal answers."""
    return make_survey(homogeneous(300, 3))
