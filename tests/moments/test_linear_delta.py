"""Delta-method errors of paths and of the index against the bootstrap.

2,000 draws give a standard error to 1.6 %. The bootstrap also sees how the figures bend, a share
of 1/n of their variance; together 7 % is four such errors and more.
"""

from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.fit import Fit
from csi.estimate.intervals import standard_error
from csi.estimate.pls import fit_pls
from csi.estimate.pls.options import PLSOptions
from csi.index.formula import index_score, index_weights
from csi.model import models
from csi.model.model import Model
from csi.moments.blocks import blocks_of
from csi.moments.design import design_variance
from csi.moments.groups import cells_of, moments_of_rows
from csi.moments.linear import figure_scores, jacobian, moment_steps, sample_scores
from csi.moments.replicates import draw_moments
from csi.moments.vectors import moment_vector, moments_at
from csi.simulation import MissingAnswers, simulate
from csi.survey.read import read_survey

CLOSE = 0.07


def figures_of(fit: Fit, model: Model, low: Array, high: Array) -> Array:
    """Paths and the indices of all constructs, (b, k)."""
    paths = fit.paths[..., model.arrows]
    index = index_score(fit.moments.mean, index_weights(fit), low, high, model.blocks)
    return np.concatenate([paths, index], axis=-1)


@pytest.mark.parametrize(("missing", "gone"), [("complete", 0.0), ("em", 0.08)])
def test_paths_and_index(missing: Any, gone: float) -> None:
    model = models.load("ecsi")
    told = simulate(model, years=[2025], n=600, seed=81, missing=MissingAnswers(dont_know=gone))
    survey = read_survey(told.answers, told.codebook)
    (block,) = blocks_of(survey, [model.items], cells_of(survey, ()), missing)
    (sample,) = block.samples
    single = moments_of_rows(sample.rows, sample.weights, model.items, missing)
    options = PLSOptions(tolerance=1e-10)
    fit = fit_pls(model, single, options)
    low, high = np.ones(len(model.items)), np.full(len(model.items), 10.0)

    def figures(vectors: Array) -> Array:
        fits = fit_pls(model, moments_at(single, vectors), options, like=fit)
        return figures_of(fits, model, low, high)

    scores = sample_scores(sample, len(block.strata), single)
    vector = moment_vector(single.mean, single.cov)
    steps = moment_steps(vector, design_variance(scores, block.strata))
    found = jacobian(figures, vector, steps)
    delta = np.sqrt(design_variance(figure_scores(found, scores), block.strata))
    half = np.sqrt(
        design_variance(figure_scores(jacobian(figures, vector, steps / 2), scores), block.strata)
    )
    np.testing.assert_allclose(half, delta, rtol=1e-3)  # the step does not matter
    draws = 2000 if missing == "complete" else 400
    (drawn,) = draw_moments(block, missing, draws=draws, seed=82)
    fits = fit_pls(model, drawn, like=fit)
    assert fits.converged.all()
    boot = standard_error(figures_of(fits, model, low, high))
    close = CLOSE if draws == 2000 else 0.15  # 400 draws give an error to 3.5 %
    np.testing.assert_allclose(delta / boot, 1.0, atol=close)
