"""Full-information maximum likelihood against lavaan, against steps, and in simulation."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.errors import EstimationError
from csi.estimate.covariance.fiml import FimlSolution, fiml_solve, likelihood
from csi.estimate.covariance.fiml_errors import FimlErrors, fiml_errors
from csi.estimate.covariance.kernel_fiml import patterns_of
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.sample import sample_of
from csi.estimate.covariance.scoring import score
from csi.estimate.covariance.starts import starting_values
from csi.model.sem.build import with_means
from csi.model.sem.values import Parameter, SemModel

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "lavaan_fiml.json").read_text(encoding="utf-8")
)
SHARED = Path(__file__).parents[4] / "shared" / "reference" / "lavaan"
FIML = SemOptions(missing="fiml")
ROBUST = SemOptions(missing="fiml", errors="mlr")

TWO = "two constructs"
ITEMS = ("x1", "x2", "x3", "y1", "y2", "y3")


def two_constructs(**more: object) -> SemModel:
    """Satisfaction on quality, three items each."""
    loading = [Parameter("Q", "=~", x, fixed=1.0 if x == "x1" else None) for x in ITEMS[:3]]
    loading += [Parameter("S", "=~", y, fixed=1.0 if y == "y1" else None) for y in ITEMS[3:]]
    variance = [Parameter(a, "~~", a) for a in ("Q", "S", *ITEMS)]
    path = Parameter("S", "~", "Q")
    return SemModel(TWO, ("Q", "S"), ITEMS, (*loading, path, *variance), **more)


def answers(seed: int, n: int) -> pd.DataFrame:
    """Complete answers to `two_constructs`; path 0.6, second and third loading 0.8 and 1.2."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(size=n)
    satisfaction = 0.6 * quality + 0.8 * rng.normal(size=n)
    loading = np.array([1.0, 0.8, 1.2])
    both = np.concatenate([np.outer(quality, loading), np.outer(satisfaction, loading)], axis=1)
    return pd.DataFrame(both + 0.7 * rng.normal(size=(n, 6)) + 5.0, columns=ITEMS)


def with_holes(frame: pd.DataFrame, seed: int, share: float = 0.2) -> pd.DataFrame:
    """Answers of which a share is missing completely at random."""
    return frame.mask(np.random.default_rng(seed).random(frame.shape) < share)


def fit(
    model: SemModel, data: pd.DataFrame, options: SemOptions = FIML, **design: object
) -> tuple[Placed, FimlSolution, FimlErrors]:
    """Fit a model with means to answers."""
    model = with_means(model)
    sample = replace(sample_of(model, data, options), **design)
    placed = place(model)
    found = fiml_solve(placed, sample, options)
    return placed, found, fiml_errors(placed, found, options)


def weighted(sample: SemSample, weights: np.ndarray, **flags: object) -> SemSample:
    """The sample with other weights."""
    return replace(sample, rows=(replace(sample.rows[0], weights=weights),), **flags)


def model_of(case: str) -> SemModel:
    """The model of a reference case."""
    rows = REFERENCE["cases"][case]["parameters"]
    loadings = [row for row in rows if row[1] == "=~"]
    return SemModel(
        case,
        tuple(dict.fromkeys(row[0] for row in loadings)),
        tuple(row[2] for row in loadings),
        tuple(Parameter(*row[:3], fixed=None if row[4] else row[3]) for row in rows),
        means=True,
    )


def reference_rows(name: str) -> pd.DataFrame:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the answers behind the reference, {path.name}, are not on this machine")
    return pd.read_csv(path)


def free_of(case: str, column: int) -> np.ndarray:
    rows = REFERENCE["cases"][case]["parameters"]
    return np.array([row[column] for row in rows if row[4]])


@pytest.mark.parametrize(
    "case", ["miss10_n250", "miss10_n2000", "missblock_n250", "missblock_n2000"]
)
def test_estimates_errors_and_tests_are_those_of_lavaan(case: str) -> None:
    kind, size = case.split("_")
    data = reference_rows(f"ecsi_{size}_{kind}.csv")
    known, near = REFERENCE["cases"][case]["fit"], REFERENCE["tolerance"]
    placed, found, errors = fit(model_of(case), data)
    layout = placed.layout
    values = layout.offset + layout.basis @ found.scored.x[0]
    np.testing.assert_allclose(values, free_of(case, 3), atol=near["estimates"])
    own = np.sqrt(np.diag(errors.vcov))
    np.testing.assert_allclose(own, free_of(case, 4), rtol=near["errors"])
    assert errors.tests["standard"].statistic == pytest.approx(known["chisq"], abs=1e-5)
    assert errors.tests["standard"].freedom == known["df"]
    assert found.loglikelihood == pytest.approx(known["logl"], abs=1e-5)
    assert found.unrestricted == pytest.approx(known["unrestricted.logl"], abs=1e-5)
    assert errors.baseline["standard"].statistic == pytest.approx(known["baseline.chisq"], abs=1e-5)
    assert errors.baseline["standard"].freedom == known["baseline.df"]
    assert errors.notes == ()
    robust = fiml_errors(placed, found, ROBUST)
    sandwich = np.sqrt(np.diag(robust.vcov))
    np.testing.assert_allclose(sandwich, free_of(case, 5), rtol=near["errors"])
    test, base = robust.tests["yuan-bentler"], robust.baseline["yuan-bentler"]
    assert test.scaling == pytest.approx(known["chisq.scaling.factor"], rel=1e-6)
    assert test.statistic == pytest.approx(known["chisq.scaled"], rel=1e-6)
    assert base.scaling == pytest.approx(known["baseline.chisq.scaling.factor"], rel=1e-6)


def test_weights_and_clusters_are_those_of_lavaan() -> None:
    """Complete answers: the road for missing ones must then be that of complete ones."""
    case = "clustw_n2000"
    data, model = reference_rows("ecsi_n2000.csv"), model_of("clustw_n2000")
    sample = sample_of(model, data, ROBUST)
    clusters = np.unique(data["cluster"], return_inverse=True)[1]
    part = replace(sample.rows[0], weights=data["w"].to_numpy(), clusters=clusters)
    sample = replace(sample, rows=(part,), weighted=True, clustered=True)
    placed = place(model)
    found = fiml_solve(placed, sample, ROBUST)
    errors = fiml_errors(placed, found, ROBUST)
    known = REFERENCE["cases"][case]["fit"]
    np.testing.assert_allclose(found.scored.x[0], free_of(case, 3), atol=1e-4)
    np.testing.assert_allclose(np.sqrt(np.diag(errors.vcov)), free_of(case, 4), rtol=1e-4)
    assert errors.tests["standard"].statistic == pytest.approx(known["chisq"], abs=1e-4)
    assert errors.tests["yuan-bentler"].scaling == pytest.approx(
        known["chisq.scaling.factor"], rel=1e-4
    )


def test_derivatives_of_a_model_are_those_of_steps() -> None:
    """Two groups, equal loadings, construct means and an equation: all kinds of parameters."""
    base = two_constructs()
    parameters = [
        replace(p, group=g, label=f"l{p.rhs}" if p.op == "=~" and p.fixed is None else "")
        for g in (0, 1)
        for p in (*base.parameters, Parameter("x2", "~~", "y2"), Parameter("Q", "~~", "S"),
                  *(Parameter(item, "~1", "") for item in ITEMS[:2] + ITEMS[3:]),
                  Parameter("Q", "~1", ""), Parameter("S", "=~", "x3"))
        if not (p.op == "~" and g == 1)
    ]  # fmt: skip
    model = replace(base, parameters=tuple(parameters), groups=("a", "b"), means=True)
    placed = place(model)
    rows = [with_holes(answers(s, 40), s).dropna(how="all").to_numpy() for s in (1, 2)]
    found = tuple(patterns_of(own, np.linspace(0.5, 1.5, len(own))) for own in rows)
    rng = np.random.default_rng(3)
    start = starting_values(placed, np.stack([np.eye(6)] * 2)[None], np.full((1, 2, 6), 5.0))[0]
    x = start + 0.1 * rng.random(len(start))
    at = likelihood(placed, found, x, "observed")
    step = 1e-5
    for k in range(len(x)):
        move = step * np.eye(len(x))[k]
        up, down = (likelihood(placed, found, x + m, None) for m in (move, -move))
        assert (up.value - down.value) / (2 * step) == pytest.approx(
            at.first[k], rel=1e-5, abs=1e-5
        )
        bent = (up.first - down.first) / (2 * step)
        np.testing.assert_allclose(bent, at.second[k], atol=1e-7 * np.abs(at.second).max())


def test_complete_answers_give_the_fit_of_complete_answers() -> None:
    data = answers(1, 200)
    placed, found, errors = fit(two_constructs(), data)
    sample = sample_of(placed.model, data, SemOptions())
    target = sample.target(SemOptions())
    known = score(placed.layout, target, starting_values(placed, target.cov, target.mean))
    np.testing.assert_allclose(found.scored.x, known.x, atol=1e-6)
    assert errors.tests["standard"].statistic == pytest.approx(2 * 200 * known.value[0], abs=1e-8)
    np.testing.assert_allclose(found.sample.cov, target.cov[0], atol=1e-8)


def test_weights_of_two_are_rows_twice() -> None:
    """Estimates are the same; pseudo likelihood rescales the sum of weights to the respondents."""
    data = with_holes(answers(2, 150), 2)
    twice = np.arange(150) < 50
    placed, doubled, _ = fit(two_constructs(), pd.concat([data, data[twice]]))
    sample = weighted(sample_of(placed.model, data, FIML), 1.0 + twice)
    found = fiml_solve(placed, sample, FIML)
    np.testing.assert_allclose(found.scored.x, doubled.scored.x, atol=1e-6)
    assert found.loglikelihood == pytest.approx(doubled.loglikelihood * 150 / 200, rel=1e-10)


def test_scale_of_weights_does_not_matter() -> None:
    data = with_holes(answers(3, 150), 3)
    w = np.random.default_rng(3).uniform(0.5, 2, 150)
    placed = place(with_means(two_constructs()))
    sample = sample_of(placed.model, data, ROBUST)
    one, other = (
        fiml_errors(placed, fiml_solve(placed, weighted(sample, scale * w), ROBUST), ROBUST)
        for scale in (1.0, 30.0)
    )
    np.testing.assert_allclose(one.vcov, other.vcov, rtol=1e-6)


def test_groups_without_equalities_are_fits_of_their_own() -> None:
    frames = [with_holes(answers(s, 150 + 50 * s), s) for s in (1, 2)]
    alone = [fit(two_constructs(), frame, ROBUST) for frame in frames]
    base = two_constructs()
    parameters = tuple(replace(p, group=g) for g in (0, 1) for p in base.parameters)
    model = with_means(replace(base, parameters=parameters, groups=("a", "b")))
    data = pd.concat([frame.assign(g=name) for frame, name in zip(frames, "ab", strict=True)])
    placed = place(model)
    found = fiml_solve(placed, sample_of(model, data, ROBUST, by="g"), ROBUST)
    errors = fiml_errors(placed, found, ROBUST)
    assert found.loglikelihood == pytest.approx(
        sum(f.loglikelihood for _, f, _ in alone), rel=1e-12
    )
    for name in ("standard", "yuan-bentler"):
        for ours, theirs in ((errors.tests, "tests"), (errors.baseline, "baseline")):
            parts = [getattr(e, theirs)[name] for _, _, e in alone]
            trace = sum(part.scaling * part.freedom for part in parts)
            assert ours[name].freedom == sum(part.freedom for part in parts)
            assert ours[name].scaling * ours[name].freedom == pytest.approx(trace, rel=1e-6)
    first = placed.layout.group == 0
    np.testing.assert_allclose(np.diag(errors.vcov)[first], np.diag(alone[0][2].vcov), rtol=1e-5)


def test_single_respondents_as_clusters_differ_by_the_known_factor() -> None:
    data = with_holes(answers(4, 150), 4).dropna(how="all")
    n = len(data)
    placed, plain, errors = fit(two_constructs(), data, ROBUST)
    sample = replace(plain.sample, clustered=True)
    clustered = fiml_errors(placed, fiml_solve(placed, sample, ROBUST), ROBUST)
    np.testing.assert_allclose(clustered.vcov, errors.vcov * n / (n - 1), rtol=1e-6, atol=1e-12)
    ratio = clustered.tests["yuan-bentler"].scaling / errors.tests["yuan-bentler"].scaling
    assert ratio == pytest.approx(n / (n - 1), rel=1e-6)


def test_errors_without_the_design_say_so() -> None:
    _, _, errors = fit(two_constructs(), with_holes(answers(5, 150), 5), FIML, clustered=True)
    assert errors.notes == (
        "standard errors and tests know nothing of the clusters: take errors='mlr'",
    )


def test_items_never_answered_together_leave_no_test_of_fit() -> None:
    """A design in which nobody is asked both x2 and y2; the model still is identified."""
    data = answers(6, 600)
    data.loc[:299, "x2"] = np.nan
    data.loc[300:, "y2"] = np.nan
    placed, found, errors = fit(two_constructs(), data, ROBUST)
    assert found.scored.converged[0]
    assert "nobody answered both x2 and y2" in errors.notes[0]
    assert np.isnan(errors.tests["standard"].statistic)
    assert "yuan-bentler" not in errors.tests
    path = [p.op for p in placed.free].index("~")
    assert abs(found.scored.x[0][path] - 0.6) < 4 * np.sqrt(errors.vcov[path, path])


def test_every_fault_is_told_at_once() -> None:
    data = with_holes(answers(7, 100), 7)
    data["x1"], data["y3"] = np.nan, np.where(data["y3"].isna(), np.nan, 4.0)
    options = SemOptions(missing="fiml", errors="mlm", likelihood="wishart")
    model = two_constructs()
    rows = sample_of(model, data.fillna({"x1": 1.0}), FIML)
    part = replace(rows.rows[0], rows=data.dropna(how="all").to_numpy())
    with pytest.raises(EstimationError) as caught:
        fiml_solve(place(model), replace(rows, rows=(part,)), options)
    told = [fault.where for fault in caught.value.faults]
    assert told == [
        f"model {TWO}",
        "option likelihood wishart",
        "option errors mlm",
        "item x1",
        "item y3",
    ]
    with pytest.raises(EstimationError, match="has moments only"):
        fiml_solve(place(with_means(model)), replace(rows, rows=()), FIML)


def test_unidentified_models_have_no_errors() -> None:
    """Loading and variance of the same construct free: the information has no inverse."""
    base = two_constructs()
    free = tuple(replace(p, fixed=None) for p in base.parameters)
    _, found, errors = fit(replace(base, parameters=free), with_holes(answers(8, 200), 8))
    assert found.scored.converged[0]
    assert np.isnan(errors.vcov).all()
    assert np.isfinite(errors.tests["standard"].statistic)
    scale = np.sqrt(np.diag(found.information))
    values = np.linalg.eigvalsh(found.information / np.outer(scale, scale))
    assert (np.abs(values) < 1e-9).sum() == 2  # a scale for each construct


def test_answers_missing_at_random_do_not_bias_and_intervals_cover() -> None:
    """y-items are missing where x1 is low: complete cases are biased, all answers are not.

    100 samples of 400; estimates within 3 standard errors of the mean, and 95 % intervals cover
    between 90 and 99 % (the binomial range of 100 at 2.3 standard errors).
    """
    model = with_means(two_constructs())
    placed = place(model)
    path = [p.op for p in placed.free].index("~")
    mean = [p.name for p in placed.free].index("y1 ~1")
    true = {path: 0.6, mean: 5.0}
    found: dict[int, list[float]] = {path: [], mean: []}
    covered, listwise, statistics = [], [], []
    for seed in range(100):
        data = answers(1000 + seed, 400)
        low = data["x1"] < 5.0 + np.random.default_rng(seed).normal(size=400) * 0.5
        data.loc[low, list(ITEMS[3:])] = np.nan
        listwise.append(float(data["y1"].mean()))
        solved = fiml_solve(placed, sample_of(model, data, FIML), FIML)
        errors = fiml_errors(placed, solved, FIML)
        assert solved.scored.converged[0]
        statistics.append(errors.tests["standard"].statistic)
        for k in true:
            away = solved.scored.x[0][k] - true[k]
            found[k].append(float(away))
            covered.append(abs(away) < 1.96 * np.sqrt(errors.vcov[k, k]))
    for away in found.values():
        assert abs(np.mean(away)) < 3 * np.std(away) / 10
    assert 0.90 < np.mean(covered) < 0.99
    assert np.mean(listwise) > 5.2
    freedom = errors.tests["standard"].freedom
    assert abs(np.mean(statistics) - freedom) < 3 * np.sqrt(2 * freedom / 100)
