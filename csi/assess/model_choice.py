"""Several models of the same survey compared by what they say about one construct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csi.arrays import Array, lock, one_thread
from csi.assess.kernel_criteria import aic, bic, error_sum, weights_of
from csi.errors import EstimationError, Fault, OptionError
from csi.estimate.fit import Fit
from csi.index.estimator import fit_model
from csi.index.fitting import problem_of
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.groups import moments_of
from csi.moments.replicates import plan_replicates, replicate_moments
from csi.moments.values import Moments
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language, Text
from csi.verdict import Grade, Verdict, worded

CLEAR = 0.95
"""Weight of a model from which on it is preferred clearly [raftery1995bayesian]."""

POSITIVE = 0.75
"""Weight from which on the evidence for it is positive [raftery1995bayesian]."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ModelChoice(Summarised):
    """Models compared by the criteria of one construct.

    Attributes
    ----------
    construct : str
    label : Text
        The construct in words.
    models : tuple of str, length m
    predictors : (m) number of predictors of the construct
    r2, aic, bic : (m)
    aic_weight, bic_weight : (m) weights of evidence, adding to one
    won : (m) share of replicates in which the model has the smallest BIC; NaN without random
        draws
    draws_used : int
        Replicates in which all models settled.
    """

    construct: str
    label: Text
    models: tuple[str, ...]
    predictors: Array
    r2: Array
    aic: Array
    bic: Array
    aic_weight: Array
    bic_weight: Array
    won: Array
    draws_used: int

    @property
    def best(self) -> str:
        """The model with the smallest BIC."""
        return self.models[int(np.nanargmin(self.bic))]

    def table(self) -> pd.DataFrame:
        """Return one row a model.

        Columns ``model, predictors, r2, aic, bic, bic_difference, aic_weight, bic_weight,
        share_won``.
        """
        return pd.DataFrame(
            {
                "model": self.models,
                "predictors": self.predictors.astype(int),
                "r2": self.r2,
                "aic": self.aic,
                "bic": self.bic,
                "bic_difference": self.bic - np.nanmin(self.bic),
                "aic_weight": self.aic_weight,
                "bic_weight": self.bic_weight,
                "share_won": self.won,
            }
        )

    def verdict(self) -> Verdict:
        """Say which model to prefer, and how surely."""
        weight = float(np.nanmax(self.bic_weight))
        grade: Grade = "good" if weight >= POSITIVE else "doubtful"
        template = _CLEAR if weight >= CLEAR else _POSITIVE if weight >= POSITIVE else _UNDECIDED
        share = float(self.won[self.models.index(self.best)])
        sentence = worded(
            template,
            construct=self.label,
            best=self.best,
            weight=f"{100 * weight:.0f}",
            share=_SHARE_NONE if np.isnan(share) else worded(_SHARE, share=f"{100 * share:.0f}"),
        )
        return Verdict(
            "structure",
            "BIC weight",
            self.construct,
            grade,
            sentence,
            weight,
            "raftery1995bayesian",
        )

    def __repr__(self) -> str:
        """Say in one line what was found."""
        weights = ", ".join(
            f"{name} {weight:.2f}"
            for name, weight in zip(self.models, self.bic_weight, strict=True)
        )
        return f"ModelChoice for {self.construct}, BIC weights: {weights}"

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Construct": self.label.within(language) or self.construct,
            "Smallest BIC": self.best,
            "Draws used": self.draws_used,
        }
        table = tabled("Models", self.table(), language)
        verdict = (self.verdict(),)
        return summarised("Choice of a model", language, facts, [table], verdicts=verdict)


_SHARE = Text(
    " In {share} of 100 redrawn samples it has the smallest BIC too.",
    "在100个重抽样本中，约有{share}个也以该模型的BIC最小。",
)
_SHARE_NONE = Text("", "")
_CLEAR = Text(
    "For {construct} the model “{best}” is clearly the best of those compared: it carries {weight} "
    "% of the evidence (BIC weight).{share} Use it, if it also makes sense.",
    "就“{construct}”而言，所比较的模型中“{best}”明显最优，BIC权重为{weight}%。{share}若在理论上也说得通，"
    "建议采用。",
)
_POSITIVE = Text(
    "For {construct} the model “{best}” is the best of those compared, with {weight} % of the "
    "evidence (BIC weight), but the others are not ruled out.{share} Let theory decide too.",
    "就“{construct}”而言，所比较的模型中“{best}”最优，BIC权重为{weight}%，但尚不能排除其他模型。{share}"
    "请结合理论判断。",
)
_UNDECIDED = Text(
    "For {construct} the data do not tell the models apart: the best, “{best}”, has {weight} % of "
    "the evidence (BIC weight).{share} Choose by theory, or ask more respondents.",
    "就“{construct}”而言，数据不足以区分这些模型：最优的“{best}”BIC权重仅为{weight}%。{share}"
    "请依据理论选择，或扩大样本。",
)


def compare_models(
    survey: Survey,
    models: Mapping[str, Model],
    *,
    construct: str | None = None,
    options: IndexOptions | None = None,
) -> ModelChoice:
    """Compare models of the same survey by what they say about one construct.

    Parameters
    ----------
    survey : Survey
    models : mapping of str to Model
        Two or more, by the names to show. The construct must have the same items and kind in all.
    construct : str, optional
        The construct to explain; the index of the first model where not given.
    options : IndexOptions, optional
        How all of them are fitted; only bootstrap and gaussian replicates are draws to win.

    Returns
    -------
    ModelChoice

    Raises
    ------
    OptionError
        Fewer than two models; a model without the construct, without predictors of it, or with
        other items of it: all at once.
    EstimationError
        Models that cannot be fitted, all at once.

    Notes
    -----
    All models are fitted to the same respondents (those that answered any item, or with
    ``missing="complete"`` every item, of any model) and the same replicates. BIC weights are
    approximate posterior probabilities where all models were alike before [raftery1995bayesian];
    on criteria for PLS see [sharma2019pls], [danks2020model]. The sample size in them is
    Kish's effective one. R2 of covariance fits and of PLSc is that of constructs free of
    measurement error, so that only fits by the same estimator are compared.
    """
    options = options or IndexOptions()
    construct = construct or (next(iter(models.values())).index if models else "")
    _check(models, construct)
    items = tuple(dict.fromkeys(item for model in models.values() for item in model.items))
    if options.design == "simple":
        survey = survey.as_simple()
    moments = moments_of(survey, items, missing=options.missing)
    fits = {name: _fit(model, moments, options) for name, model in models.items()}
    faults = [
        Fault(f"model {name}", problem_of(fit), "look at the items with `csi check`")
        for name, fit in fits.items()
        if problem_of(fit)
    ]
    if faults:
        raise EstimationError(faults)
    values = np.stack([_criteria(fit, construct) for fit in fits.values()], axis=-1)
    won, used = _won(survey, models, fits, items, construct, options)
    first = next(iter(models.values())).construct(construct)
    return ModelChoice(
        construct=construct,
        label=first.label or Text(construct, construct),
        models=tuple(models),
        predictors=lock(np.array([len(m.predecessors(construct)) for m in models.values()], float)),
        r2=lock(values[0].copy()),
        aic=lock(values[1].copy()),
        bic=lock(values[2].copy()),
        aic_weight=lock(weights_of(values[1])),
        bic_weight=lock(weights_of(values[2])),
        won=lock(won),
        draws_used=used,
    )


def _check(models: Mapping[str, Model], construct: str) -> None:
    """Refuse models that cannot be compared, all faults at once."""
    faults = []
    if len(models) < 2:
        faults.append(Fault("models", f"{len(models)} given", "give two or more to compare"))
    known = [(name, model) for name, model in models.items() if construct in model.names]
    for name, model in models.items():
        if construct not in model.names:
            fix = f"its constructs are {', '.join(model.names)}"
            faults.append(Fault(f"model {name}", f"has no construct {construct!r}", fix))
        elif not model.predecessors(construct):
            what = f"says nothing about what {construct} depends on"
            faults.append(Fault(f"model {name}", what, "compare another construct"))
    for name, model in known[1:]:
        own, first = model.construct(construct), known[0][1].construct(construct)
        if (set(own.items), own.kind) != (set(first.items), first.kind):
            what = f"measures {construct} otherwise than model {known[0][0]}"
            fix = "give it the same items and kind: criteria of different variables do not compare"
            faults.append(Fault(f"model {name}", what, fix))
    if faults:
        raise OptionError(faults)


def _fit(model: Model, moments: Moments, options: IndexOptions, like: Fit | None = None) -> Fit:
    """Fit a model to its part of the moments."""
    at = [moments.items.index(item) for item in model.items]
    own = replace(
        moments,
        items=model.items,
        mean=lock(moments.mean[..., at]),
        cov=lock(moments.cov[..., at, :][..., at]),
        answers=moments.answers[..., at],
    )
    return fit_model(model, own, options, like=like)


def _criteria(fit: Fit, construct: str) -> Array:
    """Return R2, AIC and BIC of one construct, (3, *batch)."""
    r2 = fit.r2[..., fit.model.names.index(construct)]
    n = np.asarray(fit.moments.n_effective, dtype=np.float64)
    k = np.asarray(len(fit.model.predecessors(construct)) + 1.0)
    with np.errstate(all="ignore"):
        sse = error_sum(r2, n)
        return np.stack([r2, aic(sse, n, k), bic(sse, n, k)])


def _won(
    survey: Survey,
    models: Mapping[str, Model],
    fits: Mapping[str, Fit],
    items: tuple[str, ...],
    construct: str,
    options: IndexOptions,
) -> tuple[Array, int]:
    """Return the share of replicates that each model wins by BIC, and the replicates used."""
    none = np.full(len(models), np.nan)
    plan = plan_replicates(
        survey, options.replicates, draws=options.draws, seed=options.seed, fay=options.fay
    )
    if options.replicates == "delta" or not plan.replication.random:
        return none, 0
    drawn = replicate_moments(
        survey,
        items,
        draws=options.draws,
        seed=options.seed,
        missing=options.missing,
        method=options.replicates,
    )
    size = next(iter(fits.values())).moments.n_effective
    drawn = replace(drawn, n_effective=np.full(drawn.batch, float(size)))
    with one_thread():
        draws = [_fit(m, drawn, options, like=fits[name]) for name, m in models.items()]
    values = np.stack([_criteria(fit, construct)[2] for fit in draws], axis=-1)
    settled = np.all([fit.converged for fit in draws], axis=0) & np.isfinite(values).all(axis=-1)
    if not settled.any():
        return none, 0
    best = np.argmin(values[settled], axis=-1)
    share = np.bincount(best, minlength=len(models)) / len(best)
    return share, int(settled.sum())
