"""Constructs of constructs in a model: items, arrows, forms, faults, what is left without items."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csi.errors import ModelError
from csi.model import (
    Construct,
    Model,
    Path,
    higher,
    items,
    layers,
    model_from_dict,
    model_from_lavaan,
    model_from_toml,
    model_to_lavaan,
    model_to_toml,
    models,
    path,
    paths,
    reflective,
    single,
)
from csi.model.python_form import model_to_python
from csi.model.sem import sem_of
from csi.repeats import answered_name, repeated_name, repeats_of

PARTS = [reflective("P", items("p", 1, 2)), reflective("S", items("s", 1, 3))]
REST = [reflective("E", items("e", 1, 2)), reflective("Y", items("y", 1, 2))]


def small(kind: str = "composite", extra: object = (), **more: object) -> Model:
    """Two parts, their whole, a cause and an outcome."""
    whole = higher("Q", ["P", "S"], kind=kind)  # type: ignore[arg-type]
    drawn = [paths("E", to=["P", "S"]), path("Q", "Y"), extra]
    return Model([*PARTS, whole, *REST], drawn, "Y", **more)  # type: ignore[arg-type]


def faults(*constructs: object, drawn: object = ()) -> str:
    """Return all faults of a model of these constructs as one text."""
    with pytest.raises(ModelError) as caught:
        Model([*constructs, *REST], [path("E", "Y"), drawn], "Y")  # type: ignore[list-item]
    return "\n".join(f"{f.where}: {f.what}: {f.fix}" for f in caught.value.faults)


def test_items_are_used_again_under_a_name_of_their_own():
    model = small()
    whole = model.construct("Q")
    assert whole.items == ("p1@Q", "p2@Q", "s1@Q", "s2@Q", "s3@Q")
    assert model.items == ("p1", "p2", "s1", "s2", "s3", *whole.items, "e1", "e2", "y1", "y2")
    assert model.columns == ("p1", "p2", "s1", "s2", "s3", "e1", "e2", "y1", "y2")
    assert model.blocks.sum(axis=0).tolist() == [2, 3, 5, 2, 2]
    assert model.blocks.sum(axis=1).tolist() == [1] * 14
    assert "9 items" in repr(model)
    assert model.wholes == (whole,)
    assert Model(model.constructs, model.paths, model.index) == model


def test_names_of_items_used_again():
    name = repeated_name("p1", "Q")
    assert (name, answered_name(name), answered_name("p1")) == ("p1@Q", "p1", "p1")
    assert not repeats_of(("p1", "p2"))
    # the answers themselves are not in the list: the name stands for nothing else there
    assert repeats_of(("p1@Q", "p2")).columns == ("p1@Q", "p2")


@pytest.mark.parametrize("kind", ["composite", "formative", "reflective"])
def test_arrows_follow_from_the_kind(kind: str):
    model = small(kind)
    made = kind != "reflective"
    expected = {("P", "Q"), ("S", "Q")} if made else {("Q", "P"), ("Q", "S")}
    assert model.part_paths == expected
    assert [(p.source, p.target) for p in model.paths[-2:]] == sorted(expected)
    assert model.construct("Q").mode == ("B" if kind == "formative" else "A")
    assert model.predecessors("Q") == (("P", "S") if made else ())


def test_written_arrows_keep_place_sign_and_mark():
    model = small("composite", [path("S", "Q", sign="-", verified=False)])
    assert model.paths[3] == Path("S", "Q", "-", False)
    assert model.paths[4:] == (Path("P", "Q"),)


def test_index_may_be_the_whole():
    whole = higher("Q", ["P", "S"], kind="reflective")
    assert Model([*PARTS, whole, *REST], [path("E", "Q"), path("Q", "Y")], "Q").index == "Q"
    assert Model([*PARTS, whole], [], "Q").names == ("P", "S", "Q")  # its arrows join them


@st.composite
def with_wholes(draw: st.DrawFn) -> Model:
    """Models of four or five first-order constructs, one or two wholes, arrows that go forward."""
    count = draw(st.integers(4, 5))
    kinds = st.sampled_from(["reflective", "composite", "formative"])
    first = [
        Construct(f"C{k}", tuple(f"x{k}{i}" for i in range(draw(st.integers(1, 3)))), draw(kinds))
        for k in range(count)
    ]
    wholes = [Construct("W0", (), draw(kinds), parts=("C0", "C1"))]
    if count == 5 and draw(st.booleans()):
        wholes.append(Construct("W1", (), draw(kinds), parts=("C2", "C3")))
    outcome = f"C{count - 1}"
    owned = {part for whole in wholes for part in whole.parts}
    loose = [c.name for c in first if c.name not in owned and c.name != outcome]
    drawn = [Path(w.name, outcome, draw(st.sampled_from("+-?")), draw(st.booleans()))
             for w in wholes]  # fmt: skip
    drawn += [Path(name, draw(st.sampled_from(["C0", outcome]))) for name in loose]
    if draw(st.booleans()):
        pairs = [(p, w.name) if w.kind != "reflective" else (w.name, p)
                 for w in wholes for p in w.parts]  # fmt: skip
        chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
        drawn += [Path(*pair, draw(st.sampled_from("+-")), draw(st.booleans())) for pair in chosen]
    constructs = draw(st.permutations([*first, *wholes]))
    return Model(constructs, draw(st.permutations(drawn)), outcome)


@settings(deadline=None, max_examples=120)
@given(with_wholes())
def test_every_form_gives_the_same_model(model: Model):
    assert model_from_dict(model.to_dict()) == model
    assert model_from_toml(model_to_toml(model)) == model
    assert model_from_lavaan(model_to_lavaan(model)) == model
    named: dict[str, Model] = {}
    exec(model_to_python(model), named)
    assert named["model"] == model
    assert sorted(name for column in layers(model) for name in column) == sorted(model.names)


def test_lavaan_text_names_the_parts():
    text = "P =~ p1 + p2; S =~ s1 + s2; Y =~ y1; Q {} P + S; Y ~ Q"
    for operator, kind in (("=~", "reflective"), ("<~", "formative")):
        model = model_from_lavaan(text.format(operator), index="Y")
        assert model.construct("Q").parts == ("P", "S")
        assert model.construct("Q").kind == kind
    with pytest.raises(ModelError, match="P is a construct and s9 is an item"):
        model_from_lavaan("P =~ p1 + p2; Y =~ y1; Q =~ P + s9; Y ~ Q", index="Y")


def test_toml_asks_for_the_kind_of_a_whole():
    plain = small().to_dict()
    entry = next(c for c in plain["construct"] if c["name"] == "Q")  # type: ignore[union-attr]
    assert entry == {"name": "Q", "kind": "composite", "parts": ["P", "S"]}
    del entry["kind"]
    with pytest.raises(ModelError, match="it has parts and no kind"):
        model_from_dict(plain)


def test_faults_of_parts_come_all_at_once():
    told = faults(
        *PARTS,
        Construct("Q", ("q1", "p1@X"), "composite", parts=("P", "Spp", "P")),
        Construct("R", (), "composite", parts=("P", "R")),
        Construct("T", (), "single", parts=("S",)),
        Construct("U", (), "reflective", parts=("Q", "E")),
    )
    for words in (
        "construct 'Q': it has parts and items of its own (q1, p1@X)",
        "construct 'Q': unknown part 'Spp'",
        "construct 'Q': names part 'P' 2 times",
        "construct 'P': is a part of Q and of R",
        "construct 'R': is a part of itself",
        "construct 'T': kind single with parts",
        "construct 'T': it has one part only (S)",
        "construct 'U': its part 'Q' has parts, too: the third order is not supported",
    ):
        assert words in told, told


def test_wholes_that_are_parts_of_each_other():
    told = faults(
        *PARTS,
        Construct("Q", (), "composite", parts=("P", "R")),
        Construct("R", (), "composite", parts=("S", "Q")),
    )
    assert "construct 'Q': is a part of its own part R" in told


def test_faults_of_arrows_beside_a_whole():
    made, shown = (higher("Q", ["P", "S"], kind=k) for k in ("composite", "reflective"))
    assert "path Q -> P: Q is composite, so that it is made of P: turn the arrow round" in faults(
        *PARTS, made, drawn=[path("Q", "P"), path("Q", "Y")]
    )
    assert "path P -> Q: Q is reflective, so that P shows it" in faults(
        *PARTS, shown, drawn=path("P", "Q")
    )
    assert "paths to Y: Q and all its parts lead to it" in faults(
        *PARTS, made, drawn=paths(["Q", "P", "S"], to="Y")
    )
    assert "path E -> Q: E leads to P, too, which Q is made of" in faults(
        *PARTS, made, drawn=[paths("E", to=["Q", "P"])]
    )
    assert "path E -> Q: E follows from a part of Q" in faults(
        *PARTS, made, drawn=[path("P", "E"), path("E", "Q")]
    )
    assert "a circle: " in faults(*PARTS, shown, drawn=[path("P", "E"), path("E", "Q")])
    # one part beside the whole, and a cause of a reflective whole and its part, are fine
    Model([*PARTS, made, *REST], [path("E", "P"), paths(["Q", "P"], to="Y")], "Y")
    Model([*PARTS, shown, *REST], [paths("E", to=["Q", "P"]), path("Q", "Y")], "Y")


def test_a_whole_without_two_parts_goes_openly():
    assert small().without({"p1", "p2"})[0] is None  # no arrow is left to the index
    model = small(extra=path("E", "Y"))
    left, dropped = model.without({"p1", "s2"})
    assert left is not None
    assert left.construct("Q").items == ("p2@Q", "s1@Q", "s3@Q")
    assert dropped == ()
    left, dropped = model.without({"p1", "p2"})
    assert left is not None
    assert left.names == ("S", "E", "Y")
    assert "construct Q: fewer than two of its parts are left" in dropped
    assert "construct P: none of its items is left" in dropped
    assert "path Q -> Y" in dropped


def test_second_order_factor_repeats_no_item():
    sem = sem_of(small("reflective"))
    assert sem.items == small().columns
    loads = [(p.lhs, p.rhs, p.fixed) for p in sem.parameters if p.op == "=~" and p.lhs == "Q"]
    assert loads == [("Q", "P", 1.0), ("Q", "S", None)]
    assert ("P", "Q") not in {(p.lhs, p.rhs) for p in sem.parameters if p.op == "~"}
    for kind in ("composite", "formative"):
        with pytest.raises(ModelError, match=f"is {kind}: made of P and S.*call Q reflective"):
            sem_of(small(kind))


def test_the_catalogue_model_leads_through_overall_quality():
    model = models.acsi_split()
    quality = model.construct("Quality")
    assert (quality.kind, quality.parts) == ("composite", ("ProductQuality", "ServiceQuality"))
    assert len(quality.items) == 6
    assert model.predecessors("Quality") == ("ProductQuality", "ServiceQuality")
    assert model.successors("Quality") == ("Value", "Satisfaction")
    assert model.successors("ProductQuality") == ("Quality",)
    entry = models.entry("acsi_split")
    assert not any("not supported" in note.en for note in entry.notes)
    assert {q.construct for q in entry.questions} == set(model.names) - {"Quality"}
    for language, words in (("en", "composite whole of ProductQuality, ServiceQuality"),
                            ("zh", "由ProductQuality、ServiceQuality构成")):  # fmt: skip
        assert words in models.show(entry, language)  # type: ignore[arg-type]


def test_a_single_item_can_be_a_part():
    whole = higher("Q", ["P", "N"], kind="composite")
    model = Model([PARTS[0], single("N", "n"), whole, *REST], [paths("E", to=["P", "N"]),
                  path("Q", "Y")], "Y")  # fmt: skip
    assert model.construct("Q").items == ("p1@Q", "p2@Q", "n@Q")
