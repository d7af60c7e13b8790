"""Time prediction out of sample (PLSpredict) in csi and in seminr for Python, in one run.

    OPENBLAS_NUM_THREADS=1 python benchmarks/bench_predict.py [--out FOLDER]

The European satisfaction model on mobi (n = 250) and on 2,000 rows drawn from it; ten folds, and
leave-one-out on mobi. Both estimate without each fold and predict its respondents by path model and
linear model; csi also by the averages, and makes tables. seminr deals folds once: ten repetitions
are ten calls. CPU time of the process with one BLAS thread; the median of the runs. The results go
to `results/predict.json` and `results/predict.md`.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import seminr
from bench_pls import machine
from methods import model as european
from methods import sample

from csi import __version__, read_survey
from csi.arrays import one_thread
from csi.assess.predict import PredictOptions, predict
from csi.survey.codebook_file import codebook_from_text

HERE = Path(__file__).parent
Result = dict[str, Any]

CASES = (
    ("mobi, 10 folds x 10", 250, PredictOptions(), 10, 10),
    ("mobi, leave-one-out", 250, PredictOptions(folds="leave-one-out"), 250, 1),
    ("2,000 rows, 10 folds x 10", 2_000, PredictOptions(), 10, 10),
)


def timed(task: Callable[[], object], runs: int) -> float:
    """Median CPU seconds of a task, after one run that does not count."""
    task()
    spent = []
    for _ in range(runs):
        start = time.process_time()
        task()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def compare(name: str, n: int, options: PredictOptions, folds: int, repetitions: int) -> Result:
    """Time one case in both programs, and say how far the errors are apart."""
    frame, model = sample(n), european()
    lines = ['title = "mobi"', "[defaults]", "low = 1", "high = 10"]
    lines += [line for item in model.items for line in ("[[items]]", f'name = "{item}"')]
    survey = read_survey(frame, codebook_from_text("\n".join(lines)))
    rows = survey.columns(model.items)
    fit = seminr.estimate_pls(
        (model.items, rows),
        seminr.constructs(
            *(seminr.composite(c.name, list(c.items), seminr.mode_A) for c in model.constructs)
        ),
        seminr.relationships(*(seminr.paths(p.source, p.target) for p in model.paths)),
    )
    orders = [np.random.default_rng(k).permutation(n).tolist() for k in range(repetitions)]

    def theirs() -> list[Any]:
        return [
            seminr.predict_pls(
                fit, no_folds=folds, ordering=order
            ).items.pls_out_of_sample_residuals
            for order in orders
        ]

    ours = timed(lambda: predict(survey, model, options), 15)
    peer = timed(theirs, 1)
    own = predict(survey, model, options).items.set_index("item")["rmse_pls"]
    residuals = theirs()
    square = np.mean([r.values**2 for r in residuals], axis=(0, 1))
    gap = np.max(np.abs(own.loc[list(residuals[0].cols)].to_numpy() / np.sqrt(square) - 1))
    return {"case": name, "csi": ours, "seminr": peer, "ratio": peer / ours, "gap": float(gap)}


def markdown(found: Result) -> str:
    """Write the results as a table."""
    about = found["machine"]
    lines = [
        "# Prediction out of sample: speed", "",
        f"{found['date']}. {about['processor']}, {about['cores']} cores (load {about['load']} at"
        f" the end), Python {about['python']}, NumPy {about['numpy']}, pandas {about['pandas']};"
        f" csi {found['csi']}, seminr {found['seminr']}. CPU seconds, one BLAS thread. Gap: largest"
        " relative difference of an item's RMSE, which random folds leave.", "",
        "| case | csi | seminr | ratio | gap |", "|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| {row['case']} | {row['csi']:.3f} | {row['seminr']:.2f} | {row['ratio']:.0f}"
        f" | {row['gap']:.1e} |"
        for row in found["cases"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE / "results")
    out: Path = parser.parse_args().out
    with one_thread():
        cases = [compare(*case) for case in CASES]
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "csi": __version__,
        "seminr": version("seminr"),
        "cases": cases,
        "machine": machine(),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "predict.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (out / "predict.md").write_text(markdown(found), "utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
