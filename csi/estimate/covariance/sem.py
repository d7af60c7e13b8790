"""Covariance-based structural equation models, under one name: ``csi.sem``.

``fit`` takes a satisfaction model, lavaan-style text or a `SemModel`, and a survey, a data frame or
moments; the other functions take what it returns.

Examples
--------
>>> import csi
>>> from csi.simulation import simulate
>>> made = simulate(csi.models.load("scsb"), years=[2025], n=300, seed=1)
>>> survey = csi.read_survey(made.answers, made.codebook)
>>> fit = csi.sem.fit(made.model, survey)
>>> fit.converged
True
>>> table = csi.sem.measures(fit).set_index("measure")["value"]
>>> bool(table["CFI"] > 0.9)
True
"""

from __future__ import annotations

from csi.estimate.covariance.diagnosis import diagnosis
from csi.estimate.covariance.difference import difference_test
from csi.estimate.covariance.factor_means import factor_means
from csi.estimate.covariance.fit import fit_sem as fit
from csi.estimate.covariance.invariance_ladder import invariance
from csi.estimate.covariance.invariance_steps import Invariance
from csi.estimate.covariance.measures_table import measures
from csi.estimate.covariance.modification import modification_indices, residuals
from csi.estimate.covariance.options import SemOptions as Options
from csi.estimate.covariance.release_tests import release_tests
from csi.estimate.covariance.result import SemFit as Fit
from csi.estimate.covariance.solution import defined_table as defined
from csi.estimate.covariance.solution import explained, reliabilities
from csi.estimate.covariance.solution import parameters_table as parameters
from csi.model.sem.build import sem_of as model_of
from csi.model.sem.invariance import with_invariance
from csi.model.sem.text import sem_from_text as model_from_text
from csi.model.sem.values import SemModel as Model

__all__ = [
    "Fit",
    "Invariance",
    "Model",
    "Options",
    "defined",
    "diagnosis",
    "difference_test",
    "explained",
    "factor_means",
    "fit",
    "invariance",
    "measures",
    "model_from_text",
    "model_of",
    "modification_indices",
    "parameters",
    "release_tests",
    "reliabilities",
    "residuals",
    "with_invariance",
]
