"""Mediation: chains against a search, seminr's indirect effects, patterns, known truth."""

from itertools import combinations

import numpy as np
import pytest

from csi.assess.mediation import effects_table, mediation, mediations
from csi.assess.mediation_chains import chain_effects, chains_between, pattern_of
from csi.assess.mediation_words import mediation_verdict
from csi.errors import OptionError
from csi.estimate.effects import total_effects
from csi.index.options import IndexOptions
from csi.index.replicated import replicated
from csi.model.model import Model
from csi.model.parts import Construct, Path
from tests.assess.structure_cases import on_mobi, reference, survey_of


def test_chains_against_every_subset_of_constructs() -> None:
    model = on_mobi(draws=100).model
    arrows = {(path.source, path.target) for path in model.paths}
    order = list(model.order)
    for source, target in combinations(order, 2):
        between = order[order.index(source) + 1 : order.index(target)]
        told = {
            (source, *some, target)
            for size in range(1, len(between) + 1)
            for some in combinations(between, size)
            if all(pair in arrows for pair in zip((source, *some), (*some, target), strict=True))
        }
        found = chains_between(model, source, target)
        assert set(found) == told
        assert len(found) == len(told)


@pytest.mark.parametrize("batch", [(), (4,), (2, 3)])
def test_chains_add_up_to_the_indirect_effect(batch: tuple[int, ...]) -> None:
    model = on_mobi(draws=100).model
    rng = np.random.default_rng(1)
    paths = rng.normal(size=(*batch, 7, 7)) * model.arrows
    i, j = model.names.index("Image"), model.names.index("Loyalty")
    chains = [
        [model.names.index(name) for name in chain]
        for chain in chains_between(model, "Image", "Loyalty")
    ]
    found = chain_effects(paths, chains)
    assert found.shape == (*batch, len(chains))
    indirect = total_effects(paths)[..., i, j] - paths[..., i, j]
    np.testing.assert_allclose(found.sum(axis=-1), indirect, rtol=1e-10)


def test_indirect_effects_as_seminr() -> None:
    rows = effects_table(on_mobi(draws=100))
    rows = rows[(rows["measure"] == "indirect") & (rows["note"] == "")]
    own = {f"{a} -> {b}": v for a, b, v in rows[["from", "to", "estimate"]].to_numpy()}
    theirs = reference()["seminr"]["indirect"]
    assert set(own) == set(theirs)
    for pair, value in theirs.items():
        assert own[pair] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("kind", ["normal", "percentile", "bias-corrected"])
def test_interval_and_p_value_say_the_same(kind: str) -> None:
    for found in mediations(on_mobi(draws=400, interval=kind)):
        away = (found.effects.lower > 0) | (found.effects.upper < 0)
        # a percentile between two draws and a share of draws may differ by one draw
        sure = np.abs(found.p_values - 0.05) > 0.01
        np.testing.assert_array_equal((found.p_values < 0.05)[sure], away[sure])


def test_specific_effects_from_the_draws() -> None:
    """The error of a chain by hand: the spread of the product over the draws."""
    rep = on_mobi(draws=300)
    found = mediation(rep, "Expectation", "Satisfaction")
    names = rep.model.names
    e, q, s = (names.index(name) for name in ("Expectation", "Quality", "Satisfaction"))
    product = rep.draws.paths[:, e, q] * rep.draws.paths[:, q, s]
    at = 1 + found.chains.index(("Expectation", "Quality", "Satisfaction"))
    assert found.effects.se[at] == pytest.approx(product.std(ddof=1), rel=1e-12)
    assert found.table()["measure"].tolist() == [
        "direct",
        *["specific indirect"] * 3,
        "indirect",
        "total",
        "indirect share",
    ]


@pytest.mark.parametrize(
    ("direct", "indirect", "direct_found", "indirect_found", "has_path", "pattern"),
    [
        (0.3, 0.1, True, True, True, "complementary"),
        (-0.3, 0.1, True, True, True, "competitive"),
        (0.3, 0.1, False, True, True, "indirect-only"),
        (0.3, 0.1, True, False, True, "direct-only"),
        (0.3, 0.1, False, False, True, "no effect"),
        (0.0, 0.1, False, True, False, "no direct path"),
        (0.0, 0.1, False, False, False, "no effect"),
    ],
)
def test_patterns(
    direct: float,
    indirect: float,
    direct_found: bool,
    indirect_found: bool,
    has_path: bool,
    pattern: str,
) -> None:
    found = pattern_of(
        direct,
        indirect,
        direct_found=direct_found,
        indirect_found=indirect_found,
        has_path=has_path,
    )
    assert found == pattern


def scores(direct: float, first: float, second: float, n: int = 600) -> np.ndarray:
    """Three observed constructs: X -> M -> Y with a direct path."""
    rng = np.random.default_rng(30)
    x = rng.normal(size=n)
    m = first * x + np.sqrt(1 - first**2) * rng.normal(size=n)
    y = direct * x + second * m + 0.7 * rng.normal(size=n)
    return np.column_stack([x, m, y])


def three() -> Model:
    blocks = [Construct(name, (name.lower(),), "single") for name in ("X", "M", "Y")]
    return Model(blocks, [Path("X", "M"), Path("X", "Y"), Path("M", "Y")], "Y")


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        ((0.4, 0.5, 0.5), "complementary"),
        ((-0.4, 0.5, 0.6), "competitive"),
        ((0.0, 0.6, 0.6), "indirect-only"),
        ((0.5, 0.5, 0.0), "direct-only"),
        ((0.0, 0.0, 0.0), "no effect"),
    ],
)
def test_patterns_of_a_known_truth(paths: tuple[float, float, float], pattern: str) -> None:
    survey = survey_of(scores(*paths), ("x", "m", "y"))
    options = IndexOptions(draws=500, interval="percentile", missing="complete")
    (rep,) = replicated(survey, three(), options)
    found = mediation(rep, "X", "Y")
    assert found.pattern == pattern
    assert np.isfinite(found.share) == (pattern == "complementary")
    verdict = mediation_verdict(found)
    for words in (verdict.sentence.en, verdict.sentence.zh):
        assert words
        assert "{" not in words
        assert "nan" not in words


def test_effects_that_do_not_exist_are_told() -> None:
    rep = on_mobi(draws=100)
    no_path = mediation(rep, "Image", "Quality").table()
    assert no_path.loc[0, "note"] == "the model has no direct path"
    assert np.isnan(no_path.loc[0, "estimate"])
    direct = mediation(rep, "Complaints", "Loyalty")
    assert direct.chains == ()
    assert direct.pattern == "no effect"
    assert direct.table()["note"].tolist()[1] == "no chain of paths leads through other constructs"


def test_pairs_without_an_effect_are_refused() -> None:
    rep = on_mobi(draws=100)
    with pytest.raises(OptionError, match="nothing leads from Loyalty to Image"):
        mediation(rep, "Loyalty", "Image")
    with pytest.raises(OptionError) as caught:
        mediation(rep, "Img", "Loy")
    assert len(caught.value.faults) == 2
    with pytest.raises(OptionError, match="Loy"):
        mediations(rep, "Loy")
    assert effects_table(rep, "Image").empty
