"""Direct, indirect and total effects of constructs on one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, lock
from csi.estimate.fit import Fit
from csi.tabular import Brief


@dataclass(frozen=True, slots=True, repr=False)
class Effects(Brief):
    """Effects of standardised constructs, each (*batch, q, q) as [source, target]."""

    direct: Array
    indirect: Array
    total: Array


def total_effects(paths: Array) -> Array:
    """Return all effects along any chain of paths, ``(I - B)^-1 - I``.

    Parameters
    ----------
    paths : (*batch, q, q) path coefficients of a recursive model, [source, target]

    Examples
    --------
    >>> B = np.zeros((3, 3)); B[0, 1] = 0.5; B[1, 2] = 0.4; B[0, 2] = 0.1
    >>> float(round(total_effects(B)[0, 2], 12))
    0.3
    """
    q = paths.shape[-1]
    total = step = paths
    for _ in range(q - 1):
        step = step @ paths
        if not np.any(step[np.isfinite(step)]):
            break
        total = total + step
    return total


def effects(fit: Fit) -> Effects:
    """Return direct, indirect and total effects of every construct on every other."""
    total = total_effects(fit.paths)
    return Effects(fit.paths, lock(total - fit.paths), lock(np.array(total)))
