"""What is wrong or doubtful about a covariance fit, in words with the names."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.kernel import DISTURBANCE, ERROR, LOADING, PATH, implied
from csi.estimate.covariance.result import SemFit
from csi.estimate.covariance.solution import delta_errors

ALIKE = 0.95
"""Constructs with a larger correlation can hardly be told apart."""

INFLATED = 10.0
"""Variance inflation of a source from which on its path is a matter of chance."""

WIDE = 1.0
"""Standard error of a standardised path that says nothing."""


def diagnosis(fit: SemFit) -> tuple[str, ...]:
    """Return sentences on what a reader must know before believing a fit.

    Parameters
    ----------
    fit : SemFit

    Returns
    -------
    tuple of str
        Negative variances, correlations above one, constructs that cannot be told apart and the
        paths that suffer from it, each with what to do. Nothing for a sound fit.
    """
    if not np.isfinite(fit.x).all():
        return ()
    said: list[str] = []
    for group, name in enumerate(fit.placed.model.groups):
        where = f"group {name}: " if name else ""
        said += [where + words for words in _variances(fit, group)]
        said += [where + words for words in _alike(fit, group)]
        said += [where + words for words in _inflated(fit, group)]
    return tuple(said)


def _variances(fit: SemFit, group: int) -> list[str]:
    """Name negative variances of items and disturbances."""
    at = fit.implied
    errors = np.diag(at.matrices[ERROR][0, group])
    disturbances = np.diag(at.matrices[DISTURBANCE][0, group])
    said = [
        f"the error variance of {item} is negative ({value:.3g}): the solution is inadmissible; "
        f"look at the item, or keep variances at zero with admissible=True"
        for item, value in zip(fit.placed.model.items, errors, strict=True)
        if value < 0
    ]
    return said + [
        f"the variance of {name} that its causes leave is negative ({value:.3g}): the solution is "
        "inadmissible; look at its items and causes"
        for name, value in zip(fit.placed.constructs, disturbances, strict=True)
        if value < 0
    ]


def _alike(fit: SemFit, group: int) -> list[str]:
    """Name pairs of constructs whose correlation is one, as far as the sample can tell."""
    names = fit.placed.constructs
    measured = fit.implied.matrices[LOADING][0, group].astype(bool).sum(axis=0)
    pairs = [
        (i, j) for i in range(len(names)) for j in range(i) if measured[i] > 1 and measured[j] > 1
    ]
    if not pairs:
        return []
    first, second = np.array(pairs).T

    def correlations(x: Array) -> Array:
        latent = implied(fit.placed.layout, x).latent[:, group]
        sd = np.sqrt(np.abs(np.einsum("bmm->bm", latent)))
        return np.asarray(latent[:, first, second] / (sd[:, first] * sd[:, second]))

    found = correlations(fit.x[None])[0]
    errors = np.zeros_like(found)
    if np.isfinite(fit.vcov).all():
        errors = delta_errors(fit, correlations)
    said = []
    for (i, j), value, error in zip(pairs, found, errors, strict=True):
        near = f"{names[j]} and {names[i]}"
        if abs(value) > 1:
            said.append(
                f"the correlation of {near} is {value:.2f}, above one: they cannot be told apart; "
                "make one construct of them, or fit by PLS"
            )
        elif abs(value) > ALIKE or abs(value) + 2.0 * error > 1.0:
            said.append(
                f"{near} can hardly be told apart (correlation {value:.2f}, standard error "
                f"{error:.2f}): make one construct of them, or leave out a path from one"
            )
    return said


def _inflated(fit: SemFit, group: int) -> list[str]:
    """Name the paths whose sources explain one another."""
    at, names = fit.implied, fit.placed.constructs
    paths, latent = at.matrices[PATH][0, group], at.latent[0, group]
    sd = np.sqrt(np.abs(np.diag(latent)))
    said = []
    for target in range(len(names)):
        sources = np.flatnonzero(paths[target])
        if len(sources) < 2:
            continue
        corr = latent[np.ix_(sources, sources)] / np.outer(sd[sources], sd[sources])
        with np.errstate(divide="ignore", invalid="ignore"):
            inflation = np.diag(np.linalg.pinv(corr))
        for k, source in enumerate(sources):
            if not (0 <= inflation[k] < INFLATED):
                value = paths[target, source] * sd[source] / sd[target]
                said.append(
                    f"the path {names[source]} -> {names[target]} ({value:.2f} standardised) "
                    "cannot be read: the other causes say nearly the same as its source (variance "
                    f"inflation {abs(inflation[k]):.0f}); leave out a path, or make one construct "
                    "of those that are alike"
                )
    return said
