"""First memberships for the search of segments.

Letters: n respondents, S starts, K segments, J equations.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray
from csi.compare.segments.kernel_mixture import Equations, expectation, regressions_of

SEEDS = 3
"""Respondents for each coefficient of the largest equation that a seeded segment starts from."""


def random_partitions(rng: np.random.Generator, n: int, K: int, S: int) -> IntArray:
    """Return random segments of equal size (but for one respondent), (S, n).

    Examples
    --------
    >>> random_partitions(np.random.default_rng(1), 4, 2, 1).sum()
    np.int64(2)
    """
    return np.stack([rng.permutation(np.arange(n) % K) for _ in range(S)]).astype(np.int64)


def memberships(segments: IntArray, K: int) -> Array:
    """Return segments (*batch, n) as memberships of 0 and 1, (*batch, K, n)."""
    return np.asarray(segments[..., None, :] == np.arange(K)[:, None], dtype=np.float64)


def random_starts(
    rng: np.random.Generator,
    products: Array,
    weights: Array,
    equations: Equations,
    variance: Array,
    K: int,
    S: int,
) -> Array:
    """Return first memberships (S, K, n), half of them from partitions and half from seeds.

    Parameters
    ----------
    rng : Generator
    products : (n, t) from `csi.compare.segments.kernel_mixture.pair_products`
    weights : (n)
    equations : Equations
    variance : (J) residual variances of all respondents together
    K, S : int

    Notes
    -----
    A random partition starts near the solution of one segment, which EM leaves slowly and always
    on the same side. A seeded start takes the regressions of K small random groups and sorts
    everybody by them, and so begins far away. Each kind finds optima that the other misses.
    """
    n = len(products)
    start = memberships(random_partitions(rng, n, K, S), K)
    size = min(SEEDS * equations.widest, n // K)
    columns = int((np.sqrt(8.0 * products.shape[1] + 1.0) - 1.0) / 2.0)
    for s in range(1, S, 2):
        seeds = rng.permutation(n)[: K * size].reshape(K, size)
        sums = np.einsum("kg,kgt->kt", weights[seeds], products[seeds])
        contrast = regressions_of(sums, equations, columns)[0]
        if not np.isfinite(contrast).all():
            continue  # seeds that are all alike: the partition stays
        spread = np.broadcast_to(variance, (K, len(variance)))
        start[s] = expectation(products, weights, np.full(K, 1.0 / K), contrast, spread)[0]
    return start
