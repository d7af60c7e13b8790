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
        Hierarchy,
        aggregate,
        change_parts,
        change_split,
        compare_groups,
        contributions,
        estimator_difference,
        impacts,
        leaders,
        league_table,
        linked,
        rebasing,
        reweighted,
        rolling,
        series_of,
        simultaneous_limits,
    )
    from csi.errors import CsiError, Fault
    from csi.estimate import Effects, Fit, effects
    from csi.estimate.covariance import sem
    from csi.estimate.covariance.as_fit import fit_ml
    from csi.estimate.pls import PLSOptions, fit_pls
    from csi.index import IndexMetric, IndexOptions, YearlyIndex, index_figures, scores, yearly
    from csi.model import (
        Construct,
        Model,
        Path,
        composite,
        formative,
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
    from csi.report import write_report
    from csi.run import RunPlan, read_hierarchy, run_index
    from csi.simulation import simulate
    from csi.survey import (
        Codebook,
        Item,
        Raking,
        Survey,
        rake,
        raked_replicates,
        read_codebook,
        read_survey,
        read_targets,
    )

__version__ = "0.1.0"

_NAMES: dict[str, tuple[str, ...]] = {
    "csi.errors": (
        "CsiError",
        "Fault",
    ),
    "csi.survey": (
        "Codebook",
        "Item",
        "Raking",
        "Survey",
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
    "csi.compare": (
        "AggregateOptions",
        "Hierarchy",
        "aggregate",
        "change_parts",
        "change_split",
        "compare_groups",
        "contributions",
        "estimator_difference",
        "impacts",
        "leaders",
        "league_table",
        "linked",
        "rebasing",
        "reweighted",
        "rolling",
        "series_of",
        "simultaneous_limits",
    ),
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
    "csi.report": ("write_report",),
    "csi.simulation": ("simulate",),
    "csi.run": (
        "RunPlan",
        "read_hierarchy",
        "run_index",
    ),
}
_WHERE = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "AggregateOptions",
    "Codebook",
    "Construct",
    "CsiError",
    "Effects",
    "Fault",
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
    "Raking",
    "Replication",
    "RunPlan",
    "Survey",
    "YearlyIndex",
    "aggregate",
    "allocate",
    "change_parts",
    "change_split",
    "compare_groups",
    "composite",
    "contributions",
    "detectable_change",
    "effects",
    "estimator_difference",
    "fit_ml",
    "fit_pls",
    "formative",
    "impacts",
    "index_figures",
    "items",
    "leaders",
    "league_table",
    "linked",
    "margin_for",
    "model_from_lavaan",
    "model_to_lavaan",
    "models",
    "moments_of",
    "path",
    "paths",
    "plan_from",
    "plan_replicates",
    "plan_survey",
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
    "reweighted",
    "rolling",
    "run_index",
    "sample_size",
    "sample_size_for_change",
    "scores",
    "sem",
    "series_of",
    "simulate",
    "simultaneous_limits",
    "single",
    "survey_means",
    "survey_ratios",
    "survey_shares",
    "write_model",
    "write_report",
    "yearly",
]


if not TYPE_CHECKING:  # so that a type checker still finds a misspelt name

    def __getattr__(name: str) -> object:
        """Load a public name from the module it lives in."""
        if name not in _WHERE:
            raise AttributeError(f"module 'csi' has no attribute {name!r}")
        value = getattr(import_module(_WHERE[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names, for completion."""
    return sorted({*globals(), *__all__})
