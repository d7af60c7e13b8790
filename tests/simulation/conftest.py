import pytest

from csi.model.model import Construct, Model, Path
from csi.simulation import Stratum


@pytest.fixture(scope="session")
def model() -> Model:
    """Seven constructs as in the European index, with a negative path and a single item."""
    sizes = {"Image": 5, "Expectation": 3, "Quality": 7, "Value": 2, "Satisfaction": 3}
    constructs = [
        Construct(name, tuple(f"{name[:3]}{k}" for k in range(1, size + 1)))
        for name, size in sizes.items()
    ]
    constructs += [
        Construct("Complaints", ("Com1",), "single"),
        Construct("Loyalty", ("Loy1", "Loy2", "Loy3")),
    ]
    arrows = """Image Expectation, Image Satisfaction, Image Loyalty, Expectation Quality,
        Expectation Value, Expectation Satisfaction, Quality Value, Quality Satisfaction,
        Value Satisfaction, Satisfaction Loyalty, Complaints Loyalty"""
    paths = [Path(*arrow.split()) for arrow in arrows.split(",")]
    paths.append(Path("Satisfaction", "Complaints", "-"))
    return Model(constructs=constructs, paths=paths, index="Satisfaction")


@pytest.fixture(scope="session")
def small() -> Model:
    """Three constructs with six items."""
    return Model(
        constructs=(
            Construct("Quality", ("q1", "q2", "q3")),
            Construct("Satisfaction", ("s1", "s2")),
            Construct("Loyalty", ("l1",), "single"),
        ),
        paths=(Path("Quality", "Satisfaction"), Path("Satisfaction", "Loyalty")),
        index="Satisfaction",
    )


@pytest.fixture(scope="session")
def strata() -> tuple[Stratum, ...]:
    """Two strata of different levels and sampling rates."""
    return (
        Stratum(name="urban", share=0.65, rate=1.0, shift=2.0),
        Stratum(name="rural", share=0.35, rate=2.5, shift=-6.0),
    )
