"""Structural equation models with every parameter spelt out, for covariance estimators."""

from csi.model.sem.build import sem_of
from csi.model.sem.invariance import with_invariance
from csi.model.sem.text import sem_from_text
from csi.model.sem.values import Defined, Equality, Operator, Parameter, SemModel
from csi.model.sem.write import sem_to_text

__all__ = [
    "Defined",
    "Equality",
    "Operator",
    "Parameter",
    "SemModel",
    "sem_from_text",
    "sem_of",
    "sem_to_text",
    "with_invariance",
]
