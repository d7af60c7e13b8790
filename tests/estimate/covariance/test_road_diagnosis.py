"""What a covariance fit says about itself, on mobi and on samples made for it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

import csi
from csi.arrays import Array
from csi.estimate.covariance import sem
from csi.model.model import Model
from csi.survey.codebook_file import codebook_from_text

MOBI = {
    ("Expectation", "Image"): (0.988, None),
    ("Quality", "Expectation"): (0.995, None),
    ("Value", "Expectation"): (2.19, 10.8),
    ("Value", "Quality"): (-1.51, 10.8),
    ("Satisfaction", "Image"): (1.38, 1.6),
    ("Satisfaction", "Expectation"): (0.70, 8.4),
    ("Satisfaction", "Quality"): (-1.15, 7.0),
    ("Satisfaction", "Value"): (0.06, 0.30),
    ("Complaints", "Satisfaction"): (0.592, None),
    ("Loyalty", "Image"): (-2.45, 1.6),
    ("Loyalty", "Satisfaction"): (3.27, 1.6),
    ("Loyalty", "Complaints"): (-0.01, None),
}
"""Standardised paths and errors of lavaan 0.6-14, which says nothing about them, as printed."""

FIT = {
    "chi-square": (575.571, 5e-4),
    "degrees of freedom": (241, 0),
    "CFI": (0.876, 6e-4),
    "TLI": (0.859, 6e-4),
    "RMSEA": (0.074, 6e-4),
    "SRMR": (0.056, 6e-4),
    "AIC": (22014.520, 6e-4),
    "BIC": (22222.286, 6e-4),
    "log-likelihood": (-10948.260, 6e-4),
}
"""The same fit's measures, with half a digit of what is printed."""


@pytest.fixture(scope="module")
def fit(mobi: Mapping[str, Array], ecsi: Model) -> sem.Fit:
    return sem.fit(ecsi, pd.DataFrame(mobi))


def test_mobi_equals_lavaan_to_its_digits(fit: sem.Fit) -> None:
    table = sem.parameters(fit).set_index(["lhs", "op", "rhs"])
    for (target, source), (path, error) in MOBI.items():
        row = table.loc[(target, "~", source)]
        assert row["standardised"] == pytest.approx(path, abs=6e-3)
        if error is not None:
            assert row["standardised_se"] == pytest.approx(error, abs=0.06)
    measures = sem.measures(fit).set_index("measure")
    for measure, (value, digits) in FIT.items():
        assert measures.loc[measure, "value"] == pytest.approx(value, abs=digits), measure
    limits = measures.loc["RMSEA", ["lower", "upper"]].to_list()
    assert limits == pytest.approx([0.067, 0.082], abs=6e-4)


def test_paths_of_mobi_that_cannot_be_read_are_named(fit: sem.Fit) -> None:
    """Each path with an error above one, and no path of a lone cause."""
    said = sem.diagnosis(fit)
    for target, source in MOBI:
        named = any(words.startswith(f"the path {source} -> {target} ") for words in said)
        error = MOBI[target, source][1]
        assert named == (error is not None and error > 1), (source, target)
    wild = next(words for words in said if "Satisfaction -> Loyalty" in words)
    assert "3.27 standardised" in wild
    assert "leave out a path" in wild
    assert any(words.startswith("Expectation and Quality can hardly") for words in said)


def test_inflation_is_that_of_a_regression(fit: sem.Fit) -> None:
    """One over one less the R2 of a cause by the other causes."""
    at = fit.implied
    names = list(fit.placed.constructs)
    latent = at.latent[0, 0]
    causes = [names.index(name) for name in ("Image", "Satisfaction", "Complaints")]
    own, others = causes[1], [causes[0], causes[2]]
    slope = np.linalg.solve(latent[np.ix_(others, others)], latent[others, own])
    left = latent[own, own] - slope @ latent[others, own]
    inflation = latent[own, own] / left
    words = next(words for words in sem.diagnosis(fit) if "Satisfaction -> Loyalty" in words)
    assert f"variance inflation {inflation:.0f})" in words


def test_one_construct_of_what_is_alike_can_be_read(mobi: Mapping[str, Array]) -> None:
    """The remedy that the words name helps: errors of paths fall below 0.3."""
    blocks = {"IMAG": 5, "CUEX": 3, "PERQ": 7}
    alike = " + ".join(f"{stem}{k + 1}" for stem, n in blocks.items() for k in range(n))
    text = f"Offer =~ {alike}\nValue =~ PERV1 + PERV2\nValue ~ Offer\n"
    text += "Loyalty =~ CUSL1 + CUSL2 + CUSL3\nLoyalty ~ Offer + Value"
    fit = sem.fit(text, pd.DataFrame(mobi))
    assert sem.diagnosis(fit) == ()
    table = sem.parameters(fit)
    assert (table.loc[table["op"] == "~", "standardised_se"] < 0.3).all()


def sample(
    corr: float, loadings: tuple[float, ...] = (0.8,) * 3, *, n: int = 500, seed: int = 1
) -> pd.DataFrame:
    """Answers to three items of A and three of B, whose correlation is `corr`."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = corr * a + np.sqrt(max(1 - corr**2, 0.0)) * rng.normal(size=n)
    return pd.DataFrame(
        {
            f"{name}{k + 1}": slope * scores + np.sqrt(1 - slope**2) * rng.normal(size=n)
            for name, scores in (("a", a), ("b", b))
            for k, slope in enumerate(loadings)
        }
    )


TWO = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nA ~~ B"


def test_a_sound_fit_has_nothing_to_say() -> None:
    fit = sem.fit(TWO, sample(0.6))
    assert sem.diagnosis(fit) == ()
    assert fit.ended == ()


def test_correlations_above_one_are_told() -> None:
    frame = sample(1.0, (0.6, 0.6, 0.6), n=120, seed=0)
    said = sem.diagnosis(sem.fit(TWO, frame))
    table = sem.parameters(sem.fit(TWO, frame)).set_index(["lhs", "op", "rhs"])
    found = table.loc[("A", "~~", "B"), "standardised"]
    assert found > 1
    assert f"the correlation of A and B is {found:.2f}, above one" in said[0]


def test_a_correlation_that_may_be_one_is_told_in_small_samples_only() -> None:
    """0.9 with an error of 0.06 may be one; with an error of 0.01 it is not."""
    few = sem.diagnosis(sem.fit(TWO, sample(0.9, (0.7,) * 3, n=100)))
    many = sem.diagnosis(sem.fit(TWO, sample(0.9, (0.7,) * 3, n=20_000)))
    assert any(words.startswith("A and B can hardly be told apart") for words in few)
    assert many == ()


def test_groups_are_named() -> None:
    frame = pd.concat([sample(0.5), sample(0.99, seed=2)]).reset_index(drop=True)
    frame["g"] = ["x"] * 500 + ["y"] * 500
    model = sem.model_from_text(TWO, groups=("x", "y"))
    said = sem.diagnosis(sem.fit(model, frame, by="g"))
    assert said
    assert all(words.startswith("group y: ") for words in said)


def test_a_negative_disturbance_is_told() -> None:
    """B follows A with a slope that leaves B less than no variance of its own."""
    frame = sample(1.0, (0.6, 0.6, 0.6), n=120, seed=0)
    fit = sem.fit(TWO.replace("A ~~ B", "B ~ A"), frame)
    said = sem.diagnosis(fit)
    assert any(words.startswith("the variance of B that its causes leave is neg") for words in said)


def test_a_model_that_is_not_identified_names_a_parameter() -> None:
    fit = sem.fit("A =~ NA*a1 + a2 + a3 + b1", sample(0.5))
    assert any("is not identified" in words for words in fit.ended)
    assert np.isnan(fit.errors).all()


def test_respondents_are_never_left_out_in_silence() -> None:
    frame = sample(0.5)
    frame.loc[:49, "a1"] = np.nan
    frame.loc[0] = np.nan
    complete = sem.fit(TWO, frame)
    assert complete.sample.total == 450
    assert complete.ended[0].startswith("50 of 500 respondents left out: an answer is missing")
    assert "missing='fiml'" in complete.ended[0]
    patterns = sem.fit(TWO, frame, sem.Options(missing="fiml"))
    assert patterns.sample.total == 499
    assert patterns.ended[0] == "1 of 500 respondents left out: they have no answer or no weight"


@pytest.mark.parametrize(
    "given", [{}, {"missing": "fiml"}, {"estimator": "dwls"}, {"estimator": "gls"}]
)
def test_errors_without_the_design_are_told(given: dict[str, str]) -> None:
    frame = sample(0.5).assign(w=np.tile([1.0, 2.0], 250))
    low, high = frame.min().min() - 1, frame.max().max() + 1
    items = "".join(f'[[items]]\nname = "{item}"\n' for item in frame if item != "w")
    text = f'title = "t"\n[defaults]\nlow = {low}\nhigh = {high}\n{items}[design]\nweight = "w"\n'
    survey = csi.read_survey(frame, codebook_from_text(text))
    told = "standard errors and tests know nothing of the weights: take errors='mlr'"
    assert sem.fit(TWO, survey, sem.Options(**given)).ended == (told,)
    if given.get("estimator") is None:
        assert sem.fit(TWO, survey, sem.Options(errors="mlr", **given)).ended == ()
