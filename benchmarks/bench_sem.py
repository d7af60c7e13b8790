"""Time covariance fits of csi, semopy, seminr and (where Rscript has it) lavaan in one run.

    python benchmarks/bench_sem.py [--quick] [--out FOLDER]

Simulated 1-10 answers to 24 items of 6 constructs. Every measurement is a process of its own with
one BLAS thread (`methods_sem.py`, `lavaan_sem.R`). The results go to `results/sem.json` and, as
tables with the targets, to `results/sem.md`.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from bench_pls import machine
from methods_sem import ALONE, DRAWS, ITEMS, model, text

from csi.simulation import simulate

HERE = Path(__file__).parent
SIZES = (250, 2_000, 20_000)
COMPLETE = (
    "csi ml",
    "csi ml, engine semopy",
    "semopy ml",
    "semopy ml, default stop",
    "seminr ml",
    "lavaan ml",
)
OTHERS = {  # what else is timed, at which sizes
    "robust errors and scaled test": (("csi mlr", "seminr mlr", "lavaan mlr"), (2_000,)),
    "weights and clusters, robust": (("csi design", "lavaan design"), (20_000,)),
    "10 % missing, patterns": (("csi fiml", "lavaan fiml"), (250, 2_000, 20_000)),
    "276 polychoric correlations": (("csi polychoric", "lavaan polychoric"), (2_000, 20_000)),
    "bootstrap fits": (("csi bootstrap", "csi one by one"), (250,)),
}
TOO_LONG = {("lavaan fiml", 20_000)}  # more than six minutes of CPU
SLOW = {("lavaan fiml", 2_000)}  # a minute: left out of a quick run
R_REPEATS = {"ml": 12, "mlr": 3, "design": 2, "fiml": 1, "polychoric": 2}
THREADS = ("OPENBLAS", "MKL", "OMP", "NUMEXPR", "BLIS", "VECLIB_MAXIMUM")
Result = dict[str, Any]


def write_samples(folder: Path) -> dict[str, int]:
    """Write the answers of every size, whole and with 10 % missing; count the patterns."""
    (folder / "model.txt").write_text(text(), "utf-8")
    patterns = {}
    for n in SIZES:
        rng = np.random.default_rng(n)
        answers = simulate(model(), years=[2024], n=n, seed=n).answers[ITEMS].astype(float)
        holes = answers.mask(rng.random(answers.shape) < 0.1)
        patterns[str(n)] = len(holes.isna().drop_duplicates())
        holes.to_csv(folder / f"holes_{n}.csv", index=False)
        weight = rng.lognormal(0.0, 0.4, n)
        units = rng.integers(0, min(n // 10, 400), n)
        answers.assign(w=weight / weight.mean(), cluster=units).to_csv(
            folder / f"answers_{n}.csv", index=False
        )
    return patterns


def lavaan_there() -> bool:
    """Tell whether Rscript is on the path and has lavaan."""
    place = shutil.which("Rscript")
    if place is None:
        return False
    asked = [place, "-e", "quit(status = !requireNamespace('lavaan', quietly = TRUE))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def measure(method: str, n: int, folder: Path) -> Result:
    """Run one measurement in a process of its own; the median of its runs."""
    package, _, task = method.partition(" ")
    if package == "lavaan":
        kind = "holes" if task == "fiml" else "answers"
        command = ["Rscript", str(HERE / "lavaan_sem.R"), str(folder / f"{kind}_{n}.csv"),
                   str(folder / "model.txt"), task, str(R_REPEATS[task])]  # fmt: skip
    else:
        command = [sys.executable, "-W", "ignore", str(HERE / "methods_sem.py"), method, str(n),
                   str(folder)]  # fmt: skip
    settings = {f"{name}_NUM_THREADS": "1" for name in THREADS}
    paths = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH", ""))))
    print(f"  {method}, n = {n}", file=sys.stderr, flush=True)
    done = subprocess.run(
        command, env=os.environ | settings | {"PYTHONPATH": paths}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{method}, n = {n} failed:\n{done.stderr}")
    found = json.loads(done.stdout)
    return found | {"method": method, "n": n, "cpu": statistics.median(found["cpu"])}


def run(*, quick: bool) -> Result:
    """Make all measurements."""
    there = lavaan_there()
    skipped = TOO_LONG | (SLOW if quick else set())
    rows = []
    with tempfile.TemporaryDirectory() as place:
        patterns = write_samples(Path(place))
        tasks = {"complete fit": (COMPLETE, SIZES), **OTHERS}
        for task, (methods, sizes) in tasks.items():
            rows += [
                measure(method, n, Path(place)) | {"task": task}
                for n in sizes
                for method in methods
                if (there or not method.startswith("lavaan")) and (method, n) not in skipped
            ]
    for row in rows:
        if row["method"] == "csi one by one":
            row["cpu"] *= DRAWS / ALONE
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine() | {"scipy": version("scipy")},
        "patterns": patterns,
        "agreement": agreement(rows),
        "rows": [{k: v for k, v in row.items() if k != "figures"} for row in rows],
    }


def agreement(rows: list[Result]) -> list[Result]:
    """Say how far each figure of the others is from that of csi, at most."""
    found = []
    for row in rows:
        same = (r for r in rows if (r["task"], r["n"]) == (row["task"], row["n"]))
        ours = next(iter(same))
        found += [
            {
                "task": row["task"], "method": row["method"], "n": row["n"], "figure": name,
                "gap": float(np.max(np.abs(np.array(values) - ours["figures"][name]))),
            }
            for name, values in row["figures"].items()
            if row["method"] != ours["method"] and name in ours["figures"]
        ]  # fmt: skip
    return found


def targets(found: Result) -> list[tuple[str, str, bool]]:
    """Compare with what is required; peers that were not there are left out."""
    rows = {(row["method"], row["n"]): row for row in found["rows"]}

    def at_most(words: str, method: str, n: int, most: float) -> tuple[str, str, bool]:
        spent = rows[method, n]["cpu"]
        shown = f"{spent * 1e3:.1f} ms" if spent < 0.1 else f"{spent:.2f} s"
        return words, shown, spent <= most

    checks = [at_most("complete ML fit, n = 2,000: at most 10 ms", "csi ml", 2_000, 0.010)]
    faster = [("csi ml", peer, 2_000, 12) for peer in ("semopy ml", "lavaan ml")]
    faster.append(("csi mlr", "lavaan mlr", 2_000, 50))
    for ours, peer, n, least in faster:
        if (peer, n) in rows:
            ratio = rows[peer, n]["cpu"] / rows[ours, n]["cpu"]
            words = f"{peer}, n = {n:,}: at least {least} times csi's"
            checks.append((words, f"{ratio:.0f}x", ratio >= least))
    size = found["patterns"]
    checks += [
        at_most(f"missing answers, n = 2,000 ({size['2000']:,} patterns): at most 2.5 s",
                "csi fiml", 2_000, 2.5),
        at_most(f"missing answers, n = 20,000 ({size['20000']:,} patterns): at most 12 s",
                "csi fiml", 20_000, 12.0),
        at_most("weights and clusters, n = 20,000: at most 0.2 s", "csi design", 20_000, 0.2),
        at_most("276 polychorics, n = 20,000: at most 0.5 s", "csi polychoric", 20_000, 0.5),
        at_most(f"{DRAWS:,} bootstrap fits: at most 6 s", "csi bootstrap", 250, 6.0),
    ]  # fmt: skip
    peak = rows["csi fiml", 20_000]["peak_mb"]
    checks.append(("missing answers, n = 20,000: at most 600 MB", f"{peak:.0f} MB", peak <= 600))
    ratio = rows["csi one by one", 250]["cpu"] / rows["csi bootstrap", 250]["cpu"]
    checks.append(
        ("bootstrap fits in one batch: faster than one by one", f"{ratio:.1f}x", ratio > 1)
    )
    return checks


def markdown(found: Result) -> str:
    """Write the results as tables."""
    about = found["machine"]
    versions = {row["method"].split()[0]: row["version"] for row in found["rows"]}
    lines = [
        "# Covariance fits: speed and agreement", "",
        f"{found['date']}. {about['processor']}, {about['cores']} cores (load {about['load']} at"
        f" the end), {about['system']}, Python {about['python']}, NumPy {about['numpy']}, SciPy"
        f" {about['scipy']}; {', '.join(f'{name} {of}' for name, of in versions.items())}. One BLAS"
        " thread, each measurement in its own process, medians of CPU time.", "",
        "Simulated 1-10 answers, 24 items, 6 constructs, 9 paths, 57 free parameters. Complete fit:"
        " estimates, errors, baseline, fit measures, standardised solution; with errors of the"
        " latter in csi and lavaan. semopy stops at 1e-14, where its estimates are as precise as"
        " those of the others. seminr also computes factor scores. csi: `csi.sem.fit`,"
        " `csi.sem.parameters` and `csi.sem.measures`.", "",
        "| required | reached | |", "|---|---|---|",
        *(f"| {what} | {value} | {'yes' if met else '**no**'} |"
          for what, value, met in targets(found)),
        "", "| task | n | method | CPU ms | over csi | peak MB |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in found["rows"]:
        first = next(r for r in found["rows"] if (r["task"], r["n"]) == (row["task"], row["n"]))
        peak = f"{row['peak_mb']:.0f}" if "peak_mb" in row else ""
        lines.append(
            f"| {row['task']} | {row['n']:,} | {row['method']} | {row['cpu'] * 1e3:,.1f}"
            f" | {row['cpu'] / first['cpu']:.1f} | {peak} |"
        )
    lines += [
        "", f"Bootstrap: {DRAWS:,} draws with the resampling; one by one: {ALONE} fits without it,"
        " scaled up.", "", "## Largest differences from csi", "",
        "| task | n | method | figure | difference |", "|---|---|---|---|---|",
        *(f"| {gap['task']} | {gap['n']:,} | {gap['method']} | {gap['figure']} | {gap['gap']:.1e} |"
          for gap in found["agreement"]),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write and say what was reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the minutes of lavaan")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    options = parser.parse_args()
    found = run(quick=options.quick)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "sem.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (options.out / "sem.md").write_text(markdown(found), "utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
