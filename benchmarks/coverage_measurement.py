"""Do 95 % intervals of measures of measurement hold the truth 95 times in 100?

Samples of three congeneric factors are drawn again and again, and assessed by `csi`. The truth is
each measure computed from the exact covariances of the population. One-sided upper limits of
HTMT are checked too: they must lie below the truth 5 times in 100.

    python benchmarks/coverage_measurement.py --samples 400 --draws 300

writes ``benchmarks/results/coverage_measurement.json`` and ``.md``.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path as File

import numpy as np
import pandas as pd

import csi
from csi.arrays import Array, readonly, readonly_int
from csi.assess.collinearity import collinearity_table, item_inflation
from csi.assess.discriminant import MEANS, discriminant_table, fornell_larcker, htmt, pairs_of
from csi.assess.reliability import measures_of, reliabilities, reliability_table
from csi.estimate.fit import Fit
from csi.index.replicated import replicated
from csi.model.grammar import items, paths, reflective
from csi.model.model import Model
from csi.moments.values import Moments
from csi.survey.codebook import Codebook, Item
from csi.text import Text

RESULTS = File(__file__).parent / "results"
MODEL = Model(
    [reflective("A", items("a", 1, 4)), reflective("B", items("b", 1, 3)),
     reflective("C", items("c", 1, 3))],
    [paths("A", to=["B", "C"]), paths("B", to="C")],
    "C",
)  # fmt: skip
LOADINGS = np.array([0.85, 0.75, 0.7, 0.6, 0.85, 0.8, 0.7, 0.9, 0.8, 0.65])
FACTORS = np.array([[1.0, 0.6, 0.6], [0.6, 1.0, 0.84], [0.6, 0.84, 1.0]])
SCALE = 20.0
"""Half the length of the answer scale, far beyond any answer: answers are continuous."""


def population() -> Array:
    """Correlations of the items, (10, 10)."""
    of = np.argmax(MODEL.blocks, axis=1)
    corr = FACTORS[of][:, of] * np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(corr, 1.0)
    return corr


def exact(options: csi.PLSOptions) -> Fit:
    """The fit to the population."""
    p = len(MODEL.items)
    n = 10**9
    moments = Moments(
        MODEL.items, readonly(np.zeros(p)), readonly(population()), readonly_int(n),
        readonly(n), readonly(n), readonly_int(np.full(p, n)), "complete",
    )  # fmt: skip
    return csi.fit_pls(MODEL, moments, options)


def truths(options: csi.PLSOptions) -> pd.Series:
    """Every measure of the population, by name and what it is about."""
    fit = exact(options)
    found: dict[tuple[str, str], float] = {}
    for j, name in enumerate(MODEL.names):
        for k, measure in enumerate(measures_of(fit)):
            found[measure, name] = float(reliabilities(fit)[j, k])
    for i, j in pairs_of(MODEL):
        pair = f"{MODEL.names[i]}-{MODEL.names[j]}"
        for ratio in MEANS:
            found[ratio, pair] = float(htmt(fit, ratio)[i, j])
        found["fornell_larcker", pair] = float(fornell_larcker(fit)[i, j])
    for item, value in zip(MODEL.items, item_inflation(fit), strict=True):
        found["item_VIF", item] = float(value)
    return pd.Series(found)


def assessed(n: int, seed: int, options: csi.IndexOptions) -> pd.DataFrame:
    """Tables of one sample in the shape of `truths`, with ``lower, upper, limit``."""
    rng = np.random.default_rng(seed)
    rows = rng.multivariate_normal(np.zeros(10), population(), size=n)
    book = Codebook(
        title=Text("coverage"),
        items=tuple(Item(name=i, column=i, low=-SCALE, high=SCALE) for i in MODEL.items),
    )
    survey = csi.read_survey(pd.DataFrame(rows, columns=list(MODEL.items)), book)
    (rep,) = replicated(survey, MODEL, options)
    first, second = reliability_table(rep), discriminant_table(rep)
    third = collinearity_table(rep).query("measure == 'item_VIF'")
    parts = [
        first.assign(about=first["construct"]),
        second.assign(about=second["construct"] + "-" + second["other"]),
        third.assign(about=third["predictor"]),
    ]
    whole = pd.concat(parts, ignore_index=True).set_index(["measure", "about"])
    return whole[["estimate", "se", "lower", "upper", "limit"]]


def study(n: int, samples: int, draws: int, consistent: bool) -> pd.DataFrame:
    """Coverage of every measure, mean over what it is about."""
    pls = csi.PLSOptions(consistent=consistent)
    options = csi.IndexOptions(draws=draws, missing="complete", pls=pls)
    true = truths(pls)
    tables = [assessed(n, 1000 + k, options).loc[true.index] for k in range(samples)]
    held = np.mean([(t["lower"] <= true) & (true <= t["upper"]) for t in tables], axis=0)
    below = np.mean([t["limit"] < true for t in tables], axis=0)
    spread = np.std([t["estimate"] for t in tables], axis=0, ddof=1)
    error = np.sqrt(np.mean([t["se"] ** 2 for t in tables], axis=0))
    frame = pd.DataFrame(
        {"coverage": held, "limit_below": below, "se_over_spread": error / spread},
        index=true.index,
    )
    frame.loc[~frame.index.get_level_values(0).isin(MEANS), "limit_below"] = np.nan
    return frame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--draws", type=int, default=300)
    chosen = parser.parse_args()
    begin = time.perf_counter()
    lines = [
        "# Coverage of intervals of measurement", "",
        f"{chosen.samples} samples of three congeneric factors (ten items, continuous answers), "
        f"{chosen.draws} bootstrap draws each, normal intervals of 95 %. Monte Carlo error of one "
        f"coverage: {100 * np.sqrt(0.05 * 0.95 / chosen.samples):.1f} points. Means over "
        "constructs, pairs or items. `limit below truth` is how often the one-sided 95 % limit "
        "lies below the truth, 5 % being right.", "",
        "| fit | n | measure | coverage % | limit below truth % | mean error / spread |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    record: dict[str, object] = {"samples": chosen.samples, "draws": chosen.draws}
    for consistent in (False, True):
        for n in (100, 300):
            found = study(n, chosen.samples, chosen.draws, consistent).groupby(level=0).mean()
            name = "PLSc" if consistent else "PLS"
            record[f"{name} {n}"] = json.loads(found.round(4).to_json(orient="index"))
            for measure, row in found.iterrows():
                limit = "" if np.isnan(row["limit_below"]) else f"{100 * row['limit_below']:.1f}"
                lines.append(
                    f"| {name} | {n} | {measure} | {100 * row['coverage']:.1f} | {limit} | "
                    f"{row['se_over_spread']:.3f} |"
                )
    record["seconds"] = round(time.perf_counter() - begin, 1)
    text = "\n".join(lines) + "\n"
    (RESULTS / "coverage_measurement.md").write_text(text, "utf-8")
    (RESULTS / "coverage_measurement.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
