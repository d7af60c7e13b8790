"""Every fault of a model is raised, with its place and its remedy, all at once."""

from __future__ import annotations

import dataclasses

import pytest

from csi.errors import Fault, ModelError
from csi.model import Construct, Model, Path, composite, items, path, paths, reflective, single

QUALITY = reflective("Quality", items("Q", 1, 2))
VALUE = reflective("Value", items("V", 1, 2))
SAT = reflective("Satisfaction", items("S", 1, 3))
GOOD = [paths("Quality", to=["Value", "Satisfaction"]), path("Value", "Satisfaction")]


def faults(constructs, arrows, index="Satisfaction", name="model") -> tuple[Fault, ...]:
    with pytest.raises(ModelError) as caught:
        Model(constructs, arrows, index, name)
    return caught.value.faults


def only(*args, **kwargs) -> Fault:
    found = faults(*args, **kwargs)
    assert len(found) == 1, [str(f) for f in found]
    return found[0]


def test_a_good_model_has_no_fault():
    assert Model([QUALITY, VALUE, SAT], GOOD, "Satisfaction").names[0] == "Quality"


def test_unknown_construct_in_a_path_names_the_nearest_and_nothing_follows_from_it():
    fault = only([QUALITY, VALUE, SAT], [*GOOD[:1], path("Value", "satisfacton")])
    assert fault.where == "path Value -> satisfacton"
    assert "'satisfacton'" in fault.what
    assert "did you mean Satisfaction?" in fault.fix


def test_misspelt_end_does_not_make_the_construct_unconnected():
    fault = only([QUALITY, SAT, VALUE], [path("Quality", "Satisfaction"), path("Valeu", "Quality")])
    assert "'Valeu'" in fault.what


def test_circle_is_named():
    fault = only([QUALITY, VALUE, SAT], [*GOOD, path("Satisfaction", "Quality")])
    assert "Quality -> Value -> Satisfaction -> Quality" in fault.what
    assert "recursive" in fault.fix


def test_each_of_two_circles_is_named():
    others = [single(n, n.lower()) for n in "ABCD"]
    arrows = [path("A", "B"), path("B", "A"), path("C", "D"), path("D", "C"), path("B", "C")]
    found = faults(others, arrows, index="A")
    assert [f.what for f in found] == ["a circle: A -> B -> A", "a circle: C -> D -> C"]


def test_diamond_is_no_circle():
    others = [single(n, n.lower()) for n in "ABCD"]
    arrows = [paths("A", to=["B", "C"]), paths(["B", "C"], to="D")]
    assert Model(others, arrows, "D").order == ("A", "B", "C", "D")


def test_path_to_itself():
    fault = only([QUALITY, VALUE, SAT], [*GOOD, path("Value", "Value")])
    assert fault.where == "path Value -> Value"
    assert "itself" in fault.what


def test_path_given_twice():
    fault = only([QUALITY, VALUE, SAT], [*GOOD, path("Value", "Satisfaction", sign="-")])
    assert (fault.where, fault.what) == ("path Value -> Satisfaction", "given 2 times")


def test_item_used_twice_names_the_constructs():
    fault = only([QUALITY, reflective("Value", ["V1", "Q1"]), SAT], GOOD)
    assert fault.where == "item 'Q1'"
    assert "Quality, Value" in fault.what


def test_item_twice_in_one_construct():
    fault = only([QUALITY, reflective("Value", ["V1", "V1"]), SAT], GOOD)
    assert (fault.where, fault.what) == ("item 'V1'", "used 2 times (constructs: Value)")


def test_item_named_like_another_construct():
    fault = only([QUALITY, reflective("Value", ["V1", "Quality"]), SAT], GOOD)
    assert "'Quality'" in fault.what
    assert "name all parts of a construct of constructs as its parts" in fault.fix


def test_single_item_may_carry_the_name_of_its_construct():
    model = Model([QUALITY, single("Sat", "Sat")], path("Quality", "Sat"), "Sat")
    assert model.items == ("Q1", "Q2", "Sat")


def test_construct_without_items():
    fault = only([QUALITY, Construct("Value", ()), SAT], GOOD)
    assert (fault.where, fault.what) == ("construct 'Value'", "it has no items")


def test_construct_without_path():
    fault = only([QUALITY, VALUE, SAT], [path("Quality", "Satisfaction")])
    assert fault.where == "construct 'Value'"
    assert "no path" in fault.what


def test_single_with_several_items():
    fault = only([QUALITY, Construct("Value", ("V1", "V2"), "single"), SAT], GOOD)
    assert "single with 2 items (V1, V2)" in fault.what


@pytest.mark.parametrize("name", ["", "two words", "1st", "a-b", "a.b", None, 3])
def test_unusable_names(name):
    constructs = [QUALITY, Construct(name, ("V1",)), SAT]
    found = faults(constructs, [path("Quality", "Satisfaction"), path(name, "Satisfaction")])
    assert [f.where for f in found] == [f"construct {name!r}"]
    assert "letters of any script" in found[0].fix


def test_unusable_item_and_model_names():
    found = faults([QUALITY, reflective("Value", ["V 1"]), SAT], GOOD, name="my model")
    assert [f.where for f in found] == ["model", "item 'V 1' of 'Value'"]


def test_names_of_any_script_are_usable():
    model = Model(
        [single("质量", "题1"), single("满意度", "题2")], path("质量", "满意度"), "满意度", "模型"
    )
    assert model.order == ("质量", "满意度")


def test_unknown_and_empty_index():
    assert "did you mean Satisfaction?" in only([QUALITY, VALUE, SAT], GOOD, "Satisfation").fix
    assert "Quality, Value, Satisfaction" in only([QUALITY, VALUE, SAT], GOOD, "").fix


def test_duplicate_construct():
    found = faults([QUALITY, VALUE, SAT, composite("Value", ["W1"])], GOOD)
    assert [(f.where, f.what) for f in found] == [("construct 'Value'", "defined 2 times")]


def test_no_constructs_is_one_fault():
    assert only([], GOOD).what == "it has no constructs"


def test_unknown_kind_and_sign():
    kind = only([QUALITY, Construct("Value", ("V1",), "reflectiv"), SAT], GOOD)
    assert "did you mean reflective?" in kind.fix
    sign = only([QUALITY, VALUE, SAT], [*GOOD[:1], Path("Value", "Satisfaction", "plus")])
    assert sign.fix == "use one of +, -, ?"


def test_all_faults_come_at_once():
    found = faults(
        [QUALITY, Construct("Value", ()), SAT],
        [*GOOD, path("Value", "Value"), path("Value", "Loyalty")],
        index="Index",
    )
    assert {f.where for f in found} == {
        "construct 'Value'",
        "path Value -> Value",
        "path Value -> Loyalty",
        "index",
    }


def test_replace_checks_again():
    model = Model([QUALITY, VALUE, SAT], GOOD, "Satisfaction")
    with pytest.raises(ModelError, match="Price"):
        dataclasses.replace(model, index="Price")


def test_something_else_than_a_construct():
    with pytest.raises(ModelError, match="'Quality' is not a construct"):
        Model(["Quality"], GOOD, "Quality")
    with pytest.raises(ModelError, match="is not a path"):
        Model([QUALITY], [("Quality", "Value")], "Quality")


def test_empty_range_of_items():
    with pytest.raises(ModelError, match="smaller number first"):
        items("Q", 3, 1)
