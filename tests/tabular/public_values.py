"""One of every value that a user gets back, built once from a small survey.

Labels and names have the characters that HTML, LaTeX and Markdown treat specially.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import csi
from csi import assess, planning
from csi.compare import Hierarchy, Member, describe_segments
from csi.compare.segments.fimix import fimix
from csi.compare.segments.homogeneity import HomogeneityOptions
from csi.simulation import Simulation
from csi.text import Text

PLANTED = "A <b>&amp; 50% | $x_1$ #{~^\\} with a title that goes on, and on, and on, and on"
OPTIONS = csi.IndexOptions(draws=100, seed=1)

VIEWED = (
    "Simulation",
    "Truth",
    "Codebook",
    "Survey",
    "Model",
    "Moments",
    "Moments by group",
    "Moments replicated",
    "Fit",
    "Fit by group",
    "Fit by maximum likelihood",
    "Replicated",
    "SemFit",
    "Invariance",
    "YearlyIndex",
    "Joint",
    "Series",
    "PresentPlan",
    "SurveyPlan",
    "AnswerQuality",
    "Raking",
    "Survey raked",
    "Hierarchy",
    "WithoutFlagged",
    "Measurement",
    "StructureAssessment",
    "Cautions",
    "Mediation",
    "ExactFit",
    "Blindfolded",
    "Prediction",
    "Cvpat",
    "ModelChoice",
    "Moderation",
    "CopulaCheck",
    "Comparability",
    "Micom",
    "Multigroup",
    "Segmentation",
    "HomogeneityTest",
    "Described",
    "Assessment",
)
"""With a summary of their own."""

BRIEF = (
    "PopulationMoments",
    "SimulationPlan",
    "Design",
    "ReplicatePlan",
    "Effects",
    "Sample",
    "Replication",
    "SemSample",
    "IndexMetric",
    "Scored",
    "Solution",
)
"""Parts of values: their fields, arrays by size."""


def simulated() -> Simulation:
    return csi.simulate(
        csi.models.load("scsb"), years=[2024, 2025], groups=["A<&>_%", "B|$#"], n=150, seed=3
    )


@cache
def public_values() -> dict[str, object]:
    made = simulated()
    codebook = replace(made.codebook, title=Text(PLANTED, PLANTED + "调查"))
    survey = csi.read_survey(made.answers, codebook)
    model = replace_title(made.model)
    moments = csi.moments_of(survey, model)
    fit = csi.fit_pls(model, moments)
    (rep,) = csi.replicated(survey, model, OPTIONS)
    found: dict[str, object] = {
        "Simulation": made,
        "Truth": made.truth,
        "PopulationMoments": made.truth.moments(),
        "SimulationPlan": made.plan,
        "Codebook": codebook,
        "Survey": survey,
        "Design": survey.design,
        "Model": model,
        "Moments": moments,
        "Moments by group": csi.moments_of(survey, model, by=["year", "group"]),
        "Moments replicated": csi.replicate_moments(survey, model, draws=5, seed=1, by="group"),
        "ReplicatePlan": csi.plan_replicates(survey, "bootstrap", draws=10, seed=1),
        "Fit": fit,
        "Fit by group": csi.fit_pls(model, csi.moments_of(survey, model, by=["year", "group"])),
        "Fit by maximum likelihood": csi.fit_ml(model, moments),
        "Effects": csi.effects(fit),
        "Replicated": rep,
        "Sample": rep.sample,
        "Replication": rep.replication,
    }
    return found | of_covariances(survey, model) | of_the_index(survey, model) | of_assess(
        survey, model, rep
    )  # fmt: skip


def replace_title(model: csi.Model) -> csi.Model:
    return csi.Model(
        constructs=tuple(
            replace(one, label=Text(f"{one.name} <&> 50%_$", f"{one.name}构念<&>"))
            for one in model.constructs
        ),
        paths=model.paths,
        index=model.index,
        name=model.name,
        title=Text(PLANTED, PLANTED),
    )


def of_covariances(survey: csi.Survey, model: csi.Model) -> Mapping[str, object]:
    return {
        "SemFit": csi.sem.fit(model, survey),
        "SemSample": csi.sem.fit(model, survey).sample,
        "Invariance": csi.sem.invariance(model, survey, by="group"),
    }


def of_the_index(survey: csi.Survey, model: csi.Model) -> Mapping[str, object]:
    yearly = csi.yearly(survey, model, group="group", options=OPTIONS)
    quality = csi.answer_quality(survey)
    weighted, raking = csi.rake(survey, {"group": {"A<&>_%": 0.5, "B|$#": 0.5}})
    members = [
        Member("Top & all", ""),
        Member("A<&>_%", "Top & all", 1.0),
        Member("B|$#", "Top & all", 2.0),
    ]
    return {
        "YearlyIndex": yearly,
        "IndexMetric": yearly.metric,
        "Joint": yearly.joint,
        "Series": csi.series_of(yearly.joint, model.index, "A<&>_%"),
        "PresentPlan": planning.plan_from(yearly, margin=1.0),
        "SurveyPlan": planning.plan_survey(
            n=[250, 500], options=planning.PlanOptions(sd=20.0)
        ),
        "AnswerQuality": quality,
        "Raking": raking,
        "Survey raked": weighted,
        "Hierarchy": Hierarchy(tuple(members)),
        "WithoutFlagged": csi.without_flagged(survey, model, quality, group="group",
                                              options=OPTIONS),
    }  # fmt: skip


def of_assess(survey: csi.Survey, model: csi.Model, rep: csi.Replicated) -> Mapping[str, object]:
    target = model.index
    sources = model.predecessors(target)
    segments = fimix(survey, model, csi.FimixOptions(most=2, starts=2, seed=1))
    comparability = csi.comparability(survey, model, by="group", permutations=99, options=OPTIONS)
    found = {
        "Measurement": assess.measurement(rep),
        "StructureAssessment": assess.structure(rep),
        "Cautions": assess.cautions(rep, survey.codebook),
        "Mediation": assess.mediations(rep)[0] if assess.mediations(rep) else None,
        "ExactFit": assess.exact_fit(rep),
        "Blindfolded": assess.blindfold(rep),
        "Prediction": assess.predict(survey, model, assess.PredictOptions(repetitions=1)),
        "Cvpat": assess.cvpat(
            survey, model, options=assess.CvpatOptions(
                prediction=assess.PredictOptions(repetitions=1), draws=200)
        ),
        "ModelChoice": assess.compare_models(
            survey, {"one": model, "two & <more>": model}, options=OPTIONS
        ),
        "Moderation": assess.moderation(
            survey, model, assess.quadratic(sources[0], on=target), OPTIONS
        ),
        "CopulaCheck": assess.copula_check(survey, model, OPTIONS),
        "Comparability": comparability,
        "Micom": comparability.found,
        "Multigroup": csi.multigroup(survey, model, by="group", permutations=99, options=OPTIONS),
        "Segmentation": segments,
        "Scored": segments.scored,
        "Solution": segments.solution(2),
        "HomogeneityTest": csi.homogeneity_test(
            segments, HomogeneityOptions(draws=20, starts=1, seed=1)
        ),
        "Described": describe_segments(segments, survey, segments=2, options=OPTIONS),
        "Assessment": csi.assess_model(
            survey, model, OPTIONS, csi.AssessOptions(topics=("measurement", "structure"))
        ),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}
