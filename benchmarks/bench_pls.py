"""Time the European satisfaction model in csi, seminr and openpls-engine in one run.

    python benchmarks/bench_pls.py [--quick] [--out FOLDER]

Every measurement is a process of its own with one BLAS thread (`methods.py`). The results go to
`results/pls.json` and, as a table with the targets, to `results/pls.md`.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIZES = (250, 2_000, 20_000)
DRAWS = 5_000
GROUPS = 1_000
# draws that the peers really make; their cost is proportional to the draws
PEER_DRAWS = {
    "seminr": {250: 5_000, 2_000: 500, 20_000: 100},
    "openpls": {250: 40, 2_000: 40, 20_000: 20},
}
RUNS = 3
"""Processes of csi for one measurement; the median is reported."""

Result = dict[str, Any]


def measure(method: str, n: int, draws: int, repeats: int) -> Result:
    """Run one measurement in a process of its own."""
    threads = ("OPENBLAS", "MKL", "OMP", "NUMEXPR", "BLIS", "VECLIB_MAXIMUM")
    settings = {f"{name}_NUM_THREADS": "1" for name in threads}
    paths = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH", ""))))
    print(f"  {method}, n = {n}, {draws} draws", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / "methods.py"), method, str(n), str(draws),
         str(repeats)],
        env=os.environ | settings | {"PYTHONPATH": paths},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{method}, n = {n}, {draws} draws failed:\n{done.stderr}")
    return json.loads(done.stdout)


def single_fits(n: int) -> Iterator[Result]:
    """One fit: the median of many in a process that has fitted before."""
    for method, repeats in (("csi", 60), ("seminr", 40), ("openpls", 4)):
        result = measure(method, n, 0, repeats)
        for clock in ("cpu", "wall"):
            result[clock] = statistics.median(result[clock][1:])
        yield result


def bootstraps(n: int, *, quick: bool) -> Iterator[Result]:
    """5,000 draws; of the peers as many as PEER_DRAWS says, scaled up."""
    runs = [measure("csi", n, DRAWS, 1) for _ in range(1 if quick else RUNS)]
    ours = runs[0] | {"peak_mb": max(run["peak_mb"] for run in runs)}
    for clock in ("cpu", "wall"):
        ours[clock] = statistics.median(run[clock][0] for run in runs)
    yield ours | {"measured_draws": DRAWS}
    for method, sizes in PEER_DRAWS.items():
        made = min(sizes[n], 20) if quick else sizes[n]
        result = measure(method, n, made, 1)
        for clock in ("cpu", "wall"):
            result[clock] = result[clock][0] * DRAWS / made
        yield result | {"measured_draws": made, "draws": DRAWS}


def run(*, quick: bool) -> Result:
    """Make all measurements."""
    fits = {n: list(single_fits(n)) for n in SIZES}
    boots = {n: list(bootstraps(n, quick=quick)) for n in SIZES}
    groups = measure("groups", GROUPS, 0, 3)
    for clock in ("cpu", "wall"):
        groups[clock] = statistics.median(groups[clock])
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "quick": quick,
        "single": {str(n): rows for n, rows in fits.items()},
        "bootstrap": {str(n): rows for n, rows in boots.items()},
        "groups": groups,
        "agreement": agreement(fits, boots),
    }


def machine() -> Result:
    """Say what the measurements were made on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text("utf-8").splitlines()
        model = next(
            (x.partition(":")[2].strip() for x in lines if x.startswith("model name")), model
        )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "pandas": version("pandas"),
    }


def agreement(fits: dict[int, list[Result]], boots: dict[int, list[Result]]) -> Result:
    """Say how far the results are apart: paths of the fits, standard errors of the draws."""
    off: Result = {}
    for n, rows in fits.items():
        ours = rows[0]["paths"]
        for row in rows[1:]:
            gap = max(abs(a - b) for a, b in zip(ours, row["paths"], strict=True))
            off[f"paths {row['method']} {n}"] = gap
    for n, rows in boots.items():
        errors = {row["method"]: row["errors"] for row in rows if "errors" in row}
        ratios = [a / b for a, b in zip(errors["csi"], errors["seminr"], strict=True)]
        off[f"mean ratio of standard errors, csi / seminr {n}"] = statistics.mean(ratios)
    return off


def targets(found: Result) -> list[tuple[str, str, bool]]:
    """Compare with what is required."""
    boots = found["bootstrap"]
    checks = []
    for n, least in ((250, 300), (20_000, 500)):
        ours, peer = boots[str(n)][0], boots[str(n)][1]
        ratio = peer["cpu"] / ours["cpu"]
        words = f"{DRAWS:,} draws, n = {n:,}: at least {least}x seminr in CPU time"
        checks.append((words, f"{ratio:.0f}x", ratio >= least))
    peak = max(rows[0]["peak_mb"] for rows in boots.values())
    checks.append(("peak memory below 250 MB", f"{peak:.0f} MB", peak < 250))
    fit = found["single"]["250"][0]["cpu"] * 1000
    checks.append(("single fit, n = 250: at most 12 ms of CPU", f"{fit:.1f} ms", fit <= 12))
    spent = found["groups"]["cpu"]
    words = f"{GROUPS:,} groups of 250 in one batch: below 1 s of CPU"
    return [*checks, (words, f"{spent:.2f} s", spent < 1)]


def markdown(found: Result) -> str:
    """Write the results as tables."""
    about = found["machine"]
    versions = {row["method"]: row["version"] for row in found["bootstrap"]["250"]}
    lines = [
        "# PLS: speed and memory", "",
        f"{found['date']}. {about['processor']}, {about['cores']} cores (load {about['load']}"
        f" at the end), {about['system']}, Python {about['python']}, NumPy {about['numpy']}, pandas"
        f" {about['pandas']}. csi {versions['csi']}, seminr {versions['seminr']}, openpls-engine"
        f" {versions['openpls']}. One BLAS thread, each measurement in its own process."
        + (" **Quick run: few draws of the peers.**" if found["quick"] else ""), "",
        "Model: European index, 7 constructs, 24 items, 12 paths, mode A, path scheme, tolerance"
        " 1e-7. Data: the 250 rows of mobi; 2,000 and 20,000 rows drawn from them.", "",
        "| required | reached | |", "|---|---|---|",
    ]  # fmt: skip
    lines += [f"| {what} | {value} | {'yes' if met else '**no**'} |"
              for what, value, met in targets(found)]  # fmt: skip
    lines += ["", "## Single fit (median, milliseconds)", "",
              "csi: moments, fit, effects and index table; the others: fit.", "",
              "| n | method | CPU | wall |", "|---|---|---|---|"]  # fmt: skip
    lines += [
        f"| {int(n):,} | {row['method']} | {row['cpu'] * 1e3:.1f} | {row['wall'] * 1e3:.1f} |"
        for n, rows in found["single"].items()
        for row in rows
    ]
    lines += ["", f"## Bootstrap of {DRAWS:,} draws", "",
              "Times in seconds; where fewer draws were made, scaled up by their number. csi:"
              f" median of {RUNS} processes, weights, loadings, paths, R2, index and convergence of"
              " every draw.", "",
              "| n | method | draws made | CPU | wall | peak MB | CPU / csi |",
              "|---|---|---|---|---|---|---|"]  # fmt: skip
    for n, rows in found["bootstrap"].items():
        lines += [
            f"| {int(n):,} | {row['method']} | {row['measured_draws']:,} | {row['cpu']:.2f}"
            f" | {row['wall']:.2f} | {row['peak_mb']:.0f} | {row['cpu'] / rows[0]['cpu']:,.0f} |"
            for row in rows
        ]
    groups = found["groups"]
    lines += ["", f"## {GROUPS:,} groups of 250", "",
              f"Moments and fits of all groups in one batch: {groups['cpu']:.2f} s of CPU,"
              f" {groups['wall']:.2f} s wall, {groups['peak_mb']:.0f} MB (250,000 respondents).",
              "", "## Are the results the same?", "",
              "| | largest difference or ratio |", "|---|---|"]  # fmt: skip
    lines += [
        f"| {what} | {value:.3f} |" if "ratio" in what else f"| {what} | {value:.1e} |"
        for what, value in found["agreement"].items()
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write and say what was reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few draws of the peers: a minute")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    options = parser.parse_args()
    found = run(quick=options.quick)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "pls.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (options.out / "pls.md").write_text(markdown(found), "utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
