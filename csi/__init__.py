"""Customer satisfaction index models: from a survey file to yearly index figures.

The names below load their module on first use, so that ``import csi`` and ``csi --help``
are quick. Each of them is documented in its own module.

Examples
--------
>>> import csi
>>> model = csi.models.load("ecsi_mobile")
>>> model.index in model.names
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; the same names as in _NAMES (tested)
    from csi.compare import (
        AggregateOptions,
        Comparability,
        FimixOptions,
        Hierarchy,
        PosOptions,
        Segmentation,
        aggregate,
        change_parts,
        change_split,
        compare_groups,
        contributions,
        describe_segments,
        estimator_difference,
        fimix,
        homogeneity_test,
        importance_performance,
        leaders,
        league_table,
        linked,
        pos,
        rebasing,
        reweighted,
        rolling,
        series_of,
        simultaneous_limits,
        with_comparability,
        with_segments,
    )
    from csi.compare.comparability import comparability
    from csi.compare.impacts import impacts
    from csi.compare.multigroup import multigroup
    from csi.compare.without_flagged import without_flagged
    from csi.compare.without_verdicts import without_verdicts
    from csi.errors import CsiError, Fault
    from csi.estimate import Effects, Fit, effects
    from csi.estimate.covariance import sem
    from csi.estimate.covariance.as_fit import fit_ml
    from csi.estimate.pls import PLSOptions, fit_pls
    from csi.index import IndexMetric, IndexOptions, YearlyIndex, index_figures, scores, yearly
    from csi.index.answers import answer_parts, answer_shares
    from csi.index.replicated import Replicated, replicated
    from csi.index.score_shares import score_shares, score_summary
    from csi.model import (
        Construct,
        Model,
        Path,
        composite,
        formative,
        higher,
        items,
        model_from_lavaan,
        model_to_lavaan,
        models,
        path,
        paths,
        read_model,
        reflective,
        single,
        write_model,
    )
    from csi.moments import (
        Moments,
        Replication,
        moments_of,
        plan_replicates,
        replicate_moments,
        survey_means,
        survey_ratios,
        survey_shares,
    )
    from csi.planning import (
        PlanOptions,
        allocate,
        detectable_change,
        margin_for,
        plan_from,
        plan_survey,
        sample_size,
        sample_size_for_change,
    )
    from csi.report import charts, map_chart, mediation_chart, moderation_chart, write_report
    from csi.report.excel import write_excel
    from csi.report.slides import write_slides
    from csi.run import (
        Assessment,
        AssessOptions,
        RunPlan,
        assess_model,
        read_hierarchy,
        run_index,
        start_notebook,
    )
    from csi.simulation import simulate
    from csi.survey import (
        AnswerQuality,
        AnswerQualityOptions,
        Codebook,
        Item,
        Raking,
        Study,
        Survey,
        Wave,
        answer_quality,
        answer_verdicts,
        rake,
        raked_replicates,
        read_codebook,
        read_survey,
        read_targets,
    )
    from csi.tabular import Summary, Table
    from csi.verdict import Verdict

__version__ = "0.1.0"

_NAMES: dict[str, tuple[str, ...]] = {
    "csi.errors": (
        "CsiError",
        "Fault",
    ),
    "csi.verdict": ("Verdict",),
    "csi.tabular": (
        "Summary",
        "Table",
    ),
    "csi.survey": (
        "AnswerQuality",
        "AnswerQualityOptions",
        "Codebook",
        "Item",
        "Raking",
        "Study",
        "Survey",
        "Wave",
        "answer_quality",
        "answer_verdicts",
        "rake",
        "raked_replicates",
        "read_codebook",
        "read_survey",
        "read_targets",
    ),
    "csi.model": (
        "Construct",
        "Model",
        "Path",
        "composite",
        "formative",
        "higher",
        "items",
        "model_from_lavaan",
        "model_to_lavaan",
        "models",
        "path",
        "paths",
        "read_model",
        "reflective",
        "single",
        "write_model",
    ),
    "csi.moments": (
        "Moments",
        "Replication",
        "moments_of",
        "plan_replicates",
        "replicate_moments",
        "survey_means",
        "survey_ratios",
        "survey_shares",
    ),
    "csi.estimate": (
        "Effects",
        "Fit",
        "effects",
    ),
    "csi.estimate.covariance": ("sem",),
    "csi.estimate.covariance.as_fit": ("fit_ml",),
    "csi.estimate.pls": (
        "PLSOptions",
        "fit_pls",
    ),
    "csi.index": (
        "IndexMetric",
        "IndexOptions",
        "YearlyIndex",
        "index_figures",
        "scores",
        "yearly",
    ),
    "csi.index.answers": (
        "answer_parts",
        "answer_shares",
    ),
    "csi.index.score_shares": (
        "score_shares",
        "score_summary",
    ),
    "csi.index.replicated": (
        "Replicated",
        "replicated",
    ),
    "csi.compare": (
        "AggregateOptions",
        "Comparability",
        "FimixOptions",
        "Hierarchy",
        "PosOptions",
        "Segmentation",
        "aggregate",
        "change_parts",
        "change_split",
        "compare_groups",
        "contributions",
        "describe_segments",
        "estimator_difference",
        "fimix",
        "homogeneity_test",
        "importance_performance",
        "leaders",
        "league_table",
        "linked",
        "pos",
        "rebasing",
        "reweighted",
        "rolling",
        "series_of",
        "simultaneous_limits",
        "with_comparability",
        "with_segments",
    ),
    "csi.compare.comparability": ("comparability",),
    "csi.compare.impacts": ("impacts",),
    "csi.compare.multigroup": ("multigroup",),
    "csi.compare.without_flagged": ("without_flagged",),
    "csi.compare.without_verdicts": ("without_verdicts",),
    "csi.planning": (
        "PlanOptions",
        "allocate",
        "detectable_change",
        "margin_for",
        "plan_from",
        "plan_survey",
        "sample_size",
        "sample_size_for_change",
    ),
    "csi.report": (
        "charts",
        "map_chart",
        "mediation_chart",
        "moderation_chart",
        "write_report",
    ),
    "csi.report.excel": ("write_excel",),
    "csi.report.slides": ("write_slides",),
    "csi.simulation": ("simulate",),
    "csi.run": (
        "Assessment",
        "AssessOptions",
        "RunPlan",
        "assess_model",
        "read_hierarchy",
        "run_index",
        "start_notebook",
    ),
}
_PARTS = ("assess",)
"""Parts of the package with public names of their own: `csi.assess.measurement`."""

_WHERE = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "AggregateOptions",
    "AnswerQuality",
    "AnswerQualityOptions",
    "AssessOptions",
    "Assessment",
    "Codebook",
    "Comparability",
    "Construct",
    "CsiError",
    "Effects",
    "Fault",
    "FimixOptions",
    "Fit",
    "Hierarchy",
    "IndexMetric",
    "IndexOptions",
    "Item",
    "Model",
    "Moments",
    "PLSOptions",
    "Path",
    "PlanOptions",
    "PosOptions",
    "Raking",
    "Replicated",
    "Replication",
    "RunPlan",
    "Segmentation",
    "Study",
    "Summary",
    "Survey",
    "Table",
    "Verdict",
    "Wave",
    "YearlyIndex",
    "aggregate",
    "allocate",
    "answer_parts",
    "answer_quality",
    "answer_shares",
    "answer_verdicts",
    "assess_model",
    "change_parts",
    "change_split",
    "charts",
    "comparability",
    "compare_groups",
    "composite",
    "contributions",
    "describe_segments",
    "detectable_change",
    "effects",
    "estimator_difference",
    "fimix",
    "fit_ml",
    "fit_pls",
    "formative",
    "higher",
    "homogeneity_test",
    "impacts",
    "importance_performance",
    "index_figures",
    "items",
    "leaders",
    "league_table",
    "linked",
    "map_chart",
    "margin_for",
    "mediation_chart",
    "model_from_lavaan",
    "model_to_lavaan",
    "models",
    "moderation_chart",
    "moments_of",
    "multigroup",
    "path",
    "paths",
    "plan_from",
    "plan_replicates",
    "plan_survey",
    "pos",
    "rake",
    "raked_replicates",
    "read_codebook",
    "read_hierarchy",
    "read_model",
    "read_survey",
    "read_targets",
    "rebasing",
    "reflective",
    "replicate_moments",
    "replicated",
    "reweighted",
    "rolling",
    "run_index",
    "sample_size",
    "sample_size_for_change",
    "score_shares",
    "score_summary",
    "scores",
    "sem",
    "series_of",
    "simulate",
    "simultaneous_limits",
    "single",
    "start_notebook",
    "survey_means",
    "survey_ratios",
    "survey_shares",
    "with_comparability",
    "with_segments",
    "without_flagged",
    "without_verdicts",
    "write_excel",
    "write_model",
    "write_report",
    "write_slides",
    "yearly",
]


if not TYPE_CHECKING:  # so that a type checker still finds a misspelt name

    def __getattr__(name: str) -> object:
        """Load a public name from the module it lives in."""
        if name in _PARTS:
            return import_module(f"csi.{name}")
        if name not in _WHERE:
            raise AttributeError(f"module 'csi' has no attribute {name!r}")
        value = getattr(import_module(_WHERE[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names, for completion."""
    return sorted({*globals(), *__all__, *_PARTS})
