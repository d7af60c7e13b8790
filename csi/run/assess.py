"""An assessment as one call: every part of it on the same respondents, as one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from csi.assess.assessment import Assessment
from csi.assess.labelled import with_item_labels
from csi.assess.mediation import Mediation
from csi.assess.moderation import Moderation
from csi.assess.moderation_terms import Term
from csi.compare.importance import importance_performance
from csi.errors import CsiError, Fault, OptionError
from csi.index.options import IndexOptions
from csi.index.replicated import replicated
from csi.index.values import YearlyIndex
from csi.index.yearly import yearly
from csi.model.model import Model
from csi.report.assessment_page import write_assessment
from csi.report.tables import write_text
from csi.run.assess_options import AssessOptions
from csi.run.assess_parts import (
    Part,
    answers_part,
    comparability_part,
    endogeneity_part,
    measurement_part,
    moderation_part,
    prediction_part,
    segments_part,
    structure_part,
)
from csi.run.fit import Where, part_of
from csi.run.inputs import Inputs, find_inputs
from csi.run.place import ASSESSMENT
from csi.run.plan import NONE, RunPlan
from csi.run.reading import read_inputs
from csi.run.record import json_text, record_of
from csi.survey.cells import nearest
from csi.survey.survey import Survey
from csi.tabular import Brief
from csi.verdict import Topic, Verdict

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, repr=False)
class AssessRun(Brief):
    """An assessment with what it was made from.

    Attributes
    ----------
    plan : RunPlan
    options : AssessOptions
    inputs : Inputs
    survey : Survey
        The respondents taken.
    assessment : Assessment
    record : mapping
        Hashes of the inputs, options, seed and versions.
    """

    plan: RunPlan
    options: AssessOptions
    inputs: Inputs
    survey: Survey
    assessment: Assessment
    record: Mapping[str, object]


def assess_model(
    survey: Survey,
    model: Model,
    options: IndexOptions | None = None,
    wanted: AssessOptions | None = None,
    *,
    where: Where | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Judge a model on a survey: answers, measurement, structure, prediction, comparability.

    Parameters
    ----------
    survey : Survey
    model : Model
    options : IndexOptions, optional
        Estimator, missing answers, replicates and intervals.
    wanted : AssessOptions, optional
        Topics, keys to compare, hidden groups.
    where : mapping of key to values, optional
        Only these respondents, such as ``{"year": ["2025"]}``; the comparison over a key that
        it names has only those values.
    progress : callable, optional
        Called with the topics done and their number.

    Returns
    -------
    Assessment
        What could not be assessed is in ``left_out``, with the reason.

    Raises
    ------
    CsiError
        Unknown keys or constructs; the model cannot be fitted to these respondents.

    Examples
    --------
    >>> import csi
    >>> made = csi.simulate(csi.models.load("scsb"), years=[2025], n=200, seed=1)
    >>> survey = csi.read_survey(made.answers, made.codebook)
    >>> found = assess_model(
    ...     survey, made.model, csi.IndexOptions(draws=100), AssessOptions(topics=("measurement",))
    ... )
    >>> found.grade("measurement")
    'good'
    """
    options, wanted = options or IndexOptions(), wanted or AssessOptions()
    part = part_of(survey, where or {})
    target = _target(model, wanted.target)
    by = _key(part, wanted.by)
    (rep,) = replicated(part, model, options)
    index = _mapped(part, model, options, target)
    mediated: list[Mediation] = []
    moderated: list[Moderation] = []

    def of_structure() -> Part:
        part_, found = structure_part(rep, part.codebook)
        mediated.extend(found)
        return part_

    def of_moderation() -> Part:
        part_, found = moderation_part(part, model, options, terms_of(wanted))
        moderated.append(found)
        return part_

    work: list[tuple[Topic, str, Callable[[], Part]]] = [
        ("answers", "answers", lambda: answers_part(part, model, options)),
        ("measurement", "measurement", lambda: measurement_part(rep, part.codebook)),
        ("structure", "structure", of_structure),
        ("prediction", "prediction", lambda: prediction_part(part, model, options)),
        ("segments", "segments", lambda: segments_part(part, model, options, wanted)),
    ]
    if by:
        compare = lambda: comparability_part(part, model, options, wanted, by)  # noqa: E731
        work.append(("comparability", "comparability", compare))
    work = [step for step in work if step[0] in wanted.wanted]
    if wanted.terms:
        work.append(("structure", "moderation", of_moderation))
    if wanted.endogeneity:
        work.append(("structure", "endogeneity", lambda: endogeneity_part(part, model, options)))
    left_out = []
    if "comparability" in wanted.wanted and not by:
        why = "there is no key to compare over; name one of the codebook with by"
        left_out.append(f"comparability: {why}")
    tables, verdicts, gone = _worked(work, progress)
    return Assessment(
        model=model,
        codebook=part.codebook,
        estimator=rep.fit.estimator,
        where={key: tuple(values) for key, values in (where or {}).items()},
        respondents=int(rep.fit.moments.n),
        draws=rep.draws_used,
        replication=rep.replication.words,
        level=options.level,
        tables=tables,
        verdicts=with_item_labels(verdicts, part.codebook),
        left_out=(*gone, *left_out),
        index=index,
        mediations=tuple(mediated),
        moderation=moderated[0] if moderated else None,
    )


def _worked(
    work: Sequence[tuple[Topic, str, Callable[[], Part]]], progress: Progress | None
) -> tuple[dict[str, pd.DataFrame], tuple[Verdict, ...], list[str]]:
    """Return tables, verdicts, and what could not be assessed with the reasons."""
    tables: dict[str, pd.DataFrame] = {}
    verdicts: list[Verdict] = []
    gone: list[str] = []
    for number, (topic, name, step) in enumerate(work):
        if progress is not None:
            progress(number, len(work))
        try:
            found, said = step()
        except CsiError as error:
            gone.append(f"{name}: {_reason(error)}")
            continue
        tables |= {f"{topic}_{key}": table for key, table in found.items()}
        verdicts += said
    return tables, tuple(verdicts), gone


def terms_of(wanted: AssessOptions) -> tuple[Term, ...]:
    """Return the terms to be tried."""
    return tuple(term for term in wanted.terms if isinstance(term, Term))


def _reason(error: CsiError) -> str:
    """Return why a part could not be assessed and how to go on, in one line."""
    if not error.faults:
        return str(error)
    fixes = dict.fromkeys(fault.fix for fault in error.faults)  # of many faults often the same
    return "; ".join([*(f"{fault.where}: {fault.what}" for fault in error.faults), *fixes])


def _target(model: Model, given: str | None) -> str:
    """Return the construct to be improved."""
    if given is not None and given not in model.names:
        fault = Fault(f"option target {given}", "is not in the model", nearest(given, model.names))
        raise OptionError(fault)
    return given or model.index


def _key(survey: Survey, given: str | None) -> str:
    """Return the key to compare over: the one given, or the time where there are two periods."""
    if given is None:
        time = survey.codebook.time
        return time.name if time is not None and len(survey.periods) > 1 else NONE
    if given and given not in survey.keys:
        fault = Fault(f"option by {given}", "is not a key of the codebook",
                      nearest(given, survey.keys))  # fmt: skip
        raise OptionError(fault)
    return given


def _mapped(survey: Survey, model: Model, options: IndexOptions, target: str) -> YearlyIndex:
    """Return the index of all respondents with the importance-performance map of a construct."""
    found = yearly(survey, model, by=NONE, options=replace(options, min_n=0))
    joint = found.joint
    if joint is None or target not in {end for _, end in joint.paths}:
        return found
    maps = [
        importance_performance(joint, target, detail="constructs"),
        importance_performance(joint, target, detail="items"),
    ]
    return found.with_tables(map=pd.concat(maps, ignore_index=True))


def run_assess(
    plan: RunPlan,
    wanted: AssessOptions | None = None,
    where: Where | None = None,
    progress: Progress | None = None,
) -> AssessRun:
    """Read survey, codebook and model, and assess the model.

    Parameters
    ----------
    plan : RunPlan
        `by` and `group` have no part in it.
    wanted : AssessOptions, optional
    where, progress
        As in `assess_model`.

    Raises
    ------
    CsiError
        Whatever is wrong with the inputs or options.
    """
    wanted = wanted or AssessOptions()
    codebook = None if plan.codebook is None else str(plan.codebook)
    model_name = None if plan.model is None else str(plan.model)
    inputs = find_inputs(str(plan.survey), codebook, model_name)
    survey, model = read_inputs(plan, inputs)
    found = assess_model(survey, model, plan.options, wanted, where=where, progress=progress)
    record = dict(record_of(plan, inputs, survey))
    record["command"] = "csi assess"
    record["assessed"] = {
        "topics": list(wanted.wanted),
        "by": wanted.by,
        "target": wanted.target,
        "segments": wanted.segments,
        "permutations": wanted.permutations,
        "terms": [str(term) for term in wanted.terms],
        "endogeneity": wanted.endogeneity,
        "where": {key: list(values) for key, values in (where or {}).items()},
    }
    return AssessRun(plan, wanted, inputs, part_of(survey, where or {}), found, record)


def write_assess(run: AssessRun, folder: str | Path) -> tuple[Path, ...]:
    """Write tables, verdicts, the record and the page of an assessment.

    Parameters
    ----------
    run : AssessRun
    folder : str or Path
        Made where it does not exist.

    Returns
    -------
    tuple of Path

    Raises
    ------
    ReportError
        Where the folder cannot be written.
    """
    place = Path(folder)
    files = write_assessment(run.assessment, place, language=run.plan.language, record=run.record)
    write_text(place / ASSESSMENT, json_text(run.record))
    return (*files, place / ASSESSMENT)
