"""Bootstrap errors of the European model on mobi against published and re-run ones."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.fit import Fit
from csi.estimate.intervals import interval, standard_error
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import items, paths, reflective
from csi.model.model import Model
from csi.moments.blocks import Block, Sample
from csi.moments.groups import moments_of_rows
from csi.moments.replicates import draw_moments

DRAWS = 5000
Drawn = tuple[Fit, Fit]


def draw(model: Model, rows: Array, options: PLSOptions) -> Drawn:
    """Fit a simple random sample and its bootstrap draws."""
    n = len(rows)
    fit = fit_pls(model, moments_of_rows(rows, np.ones(n), model.items, "complete"), options)
    sample = Sample(model.items, rows, np.ones(n), np.arange(n))
    block = Block("all", (0,), (sample,), np.zeros(n, dtype=np.int64))
    (moments,) = draw_moments(block, "complete", draws=DRAWS, seed=2024)
    drawn = fit_pls(model, moments, options, like=fit)
    assert drawn.converged.all()
    return fit, drawn


@pytest.fixture(scope="module")
def run(ecsi: Model, mobi_rows: Array) -> Callable[[str], Drawn]:
    done: dict[str, Drawn] = {}

    def once(scheme: Any) -> Drawn:
        if scheme not in done:
            done[scheme] = draw(ecsi, mobi_rows, PLSOptions(scheme=scheme))
        return done[scheme]

    return once


def of_arrow(model: Model, values: Array, arrow: str) -> float:
    source, _, target = arrow.partition(" -> ")
    return float(values[..., model.names.index(source), model.names.index(target)])


def test_errors_and_intervals_of_r_seminr(
    run: Callable[[str], Drawn], ecsi: Model, packages: Mapping[str, Any]
) -> None:
    fit, drawn = run("path")
    known = packages["bootstrap"]
    se = standard_error(drawn.paths)
    lower, upper = interval(drawn.paths, fit.paths, kind="percentile", level=0.95)
    assert len(known["paths"]) == 12
    ratios = []
    for arrow, row in known["paths"].items():
        own = of_arrow(ecsi, se, arrow)
        ratios.append(own / row["se"])
        assert own == pytest.approx(row["se"], rel=known["tolerance"]), arrow
        # the error of a 2.5 % quantile of 5,000 draws is 0.04 standard errors, of a difference 0.06
        assert of_arrow(ecsi, lower, arrow) == pytest.approx(row["lower"], abs=0.25 * own), arrow
        assert of_arrow(ecsi, upper, arrow) == pytest.approx(row["upper"], abs=0.25 * own), arrow
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.02)
    loadings = dict(zip(ecsi.items, standard_error(drawn.loadings), strict=True))
    for item, row in known["loadings"].items():
        assert loadings[item] == pytest.approx(row["se"], rel=0.08, abs=1e-9), item


def test_errors_of_the_vignette_of_sempls(
    run: Callable[[str], Drawn], ecsi: Model, published: Mapping[str, Any]
) -> None:
    _, drawn = run("centroid")
    se = standard_error(drawn.paths)
    known = published["centroid_bootstrap"]
    ratios = []
    for arrow, text in known["se"].items():
        own = of_arrow(ecsi, se, arrow)
        ratios.append(own / float(text))
        assert own == pytest.approx(float(text), rel=known["settings"]["tolerance"]), arrow
    assert len(ratios) == 12
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.04)


def test_intervals_of_four_constructs(
    mobi: Mapping[str, Array], published: Mapping[str, Any]
) -> None:
    stems = {"Image": ("IMAG", 5), "Expectation": ("CUEX", 3), "Value": ("PERV", 2)}
    four = Model(
        [*(reflective(name, items(stem, 1, k)) for name, (stem, k) in stems.items()),
         reflective("Satisfaction", items("CUSA", 1, 3))],
        paths(list(stems), to="Satisfaction"),
        "Satisfaction",
    )  # fmt: skip
    fit, drawn = draw(four, np.column_stack([mobi[item] for item in four.items]), PLSOptions())
    ends = interval(drawn.paths, fit.paths, kind="percentile", level=0.95)
    known = published["four_bootstrap"]
    for side, values in zip(("lower", "upper"), ends, strict=True):
        for arrow, text in known[side].items():
            close = known["settings"]["tolerance"]
            assert of_arrow(four, values, arrow) == pytest.approx(float(text), abs=close), arrow


def test_index_error_is_that_of_a_weighted_mean(
    run: Callable[[str], Drawn], ecsi: Model, mobi_rows: Array
) -> None:
    # the one construct of one item: its index is a mean, whose error a textbook gives
    _, drawn = run("path")
    at = ecsi.items.index("CUSCO")
    se = standard_error(drawn.moments.mean[:, at])
    textbook = mobi_rows[:, at].std(ddof=1) / np.sqrt(250)
    assert float(se) == pytest.approx(textbook, rel=0.035)  # 3.5 Monte Carlo errors
