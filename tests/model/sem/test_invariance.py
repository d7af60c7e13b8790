"""Equal parameters in several groups: labels, partial invariance, scales and means set free."""

import pytest

from csi.errors import ModelError
from csi.model.sem import Equality, SemModel, sem_from_text, sem_to_text, with_invariance

TEXT = """
A =~ a1 + a2 + a3
B =~ b1 + b2 + b3
B ~ A
a2 ~~ b2
"""
GROUPS = ("x", "y", "z")


@pytest.fixture
def model() -> SemModel:
    return sem_from_text(TEXT, groups=GROUPS, means=True)


def labels(model: SemModel) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for parameter in model.parameters:
        found.setdefault(parameter.name, []).append(parameter.label)
    return found


def fixed(model: SemModel, name: str) -> list[float | None]:
    return [p.fixed for p in model.parameters if p.name == name]


def test_the_same_form_changes_nothing(model: SemModel) -> None:
    assert with_invariance(model, "configural") == model


def test_each_level_adds_to_the_one_before(model: SemModel) -> None:
    sets = []
    for level in ("metric", "scalar", "strict"):
        own = labels(with_invariance(model, level))  # type: ignore[arg-type]
        sets.append({name for name, all_ in own.items() if len(set(all_)) == 1 and all_[0]})
    loadings = {f"{c} =~ {c.lower()}{k}" for c in "AB" for k in (2, 3)}
    items = [f"{c}{k}" for c in "ab" for k in (1, 2, 3)]
    assert sets[0] == loadings
    assert sets[1] == loadings | {f"{item} ~1" for item in items}
    assert sets[2] == sets[1] | {f"{item} ~~ {item}" for item in items}


def test_scalar_frees_means_after_the_first_group(model: SemModel) -> None:
    scalar = with_invariance(model, "scalar")
    assert fixed(scalar, "A ~1") == fixed(scalar, "B ~1") == [0.0, None, None]
    with_means = with_invariance(model, {"loadings", "intercepts", "means"})
    assert "A ~1" not in labels(with_means)


def test_second_order_constructs_keep_the_means_of_their_parts_at_zero() -> None:
    text = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; C =~ c1 + c2 + c3; H =~ A + B + C"
    scalar = with_invariance(sem_from_text(text, groups=("x", "y"), means=True), "scalar")
    assert fixed(scalar, "H ~1") == [0.0, None]
    assert "A ~1" not in labels(scalar)
    assert labels(scalar)["H =~ B"] == ["loading.H.B"] * 2


def test_equal_loadings_free_standardised_variances_after_the_first_group() -> None:
    model = sem_from_text(TEXT, groups=GROUPS, identification="standardised")
    metric = with_invariance(model, "metric")
    assert fixed(metric, "A ~~ A") == fixed(metric, "B ~~ B") == [1.0, None, None]
    assert labels(metric)["A =~ a1"] == ["loading.A.a1"] * 3
    kept = with_invariance(model, {"loadings", "variances"})
    assert fixed(kept, "A ~~ A") == [1.0] * 3


def test_single_parameters_stay_free(model: SemModel) -> None:
    partial = with_invariance(model, "strict", free=["A=~a3", "b2 ~ 1", "b3~~b3"])
    own = labels(partial)
    for name in ("A =~ a3", "b2 ~1", "b3 ~~ b3"):
        assert own[name] == ["", "", ""]
    assert own["B =~ b3"] == ["loading.B.b3"] * 3


def test_parts_may_be_chosen(model: SemModel) -> None:
    own = labels(with_invariance(model, ("residual.covariances", "regressions", "variances")))
    equal = {name for name, all_ in own.items() if all_[0]}
    assert equal == {"a2 ~~ b2", "B ~ A", "A ~~ A", "B ~~ B"}
    assert own["B ~ A"] == ["path.B.A"] * 3


def test_labels_of_the_model_stay() -> None:
    text = "A =~ a1 + c(u, u)*a2 + c(v, w)*a3 + c(NA, q)*a4 + a5\nv == 2*u"
    model = sem_from_text(text, groups=("x", "y"))
    metric = with_invariance(model, "metric")
    own = labels(metric)
    assert own["A =~ a2"] == ["u", "u"]
    assert own["A =~ a3"] == ["v", "w"]
    assert own["A =~ a4"] == ["q", "q"]
    assert own["A =~ a5"] == ["loading.A.a5"] * 2
    assert metric.equalities == (Equality("v", "2*u"), Equality("v", "w"))
    assert sem_from_text(sem_to_text(metric)) == metric


def test_observed_predictors_are_not_part_of_measurement() -> None:
    model = sem_from_text("A =~ a1 + a2 + a3; A ~ age; y ~ A", groups=("x", "y"), means=True)
    own = labels(with_invariance(model, "strict"))
    assert own["age ~1"] == own["age ~~ age"] == ["", ""]
    assert own["y ~1"] == ["intercept.y"] * 2


def test_faults_come_at_once() -> None:
    model = sem_from_text(TEXT.replace("a3", "c(u, u)*a3"), groups=("x", "y"))
    with pytest.raises(ModelError) as caught:
        with_invariance(
            model, "scalar", free=["A =~ a33", "a1 ~~ a1", "A =~ a1", "A =~ a3", "nonsense"]
        )
    said = [str(fault) for fault in caught.value.faults]
    assert len(said) == 6
    for words in ("no intercepts", "did you mean A =~ a3", "free at this level anyway",
                  "is fixed in all groups", "own label u", "nonsense: is not in"):  # fmt: skip
        assert sum(words in line for line in said) == 1, (words, said)


def test_unknown_levels_and_single_groups_are_faults(model: SemModel) -> None:
    with pytest.raises(ModelError, match="did you mean metric"):
        with_invariance(model, "metrik")  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="did you mean loadings"):
        with_invariance(model, ["loading"])  # type: ignore[list-item]
    with pytest.raises(ModelError, match="one group"):
        with_invariance(sem_from_text(TEXT), "metric")


def test_equal_thresholds_are_refused() -> None:
    model = sem_from_text("A =~ a1 + a2 + a3\na1 | t1", groups=("x", "y"), means=True)
    with pytest.raises(ModelError, match="ordinal"):
        with_invariance(model, "scalar")
    assert labels(with_invariance(model, "metric"))["A =~ a2"] == ["loading.A.a2"] * 2
