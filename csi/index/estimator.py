"""The estimator that index figures rest on: partial least squares, or maximum likelihood."""

from __future__ import annotations

from csi.estimate.covariance.as_fit import fit_ml, words_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.fit import Fit
from csi.estimate.pls import fit_pls
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.values import Moments


def fit_model(
    model: Model, moments: Moments, options: IndexOptions, *, like: Fit | None = None
) -> Fit:
    """Fit a model to a batch of moments by the estimator of the options.

    Parameters
    ----------
    model : Model
    moments : Moments
    options : IndexOptions
    like : Fit, optional
        A fit of the sample that the batch was drawn from.
    """
    if options.estimator == "ml":
        return fit_ml(model, moments, SemOptions(), like=like)
    return fit_pls(model, moments, options.pls, like=like)


def estimator_words(options: IndexOptions, model: Model) -> str:
    """Return the estimator with its options in words."""
    if options.estimator == "ml":
        return words_of(SemOptions())
    return options.pls.words(wholes=bool(model.wholes))
