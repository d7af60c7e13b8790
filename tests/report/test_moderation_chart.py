"""The chart of a moderation: what is drawn, in both languages, the same bytes each time."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text as Lettering

import csi
from csi.assess.moderation import Moderation, interaction, moderation, quadratic
from csi.assess.moderation_tables import simple_slopes, turning_points
from csi.errors import OptionError
from csi.model.model import Model
from csi.model.parts import Construct, Path
from csi.report.fonts import cjk_font
from csi.report.moderation_chart import moderation_chart
from csi.report.style import picture
from csi.survey.codebook import Codebook, Item
from csi.text import Text


@pytest.fixture(scope="module")
def found() -> Moderation:
    """An interaction, and a curve that turns within the answers."""
    rng = np.random.default_rng(1)
    x, m = rng.standard_normal((2, 600))
    y = 0.4 * x + 0.3 * m + 0.2 * x * m - 0.3 * x**2 + 0.5 * rng.standard_normal(600)
    model = Model(
        [Construct("X", ("X1",), "single", Text("Quality", "质量")),
         Construct("M", ("M1",), "single", Text("Image", "形象")),
         Construct("Y", ("Y1",), "single", Text("Satisfaction", "满意度"))],
        [Path("X", "Y"), Path("M", "Y")],
        "Y",
    )  # fmt: skip
    codebook = Codebook(
        title=Text("chart"),
        items=tuple(Item(name=item, column=item, low=-6, high=6) for item in model.items),
    )
    survey = csi.read_survey(pd.DataFrame({"X1": x, "M1": m, "Y1": y}), codebook)
    terms = (interaction("X", "M", on="Y"), quadratic("X", on="Y"))
    return moderation(survey, model, terms, csi.IndexOptions(draws=100))


def test_lines_have_the_slopes_of_the_table(found: Moderation) -> None:
    figure = moderation_chart(found)
    first, second = figure.axes
    slopes = simple_slopes(found)
    own = slopes[(slopes["term"] == "X*M") & (slopes["measure"] == "slope in points")]
    drawn = [line.get_xydata() for line in first.lines]
    rates = [(line[-1, 1] - line[0, 1]) / (line[-1, 0] - line[0, 0]) for line in drawn]
    np.testing.assert_allclose(rates[::-1], own["estimate"])  # the highest level comes first
    assert len(first.collections) == 3
    # the curve is highest where it is said to turn
    curve = second.lines[0].get_xydata()
    turn = turning_points(found)
    at = float(turn.loc[turn["measure"] == "turning point in points", "estimate"].iloc[0])
    assert abs(curve[np.argmax(curve[:, 1]), 0] - at) < np.diff(curve[:, 0])[0]
    words = [t.get_text() for t in figure.findobj(Lettering) if isinstance(t, Lettering)]
    assert any("turns at" in word for word in words)
    assert "Satisfaction: Quality by Image" in words


def test_lines_say_their_slopes(found: Moderation) -> None:
    first, second = moderation_chart(found).axes
    slopes = simple_slopes(found)
    own = slopes[(slopes["term"] == "X*M") & (slopes["measure"] == "slope in points")]
    row = own[own["at"] == 1.0].iloc[0]
    said = f"slope {row['estimate']:.2f} [{row['lower']:.2f}, {row['upper']:.2f}]"
    assert first.lines[0].get_gid().startswith("csi-tip|Image, high: ")
    assert first.lines[0].get_gid().endswith(said)
    assert second.lines[0].get_gid() == "csi-tip|Satisfaction: curve of Quality"


def test_chinese_and_the_same_bytes(found: Moderation) -> None:
    if cjk_font() is None:
        pytest.skip("no font with Chinese letters on this machine")
    one, other = (picture(moderation_chart(found, language="zh"), "svg", "zh") for _ in range(2))
    assert one == other
    words = [
        t.get_text()
        for t in moderation_chart(found, language="zh").findobj(Lettering)
        if isinstance(t, Lettering)
    ]
    assert any("满意度" in word for word in words)
    assert not any("Quality" in word for word in words)


def test_an_unknown_language_is_refused(found: Moderation) -> None:
    with pytest.raises(OptionError, match="language"):
        moderation_chart(found, language="fr")  # type: ignore[arg-type]
