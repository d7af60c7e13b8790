"""Residuals by hand; modification indices against fits with the parameter freed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.errors import EstimationError
from csi.estimate.covariance import sem
from csi.model.sem.values import Parameter

TEXT = "Q =~ q1 + q2 + q3\nS =~ s1 + s2 + s3\nL =~ l1 + l2 + l3\nS ~ Q\nL ~ S"


def answers(n: int = 4000, seed: int = 6, *, path: float = 0.1) -> pd.DataFrame:
    """Answers with a small path Q -> L, a cross-loading and a covariance the model leaves out."""
    rng = np.random.default_rng(seed)
    q = rng.normal(size=n)
    s = 0.6 * q + 0.8 * rng.normal(size=n)
    scores = {"q": q, "s": s, "l": path * q + 0.5 * s + 0.7 * rng.normal(size=n)}
    frame = pd.DataFrame(
        {
            f"{stem}{k + 1}": (1.0 - 0.1 * k) * value + 0.7 * rng.normal(size=n)
            for stem, value in scores.items()
            for k in range(3)
        }
    )
    shared = 0.2 * rng.normal(size=n)
    frame["s3"] += 0.08 * q + shared
    frame["l3"] += shared
    return frame


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return answers()


@pytest.fixture(scope="module")
def fit(frame: pd.DataFrame) -> sem.Fit:
    return sem.fit(TEXT, frame)


@pytest.mark.parametrize(
    ("lhs", "op", "rhs"), [("Q", "=~", "s3"), ("L", "~", "Q"), ("s3", "~~", "l3")]
)
def test_indices_foretell_what_a_freed_parameter_changes(
    frame: pd.DataFrame, fit: sem.Fit, lhs: str, op: str, rhs: str
) -> None:
    """A score test and a difference of chi-squares agree where the change is small."""
    table = sem.modification_indices(fit).set_index(["lhs", "op", "rhs"])
    row = table.loc[(lhs, op, rhs)]
    freed = sem.fit(f"{TEXT}\n{lhs} {op} {rhs}", frame)
    fallen = fit.tests["standard"].statistic - freed.tests["standard"].statistic
    assert fallen > 5
    assert row["index"] == pytest.approx(fallen, rel=0.05)
    found = sem.parameters(freed).set_index(["lhs", "op", "rhs"])
    assert row["expected_change"] == pytest.approx(found.loc[(lhs, op, rhs), "estimate"], rel=0.06)


def test_indices_of_a_true_model_follow_a_chi_square() -> None:
    """One parameter in 300 samples: mean 1 and variance 2 of one degree of freedom.

    The mean of 300 has an error of 0.08, the share above 3.84 one of 1.3 points: three of each.
    """
    found = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        q = rng.normal(size=300)
        rows = q[:, None] * [1.0, 0.9, 0.8, 0.7] + 0.7 * rng.normal(size=(300, 4))
        fit = sem.fit("Q =~ a + b + c + d", pd.DataFrame(rows, columns=list("abcd")))
        table = sem.modification_indices(fit)
        found.append(float(table[(table["lhs"] == "c") & (table["rhs"] == "d")]["index"].iloc[0]))
    assert np.mean(found) == pytest.approx(1.0, abs=0.25)
    assert np.mean(np.array(found) > 3.841) == pytest.approx(0.05, abs=0.038)


def test_a_zero_that_is_written_down_is_looked_at_and_other_numbers_are_not(
    frame: pd.DataFrame, fit: sem.Fit
) -> None:
    written = sem.modification_indices(sem.fit(f"{TEXT}\nL ~ 0*Q", frame))
    usual = sem.modification_indices(fit)
    pd.testing.assert_frame_equal(written, usual)
    fixed = sem.modification_indices(sem.fit(f"{TEXT}\nL ~ 0.1*Q", frame))
    assert not ((fixed["lhs"] == "L") & (fixed["rhs"] == "Q")).any()
    assert len(fixed) < len(usual)


def test_the_largest_come_first_and_small_ones_can_be_left_out(fit: sem.Fit) -> None:
    every = sem.modification_indices(fit)
    assert (np.diff(every["index"]) <= 0).all()
    some = sem.modification_indices(fit, least=4.0)
    pd.testing.assert_frame_equal(some, every[every["index"] >= 4.0])
    assert every["p_value"].iloc[0] < every["p_value"].iloc[-1] <= 1


def test_groups_have_their_own_indices(frame: pd.DataFrame) -> None:
    """Groups without anything in common: each has the indices of its own fit."""
    frame = frame.assign(g=np.where(np.arange(len(frame)) < 2500, "a", "b"))
    model = sem.model_from_text(TEXT, groups=("a", "b"))
    both = sem.modification_indices(sem.fit(model, frame, by="g"))
    key = ["lhs", "op", "rhs"]
    for group, own in frame.groupby("g"):
        alone = sem.modification_indices(sem.fit(TEXT, own)).set_index(key).sort_index()
        part = both[both["group"] == group].set_index(key).sort_index()
        np.testing.assert_allclose(part["index"], alone["index"], rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(part["expected_change"], alone["expected_change"], atol=1e-8)


def test_a_saturated_measurement_model_has_nothing_left_to_free() -> None:
    frame = answers(300)[["q1", "q2", "q3"]]
    assert sem.modification_indices(sem.fit("Q =~ q1 + q2 + q3", frame)).empty


def test_fits_without_indices_are_refused(frame: pd.DataFrame, fit: sem.Fit) -> None:
    patterns = sem.fit(TEXT, frame[:300], sem.Options(missing="fiml"))
    with pytest.raises(EstimationError, match="complete-data fits"):
        sem.modification_indices(patterns)
    with pytest.raises(EstimationError, match="did not converge"):
        sem.modification_indices(replace(fit, converged=False))


def test_residuals_by_hand(frame: pd.DataFrame) -> None:
    """One construct and three items have no residuals; a fixed loading leaves some."""
    own = frame[["q1", "q2", "q3"]]
    none = sem.residuals(sem.fit("Q =~ q1 + q2 + q3", own))
    np.testing.assert_allclose(none["residual"], 0.0, atol=1e-7)
    fit = sem.fit("Q =~ q1 + 0.5*q2 + q3", own)
    table = sem.residuals(fit).set_index(["first", "second"])
    value = sem.parameters(fit).set_index(["lhs", "op", "rhs"])["estimate"]
    covariance = 0.5 * value["Q", "~~", "Q"] * value["Q", "=~", "q3"]
    sd = own.std(ddof=0)
    row = table.loc[("q2", "q3")]
    assert row["sample"] == pytest.approx(own.corr().loc["q2", "q3"], rel=1e-10)
    assert row["implied"] == pytest.approx(covariance / sd["q2"] / sd["q3"], rel=1e-10)
    assert row["residual"] == pytest.approx(row["sample"] - row["implied"], rel=1e-12)
    assert (np.diff(table["residual"].abs()) <= 0).all()


def test_the_parameters_looked_at_are_parameters_of_the_model(fit: sem.Fit) -> None:
    """Each of them can be added to the model and is not there yet."""
    known = {(p.lhs, p.op, p.rhs) for p in fit.placed.model.parameters}
    for lhs, op, rhs in sem.modification_indices(fit)[["lhs", "op", "rhs"]].itertuples(index=False):
        assert not {(lhs, op, rhs), (rhs, op, lhs)} & known or op == "~"
        wider = replace(
            fit.placed.model,
            parameters=(*fit.placed.model.parameters, Parameter(lhs, op, rhs)),
        )
        assert wider.observed == fit.placed.model.observed
