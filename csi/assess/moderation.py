"""Moderation: effects of constructs that depend on another construct, or on their own level.

    found = moderation(survey, model, [interaction("Image", "Value", on="Satisfaction")])

Three ways to score a term [henseler2010comparison]. ``two-stage``: the model is fitted without
terms, and the product of the standardised scores joins the regression of the target
[chin2003partial]. ``product``: the products of the standardised items of both constructs are a
block of their own, fitted with the rest. ``orthogonalised``: the same with what the items leave
unexplained of their products [little2006merits]. The last two choose the weights of the products
so that the term goes with the target. Where moderation is weak these weights follow chance: f2 is
too large, and errors are up to three times those of ``two-stage``, which is the default
(``benchmarks/results/moderation.md``).

Errors come from replicates of the survey, in each of which everything is found anew: weights,
means, variances, products. Sampling weights, strata and clusters count as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.extended import Extended, answered, extended_samples, pairs_of
from csi.assess.moderation_fit import Columns, Road, Surface, surface
from csi.assess.moderation_terms import (
    Method,
    Second,
    Term,
    interaction,
    quadratic,
    require_terms,
)
from csi.errors import EstimationError, Fault
from csi.estimate.fit import Fit
from csi.index.cells import Spread
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.moments.groups import require_names
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, coefficients, summarised
from csi.text import Language

__all__ = ["Moderation", "interaction", "moderation", "moderation_by", "quadratic"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Moderation(Summarised):
    """A model with terms, and what its replicates say.

    Attributes
    ----------
    terms : tuple of Term
    method : Method
    second : Second
    whole : Replicated
        The model without terms: sample, fit, replicates. ``usable`` says in which replicates the
        model with terms settled too.
    fit : Fit or None
        The model fitted with terms as constructs; None for regressions of scores.
    estimate : Surface
    draws : Surface
        Batch ``(R,)``.
    complete : tuple of int
        For each term the respondents who answered all items of source and moderator; products of
        the others have gaps, which are left out pair by pair.
    """

    terms: tuple[Term, ...]
    method: Method
    second: Second
    whole: Replicated
    fit: Fit | None
    estimate: Surface
    draws: Surface
    complete: tuple[int, ...]

    @property
    def model(self) -> Model:
        """The model without terms."""
        return self.whole.model

    @property
    def n(self) -> int:
        """Respondents used."""
        return int(self.whole.fit.moments.n)

    @property
    def draws_used(self) -> int:
        """Replicates that count."""
        return self.whole.draws_used

    @property
    def replicates(self) -> int:
        """Replicates made."""
        return len(self.whole.usable)

    def spread(self, name: str) -> Spread:
        """Return a figure of `Surface` by its name, with errors and limits."""
        return self.whole.spread(getattr(self.estimate, name), getattr(self.draws, name))

    def place(self, construct: str) -> int:
        """Return the number of a construct."""
        return self.model.names.index(construct)

    def scores(self, construct: str) -> Array:
        """Return the standardised score of each respondent, NaN where an answer is missing."""
        moments, own = self.whole.fit.moments, self.model.blocks[:, self.place(construct)]
        sd = np.sqrt(np.diag(moments.cov))
        rows = self.whole.sample.rows
        return np.asarray(((rows - moments.mean) / sd)[:, own] @ self.estimate.weights[own])

    def __repr__(self) -> str:
        """Say in one line what was fitted."""
        return (
            f"Moderation of {self.model.name}, {words_of(self.method, self.second)}: n {self.n}, "
            f"{len(self.terms)} term{'s' * (len(self.terms) != 1)}, "
            f"{self.draws_used} of {self.replicates} replicates"
        )

    def terms_table(self) -> pd.DataFrame:
        """Return one row a term: ``term, estimate, se, p_value, lower, upper, n``."""
        found = self.spread("coefficient")
        return pd.DataFrame(
            {
                "term": [str(term) for term in self.terms],
                "estimate": found.estimate,
                "se": found.se,
                "p_value": self.whole.p_values(found),
                "lower": found.lower,
                "upper": found.upper,
                "n": self.complete,
            }
        )

    def _summary(self, language: Language) -> Summary:
        level = self.whole.options.level
        facts: Told = {
            "Model": self.model.name,
            "Method": words_of(self.method, self.second),
            "Respondents": self.n,
            "Replicates": f"{self.draws_used} / {self.replicates}",
            "Confidence level": level,
        }
        table = coefficients("Terms", self.terms_table(), language, ["term"], statistic="t",
                             level=level, further=["n"])  # fmt: skip
        return summarised("Moderation", language, facts, [table])


def words_of(method: Method, second: Second) -> str:
    """Return the method in words.

    Examples
    --------
    >>> words_of("two-stage", "scores")
    'two-stage (regression of scores)'
    """
    if method == "two-stage":
        return "two-stage (model fitted again)" if second == "refit" else (
            "two-stage (regression of scores)")  # fmt: skip
    return {"product": "product indicators", "orthogonalised": "orthogonalised products"}[method]


def moderation(
    survey: Survey,
    model: Model,
    terms: Sequence[Term] | Term,
    options: IndexOptions | None = None,
    *,
    method: Method = "two-stage",
    second: Second = "scores",
) -> Moderation:
    """Fit a model with interactions and quadratic effects to a survey.

    Parameters
    ----------
    survey : Survey
    model : Model
        Without the terms; source and moderator of a term must have paths to its target.
    terms : Term or sequence of Term
        From `interaction` and `quadratic`.
    options : IndexOptions, optional
        Draws, seed, replicates, interval, level, PLS options, missing answers. With ``em`` and
        ``pairwise`` products have the respondents who answered both items, with ``complete`` those
        who answered every item of the model.
    method : {"two-stage", "product", "orthogonalised"}
    second : {"scores", "refit"}
        For ``two-stage``: keep the scores of the first stage and regress [henseler2010comparison],
        or fit the whole model again with the product as a construct of one item, as seminr and
        openpls do. Weights then move a little, as the term has a part in the inner weights.

    Returns
    -------
    Moderation

    Raises
    ------
    OptionError
        Terms the model cannot have, words that are not possible; all at once.
    EstimationError, NotConvergedError
        The model cannot be fitted.

    Notes
    -----
    Scale: ``path`` is per unit of the product of the standardised scores, which is not
    standardised again (as in seminr), so that the slope of the source changes by it with one
    standard deviation of the moderator; ``path standardised`` is for the term scaled to variance
    one (as in openpls). They differ by the standard deviation of the product. Scores have variance
    one with the sum of weights as divisor; with n - 1 as in seminr ``path`` is larger by
    ``sqrt(n / (n - 1))``. With ``product`` and ``orthogonalised`` the scale of the term is the
    mean standard deviation of its products, weighted by absolute loadings (as in seminr).
    """
    return moderation_by(survey, model, terms, options, method=method, second=second)[0]


def moderation_by(
    survey: Survey,
    model: Model,
    terms: Sequence[Term] | Term,
    options: IndexOptions | None = None,
    *,
    by: str | Sequence[str] = (),
    method: Method = "two-stage",
    second: Second = "scores",
) -> tuple[Moderation, ...]:
    """Return `moderation` of every group of a survey, in the order of the codebook.

    Parameters
    ----------
    by : str or sequence of str
        Keys of the codebook; ``whole.label`` of each result says which group it is.
    survey, model, terms, options, method, second
        As in `moderation`.
    """
    options = options or IndexOptions()
    terms = (terms,) if isinstance(terms, Term) else tuple(terms)
    require_terms(model, terms, options, method, second)
    names = (by,) if isinstance(by, str) else tuple(by)
    require_names(survey, model.items, names)
    scale = {item.name: (item.low, item.high) for item in survey.codebook.items}
    low, high = (np.array([scale[item][end] for item in model.items]) for end in (0, 1))
    road = Road(model, terms, method, second, options.pls, low, high)
    pairs = pairs_of([(road.items_of(t.source), road.items_of(t.moderator)) for t in terms])
    samples = extended_samples(survey, model, pairs, options, names)
    return tuple(_found(road, sample) for sample in samples)


def _found(road: Road, sample: Extended) -> Moderation:
    """Read one sample and its replicates."""
    whole = sample.whole
    here = Columns(sample.cov, sample.center, sample.pairs)
    drawn = Columns(sample.draw_cov, sample.center, sample.pairs)
    estimate, fit = surface(road, here, whole.fit)
    if problem := _problem(estimate):
        raise EstimationError(Fault(", ".join(whole.label) or "fit", *problem))
    draws, _ = surface(road, drawn, whole.draws, like=fit)
    usable = whole.usable & draws.settled & np.isfinite(draws.standardised).all(axis=1)
    usable.setflags(write=False)
    whole = replace(whole, usable=usable)
    complete = tuple(
        answered(whole.sample, np.union1d(road.items_of(t.source), road.items_of(t.moderator)))
        for t in road.terms
    )
    return Moderation(road.terms, road.method, road.second, whole, fit, estimate, draws, complete)


def _problem(estimate: Surface) -> tuple[str, str] | None:
    """Say why a model with terms cannot be used and what to do, or nothing."""
    if not estimate.settled:
        return "the model with terms did not settle", 'take method "two-stage"'
    if not np.isfinite(estimate.standardised).all():
        what = "a term cannot be told from the constructs it is made of, or from another term"
        return what, "leave it out: a construct of two values has no curve, for example"
    return None
