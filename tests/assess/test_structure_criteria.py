"""Information criteria and the choice among models: cSEM, seminr, known truth, refusals."""

import numpy as np
import pytest

from csi.assess.criteria import criteria_of, criteria_table, full_model
from csi.assess.kernel_criteria import AGAINST_FULL, OWN, error_sum, weights_of
from csi.assess.model_choice import compare_models
from csi.errors import OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.model.parts import Construct, Path
from tests.assess.structure_cases import (
    ITEMS,
    NAMES,
    composites,
    drawn,
    european,
    mobi_moments,
    reference,
    small,
    survey_of,
)

TIGHT = PLSOptions(tolerance=1e-12, max_steps=2000)


@pytest.mark.parametrize(("case", "consistent"), [("cSEM modeA", False), ("cSEM PLSc", True)])
def test_criteria_as_csem(case: str, consistent: bool) -> None:
    """cSEM's Cp and GM have the full model's error over n - 1; ours over n - k."""
    options = PLSOptions(tolerance=1e-12, max_steps=2000, consistent=consistent)
    fit = fit_pls(european(), mobi_moments(), options)
    full = fit_pls(full_model(european()), mobi_moments(), options)
    own = criteria_of(fit, full)
    theirs = reference()[case]["criteria"]
    k = {name: len(fit.model.predecessors(name)) + 1.0 for name in fit.model.names}
    for name, value in theirs["AIC"].items():
        at = fit.model.names.index(name)
        for measure in OWN:
            assert own[measure][at] == pytest.approx(theirs[measure][name], rel=1e-6), measure
        n = np.array(250.0)
        sse, loose = error_sum(fit.r2[at], n), 1.0 - full.r2[at]
        pairs = {"Cp": "Mallows_Cp", "GM": "GM"}
        for measure, formula in AGAINST_FULL.items():
            found = formula(sse, n, np.array(k[name]), loose)
            # PLSc inflates R2 to nearly 1, so that the last digits of the fit count
            assert found == pytest.approx(theirs[pairs[measure]][name], rel=1e-5), measure
        assert np.isfinite(value)


def test_cp_of_the_full_model_is_its_number_of_parameters() -> None:
    full = fit_pls(full_model(european()), mobi_moments(), TIGHT)
    found = criteria_of(full, full)["Cp"]
    sizes = [len(full.model.predecessors(name)) + 1 for name in full.model.names]
    np.testing.assert_allclose(found[1:], sizes[1:], rtol=1e-9)


def test_aic_and_bic_as_seminr() -> None:
    table = criteria_table(fit_pls(european(), mobi_moments(), TIGHT), IndexOptions(pls=TIGHT))
    theirs = reference()["seminr"]
    for measure in ("AIC", "BIC"):
        rows = table[table["measure"] == measure].set_index("construct")["estimate"]
        for name, value in theirs[measure.lower()].items():
            assert rows[name] == pytest.approx(value, rel=1e-6)


def test_weights_of_evidence_as_seminr() -> None:
    seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")
    values = [-259.1, -262.6, -246.3]
    theirs = seminr.compute_itcriteria_weights(values)
    np.testing.assert_allclose(weights_of(np.array(values)), theirs, rtol=1e-12)
    some = weights_of(np.array([np.nan, 10.0, 10.0]))
    assert some.tolist() == [0.0, 0.5, 0.5]


def test_an_inadmissible_fit_has_no_criteria_and_says_so() -> None:
    fit = fit_pls(european(), mobi_moments(), TIGHT)
    broken = fit.r2.copy()
    broken[4] = 1.2
    object.__setattr__(fit, "r2", broken)
    table = criteria_table(fit)
    bad = table[(table["construct"] == "Satisfaction") & ~table["measure"].isin(["Cp", "GM"])]
    assert bad["estimate"].isna().all()
    assert (bad["note"] != "").all()


def with_paths(*pairs: tuple[str, str]) -> Model:
    base = small("formative")
    return Model(base.constructs, [Path(a, b) for a, b in pairs], "D")


CHAIN = (("A", "B"), ("A", "C"), ("B", "C"), ("C", "D"))


def test_the_true_model_is_found() -> None:
    """D depends on A too, by a path of 0.3, in the population of the second run only."""
    for left_out, best in ((0.0, "short"), (0.3, "long")):
        rows = drawn(composites(left_out), 500, 21)
        choice = compare_models(
            survey_of(rows, ITEMS),
            {"short": with_paths(*CHAIN), "long": with_paths(*CHAIN, ("A", "D"))},
            construct="D",
            options=IndexOptions(draws=100, missing="complete"),
        )
        assert choice.best == best
        table = choice.table()
        assert table["bic_weight"].sum() == pytest.approx(1.0)
        assert table["share_won"].sum() == pytest.approx(1.0)
        assert table.set_index("model").loc[best, "bic_difference"] == 0.0
        verdict = choice.verdict()
        assert best in verdict.sentence.en
        assert best in verdict.sentence.zh
        assert verdict.grade == "good"


def test_criteria_are_those_of_each_model_alone() -> None:
    rows = drawn(composites(), 300, 22)
    shuffled = Model(
        [Construct(n, tuple(reversed(ITEMS[3 * j : 3 * j + 3])), "formative")
         for j, n in enumerate(NAMES)],
        [Path(a, b) for a, b in CHAIN],
        "D",
    )  # fmt: skip
    choice = compare_models(
        survey_of(rows, ITEMS),
        {"one": with_paths(*CHAIN), "same": shuffled},
        options=IndexOptions(draws=100, missing="complete"),
    )
    assert choice.bic[0] == pytest.approx(choice.bic[1], rel=1e-6)  # fits stop at 1e-7
    assert choice.construct == "D"
    alike = choice.verdict()
    assert alike.grade == "doubtful"
    assert "do not tell the models apart" in alike.sentence.en


def test_models_that_do_not_compare_are_refused_at_once() -> None:
    rows = drawn(composites(), 200, 23)
    base = with_paths(*CHAIN)
    other = Model(
        [*base.constructs[:3], Construct("D", ("D1", "D2"), "formative")], base.paths, "D"
    )
    no_path = Model(base.constructs, [Path("D", "A"), *base.paths[:3]], "D")
    with pytest.raises(OptionError) as caught:
        compare_models(survey_of(rows, ITEMS), {"a": base, "b": other, "c": no_path})
    assert [fault.where for fault in caught.value.faults] == ["model c", "model b"]
    with pytest.raises(OptionError, match="two or more"):
        compare_models(survey_of(rows, ITEMS), {"a": base})
    with pytest.raises(OptionError, match="no construct"):
        compare_models(survey_of(rows, ITEMS), {"a": base, "b": base}, construct="E")


def test_jackknife_replicates_win_nothing() -> None:
    rows = drawn(composites(), 200, 24)
    models = {"short": with_paths(*CHAIN), "long": with_paths(*CHAIN, ("A", "D"))}
    options = IndexOptions(replicates="jackknife", missing="complete")
    choice = compare_models(survey_of(rows, ITEMS), models, options=options)
    assert np.isnan(choice.won).all()
    assert "redrawn" not in choice.verdict().sentence.en
