"""Intervals of reliability and HTMT must hold the truth 95 times in 100.

The study with more measures and samples is benchmarks/coverage_measurement.py; this is its short
form.
"""

import numpy as np
import pandas as pd
import pytest

import csi
from csi.assess.discriminant import discriminant_table
from csi.assess.reliability import reliability_table
from csi.index.replicated import replicated
from csi.model.grammar import items, paths, reflective
from csi.model.model import Model
from csi.survey.codebook import Codebook, Item
from csi.text import Text

SAMPLES, N, DRAWS = 150, 250, 100
LOADINGS = np.array([0.85, 0.75, 0.65, 0.6, 0.85, 0.8, 0.7])
BETWEEN = 0.8


def population() -> np.ndarray:
    """Correlations of the items of two factors, (7, 7)."""
    of = np.array([0] * 4 + [1] * 3)
    factors = np.array([[1.0, BETWEEN], [BETWEEN, 1.0]])
    corr = factors[of][:, of] * np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(corr, 1.0)
    return corr


@pytest.mark.slow
def test_intervals_hold_the_truth() -> None:
    model = Model(
        [reflective("A", items("a", 1, 4)), reflective("B", items("b", 1, 3))],
        [paths("A", to="B")],
        "B",
    )
    corr = population()
    book = Codebook(
        title=Text("coverage"),
        items=tuple(Item(name=i, column=i, low=-20, high=20) for i in model.items),
    )
    options = csi.IndexOptions(draws=DRAWS, missing="complete")
    own = LOADINGS[:4]
    true = {  # by hand, from the loadings
        "omega": own.sum() ** 2 / (own.sum() ** 2 + np.sum(1 - own**2)),
        "alpha": 4 / 3 * (1 - 4 / corr[:4, :4].sum()),
        "HTMT2": BETWEEN,
    }
    held: dict[str, list[bool]] = {name: [] for name in true}
    estimates: dict[str, list[tuple[float, float]]] = {name: [] for name in true}
    below = []
    for seed in range(SAMPLES):
        rows = np.random.default_rng(seed).multivariate_normal(np.zeros(7), corr, size=N)
        survey = csi.read_survey(pd.DataFrame(rows, columns=list(model.items)), book)
        (rep,) = replicated(survey, model, options)
        table = reliability_table(rep).query("construct == 'A'").set_index("measure")
        ratios = discriminant_table(rep).set_index("measure")
        for name, value in true.items():
            row = ratios.loc[name] if name == "HTMT2" else table.loc[name]
            held[name].append(bool(row["lower"] <= value <= row["upper"]))
            estimates[name].append((row["estimate"], row["se"]))
        below.append(ratios.loc["HTMT2", "limit"] < BETWEEN)
    for name in true:
        # 150 samples: a Monte Carlo error of 1.8 points, and three of them are allowed; errors a
        # quarter too small would give 86
        assert 0.89 < np.mean(held[name]) < 0.996, name
        found, se = np.array(estimates[name]).T
        # errors are those of the estimates over samples: 6 % Monte Carlo error
        assert np.mean(se) == pytest.approx(np.std(found, ddof=1), rel=0.18)
    assert np.mean(below) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / SAMPLES)
