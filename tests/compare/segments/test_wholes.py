"""Hidden groups and comparisons where a construct is made of others."""

import numpy as np

import csi
from csi.compare.comparability import comparability
from csi.compare.segments import FimixOptions, PosOptions, fimix, pos
from csi.compare.segments.scored import equations_of


def _survey(years: list[int]) -> csi.Survey:
    made = csi.simulate(csi.models.load("acsi_split"), years=years, n=250, seed=2)
    return csi.read_survey(made.answers, made.codebook)


def test_a_whole_is_no_equation_of_its_parts() -> None:
    model = csi.models.load("acsi_split")
    equations = equations_of(model, intercepts=True)
    assert model.names.index("Quality") + 1 not in equations.targets
    survey = _survey([2025])
    found = fimix(survey, model, FimixOptions(most=1))
    assert not ((found.paths["to"] == "Quality").any())
    assert np.isfinite(found.criteria["aic3"]).all()
    divided = pos(survey, model, PosOptions(segments=2, starts=1, max_rounds=1))
    assert np.isfinite(divided.solution().paths).all()


def test_years_of_a_model_with_a_whole_are_compared() -> None:
    found = comparability(
        _survey([2024, 2025]), csi.models.load("acsi_split"), by="year", permutations=99
    )
    assert "Quality" in set(found.allowed["construct"])
