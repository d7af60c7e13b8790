"""From a model in parameters to the matrices of the estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.kernel import (
    DISTURBANCE,
    ERROR,
    INTERCEPT,
    LOADING,
    MEAN,
    PATH,
    Layout,
)
from csi.model.sem.expressions import linear_form
from csi.model.sem.values import Parameter, SemModel


@dataclass(frozen=True, slots=True)
class Placed:
    """A layout with the names of what stands where.

    Attributes
    ----------
    model : SemModel
    layout : Layout
    constructs : tuple of str
        Latent variables, then observed variables that send or receive paths.
    free : tuple of Parameter
        The table parameters of the layout, (K).
    """

    model: SemModel
    layout: Layout
    constructs: tuple[str, ...]
    free: tuple[Parameter, ...]


def place(model: SemModel) -> Placed:
    """Return the layout of a model.

    Raises
    ------
    EstimationError
        Parameters of unknown variables, and equalities that cannot hold, all at once.
    """
    observed = model.observed
    constructs = (*model.constructs, *observed)
    p, m, g = len(model.items), len(constructs), len(model.groups)
    fixed = (
        np.zeros((g, p, m)),
        np.zeros((g, m, m)),
        np.zeros((g, m, m)),
        np.zeros((g, p, p)),
        np.zeros((g, p)),
        np.zeros((g, m)),
    )
    for name in observed:  # a construct of one item, measured without error
        fixed[LOADING][:, model.items.index(name), constructs.index(name)] = 1.0
    free: list[Parameter] = []
    spots: list[tuple[int, int, int, int]] = []
    faults: list[Fault] = []
    for parameter in model.parameters:
        if parameter.op == "|":
            continue
        spot = _spot(parameter, model, constructs)
        if isinstance(spot, Fault):
            faults.append(spot)
            continue
        code, i, j = spot
        if parameter.fixed is None:
            free.append(parameter)
            spots.append((code, parameter.group, i, j))
        else:
            _fix(fixed, code, parameter.group, i, j, parameter.fixed)
    if faults:
        raise EstimationError(faults)
    table = np.array(spots, dtype=np.int64).reshape(-1, 4)
    basis, offset = _basis(free, model)
    layout = Layout(
        fixed, table[:, 0], table[:, 1], table[:, 2], table[:, 3], basis, offset, model.means
    )
    return Placed(model, layout, constructs, tuple(free))


def _spot(
    parameter: Parameter, model: SemModel, constructs: tuple[str, ...]
) -> tuple[int, int, int] | Fault:
    """Return matrix and place of a parameter."""
    op, lhs, rhs = parameter.op, parameter.lhs, parameter.rhs
    where = f"parameter {parameter.name}"
    known = {*constructs, *model.items}
    unknown = [name for name in (lhs, rhs) if name and name not in known]
    if unknown:
        what = f"{' and '.join(unknown)} is not in the model"
        return Fault(where, what, "add it, or correct the name")
    if op == "=~":
        if rhs in constructs:  # second order, or an item that takes part in paths
            return PATH, constructs.index(rhs), constructs.index(lhs)
        return LOADING, model.items.index(rhs), constructs.index(lhs)
    if op == "~":
        return PATH, constructs.index(lhs), constructs.index(rhs)
    if op == "~~":
        if lhs in constructs and rhs in constructs:
            i, j = constructs.index(lhs), constructs.index(rhs)
            return DISTURBANCE, max(i, j), min(i, j)
        if lhs in model.items and rhs in model.items:
            i, j = model.items.index(lhs), model.items.index(rhs)
            return ERROR, max(i, j), min(i, j)
        return Fault(where, "joins an item and a construct", "use a loading or a path")
    if lhs in constructs:
        return MEAN, constructs.index(lhs), 0
    return INTERCEPT, model.items.index(lhs), 0


def _fix(fixed: tuple[Array, ...], code: int, group: int, i: int, j: int, value: float) -> None:
    if code in (INTERCEPT, MEAN):
        fixed[code][group, i] = value
        return
    fixed[code][group, i, j] = value
    if code in (DISTURBANCE, ERROR):
        fixed[code][group, j, i] = value


def _basis(free: Sequence[Parameter], model: SemModel) -> tuple[Array, Array]:
    """Return the map from free parameters to table values, with equal labels made one."""
    number: dict[str, int] = {}
    of: list[int] = []
    for parameter in free:
        key = parameter.label or f"\0{len(of)}"
        of.append(number.setdefault(key, len(number)))
    basis = np.zeros((len(free), len(number)))
    basis[np.arange(len(free)), of] = 1.0
    offset = np.zeros(len(free))
    if not model.equalities:
        return basis, offset
    rows, right = linear_equalities(model, number)
    inside, particular = _solutions(rows, right)
    return basis @ inside, offset + basis @ particular


def linear_equalities(model: SemModel, number: dict[str, int]) -> tuple[Array, Array]:
    """Return the equations between labels as rows (e, f) and right sides (e)."""
    rows, right = [], []
    for equality in model.equalities:
        coefficients, constant = linear_form(f"({equality.left}) - ({equality.right})")
        row = np.zeros(len(number))
        for label, value in coefficients.items():
            if label not in number:
                raise EstimationError(
                    Fault(
                        f"equality {equality.left} == {equality.right}",
                        f"{label} is no label of a free parameter",
                        "label a parameter with it",
                    )
                )
            row[number[label]] = value
        rows.append(row)
        right.append(-constant)
    return np.array(rows), np.array(right)


def _solutions(rows: Array, right: Array) -> tuple[Array, Array]:
    """Return all solutions of linear equations: a basis of the null space and one solution."""
    particular: Array = np.asarray(np.linalg.lstsq(rows, right, rcond=None)[0])
    if not np.allclose(rows @ particular, right, atol=1e-10):
        raise EstimationError(Fault("equalities", "contradict one another", "take one of them out"))
    _, values, vectors = np.linalg.svd(rows)
    rank = int(np.sum(values > 1e-10 * values.max(initial=0.0)))
    return np.asarray(vectors[rank:].T, dtype=np.float64), particular
