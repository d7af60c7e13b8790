"""Blindfolding: how well a PLS model predicts answers that were taken out of its own sample.

One block at a time every D-th answer is taken out, replaced by the mean of the others, the model
fitted again, and the answers predicted; until each was out once [chin1998partial],
[tenenhaus2005pls]. **Redundancy** predicts by the structural model, from the composites of the
construct's predictors; **communality** from the construct's own composite. Q2 compares the errors
with those of the means. The answers of other blocks, and the means and weights, stay in the sample
that predicts: Q2 is no out-of-sample measure (that is PLSpredict), and is given as the convention
has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csi.arrays import Array, IntArray, lock, one_thread
from csi.assess.explained import endogenous_of, ends_of, sources_of
from csi.assess.kernel_blindfolding import Omission, mean_filled, omitted, q_squared, squares
from csi.assess.kernel_explained import coefficients, f_squared
from csi.assess.model_fit import require_pls
from csi.errors import EstimationError, Fault, OptionError
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index.replicated import Replicated
from csi.moments.values import Moments
from csi.repeats import repeats_of
from csi.tabular import Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language

DISTANCE = 7
"""Omission distance where none is given and the sample size allows it."""

SHORTEST, LONGEST = 5, 12
"""Distances the convention allows [hair2011pls]."""

FORMATIVE = "formative: blindfolding is for reflective and single-item constructs"
SINGLE = "single item: nothing of the construct is left to predict it from"
WHOLE = "made of its parts, whose answers would tell what is omitted"
NOT_SETTLED = "a round did not settle"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Blindfolded(Summarised):
    """Q2 of the endogenous constructs and q2 of the paths.

    Attributes
    ----------
    constructs : tuple of str, length m
        Endogenous constructs.
    redundancy, communality : (m) Q2; NaN with a note; single items have no communality
    notes : tuple of str, length m
    effects : (e) q2 of every path of the model, from redundancies
    distance : int
    omission : {"answers", "respondents"}
    n : int
        Respondents that took part.
    left_out : int
        Respondents left out, as an answer was missing.
    """

    constructs: tuple[str, ...]
    redundancy: Array
    communality: Array
    notes: tuple[str, ...]
    effects: Array
    distance: int
    omission: Omission
    n: int
    left_out: int

    def __repr__(self) -> str:
        """Say in one line what was found."""
        found = ", ".join(
            f"{name} {value:.3f}"
            for name, value in zip(self.constructs, self.redundancy, strict=True)
        )
        return f"Q2 (redundancy) at distance {self.distance}, {self.n} respondents: {found}"

    def table(self) -> pd.DataFrame:
        """Return one row a construct and measure: ``construct, measure, estimate, note``."""
        rows = []
        each = zip(self.constructs, self.redundancy, self.communality, self.notes, strict=True)
        for name, redundancy, communality, note in each:
            rows.append((name, "Q2 redundancy", redundancy, note))
            alone = note or (SINGLE if np.isnan(communality) else "")
            rows.append((name, "Q2 communality", communality, alone))
        return pd.DataFrame(rows, columns=["construct", "measure", "estimate", "note"])

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Distance of omission": self.distance,
            "Omitted": said(self.omission, language),
            "Respondents": self.n,
            "Left out": self.left_out,
        }
        return summarised("Blindfolding", language, facts, [tabled("Q2", self.table(), language)])


def possible_distances(n: int) -> tuple[int, ...]:
    """Return the distances that do not divide the number of respondents.

    A divisor would take out the same respondents' answers to every item of a block.

    Examples
    --------
    >>> possible_distances(250)
    (6, 7, 8, 9, 11, 12)
    """
    return tuple(d for d in range(SHORTEST, LONGEST + 1) if n % d)


def blindfold(
    rep: Replicated, *, distance: int | None = None, omission: Omission = "answers"
) -> Blindfolded:
    """Return Q2 by blindfolding.

    Parameters
    ----------
    rep : Replicated
    distance : int, optional
        Omission distance, 5 to 12 and no divisor of the number of respondents; 7 where not given,
        or the nearest that is possible.
    omission : {"answers", "respondents"}
        See `csi.assess.kernel_blindfolding.Omission`.

    Returns
    -------
    Blindfolded

    Raises
    ------
    OptionError
        A covariance fit, an impossible distance or word: all at once.
    EstimationError
        No respondent gave all answers.

    Notes
    -----
    Sampling weights count in the means, the moments of every round and both sums of squares; strata
    and clusters have no part. Respondents with a missing answer are left out and counted.
    Respondents stand in the order of `csi.moments` (by design and answers), so that the order of
    the file does not matter. Errors are in units of each item's standard deviation. Under PLSc the
    rounds are fitted without the correction, as corrected coefficients do not go with composites.
    Formative constructs get no Q2, by convention [hair2011pls]; nor do constructs of constructs,
    and answers that these use again are omitted there, too.
    """
    whole = ~np.isnan(rep.sample.rows).any(axis=1) & (rep.sample.weights > 0)
    rows, weights = rep.sample.rows[whole], rep.sample.weights[whole]
    if len(rows) <= len(rep.model.items):
        what = f"only {len(rows)} respondents gave all answers"
        raise EstimationError(Fault("blindfolding", what, "leave it out"))
    distance = _distance(rep, len(rows), distance, omission)
    model, chosen = rep.model, endogenous_of(rep.model)
    places, constructs = ends_of(model), model.constructs
    effects = np.full(len(places), np.nan)
    told = np.full((2, len(chosen)), np.nan)
    notes = [""] * len(chosen)
    blocks = _places(rep)
    with one_thread():
        for at, target in enumerate(chosen):
            if constructs[target].parts:
                notes[at] = WHOLE
                continue
            if constructs[target].kind == "formative":
                notes[at] = FORMATIVE
                continue
            own = [places.index((source, target)) for source in sources_of(model)[target]]
            sums = _rounds(rep, rows, weights, target, blocks, distance, omission)
            if not np.isfinite(sums).all():
                notes[at] = NOT_SETTLED
                continue
            told[:, at] = q_squared(sums[1:3], sums[0])
            if len(blocks[target]) == 1:
                told[1, at] = np.nan
            effects[own] = f_squared(told[0, at], q_squared(sums[3:], sums[0]))
    return Blindfolded(
        constructs=tuple(model.names[j] for j in chosen),
        redundancy=lock(told[0].copy()),
        communality=lock(told[1].copy()),
        notes=tuple(notes),
        effects=lock(effects),
        distance=distance,
        omission=omission,
        n=len(rows),
        left_out=int((rep.sample.weights > 0).sum()) - len(rows),
    )


def _distance(rep: Replicated, n: int, distance: int | None, omission: str) -> int:
    """Return the omission distance, or refuse what is not possible."""
    faults: list[Fault] = []
    possible = possible_distances(n) or tuple(d for d in range(LONGEST, 30) if n % d)[:1]
    try:
        require_pls(rep.fit)
    except OptionError as error:
        faults.extend(error.faults)
    if omission not in ("answers", "respondents"):
        fix = "use one of answers, respondents"
        faults.append(Fault("option omission", f"{omission!r} is not possible", fix))
    if distance is not None and distance not in possible:
        what = f"{distance!r} is not possible for {n} respondents"
        fix = f"use one of {', '.join(map(str, possible))}"
        faults.append(Fault("option distance", what, fix))
    if faults:
        raise OptionError(faults)
    return distance or min(possible, key=lambda d: (abs(d - DISTANCE), d))


def _places(rep: Replicated) -> tuple[IntArray, ...]:
    """Return the places of the items of every construct."""
    return tuple(np.flatnonzero(column) for column in rep.model.blocks.T)


def _rounds(
    rep: Replicated,
    rows: Array,
    w: Array,
    target: int,
    blocks: tuple[IntArray, ...],
    distance: int,
    omission: Omission,
) -> Array:
    """Return sums of squared errors of one block over all rounds.

    By the means, by the structural model, by the own composite, and by the structural model
    without each of its predictors.
    """
    block, sources = blocks[target], sources_of(rep.model)[target]
    truth, sd = rows[:, block], _moments(rows, w)[2][block]
    away = omitted(len(rows), len(block), distance, omission)
    filled = [mean_filled(truth, out, w) for out in away]
    repeats = repeats_of(rep.model.items)
    again = repeats.first[repeats.at]  # an answer is omitted wherever it is used
    parts = [_moments(_put(rows, block, one, again), w) for one, _ in filled]
    fits = _fit(rep, rows, [part[0] for part in parts], [part[1] for part in parts])
    if not fits.converged.all():
        return np.full(3 + len(sources), np.nan)
    sums = np.zeros(3 + len(sources))
    for g, (one, mean) in enumerate(filled):
        scores = _scores(fits, g, _put(rows, block, one, again), parts[g], blocks)
        scale = parts[g][2][block] * fits.loadings[g, block]
        C = fits.construct_corr[g]  # noqa: N806
        told = [scores[:, sources] @ coefficients(C, target, sources), scores[:, target]]
        for left in sources:
            rest = [k for k in sources if k != left]
            told.append(scores[:, rest] @ coefficients(C, target, rest))
        predicted = [mean + np.outer(score, scale) for score in told]
        every = [np.broadcast_to(mean, truth.shape), *predicted]
        sums += [squares(truth, each, away[g], w, sd) for each in every]
    return sums


def _put(rows: Array, block: IntArray, values: Array, again: IntArray) -> Array:
    """Return the answers with those of one block replaced, in all places where they are used."""
    moved = rows.copy()
    moved[:, block] = values
    return moved[:, again]


def _moments(rows: Array, w: Array) -> tuple[Array, Array, Array]:
    """Return weighted means, covariances and standard deviations of complete answers."""
    mean = w @ rows / w.sum()
    centred = rows - mean
    cov = centred.T @ (w[:, None] * centred) / w.sum()
    return mean, cov, np.sqrt(np.diag(cov))


def _fit(rep: Replicated, rows: Array, means: list[Array], covs: list[Array]) -> Fit:
    """Fit all rounds at once, without the correction of PLSc."""
    rounds, p = len(means), rows.shape[1]
    moments = Moments(
        items=rep.model.items,
        mean=lock(np.stack(means)),
        cov=lock(np.stack(covs)),
        n=np.full(rounds, len(rows)),
        sum_weights=lock(np.full(rounds, float(rep.sample.weights.sum()))),
        n_effective=lock(np.full(rounds, float(rep.fit.moments.n_effective))),
        answers=np.full((rounds, p), len(rows)),
        missing="complete",
    )
    options: PLSOptions = replace(rep.options.pls, consistent=False)
    return fit_pls(rep.model, moments, options, like=rep.fit)


def _scores(
    fit: Fit,
    g: int,
    rows: Array,
    part: tuple[Array, Array, Array],
    blocks: tuple[IntArray, ...],
) -> Array:
    """Return the composites of all constructs in one round, (n, q), of variance one."""
    mean, _, sd = part
    scale = np.ones_like(sd) if fit.metric == "raw" else sd
    weights = fit.weights[g] / scale
    return np.stack([(rows[:, b] - mean[b]) @ weights[b] for b in blocks], axis=1)
