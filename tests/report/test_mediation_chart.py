"""The charts of mediation: what is drawn, where, in both languages."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

import csi
from csi.assess.mediation import Mediation, mediation, mediations
from csi.errors import OptionError, ReportError
from csi.index.replicated import Replicated, replicated
from csi.report.fonts import cjk_font
from csi.report.mediation_chart import mediation_chart
from csi.run.inputs import find_inputs, model_of
from csi.text import Language


@pytest.fixture(scope="module")
def rep() -> Replicated:
    inputs = find_inputs("mobile")
    assert inputs.model is not None
    survey = csi.read_survey(inputs.survey.path, csi.read_codebook(inputs.codebook.path))
    options = csi.IndexOptions(draws=100, interval="percentile")
    return replicated(survey, model_of(inputs.model), options)[0]


@pytest.fixture(scope="module")
def one(rep: Replicated) -> Mediation:
    return mediation(rep, "Image", "Loyalty")


def marks(axes: object) -> list[float]:
    """Where the marks are, from the top."""
    lines = [line for line in axes.lines if len(line.get_xdata()) == 1]  # type: ignore[attr-defined]
    lines.sort(key=lambda line: float(line.get_ydata()[0]))
    return [float(line.get_xdata()[0]) for line in lines]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_effect_has_its_mark(one: Mediation, language: Language) -> None:
    if language == "zh" and cjk_font() is None:
        pytest.skip("no font with Chinese letters on this machine")
    figure = mediation_chart(one, language=language)
    (axes,) = figure.axes
    np.testing.assert_allclose(marks(axes), one.effects.estimate)
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert len(labels) == len(one.chains) + 3
    assert labels[0] == {"en": "Direct effect", "zh": "直接效应"}[language]
    mediator = {"en": "through Customer satisfaction", "zh": "经由顾客满意度"}[language]
    assert mediator in labels


def test_intervals_are_drawn_as_they_are(one: Mediation) -> None:
    (axes,) = mediation_chart(one).axes
    bars = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_linewidth() > 1]
    bars.sort(key=lambda line: float(line.get_ydata()[0]))
    ends = np.array([line.get_xdata() for line in bars])
    np.testing.assert_allclose(ends, np.column_stack([one.effects.lower, one.effects.upper]))


def test_all_sources_of_a_target_side_by_side(rep: Replicated) -> None:
    every = mediations(rep, "Loyalty")
    (axes,) = mediation_chart(every).axes
    assert next(t.get_text() for t in axes.get_yticklabels()) == "Image"
    drawn = marks(axes)
    known = [
        value
        for found in every
        for value, there in zip(
            found.effects.estimate[[0, -2, -1]],
            (found.has_path, bool(found.chains), True),
            strict=True,
        )
        if there
    ]
    np.testing.assert_allclose(drawn, known)


def test_an_effect_without_a_path_is_left_out(rep: Replicated) -> None:
    (axes,) = mediation_chart(mediation(rep, "Image", "Quality")).axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert "Direct effect" not in labels
    assert len(marks(axes)) == len(labels)


def test_it_draws_into_given_axes(one: Mediation) -> None:
    figure, axes = plt.subplots()
    try:
        assert mediation_chart(one, ax=axes) is figure
        assert marks(axes)
    finally:
        plt.close(figure)


def test_marks_say_their_effects(rep: Replicated, one: Mediation) -> None:
    def tips(found: object) -> list[str]:
        (axes,) = mediation_chart(found).axes  # type: ignore[arg-type]
        return [line.get_gid() for line in axes.lines if line.get_gid()]

    value, low, high = (
        float(getattr(one.effects, name)[-1]) for name in ("estimate", "lower", "upper")
    )
    assert tips(one)[-1] == f"csi-tip|Total effect: {value:.2f} [{low:.2f}, {high:.2f}]"
    several = tips(mediations(rep, "Loyalty"))
    assert f"csi-tip|Image, total effect: {value:.2f} [{low:.2f}, {high:.2f}]" in several


def test_refusals(rep: Replicated, one: Mediation) -> None:
    with pytest.raises(ReportError, match="none to draw"):
        mediation_chart([])
    with pytest.raises(ReportError, match="several targets"):
        mediation_chart([one, mediation(rep, "Image", "Satisfaction")])
    with pytest.raises(OptionError):
        mediation_chart(one, language="de")  # type: ignore[arg-type]
