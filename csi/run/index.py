"""The main road as one call: from a plan to figures, and to a folder of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from csi.compare.aggregation import Hierarchy
from csi.errors import Fault, OptionError, SurveyError
from csi.estimate.pls import PLSOptions
from csi.index.options import IndexEstimator
from csi.index.scores import scores
from csi.index.values import YearlyIndex
from csi.index.yearly import Progress, yearly
from csi.model.model import Model
from csi.report.tables import write_text
from csi.report.write import write_report
from csi.run.aggregate_file import read_hierarchy
from csi.run.comparisons import with_comparisons
from csi.run.full_report import with_everything
from csi.run.inputs import Inputs, find_inputs
from csi.run.judgements import with_judgements
from csi.run.office import check_office, write_office
from csi.run.place import check_run_place
from csi.run.plan import RunPlan
from csi.run.reading import read_inputs
from csi.run.record import RECORD, json_text, paths_from, record_of, with_paths
from csi.survey.cells import nearest
from csi.survey.codebook import Codebook
from csi.survey.survey import Survey
from csi.tabular import Brief
from csi.text import Language, Text


@dataclass(frozen=True, slots=True, repr=False)
class IndexRun(Brief):
    """What a run found, with the record that reproduces it.

    Attributes
    ----------
    plan : RunPlan
        With the time and the group that were used.
    inputs : Inputs
    survey : Survey
    model : Model
    yearly : YearlyIndex
    record : mapping
        Hashes of the inputs, options, seed and versions; no clock and no folder.
    """

    plan: RunPlan
    inputs: Inputs
    survey: Survey
    model: Model
    yearly: YearlyIndex
    record: Mapping[str, object]

    @property
    def empty(self) -> bool:
        """Tell whether not a single figure of the index construct could be given."""
        figures = self.yearly.figures
        return bool(figures.loc[figures["construct"] == self.model.index, "index"].isna().all())


def run_index(plan: RunPlan, progress: Progress | None = None) -> IndexRun:
    """Read survey, codebook and model, and compute the yearly index figures.

    Parameters
    ----------
    plan : RunPlan
    progress : callable, optional
        Called with the groups done and their number.

    Returns
    -------
    IndexRun

    Raises
    ------
    CsiError
        Whatever is wrong with the inputs or options, all of it at once for each input.
    """
    inputs = find_inputs(
        str(plan.survey),
        _text(plan.codebook),
        _text(plan.model),
        aggregate=_text(plan.aggregate),
    )
    survey, model = read_inputs(plan, inputs)
    hierarchy = _hierarchy(plan, inputs, survey.codebook)
    settled = replace(plan, group=group_of(plan.group, survey.codebook))
    faults = [*_key_faults(settled, survey.codebook), *_score_faults(plan, model)]
    if faults:
        raise OptionError(faults)
    split = plan.change_split or plan.report
    options = replace(settled.options, rebase=settled.options.rebase or split)
    group = settled.group or None
    figures = yearly(survey, model, by=settled.by, group=group, options=options, progress=progress)
    other = None
    if plan.both_estimators:
        name: IndexEstimator = "ml" if options.estimator == "pls" else "pls"
        second = replace(options, estimator=name, pls=PLSOptions())
        other = yearly(survey, model, by=settled.by, group=group, options=second, progress=progress)
    if plan.report:
        figures = with_everything(figures, survey, model, settled, hierarchy, other)
    else:
        figures = with_comparisons(figures, settled, hierarchy, other)
        figures = with_judgements(figures, survey, model, settled)
    settled = replace(settled, by=figures.metric.time)
    return IndexRun(settled, inputs, survey, model, figures, record_of(settled, inputs, survey))


def _hierarchy(plan: RunPlan, inputs: Inputs, codebook: Codebook) -> Hierarchy | None:
    """Read the table of weights; in the encoding of the survey where its own cannot be told."""
    if inputs.aggregate is None:
        return None
    try:
        return read_hierarchy(inputs.aggregate.path)
    except SurveyError:
        encoding = plan.encoding or codebook.encoding
        if encoding is None:
            raise
        return read_hierarchy(inputs.aggregate.path, encoding=encoding)


def group_of(given: str | None, codebook: Codebook) -> str:
    """Return the group key to use: the one given, or the only one of the codebook, or none."""
    if given is not None:
        return given
    return codebook.groups[0].name if len(codebook.groups) == 1 else ""


def _key_faults(plan: RunPlan, codebook: Codebook) -> list[Fault]:
    """Return what is wrong with the time and the group of a plan."""
    groups = [key.name for key in codebook.groups]
    keys = [key.name for key in codebook.keys]
    faults = [
        Fault(f"option {what} {name}", f"is not a {kind} of the codebook", nearest(name, known))
        for what, kind, name, known in (
            ("by", "key", plan.by, keys),
            ("group", "group", plan.group, groups),
        )
        if name and name not in known
    ]
    if plan.by and plan.by == plan.group:
        fix = "choose another key, or none, for one of them"
        faults.append(Fault(f"option by {plan.by}", "is the group, too", fix))
    return faults


def _score_faults(plan: RunPlan, model: Model) -> list[Fault]:
    """Return the constructs whose scores would take the place of another column."""
    if not plan.scores:
        return []
    return [
        Fault(
            f"option scores, construct {name!r}",
            "is also the name of a column of scores.csv",
            "rename the construct, or leave out the scores",
        )
        for name in model.names
        if name in _SCORE_COLUMNS
    ]


def write_run(
    run: IndexRun, folder: str | Path, *, paths: Mapping[str, str] | None = None
) -> tuple[Path, ...]:
    """Write tables, charts, page, scores where asked for, and the run record.

    Parameters
    ----------
    run : IndexRun
    folder : str or Path
        Made where it does not exist.
    paths : mapping, optional
        Where the record says that survey, codebook and model are; from `folder` where not
        given. A run that repeats a record hands on the paths of that record.

    Returns
    -------
    tuple of Path
        The files written, the record last.

    Raises
    ------
    ReportError
        Where the folder cannot be written or holds files of these names that are of no run, or
        a Chinese font is missing.
    """
    place = Path(folder)
    check_run_place(place)
    plan = run.plan
    check_office(plan.office)
    about: Language = plan.language
    written = [
        *write_report(run.yearly, place, language=about, record=run.record, formats=plan.formats),
        *write_office(run.yearly, place, plan.office, language=about, record=run.record),
    ]
    if plan.scores:
        written.append(_write_scores(run, place))
    record = with_paths(run.record, paths if paths is not None else paths_from(run.inputs, place))
    write_text(place / RECORD, json_text(record))
    return (*written, place / RECORD)


def figures_json(run: IndexRun) -> str:
    """Return the figures with record and notes as JSON; a missing value is null."""
    records = [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in run.yearly.figures.astype(object).to_dict("records")
    ]
    content = {"record": run.record, "notes": list(run.yearly.notes), "figures": records}
    return json_text(content)


def respondent_scores(run: IndexRun) -> pd.DataFrame:
    """Return the score of every respondent, see `csi.index.scores`."""
    return scores(run.survey, run.yearly)


_SCORE_COLUMNS = ("respondent", "year", "group", "weight")

_SCORES = Text(
    """
## scores.csv ({rows} rows)

| Column | Meaning | Unit |
|---|---|---|
| `respondent` | Name of the interview; its row number where the codebook names no column | text |
| `year` | Period; `all` where the survey has no time | text |
| `group` | Group; `all` where there are none | text |
| `weight` | Sampling weight; 1 where the survey has none | no unit |
| {constructs} | Score of the respondent; empty where an item was not answered | points of the 0–100 scale |
""",  # noqa: E501
    """
## scores.csv（{rows} 行）

| 列名 | 含义 | 单位 |
|---|---|---|
| `respondent` | 受访者编号；编码本未指定编号列时为行号 | 文本 |
| `year` | 调查期；无时间变量时为 `all` | 文本 |
| `group` | 分组；未分组时为 `all` | 文本 |
| `weight` | 抽样权重；无权重时为 1 | 无单位 |
| {constructs} | 受访者在该潜变量上的得分；有题目未回答时为空 | 0–100 分制的分 |
""",
)


def _write_scores(run: IndexRun, place: Path) -> Path:
    """Write the scores and say in the README what their columns mean."""
    table, path = respondent_scores(run), place / "scores.csv"
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    language: Language = run.plan.language
    names = ", ".join(f"`{name}`" for name in run.model.names)
    about = _SCORES.within(language).format(rows=len(table), constructs=names)
    readme = place / "README.md"
    write_text(readme, readme.read_bytes().decode("utf-8") + about)
    return path


def _text(given: object) -> str | None:
    return None if given is None else str(given)
