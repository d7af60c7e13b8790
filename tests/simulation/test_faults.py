import pytest

from csi.errors import OptionError
from csi.model.form import model_from_dict
from csi.model.model import Model
from csi.simulation import Clusters, MissingAnswers, Move, Stratum, TrueValues, simulate

LOOSE = TrueValues(
    paths={("Qualty", "Satisfaction"): 0.5},
    loadings={"q1": 1.2, "q9": 0.8},
    levels={"Satisfacton": 70.0},
    spreads={"s1": -1.0},
    moves=(Move(points=1.0, year="2030", group="x", constructs=("Loyality",)),),
)


def faults_of(model: Model, **options: object) -> list[str]:
    with pytest.raises(OptionError) as caught:
        simulate(model, **{"years": [2024], "n": 50, "seed": 0, **options})
    return [str(fault) for fault in caught.value.faults]


def test_all_faults_of_the_true_values_come_at_once(small: Model) -> None:
    found = "\n".join(faults_of(small, truth=LOOSE))
    for part in (
        "did you mean Quality -> Satisfaction",
        "loading of q1",
        "'q9' is not known",
        "did you mean Satisfaction?",
        "spread of s1",
        "did you mean Loyalty",
        "'2030'",
        "'x'",
    ):
        assert part in found


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"years": []}, "years"),
        ({"years": [2024, 2024]}, "years"),
        ({"n": 5}, "at least 10"),
        ({"seed": -1}, "below zero"),
        ({"strata": [Stratum(name="a", share=0.5)]}, "add up to 0.5"),
        ({"strata": [Stratum(name="a", share=0.5), Stratum(name="a", share=0.5)]}, "one name"),
        ({"strata": [Stratum(name="a", share=1.0, rate=0.0)]}, "rate must be above 0"),
        (
            {
                "strata": [
                    Stratum(name="a", share=0.999, rate=1.0),
                    Stratum(name="b", share=0.001, rate=0.1),
                ]
            },
            "stratum b",
        ),
        ({"missing": MissingAnswers(dont_know=-0.1)}, "none below 0"),
        ({"missing": MissingAnswers(dont_know=0.5, refused=0.5)}, "together below 0.9"),
        ({"missing": MissingAnswers(dont_know=0.1, satisfaction_slope=3.0)}, "0 to 2"),
        ({"missing": MissingAnswers(dont_know=0.5, satisfaction_slope=1.0)}, "least satisfied"),
        ({"clusters": Clusters(size=1, correlation=0.1)}, "clusters"),
        ({"scale": (2, 2)}, "fewer than two"),
        ({"scale": (0, 100)}, "98 and 99"),
        ({"scales": {"q7": (1, 5)}}, "'q7' is not known"),
        ({"truth": TrueValues(levels={"Quality": 99.5})}, "cannot have mean"),
        ({"truth": TrueValues(spreads={"q1": 49.9})}, "cannot have mean"),
        ({"truth": TrueValues(levels={"Quality": 140.0})}, "cannot have mean"),
        ({"truth": TrueValues(paths={("Quality", "Satisfaction"): 1.1})}, "below 100%"),
        ({"truth": TrueValues(loadings={"q1": 1.0, "q2": 0.995})}, "latent correlation"),
        ({"truth": TrueValues(levels={"Quality": float("nan")})}, "finite"),
    ],
)
def test_each_fault_is_named(small: Model, options: dict[str, object], part: str) -> None:
    assert part in "\n".join(faults_of(small, **options))


def test_an_item_may_not_be_called_as_a_column_of_the_design(small: Model) -> None:
    table = small.to_dict()
    for construct in table["construct"]:
        construct["items"] = ["weight" if i == "q1" else i for i in construct["items"]]
    assert "item weight" in faults_of(model_from_dict(table))[0]
