"""Time the inference of a survey design: CPU seconds and peak memory.

    python benchmarks/bench_inference.py [--quick] [--only TASK ...] [--out FOLDER]

Every measurement is a process of its own with one BLAS thread; CPU time is user plus system time
of that process, the peak of memory that of the whole process, imports included. Short tasks are
made three times in their process and the best counts. The results go to ``results/inference.json``
and, with the yardsticks, to ``results/inference.md``.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import pickle
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from csi import __version__
from csi.estimate.pls import fit_pls
from csi.index import IndexOptions, yearly
from csi.model import models
from csi.moments.blocks import Sample, blocks_of
from csi.moments.groups import cells_of, moments_of_rows
from csi.moments.jackknife import jackknife_moments
from csi.moments.permutations import permuted_moments
from csi.simulation import MissingAnswers, simulate
from csi.survey import Survey, read_survey

RESULTS = Path(__file__).parent / "results"
MODEL = models.load("ecsi_mobile")
REPEATS = 3
GROUPS = 500
"""Companies; with two years there are twice as many company-years."""

JACKKNIFE_N = 20_000
PERMUTATIONS = 5_000
PERMUTED_N = 2_000
LARGE_N = 20_000
EM_N = 1_000
DRAWS = 1_000

LARGE = ("simulate", "read", "yearly 200", "yearly 500")
"""Tasks of the survey of many companies."""

Result = dict[str, Any]
Task = Callable[[Path], Result]

YARDSTICKS = {  # CPU seconds and megabytes of the requirement: reach within a factor of two
    "yearly 500": (22.0, 1024.0),
    "jackknife": (0.3, None),
    "permutations": (0.9, None),
}
NAMES = {
    "simulate": "(simulate 250,000 answers, write CSV)",
    "read": "read the survey of 250,000 respondents",
    "yearly 200": "yearly: 1,000 company-years of 250, 200 draws, all tables",
    "yearly 500": "yearly: 1,000 company-years of 250, 500 draws, all tables",
    "jackknife": f"delete-one jackknife, n = {JACKKNIFE_N:,}: moments and PLS fits",
    "permutations": f"{PERMUTATIONS:,} permutations of 2 x {PERMUTED_N:,}: moments, both PLS fits",
    "delta 20000": f"yearly by delta, n = {LARGE_N:,}, {DRAWS:,} draws",
    "gaussian 20000": f"yearly by gaussian, n = {LARGE_N:,}, {DRAWS:,} draws",
    "bootstrap 20000": f"yearly by bootstrap, n = {LARGE_N:,}, {DRAWS:,} draws",
    "delta em": f"yearly by delta, n = {EM_N:,}, 8 % missing, EM, {DRAWS:,} draws",
    "gaussian em": f"yearly by gaussian, n = {EM_N:,}, 8 % missing, EM, {DRAWS:,} draws",
    "bootstrap em": f"yearly by bootstrap, n = {EM_N:,}, 8 % missing, EM, {DRAWS:,} draws",
}


def cpu() -> float:
    """CPU seconds of this process and its finished children."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak_mb() -> float:
    """Peak of this process's memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def held_mb() -> float:
    """Memory that this process holds now; NaN where the system does not tell."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return float("nan")
    return int(pages.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20


def timed(work: Callable[[], object], repeats: int = REPEATS) -> Result:
    """Run `work` and return the CPU seconds and wall seconds of the best run, and memory."""
    gc.collect()
    before, best = held_mb(), None
    for _ in range(repeats):
        start, wall = cpu(), time.perf_counter()
        work()
        spent = cpu() - start, time.perf_counter() - wall
        best = spent if best is None else min(best, spent)
    cpu_s, wall_s = best or (np.nan, np.nan)
    return {"cpu": cpu_s, "wall": wall_s, "before_mb": before, "peak_mb": peak_mb()}


def make_survey(folder: Path) -> Result:
    """Simulate the survey of many companies and write it."""
    names = [f"C{number:03d}" for number in range(GROUPS)]

    def work() -> None:
        found = simulate(MODEL, years=[2020, 2021], groups=names, n=250, seed=1)
        found.answers.to_csv(folder / "answers.csv", index=False)
        (folder / "codebook.pickle").write_bytes(pickle.dumps(found.codebook))

    return timed(work, 1)


def read(folder: Path) -> Result:
    """Read the survey of many companies."""
    codebook = pickle.loads((folder / "codebook.pickle").read_bytes())

    def work() -> None:
        survey = read_survey(folder / "answers.csv", codebook)
        (folder / "survey.pickle").write_bytes(pickle.dumps(survey))

    return timed(work, 1)


def companies(draws: int) -> Task:
    """Make the task that computes all figures of the survey of many companies."""

    def task(folder: Path) -> Result:
        survey: Survey = pickle.loads((folder / "survey.pickle").read_bytes())
        group = survey.codebook.groups[0].name
        kept: list[object] = []
        options = IndexOptions(draws=draws)
        found = timed(lambda: kept.append(yearly(survey, MODEL, group=group, options=options)), 1)
        return found | {"after_mb": held_mb()}

    return task


def one_survey(n: int, gone: float = 0.0) -> Survey:
    """Simulate one year without groups."""
    gaps = MissingAnswers(dont_know=gone) if gone else None
    made = simulate(MODEL, years=[2024], n=n, seed=2, missing=gaps)
    return read_survey(made.answers, made.codebook)


def jackknife(folder: Path) -> Result:
    """Leave every respondent out in turn and fit."""
    survey = one_survey(JACKKNIFE_N)
    block = blocks_of(survey, [MODEL.items], cells_of(survey, ()), "complete")[0]
    sample = block.samples[0]
    single = fit_pls(MODEL, moments_of_rows(sample.rows, sample.weights, MODEL.items, "complete"))
    return timed(
        lambda: fit_pls(MODEL, jackknife_moments(sample, block.strata, "complete"), like=single)
    )


def permutations(folder: Path) -> Result:
    """Relabel two groups and fit both."""
    parts = []
    for seed in (3, 4):
        made = simulate(MODEL, years=[2024], n=PERMUTED_N, seed=seed)
        survey = read_survey(made.answers, made.codebook)
        at = np.arange(PERMUTED_N)
        parts.append(
            Sample(MODEL.items, survey.columns(MODEL.items), survey.design.weights,
                   at + PERMUTED_N * len(parts))
        )  # fmt: skip
    rows = np.concatenate([part.rows for part in parts])
    single = fit_pls(MODEL, moments_of_rows(rows, np.ones(len(rows)), MODEL.items, "complete"))

    def work() -> None:
        for moments in permuted_moments(*parts, "complete", permutations=PERMUTATIONS, seed=1):
            fit_pls(MODEL, moments, like=single)

    return timed(work)


def method(kind: Any, n: int, gone: float = 0.0) -> Task:
    """Make the task that computes the figures of one survey by one method."""

    def task(folder: Path) -> Result:
        survey = one_survey(n, gone)
        missing: Any = "em" if gone else "complete"
        options = IndexOptions(draws=DRAWS, replicates=kind, missing=missing)
        return timed(lambda: yearly(survey, MODEL, options=options))

    return task


TASKS: dict[str, Task] = {
    "simulate": make_survey,
    "read": read,
    "yearly 200": companies(200),
    "yearly 500": companies(500),
    "jackknife": jackknife,
    "permutations": permutations,
}
for _kind in ("delta", "gaussian", "bootstrap"):
    TASKS[f"{_kind} 20000"] = method(_kind, LARGE_N)
for _kind in ("delta", "gaussian", "bootstrap"):
    TASKS[f"{_kind} em"] = method(_kind, EM_N, 0.08)


def measure(name: str, folder: Path) -> Result:
    """Run one task in a process of its own."""
    threads = ("OPENBLAS", "MKL", "OMP", "NUMEXPR", "BLIS", "VECLIB_MAXIMUM")
    settings = {f"{thread}_NUM_THREADS": "1" for thread in threads}
    above = str(Path(__file__).parents[1])
    paths = os.pathsep.join(filter(None, (above, os.environ.get("PYTHONPATH", ""))))
    print(f"  {name}", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, __file__, "--task", name, "--folder", str(folder)],
        env=os.environ | settings | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    found: Result = json.loads(done.stdout.splitlines()[-1])
    print(f"    {found['cpu']:.2f} s, {found['peak_mb']:.0f} MB", file=sys.stderr, flush=True)
    return found


def machine() -> Result:
    """Say what the measurements were made on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text("utf-8").splitlines()
        names = [x.partition(":")[2].strip() for x in lines if x.startswith("model name")]
        model = names[0] if names else model
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "csi": __version__,
        **{name: version(name) for name in ("numpy", "scipy", "pandas")},
    }


def verdict(name: str, row: Result) -> tuple[str, str]:
    """Compare a measurement with its yardstick."""
    if name not in YARDSTICKS:
        return "", ""
    seconds, memory = YARDSTICKS[name]
    ratio = row["cpu"] / seconds
    met = ratio <= 2 and (memory is None or row["peak_mb"] < memory)
    wanted = f"{seconds:g} s" + (f", {memory:.0f} MB" if memory else "")
    return wanted, f"{ratio:.1f}x, {'yes' if met else '**no**'}"


def markdown(found: Result) -> str:
    """Write the results as a table."""
    about = found["machine"]
    lines = [
        "# Inference under a design: speed and memory", "",
        f"{found['date']}. {about['processor']}, {about['cores']} cores (load {about['load']} at"
        f" the end: the machine was shared), {about['system']}, Python {about['python']}, csi"
        f" {about['csi']}, NumPy {about['numpy']}, SciPy {about['scipy']}, pandas"
        f" {about['pandas']}. One BLAS thread, each measurement in its own process; tasks of one"
        f" survey and tests: best of {REPEATS}. Model: ECSI, 7 constructs, 24 items.", "",
        "Peak: of the whole process, imports included. Before: what the process held before the"
        " task, with the survey in memory. Yardstick: reach within a factor of two, in less than"
        " the memory named.", "",
        "| task | CPU s | wall s | before MB | peak MB | yardstick | reached |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, row in found["tasks"].items():
        wanted, reached = verdict(name, row)
        lines.append(
            f"| {NAMES[name]} | {row['cpu']:.2f} | {row['wall']:.2f} | {row['before_mb']:.0f}"
            f" | {row['peak_mb']:.0f} | {wanted} | {reached} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write and say what was reached."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the survey of companies")
    parser.add_argument("--only", nargs="+", choices=TASKS, help="these tasks, added to the rest")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--task", choices=TASKS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        print(json.dumps(TASKS[options.task](options.folder)))
        return
    names = options.only or [name for name in TASKS if not (options.quick and name in LARGE)]
    if set(LARGE) & set(names):  # these need what the first two write
        names = [*LARGE[:2], *(name for name in names if name not in LARGE[:2])]
    stored = options.out / "inference.json"
    before = {}
    if options.only and stored.exists():
        before = json.loads(stored.read_text("utf-8"))["tasks"]
    with tempfile.TemporaryDirectory() as folder:
        made = {name: measure(name, Path(folder)) for name in names}
    both = before | made
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "tasks": {name: both[name] for name in TASKS if name in both},
    }
    options.out.mkdir(parents=True, exist_ok=True)
    stored.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (options.out / "inference.md").write_text(markdown(found), "utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
