"""The arithmetic of moderation: regressions with terms, simple slopes, where they are not zero.

Letters: v variables (composites and terms), any batch in front.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from csi.arrays import Array, IntArray
from csi.assess.kernel_products import solved


def regression(cov: Array, sources: IntArray, target: int) -> tuple[Array, Array]:
    """Return slopes (*batch, m) and R2 (*batch) of one variable on others, from covariances.

    NaN where the others cannot be told apart.

    Parameters
    ----------
    cov : (*batch, v, v)
    sources : (m)
    target : int

    Examples
    --------
    >>> cov = np.array([[1.0, 0.5, 0.8], [0.5, 1.0, 0.7], [0.8, 0.7, 1.0]])
    >>> slopes, r2 = regression(cov, np.array([0, 1]), 2)
    >>> slopes.round(3), float(r2.round(3))
    (array([0.6, 0.4]), 0.76)
    """
    right = cov[..., sources, target]
    own = cov[..., sources[:, None], sources]
    slopes = solved(own, right[..., None])[..., 0]
    explained = np.sum(slopes * right, axis=-1) / cov[..., target, target]
    return slopes, np.asarray(explained, dtype=np.float64)


def f_squared(with_term: Array | float, without: Array | float) -> Array:
    """Return Cohen's f2 of a term, from R2 with and without it.

    .. math:: (R^2 - R^2_0) / (1 - R^2)

    Source: [cohen1988statistical], for interactions [aguinis2005effect].

    Examples
    --------
    >>> float(f_squared(0.36, 0.34).round(5))
    0.03125
    """
    with_term = np.asarray(with_term, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((with_term - without) / (1.0 - with_term))


def slope_at(main: Array, bend: Array, level: Array | float) -> Array:
    """Return the slope of a construct at a level of the moderator, ``main + bend * level``.

    For a quadratic effect `level` is that of the construct itself and `bend` twice the coefficient.

    Examples
    --------
    >>> float(round(float(slope_at(np.array(0.4), np.array(-0.1), 1.0)), 12))
    0.3
    """
    return np.asarray(main + bend * level)


def slope_limits(
    main: float, bend: float, cov: Array, t: float
) -> tuple[tuple[float, float, int], ...]:
    r"""Return where on the moderator a slope differs from zero, by Johnson and Neyman.

    Parameters
    ----------
    main, bend : float
        The slope is ``main + bend * m``.
    cov : (2, 2) covariances of the two estimates
    t : float
        Quantile that an estimate over its error must pass.

    Returns
    -------
    tuple of (low, high, sign)
        Adjoining stretches from minus to plus infinity; the sign is that of the slope, 0 where it
        does not differ from zero. For a quadratic effect the stretches of sign 0 are Fieller's
        limits of the turning point.

    Notes
    -----
    The ends solve :math:`(b + d m)^2 = t^2 (v_{bb} + 2 m v_{bd} + m^2 v_{dd})`. They hold for each
    level by itself, not for all of them together. Source: [johnson1936tests],
    [bauer2005probing]; for the turning point [fieller1954problems].

    Examples
    --------
    >>> slope_limits(0.5, 0.25, np.diag([0.01, 0.0]), 2.0)  # slope 0.25 m + 0.5 with error 0.1
    ((-inf, -2.8, -1), (-2.8, -1.2, 0), (-1.2, inf, 1))
    """
    if not (np.isfinite([main, bend]).all() and np.isfinite(cov).all()):
        return ()
    quadratic = bend**2 - t**2 * cov[1, 1]
    linear = 2.0 * (main * bend - t**2 * cov[0, 1])
    constant = main**2 - t**2 * cov[0, 0]
    ends = [-np.inf, *_real_roots(quadratic, linear, constant), np.inf]
    found = []
    for low, high in pairwise(ends):
        m = _inside(low, high)
        clear = quadratic * m**2 + linear * m + constant > 0
        found.append((float(low), float(high), int(np.sign(main + bend * m)) if clear else 0))
    return tuple(found)


def _real_roots(a: float, b: float, c: float) -> list[float]:
    """Return the real roots of a polynomial of second degree, ascending."""
    scale = max(abs(a), abs(b), abs(c))
    if scale == 0:
        return []
    if abs(a) < 1e-14 * scale:
        return [] if abs(b) < 1e-14 * scale else [-c / b]
    inner = b * b - 4.0 * a * c
    if inner <= 0:
        return []
    half = -0.5 * (b + np.copysign(np.sqrt(inner), b))
    roots = [half / a, c / half] if half else [-np.sqrt(-c / a), np.sqrt(-c / a)]
    return sorted(round(float(root), 12) for root in roots)


def _inside(low: float, high: float) -> float:
    """Return a number between two ends."""
    if np.isinf(low) and np.isinf(high):
        return 0.0
    if np.isinf(low):
        return high - 1.0 - abs(high)
    return low + 1.0 + abs(low) if np.isinf(high) else (low + high) / 2.0


def turning_point(main: Array, bend: Array) -> Array:
    """Return the level at which a slope ``main + bend * level`` is zero.

    Examples
    --------
    >>> float(turning_point(np.array(0.4), np.array(-0.1)))
    4.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(-main / bend)
