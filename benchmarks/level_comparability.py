"""Do the tests of comparability reject equal groups 5 times in 100, and find what is different?

Pairs of groups are drawn again and again from one population, or from two that differ in a known
way: sampling weights, clusters, unequal sizes, levels, spreads, the part that an item has in its
construct, a path. Counted is how often MICOM and the tests of a difference of paths have p <= 0.05.

    python benchmarks/level_comparability.py --surveys 1000

writes ``benchmarks/results/level_comparability.md`` and ``.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path as File

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.compare.micom import micom
from csi.compare.multigroup import multigroup
from csi.index import IndexOptions
from csi.model import Construct, Model, Path
from csi.survey import read_survey
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.survey import Survey
from csi.text import Text

RESULTS = File(__file__).parent / "results"
ITEMS = ("Q1", "Q2", "Q3", "S1", "S2", "S3", "L1", "L2")
MODEL = Model(
    constructs=(
        Construct("Quality", ITEMS[:3]),
        Construct("Satisfaction", ITEMS[3:6]),
        Construct("Loyalty", ITEMS[6:]),
    ),
    paths=(Path("Quality", "Satisfaction"), Path("Satisfaction", "Loyalty")),
    index="Satisfaction",
)
LOADINGS = np.array([0.85, 0.8, 0.75, 0.85, 0.8, 0.75, 0.85, 0.8])
STATISTICS = ("correlation", "mean difference", "log variance ratio")
TESTS = ("p_permutation", "p_value", "p_henseler", "p_parametric", "p_welch")
PERMUTATIONS, DRAWS = 199, 200


@dataclass(frozen=True)
class Case:
    """One kind of pair of groups.

    Attributes
    ----------
    words : str
    n : (int, int)
        Respondents.
    weighted : bool
        Weights from 0.3 to 3 that go with quality.
    cluster : int
        Respondents of a cluster; clusters make a fifth of the variance of quality.
    rise, spread : float
        Of the latent quality of the second group: added to it, and its standard deviation.
    s3 : float
        Loading of the third item of satisfaction in the second group.
    slope : float
        Path from quality to satisfaction in the second group; 0.7 in the first.
    """

    words: str
    n: tuple[int, int] = (150, 150)
    weighted: bool = False
    cluster: int = 1
    rise: float = 0.0
    spread: float = 1.0
    s3: float = 0.75
    slope: float = 0.7


CASES = (
    Case("equal groups, 150 and 150"),
    Case("equal groups, 60 and 240", n=(60, 240)),
    Case("equal groups, sampling weights", weighted=True),
    Case("equal groups, clusters of 10, 400 and 400", n=(400, 400), cluster=10),
    Case("levels differ by half a standard deviation", rise=0.5),
    Case("spread of quality 1.5 times", spread=1.5),
    Case("spread of quality 1.5 times in the larger group, 60 and 240", n=(60, 240), spread=1.5),
    Case("third item of satisfaction: loading 0.45 instead of 0.75", s3=0.45),
    Case("third item of satisfaction: loading 0 instead of 0.75", s3=0.0),
    Case("path 0.4 instead of 0.7", slope=0.4),
)


def group(case: Case, number: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Return answers, weights and clusters of one group."""
    n, second = case.n[number], number == 1
    of = np.arange(n) // case.cluster
    quality = rng.normal(size=n)
    if case.cluster > 1:
        quality = np.sqrt(0.8) * quality + np.sqrt(0.2) * rng.normal(size=of[-1] + 1)[of]
    if second:
        quality = case.rise + case.spread * quality
    slope = case.slope if second else 0.7
    satisfaction = slope * quality + np.sqrt(1 - slope**2) * rng.normal(size=n)
    loyalty = 0.6 * satisfaction + 0.8 * rng.normal(size=n)
    latent = np.column_stack([quality] * 3 + [satisfaction] * 3 + [loyalty] * 2)
    own = LOADINGS.copy()
    own[5] = case.s3 if second else own[5]
    answers = 6 + 1.6 * (own * latent + np.sqrt(1 - own**2) * rng.normal(size=latent.shape))
    weights = np.exp(0.5 * quality + 0.5 * rng.normal(size=n)).clip(0.3, 3.0)
    return np.clip(np.rint(answers), 1, 10), weights, of


def survey_of(case: Case, seed: int) -> Survey:
    """Return one pair of groups as a survey."""
    rng = np.random.default_rng([seed, *case.words.encode()])
    parts = [group(case, number, rng) for number in (0, 1)]
    frame = pd.DataFrame(np.vstack([rows for rows, _, _ in parts]), columns=list(ITEMS))
    frame["side"] = np.repeat(["a", "b"], case.n)
    frame["weight"] = np.concatenate([weights for _, weights, _ in parts])
    frame["cluster"] = np.concatenate([parts[0][2], parts[1][2] + 1 + parts[0][2][-1]]).astype(str)
    codebook = Codebook(
        title=Text("simulated"),
        items=tuple(Item(name=name, column=name, low=1, high=10) for name in ITEMS),
        groups=(Key(name="side", column="side"),),
        weight="weight" if case.weighted else None,
        cluster="cluster" if case.cluster > 1 else None,
    )
    return read_survey(frame, codebook)


def shares(case: Case, surveys: int) -> dict[str, float]:
    """Return how often each test rejects."""
    options = IndexOptions(missing="complete", draws=DRAWS)
    found: dict[str, list[float]] = {}
    for seed in range(surveys):
        survey = survey_of(case, seed)
        tests = micom(survey, MODEL, by="side", permutations=PERMUTATIONS, seed=seed,
                      adjust="none", options=options).tests  # fmt: skip
        for row in tests.to_dict("records"):
            name = f"{row['measure']}, {row['construct']}"
            found.setdefault(name, []).append(row["p_value"] <= 0.05)
        paths = multigroup(survey, MODEL, by="side", permutations=PERMUTATIONS, seed=seed,
                           options=options).table  # fmt: skip
        for row in paths.to_dict("records"):
            for test in TESTS:
                name = f"{test}, {row['to']}"
                found.setdefault(name, []).append(row[test] <= 0.05)
    return {name: float(np.mean(values)) for name, values in found.items()}


def page(rows: dict[str, dict[str, float]], surveys: int, seconds: float) -> str:
    """Return the tables as text."""
    error = 100 * np.sqrt(0.05 * 0.95 / surveys)
    lines = [
        "# Level and power of the tests of comparability",
        "",
        f"`python benchmarks/level_comparability.py --surveys {surveys}`, {seconds:.0f} s of CPU "
        f"time. Share of p <= 0.05 in percent, {surveys} surveys a row (standard error of 5 %: "
        f"{error:.1f}), {PERMUTATIONS} permutations, {DRAWS} bootstrap draws. The population is a "
        "chain quality -> satisfaction -> loyalty of 3, 3 and 2 items (1 to 10).",
        "",
        "## MICOM: second step (compositional), third step (means, variances)",
        "",
        "| groups | " + " | ".join(f"{kind} {c}" for kind in ("comp.", "means", "var.")
                                  for c in ("Q", "S", "L")) + " |",
        "|---|" + "---|" * 9,
    ]  # fmt: skip
    for words, own in rows.items():
        cells = [own[f"{measure}, {name}"] for measure in STATISTICS for name in MODEL.names]
        lines.append(f"| {words} | " + " | ".join(f"{100 * x:.1f}" for x in cells) + " |")
    lines += [
        "",
        "## Difference of paths: Q -> S and S -> L",
        "",
        "| groups | " + " | ".join(f"{test[2:]} {to}" for test in TESTS for to in ("S", "L"))
        + " |",
        "|---|" + "---|" * 10,
    ]  # fmt: skip
    for words, own in rows.items():
        cells = [own[f"{test}, {to}"] for test in TESTS for to in ("Satisfaction", "Loyalty")]
        lines.append(f"| {words} | " + " | ".join(f"{100 * x:.1f}" for x in cells) + " |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Run all cases and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=1000)
    parser.add_argument("--out", type=File, default=RESULTS)
    given = parser.parse_args()
    start = time.process_time()
    rows = {}
    for case in CASES:
        rows[case.words] = shares(case, given.surveys)
        print(case.words, {k: round(v, 3) for k, v in rows[case.words].items()}, flush=True)
    text = page(rows, given.surveys, time.process_time() - start)
    (given.out / "level_comparability.md").write_text(text, "utf-8")
    content = {"surveys": given.surveys, "share": rows}
    (given.out / "level_comparability.json").write_text(json.dumps(content, indent=1), "utf-8")


if __name__ == "__main__":
    main()
