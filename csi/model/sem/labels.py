"""Labels that say which parameter they stand for."""

from __future__ import annotations

from collections.abc import Iterable

from csi.model.sem.values import Parameter, SemModel


def label_for(parameter: Parameter, model: SemModel, taken: Iterable[str]) -> str:
    """Return a label for a parameter that is in no use, such as ``loading.Quality.Q3``.

    Examples
    --------
    >>> model = SemModel("m", ("A",), ("a1", "a2"), ())
    >>> label_for(Parameter("A", "=~", "a2"), model, ())
    'loading.A.a2'
    >>> label_for(Parameter("a2", "~1", ""), model, ("intercept.a2",))
    'intercept.a2.'
    """
    lhs, op, rhs = parameter.lhs, parameter.op, parameter.rhs
    if op == "=~":
        label = f"loading.{lhs}.{rhs}"
    elif op == "~":
        label = f"path.{lhs}.{rhs}"
    elif op == "|":
        label = f"threshold.{lhs}.{rhs}"
    elif op == "~1":
        label = f"{'mean' if lhs in model.constructs else 'intercept'}.{lhs}"
    elif lhs == rhs:
        label = f"{'variance' if lhs in model.constructs else 'residual'}.{lhs}"
    else:
        label = f"covariance.{lhs}.{rhs}"
    while label in set(taken):
        label += "."
    return label
