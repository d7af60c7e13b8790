"""Do 95 % intervals of the parts of a change hold the truth 95 times in 100?

Surveys of two years are drawn again and again; between the years item means move and two items of
satisfaction change places in their loadings, so that performance and weights both have a part. The
truth is the split of two samples of 400,000.

    python benchmarks/coverage_split.py --surveys 2000 --draws 200

writes ``benchmarks/results/coverage_split.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path as File

import numpy as np
import pandas as pd

from csi.compare.split_table import change_split
from csi.index import IndexOptions, yearly
from csi.model import Construct, Model, Path
from csi.survey import read_survey
from csi.survey.codebook import Codebook, Item, Key
from csi.text import Text

RESULTS = File(__file__).parent / "results"
ITEMS = ("Q1", "Q2", "Q3", "S1", "S2", "S3", "L1", "L2")
PARTS = ("performance", "weights", "total")
MODEL = Model(
    constructs=(
        Construct("Quality", ITEMS[:3]),
        Construct("Satisfaction", ITEMS[3:6]),
        Construct("Loyalty", ITEMS[6:]),
    ),
    paths=(Path("Quality", "Satisfaction"), Path("Satisfaction", "Loyalty")),
    index="Satisfaction",
)
CODEBOOK = Codebook(
    title=Text("coverage"),
    items=tuple(Item(name=name, column=name, low=1, high=10) for name in ITEMS),
    time=Key(name="year", column="year"),
)
LOADINGS = {
    1: np.array([0.8, 0.85, 0.7, 0.9, 0.6, 0.8, 0.8, 0.7]),
    2: np.array([0.8, 0.85, 0.7, 0.65, 0.9, 0.8, 0.8, 0.7]),
}
MEANS = {
    1: np.array([7.0, 7.0, 7.0, 7.5, 6.0, 7.0, 7.0, 7.0]),
    2: np.array([7.0, 7.0, 7.0, 7.6, 6.5, 6.9, 7.0, 7.0]),
}


def answers(n: int, year: int, rng: np.random.Generator) -> np.ndarray:
    """Whole answers from 1 to 10 of a chain of three constructs, (n, 8)."""
    quality = rng.normal(size=n)
    satisfaction = 0.7 * quality + 0.71 * rng.normal(size=n)
    loyalty = 0.6 * satisfaction + 0.8 * rng.normal(size=n)
    latent = np.column_stack([quality] * 3 + [satisfaction] * 3 + [loyalty] * 2)
    noise = np.sqrt(1 - LOADINGS[year] ** 2) * rng.normal(size=latent.shape)
    return np.clip(np.round(MEANS[year] + 1.7 * (LOADINGS[year] * latent + noise)), 1, 10)


def split(n: int, seed: int, draws: int) -> pd.DataFrame:
    """The parts of the change between two samples of n, one row a part."""
    rng = np.random.default_rng(seed)
    rows = np.vstack([answers(n, 1, rng), answers(n, 2, rng)]).astype(int)
    frame = pd.DataFrame(rows, columns=list(ITEMS)).assign(year=[1] * n + [2] * n)
    survey = read_survey(frame, CODEBOOK)
    run = yearly(survey, MODEL, options=IndexOptions(draws=draws, min_n=0))
    if run.joint is None:
        raise ValueError("a yearly run has joint levels")
    return change_split(run.joint, "Satisfaction").set_index("part")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=2000)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--n", type=int, default=250)
    chosen = parser.parse_args()
    truth = split(400_000, 99, 100)["points"]
    begin = time.perf_counter()
    tables = [split(chosen.n, 1000 + k, chosen.draws) for k in range(chosen.surveys)]
    found = {}
    for part in PARTS:
        rows = pd.DataFrame(
            [table.loc[part, ["points", "se", "lower", "upper"]] for table in tables]
        )
        rows = rows.astype(float)
        inside = (rows["lower"] <= truth[part]) & (truth[part] <= rows["upper"])
        found[part] = {
            "truth": round(float(truth[part]), 3),
            "coverage": float(inside.mean()),
            "spread of estimates": round(float(rows["points"].std()), 3),
            "mean standard error": round(float(np.sqrt((rows["se"] ** 2).mean())), 3),
        }
    record = {
        "surveys": chosen.surveys, "draws": chosen.draws, "n a year": chosen.n,
        "seconds": round(time.perf_counter() - begin, 1), "parts": found,
    }  # fmt: skip
    text = json.dumps(record, indent=2) + "\n"
    (RESULTS / "coverage_split.json").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
