"""Models of many forms find the parameters behind their own covariances, from csi's starts."""

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.kernel import implied
from csi.estimate.covariance.layout import Placed, place
from csi.model.sem import SemModel, sem_from_text
from csi.moments.values import Moments

N = 1000
THREE = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\n"
NINE = THREE + "C =~ c1 + c2 + c3\n"
FORMS = {
    "reversed items": "A =~ a1 + a2 + a3 + a4 + a5\n" + "B =~ b1 + b2 + b3\nB ~ A",
    "pairs of items": "A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nB ~ A\nC ~ A + B",
    "second order": NINE + "D =~ d1 + d2 + d3\nH =~ A + B + C + D\ny ~ H",
    "second order standardised": NINE + "H =~ NA*A + B + C\nH ~~ 1*H",
    "cross-loadings": "A =~ a1 + a2 + a3 + b1\nB =~ b1 + b2 + b3 + c1\nC =~ c1 + c2 + c3",
    "general and group constructs": "G =~ a1 + a2 + a3 + b1 + b2 + b3 + c1 + c2 + c3\n"
    + NINE
    + "G ~~ 0*A + 0*B + 0*C\nA ~~ 0*B + 0*C\nB ~~ 0*C",
    "observed causes": "A =~ a1 + a2 + a3\nA ~ x1 + x2 + x3\na2 ~ x1",
    "loop": THREE + "A ~ B + x1\nB ~ A + x2\nA ~~ B",
    "growth": "I =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\nS =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\n"
    "t1 + t2 + t3 + t4 ~ 0*1\nI ~ NA*1\nS ~ NA*1",
    "paths of observed variables": "M ~ a*X\nY ~ b*M + c*X\nZ ~ M",
    "equation of labels": NINE + "B ~ p*A\nC ~ p*B + q*A\nq == 0.3 - 0.2*p",
    "covariances of errors": THREE + "a1 ~~ b1\na2 ~~ b2\nB ~ A",
    "equal loadings": "A =~ NA*l*a1 + l*a2 + l*a3 + l*a4\nA ~~ 1*A",
    "construct beside an observed variable": THREE + "B ~ A + x1\nA ~~ x1\na1 ~~ x1",
    "single items with error": "A =~ 1*a1\nB =~ 1*b1\nC =~ 1*c1\nD =~ 1*d1\n"
    "a1 ~~ e*a1\nb1 ~~ e*b1\nc1 ~~ e*c1\nd1 ~~ e*d1\nB ~ A\nC ~ B\nD ~ C",
    "groups": "A =~ a1 + c(u, u)*a2 + a3\nB =~ b1 + b2 + b3\nB ~ c(r, s)*A\nr == s + 0.1",
}


def truth(placed: Placed, rng: np.random.Generator, *, reversed_items: bool) -> Array:
    """Draw parameters that keep the equations of the model."""
    values = np.zeros(len(placed.free))
    for k, p in enumerate(placed.free):
        if p.op == "=~":
            sign = -1.0 if reversed_items and rng.random() < 0.5 else 1.0
            values[k] = sign * rng.uniform(0.7, 1.2)
        elif p.op == "~":
            values[k] = rng.uniform(0.3, 0.6)
        elif p.op == "~1":
            values[k] = rng.normal()
        elif p.lhs == p.rhs:
            values[k] = rng.uniform(0.5, 1.0)
        else:
            values[k] = rng.uniform(0.05, 0.2)
    layout = placed.layout
    return np.asarray(np.linalg.lstsq(layout.basis, values - layout.offset, rcond=None)[0])


def moments_of_model(model: SemModel, cov: Array, mean: Array, scale: Array) -> Moments:
    g, p = mean.shape
    n = np.full(g, N)
    return Moments(
        items=model.items,
        mean=mean * scale,
        cov=cov * np.outer(scale, scale),
        n=n,
        sum_weights=n.astype(float),
        n_effective=n.astype(float),
        answers=np.full((g, p), N),
        missing="complete",
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("form", FORMS)
def test_parameters_behind_covariances_are_found(form: str, seed: int) -> None:
    groups = ("x", "y") if form == "groups" else ("",)
    model = sem_from_text(FORMS[form], groups=groups)
    placed = place(model)
    x = truth(placed, np.random.default_rng(seed), reversed_items=form == "reversed items")
    at = implied(placed.layout, x[None])
    fit = fit_sem(model, moments_of_model(model, at.cov[0], at.mean[0], np.ones(len(model.items))))
    assert fit.converged
    assert fit.tests["standard"].statistic == pytest.approx(0.0, abs=1e-7)
    wanted = placed.layout.offset + placed.layout.basis @ x
    np.testing.assert_allclose(fit.values, wanted, atol=1e-4)


@pytest.mark.parametrize("form", ["reversed items", "pairs of items", "second order", "loop"])
def test_units_of_the_items_do_not_matter(form: str) -> None:
    """Items counted in other units fit as well: chi-square is free of scale."""
    model = sem_from_text(FORMS[form])
    placed = place(model)
    rng = np.random.default_rng(11)
    x = truth(placed, rng, reversed_items=form == "reversed items")
    p = len(model.items)
    at = implied(placed.layout, x[None])
    noise = rng.normal(size=(200, p)) @ np.linalg.cholesky(at.cov[0, 0]).T
    cov = np.cov(noise.T)[None]
    found = [
        fit_sem(model, moments_of_model(model, cov, at.mean[0], scale))
        for scale in (np.ones(p), np.exp(rng.normal(0.0, 2.5, p)))
    ]
    assert all(fit.converged for fit in found)
    one, two = (fit.tests["standard"].statistic for fit in found)
    assert one == pytest.approx(two, rel=1e-6)
    assert one > 1.0
