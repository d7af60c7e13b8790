"""The path diagram: nothing covers anything, and arrows say what the table says."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from csi.index.values import YearlyIndex
from csi.model import higher, models, reflective
from csi.model.model import Construct, Model, Path
from csi.report.geometry import Box, crossings, curve
from csi.report.path_chart import path_diagram
from csi.report.placement import place_boxes
from csi.report.routing import route
from csi.report.style import WRONG

WIDE = tuple(f"cause{n}" for n in range(6))


def model_of(arrows: list[tuple[str, str]], index: str) -> Model:
    names = list(dict.fromkeys(name for arrow in arrows for name in arrow))
    constructs = tuple(Construct(name, (f"{name}_1",), "single") for name in names)
    return Model(constructs, tuple(Path(*arrow) for arrow in arrows), index)


MODELS = {
    "two": model_of([("a", "b")], "b"),
    "chain with leap": model_of([("a", "b"), ("b", "c"), ("a", "c")], "c"),
    "fan": model_of([*((cause, "sat") for cause in WIDE), ("sat", "loyalty")], "sat"),
    "all to all": model_of(
        [(a, b) for place, b in enumerate("abcdef") for a in "abcdef"[:place]], "f"
    ),
    "two tiers": model_of(
        [(a, b) for a in WIDE[:3] for b in ("x", "y")] + [("x", "z"), ("y", "z"), ("x", "y")], "z"
    ),
    "made of parts": models.acsi_split(),
    "seen in parts": Model(
        [
            reflective("P", "p"),
            reflective("S", "s"),
            reflective("E", "e"),
            reflective("Y", "y"),
            higher("Q", ["P", "S"], kind="reflective"),
        ],
        [Path("E", "Q"), Path("Q", "Y")],
        "Y",
    ),
}


@pytest.fixture(params=[*MODELS, "ecsi"])
def model(request: pytest.FixtureRequest, three: YearlyIndex) -> Model:
    return three.model if request.param == "ecsi" else MODELS[request.param]


def test_boxes_stand_apart_and_causes_stand_left(model: Model) -> None:
    boxes = dict(zip(model.names, place_boxes(model, 0.9), strict=True))
    for path in model.paths:
        assert boxes[path.source].x < boxes[path.target].x
    placed = list(boxes.values())
    for place, box in enumerate(placed):
        assert all(box.grown(0.1).overlap(other) == 0 for other in placed[:place])


def test_arrows_go_round_boxes_and_labels_touch_nothing(model: Model) -> None:
    boxes = place_boxes(model, 0.9)
    ends = [(model.names.index(p.source), model.names.index(p.target)) for p in model.paths]
    arrows = route(boxes, ends, [(0.4, 0.18)] * len(ends))
    for (start, end), arrow in zip(ends, arrows, strict=True):
        for place, box in enumerate(boxes):
            if place not in (start, end):
                assert box.holds(arrow.points).sum() == 0
    labels = [arrow.label for arrow in arrows]
    for place, label in enumerate(labels):
        assert all(label.overlap(box) == 0 for box in boxes)
        assert not any(label.holds(arrow.points[-1:])[0] for arrow in arrows)
        assert all(label.overlap(other) == 0 for other in labels[:place])


def test_arrows_carry_size_sign_and_doubt(three: YearlyIndex) -> None:
    figure = path_diagram(three, year="2024", group="borealis")
    rows = three.paths[(three.paths["year"] == "2024") & (three.paths["group"] == "borealis")]
    axes = figure.axes[0]
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    texts = [text.get_text() for text in axes.texts]
    assert len(arrows) == len(rows) == 12
    for arrow, (_, row) in zip(arrows, rows.iterrows(), strict=True):
        assert f"{row['estimate']:.2f}".replace("-", "−") in texts
        assert arrow.get_linewidth() == pytest.approx(0.9 + 3.2 * abs(row["estimate"]))
        dashed = arrow.get_linestyle() not in ("-", "solid")
        assert dashed == (row["lower"] <= 0 <= row["upper"])
        assert (to_hex(arrow.get_edgecolor()) == WRONG.lower()) == (row["estimate"] < 0)
    assert (rows["estimate"] < 0).sum() == 1


def test_boxes_carry_index_and_r2(three: YearlyIndex) -> None:
    axes = path_diagram(three, year="2023", group="cirrus").axes[0]
    texts = [text.get_text() for text in axes.texts]
    here = (three.figures["year"] == "2023") & (three.figures["group"] == "cirrus")
    for row in three.figures[here].itertuples():
        assert f"{row.index:.1f} ± {row.moe:.1f}" in texts or (
            f"{three.figures.loc[row.Index, 'index']:.1f} ± {row.moe:.1f}" in texts
        )
    r2 = three.quality[(three.quality["year"] == "2023") & (three.quality["group"] == "cirrus")]
    for value in r2["r2"].dropna():
        assert f"R² {value:.2f}" in texts
    assert sum(isinstance(patch, FancyBboxPatch) for patch in axes.patches) == 7


def test_a_year_without_fit_has_no_coefficients(three: YearlyIndex) -> None:
    axes = path_diagram(three, year="2022", group="borealis").axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("–") == 12 + 7


def test_the_first_group_with_paths_is_taken(three: YearlyIndex) -> None:
    paths = three.paths[three.paths["group"] != "aurora"]
    figure = path_diagram(replace(three, paths=paths))
    assert "Borealis" in figure.get_suptitle()


def test_geometry_by_hand() -> None:
    start, end = Box(0, 0, 2, 2), Box(10, 0, 2, 2)
    points = curve(start, end, 0.0, gap=0.5)
    assert points[0, 0] == pytest.approx(1.5, abs=0.03)
    assert points[-1, 0] == pytest.approx(8.5, abs=0.03)
    assert curve(start, end, 0.2, gap=0.5)[:, 1].max() == pytest.approx(1.0, abs=0.01)
    level, steep = np.array([[0.0, 0], [4, 0]]), np.array([[1.0, -1], [1, 1], [3, 1], [3, -1]])
    assert crossings(level, steep) == 2
    assert Box(0, 0, 2, 2).overlap(Box(1, 1, 2, 2)) == 1.0
