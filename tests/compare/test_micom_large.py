"""Relabellings of thousands of respondents are more than a float can hold."""

import csi


def test_thousands_of_respondents_can_be_relabelled() -> None:
    """The number of ways to divide 2,000 people in two halves has 600 digits."""
    made = csi.simulate(csi.models.load("scsb"), years=[2024, 2025], n=1000, seed=1)
    survey = csi.read_survey(made.answers, made.codebook)
    found = csi.comparability(survey, made.model, permutations=199)
    assert found.groups == ("2024", "2025")
    assert found.allowed["why"].str.endswith("invariance").all()
    assert not found.tables["tests"]["note"].str.contains("too few relabellings").any()
