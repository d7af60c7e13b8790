"""Correlations that a path model implies, of constructs and of items.

Letters: p items, q constructs; S (*batch, p, p) item correlations, C (*batch, q, q) construct
correlations, B (*batch, q, q) path coefficients [source, target], L (*batch, p) loadings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from csi.arrays import Array, BoolArray, IntArray


def implied_constructs(
    C: Array,
    B: Array,
    exogenous: Sequence[int],
    endogenous: Sequence[int],
    disturbances: Literal["implied", "sample"] = "implied",
    made: Mapping[int, Sequence[int]] | None = None,
) -> Array:
    """Return the construct correlations that the paths imply.

    Parameters
    ----------
    C : (*batch, q, q)
        Correlations of the exogenous constructs are taken as they are.
    B : (*batch, q, q)
        Paths of standardised constructs in a recursive model.
    exogenous : sequence of int
    endogenous : sequence of int
        Causes before effects.
    disturbances : {"implied", "sample"}
        ``implied``: the variance of a disturbance is what its construct lacks of variance one.
        ``sample``: it is 1 less the R2 of the sample. An implied construct then no longer has
        variance one, though its composite has; the diagonal is 1 all the same.
    made : mapping of int to sequence of int, optional
        Constructs that are made of others: the parts correlate as in C, and the whole is the sum
        of its parts times their paths, of variance one, whatever else leads to it.

    Returns
    -------
    (*batch, q, q)
        Disturbances are uncorrelated with each other and with the exogenous constructs.

    Examples
    --------
    >>> C = np.array([[1.0, 0.5, 0.4], [0.5, 1.0, 0.6], [0.4, 0.6, 1.0]])
    >>> B = np.zeros((3, 3)); B[0, 1], B[1, 2] = 0.5, 0.6
    >>> float(implied_constructs(C, B, (0,), (1, 2))[0, 2].round(12))  # 0.5 * 0.6, not 0.4
    0.3
    """
    made = made or {}
    siblings = {i: set(parts) for parts in made.values() for i in parts}
    implied = np.zeros_like(C)
    done = list(exogenous)
    for i in done:
        implied[..., i, done] = C[..., i, done]
    for target in endogenous:
        path = B[..., done, target]
        if target in made:
            path = np.where([i in made[target] for i in done], path, 0.0)
        row = np.einsum("...k,...km->...m", path, implied[..., done, :][..., done])
        if target in made:
            size = np.sqrt((path * row).sum(axis=-1, keepdims=True))
            path, row = path / size, row / size
        free = [k for k, i in enumerate(done) if i in siblings.get(target, ())]
        row[..., free] = C[..., target, [done[k] for k in free]]
        implied[..., target, done] = row
        implied[..., done, target] = row
        implied[..., target, target] = 1.0
        if disturbances == "sample":
            lacking = 1.0 - (path * C[..., done, target]).sum(axis=-1)
            implied[..., target, target] = (path * row).sum(axis=-1) + lacking
        done.append(target)
    ends = np.arange(C.shape[-1])
    implied[..., ends, ends] = 1.0
    return implied


def implied_items(S: Array, L: Array, C: Array, owner: IntArray, reproduced: BoolArray) -> Array:
    """Return the item correlations that loadings and construct correlations imply.

    Parameters
    ----------
    S : (*batch, p, p)
        Item correlations of the sample.
    L : (*batch, p)
        Loading of every item on its own construct.
    C : (*batch, q, q)
    owner : (p) number of the construct of each item
    reproduced : (q) True for a composite
        The correlations within its block are those of the sample, as a composite says nothing
        about them; the items of a factor correlate by the product of their loadings.

    Examples
    --------
    >>> S = np.array([[1.0, 0.5, 0.3], [0.5, 1.0, 0.2], [0.3, 0.2, 1.0]])
    >>> L, C = np.array([0.9, 0.8, 1.0]), np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> owner = np.array([0, 0, 1])
    >>> implied_items(S, L, C, owner, np.array([True, True]))[0].round(12).tolist()
    [1.0, 0.5, 0.45]
    >>> implied_items(S, L, C, owner, np.array([False, True]))[0].round(12).tolist()
    [1.0, 0.72, 0.45]
    """
    own = owner[:, None] == owner
    implied = L[..., :, None] * C[..., owner, :][..., owner] * L[..., None, :]
    implied = np.where(own & reproduced[owner][:, None], S, implied)
    ends = np.arange(len(owner))
    implied[..., ends, ends] = 1.0
    return np.asarray(implied)


def outer_residuals(S: Array, V: Array, L: Array, C: Array, owner: IntArray) -> Array:
    """Return covariances of what the constructs leave of the items, (*batch, p, p).

    Parameters
    ----------
    S : (*batch, p, p)
    V : (*batch, p, q) covariances of items with constructs of variance one
    L : (*batch, p)
    C : (*batch, q, q)
    owner : (p)

    Examples
    --------
    >>> S = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> V, C = np.array([[0.8, 0.4], [0.3, 0.9]]), np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> left = outer_residuals(S, V, np.array([0.8, 0.9]), C, np.array([0, 1]))
    >>> left.round(12).tolist()  # 1 - 0.8**2; 0.5 - 0.4 * 0.9 - 0.8 * 0.3 + 0.8 * 0.9 * 0.5
    [[0.36, 0.26], [0.26, 0.19]]
    """
    cross = V[..., owner] * L[..., None, :]
    between = C[..., owner, :][..., owner]
    both = L[..., :, None] * between * L[..., None, :]
    return np.asarray(S - cross - np.swapaxes(cross, -1, -2) + both)
