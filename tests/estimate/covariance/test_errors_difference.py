"""Difference tests of nested fits: what they equal, and what they refuse."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from csi.errors import EstimationError, OptionError
from csi.estimate.covariance.difference import difference_test
from csi.estimate.covariance.options import SemOptions
from tests.estimate.covariance.errors_cases import fitted, model, survey

MLR = SemOptions(errors="mlr")


def test_standard_difference_is_of_the_statistics() -> None:
    """No scaling for normal answers; two restrictions."""
    free, restricted = (fitted(model(less=less), survey(), SemOptions()) for less in (False, True))
    found = difference_test(restricted, free, "standard")
    apart = restricted.tests["standard"].statistic - free.tests["standard"].statistic
    assert found.statistic == pytest.approx(apart)
    assert (found.freedom, found.scaling) == (2.0, 1.0)


def test_saturated_model_gives_back_the_test_of_fit() -> None:
    """Against a model without degrees of freedom a difference is the scaled test itself."""
    made = model()
    loadings = [p for p in made.parameters if p.op == "=~" and p.lhs == "Q"][:3]
    names = {"Q", *(p.rhs for p in loadings)}
    one = replace(
        made,
        constructs=("Q",),
        items=tuple(p.rhs for p in loadings),
        parameters=(*loadings, *(p for p in made.parameters if p.op == "~~" and p.lhs in names)),
    )
    equal = tuple(
        replace(p, label="a" if p.op == "=~" and p.fixed is None else "") for p in one.parameters
    )
    free, restricted = (
        fitted(one, survey(), MLR),
        fitted(replace(one, parameters=equal), survey(), MLR),
    )
    assert (free.freedom, restricted.freedom) == (0, 1)
    for year in ("2001", "2010"):
        found = difference_test(restricted, free, f"satorra-bentler-{year}")
        known = restricted.tests["yuan-bentler"]
        assert found.statistic == pytest.approx(known.statistic, rel=1e-6)
        assert found.p_value == pytest.approx(known.p_value, rel=1e-5)


def test_negative_scaling_of_2001_is_no_number() -> None:
    """As where the free model's trace is above the restricted one's."""
    free, restricted = (fitted(model(less=less), survey(), MLR) for less in (False, True))
    large = replace(free.tests["yuan-bentler"], scaling=5.0)
    odd = replace(free, tests=MappingProxyType({**free.tests, "yuan-bentler": large}))
    found = difference_test(restricted, odd, "satorra-bentler-2001")
    assert found.scaling < 0
    assert found.statistic != found.statistic
    assert difference_test(restricted, free).statistic > 0


def test_fits_that_cannot_be_compared_are_told_at_once() -> None:
    """Order, samples, options and scaled tests."""
    free = fitted(model(), survey(), MLR)
    other = fitted(model(less=True), survey(250), SemOptions())
    with pytest.raises(EstimationError) as caught:
        difference_test(free, other)
    assert [fault.where for fault in caught.value.faults] == [
        "restricted fit",
        "fits",
        "free fit",
        "fits",
    ]
    with pytest.raises(OptionError, match="satorra-bentler-2010"):
        difference_test(other, free, "wrong")


def test_models_that_are_not_nested_are_refused() -> None:
    """Fewer parameters, but not a special case: an item of another construct."""
    made = model(less=True)
    moved = tuple(
        replace(p, lhs="L") if (p.op, p.rhs) == ("=~", "q4") else p for p in made.parameters
    )
    restricted = fitted(replace(made, parameters=moved), survey(), MLR)
    with pytest.raises(EstimationError, match="not nested"):
        difference_test(restricted, fitted(model(), survey(), MLR))


def test_options_name_all_tests() -> None:
    """A word that is no test."""
    with pytest.raises(OptionError, match="scaled-shifted"):
        SemOptions(tests=("scaled",))
