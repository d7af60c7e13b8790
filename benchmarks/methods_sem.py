"""What `bench_sem.py` times: `python methods_sem.py METHOD N FOLDER` prints JSON.

The folder holds `answers_N.csv` and `holes_N.csv` (10 % missing), made by `bench_sem.py`. CPU time
is user plus system time of the task alone; reading data and imports are outside.
"""

import json
import resource
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from methods import timed

import csi
from csi.estimate.covariance.as_fit import fit_ml
from csi.estimate.covariance.layout import place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.polychoric import ordinal_group
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.sample import sample_of
from csi.estimate.covariance.scoring import score
from csi.estimate.covariance.starts import starting_values
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct
from csi.model.sem import build
from csi.model.sem.values import SemModel
from csi.survey import Survey, read_survey
from csi.survey.codebook import Codebook, Item
from csi.text import Text

BLOCKS = {"IMAG": 5, "EXPE": 4, "QUAL": 7, "VAL": 2, "SAT": 3, "LOY": 3}
ARROWS = {
    "IMAG": ["EXPE", "SAT", "LOY"],
    "EXPE": ["QUAL", "VAL", "SAT"],
    "QUAL": ["VAL", "SAT"],
    "VAL": ["SAT"],
    "SAT": ["LOY"],
}
DRAWS = 1_000
ALONE = 100
"""Bootstrap fits made one by one; their time is scaled up to DRAWS."""
Task = tuple[Callable[[], Any], Callable[[Any], dict[str, Any]], int]


def items_of(construct: str) -> list[str]:
    return [f"{construct}{k}" for k in range(1, BLOCKS[construct] + 1)]


ITEMS = [item for construct in BLOCKS for item in items_of(construct)]


def model() -> Model:
    return Model(
        tuple(Construct(name, tuple(items_of(name))) for name in BLOCKS),
        [paths(source, to=to) for source, to in ARROWS.items()],
        "SAT",
        name="benchmark",
    )


def text() -> str:
    """The model in the words that lavaan and semopy share."""
    lines = [f"{name} =~ {' + '.join(items_of(name))}" for name in BLOCKS]
    for target in list(BLOCKS)[1:]:
        sources = [source for source, to in ARROWS.items() if target in to]
        lines.append(f"{target} ~ {' + '.join(sources)}")
    return "\n".join(lines) + "\n"


def sem_model() -> SemModel:
    return build.sem_of(model())


def survey_of(frame: pd.DataFrame) -> Survey:
    design = {"weight": "w", "cluster": "cluster"} if "w" in frame else {}
    items = tuple(Item(name=name, column=name, low=1, high=10) for name in ITEMS)
    return read_survey(frame, Codebook(title=Text("benchmark"), items=items, **design))


def fitted(data: Any, repeats: int, **options: Any) -> Task:
    """Fit, errors, baseline, tests, all measures of fit, standardised solution with errors."""
    wanted, chosen = sem_model(), csi.sem.Options(**options)
    test = "yuan-bentler" if options.get("errors") == "mlr" else "standard"

    def task() -> Any:
        fit = csi.sem.fit(wanted, data, chosen)
        return fit, csi.sem.parameters(fit), csi.sem.measures(fit)

    def told(found: Any) -> dict[str, Any]:
        fit, table, measures = found
        assert fit.converged
        loadings = table[table["op"] == "=~"]
        return {
            "chi2": [fit.tests[test].statistic],
            "cfi": [float(measures.set_index("measure").loc["CFI", "value"])],
            "loadings": loadings["standardised"].tolist(),
            "loading errors": loadings["standardised_se"].tolist(),
        }

    return task, told, repeats


def csi_ml(frame: pd.DataFrame) -> Task:
    return fitted(frame[ITEMS], 40)


def csi_mlr(frame: pd.DataFrame) -> Task:
    return fitted(frame[ITEMS], 10, errors="mlr")


def csi_design(frame: pd.DataFrame) -> Task:
    return fitted(survey_of(frame), 5, errors="mlr")


def csi_fiml(frame: pd.DataFrame) -> Task:
    return fitted(frame, 1, missing="fiml")


def csi_semopy(frame: pd.DataFrame) -> Task:
    return fitted(frame[ITEMS], 20, engine="semopy")


def csi_polychoric(frame: pd.DataFrame) -> Task:
    wanted = sem_model()
    rows = sample_of(wanted, frame, SemOptions()).rows[0]

    def told(found: Any) -> dict[str, Any]:
        return {"correlations": found.cov.T[np.triu_indices(24, 1)].tolist()}

    return lambda: ordinal_group(rows, np.full(24, True)), told, 3


def csi_bootstrap(frame: pd.DataFrame) -> Task:
    """1,000 bootstrap fits, resampling included, in one batch."""
    survey, wanted = survey_of(frame[ITEMS]), model()

    def task() -> Any:
        drawn = csi.replicate_moments(survey, wanted, draws=DRAWS, seed=1, missing="complete")
        return fit_ml(wanted, drawn)

    return task, lambda fits: {"converged": [float(fits.converged.mean())]}, 1


def csi_one_by_one(frame: pd.DataFrame) -> Task:
    """The same fits one by one."""
    survey, wanted = survey_of(frame[ITEMS]), sem_model()
    drawn = csi.replicate_moments(survey, model(), draws=ALONE, seed=1, missing="complete")
    n = np.full(len(drawn.cov), len(frame))
    parts = [(cov, mean, int(of)) for cov, mean, of in zip(drawn.cov, drawn.mean, n, strict=True)]

    def task() -> Any:
        placed, ended = place(wanted), []
        for cov, mean, of in parts:
            sample = SemSample(cov[None], mean[None], np.array([of]))
            start = starting_values(placed, sample.cov[None], sample.mean[None])
            ended.append(score(placed.layout, sample.target(SemOptions()), start))
        return ended

    return task, lambda ended: {"converged": [float(np.mean([e.converged[0] for e in ended]))]}, 1


def semopy_ml(frame: pd.DataFrame, **options: Any) -> Task:
    import semopy

    wanted, frame = text(), frame[ITEMS].astype(float)

    def task() -> Any:
        fitted = semopy.Model(wanted)
        fitted.fit(frame, **options)
        return fitted.inspect(std_est=True), semopy.calc_stats(fitted)

    def told(found: Any) -> dict[str, Any]:
        table, stats = found
        by_item = table[(table["op"] == "~") & table["lval"].isin(ITEMS)].set_index("lval")
        return {
            "chi2": [float(stats["chi2"].iloc[0])],
            "cfi": [float(stats["CFI"].iloc[0])],
            "loadings": by_item.loc[ITEMS, "Est. Std"].astype(float).tolist(),
        }

    return task, told, 8


def semopy_precise(frame: pd.DataFrame) -> Task:
    return semopy_ml(frame, options={"ftol": 1e-14})


def seminr_ml(frame: pd.DataFrame, estimator: str = "ML") -> Task:
    import seminr

    frame = frame[ITEMS]
    measurement = seminr.constructs(*(seminr.reflective(name, items_of(name)) for name in BLOCKS))
    structure = seminr.relationships(*(seminr.paths(a, to) for a, to in ARROWS.items()))

    def task() -> Any:
        fit = seminr.estimate_cbsem(frame, measurement, structure, estimator=estimator)
        return fit, seminr.summarize(fit)

    def told(found: Any) -> dict[str, Any]:
        fit, _ = found
        measured = fit.estimation.fit_measures
        loads = fit.factor_loadings
        figures = {
            "cfi": [float(measured["cfi"])],
            "chi2": [float(measured["chisq"])],
        }
        if estimator == "MLR":
            figures["chi2"][0] /= fit.estimation.robust.scaling_factor
        if estimator == "ML":
            figures["loadings"] = [loads.get(i, c) for c in BLOCKS for i in items_of(c)]
        return figures

    return task, told, 8


def seminr_mlr(frame: pd.DataFrame) -> Task:
    return seminr_ml(frame, "MLR")


METHODS: dict[str, Callable[[pd.DataFrame], Task]] = {
    "csi ml": csi_ml,
    "csi ml, engine semopy": csi_semopy,
    "csi mlr": csi_mlr,
    "csi design": csi_design,
    "csi fiml": csi_fiml,
    "csi polychoric": csi_polychoric,
    "csi bootstrap": csi_bootstrap,
    "csi one by one": csi_one_by_one,
    "semopy ml": semopy_precise,
    "semopy ml, default stop": semopy_ml,
    "seminr ml": seminr_ml,
    "seminr mlr": seminr_mlr,
}


def main(method: str, n: str, folder: str) -> dict[str, Any]:
    kind = "holes" if method.endswith("fiml") else "answers"
    frame = pd.read_csv(Path(folder) / f"{kind}_{n}.csv")
    task, told, repeats = METHODS[method](frame)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result, used, _ = timed(task, repeats + (repeats > 1))
    package = method.split()[0]
    return {
        "cpu": used[1:] or used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "version": csi.__version__ if package == "csi" else version(package),
        "figures": told(result),
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
