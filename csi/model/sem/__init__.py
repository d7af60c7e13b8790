"""Structural equation models with every parameter spelt out, for covariance estimators."""

from csi.model.sem.values import Defined, Equality, Operator, Parameter, SemModel

__all__ = ["Defined", "Equality", "Operator", "Parameter", "SemModel"]
