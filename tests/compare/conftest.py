"""The small surveys of the index tests, for comparisons too."""

from tests.index.conftest import make_survey, model, three_years

__all__ = ["make_survey", "model", "three_years"]
