"""Chains of paths between two constructs, their effects, and the pattern of a mediation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from csi.arrays import Array
from csi.model.model import Model

Pattern = Literal[
    "complementary", "competitive", "indirect-only", "direct-only", "no effect", "no direct path"
]
"""Direct and indirect effect of one sign, of opposite signs, only one of them, or none
[zhao2010reconsidering]; ``no direct path``: an indirect effect where the model has no direct
path, so that the data were not asked for one."""

Chain = tuple[str, ...]


def chains_between(model: Model, source: str, target: str) -> tuple[Chain, ...]:
    """Return every chain of two paths or more from one construct to another.

    Shorter chains first, then in the order of the model.

    Examples
    --------
    >>> from csi.model import models
    >>> chains_between(models.load("ecsi_mobile"), "Expectation", "Value")
    (('Expectation', 'Quality', 'Value'),)
    """
    found: list[Chain] = []
    open_: list[Chain] = [(source,)]
    while open_:
        chain = open_.pop()
        for after in model.successors(chain[-1]):
            if after == target and len(chain) > 1:
                found.append((*chain, after))
            elif after != target:
                open_.append((*chain, after))
    places = {name: at for at, name in enumerate(model.names)}
    return tuple(sorted(found, key=lambda c: (len(c), [places[name] for name in c])))


def chain_effects(paths: Array, chains: Sequence[Sequence[int]]) -> Array:
    """Return the products of path coefficients along chains, (*batch, c).

    Parameters
    ----------
    paths : (*batch, q, q) [source, target]
    chains : sequence of sequence of int
        Places of constructs.

    Examples
    --------
    >>> B = np.zeros((3, 3)); B[0, 1], B[1, 2] = 0.5, 0.4
    >>> chain_effects(B, [(0, 1, 2)]).tolist()
    [0.2]
    """
    found = np.empty((*paths.shape[:-2], len(chains)))
    for at, chain in enumerate(chains):
        found[..., at] = np.prod([paths[..., i, j] for i, j in pairwise(chain)], axis=0)
    return found


def pattern_of(
    direct: float, indirect: float, *, direct_found: bool, indirect_found: bool, has_path: bool
) -> Pattern:
    """Return the pattern of mediation.

    Parameters
    ----------
    direct, indirect : float
        Effects; only their signs count.
    direct_found, indirect_found : bool
        Whether each is significantly different from zero.
    has_path : bool
        Whether the model has a direct path.

    Notes
    -----
    [zhao2010reconsidering], [nitzl2016mediation].

    Examples
    --------
    >>> pattern_of(0.3, -0.1, direct_found=True, indirect_found=True, has_path=True)
    'competitive'
    """
    if not has_path:
        return "no direct path" if indirect_found else "no effect"
    if direct_found and indirect_found:
        return "complementary" if direct * indirect > 0 else "competitive"
    if indirect_found:
        return "indirect-only"
    return "direct-only" if direct_found else "no effect"
