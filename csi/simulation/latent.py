"""The standardised path model behind the answers: true paths, loadings and correlations."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from csi.arrays import Array
from csi.model.model import Model
from csi.simulation.plan import TrueValues

_EXPLAINED = (0.0, 0.45, 0.55, 0.65, 0.70)
_HIGHEST_LOADING, _LOWEST_LOADING = 0.88, 0.76


class Latent(NamedTuple):
    """A standardised path model with its items (p items, q constructs).

    Attributes
    ----------
    order : (q,) construct numbers, causes before effects
    paths : (q, q) path coefficients, [source, target]
    corr : (q, q) correlations of the constructs
    r2 : (q,) explained variance, 0 for exogenous constructs and 1 for wholes made of their parts;
        may exceed 1 for impossible paths
    member : (p,) number of the construct each item measures
    loadings : (p,) correlation of item and construct
    """

    order: tuple[int, ...]
    paths: Array
    corr: Array
    r2: Array
    member: tuple[int, ...]
    loadings: Array

    @property
    def item_corr(self) -> Array:
        """(p, p) correlations of the latent items."""
        place = list(self.member)
        corr: Array = np.outer(self.loadings, self.loadings) * self.corr[np.ix_(place, place)]
        np.fill_diagonal(corr, 1.0)
        return corr

    @property
    def response(self) -> Array:
        """(q, q) matrix that turns independent standard normal rows into construct scores."""
        scale = np.diag(np.sqrt(np.maximum(1.0 - self.r2, 0.0)))
        spread: Array = scale @ np.linalg.inv(np.eye(len(self.r2)) - self.paths)
        return spread


def latent_model(model: Model, true: TrueValues) -> Latent:
    """Complete the true paths and loadings and work out what they imply.

    Parameters
    ----------
    model : Model
        A recursive model with p items and q constructs.
    true : TrueValues
        Paths and loadings that are given; the others take their defaults.

    Returns
    -------
    Latent
        Exogenous constructs are independent of one another.
    """
    q = len(model.names)
    order = tuple(model.names.index(name) for name in model.order)
    signs = {(path.source, path.target): -1.0 if path.sign == "-" else 1.0 for path in model.paths}
    paths, corr, r2 = np.zeros((q, q)), np.eye(q), np.zeros(q)
    done: list[int] = []
    for target in order:
        causes = [s for s in done if model.arrows[s, target]]
        if causes and _is_made(model, target):
            paths[causes, target] = _shares(model, target, causes, true, signs, corr)
            r2[target] = 1.0
        elif causes:
            between = corr[np.ix_(causes, causes)]
            names = [(model.names[s], model.names[target]) for s in causes]
            known = {n: true.paths[n] for n in names if n in true.paths}
            paths[causes, target] = _coefficients(names, known, signs, between)
            r2[target] = paths[causes, target] @ between @ paths[causes, target]
        if causes:
            corr[target, done] = corr[done, target] = (
                corr[np.ix_(done, causes)] @ paths[causes, target]
            )
        done.append(target)
    member = tuple(
        k
        for k, construct in enumerate(model.constructs)
        if not construct.parts
        for _ in construct.items
    )
    return Latent(order, paths, corr, r2, member, _loadings(model, true))


def _is_made(model: Model, target: int) -> bool:
    """Tell whether a construct is a whole that is made of its parts."""
    construct = model.constructs[target]
    return bool(construct.parts) and construct.kind != "reflective"


def _shares(
    model: Model,
    target: int,
    parts: list[int],
    true: TrueValues,
    signs: dict[tuple[str, str], float],
    corr: Array,
) -> Array:
    """Weights of the parts in a whole made of them, which give it variance one."""
    names = [(model.names[part], model.names[target]) for part in parts]
    share = np.array([true.paths.get(name, signs[name]) for name in names])
    length = np.sqrt(share @ corr[np.ix_(parts, parts)] @ share)
    return np.asarray(share / length)


def _coefficients(
    names: list[tuple[str, str]],
    known: dict[tuple[str, str], float],
    signs: dict[tuple[str, str], float],
    between: Array,
) -> Array:
    """Given paths, and for the others one common size that reaches the default R2.

    With fixed part f and signs s, ``(f + b s)' P (f + b s) = R2`` is a quadratic in b; where
    the given paths reach the default alone, the others are 0.05.
    """
    wanted = _EXPLAINED[min(len(names), len(_EXPLAINED) - 1)]
    fixed = np.array([known.get(name, 0.0) for name in names])
    sign = np.array([0.0 if name in known else signs[name] for name in names])
    a, b, c = sign @ between @ sign, fixed @ between @ sign, fixed @ between @ fixed - wanted
    if not sign.any():
        return fixed
    root = (-b + np.sqrt(max(b * b - a * c, 0.0))) / a if a > 1e-9 else 0.05
    return fixed + min(max(root, 0.05), 0.85) * sign


def _loadings(model: Model, true: TrueValues) -> Array:
    """(p,) loadings, given or default."""
    values = []
    for construct in model.constructs:
        if construct.parts:
            continue
        size = len(construct.items)
        default = np.linspace(_HIGHEST_LOADING, _LOWEST_LOADING, size) if size > 1 else [1.0]
        pairs = zip(construct.items, default, strict=True)
        values += [true.loadings.get(item, float(value)) for item, value in pairs]
    return np.array(values)
