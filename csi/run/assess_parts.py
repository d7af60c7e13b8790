"""The topics of an assessment, one function each: tables and verdicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from csi.assess.cautions import cautions
from csi.assess.copula import copula_check
from csi.assess.copula_tables import copula_table, normality_table
from csi.assess.copula_verdicts import copula_verdicts
from csi.assess.cvpat import cvpat_of
from csi.assess.cvpat_verdicts import cvpat_verdicts
from csi.assess.measurement import measurement
from csi.assess.mediation import Mediation
from csi.assess.moderation import Moderation, moderation
from csi.assess.moderation_tables import simple_slopes, terms_table, turning_points
from csi.assess.moderation_terms import Term
from csi.assess.moderation_verdicts import moderation_verdicts
from csi.assess.predict import predict
from csi.assess.predict_options import PredictOptions
from csi.assess.predict_verdicts import prediction_verdicts
from csi.assess.structure import structure
from csi.compare.comparability import comparability
from csi.compare.segments import (
    FimixOptions,
    describe_segments,
    fimix,
    homogeneity_test,
    homogeneity_verdict,
)
from csi.compare.without_flagged import without_flagged
from csi.compare.without_verdicts import without_verdicts
from csi.errors import Fault, OptionError
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.run.assess_options import AssessOptions
from csi.run.plan import NONE
from csi.survey.codebook import Codebook
from csi.survey.quality import answer_quality, answer_verdicts
from csi.survey.survey import Survey
from csi.verdict import Topic, Verdict

Part = tuple[dict[str, pd.DataFrame], tuple[Verdict, ...]]
"""Tables and verdicts of one topic."""


def answers_part(survey: Survey, model: Model, options: IndexOptions) -> Part:
    """Screen the answers, and compare figures with and without those flagged."""
    blocks = {
        construct.name: construct.items for construct in model.constructs if not construct.parts
    }
    found = answer_quality(survey, constructs=blocks)
    tables = {
        "summary": found.summary,
        "items": found.items,
        "styles": found.styles,
        "respondents": found.respondents,
    }
    said = answer_verdicts(found)
    if found.flagged.any():
        both = without_flagged(survey, model, found, by=NONE, options=replace(options, min_n=0))
        tables |= {"without_flagged": both.figures, "paths_without": both.paths}
        said = (*said, *without_verdicts(both))
    return tables, said


def measurement_part(rep: Replicated, codebook: Codebook) -> Part:
    """Assess items and constructs, and what is impossible about them."""
    found, doubts = measurement(rep), cautions(rep, codebook)
    names = ("reliability", "loadings", "cross_loadings", "discriminant", "collinearity",
             "formative", "redundancy", "dimensions")  # fmt: skip
    tables = {name: getattr(found, name) for name in names}
    tables |= {name: getattr(doubts, name) for name in ("admissibility", "scale_ends")}
    return tables, (*_of(doubts.verdicts, "measurement"), *found.verdicts)


def structure_part(rep: Replicated, codebook: Codebook) -> tuple[Part, tuple[Mediation, ...]]:
    """Assess the structural model, and paths that cannot be read."""
    found, doubts = structure(rep), cautions(rep, codebook)
    names = ("explained", "effect_sizes", "fit", "criteria", "effects")
    tables = {name: getattr(found, name) for name in names}
    tables |= {name: getattr(doubts, name) for name in ("near_collinear", "path_signs")}
    chains = [mediated.table() for mediated in found.mediations]
    if chains:
        tables["mediation"] = pd.concat(chains, ignore_index=True)
    said = (*_of(doubts.verdicts, "structure"), *found.verdicts)
    return (tables, said), found.mediations


def moderation_part(
    survey: Survey, model: Model, options: IndexOptions, terms: tuple[Term, ...]
) -> tuple[Part, Moderation]:
    """Try interactions and quadratic effects."""
    found = moderation(survey, model, terms, options)
    tables = {
        "terms": terms_table(found),
        "slopes": simple_slopes(found),
        "turning_points": turning_points(found),
    }
    return (tables, moderation_verdicts(found)), found


def endogeneity_part(survey: Survey, model: Model, options: IndexOptions) -> Part:
    """Check predictors by Gaussian copulas."""
    found = copula_check(survey, model, options)
    tables = {"copulas": copula_table(found), "normality": normality_table(found)}
    return tables, copula_verdicts(found)


def _of(verdicts: tuple[Verdict, ...], topic: Topic) -> tuple[Verdict, ...]:
    """Return the verdicts on one topic."""
    return tuple(verdict for verdict in verdicts if verdict.topic == topic)


def prediction_part(survey: Survey, model: Model, options: IndexOptions) -> Part:
    """Predict answers out of sample, and test the errors against those of the benchmarks."""
    if options.estimator != "pls":
        fix = "use estimator pls"
        raise OptionError(Fault("estimator ml", "has no prediction out of sample here", fix))
    units = len(np.unique(survey.design.clusters))  # each stays in one fold
    folds = min(PredictOptions().folds, units) if units > 1 else PredictOptions().folds
    chosen = PredictOptions(
        missing=options.missing, pls=options.pls, seed=options.seed, folds=folds
    )
    found = predict(survey, model, chosen)
    test = cvpat_of(survey, found)
    tables = {
        "items": found.items,
        "constructs": found.constructs,
        "index": found.index,
        "cvpat": test.table,
        "counts": pd.DataFrame([dict(found.counts)]),
    }
    return tables, (*prediction_verdicts(found), *cvpat_verdicts(test))


def comparability_part(
    survey: Survey, model: Model, options: IndexOptions, wanted: AssessOptions, by: str
) -> Part:
    """Test whether groups or years may be compared."""
    if options.estimator == "pls":
        found = comparability(
            survey, model, by=by, permutations=wanted.permutations, seed=options.seed,
            options=options,
        )  # fmt: skip
    else:
        found = comparability(survey, model, by=by, method="covariance")
    return {"allowed": found.allowed, **found.tables}, found.verdicts


def segments_part(
    survey: Survey, model: Model, options: IndexOptions, wanted: AssessOptions
) -> Part:
    """Look for hidden groups and describe them."""
    if options.estimator != "pls":
        raise OptionError(
            Fault("estimator ml", "has no scores to divide here", "use estimator pls")
        )
    chosen = FimixOptions(most=wanted.segments, seed=options.seed, pls=options.pls)
    found = fimix(survey, model, chosen)
    tables = {
        "criteria": found.criteria,
        "paths": found.paths,
        "equations": found.equations,
        "sizes": found.sizes,
    }
    said = found.verdicts
    test = homogeneity_test(found)
    said = (*said, homogeneity_verdict(test))
    if found.chosen > 1:
        described = describe_segments(found, survey, options=replace(options, min_n=0))
        tables |= {
            "members": found.members,
            "association": described.association,
            "keys": described.keys,
            "index": described.index,
        }
        said = (*said, *described.verdicts)
    return tables, said
