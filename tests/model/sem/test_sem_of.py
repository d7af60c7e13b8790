"""From a satisfaction model to parameters: groups, means, reliability, faults."""

import pytest

from csi.errors import ModelError
from csi.model import Construct, Model, Path
from csi.model.sem import sem_from_text, sem_of


@pytest.fixture
def model() -> Model:
    return Model(
        constructs=(
            Construct("Image", ("i1", "i2", "i3")),
            Construct("Value", ("v1", "v2")),
            Construct("Sat", ("s1", "s2", "s3")),
            Construct("Loyal", ("l1",), "single"),
        ),
        paths=(Path("Image", "Sat"), Path("Value", "Sat"), Path("Sat", "Loyal")),
        index="Sat",
    )


TEXT = """
Image =~ i1 + i2 + i3
Value =~ v1 + v2
Sat =~ s1 + s2 + s3
Loyal =~ l1
Sat ~ Image + Value
Loyal ~ Sat
"""


def table(parameters: object) -> set[tuple[object, ...]]:
    return {
        (*sorted((p.lhs, p.rhs)), p.op, p.group, p.fixed)  # type: ignore[attr-defined]
        for p in parameters  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("groups", [("",), ("a", "b")])
def test_it_is_the_model_that_the_text_says(model: Model, means: bool, groups: tuple) -> None:
    found = sem_of(model, means=means, groups=groups)
    said = sem_from_text(TEXT, means=means, groups=groups)
    assert table(found.parameters) == table(said.parameters)
    assert (found.constructs, found.items) == (said.constructs, said.items)
    assert found.index == "Sat"


def test_standardised_constructs_have_variance_one_and_free_loadings(model: Model) -> None:
    found = {p.name: p for p in sem_of(model, identification="standardised").parameters}
    assert found["Image ~~ Image"].fixed == found["Sat ~~ Sat"].fixed == 1.0
    assert found["Image =~ i1"].fixed is None
    # a single item keeps its scale
    assert found["Loyal =~ l1"].fixed == 1.0
    assert found["Loyal ~~ Loyal"].fixed is None


def test_reliability_is_a_share_of_the_variance(model: Model) -> None:
    found = {p.name: p for p in sem_of(model, reliability={"l1": 0.8}).parameters}
    assert found["l1 ~~ l1"].share == pytest.approx(0.2)
    assert found["l1 ~~ l1"].fixed == 0.0
    exact = {p.name: p for p in sem_of(model, reliability={"l1": 1.0}).parameters}
    assert exact["l1 ~~ l1"].share is None


def test_faults_come_at_once() -> None:
    formative = Model(
        constructs=(
            Construct("A", ("a1", "a2"), "formative"),
            Construct("B", ("b1", "b2")),
            Construct("C", ("c1",), "single"),
        ),
        paths=(Path("A", "B"), Path("B", "C")),
        index="B",
    )
    with pytest.raises(ModelError) as caught:
        sem_of(
            formative,
            reliability={"b1": 0.5, "c1": 1.2},
            ordinal=("bb1",),
            identification="first",  # type: ignore[arg-type]
            groups=("x", "x"),
        )
    said = "\n".join(str(fault) for fault in caught.value.faults)
    assert len(caught.value.faults) == 6
    for words in (
        "is formative",
        "is of no single item",
        "1.2 is not possible",
        "did you mean b1",
        "'first'",
    ):
        assert words in said
