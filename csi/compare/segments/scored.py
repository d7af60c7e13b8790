"""The respondents that segments are looked for among, with their scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray, lock, one_thread, readonly, readonly_int
from csi.compare.segments.kernel_mixture import Equations
from csi.compare.segments.options import TIMES
from csi.errors import EstimationError, Fault, MomentsError, NotConvergedError
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.model import Model
from csi.moments.blocks import Sample, blocks_of
from csi.moments.groups import Cell, moments_of_rows, require_names
from csi.survey.cells import nearest
from csi.survey.survey import Survey
from csi.tabular import Brief


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scored(Brief):
    """Respondents with all answers of a model, their scores, and the fit these come from.

    Attributes
    ----------
    sample : Sample
        In an order that does not depend on the file; ``numbers`` are the places in the survey.
    fit : Fit
        PLS of these respondents together.
    whole : Fit
        PLS of all respondents, those with gaps included (EM), to see what leaving them out does.
    scores : (n, q) composites with weighted mean 0 and variance 1
    asked : int
        Respondents who were looked at: of weight above zero, in the part of the survey asked for.
    """

    sample: Sample
    fit: Fit
    whole: Fit
    scores: Array
    asked: int

    @property
    def left_out(self) -> int:
        """Respondents without all answers."""
        return self.asked - len(self.sample.rows)

    @property
    def n_effective(self) -> float:
        """Kish's effective number of respondents."""
        weights = self.sample.weights
        return float(weights.sum() ** 2 / np.sum(weights**2))

    @property
    def shift(self) -> float:
        """Largest difference of a path between these respondents and all; NaN if unknown."""
        if not self.whole.converged:
            return float("nan")
        return float(np.max(np.abs(self.fit.paths - self.whole.paths)))

    def scaled_weights(self, total: float) -> Array:
        """Return the weights, adding up to `total`."""
        return np.asarray(self.sample.weights * (total / self.sample.weights.sum()))


def scored(
    survey: Survey, model: Model, where: Mapping[str, str] | None, pls: PLSOptions
) -> Scored:
    """Fit the model to the respondents with all answers and score them.

    Parameters
    ----------
    survey : Survey
    model : Model
    where : mapping of str to str or None
        Values of keys that the respondents share.
    pls : PLSOptions

    Raises
    ------
    MomentsError
        Unknown items, keys or values; all at once.
    EstimationError
        Too few complete answers, or answers that cannot be fitted.
    NotConvergedError
        The iteration of PLS did not settle.

    Notes
    -----
    A score needs all items of its construct, and a respondent all scores. Scores from expected
    answers (EM) would be pulled together, which mixtures take for a segment of small variance:
    respondents with a gap are left out, and counted.
    """
    rows = _rows(survey, model, where or {})
    asked = rows[survey.design.weights[rows] > 0]
    if not len(asked):
        raise EstimationError(Fault("respondents", "there are none", "take a larger part"))
    sample = blocks_of(survey, [model.items], [Cell((), asked)], "complete")[0].samples[0]
    with one_thread():
        moments = moments_of_rows(sample.rows, sample.weights, model.items, "complete")
        if moments.problems:
            raise EstimationError(Fault("respondents with all answers", moments.problems[0], _FIX))
        fit = fit_pls(model, moments, pls)
        if not fit.converged:
            what = f"PLS did not settle in {int(fit.steps)} steps"
            raise NotConvergedError(Fault("fit", what, "look at the items, or raise max_steps"))
        every = survey.columns(model.items)[asked]
        whole = fit_pls(
            model, moments_of_rows(every, survey.design.weights[asked], model.items, "em"), pls
        )
    used = Sample(
        sample.items, readonly(sample.rows), readonly(sample.weights),
        readonly_int(sample.units), readonly_int(sample.numbers),
    )  # fmt: skip
    return Scored(used, fit, whole, composites_of(fit, sample.rows), len(asked))


_FIX = "take more respondents, or a model with fewer items"


def composites_of(fit: Fit, rows: Array) -> Array:
    """Return the scores of respondents under a single fit, (n, q), with its means and weights."""
    centred = rows - fit.moments.mean
    if fit.metric == "standardised":
        centred = centred / np.sqrt(np.diag(fit.moments.cov))
    return lock((centred * fit.weights) @ fit.model.blocks)


def equations_of(model: Model, *, intercepts: bool) -> Equations:
    """Return the regressions of a model by column of (1, scores).

    The arrows from parts to a whole made of them are none: they would leave no variance. Its other
    causes are taken without the parts beside them, as PLS takes them.
    """
    arrows = model.arrows.copy()
    for whole in model.wholes:
        if whole.kind != "reflective":
            parts = [model.names.index(part) for part in whole.parts]
            arrows[parts, model.names.index(whole.name)] = False
    own = [tuple((np.flatnonzero(column) + 1).tolist()) for column in arrows.T]
    first = (0,) if intercepts else ()
    return Equations(
        tuple(j + 1 for j, sources in enumerate(own) if sources),
        tuple(first + sources for sources in own if sources),
    )


def least_respondents(model: Model, min_n: int | None, n: int, share: float) -> int:
    """Return the least respondents of a segment: as told, or by arrows and share of n."""
    if min_n is not None:
        return min_n
    return max(TIMES * int(model.arrows.sum(axis=0).max()), int(np.ceil(share * n)))


def _rows(survey: Survey, model: Model, where: Mapping[str, str]) -> IntArray:
    """Return the places of the respondents who share the values of `where`."""
    require_names(survey, model.items, tuple(where))
    taken = np.ones(len(survey), dtype=bool)
    faults = []
    for key, value in where.items():
        here = np.asarray(survey.keys[key] == value)
        if not here.any():
            known = sorted({str(v) for v in survey.keys[key] if v != ""})
            faults.append(Fault(f"key {key}", f"nobody has {value!r}", nearest(value, known)))
        taken &= here
    if faults:
        raise MomentsError(faults)
    return np.flatnonzero(taken)
