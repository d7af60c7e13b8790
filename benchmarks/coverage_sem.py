"""Do errors and tests of covariance fits hold what they promise?

    python benchmarks/coverage_sem.py --samples 500 --jobs 2

Samples are drawn from a population whose covariances have the structure of the model. Counted are
95 % intervals that hold the truth and tests of exact fit that reject at 5 %, for

- normal answers, and
- answers from 1 to 10 that are skewed to the left, by respondents who use more or less of the
  scale: whole numbers, so that the structure holds but for the rounding; the truth is the fit to
  1,000,000 of them;
- both with 15 % of the answers missing at random, more where the first answer is low: full
  information (fiml), errors from the observed information or robust (mlr);
- normal answers cut into five ordered categories, with symmetric thresholds or so that half of the
  respondents tick the best: weighted least squares of polychoric correlations (wlsmv).

The results go to ``results/coverage_sem.json`` and ``results/coverage_sem.md``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

import numpy as np
import pandas as pd
from coverage_sem_samples import (
    CUTS,
    SIZES,
    Key,
    answers,
    categories,
    model_of,
    standardised_truth,
    truth_of,
    with_holes,
)
from joblib import Parallel, delayed

from csi.arrays import Array, IntArray
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemFit, Test
from csi.estimate.covariance.robust import errors_of
from csi.model.sem.build import sem_of
from csi.model.sem.values import SemModel

RESULTS = File(__file__).parent / "results"
COMPLETE = {"standard": "standard", "mlm": "satorra-bentler", "mlr": "yuan-bentler"}
MISSING = {"fiml standard": "standard", "fiml mlr": "yuan-bentler"}
ORDINAL = {"wlsmv": "scaled-shifted"}
"""Errors, and the test of exact fit that goes with them."""
FURTHER = ("mean-variance", "satorra-bentler")
"""Other tests of ordinal fits."""


@dataclass(frozen=True, slots=True)
class Design:
    """What is drawn and how it is fitted: thresholds make answers ordinal."""

    name: str
    kinds: Mapping[str, str]
    skewed: bool = False
    cuts: tuple[float, ...] = ()

    def draw(self, size: str, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw a sample of n respondents."""
        frame = answers(size, n, rng, skewed=self.skewed)
        if self.kinds == MISSING:
            return with_holes(frame, rng, skewed=self.skewed)
        return categories(size, frame, self.cuts) if self.cuts else frame

    def truth(self, size: str) -> tuple[dict[Key, float], float]:
        """Return the true parameters and the misfit of the population."""
        if self.cuts:
            return standardised_truth(size), 0.0
        return truth_of(size, skewed=self.skewed)


DESIGNS = (
    Design("normal", COMPLETE),
    Design("skewed 1-10", COMPLETE, skewed=True),
    Design("normal, 15 % missing", MISSING),
    Design("skewed 1-10, 15 % missing", MISSING, skewed=True),
    *(Design(name, ORDINAL, cuts=cuts) for name, cuts in CUTS.items()),
)
Counted = dict[str, tuple[Array, Array, Mapping[str, Test]]]


def fits(design: Design, wanted: SemModel, keys: list[Key], frame: pd.DataFrame) -> Counted | None:
    """Return values and errors by key and tests, of each kind; None where something failed."""
    found: Counted = {}
    for kind, fit, vcov, tests in _fitted(design, wanted, frame):
        test = tests.get(design.kinds[kind])
        if not fit.converged or test is None or not np.isfinite(test.p_value):
            return None
        at: dict[Key, int] = {
            (p.lhs, p.op, p.rhs): place for place, p in enumerate(fit.placed.free)
        }
        own = [at[key] for key in keys]
        variances = np.diag(vcov)[own]
        if not (variances > 0).all():
            return None
        found[kind] = (fit.values[own], np.sqrt(variances), tests)
    return found


def _fitted(
    design: Design, wanted: SemModel, frame: pd.DataFrame
) -> Iterator[tuple[str, SemFit, Array, Mapping[str, Test]]]:
    """Fit once for all kinds where the estimates are the same."""
    if design.cuts:
        fit = fit_sem(wanted, frame, ordinal=wanted.items)
        yield "wlsmv", fit, fit.vcov, fit.tests
    elif design.kinds == MISSING:
        for kind in MISSING:
            options = SemOptions(missing="fiml", errors=kind.split()[1])  # type: ignore[arg-type]
            fit = fit_sem(wanted, frame, options)
            yield kind, fit, fit.vcov, fit.tests
    else:
        fit = fit_sem(wanted, frame)
        for kind in COMPLETE:
            options = SemOptions(errors=kind)  # type: ignore[arg-type]
            vcov, tests, _ = errors_of(fit.placed, fit.x, fit.sample, options)
            yield kind, fit, vcov, tests


def drawn_fits(
    design: Design, size: str, n: int, keys: list[Key], seed: np.random.SeedSequence
) -> Counted | None:
    """Draw one sample and fit it."""
    frame = design.draw(size, n, np.random.default_rng(seed))
    return fits(design, sem_of(model_of(size)), keys, frame)


def study(design: Design, size: str, n: int, samples: int, jobs: int, seed: int) -> dict[str, Any]:
    """Draw, fit and count; shares over the converged samples."""
    known, misfit = design.truth(size)
    keys, truth = list(known), np.array(list(known.values()))
    children = np.random.SeedSequence(seed).spawn(samples)
    tasks = (delayed(drawn_fits)(design, size, n, keys, child) for child in children)
    found = [one for one in Parallel(n_jobs=jobs)(tasks) if one is not None]
    groups = _groups(keys)
    values = np.array([next(iter(one.values()))[0] for one in found])
    spread = np.std(values, axis=0, ddof=1)
    off = np.mean(values, axis=0) - truth
    row: dict[str, Any] = {
        "size": size, "n": n, "answers": design.name, "samples": samples, "converged": len(found),
        "freedom": int(next(iter(found[0].values()))[2]["standard"].freedom),
        "noncentrality": misfit * n, "largest bias over sd": float(np.abs(off / spread).max()),
        "bias": {name: float((off / truth)[own].mean()) for name, own in groups.items()},
        "rejected": {}, "coverage": {}, "error over sd": {},
    }  # fmt: skip
    for kind, test in design.kinds.items():
        errors = np.array([one[kind][1] for one in found])
        inside = (np.abs(values - truth) <= 1.959964 * errors).mean(axis=0)
        ratio = errors.mean(axis=0) / spread
        row["coverage"][kind] = {name: float(inside[own].mean()) for name, own in groups.items()}
        row["error over sd"][kind] = {
            name: float(ratio[own].mean()) for name, own in groups.items()
        }
        row["rejected"][kind] = _rejected(found, kind, test)
    if design.cuts:
        row["further tests"] = {test: _rejected(found, "wlsmv", test) for test in FURTHER}
    return row


def _rejected(found: list[Counted], kind: str, test: str) -> float:
    return float(np.mean([one[kind][2][test].p_value < 0.05 for one in found]))


def _groups(keys: list[Key]) -> dict[str, IntArray]:
    """Tell loadings, paths and variances apart."""
    words = {"=~": "loadings", "~": "paths", "~~": "variances"}
    ops = np.array([words[op] for _, op, _ in keys])
    return {word: np.flatnonzero(ops == word) for word in words.values()}


def markdown(found: list[dict[str, Any]]) -> str:
    """Write the results as tables."""
    samples = found[0]["samples"]
    level = 100 * (0.95 * 0.05 / samples) ** 0.5
    lines = [
        "# Covariance fits: coverage of 95 % intervals and level of tests at 5 %", "",
        *(__doc__ or "").splitlines()[4:16],
        f"{samples} samples each: a share of 95 % has a Monte Carlo error of {level:.1f} points for"
        " one parameter and for a test, less for a mean of many. Errors over sd: mean standard"
        " error over the standard deviation of the estimates, of loadings, paths, variances. Bias:"
        " of loadings and paths, in percent of the truth. Rejected: Satorra-Bentler test with mlm,"
        " Yuan-Bentler with mlr, scaled-shifted with wlsmv. Misfit: what the rounding adds to"
        " chi-square.", "",
        "| model | n | answers | errors | loadings | paths | variances | errors over sd | bias %"
        " | rejected | misfit |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in found:
        bias = ", ".join(f"{100 * row['bias'][word]:.1f}" for word in ("loadings", "paths"))
        for kind, cover in row["coverage"].items():
            ratios = ", ".join(f"{ratio:.2f}" for ratio in row["error over sd"][kind].values())
            lines.append(
                f"| {row['size']} | {row['n']:,} | {row['answers']} | {kind} |"
                + "".join(f" {100 * share:.1f} |" for share in cover.values())
                + f" {ratios} | {bias} | {100 * row['rejected'][kind]:.1f} %"
                f" | {row['noncentrality']:.1f} |"
            )
    return "\n".join([*lines, "", *_further(found)]) + "\n"


def _further(found: list[dict[str, Any]]) -> list[str]:
    """Write the other tests of ordinal fits, and how many fits converged."""
    ordinal = [row for row in found if "further tests" in row]
    lines = ["Rejected by the other tests of ordinal fits:", "",
             "| model | n | answers | mean and variance adjusted | mean adjusted |",
             "|---|---|---|---|---|"]  # fmt: skip
    for row in ordinal:
        shares = (f"{100 * row['further tests'][test]:.1f} %" for test in FURTHER)
        lines.append(f"| {row['size']} | {row['n']:,} | {row['answers']} | {' | '.join(shares)} |")
    lost = [
        f"{row['size']}, n = {row['n']:,}, {row['answers']}: {row['converged']}"
        for row in found
        if row["converged"] < row["samples"]
    ]
    drawn = sum(row["samples"] for row in found)
    most = max(found, key=lambda row: row["largest bias over sd"])
    return [
        *(lines if ordinal else []), "",
        "Converged with errors: " + ("; ".join(lost) if lost else f"all {drawn:,} samples") + ".",
        f"Largest bias of a parameter: {most['largest bias over sd']:.2f} of its standard deviation"
        f" ({most['size']}, n = {most['n']:,}, {most['answers']}).",
    ]  # fmt: skip


def main() -> None:
    """Simulate, write and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=File, default=RESULTS)
    options = parser.parse_args()
    started, found = time.perf_counter(), []
    for place, size in enumerate(SIZES):
        for number, design in enumerate(DESIGNS):
            for n in (250, 1_000):
                seed = n + 10 * number + place
                found.append(study(design, size, n, options.samples, options.jobs, seed))
                print(size, n, design.name, f"{time.perf_counter() - started:.0f} s", flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "coverage_sem.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (options.out / "coverage_sem.md").write_text(markdown(found), "utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
