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
from csi.estimate.covariance import measures
from csi.estimate.covariance.as_fit import fit_ml
from csi.estimate.covariance.fiml import fiml_solve
from csi.estimate.covariance.fiml_errors import fiml_errors
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.layout import place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.polychoric import ordinal_group
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.robust import errors_of
from csi.estimate.covariance.sample import sample_of
from csi.estimate.covariance.scoring import score
from csi.estimate.covariance.solution import parameters_table
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


def facts(fit: Any, table: pd.DataFrame, chi2: float, cfi: float) -> dict[str, Any]:
    rows = table[table["op"] == "=~"]
    return {
        "chi2": [chi2],
        "cfi": [cfi],
        "loadings": rows["standardised"].tolist(),
        "loading errors": rows["standardised_se"].tolist(),
    }


def csi_ml(frame: pd.DataFrame) -> Task:
    """Fit, errors, baseline, all measures of fit, standardised solution with errors."""
    wanted = sem_model()

    def task() -> Any:
        fit = fit_sem(wanted, frame)
        return fit, parameters_table(fit), all_measures(fit)

    return (
        task,
        lambda found: facts(
            found[0], found[1], found[0].tests["standard"].statistic, found[2]["cfi"]
        ),
        40,
    )


def all_measures(fit: Any) -> dict[str, float]:
    at, sample, chi2 = fit.implied, fit.sample, fit.tests["standard"].statistic
    moments = (sample.cov, sample.mean, at.cov[0], at.mean[0], sample.n)
    baseline = measures.independence(sample.cov, sample.n, fit.sample.multiplier(fit.options))
    cfi, tli, nfi = measures.comparative(chi2, fit.freedom, baseline)
    near = measures.rmsea(chi2, fit.freedom, sample.total)
    logl = measures.log_likelihood(*moments, means=False)
    aic, bic = measures.information_criteria(logl, len(fit.x), sample.total)
    return {
        "cfi": cfi, "tli": tli, "nfi": nfi, "rmsea": near.value, "logl": logl, "aic": aic,
        "bic": bic, "srmr": measures.srmr(*moments, means=False),
        "gfi": measures.goodness(*moments, means=False),
    }  # fmt: skip


def robust(data: Any) -> Task:
    """The ML task with robust errors and the scaled test instead of the standard ones."""
    wanted, options = sem_model(), SemOptions(errors="mlr")

    def task() -> Any:
        fit = fit_sem(wanted, data)
        _, tests, _ = errors_of(fit.placed, fit.x, fit.sample, options)
        return fit, parameters_table(fit), all_measures(fit), tests

    def told(found: Any) -> dict[str, Any]:
        return {"chi2": [found[3]["yuan-bentler"].statistic]}

    return task, told, 10


def csi_mlr(frame: pd.DataFrame) -> Task:
    return robust(frame[ITEMS])


def csi_design(frame: pd.DataFrame) -> Task:
    return robust(survey_of(frame))


def csi_fiml(frame: pd.DataFrame) -> Task:
    wanted, options = build.with_means(sem_model()), SemOptions(missing="fiml")
    placed = place(wanted)

    def task() -> Any:
        found = fiml_solve(placed, sample_of(wanted, frame, options), options)
        return found, fiml_errors(placed, found, options)

    return task, lambda found: {"chi2": [found[0].statistic]}, 1


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
