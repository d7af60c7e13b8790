"""Two estimators on one survey: differences by hand, and errors by two roads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from csi.compare import estimator_difference
from csi.errors import OptionError
from csi.index import IndexOptions, yearly
from csi.index.joint import Joint
from csi.model import Model
from csi.survey.survey import Survey

OPTIONS = IndexOptions(draws=800, seed=6, missing="complete")


def pair(survey: Survey, model: Model, options: IndexOptions) -> tuple[Joint, Joint]:
    found = [
        yearly(survey, model, options=replace(options, estimator=name)).joint
        for name in ("pls", "ml")
    ]
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1]


def test_differences_and_their_errors(three_years: Survey, model: Model) -> None:
    pls, ml = pair(three_years, model, OPTIONS)
    table = estimator_difference(pls, ml)
    assert len(table) == 9
    np.testing.assert_allclose(table["difference"], (ml.index - pls.index).reshape(-1), atol=1e-12)
    drawn = np.std(ml.draws - pls.draws, axis=2, ddof=1).reshape(-1)
    np.testing.assert_allclose(table["se"], drawn, rtol=1e-12)
    own = np.std(pls.draws, axis=2, ddof=1).reshape(-1)
    assert (table["se"] < own / 3.0).all()  # the same answers: far less than a level's error
    gaussian = estimator_difference(
        *pair(three_years, model, replace(OPTIONS, replicates="gaussian"))
    )
    # 800 draws leave 2.5 %, 240 respondents a year and two bent weightings the rest
    np.testing.assert_allclose(gaussian["se"], table["se"], rtol=0.35)


def test_the_delta_method_is_too_coarse(three_years: Survey, model: Model) -> None:
    """First-order effects nearly cancel: its error would be up to a third too small."""
    table = estimator_difference(*pair(three_years, model, replace(OPTIONS, replicates="delta")))
    assert table["difference"].notna().all()
    assert table["se"].isna().all()
    assert table["note"].str.startswith("no error: the delta method is too coarse").all()


def test_levels_of_other_draws_are_refused(three_years: Survey, model: Model) -> None:
    one, _ = pair(three_years, model, replace(OPTIONS, draws=100))
    other = yearly(three_years, model, options=replace(OPTIONS, draws=200)).joint
    assert other is not None
    with pytest.raises(OptionError, match="same draws"):
        estimator_difference(one, other)
