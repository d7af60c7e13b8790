"""Constructs of constructs by PLS and maximum likelihood against other roads and other software.

The model of most tests: E -> P, S; P, S make Q (or show it); Q -> Y, with E -> Y beside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.errors import EstimationError, ModelError, OptionError
from csi.estimate.covariance import sem
from csi.estimate.covariance.as_fit import fit_ml
from csi.estimate.effects import effects
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model import Model, higher, items, path, paths, reflective
from csi.moments.groups import moments_of_rows
from csi.moments.values import Moments
from tests.estimate.higher_rows import Found, plain_pls, regress, standardised

SHARED = FilePath(__file__).parents[3] / "shared"
APPROACHES = ("repeated", "two-stage", "embedded")
KINDS = ("composite", "formative", "reflective")
SCHEMES = ("path", "centroid", "factorial")
SOFTWARE = 1e-6
"""Both programs stop where no weight moves by 1e-7 or less."""
ROADS = 1e-9
"""Both roads iterate to the limits of double precision."""


def tight(**given: Any) -> PLSOptions:
    return PLSOptions(tolerance=1e-13, max_steps=5000, **given)


def small(kind: str) -> Model:
    """Four first-order constructs of 3, 2, 3 and 2 items, and the whole of the first two."""
    return Model(
        [reflective("P", items("p", 1, 3)), reflective("S", items("s", 1, 2)),
         higher("Q", ["P", "S"], kind=kind),  # type: ignore[arg-type]
         reflective("E", items("e", 1, 3)), reflective("Y", items("y", 1, 2))],
        [paths("E", to=["P", "S", "Y"]), path("Q", "Y")],
        "Y",
    )  # fmt: skip


COLUMNS = small("composite").columns
BLOCKS = {"P": [0, 1, 2], "S": [3, 4], "E": [5, 6, 7], "Y": [8, 9]}


def answers(seed: int = 4, n: int = 250) -> tuple[Array, Array]:
    """Rows of E -> (P, S), Q made of them, Q -> Y, with weights; the weakest item is turned."""
    rng = np.random.default_rng(seed)
    e = rng.normal(size=n)
    p = 0.6 * e + 0.8 * rng.normal(size=n)
    s = 0.4 * e + 0.9 * rng.normal(size=n)
    y = 0.5 * (0.7 * p + 0.5 * s) + 0.2 * e + 0.7 * rng.normal(size=n)
    factors = {"P": p, "S": s, "E": e, "Y": y}
    own = [factors[name] for name, block in BLOCKS.items() for _ in block]
    rows = np.column_stack(own) * rng.uniform(0.8, 1.5, 10) + rng.normal(size=(n, 10))
    rows[:, 1] = -0.5 * p + rng.normal(size=n)
    return rows, rng.uniform(0.3, 3.0, n)


def moments(seed: int = 4) -> Moments:
    rows, w = answers(seed)
    return moments_of_rows(rows, w, COLUMNS, "complete")


def of(fit: Fit, construct: str) -> Array:
    """Weights of one construct."""
    at = [fit.model.items.index(item) for item in fit.model.construct(construct).items]
    return fit.weights[..., at]


def assert_close(fit: Fit, known: Mapping[str, Array], tolerance: float = ROADS) -> None:
    for name, expected in known.items():
        np.testing.assert_allclose(of(fit, name), expected, rtol=0, atol=tolerance, err_msg=name)


def correlations(cov: Array) -> Array:
    return np.asarray(cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov))))


def path_of(fit: Fit, source: str, target: str) -> Array:
    names = fit.model.names
    return fit.paths[..., names.index(source), names.index(target)]


# the published two-stage example, and live software


@pytest.fixture(scope="module")
def mobi() -> pd.DataFrame:
    file = SHARED / "data" / "mobi.csv"
    if not file.exists():
        pytest.skip(f"{file} is not there")
    return pd.read_csv(file)


def image_value(kind: str = "composite") -> Model:
    return Model(
        [reflective("Image", items("IMAG", 1, 5)), reflective("Value", items("PERV", 1, 2)),
         higher("ImageValue", ["Image", "Value"], kind=kind),  # type: ignore[arg-type]
         reflective("Satisfaction", items("CUSA", 1, 3))],
        [path("ImageValue", "Satisfaction")],
        "Satisfaction",
    )  # fmt: skip


def of_mobi(mobi: pd.DataFrame, model: Model) -> Moments:
    rows = mobi[list(model.columns)].to_numpy(float)
    return moments_of_rows(rows, np.ones(len(rows)), model.columns, "complete")


def test_two_stages_of_seminr_in_r(mobi: pd.DataFrame) -> None:
    """R seminr 2.3.4: ImageValue from Image and Value, correlation weights, path scheme."""
    file = SHARED / "reference" / "pls_mobi.json"
    known = json.loads(file.read_text("utf-8"))["seminr"]["hoc_two_stage"]
    model = image_value()
    fit = fit_pls(model, of_mobi(mobi, model), tight(higher="two-stage"))

    def table(name: str) -> pd.DataFrame:
        part = known[name]
        return pd.DataFrame(part["values"], part["rows"], np.atleast_1d(part["cols"]))

    weights, loadings = table("weights"), table("loadings")
    for construct in ("Image", "Value", "Satisfaction"):
        own = list(model.construct(construct).items)
        at = [model.items.index(item) for item in own]
        for found, theirs in ((fit.weights, weights), (fit.loadings, loadings)):
            expected = theirs.loc[own, construct]
            np.testing.assert_allclose(found[at], expected, rtol=0, atol=SOFTWARE)
    of_parts = weights.loc[["Image", "Value"], "ImageValue"]
    found = [path_of(fit, part, "ImageValue") for part in of_parts.index]
    np.testing.assert_allclose(found, of_parts, rtol=0, atol=SOFTWARE)
    corr = fit.construct_corr[model.names.index("ImageValue"), :2]
    expected = loadings.loc[["Image", "Value"], "ImageValue"]
    np.testing.assert_allclose(corr, expected, rtol=0, atol=SOFTWARE)
    expected = table("path_coef").loc["ImageValue", "Satisfaction"]
    np.testing.assert_allclose(
        path_of(fit, "ImageValue", "Satisfaction"), expected, rtol=0, atol=SOFTWARE
    )
    r2 = np.array(known["rSquared"]["values"])
    found = [fit.r2[-1], fit.r2_adjusted[-1]]
    np.testing.assert_allclose(found, r2.reshape(-1), rtol=0, atol=SOFTWARE)


def frame(named: Any) -> pd.DataFrame:
    """A matrix of seminr with its names."""
    return pd.DataFrame(named.values, list(named.rows), list(named.cols))


@pytest.mark.parametrize("kind", ["composite", "formative"])
def test_two_stages_of_seminr_in_python(mobi: pd.DataFrame, kind: str) -> None:
    seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")
    model = image_value(kind)
    ours = fit_pls(model, of_mobi(mobi, model), tight(higher="two-stage"))
    weights = seminr.mode_B if kind == "formative" else seminr.mode_A
    theirs = seminr.estimate_pls(
        mobi,
        seminr.constructs(
            *(seminr.composite(n, list(model.construct(n).items), seminr.mode_A)
              for n in ("Image", "Value", "Satisfaction")),
            seminr.higher_composite("ImageValue", ["Image", "Value"], weights=weights),
        ),
        seminr.relationships(seminr.paths("ImageValue", "Satisfaction")),
        stop_criterion=12,
    )  # fmt: skip
    found = frame(theirs.path_coef).loc["ImageValue", "Satisfaction"]
    assert path_of(ours, "ImageValue", "Satisfaction") == pytest.approx(found, abs=SOFTWARE)
    of_parts = frame(theirs.outer_weights).loc[["Image", "Value"], "ImageValue"]
    for part in ("Image", "Value"):
        assert path_of(ours, part, "ImageValue") == pytest.approx(of_parts[part], abs=SOFTWARE)


@pytest.mark.parametrize("kind", ["composite", "formative"])
def test_repeated_indicators_of_seminr_in_python(mobi: pd.DataFrame, kind: str) -> None:
    """The user's way in seminr: the columns copied, and the whole drawn with its parts' arrows."""
    seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")
    model = image_value(kind)
    ours = fit_pls(model, of_mobi(mobi, model), tight())
    copied = {f"{item}_again": mobi[item] for item in model.columns[:7]}
    weights = seminr.mode_B if kind == "formative" else seminr.mode_A
    theirs = seminr.estimate_pls(
        mobi.assign(**copied),
        seminr.constructs(
            *(seminr.composite(n, list(model.construct(n).items), seminr.mode_A)
              for n in ("Image", "Value", "Satisfaction")),
            seminr.composite("ImageValue", list(copied), weights),
        ),
        seminr.relationships(
            seminr.paths("Image", "ImageValue"),
            seminr.paths("Value", "ImageValue"),
            seminr.paths("ImageValue", "Satisfaction"),
        ),
        stop_criterion=12,
    )  # fmt: skip
    for source, target in (("Image", "ImageValue"), ("Value", "ImageValue"),
                           ("ImageValue", "Satisfaction")):  # fmt: skip
        found = frame(theirs.path_coef).loc[source, target]
        assert path_of(ours, source, target) == pytest.approx(found, abs=SOFTWARE)
    again = frame(theirs.outer_weights).loc[list(copied), "ImageValue"]
    np.testing.assert_allclose(of(ours, "ImageValue"), again, rtol=0, atol=SOFTWARE)


# the same from rows: explicit copies of columns, explicit scores


def pieces() -> tuple[Array, Array]:
    """Standardised rows and weights that add up to one."""
    rows, w = answers()
    return standardised(rows, w / w.sum()), w / w.sum()


def repeated_rows(kind: str, scheme: str) -> tuple[Found, Array, Array]:
    """One PLS on rows in which the columns of P and S stand twice."""
    z, w = pieces()
    doubled = np.column_stack([z[:, :5], z[:, :5], z[:, 5:]])
    blocks = [[0, 1, 2], [3, 4], [5, 6, 7, 8, 9], [10, 11, 12], [13, 14]]  # P S Q E Y
    joined = [(2, 0), (2, 1)] if kind == "reflective" else [(0, 2), (1, 2)]
    arrows = [(3, 0), (3, 1), (3, 4), (2, 4), *joined]
    modes = "AABAA" if kind == "formative" else "AAAAA"
    return plain_pls(doubled, w, blocks, modes, arrows, scheme), z, w


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_repeated_indicators_are_pls_on_copied_columns(kind: str, scheme: str) -> None:
    found, _, w = repeated_rows(kind, scheme)
    fit = fit_pls(small(kind), moments(), tight(scheme=scheme))
    assert_close(fit, dict(zip("PSQEY", found.weights, strict=True)))
    p, s, q, e, y = found.scores.T
    expected = regress(y, np.column_stack([q, e]), w)
    np.testing.assert_allclose(
        [path_of(fit, "Q", "Y"), path_of(fit, "E", "Y")], expected, atol=ROADS
    )
    if kind == "reflective":
        both = [regress(part, np.column_stack([q, e]), w) for part in (p, s)]
        np.testing.assert_allclose([path_of(fit, "Q", "P"), path_of(fit, "E", "P")], both[0],
                                   atol=ROADS)  # fmt: skip
    else:
        expected = regress(q, np.column_stack([p, s]), w)
        np.testing.assert_allclose(
            [path_of(fit, "P", "Q"), path_of(fit, "S", "Q")], expected, atol=ROADS
        )
        assert np.isnan(fit.r2[2])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_disjoint_stages_are_two_fits_with_scores(kind: str, scheme: str) -> None:
    z, w = pieces()
    blocks = list(BLOCKS.values())  # P S E Y; P and S take the arrows of Q
    begun = plain_pls(z, w, blocks, "AAAA", [(2, 0), (2, 1), (2, 3), (0, 3), (1, 3)], scheme)
    second = np.column_stack([begun.scores[:, :2], z[:, 5:]])
    modes = "BAA" if kind == "formative" else "AAA"  # Q from two scores, E, Y
    ended = plain_pls(second, w, [[0, 1], [2, 3, 4], [5, 6]], modes, [(1, 0), (1, 2), (0, 2)],
                      scheme)  # fmt: skip
    p, s = begun.weights[:2]
    a, b = ended.weights[0]
    fit = fit_pls(small(kind), moments(), tight(scheme=scheme, higher="two-stage"))
    assert_close(fit, {"P": p, "S": s, "Q": np.concatenate([a * p, b * s]),
                       "E": ended.weights[1], "Y": ended.weights[2]})  # fmt: skip
    q, e, y = ended.scores.T
    expected = regress(y, np.column_stack([q, e]), w)
    np.testing.assert_allclose(
        [path_of(fit, "Q", "Y"), path_of(fit, "E", "Y")], expected, atol=ROADS
    )
    if kind != "reflective":  # what makes the whole is the weights of the second stage, exactly
        np.testing.assert_allclose([path_of(fit, "P", "Q"), path_of(fit, "S", "Q")], [a, b],
                                   atol=ROADS)  # fmt: skip
    scores = begun.scores[:, 0]
    sources = [e] if kind != "reflective" else [q, e]
    expected = regress(scores, np.column_stack(sources), w)
    np.testing.assert_allclose(path_of(fit, "E", "P"), expected[-1], atol=ROADS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_embedded_stages_take_every_score(kind: str, scheme: str) -> None:
    begun, _, w = repeated_rows(kind, scheme)
    p, s, _, e, y = begun.scores.T
    modes = "BAA" if kind == "formative" else "AAA"
    ended = plain_pls(np.column_stack([p, s, e, y]), w, [[0, 1], [2], [3]], modes,
                      [(1, 0), (1, 2), (0, 2)], scheme)  # fmt: skip
    a, b = ended.weights[0]
    fit = fit_pls(small(kind), moments(), tight(scheme=scheme, higher="embedded"))
    first = dict(zip("PSQEY", begun.weights, strict=True))
    assert_close(fit, first | {"Q": np.concatenate([a * first["P"], b * first["S"]])})
    q = ended.scores[:, 0]
    expected = regress(y, np.column_stack([q, e]), w)
    np.testing.assert_allclose(
        [path_of(fit, "Q", "Y"), path_of(fit, "E", "Y")], expected, atol=ROADS
    )


def test_raw_items_are_centred_columns() -> None:
    rows, w = answers()
    w = w / w.sum()
    z = rows - w @ rows
    begun = plain_pls(z, w, list(BLOCKS.values()), "AAAA",
                      [(2, 0), (2, 1), (2, 3), (0, 3), (1, 3)], "path")  # fmt: skip
    second = np.column_stack([begun.scores[:, :2], z[:, 5:]])
    ended = plain_pls(second, w, [[0, 1], [2, 3, 4], [5, 6]], "AAA", [(1, 0), (1, 2), (0, 2)],
                      "path")  # fmt: skip
    fit = fit_pls(small("composite"), moments(), tight(metric="raw", higher="two-stage"))
    a, b = ended.weights[0]
    p, s = begun.weights[:2]
    whole = np.concatenate([a * p, b * s])
    assert_close(fit, {"P": p, "Y": ended.weights[2], "Q": whole})


# what follows from the definitions


@pytest.mark.parametrize("higher_", APPROACHES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_composite_has_variance_one(kind: str, higher_: str) -> None:
    model = small(kind)
    fit = fit_pls(model, moments(), tight(higher=higher_))
    assert fit.converged
    corr = correlations(fit.moments.cov)
    table = fit.weights[:, None] * model.blocks
    np.testing.assert_allclose(table.T @ corr @ table, fit.construct_corr, atol=1e-12)
    np.testing.assert_allclose(np.diag(fit.construct_corr), 1.0, atol=1e-12)
    np.testing.assert_allclose(
        fit.loadings, np.sum(model.blocks * (corr @ table), axis=1), atol=1e-12
    )
    assert fit.moments.items == model.items


@pytest.mark.parametrize("higher_", APPROACHES)
def test_a_cause_of_the_whole_is_the_total_effect_of_the_extended_approach(higher_: str) -> None:
    """E -> Q, estimated without the parts, against E -> P, S with their shares in Q.

    Both are the regression of the score of Q on E where the score lies in the span of the
    parts' scores: exactly after two stages.
    """
    parts = [reflective("P", items("p", 1, 3)), reflective("S", items("s", 1, 2)),
             higher("Q", ["P", "S"], kind="composite"), reflective("E", items("e", 1, 3)),
             reflective("Y", items("y", 1, 2))]  # fmt: skip
    straight = Model(parts, [path("E", "Q"), path("Q", "Y")], "Y")
    extended = Model(parts, [paths("E", to=["P", "S"]), path("Q", "Y")], "Y")
    fits = [fit_pls(m, moments(), tight(higher=higher_)) for m in (straight, extended)]
    direct = effects(fits[0]).total[3, 2]
    assert direct == path_of(fits[0], "E", "Q")
    assert fits[0].r2[2] == pytest.approx(float(direct) ** 2, abs=1e-12)  # one cause
    assert np.isnan(fits[1].r2[2])
    through = effects(fits[1]).total[3, 2]
    if higher_ == "two-stage":  # both draw the same arrows in both stages
        assert through == pytest.approx(direct, abs=ROADS)
    else:
        assert through == pytest.approx(direct, abs=0.02)  # other weights: E is joined to others
    w = fits[1].paths[:2, 2]
    assert through == pytest.approx(float(fits[1].paths[3, :2] @ w), abs=1e-12)


@pytest.mark.parametrize("higher_", APPROACHES)
@pytest.mark.parametrize("kind", KINDS)
def test_batches_are_fits_one_by_one(kind: str, higher_: str) -> None:
    model, options = small(kind), PLSOptions(higher=higher_)
    singles = [moments(seed) for seed in range(6)]
    one_by_one = [fit_pls(model, single, options) for single in singles]
    for shape in ((6,), (2, 3)):
        batch = Moments(
            COLUMNS,
            *(np.array([getattr(m, name) for m in singles]).reshape(*shape, *tail)
              for name, tail in (("mean", (10,)), ("cov", (10, 10)), ("n", ()),
                                 ("sum_weights", ()), ("n_effective", ()), ("answers", (10,)))),
            "complete",
        )  # fmt: skip
        fit = fit_pls(model, batch, options)
        for name in ("weights", "loadings", "paths", "construct_corr", "r2", "r2_adjusted",
                     "reliability", "converged", "steps", "admissible"):  # fmt: skip
            found = getattr(fit, name)
            assert found.shape[: len(shape)] == shape
            expected = np.array([getattr(single, name) for single in one_by_one])
            np.testing.assert_allclose(
                found.reshape(expected.shape), expected, atol=1e-12, err_msg=name
            )


@pytest.mark.parametrize("higher_", APPROACHES)
def test_the_start_does_not_matter(higher_: str) -> None:
    model, options = small("composite"), tight(higher=higher_)
    like = fit_pls(model, moments(9), options)
    started, fresh = (
        fit_pls(model, moments(), options, like=like),
        fit_pls(model, moments(), options),
    )
    np.testing.assert_allclose(started.weights, fresh.weights, atol=ROADS)
    again = fit_pls(model, fresh.moments, options)  # moments of all items are taken, too
    np.testing.assert_array_equal(again.weights, fresh.weights)


def test_an_unsettled_stage_is_told() -> None:
    for higher_ in APPROACHES:
        fit = fit_pls(small("composite"), moments(), PLSOptions(higher=higher_, max_steps=1))
        assert not fit.converged
        assert int(fit.steps) == (1 if higher_ == "repeated" else 2)


def test_reliability_of_a_reflective_whole_is_that_of_its_parts() -> None:
    """rho_A by its formula from two scores: weights w and correlation r."""
    fit = fit_pls(small("reflective"), moments(), tight(higher="two-stage"))
    r = fit.construct_corr[0, 1]
    p, s = of(fit, "P"), of(fit, "S")
    again = of(fit, "Q")
    w = np.array([again[0] / p[0], again[3] / s[0]])
    corr = np.array([[1.0, r], [r, 1.0]])
    assert w @ corr @ w == pytest.approx(1.0, abs=1e-9)
    off = 1.0 - np.eye(2)
    expected = (w @ w) ** 2 * (w @ (corr * off) @ w) / (w @ (np.outer(w, w) * off) @ w)
    assert fit.reliability[2] == pytest.approx(expected, abs=1e-9)
    assert np.isnan(fit_pls(small("reflective"), moments(), tight()).reliability[2])
    assert fit_pls(small("composite"), moments(), tight()).reliability[2] == 1.0


# refusals


def test_plsc_is_refused_with_what_to_do() -> None:
    with pytest.raises(EstimationError, match=r"PLSc has no correction for Q.*estimator ml"):
        fit_pls(small("reflective"), moments(), PLSOptions(consistent=True))


def test_a_whole_that_nothing_is_joined_to() -> None:
    model = Model(small("composite").constructs, [path("E", "Y")], "Q")
    assert fit_pls(model, moments(), tight()).converged  # repeated indicators have its parts
    for higher_ in ("two-stage", "embedded"):
        with pytest.raises(
            EstimationError, match="construct Q: nothing is joined to it in the second"
        ):
            fit_pls(model, moments(), PLSOptions(higher=higher_))


def test_unknown_words_and_items() -> None:
    with pytest.raises(OptionError, match="repeated, two-stage, embedded"):
        PLSOptions(higher="three-stage")  # type: ignore[arg-type]
    wrong = moments_of_rows(answers()[0][:, :9], answers()[1], COLUMNS[:9], "complete")
    with pytest.raises(EstimationError, match="compute them for the model's items p1, p2, p3, s1"):
        fit_pls(small("composite"), wrong)
    words = {PLSOptions(higher=a).words(wholes=True) for a in APPROACHES}  # type: ignore[arg-type]
    assert len(words) == 3
    assert PLSOptions(higher="embedded").words() == PLSOptions().words()


# maximum likelihood


SECOND = "P =~ p1 + p2 + p3; S =~ s1 + s2; Q =~ P + S; E =~ e1 + e2 + e3; Y =~ y1 + y2; Y ~ Q + E"


def second_order() -> Model:
    """The factor of the second order with a cause beside it; both may go together."""
    constructs = small("reflective").constructs
    return Model(constructs, [paths(["Q", "E"], to="Y")], "Y")


def second_order_rows(n: int = 600) -> Array:
    """Answers that a factor of the second order has made."""
    rng = np.random.default_rng(2)
    e = rng.normal(size=n)
    q = 0.5 * e + np.sqrt(0.75) * rng.normal(size=n)
    p, s = 0.8 * q + 0.6 * rng.normal(size=n), 0.7 * q + 0.7 * rng.normal(size=n)
    y = 0.5 * q + 0.3 * e + 0.6 * rng.normal(size=n)
    factors = {"P": p, "S": s, "E": e, "Y": y}
    own = [factors[name] for name, block in BLOCKS.items() for _ in block]
    return np.column_stack(own) * rng.uniform(0.8, 1.2, 10) + 0.7 * rng.normal(size=(n, 10))


def test_maximum_likelihood_is_a_factor_of_the_second_order() -> None:
    rows = second_order_rows()
    text = sem.fit(SECOND, pd.DataFrame(rows, columns=list(COLUMNS)))
    table = sem.parameters(text).set_index(["lhs", "op", "rhs"])["standardised"]
    model = second_order()
    own = moments_of_rows(rows, np.ones(len(rows)), COLUMNS, "complete")
    fit = fit_ml(model, own)
    assert fit.converged
    for source, target in (("Q", "Y"), ("E", "Y")):
        assert path_of(fit, source, target) == pytest.approx(table[target, "~", source], abs=1e-5)
    for part in ("P", "S"):
        assert path_of(fit, "Q", part) == pytest.approx(table["Q", "=~", part], abs=1e-5)
    for item in ("p2", "s1", "e3", "y1"):
        owner = item[0].upper()
        at = model.items.index(item)
        assert fit.loadings[at] == pytest.approx(table[owner, "=~", item], abs=1e-5)
    # an item goes with the whole through its part
    at = model.items.index("p2@Q")
    through = table["P", "=~", "p2"] * table["Q", "=~", "P"]
    assert fit.loadings[at] == pytest.approx(through, abs=1e-5)
    assert np.isnan(fit.r2[2])
    assert fit.r2[0] == pytest.approx(table["Q", "=~", "P"] ** 2, abs=1e-5)


def test_weights_of_the_second_order_are_regression_scores() -> None:
    """E[Q | items of P and S] = cov(Q, x) S^-1 x, from implied moments put together by hand."""
    model, rows = second_order(), second_order_rows()
    fit = fit_ml(model, moments_of_rows(rows, np.ones(len(rows)), COLUMNS, "complete"))
    first, names = fit.loadings[:5], model.names
    q = fit.paths[names.index("Q"), :2]  # loadings of the parts on Q
    phi = np.array([[1.0, q[0] * q[1]], [q[0] * q[1], 1.0]])
    load = np.zeros((5, 2))
    load[:3, 0], load[3:, 1] = first[:3], first[3:]
    implied = load @ phi @ load.T
    np.fill_diagonal(implied, 1.0)
    raw = np.linalg.solve(implied, load @ q)
    corr = correlations(fit.moments.cov[:5, :5])
    expected = raw / np.sqrt(raw @ corr @ raw)
    np.testing.assert_allclose(of(fit, "Q"), expected, rtol=0, atol=1e-4)
    common = (raw @ load @ q) ** 2 / (raw @ implied @ raw)
    assert fit.reliability[2] == pytest.approx(common, abs=1e-4)


@pytest.mark.parametrize("kind", ["composite", "formative"])
def test_maximum_likelihood_refuses_composites_of_constructs(kind: str) -> None:
    with pytest.raises(ModelError, match=f"is {kind}: made of P and S"):
        fit_ml(small(kind), moments())
