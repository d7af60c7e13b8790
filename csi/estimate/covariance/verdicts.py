"""Words for levels of invariance, by stated rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.estimate.covariance.result import Test

FORM_CFI, FORM_RMSEA, FORM_SRMR = 0.90, 0.08, 0.08
"""The form fits where CFI is at least, RMSEA and SRMR are at most this."""

CFI_FALL = 0.010
"""A level fails where CFI falls by more [cheung2002evaluating]."""

RMSEA_RISE, SRMR_RISE_LOADINGS, SRMR_RISE = 0.015, 0.030, 0.010
"""A level is doubtful where these rise by as much or more [chen2007sensitivity]."""

SIGNIFICANT = 0.05
"""A difference test below this finds differences."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Test and measures of fit of one level.

    Attributes
    ----------
    chi_square, freedom, p_value, cfi, rmsea, srmr, bic : float
        NaN where there is none.
    converged : bool
    """

    chi_square: float
    freedom: float
    p_value: float
    cfi: float
    rmsea: float
    srmr: float
    bic: float
    converged: bool


def form_verdict(own: Measured) -> tuple[bool, str]:
    """Return whether the first level holds, and in words.

    Parameters
    ----------
    own : Measured

    Notes
    -----
    CFI after the rule for normed indices [bentler1980significance], RMSEA [browne1992alternative],
    SRMR [hu1999cutoff].

    Examples
    --------
    >>> form_verdict(Measured(90.0, 80.0, 0.2, 0.89, 0.02, 0.03, 1e4, True))
    (False, 'does not fit: CFI 0.890 is below 0.90')
    """
    if not own.converged or not np.isfinite(own.cfi):
        return False, "no fit: look at the model"
    bad = []
    if own.cfi < FORM_CFI:
        bad.append(f"CFI {own.cfi:.3f} is below {FORM_CFI:.2f}")
    if own.rmsea > FORM_RMSEA:
        bad.append(f"RMSEA {own.rmsea:.3f} is above {FORM_RMSEA:.2f}")
    if own.srmr > FORM_SRMR:
        bad.append(f"SRMR {own.srmr:.3f} is above {FORM_SRMR:.2f}")
    return (False, f"does not fit: {', '.join(bad)}") if bad else (True, "fits")


def level_verdict(
    own: Measured, before: Measured, difference: Test | None, *, loadings: bool
) -> tuple[bool, str]:
    """Return whether a further level holds, and in words.

    Parameters
    ----------
    own, before : Measured
    difference : Test or None
    loadings : bool
        Whether the level makes loadings equal: SRMR may rise by more then.

    Examples
    --------
    >>> first = Measured(90.0, 80.0, 0.2, 0.990, 0.02, 0.03, 1e4, True)
    >>> second = Measured(130.0, 86.0, 0.01, 0.975, 0.03, 0.04, 1e4, True)
    >>> level_verdict(second, first, None, loadings=True)
    (False, 'fails: CFI falls by 0.015')
    """
    if not (own.converged and before.converged and np.isfinite(own.cfi - before.cfi)):
        return False, "no fit: look at the model"
    fall, rmsea = before.cfi - own.cfi, own.rmsea - before.rmsea
    srmr, limit = own.srmr - before.srmr, SRMR_RISE_LOADINGS if loadings else SRMR_RISE
    rises = []
    if rmsea >= RMSEA_RISE:
        rises.append(f"RMSEA rises by {rmsea:.3f}")
    if srmr >= limit:
        rises.append(f"SRMR rises by {srmr:.3f}")
    if fall > CFI_FALL:
        return False, "fails: " + ", ".join([f"CFI falls by {fall:.3f}", *rises])
    if rises:
        return False, "doubtful: " + ", ".join(rises)
    if difference is not None and difference.p_value < SIGNIFICANT:
        return True, "holds: the test finds differences, but small ones"
    return True, "holds"
