"""The value: what it is made from, its order, its neighbours, what is left without items."""

from __future__ import annotations

import dataclasses
import pickle
from itertools import pairwise

import numpy as np
import pytest

from csi.model import (
    Model,
    Path,
    composite,
    formative,
    items,
    layers,
    model_from_dict,
    models,
    path,
    paths,
    reflective,
    single,
)
from csi.model.graph import causal_order, circles
from csi.model.layout import crossings
from csi.text import Text


@pytest.fixture
def model() -> Model:
    return Model(
        constructs=[
            reflective("Loyalty", items("L", 1, 2), label={"en": "Loyalty", "zh": "忠诚度"}),
            [formative("Price", "P1"), composite("Quality", ["Q1", "Q2"])],
            single("Satisfaction", "S1", label="Satisfaction"),
        ],
        paths=[
            paths(["Price", "Quality"], to="Satisfaction"),
            [[path("Satisfaction", "Loyalty")], path("Price", "Loyalty", sign="-", verified=False)],
        ],
        index="Satisfaction",
        title="A shop",
    )


def test_lists_become_tuples_in_the_order_written(model):
    assert model.names == ("Loyalty", "Price", "Quality", "Satisfaction")
    assert model.items == ("L1", "L2", "P1", "Q1", "Q2", "S1")
    assert [str(p) for p in model.paths] == [
        "Price -> Satisfaction",
        "Quality -> Satisfaction",
        "Satisfaction -> Loyalty",
        "Price -> Loyalty",
    ]
    assert model.paths[-1] == Path("Price", "Loyalty", "-", False)
    assert model.title == Text("A shop")
    assert model.construct("Loyalty").label.zh == "忠诚度"
    assert [c.mode for c in model.constructs] == ["A", "B", "A", "A"]


def test_frozen_hashable_and_copied_whole(model):
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.index = "Price"
    assert pickle.loads(pickle.dumps(model)) == model
    assert hash(dataclasses.replace(model)) == hash(model)
    assert dataclasses.replace(model, name="other") != model


def test_order_and_neighbours(model):
    assert model.order == ("Price", "Quality", "Satisfaction", "Loyalty")
    assert model.predecessors("Loyalty") == ("Price", "Satisfaction")
    assert model.successors("Price") == ("Loyalty", "Satisfaction")
    assert model.predecessors("Quality") == ()
    with pytest.raises(KeyError):
        model.successors("Image")


def test_arrays_follow_the_paths_and_items(model):
    found = {(model.names[i], model.names[j]) for i, j in zip(*model.arrows.nonzero(), strict=True)}
    assert found == {(p.source, p.target) for p in model.paths}
    assert model.blocks.sum(axis=1).tolist() == [1] * 6
    assert model.blocks.sum(axis=0).tolist() == [2, 1, 2, 1]
    assert not model.arrows.flags.writeable


def test_order_of_random_graphs_leads_forward():
    chance = np.random.default_rng(7)
    names = [f"c{number}" for number in range(9)]
    for _ in range(50):
        rank = chance.permutation(9)
        arrows = [
            (names[i], names[j])
            for i in range(9)
            for j in range(9)
            if rank[i] < rank[j] and chance.random() < 0.4
        ]
        order = causal_order(names, arrows)
        assert sorted(order) == sorted(names)
        assert all(order.index(a) < order.index(b) for a, b in arrows)
        assert circles(names, arrows) == []


def test_circles_break_every_circle_of_random_graphs():
    """Without the last arrow of each circle named, Kahn's algorithm uses up all names."""
    chance = np.random.default_rng(8)
    names = [f"c{number}" for number in range(7)]
    for _ in range(100):
        arrows = [(a, b) for a in names for b in names if a != b and chance.random() < 0.25]
        found = circles(names, arrows)
        for circle in found:
            assert all(pair in arrows for pair in pairwise(circle))
            assert circle[0] == circle[-1]
        left = set(arrows) - {(circle[-2], circle[-1]) for circle in found}
        remaining = set(names)
        while free := {n for n in remaining if not any(b == n and a in remaining for a, b in left)}:
            remaining -= free
        assert not remaining


def test_without_unused_items_is_the_same_model(model):
    assert model.without({"X1"}) == (model, ())
    assert model.without(set()) == (model, ())


def test_without_one_item_keeps_the_kind(model):
    left, dropped = model.without({"Q1"})
    assert dropped == ()
    assert left.construct("Quality").items == ("Q2",)
    assert left.construct("Quality").kind == "composite"
    assert left.paths == model.paths


def test_without_all_items_of_a_construct_its_paths_go_too(model):
    left, dropped = model.without({"Q1", "Q2"})
    assert left.names == ("Loyalty", "Price", "Satisfaction")
    assert dropped == (
        "construct Quality: none of its items is left",
        "path Quality -> Satisfaction",
    )
    assert (left.index, left.name, left.title) == (model.index, model.name, model.title)


def test_without_a_middle_construct_those_left_alone_go_too():
    chain = Model(
        [single("A", "a"), single("B", "b"), single("C", "c"), single("D", "d")],
        [path("A", "B"), path("B", "C"), path("C", "D")],
        "D",
    )
    left, dropped = chain.without({"b"})
    assert left.names == ("C", "D")
    assert dropped == (
        "construct B: none of its items is left",
        "construct A: none of its paths is left",
        "path A -> B",
        "path B -> C",
    )


def test_without_the_index_nothing_is_left(model):
    left, dropped = model.without({"S1"})
    assert left is None
    assert "construct Satisfaction: none of its items is left" in dropped
    alone, words = model.without({"L1", "L2", "P1", "Q1", "Q2"})
    assert alone is None
    assert "construct Satisfaction: none of its paths is left" in words


def test_dict_and_back(model):
    assert model_from_dict(model.to_dict()) == model


def test_layers_are_longest_paths():
    assert layers(models.ecsi_mobile()) == (
        ("Image",),
        ("Expectation",),
        ("Quality",),
        ("Value",),
        ("Satisfaction",),
        ("Complaints",),
        ("Loyalty",),
    )


@pytest.mark.parametrize("name", models.names())
def test_layers_hold_every_construct_once_and_lead_right(name):
    model = models.load(name)
    columns = layers(model)
    place = {construct: number for number, column in enumerate(columns) for construct in column}
    assert sorted(place) == sorted(model.names)
    assert sum(map(len, columns)) == len(model.names)
    for arrow in model.paths:
        assert place[arrow.source] < place[arrow.target]
    for target in model.names:
        before = [place[source] for source in model.predecessors(target)]
        assert place[target] == max(before, default=-1) + 1


def test_layers_undo_a_crossing():
    names = [single(n, n.lower()) for n in ("A", "B", "C", "D")]
    model = Model(names, [path("A", "D"), path("B", "C")], "D")
    columns = layers(model)
    assert crossings(columns, [("A", "D"), ("B", "C")]) == 0
    assert crossings((("A", "B"), ("C", "D")), [("A", "D"), ("B", "C")]) == 1
