"""How often does the bootstrap test of exact fit reject true and false PLS models at 5 %?

Samples of four constructs with three items each (1 -> 2, 1 -> 3, 2 -> 3, 3 -> 4) from normal
populations whose correlations are known in full.

    python benchmarks/level_exact_fit.py --samples 500 --draws 200

writes ``benchmarks/results/exact_fit.json`` and ``exact_fit.md``.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path as File
from typing import get_args

import numpy as np
import pandas as pd

from csi.assess.exact_fit import Null, exact_fit
from csi.assess.model_fit import DISTANCES, ImpliedOptions, Structure
from csi.errors import CsiError
from csi.estimate.pls import PLSOptions
from csi.index.options import IndexOptions
from csi.index.replicated import replicated
from csi.model import Construct, Model, Path
from csi.survey.codebook import Codebook, Item
from csi.survey.survey import Design, Survey
from csi.text import Text

RESULTS = File(__file__).parent / "results"
NAMES = ("A", "B", "C", "D")
ITEMS = tuple(f"{name}{k}" for name in NAMES for k in (1, 2, 3))
OWNER = np.repeat(np.arange(4), 3)
PATHS = (("A", "B", 0.5), ("A", "C", 0.3), ("B", "C", 0.4), ("C", "D", 0.6))
CLUSTER, SHARE = 10, 0.2
"""Respondents of a cluster, and the share of the variance that they have in common."""

Corr = np.ndarray


def model(kind: str) -> Model:
    """The four constructs, all of one kind."""
    blocks = [Construct(name, ITEMS[3 * j : 3 * j + 3], kind) for j, name in enumerate(NAMES)]
    return Model(blocks, [Path(source, target) for source, target, _ in PATHS], "C")


def construct_corr(left_out: float = 0.0) -> Corr:
    """Correlations of the constructs; `left_out` is a path A -> D that the model does not have."""
    corr = np.eye(4)
    paths = {(NAMES.index(s), NAMES.index(t)): size for s, t, size in PATHS}
    paths[0, 3] = left_out
    for target in (1, 2, 3):
        for other in range(target):
            corr[target, other] = corr[other, target] = sum(
                size * corr[source, other] for (source, to), size in paths.items() if to == target
            )
    return corr


def composite_corr(constructs: Corr, within: Corr, weights: Corr) -> Corr:
    """Item correlations of composites with these weights and block correlations."""
    w = weights / np.sqrt(weights @ within @ weights)
    loading = np.tile(within @ w, 4)
    corr = loading[:, None] * constructs[np.ix_(OWNER, OWNER)] * loading
    for j in range(4):
        corr[3 * j : 3 * j + 3, 3 * j : 3 * j + 3] = within
    return corr


def factor_corr(constructs: Corr, loading: Corr) -> Corr:
    """Item correlations of factors."""
    every = np.tile(loading, 4)
    corr = every[:, None] * constructs[np.ix_(OWNER, OWNER)] * every
    np.fill_diagonal(corr, 1.0)
    return corr


ALIKE = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
UNLIKE = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]])
EQUAL, UNEQUAL = np.ones(3), np.array([0.6, 0.2, 0.5])
LOADING = np.array([0.85, 0.75, 0.65])


def stray(corr: Corr, by: float = 0.25) -> Corr:
    """Let one item of A and one of D correlate by more than their constructs say."""
    moved = corr.copy()
    moved[0, 11] += by
    moved[11, 0] += by
    return moved


@dataclass(frozen=True)
class Case:
    """A population, the model fitted to it, and whether that holds."""

    words: str
    corr: Corr
    kind: str
    consistent: bool = False
    clustered: bool = False
    design: bool = True
    saturated: str = "true"
    estimated: str = "true"
    n: int = 250
    missing: float = 0.0
    weighted: bool = False


TRUE = construct_corr()
CASES = (
    Case("mode A, equal weights", composite_corr(TRUE, ALIKE, EQUAL), "composite"),
    Case("mode B, unequal weights", composite_corr(TRUE, UNLIKE, UNEQUAL), "formative"),
    Case("PLSc, unequal loadings", factor_corr(TRUE, LOADING), "reflective", True),
    Case("mode A, equal weights, n 1000", composite_corr(TRUE, ALIKE, EQUAL), "composite", n=1000),
    Case("mode B, unequal weights, n 1000", composite_corr(TRUE, UNLIKE, UNEQUAL), "formative",
         n=1000),
    Case("PLSc, unequal loadings, n 1000", factor_corr(TRUE, LOADING), "reflective", True, n=1000),
    Case("mode B, a tenth of the answers missing", composite_corr(TRUE, UNLIKE, UNEQUAL),
         "formative", missing=0.1),
    Case("mode B, sampling weights 0.3 to 3", composite_corr(TRUE, UNLIKE, UNEQUAL), "formative",
         weighted=True),
    Case("mode A in clusters, design kept", composite_corr(TRUE, ALIKE, EQUAL), "composite",
         clustered=True),
    Case("mode A in clusters, design passed over", composite_corr(TRUE, ALIKE, EQUAL),
         "composite", clustered=True, design=False),
    Case("mode A, unequal weights", composite_corr(TRUE, UNLIKE, UNEQUAL), "composite",
         saturated="biased", estimated="biased"),
    Case("mode A, path 0.3 left out", composite_corr(construct_corr(0.3), ALIKE, EQUAL),
         "composite", estimated="wrong"),
    Case("PLSc, path 0.3 left out", factor_corr(construct_corr(0.3), LOADING), "reflective", True,
         estimated="wrong"),
    Case("mode A, stray correlation 0.25", stray(composite_corr(TRUE, ALIKE, EQUAL)), "composite",
         saturated="wrong", estimated="wrong"),
    Case("PLSc, stray correlation 0.25", stray(factor_corr(TRUE, LOADING)), "reflective", True,
         saturated="wrong", estimated="wrong"),
)  # fmt: skip


def survey_of(rows: Corr, clusters: Corr | None, weights: Corr | None = None) -> Survey:
    """A survey in memory; answers need not be whole."""
    n = len(rows)
    items = tuple(Item(name=name, column=name, low=-9, high=9) for name in ITEMS)
    design = Design(
        np.ones(n) if weights is None else weights,
        np.zeros(n, dtype=np.int64),
        np.arange(n) if clusters is None else clusters,
        weighted=weights is not None,
        clustered=clusters is not None,
    )
    return Survey(
        codebook=Codebook(title=Text("exact fit"), items=items),
        answers=rows,
        keys={},
        respondents=np.arange(n).astype(object),
        design=design,
        missing=pd.DataFrame(columns=["year", "item", "meaning", "count"]),
        excluded=pd.DataFrame(columns=["year", "reason", "count"]),
        rows_read=n,
        source="frame",
        sha256="",
    )


def sample(case: Case, seed: int) -> Survey:
    """Draw a sample; in clusters a share of every answer is common, with the same correlations."""
    rng = np.random.default_rng([seed, len(case.words)])
    root = np.linalg.cholesky(case.corr).T
    n = case.n
    rows = rng.standard_normal((n, 12)) @ root
    if case.missing:
        rows[rng.random(rows.shape) < case.missing] = np.nan
    if not case.clustered:
        return survey_of(rows, None, rng.uniform(0.3, 3.0, n) if case.weighted else None)
    of = np.arange(n) // CLUSTER
    common = (rng.standard_normal((of.max() + 1, 12)) @ root)[of]
    return survey_of(np.sqrt(SHARE) * common + np.sqrt(1 - SHARE) * rows, of)


def rejections(case: Case, samples: int, draws: int) -> list[dict[str, object]]:
    """Test many samples of one case."""
    found: dict[tuple[str, str], list[Corr]] = {}
    left: dict[tuple[str, str], list[int]] = {}
    for seed in range(samples):
        options = IndexOptions(
            draws=draws,
            seed=seed,
            pls=PLSOptions(consistent=case.consistent),
            design="codebook" if case.design else "simple",
            missing="em" if case.missing else "complete",
        )
        (rep,) = replicated(sample(case, seed), model(case.kind), options)
        for structure in get_args(Structure):
            for null in get_args(Null):
                try:
                    test = exact_fit(rep, ImpliedOptions(structure=structure), null=null)
                except CsiError:
                    left.setdefault((structure, null), []).append(-1)
                    continue
                found.setdefault((structure, null), []).append(test.p_values < 0.05)
                left.setdefault((structure, null), []).append(test.not_converged)
    rows = []
    for (structure, null), flags in found.items():
        share = np.mean(flags, axis=0)
        rows.append(
            {
                "case": case.words,
                "structure": structure,
                "null": null,
                "model": getattr(case, structure),
                "samples": len(flags),
                **{name: float(value) for name, value in zip(DISTANCES, share, strict=True)},
                "draws_not_converged": int(sum(k for k in left[structure, null] if k > 0)),
                "tests_not_made": sum(k < 0 for k in left[structure, null]),
            }
        )
    return rows


def page(rows: list[dict[str, object]], samples: int, draws: int, seconds: float) -> str:
    """The table as a page."""
    error = 100 * np.sqrt(0.05 * 0.95 / samples)
    lines = [
        "# Rejection rates of the test of exact fit",
        "",
        f"`level_exact_fit.py`: {samples} samples of 250 unless said, {draws} draws each, test at "
        f"5 %; {seconds:.0f} seconds on one core. In percent;",
        f"the Monte Carlo error of a level of 5 % is {error:.1f} points. `true`: the rate should "
        "be 5 or less; `wrong`: it is the power;",
        "`biased`: the composite model is true, but uncorrected mode A estimates it with bias "
        "(see `exact_fit`).",
        "",
        "| population and fit | structure | model is | null | SRMR | d_ULS | d_G | samples | draws "
        "not settled |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        rates = " | ".join(f"{100 * float(str(row[name])):.1f}" for name in DISTANCES)
        lines.append(
            f"| {row['case']} | {row['structure']} | {row['model']} | {row['null']} | {rates} | "
            f"{row['samples']} | {row['draws_not_converged']} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--out", type=File, default=RESULTS)
    given = parser.parse_args()
    began = time.process_time()
    rows = [row for case in CASES for row in rejections(case, given.samples, given.draws)]
    seconds = time.process_time() - began
    told = {"samples": given.samples, "draws": given.draws, "rows": rows}
    (given.out / "exact_fit.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    text = page(rows, given.samples, given.draws, seconds)
    (given.out / "exact_fit.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
