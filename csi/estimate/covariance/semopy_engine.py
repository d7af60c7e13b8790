"""The second engine: estimates of semopy behind the contract of the first.

semopy is asked for the estimates of complete-data maximum likelihood of one group, which it gets
right; convergence, errors, tests and measures are csi's own, for both engines the same. Nothing
else imports semopy.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array, lock, one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.kernel import implied
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.scoring import Scored, Target, discrepancy, gradient
from csi.estimate.covariance.starts import starting_values
from csi.model.sem.values import Parameter

STOP = 1e-14
"""Stop of semopy's iteration; its own default leaves errors of 1e-3 in the estimates."""
SETTLED = 1e-11
"""Half the Newton decrement at which semopy's estimates count as those of the minimum."""


def semopy_solve(placed: Placed, sample: SemSample, options: SemOptions) -> tuple[Array, bool]:
    """Return the free parameters of a model as semopy estimates them from a sample.

    Parameters
    ----------
    placed : Placed
        One group, without means, ordinal items and equalities other than equal labels.
    sample : SemSample
        Complete answers, or moments; covariances are weighted where there are weights.
    options : SemOptions

    Returns
    -------
    x : (f) free parameters in the order of the layout
    converged : bool

    Raises
    ------
    EstimationError
        As `semopy_scored`; also for missing answers.
    """
    if any(np.isnan(part.rows).any() for part in sample.rows):
        raise EstimationError([_refused(placed, "has missing answers")])
    found = semopy_scored(placed, sample.target(options), options)
    return lock(np.array(found.x[0])), bool(found.converged[0])


def semopy_scored(placed: Placed, target: Target, options: SemOptions) -> Scored:
    """Return what `csi.estimate.covariance.scoring.score` returns, estimated by semopy.

    Parameters
    ----------
    placed : Placed
    target : Target
        Covariances of any number of samples of one group; they are fitted one by one.
    options : SemOptions

    Returns
    -------
    Scored
        A member is converged where half its Newton decrement is below 1e-11: chi-square is then
        within ``2e-11 N`` of its minimum. What semopy says of its own iteration is not taken.

    Raises
    ------
    EstimationError
        Where semopy is missing or broken, and for all that it is known to get wrong.

    Notes
    -----
    Every fit has a fresh semopy model, the sample moments and starting values of csi, and bounds
    only where the model or the options have them. Source: [igolkina2020semopy].
    """
    faults = refusals(placed, options)
    if faults:
        raise EstimationError(faults)
    semopy = _loaded()
    layout = placed.layout
    x = starting_values(placed, target.cov, target.mean)
    steps = np.zeros(len(x), dtype=np.int64)
    with one_thread(), _quiet():
        for k, start in enumerate(x):
            x[k], steps[k] = _fitted(semopy, placed, target.cov[k, 0], start, options)
        at = implied(layout, x)
        value, _ = discrepancy(target, at, "ml", means=False)
        decrement = np.full(len(x), np.inf)
        for one in np.flatnonzero(np.isfinite(value)):
            own = Target(target.cov[[one]], target.mean[[one]], target.share[[one]])
            first, second = gradient(layout, own, implied(layout, x[[one]]), "ml")
            size = np.sqrt(np.maximum(np.diag(second[0]), 1e-300))
            inverse = np.linalg.pinv(second[0] / np.outer(size, size), hermitian=True)
            decrement[one] = 0.5 * (first[0] / size) @ inverse @ (first[0] / size)
    return Scored(x, value, decrement, steps, decrement < SETTLED)


def refusals(placed: Placed, options: SemOptions) -> list[Fault]:
    """Return all of a model and its options that semopy is not trusted with."""
    model = placed.model
    sending = {p.lhs for p in model.parameters if p.op == "=~"} & set(model.items)
    reasons = {
        f"estimates by {options.estimator}": options.estimator != "ml",
        f"has {len(model.groups)} groups": len(model.groups) > 1,
        "has means": model.means,
        f"has ordinal items ({', '.join(model.ordinal)})": bool(model.ordinal),
        "has missing answers": options.missing == "fiml",
        "has equalities beyond equal labels": bool(model.equalities),
        f"has loadings on observed variables ({', '.join(sorted(sending))})": bool(sending),
    }
    return [_refused(placed, what) for what, there in reasons.items() if there]


def _refused(placed: Placed, what: str) -> Fault:
    where = f"engine semopy, model {placed.model.name}"
    return Fault(where, f"{what}, which semopy is not trusted with", "use engine csi")


def semopy_text(placed: Placed) -> str:
    """Return the model of one group in semopy's words.

    Returns
    -------
    str
        One line a parameter. Constructs are ``f0, f1, ...``, items ``v0, v1, ...`` in the order of
        the model, free parameters ``p0, p1, ...`` in the order of the layout; covariances that
        the model does not name are fixed at 0, since semopy would add them.
    """
    model, layout = placed.model, placed.layout
    words = {name: f"f{k}" for k, name in enumerate(model.constructs)}
    words |= {name: f"v{k}" for k, name in enumerate(model.items)}
    number = {id(p): int(np.argmax(layout.basis[k])) for k, p in enumerate(placed.free)}

    def line(p: Parameter) -> str:
        factor = f"p{number[id(p)]}" if p.fixed is None else _number(p.fixed)
        return f"{words[p.lhs]} {p.op} {factor}*{words[p.rhs]}"

    lines = [line(p) for p in model.parameters if p.op in ("=~", "~", "~~")]
    named = {frozenset((p.lhs, p.rhs)) for p in model.parameters if p.op == "~~"}
    inner = placed.constructs
    apart = [(a, b) for k, a in enumerate(inner) for b in inner[k:]]
    apart += [(item, item) for item in model.items if item not in inner]
    lines += [
        f"{words[a]} ~~ 0*{words[b]}" for a, b in apart if frozenset((a, b)) not in named
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    """Write a number as semopy reads it: no plus sign, which it takes for a new term."""
    return repr(float(value)).replace("e+", "e")


def _fitted(
    semopy: Any, placed: Placed, cov: Array, start: Array, options: SemOptions
) -> tuple[Array, int]:
    """Fit a fresh model of semopy; return the free parameters and its number of steps."""
    model = placed.model
    words = [f"v{k}" for k in range(len(model.items))]
    made = semopy.Model(semopy_text(placed))
    names = [name for name, parameter in made.parameters.items() if parameter.active]
    bounds = _bounds(placed, options)
    for name in names:
        k = int(name[1:])
        made.parameters[name].start = float(start[k])
        made.parameters[name].bound = bounds[k]
    try:
        frame = pd.DataFrame(np.array(cov, dtype=np.float64), index=words, columns=words)
        result = made.fit(cov=frame, obj="MLW", options={"ftol": STOP})
    finally:  # the classes of semopy keep the last model, and all its data, alive
        made.dict_effects.clear()
        made.dict_operations.clear()
    x = np.empty(len(names))
    x[[int(name[1:]) for name in names]] = made.param_vals
    return x, int(result.n_it)


def _bounds(placed: Placed, options: SemOptions) -> list[tuple[float | None, float | None]]:
    """Return the bounds of the free parameters; semopy's own keep all variances above 0."""
    found: list[tuple[float | None, float | None]] = [(None, None)] * placed.layout.basis.shape[1]
    for k, p in enumerate(placed.free):
        j = int(np.argmax(placed.layout.basis[k]))
        lower = p.lower
        if options.admissible and p.op == "~~" and p.lhs == p.rhs:
            lower = max(0.0, lower or 0.0)
        if lower is not None or p.upper is not None:
            found[j] = (lower, p.upper)
    return found


def _loaded() -> Any:
    """Return the module semopy."""
    try:
        with _quiet():
            import semopy
    except Exception as error:  # it fails in many ways where NumPy or SciPy is too new for it
        raise EstimationError(
            Fault(
                "engine semopy",
                f"cannot be loaded ({type(error).__name__}: {error})",
                "use engine csi, or install semopy 2.3.11 with a SciPy below 2",
            )
        ) from error
    return semopy


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep warnings and log records of semopy inside, and the handlers of the log as they were."""
    root, silent = logging.getLogger(), logging.NullHandler()
    disabled = root.manager.disable
    root.addHandler(silent)  # without one, semopy's logging would install a printing handler
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        root.removeHandler(silent)
