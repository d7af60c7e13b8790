"""Models: constructs, items and paths; their forms on disk; the catalogue of published models."""

from csi.model import models
from csi.model.form import model_from_dict
from csi.model.grammar import composite, formative, higher, items, path, paths, reflective, single
from csi.model.lavaan_form import model_from_lavaan, model_to_lavaan
from csi.model.layout import layers
from csi.model.model import Construct, Kind, Model, Path, Sign
from csi.model.toml_form import model_from_toml, model_to_toml, read_model, write_model

__all__ = [
    "Construct",
    "Kind",
    "Model",
    "Path",
    "Sign",
    "composite",
    "formative",
    "higher",
    "items",
    "layers",
    "model_from_dict",
    "model_from_lavaan",
    "model_from_toml",
    "model_to_lavaan",
    "model_to_toml",
    "models",
    "path",
    "paths",
    "read_model",
    "reflective",
    "single",
    "write_model",
]
