"""The small surveys of the index tests, for comparisons too, and mobi in two groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.model import Model
from csi.survey import read_survey
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.survey import Survey
from csi.text import Text
from tests.estimate.conftest import ecsi, mobi, mobi_rows
from tests.index.conftest import make_survey, model, three_years

__all__ = ["ecsi", "make_survey", "mobi", "mobi_rows", "mobi_survey", "model", "three_years"]


@pytest.fixture(scope="session")
def mobi_survey(mobi_rows: Array, ecsi: Model) -> Callable[[Array], Survey]:
    """Return a function from the group of each row to mobi as a survey with that key."""

    def made(group: Array) -> Survey:
        items = tuple(Item(name=item, column=item, low=1, high=10) for item in ecsi.items)
        key = Key(name="half", column="half")
        codebook = Codebook(title=Text("mobi"), items=items, groups=(key,))
        frame = pd.DataFrame(np.asarray(mobi_rows), columns=list(ecsi.items))
        return read_survey(frame.assign(half=group), codebook)

    return made
