"""The tables of the paper: heads and rows of records and texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import csi
from paper import agreement
from paper.features import features
from paper.records import Record, number, stored, words
from paper.results import (
    covariance_case,
    coverage,
    covered,
    error_ratio,
    exact_fit,
    least_and_most,
    monte_carlo,
    pls_row,
    result,
    sem_row,
)

Cell = Record | str
Made = dict[str, Any]

DESIGNS = {
    "simple random": "simple random",
    "strata and weights": "strata, weights",
    "clusters of 10, ICC 0.1": "clusters",
    "strata, weights and clusters": "strata, weights, clusters",
    "pooled weights": "pooled item weights",
    "n = 100": "100 respondents",
    "n = 250, skewed answers": "skewed answers",
    "n = 5,000, skewed answers": "5,000, skewed answers",
    "5 % missing at random": "answers missing",
}
"""Designs of the simulation of index figures, as the paper calls them."""
MAIN_METHOD = {"n = 5,000, skewed answers": "bootstrap", "5 % missing at random": "EM"}
"""Designs in which margins by the bootstrap go by another name."""
ANSWERS = {
    "normal": "Normal answers",
    "skewed 1-10": "Skewed answers from 1 to 10",
    "skewed 1-10, 15 % missing": "Skewed answers from 1 to 10, 15 % missing at random",
    "5 points, skewed": "Five ordered categories, skewed",
}
NONE = "–"


def tables() -> dict[str, Made]:
    """Return every table by its name."""
    makers: dict[str, Callable[[], Made]] = {
        "models": models,
        "features": feature_table,
        "agreement": agreement_table,
        "speed": speed,
        "coverage": coverage_table,
        "sem": covariance,
        "tests": test_table,
        "sources": sources,
    }
    return {name: maker() for name, maker in makers.items()}


def made(
    head: Sequence[str],
    rows: Sequence[Any],
    *,
    left: int = 1,
    wide: int | None = None,
    widths: Sequence[float] = (),
    side: str = "right",
) -> Made:
    """Return a table: `left` columns of text, the others to the right.

    One column may be wide, or all have widths in proportion; 0 is as wide as its cells.
    """
    for row in rows:
        if not isinstance(row, str) and len(row) != len(head):
            raise ValueError(f"{len(row)} cells under {len(head)} heads: {row}")
    return {
        "head": list(head),
        "rows": [row if isinstance(row, str) else list(row) for row in rows],
        "left": left,
        "widths": list(widths) or [1 if k == wide else 0 for k in range(len(head))],
        "side": [side] * (len(head) - left),
    }


def percent(value: float, source: str) -> Record:
    """Return a share in percent, without the sign."""
    return stored(value, 1, source=source, percent=True)


def models() -> Made:
    """Return the catalogue of models."""
    rows = []
    for name in csi.models.names():
        entry = csi.models.entry(name)
        model = entry.model
        checked = sum(bool(path.verified) for path in model.paths)
        counts = (len(model.constructs), len(model.items), len(model.paths), checked)
        sizes = [number(count, 0, source=f"csi.models, {name}") for count in counts]
        country = words(entry.country.en, source=f"csi.models, {name}")
        rows.append([f"`{name}`", country, entry.since, *sizes, f"@{entry.sources[0].key}"])
    rows.sort(key=lambda row: str(row[2]))
    head = ("Name", "Where", "Since", "Constructs", "Items", "Paths", "Checked", "Source")
    table = made(head, rows, left=2, widths=[0, 3, 0, 0, 0, 0, 0, 4])
    table["side"] = ["center", "right", "right", "right", "right", "left"]
    return table


def feature_table() -> Made:
    """Return what csi and other programs do."""
    found = features()
    show = {"yes": "yes", "part": "part", "no": NONE}
    head = ["", f"csi {csi.__version__}"]
    head += [f"{column['head']} {column['version']}" for column in found["column"]]
    rows = [
        [row["head"], "yes", *(show[mark] for mark in row["marks"])] for row in found["feature"]
    ]
    widths = [3.3, 0.8, *(1.0 for _ in found["column"])]
    return made(head, rows, widths=widths, side="center")


def agreement_table() -> Made:
    """Return differences from other software."""
    head = ("Software", "Method", "Compared", "Against", "Difference")
    rows: list[Any] = ["PLS, European model on mobi", *agreement.pls_rows()]
    rows += ["Covariance structures, simulated answers", *agreement.covariance_rows()]
    return made(head, rows, left=4, wide=1)


def speed() -> Made:
    """Return times of csi and of others, task by task."""

    def row(head: str, source: str, mine: float, *others: float | None) -> list[Cell]:
        digits = 3 if mine < 0.1 else 2
        cells: list[Cell] = [head, stored(mine, digits, source=source)]
        for other in others:
            if other is None:
                cells.append(NONE)
                continue
            told = stored(other, _digits(other), source=source)
            cells.append(told | {"text": f"{told['text']} ({_times(other / mine)})"})
        return cells

    rows: list[Any] = ["PLS, European model"]
    for kind, head in (("single", "one fit"), ("bootstrap", "5,000 bootstrap samples")):
        for n in (250, 2000, 20000):
            times = [pls_row(kind, n, name)["cpu"] for name in ("csi", "seminr", "openpls")]
            rows.append(row(f"{head}, n = {n:,}", "pls.json", *times, None, None))
    rows.append("Covariance structures")
    tasks = [
        ("ML, complete fit", "complete fit", 2000, "csi ml", "seminr ml", "semopy ml", "lavaan ml"),
        ("robust errors and test", "robust errors and scaled test", 2000, "csi mlr", "seminr mlr",
         None, "lavaan mlr"),
        ("weights and clusters", "weights and clusters, robust", 20000, "csi design", None, None,
         "lavaan design"),
        ("missing answers (FIML)", "10 % missing, patterns", 2000, "csi fiml", None, None,
         "lavaan fiml"),
        ("polychoric correlations", "276 polychoric correlations", 20000, "csi polychoric", None,
         None, "lavaan polychoric"),
    ]  # fmt: skip
    for head, task, n, mine, seminr, semopy, lavaan in tasks:
        cpu = [None if m is None else sem_row(task, m, n)["cpu"] for m in (seminr, semopy, lavaan)]
        own = sem_row(task, mine, n)["cpu"]
        rows.append(row(f"{head}, n = {n:,}", "sem.json", own, cpu[0], None, cpu[1], cpu[2]))
    rows.append("Prediction out of sample")
    for case in result("predict")["cases"]:
        own, seminr = case["csi"], case["seminr"]
        rows.append(row(case["case"], "predict.json", own, seminr, None, None, None))
    heads = ("Task", "csi", "seminr (Py)", "openpls (Py)", "semopy (Py)", "lavaan (R)")
    return made(heads, rows, wide=0)


def _digits(seconds: float) -> int:
    return 3 if seconds < 0.1 else 2 if seconds < 10 else 0


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 9.5 else f"{ratio:.1f}"


def coverage_table() -> Made:
    """Return the coverage of margins, design by design."""
    source, rows = "coverage_index.json", []
    for design, head in DESIGNS.items():
        method = MAIN_METHOD.get(design, "margins")
        surveys = int(coverage().query("design == @design")["surveys"].iloc[0])
        every, paths = (least_and_most(design, method, what) for what in ("index", "path"))
        rows.append([
            head,
            stored(surveys, 0, source=source),
            percent(covered(design, method, "index"), source),
            percent(covered(design, method, "change"), source),
            _range(every, source),
            _range(paths, source),
            stored(error_ratio(design, method), 3, source=source),
            stored(monte_carlo(0.95, surveys), 1, source=source, percent=True),
        ])  # fmt: skip
    head = ("Design", "Surveys", "Index", "Change", "All indices", "All paths", "Ratio",
            "Monte Carlo")  # fmt: skip
    return made(head, rows, wide=0)


def _range(ends: tuple[float, float], source: str) -> Record:
    """Return the least and the largest of some shares as one text."""
    low, high = (percent(end, source)["text"] for end in ends)
    return words(f"{low}–{high}", source=source)


def covariance() -> Made:
    """Return coverage and rejections of covariance fits with 24 items."""
    names = {
        "standard": "standard", "mlm": "robust (MLM)", "mlr": "robust (MLR)",
        "fiml standard": "FIML", "fiml mlr": "FIML, robust (MLR)", "wlsmv": "WLSMV",
    }  # fmt: skip
    source, rows = "coverage_sem.json", []
    for answers, head in ANSWERS.items():
        rows.append(head)
        for n in (250, 1000):
            case = covariance_case("24 items", n, answers)
            for errors, shares in case["coverage"].items():
                size = stored(n, 0, source=source)
                cells = [percent(shares[k], source) for k in ("loadings", "paths", "variances")]
                tested = percent(case["rejected"][errors], source)
                rows.append([names[errors], size, *cells, tested])
    head = ("Errors and test", "Respondents", "Loadings", "Paths", "Variances", "Rejected")
    return made(head, rows, wide=0)


def test_table() -> Made:
    """Return levels and power of tests."""
    fit, micom, cvpat = "exact_fit.json", "level_comparability.json", "cvpat.json"
    shares = result("level_comparability")["share"]
    surveys = result("level_comparability")["surveys"]
    level = {(row["case"], row["n"]): row for row in result("cvpat")["level"]}

    def exact(head: str, case: str, structure: str) -> list[Cell]:
        row = exact_fit(case, structure)
        return ["exact fit (SRMR)", head, percent(row["SRMR"], fit), _error(row["samples"], fit)]

    def compared(head: str, case: str, figure: str) -> list[Cell]:
        name = "MICOM, composition" if figure.startswith("corr") else "difference of a path"
        return [name, head, percent(shares[case][figure], micom), _error(surveys, micom)]

    def predicted(head: str, case: tuple[str, int]) -> list[Cell]:
        found = percent(level[case]["t_ten"], cvpat)
        return ["CVPAT", head, found, _error(result("cvpat")["samples"], cvpat)]

    path, item = "p_permutation, Satisfaction", "correlation, Satisfaction"
    rows: list[Any] = [
        "True models, equal groups, equally good models",
        exact("composites, mode A, n = 250", "mode A, equal weights", "estimated"),
        exact("composites, mode A, n = 1,000", "mode A, equal weights, n 1000", "estimated"),
        exact("composites, mode B, n = 250", "mode B, unequal weights", "estimated"),
        exact("factors, PLSc, n = 250", "PLSc, unequal loadings", "estimated"),
        exact("a tenth of the answers missing", "mode B, a tenth of the answers missing",
              "estimated"),
        exact("sampling weights", "mode B, sampling weights 0.3 to 3", "estimated"),
        exact("clusters, design kept", "mode A in clusters, design kept", "estimated"),
        compared("equal groups", "equal groups, 150 and 150", item),
        compared("equal groups of unequal size", "equal groups, 60 and 240", item),
        compared("equal groups, sampling weights", "equal groups, sampling weights", item),
        compared("equal groups, clusters", "equal groups, clusters of 10, 400 and 400", item),
        compared("equal groups", "equal groups, 150 and 150", path),
        compared("equal groups, clusters", "equal groups, clusters of 10, 400 and 400", path),
        predicted("two models equally good, n = 250", ("simple random", 250)),
        predicted("clusters, known to the survey", ("clusters of 10, known", 400)),
        "Design passed over, or estimates biased",
        exact("clusters, design passed over", "mode A in clusters, design passed over",
              "estimated"),
        exact("unequal weights, but mode A (biased)", "mode A, unequal weights", "estimated"),
        predicted("clusters, passed over", ("clusters of 10, passed over", 400)),
        "Something is wrong or different",
        exact("composites, a path left out", "mode A, path 0.3 left out", "estimated"),
        exact("factors, a path left out", "PLSc, path 0.3 left out", "estimated"),
        exact("composites, a stray correlation", "mode A, stray correlation 0.25", "estimated"),
        exact("factors, a stray correlation", "PLSc, stray correlation 0.25", "estimated"),
        compared("an item's loading 0.45 for 0.75",
                 "third item of satisfaction: loading 0.45 instead of 0.75", item),
        compared("a path of 0.4 for 0.7", "path 0.4 instead of 0.7", path),
        predicted("one model better, n = 250", ("power", 250)),
    ]  # fmt: skip
    return made(("Test", "Population", "Rejected", "Error"), rows, left=2, wide=1)


def _error(samples: int, source: str) -> Record:
    """Return the Monte Carlo error of a rate of 5 % in points."""
    return stored(monte_carlo(0.05, samples), 1, source=source, percent=True)


def sources() -> Made:
    """Return where numbers come from and how they are checked."""
    rows = [
        ["computed by csi when the paper is built", "recomputed, equal to one in a million"],
        ["other Python packages, run when the paper is built", "recomputed, below the bound"],
        ["numbers of R packages, tests/reference", "csi is run again, below the bound"],
        ["simulations and benchmarks, benchmarks/results", "equal to the stored files"],
        ["outputs of listings", "run again, equal but for the last digit"],
        ["figures", "drawn data recomputed, equal to one in a million"],
        ["versions of Python and libraries", "told, not compared"],
    ]
    return made(("Numbers", "Check"), rows, left=2, wide=0)
