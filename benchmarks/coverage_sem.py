"""Do errors and tests of covariance fits hold what they promise?

    python benchmarks/coverage_sem.py --samples 500

Samples are drawn from a population whose covariances have the structure of the model. Counted are
95 % intervals that hold the truth and tests of exact fit that reject at 5 %, for

- normal answers, and
- answers from 1 to 10 that are skewed to the left, by respondents who use more or less of the
  scale: whole numbers, so that the structure holds but for the rounding; the truth is the fit to
  1,000,000 of them.

The results go to ``results/coverage_sem.json`` and ``results/coverage_sem.md``.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path as File
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.robust import errors_of
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct
from csi.model.sem.build import sem_of

RESULTS = File(__file__).parent / "results"
CHAIN = {"Quality": 3, "Satisfaction": 3, "Loyalty": 3}
WHOLE = {"Image": 5, "Expectation": 4, "Quality": 7, "Value": 2, "Satisfaction": 3, "Loyalty": 3}
SIZES = {"9 items": CHAIN, "24 items": WHOLE}
EFFECTS = {
    "9 items": {("Quality", "Satisfaction"): 0.6, ("Satisfaction", "Loyalty"): 0.7},
    "24 items": {
        ("Image", "Expectation"): 0.6,
        ("Expectation", "Quality"): 0.7,
        ("Expectation", "Value"): 0.15,
        ("Quality", "Value"): 0.6,
        ("Image", "Satisfaction"): 0.25,
        ("Quality", "Satisfaction"): 0.45,
        ("Value", "Satisfaction"): 0.25,
        ("Image", "Loyalty"): 0.2,
        ("Satisfaction", "Loyalty"): 0.65,
    },
}
HIGH, LOW = 0.88, 0.72
"""Loadings of standardised items, evenly from the first to the last of a construct."""
SHAPE = 4.0
"""Of the gamma variables behind skewed answers: skewness of -1."""
STYLE = 0.3
"""Standard deviation of the logarithm of the part of the scale a respondent uses."""
KINDS = {"standard": "standard", "mlm": "satorra-bentler", "mlr": "yuan-bentler"}
"""Errors, and the test of exact fit that goes with them."""


def model_of(size: str) -> Model:
    """The model that is fitted."""
    constructs = [
        Construct(name, tuple(f"{name}{k}" for k in range(1, count + 1)))
        for name, count in SIZES[size].items()
    ]
    arrows = [paths(source, to=target) for source, target in EFFECTS[size]]
    return Model(constructs, arrows, "Satisfaction", name="coverage")


def answers(size: str, n: int, rng: np.random.Generator, *, skewed: bool) -> pd.DataFrame:
    """Draw answers of n respondents, a column an item."""

    def drawn() -> Array:
        return (SHAPE - rng.gamma(SHAPE, size=n)) / SHAPE**0.5 if skewed else rng.normal(size=n)

    constructs: dict[str, Array] = {}
    columns: dict[str, Array] = {}
    for name, count in SIZES[size].items():
        causes = {a: effect for (a, b), effect in EFFECTS[size].items() if b == name}
        cause = sum((effect * constructs[a] for a, effect in causes.items()), np.zeros(n))
        constructs[name] = cause + (0.7 if causes else 1.0) * drawn()
        for k, loading in enumerate(np.linspace(HIGH, LOW, count), start=1):
            columns[f"{name}{k}"] = loading * constructs[name] + (1 - loading**2) ** 0.5 * drawn()
    if skewed:
        style = np.exp(STYLE * rng.normal(size=n) - STYLE**2)  # mean square of one
        columns = {
            item: np.clip(np.round(6.6 + 1.4 * style * column), 1, 10)
            for item, column in columns.items()
        }
    return pd.DataFrame(columns)


def truth_of(size: str, *, skewed: bool) -> tuple[Array, float]:
    """Return the parameters that a huge sample has, and its misfit as chi-square a respondent."""
    rng = np.random.default_rng(20_260_101)
    if skewed:
        fit = fit_sem(sem_of(model_of(size)), answers(size, 1_000_000, rng, skewed=True))
        excess = max(fit.tests["standard"].statistic - fit.freedom, 0.0)
        return fit.values, excess / fit.sample.total
    fit = fit_sem(sem_of(model_of(size)), answers(size, 2_000, rng, skewed=False))
    return np.array([_true(size, p.lhs, p.op, p.rhs) for p in fit.placed.free]), 0.0


def _true(size: str, lhs: str, op: str, rhs: str) -> float:
    """True value of a parameter where the first loading of each construct is 1."""
    loadings = {
        f"{name}{k}": float(loading)
        for name, count in SIZES[size].items()
        for k, loading in enumerate(np.linspace(HIGH, LOW, count), start=1)
    }
    if op == "=~":
        return loadings[rhs] / HIGH
    if op == "~":
        return EFFECTS[size][rhs, lhs]
    if lhs in loadings:
        return 1.0 - loadings[lhs] ** 2
    caused = any(target == lhs for _, target in EFFECTS[size])
    return HIGH**2 * (0.7**2 if caused else 1.0)


def study(size: str, n: int, samples: int, *, skewed: bool, seed: int) -> dict[str, Any]:
    """Draw, fit and count; shares over the converged samples."""
    wanted = sem_of(model_of(size))
    truth, misfit = truth_of(size, skewed=skewed)
    options = {errors: SemOptions(errors=errors) for errors in KINDS}  # type: ignore[arg-type]
    estimates, inside = [], {errors: [] for errors in KINDS}
    rejected: dict[str, list[bool]] = {errors: [] for errors in KINDS}
    given: dict[str, list[Array]] = {errors: [] for errors in KINDS}
    for child in np.random.SeedSequence(seed).spawn(samples):
        frame = answers(size, n, np.random.default_rng(child), skewed=skewed)
        fit = fit_sem(wanted, frame)
        if not fit.converged:
            continue
        estimates.append(fit.values)
        for errors, test in KINDS.items():
            vcov, tests, _ = errors_of(fit.placed, fit.x, fit.sample, options[errors])
            own = np.sqrt(np.diag(vcov))
            given[errors].append(own)
            inside[errors].append(np.abs(fit.values - truth) <= 1.959964 * own)
            rejected[errors].append(tests[test].p_value < 0.05)
    groups = _groups(fit.placed.free)
    spread = np.std(estimates, axis=0, ddof=1)
    bias = (np.mean(estimates, axis=0) - truth) / spread
    return {
        "size": size, "n": n, "answers": "skewed 1-10" if skewed else "normal",
        "samples": samples, "converged": len(estimates), "freedom": fit.freedom,
        "noncentrality": misfit * n, "largest bias over sd": float(np.abs(bias).max()),
        "rejected": {kind: float(np.mean(found)) for kind, found in rejected.items()},
        "coverage": {
            kind: {name: float(np.mean(found, axis=0)[own].mean()) for name, own in groups.items()}
            for kind, found in inside.items()
        },
        "error over sd": {
            kind: {
                name: float((np.mean(found, axis=0) / spread)[own].mean())
                for name, own in groups.items()
            }
            for kind, found in given.items()
        },
    }  # fmt: skip


def _groups(free: tuple[Any, ...]) -> dict[str, Array]:
    """Tell loadings, paths and variances apart."""
    words = {"=~": "loadings", "~": "paths", "~~": "variances"}
    ops = np.array([words[p.op] for p in free])
    return {word: np.flatnonzero(ops == word) for word in words.values()}


def markdown(found: list[dict[str, Any]]) -> str:
    """Write the results as tables."""
    lines = [
        "# Covariance fits: coverage of 95 % intervals and level of tests at 5 %", "",
        *(__doc__ or "").splitlines()[4:12],
        f"{found[0]['samples']} samples each: a share of 95 % has a Monte Carlo error of"
        f" {100 * (0.95 * 0.05 / found[0]['samples']) ** 0.5:.1f} points for one parameter, less"
        " for a mean of many. Errors over sd: mean standard error over standard deviation of the"
        " estimates. Misfit: what the rounding adds to chi-square.", "",
        "| model | n | answers | errors | loadings | paths | variances | errors over sd"
        " | rejected | misfit |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in found:
        for kind, cover in row["coverage"].items():
            ratios = ", ".join(f"{ratio:.2f}" for ratio in row["error over sd"][kind].values())
            lines.append(
                f"| {row['size']} | {row['n']:,} | {row['answers']} | {kind} |"
                + "".join(f" {100 * share:.1f} |" for share in cover.values())
                + f" {ratios} | {100 * row['rejected'][kind]:.1f} % | {row['noncentrality']:.1f} |"
            )
    most = max(row["largest bias over sd"] for row in found)
    lines += [
        "", f"All {sum(r['converged'] for r in found):,} of {sum(r['samples'] for r in found):,}"
        " samples converged." if all(r["converged"] == r["samples"] for r in found) else
        "\nConverged: " + ", ".join(f"{r['converged']} of {r['samples']}" for r in found) + ".",
        f"Largest bias of a parameter: {most:.2f} of its standard deviation.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    """Simulate, write and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--out", type=File, default=RESULTS)
    options = parser.parse_args()
    started, found = time.process_time(), []
    for size in SIZES:
        for skewed in (False, True):
            for n in (250, 1_000):
                seed = n + 10 * int(skewed) + list(SIZES).index(size)
                found.append(study(size, n, options.samples, skewed=skewed, seed=seed))
                print(size, n, skewed, f"{time.process_time() - started:.0f} s", flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "coverage_sem.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (options.out / "coverage_sem.md").write_text(markdown(found), "utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
