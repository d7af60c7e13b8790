"""Python, TOML and lavaan text convert into each other without loss; faults have their place."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csi.errors import ModelError
from csi.model import (
    Construct,
    Model,
    Path,
    model_from_dict,
    model_from_lavaan,
    model_from_toml,
    model_to_lavaan,
    model_to_toml,
    models,
    read_model,
    write_model,
)
from csi.text import Text

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["感知质量", 'say "hi"', "back\\slash", "# no comment", "a\nb\r\n", "\x7f\x85\u2028", "; + ~ !"]
)
TEXTS = st.builds(Text, WORDS, WORDS)
NAMES = st.from_regex(
    r"[A-Za-z_\u4e00-\u4fff\u0416\u00e9][A-Za-z0-9_\u4e00-\u4fff]{0,6}", fullmatch=True
)


@st.composite
def valid_models(draw) -> Model:
    """Models of 2 to 6 constructs, any kinds, any paths that lead forward."""
    count = draw(st.integers(2, 6))
    sizes = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    total = count + sum(sizes)
    drawn = draw(st.lists(NAMES, min_size=total, max_size=total, unique=True))
    names, left = drawn[:count], drawn[count:]
    constructs = []
    for name, size in zip(names, sizes, strict=True):
        items, left = tuple(left[:size]), left[size:]
        kinds = ["reflective", "composite", "formative", *(["single"] if size == 1 else [])]
        constructs.append(Construct(name, items, draw(st.sampled_from(kinds)), draw(TEXTS)))
    rank = draw(st.permutations(names))
    pairs = [(rank[n], rank[n + 1]) for n in range(count - 1)]  # connects every construct
    others = [(a, b) for n, a in enumerate(rank) for b in rank[n + 2 :]]
    pairs += [pair for pair in others if draw(st.booleans())]
    paths = [
        Path(source, target, draw(st.sampled_from("+-?")), draw(st.booleans()))
        for source, target in draw(st.permutations(pairs))
    ]
    index = draw(st.sampled_from(names))
    return Model(constructs, paths, index, draw(NAMES), draw(TEXTS))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(valid_models())
def test_three_forms_without_loss(model):
    assert model_from_dict(model.to_dict()) == model
    assert model_from_toml(model_to_toml(model)) == model
    assert model_from_lavaan(model_to_lavaan(model)) == model
    around = model_from_toml(model_to_toml(model_from_lavaan(model_to_lavaan(model))))
    assert around == model


@pytest.mark.parametrize("name", models.names())
def test_catalogue_models_without_loss(name, tmp_path):
    model = models.load(name)
    assert model_from_lavaan(model_to_lavaan(model)) == model
    write_model(model, tmp_path / "model.toml")
    assert read_model(tmp_path / "model.toml") == model


def test_plain_lavaan_text():
    model = model_from_lavaan(
        """
        # measurement
        IMAG =~ IMAG1 + IMAG2 +   # goes on
                IMAG3
        PRICE <~ P1 + P2          ! formative
        COMP =~ CUSCO;  SAT =~ S1 + S2
        # paths
        SAT ~ IMAG + PRICE
        COMP ~ SAT
           + IMAG
        """,
        index="SAT",
        name="shop",
    )
    assert [(c.name, c.kind, c.items) for c in model.constructs] == [
        ("IMAG", "reflective", ("IMAG1", "IMAG2", "IMAG3")),
        ("PRICE", "formative", ("P1", "P2")),
        ("COMP", "single", ("CUSCO",)),
        ("SAT", "reflective", ("S1", "S2")),
    ]
    assert [str(p) for p in model.paths] == [
        "IMAG -> SAT",
        "PRICE -> SAT",
        "SAT -> COMP",
        "IMAG -> COMP",
    ]
    assert (model.index, model.name) == ("SAT", "shop")


def test_windows_line_ends_and_several_targets():
    model = model_from_lavaan("A =~ a\r\nB =~ b\r\nC =~ c\r\nB + C ~ A\r\n", index="C")
    assert [str(p) for p in model.paths] == ["A -> B", "A -> C"]


def lavaan_faults(text, index="B"):
    with pytest.raises(ModelError) as caught:
        model_from_lavaan(text, index=index)
    return caught.value.faults


def test_lavaan_without_index_says_what_to_do():
    (fault,) = lavaan_faults("A =~ a\nB =~ b\nB ~ A", index=None)
    assert fault.where == "index"
    assert "#: index" in fault.fix
    assert 'index="..."' in fault.fix
    assert "A, B" in fault.fix


def test_lavaan_index_named_in_two_ways():
    (fault,) = lavaan_faults('#: index = "A"\nA =~ a\nB =~ b\nB ~ A')
    assert "'A'" in fault.what
    assert "'B'" in fault.what
    assert model_from_lavaan('#: index = "B"\nA =~ a\nB =~ b\nB ~ A', index="B").index == "B"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("a1 ~~ a2", "covariances (~~) are not supported yet: 'a1 ~~ a2'"),
        ("ind := p*q", "defined parameters (:=) are not supported yet: 'ind := p*q'"),
        ("p == 0", "constraints (==) are not supported yet: 'p == 0'"),
        ("p < 1", "constraints (<) are not supported yet: 'p < 1'"),
        ("a1 | t1", "thresholds (|) are not supported yet: 'a1 | t1'"),
        ("a1 ~*~ a1", "scaling factors (~*~) are not supported yet: 'a1 ~*~ a1'"),
        ("B ~ p*A", "coefficients and labels (*) are not supported yet: 'p*A'"),
        ("C =~ 1*c1 + c2", "coefficients and labels (*) are not supported yet: '1*c1'"),
        ("B ~ 1", "intercepts are not supported yet: '1'"),
        ("B A", "no operator in 'B A'"),
        ("C = c1", "'=' in 'C = c1'"),
        ("B ~ A ~ C", "2 operators in 'B ~ A ~ C'"),
        ("B ~", "a side is empty"),
        ("C =~ c1 +", "a name is missing in 'c1 +'"),
        ("C =~ c1 + + c2", "a name is missing in 'c1 + + c2'"),
        ("C =~ c-1", "'c-1' is not a usable name"),
        ("C D =~ c1", "'C D' is not a usable name"),
        ("C + D =~ c1", "several constructs left of =~"),
        ("C =~ A + c1", "A is a construct and c1 is an item"),
        ("#: index B", "'#: index B' cannot be read"),
        ("#: indx = 'B'", "unknown key 'indx'"),
        ("#: construct = {name = 'X', kind = 'single'}", "no formula defines construct 'X'"),
        ("#: construct = {name = 'A', kind = 'formativ'}", "unknown kind 'formativ'"),
        ("#: construct = 'A'", "construct is 'A'"),
    ],
)
def test_lavaan_fault_names_its_line(line, what):
    (fault,) = lavaan_faults(f"A =~ a\nB =~ b\n\n{line}\nB ~ A")
    assert (fault.where, fault.what) == ("line 4", what)
    assert fault.fix


def test_lavaan_facts_that_do_not_fit_the_formulas():
    text = "A =~ a\nB =~ b\nC =~ c\nC ~ A + B\n"
    (drawn,) = lavaan_faults(text + "#: path = {from = 'C', to = 'A', sign = '-'}", index="C")
    assert "no formula draws C -> A" in drawn.what
    (order,) = lavaan_faults(text + "#: order = [['A', 'C']]", index="C")
    assert order.where == "#: order"
    (twice,) = lavaan_faults(text + "#: index = 'C'\n#: index = 'C'", index=None)
    assert (twice.where, twice.what) == ("line 6", "index is given twice")


def test_lavaan_faults_come_at_once_and_model_faults_follow():
    found = lavaan_faults("A =~ a\na ~~ b\nB ~ 2*A", index=None)
    assert [f.where for f in found] == ["line 2", "line 3", "index"]
    (fault,) = lavaan_faults("A =~ a\nB =~ b\nB ~ A + Aa")
    assert "did you mean A?" in fault.fix


def test_paths_with_the_order_written_as_grouped_need_no_order_line():
    text = "A =~ a\nB =~ b\nC =~ c\nB ~ A\nC ~ A + B\n"
    assert "order" not in model_to_lavaan(model_from_lavaan(text, index="C"))


TOML = """
index = "B"
[[construct]]
name = "A"
items = ["a1", "a2"]
[[construct]]
name = "B"
items = "b1"
kind = "single"
label = "Bee"
[[construct]]
name = "C"
items = ["c1"]
[[path]]
from = "A"
to = ["B", "C"]
sign = "-"
"""


def test_toml_defaults_and_lists_of_targets():
    model = model_from_toml(TOML)
    assert model.name == "model"
    assert model.construct("B").label == Text("Bee")
    assert model.construct("C").kind == "reflective"
    assert model.paths == (Path("A", "B", "-"), Path("A", "C", "-"))


@pytest.mark.parametrize(
    ("before", "after", "where", "what"),
    [
        ('index = "B"', 'indx = "B"', "model", "unknown key 'indx'"),
        ('index = "B"', 'index = "B"\ntitle = 3', "model", "title is 3"),
        ('name = "A"', "", "construct 1", "name is missing"),
        ('items = "b1"', "items = 3", "construct 2 ('B')", "items is not a list of names"),
        ('items = "b1"', "", "construct 2 ('B')", "items is missing"),
        ('kind = "single"', 'kind = "singel"', "construct 2 ('B')", "unknown kind 'singel'"),
        ('label = "Bee"', 'label = {fr = "Bé"}', "construct 2 ('B')", "label is {'fr': 'Bé'}"),
        ('from = "A"', 'source = "A"', "path 1", "unknown key 'source'"),
        ('sign = "-"', 'sign = "minus"', "path 1 ('A')", "unknown sign 'minus'"),
        ('sign = "-"', 'verified = "no"', "path 1 ('A')", "verified is 'no'"),
        ("[[path]]", "[path]", "model", "path is not a list of tables"),
        ("[[path]]", "[path", "TOML text", "not TOML: "),
    ],
)
def test_toml_fault_has_its_place(before, after, where, what):
    with pytest.raises(ModelError) as caught:
        model_from_toml(TOML.replace(before, after))
    found = [f for f in caught.value.faults if f.where == where and f.what.startswith(what)]
    assert len(found) == 1, caught.value
    assert found[0].fix


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ModelError, match="check the path"):
        read_model(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes('index = "满意度"'.encode("gb18030"))
    with pytest.raises(ModelError, match="save it as UTF-8"):
        read_model(tmp_path / "gbk.toml")
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + TOML.encode())
    assert read_model(tmp_path / "bom.toml").index == "B"
