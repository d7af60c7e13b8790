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
    from csi.errors import CsiError, Fault
    from csi.estimate import Effects, Fit, effects
    from csi.estimate.pls import PLSOptions, fit_pls
    from csi.index import (
        IndexMetric,
        IndexOptions,
        YearlyIndex,
        index_figures,
        scores,
        yearly,
    )
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
    from csi.moments import Moments, moments_of, replicate_moments
    from csi.report import write_report
    from csi.run import RunPlan, run_index
    from csi.simulation import simulate
    from csi.survey import Codebook, Item, Survey, read_codebook, read_survey

__version__ = "0.1.0"

_NAMES: dict[str, tuple[str, ...]] = {
    "csi.errors": ("CsiError", "Fault"),
    "csi.survey": ("Codebook", "Item", "Survey", "read_codebook", "read_survey"),
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
    "csi.moments": ("Moments", "moments_of", "replicate_moments"),
    "csi.estimate": ("Effects", "Fit", "effects"),
    "csi.estimate.pls": ("PLSOptions", "fit_pls"),
    "csi.index": (
        "IndexMetric",
        "IndexOptions",
        "YearlyIndex",
        "index_figures",
        "scores",
        "yearly",
    ),
    "csi.report": ("write_report",),
    "csi.simulation": ("simulate",),
    "csi.run": ("RunPlan", "run_index"),
}
_WHERE = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "Codebook",
    "Construct",
    "CsiError",
    "Effects",
    "Fault",
    "Fit",
    "IndexMetric",
    "IndexOptions",
    "Item",
    "Model",
    "Moments",
    "PLSOptions",
    "Path",
    "RunPlan",
    "Survey",
    "YearlyIndex",
    "composite",
    "effects",
    "fit_pls",
    "formative",
    "index_figures",
    "items",
    "model_from_lavaan",
    "model_to_lavaan",
    "models",
    "moments_of",
    "path",
    "paths",
    "read_codebook",
    "read_model",
    "read_survey",
    "reflective",
    "replicate_moments",
    "run_index",
    "scores",
    "simulate",
    "single",
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
