"""Models of ordinal items against lavaan, a jackknife over clusters, and simulation."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from csi.errors import EstimationError
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.kernel_wls import derivatives, implied_moments, pairs_of, sandwich
from csi.estimate.covariance.layout import place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.ordinal import (
    OrdinalErrors,
    OrdinalMoments,
    ordinal_errors,
    ordinal_information,
    ordinal_moments,
    ordinal_solve,
    with_residuals,
)
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.sample import sample_of, with_shares
from csi.model.sem.values import Parameter, SemModel

ROOT = Path(__file__).parents[3]
KNOWN = json.loads((ROOT / "tests" / "reference" / "lavaan_ordinal.json").read_text("utf-8"))
SHARED = ROOT.parent / "shared" / "reference" / "lavaan"
DWLS = SemOptions(estimator="dwls")
MIXED = (("a1", "a2", "a3"), ("b1", "b2", "b3"))
ORDERED = (("a1", "a2", "b4"), ("b1", "b2"))
"""As in the reference cases: b4 is with the wrong construct, so that tests have much to find."""
RIGHT = (("a1", "a2"), ("b1", "b2", "b4"))


def simulate(n: int = 600, seed: int = 4) -> pd.DataFrame:
    """Seven items of two constructs, five of them ordered, with groups, weights and clusters."""
    rng = np.random.default_rng(seed)
    normal = ndtri(rng.random((n, 8)))
    trust = normal[:, 0]
    loyalty = 0.6 * trust + 0.8 * normal[:, 1]
    loading = np.array([0.8, 0.7, 0.6, 0.8, 0.7, 0.75])
    answer = np.where(np.arange(6) < 3, trust[:, None], loyalty[:, None]) * loading
    answer = answer + normal[:, 2:] * np.sqrt(1 - loading**2)
    further = ndtri(rng.random(n))
    return pd.DataFrame(
        {
            "a1": np.digitize(answer[:, 0], [-1, -0.3, 0.4, 1.2]) + 1,
            "a2": np.digitize(answer[:, 1], [-0.8, 0.1, 0.9]) + 1,
            "a3": np.round(5 + 2 * answer[:, 2], 3),
            "b1": np.digitize(answer[:, 3], [0.2]) + 1,
            "b2": np.digitize(answer[:, 4], [-0.5, 0.6]) + 1,
            "b3": np.round(1.5 * answer[:, 5] - 1, 3),
            "b4": np.digitize(answer[:, 5] + 0.7 * further, [-1, 0, 1]) + 1,
            "g": np.where(rng.random(n) < 0.55, "x", "y"),
            "w": np.round(0.5 + rng.random(n), 3),
            "c": rng.integers(0, 60, n),
        }
    )


def two_constructs(
    blocks: tuple, groups: tuple[str, ...] = ("",), *, equal: bool = False
) -> SemModel:
    """The model of the simulated answers: L on T, each with its items."""
    items = sum(blocks, ())
    ordinal = tuple(item for item in items if item not in ("a3", "b3"))
    made = []
    for g in range(len(groups)):
        for name, block in zip("TL", blocks, strict=True):
            made.append(Parameter(name, "=~", block[0], g, 1.0))
            made += [
                Parameter(name, "=~", item, g, label=f"{name}{item}" if equal else "")
                for item in block[1:]
            ]
        made.append(Parameter("L", "~", "T", g))
        made += [Parameter(name, "~~", name, g) for name in "TL"]
        made += [Parameter(item, "~~", item, g) for item in items if item not in ordinal]
    model = SemModel("two", ("T", "L"), items, tuple(made), groups, ordinal=ordinal)
    return with_residuals(model)


Fitted = tuple[dict[tuple, tuple[float, float]], OrdinalMoments, OrdinalErrors]


def fitted(model: SemModel, sample: SemSample, options: SemOptions = DWLS) -> Fitted:
    """Estimates and errors by (lhs, op, rhs, group), moments, tests."""
    moments = ordinal_moments(model, sample, options)
    placed = place(model)
    scored = ordinal_solve(placed, moments, options)
    assert scored.converged.all()
    errors = ordinal_errors(placed, moments, scored.x[0], options)
    values = placed.layout.offset + placed.layout.basis @ scored.x[0]
    spread = np.sqrt(np.diag(errors.vcov))
    found = {
        (p.lhs, p.op, p.rhs, p.group): pair
        for p, *pair in zip(placed.free, values, spread, strict=True)
    }
    for item, own in moments.thresholds.items():
        for g, t in np.ndindex(*own.shape):
            pair = (own[g, t], moments.threshold_errors[item][g, t])
            found[item, "|", f"t{t + 1}", g] = pair
    return found, moments, errors


def compare(found: dict, known: dict, *, estimate: float, error: float) -> None:
    """Every parameter of lavaan that is free with us: its estimate and its error if it has one."""
    seen = 0
    for lhs, op, rhs, group, value, spread in known["parameters"]:
        own = found.get((lhs, op, rhs, group - 1))
        if own is None:
            assert spread == 0
            continue
        assert own[0] == pytest.approx(value, abs=estimate)
        if spread:
            assert own[1] == pytest.approx(spread, rel=error)
            seen += 1
    assert seen > 5


def survey_model(known: dict, *, ordinal: bool) -> SemModel:
    """The model of the survey's reference cases."""
    rows = [row for row in known["parameters"] if row[1] != "|"]
    items = tuple(row[2] for row in rows if row[1] == "=~")
    constructs = tuple(dict.fromkeys(row[0] for row in rows if row[1] == "=~"))
    made = [
        Parameter(lhs, op, rhs, fixed=value if spread == 0 else None)
        for lhs, op, rhs, _, value, spread in rows
        if not (ordinal and lhs in items)
    ]
    chosen = items if ordinal else ()
    return with_residuals(SemModel("survey", constructs, items, tuple(made), ordinal=chosen))


@pytest.mark.parametrize("n", [250, 2000])
@pytest.mark.parametrize("case", ["wlsmv", "wlsmv5", "dwlscont"])
def test_survey_answers_give_the_fit_of_lavaan(case: str, n: int) -> None:
    path = SHARED / f"ecsi_n{n}.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there: the simulated survey of the reference cases")
    known = KNOWN["survey"][f"{case}_n{n}"]
    model = survey_model(known, ordinal=case != "dwlscont")
    answers = pd.read_csv(path)[list(model.items)]
    if case == "wlsmv5":
        answers = answers.apply(lambda own: np.digitize(own, [4.5, 6.5, 7.5, 8.5]))
    found, _, errors = fitted(model, sample_of(model, answers, DWLS))
    # lavaan stops at about 1e-5
    compare(found, known, estimate=3e-5, error=1e-5)
    fit = known["fit"]
    assert errors.tests["standard"].statistic == pytest.approx(fit["statistic"], rel=1e-6)
    assert errors.tests["standard"].freedom == fit["freedom"]
    assert errors.baseline["standard"].statistic == pytest.approx(fit["baseline"], rel=1e-6)
    assert errors.baseline["standard"].freedom == fit["baseline_freedom"]
    if case == "dwlscont":
        assert set(errors.tests) == {"standard"}
        return
    test = errors.tests["scaled-shifted"]
    assert test.statistic == pytest.approx(fit["scaled"], rel=1e-6)
    assert test.scaling == pytest.approx(fit["scaling"], rel=1e-6)
    assert test.p_value == pytest.approx(fit["scaled_p"], abs=1e-6)
    assert errors.baseline["scaled-shifted"].statistic == pytest.approx(
        fit["baseline_scaled"], rel=1e-6
    )


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("groups", "scaled-shifted"),
        ("equal", "scaled-shifted"),
        ("uls", "scaled-shifted"),
        ("wlsm", "satorra-bentler"),
        ("wlsmvs", "mean-variance"),
        ("weights", "scaled-shifted"),
    ],
)
def test_groups_weights_and_other_tests_are_those_of_lavaan(case: str, name: str) -> None:
    known, frame = KNOWN["simulated"][case], simulate()
    groups = ("x", "y") if case in ("groups", "equal") else ("",)
    model = two_constructs(ORDERED, groups, equal=case == "equal")
    options = SemOptions(estimator="uls" if case == "uls" else "dwls")
    sample = sample_of(model, frame, options, by="g" if len(groups) > 1 else "")
    if case == "weights":
        rows = replace(sample.rows[0], weights=frame["w"].to_numpy())
        sample = replace(sample, rows=(rows,), weighted=True)
    found, _, errors = fitted(model, sample, options)
    # of several groups lavaan divides by n less their number, csi each by its own n less one
    error = 1e-5 if len(groups) == 1 else 3e-4
    compare(found, known, estimate=1e-5, error=error)
    fit, test = known["fit"], errors.tests[name]
    assert errors.tests["standard"].statistic == pytest.approx(fit["statistic"], rel=1e-6)
    assert test.statistic == pytest.approx(fit["scaled"], rel=1e-6)
    assert test.freedom == pytest.approx(fit["scaled_freedom"], rel=1e-6)
    assert test.scaling == pytest.approx(fit["scaling"], rel=1e-6)
    assert np.isnan(errors.tests["standard"].p_value)


def test_ordinal_and_continuous_items_together() -> None:
    known, frame = KNOWN["simulated"]["mixed"], simulate()
    model = two_constructs(MIXED)
    found, moments, errors = fitted(model, sample_of(model, frame, DWLS))
    # the correlations are lavaan's; the variance of a sample variance is m4 - m2^2 here, which
    # holds for any distribution, and 4 m2^4 / (m4 - m2^2) there, which holds for normal answers
    compare(found, known, estimate=1e-3, error=0.05)
    assert errors.tests["scaled-shifted"].statistic == pytest.approx(
        known["fit"]["scaled"], rel=0.01
    )
    assert errors.tests["scaled-shifted"].freedom == known["fit"]["freedom"]
    rows, cols = pairs_of(6)
    own = moments.groups[0].spread()[(rows == 2) & (cols == 2)][0]
    a3 = frame["a3"].to_numpy() - frame["a3"].mean()
    assert own == pytest.approx(np.mean(a3**4) - np.mean(a3**2) ** 2)
    assert set(moments.thresholds) == {"a1", "a2", "b1", "b2"}
    place_of = {pair: k for k, pair in enumerate(zip(rows, cols, strict=True))}
    gamma = moments.groups[0].gamma()
    for first, second, value in known["covariances"]:
        i, j = model.items.index(second), model.items.index(first)
        assert moments.sample.cov[0, i, j] == pytest.approx(value, abs=1e-6)
    for first, second, value in known["gamma"]:  # of two ordered items: no difference
        k = place_of[model.items.index(second), model.items.index(first)]
        assert gamma[k, k] == pytest.approx(value, rel=1e-6)


def in_clusters(frame: pd.DataFrame) -> pd.DataFrame:
    """Clusters of ten respondents who answer alike, from both groups."""
    alike = frame["a1"] + frame["b4"] + 3 * np.random.default_rng(1).random(len(frame))
    return frame.assign(c=alike.rank(method="first").astype(int) // 10)


def clustered(sample: SemSample, frame: pd.DataFrame, groups: tuple[str, ...]) -> SemSample:
    """The sample with the clusters of its respondents."""
    parts = [frame[frame["g"] == name] if name else frame for name in groups]
    rows = tuple(
        replace(own, clusters=part["c"].to_numpy())
        for own, part in zip(sample.rows, parts, strict=True)
    )
    return replace(sample, rows=rows, clustered=True)


@pytest.mark.parametrize("groups", [("",), ("x", "y")])
def test_clusters_give_the_errors_of_a_jackknife_over_clusters(groups: tuple[str, ...]) -> None:
    frame, model = in_clusters(simulate(800)), two_constructs(RIGHT, groups, equal=True)
    by = "g" if len(groups) > 1 else ""
    sample = sample_of(model, frame, DWLS, by=by)
    found, _, errors = fitted(model, clustered(sample, frame, groups))
    plain, _, independent = fitted(model, sample)
    draws = []
    for cluster in frame["c"].unique():
        part = frame[frame["c"] != cluster]
        own, _, _ = fitted(model, sample_of(model, part, DWLS, by=by))
        draws.append([own[key][0] for key in found])
    count = len(draws)
    known = np.sqrt((count - 1) / count * ((draws - np.mean(draws, axis=0)) ** 2).sum(axis=0))
    ratio = np.array([found[key][1] for key in found]) / known
    # linear in the respondents to first order only: a jackknife is a little wider
    assert ratio == pytest.approx(1.0, abs=0.15)
    assert np.median(ratio) == pytest.approx(1.0, abs=0.04)
    threshold = ("a1", "|", "t2", 0)
    assert found[threshold][1] > 1.4 * plain[threshold][1]
    test, other = errors.tests["scaled-shifted"], independent.tests["scaled-shifted"]
    assert abs(test.scaling / other.scaling - 1.0) > 0.02


def test_a_unit_for_each_respondent_is_no_design() -> None:
    model = two_constructs(RIGHT)
    sample = sample_of(model, simulate(), DWLS)
    plain, _, errors = fitted(model, sample)
    found, _, other = fitted(model, replace(sample, clustered=True))
    assert {key: pair[1] for key, pair in found.items()} == pytest.approx(
        {key: pair[1] for key, pair in plain.items()}
    )
    for own, known in ((other.tests, errors.tests), (other.baseline, errors.baseline)):
        assert own["scaled-shifted"].statistic == pytest.approx(known["scaled-shifted"].statistic)


def test_derivatives_and_traces_are_those_written_out() -> None:
    model = two_constructs(ORDERED, ("x", "y"), equal=True)
    sample = sample_of(model, simulate(), DWLS, by="g")
    moments, placed = ordinal_moments(model, sample, DWLS), place(model)
    x = ordinal_solve(placed, moments, DWLS).x[0]
    slope, step = derivatives(placed.layout, x), 1e-6
    for f in range(len(x)):
        aside = step * np.eye(len(x))[f]
        change = implied_moments(placed.layout, x + aside) - implied_moments(
            placed.layout, x - aside
        )
        assert slope[:, :, f] == pytest.approx(change / (2 * step), abs=1e-8)
    gamma = np.stack([group.gamma() for group in moments.groups])
    found = sandwich(placed.layout, moments.weighted, x, gamma)
    share = np.sqrt(moments.weighted.share)
    t = gamma.shape[1]
    slopes = np.concatenate([share[g] * slope[g] for g in (0, 1)])
    weight = np.diag(moments.weighted.weight.ravel())
    whole = np.zeros((2 * t, 2 * t))
    whole[:t, :t], whole[t:, t:] = gamma
    pulled = slopes.T @ weight
    product = (weight - pulled.T @ np.linalg.solve(pulled @ slopes, pulled)) @ whole
    assert found.first == pytest.approx(np.trace(product))
    assert found.second == pytest.approx(np.trace(product @ product))


def test_a_category_that_one_group_never_uses_is_told() -> None:
    frame = simulate()
    frame.loc[(frame["g"] == "y") & (frame["a1"] == 1), "a1"] = 2
    model = two_constructs(ORDERED, ("x", "y"))
    _, moments, errors = fitted(model, sample_of(model, frame, DWLS, by="g"))
    assert moments.notes == ("ordinal item a1: nobody answered 1 in group y",)
    assert np.isnan(moments.thresholds["a1"]).tolist() == [[False] * 4, [True] + [False] * 3]
    assert np.isnan(moments.threshold_errors["a1"][1, 0])
    assert np.isfinite(errors.vcov).all()
    whole = ordinal_moments(
        two_constructs(ORDERED), sample_of(two_constructs(ORDERED), frame[frame["g"] == "y"], DWLS),
        DWLS,
    )  # fmt: skip
    assert moments.thresholds["a1"][1, 1:] == pytest.approx(whole.thresholds["a1"][0])


def test_correlations_at_the_edge_and_halves_of_respondents_are_told() -> None:
    frame = simulate()
    frame["b2"] = np.where(frame["a2"] > 2, 2, 1)
    frame["b1"] = np.where((frame["b2"] == 2) & (frame["b1"] == 1), 2, frame["b1"])
    frame["b4"] = frame["a2"]
    model = two_constructs(ORDERED)
    notes = ordinal_moments(model, sample_of(model, frame, DWLS), DWLS).notes
    assert "correlation as good as 1 or -1: a2 with b4" in notes[0]
    assert any(note.endswith("into an empty cell: b1 with b2") for note in notes)


def test_everything_that_ordinal_items_cannot_be_fitted_with_is_told_at_once() -> None:
    frame = simulate()
    model = two_constructs(ORDERED, ("x", "y"))
    frame.loc[frame["g"] == "y", "b1"] = 1
    frame["b4"] = np.arange(len(frame))
    parameters = [
        replace(p, label="same") if (p.lhs, p.rhs) == ("a2", "a2") else p for p in model.parameters
    ]
    parameters.append(Parameter("a1", "|", "t1", fixed=0.0))
    wrong = replace(
        model, parameters=tuple(parameters), means=True, ordinal=(*model.ordinal, "a11")
    )
    with pytest.raises(EstimationError) as raised:
        ordinal_moments(wrong, sample_of(wrong, frame, DWLS, by="g"), SemOptions())
    text = "\n".join(map(str, raised.value.faults))
    for part in (
        "ordinal item a11: is not in the model",
        "a1",
        "option estimator: ml takes continuous items",
        "means: follow from free thresholds",
        "parameter a1 | t1: restricts a threshold",
        "parameter a2 ~~ a2: is what the constructs leave of variance 1",
        "ordinal item b1: everybody gave the same answer in group y",
        "ordinal item b4: has 3",
    ):
        assert part in text
    assert len(raised.value.faults) == 9  # the residual variance and b4 in both groups


def test_moments_alone_are_refused() -> None:
    model = two_constructs(ORDERED)
    sample = replace(sample_of(model, simulate(), DWLS), rows=())
    with pytest.raises(EstimationError, match="needs the answers"):
        ordinal_moments(model, sample, DWLS)


def test_a_variance_that_is_not_one_is_told() -> None:
    model = two_constructs(ORDERED)
    fixed = tuple(
        replace(p, fixed=0.9) if (p.lhs, p.rhs) == ("a1", "a1") else p for p in model.parameters
    )
    _, _, errors = fitted(replace(model, parameters=fixed), sample_of(model, simulate(), DWLS))
    assert any(note.startswith("ordinal item a1: the model gives it") for note in errors.notes)


def test_one_option_takes_the_items_of_a_survey_for_ordinal() -> None:
    frame = simulate()
    text = "T =~ a1 + a2\nL =~ b1 + b2 + b4\nL ~ T"
    fit = fit_sem(text, frame, DWLS, ordinal=["a1", "a2", "b1", "b2", "b4"])
    model = two_constructs(RIGHT)
    found, moments, errors = fitted(model, sample_of(model, frame, DWLS))
    for p, value, error in zip(fit.placed.free, fit.values, fit.errors, strict=True):
        # both ways of writing the model give the parameters in their own order
        assert found[p.lhs, p.op, p.rhs, 0] == pytest.approx([value, error], abs=1e-7)
    assert fit.tests["scaled-shifted"].statistic == pytest.approx(
        errors.tests["scaled-shifted"].statistic
    )
    assert fit.freedom == 4
    assert fit.thresholds["b1"] == pytest.approx(moments.thresholds["b1"])


def test_a_single_ordinal_item_has_the_error_of_its_reliability() -> None:
    """Of variance 1, whatever numbers its categories have."""
    model = two_constructs((("a1", "a2", "a3"), ("b2",)))
    parameters = tuple(
        replace(p, fixed=0.0, share=0.2) if (p.lhs, p.rhs) == ("b2", "b2") else p
        for p in model.parameters
    )
    model = replace(model, parameters=parameters)
    sample = sample_of(model, simulate(), DWLS)
    found, moments, errors = fitted(with_shares(model, sample), sample)
    loop = found["L", "~", "T", 0][0]
    assert found["L", "~~", "L", 0][0] + loop**2 * found["T", "~~", "T", 0][0] == pytest.approx(0.8)
    assert errors.notes == ()
    assert np.diag(moments.sample.cov[0])[3] == 1.0


def test_parameters_that_stay_open_have_no_errors() -> None:
    model = two_constructs(RIGHT)
    parameters = tuple(
        replace(p, fixed=None) if (p.lhs, p.rhs) == ("T", "a1") else p for p in model.parameters
    )
    model = replace(model, parameters=parameters)
    moments, placed = ordinal_moments(model, sample_of(model, simulate(), DWLS), DWLS), place(model)
    x = ordinal_solve(placed, moments, DWLS).x[0]
    assert np.linalg.matrix_rank(ordinal_information(placed, moments, x)) == len(x) - 1
    errors = ordinal_errors(placed, moments, x, DWLS)
    assert np.isnan(errors.vcov).all()
    assert set(errors.tests) == {"standard"}
    assert errors.baseline["standard"].statistic > 10 * errors.tests["standard"].statistic


def test_estimates_recover_their_truth_and_errors_their_spread() -> None:
    model = two_constructs(RIGHT)
    truth = {
        ("L", "~", "T", 0): 0.6,  # in units of items that both have loadings of 0.8
        ("T", "=~", "a2", 0): 0.7 / 0.8,
        ("a1", "~~", "a1", 0): 0.36,
        ("b1", "|", "t1", 0): 0.2,
    }
    draws, errors, tests = [], [], []
    for seed in range(60):
        found, _, own = fitted(model, sample_of(model, simulate(800, seed=100 + seed), DWLS))
        draws.append([found[key][0] for key in truth])
        errors.append([found[key][1] for key in truth])
        tests.append(own.tests["scaled-shifted"].statistic)
    mean, spread = np.mean(draws, axis=0), np.std(draws, axis=0, ddof=1)
    # 60 draws: means within three of their errors, spreads within three times 1 / sqrt(118)
    assert (np.abs(mean - list(truth.values())) < 3 * spread / np.sqrt(60)).all()
    assert np.mean(errors, axis=0) / spread == pytest.approx(1.0, abs=0.28)
    assert np.mean(tests) == pytest.approx(4.0, abs=3 * np.sqrt(8 / 60))
