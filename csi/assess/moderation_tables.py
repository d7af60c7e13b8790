"""Tables of a moderation: terms, paths, simple slopes, where slopes are not zero, curves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from csi.arrays import Array
from csi.assess.kernel_moderation import slope_at, slope_limits, turning_point
from csi.assess.moderation import Moderation
from csi.assess.moderation_terms import Term
from csi.index.cells import Spread

LEVELS = (-1.0, 0.0, 1.0)
"""Levels of the moderator at which slopes are told, in standard deviations from its mean."""

REACH = 2.0
"""Curves are drawn as far as the answers go, and no further than this from the mean."""

STEPS = 25
"""Points of a curve."""

BEYOND = "no respondent is as far out"
NEGATIVE = "no index points: an item has a negative weight"
NAMES = ("term", "from", "moderator", "to")


def terms_table(found: Moderation) -> pd.DataFrame:
    """Return what each term adds.

    Returns
    -------
    DataFrame
        ``term, from, moderator, to, measure, estimate, se, lower, upper, p_value, note``; the
        measures are ``path`` (per unit of the product of standardised scores), ``path
        standardised`` (the term scaled to variance one), ``slope change`` (what the slope of the
        source gains with one standard deviation of the moderator: for ``two-stage`` the path of an
        interaction, twice that of a quadratic effect) and ``f2``, which cannot be negative and has
        no p value of its own: that of the path is it.
    """
    parts = {
        "path": found.spread("coefficient"),
        "path standardised": found.spread("standardised"),
        "slope change": found.spread("bend"),
        "f2": found.spread("f2"),
    }
    rows = []
    for measure, spread in parts.items():
        p_values = found.whole.p_values(spread)
        for j, term in enumerate(found.terms):
            p = np.nan if measure == "f2" else float(p_values[j])
            rows.append({**_names(term), "measure": measure, **_at(spread, j), "p_value": p,
                         "note": ""})  # fmt: skip
    return pd.DataFrame(rows)


def paths_with_terms(found: Moderation) -> pd.DataFrame:
    """Return the paths of the model with the terms in, and without.

    Returns
    -------
    DataFrame
        ``from, to, measure, estimate, se, lower, upper, p_value``; measures ``path with terms``
        and ``path without``. With products of centred scores a path is the effect at the mean of
        the other construct of the term.
    """
    model = found.model
    without = found.whole.of(lambda fit: fit.paths)
    rows = []
    for measure, spread in (("path with terms", found.spread("paths")), ("path without", without)):
        p_values = found.whole.p_values(spread)
        for path in model.paths:
            at = found.place(path.source), found.place(path.target)
            rows.append({"from": path.source, "to": path.target, "measure": measure,
                         **_at(spread, at), "p_value": float(p_values[at])})  # fmt: skip
    return pd.DataFrame(rows)


def explained_with_terms(found: Moderation) -> pd.DataFrame:
    """Return what the terms add to the explained variance of their targets.

    Returns
    -------
    DataFrame
        ``to, measure, estimate, se, lower, upper``; measures ``R2``, ``R2 without``, ``R2 change``.
        All terms of a target together; the change cannot be negative for ``two-stage`` with
        scores and is above zero by chance alone.
    """
    here, drawn = found.estimate, found.draws
    parts = {
        "R2": found.spread("r2"),
        "R2 without": found.spread("r2_without"),
        "R2 change": found.whole.spread(here.r2 - here.r2_without, drawn.r2 - drawn.r2_without),
    }
    targets = dict.fromkeys(term.target for term in found.terms)
    return pd.DataFrame(
        [
            {"to": target, "measure": measure, **_at(spread, found.place(target))}
            for target in targets
            for measure, spread in parts.items()
        ]
    )


def simple_slopes(found: Moderation, levels: tuple[float, ...] = LEVELS) -> pd.DataFrame:
    """Return the slope of each term's source where its moderator is low, average and high.

    Parameters
    ----------
    found : Moderation
    levels : tuple of float
        Standard deviations from the mean of the moderator; of the construct itself for a
        quadratic effect.

    Returns
    -------
    DataFrame
        ``term, from, moderator, to, at, at_points, measure, estimate, se, lower, upper, p_value,
        note``; ``at_points`` is the level on the 0-100 scale. Measures: ``slope`` in standard
        deviations, ``slope in points``: index points of the target for one point of the source.

    Notes
    -----
    Where the term is not the product of the scores itself (products of items), its mean is taken
    as a linear function of both scores and their product, so that slopes of all methods can be
    compared. Source: [aiken1991multiple].
    """
    rows = []
    for j, term in enumerate(found.terms):
        own, _ = _known(found, term.moderator)
        for level in levels:
            note = BEYOND if not own.min() <= level <= own.max() else ""
            head = {**_names(term), "at": level, "at_points": _in_points(found, term, level)}
            for measure, spread in _slopes(found, j, level).items():
                p = float(found.whole.p_values(spread))
                said = note
                if measure == "slope in points" and np.isnan(spread.estimate):
                    said = "; ".join(filter(None, (note, NEGATIVE)))
                rows.append({**head, "measure": measure, **_at(spread, ()), "p_value": p,
                             "note": said})  # fmt: skip
    return pd.DataFrame(rows)


def slope_regions(found: Moderation) -> pd.DataFrame:
    """Return on which stretches of the moderator the slope differs from zero.

    Returns
    -------
    DataFrame
        ``term, from, moderator, to, finding, low, high, low_points, high_points, share``: the
        stretches of the moderator, as far as respondents go, on which the slope of the source is
        ``positive``, ``negative`` or ``not clear``, and the weighted share of respondents there.
        Johnson and Neyman's limits: each level by itself at the level of confidence of the
        options.
    """
    rows = []
    for j, term in enumerate(found.terms):
        scores, weights = _known(found, term.moderator)
        for low, high, sign in _stretches(found, j):
            low, high = max(low, scores.min()), min(high, scores.max())
            if low > high:
                continue
            here = (scores >= low) & ((scores < high) | (high == scores.max()))
            rows.append({
                **_names(term), "finding": {1: "positive", -1: "negative", 0: "not clear"}[sign],
                "low": low, "high": high, "low_points": _in_points(found, term, low),
                "high_points": _in_points(found, term, high),
                "share": float(weights[here].sum() / weights.sum()),
            })  # fmt: skip
    columns = [*NAMES, "finding", "low", "high", "low_points", "high_points", "share"]
    return pd.DataFrame(rows, columns=columns)


def turning_points(found: Moderation) -> pd.DataFrame:
    """Return where the curve of each quadratic effect turns.

    Returns
    -------
    DataFrame
        ``term, from, moderator, to, measure, estimate, lower, upper, inside, share_beyond, note``;
        measures ``turning point`` (standard deviations) and ``turning point in points``. The
        limits are Fieller's; they are empty where the bend is not clear, as the turning point can
        then be anywhere. ``inside``: within the range of the scores of respondents;
        ``share_beyond``: weighted share of them above it.
    """
    rows = []
    here = found.estimate
    for j, term in enumerate(found.terms):
        if not term.quadratic:
            continue
        at = float(turning_point(here.main[j], here.bend[j]))
        scores, weights = _known(found, term.source)
        unclear = [(low, high) for low, high, sign in _stretches(found, j) if sign == 0]
        bounded = len(unclear) == 1 and np.isfinite(unclear[0]).all()
        low, high = unclear[0] if bounded else (np.nan, np.nan)
        tail = {"inside": bool(scores.min() <= at <= scores.max()),
                "share_beyond": float(weights[scores > at].sum() / weights.sum()),
                "note": "" if bounded else "the bend is not clear: no limits"}  # fmt: skip
        for measure, values in (
            ("turning point", (at, low, high)),
            ("turning point in points", tuple(_in_points(found, term, v) for v in (at, low, high))),
        ):
            ends = dict(zip(("estimate", "lower", "upper"), values, strict=True))
            rows.append({**_names(term), "measure": measure, **ends, **tail})
    columns = [*NAMES, "measure", "estimate", "lower", "upper", "inside", "share_beyond", "note"]
    return pd.DataFrame(rows, columns=columns)


def slope_lines(found: Moderation, levels: tuple[float, ...] = LEVELS) -> pd.DataFrame:
    """Return the lines and curves of a chart, other constructs at their means.

    Returns
    -------
    DataFrame
        ``term, from, moderator, to, at, at_points, x, x_points, measure, estimate, se, lower,
        upper``; measures ``score`` (standard deviations) and ``index`` (0 to 100). ``at`` is empty
        for the curve of a quadratic effect.
    """
    rows = []
    here, drawn = found.estimate, found.draws
    for j, term in enumerate(found.terms):
        (scores, _), y = _known(found, term.source), found.place(term.target)
        ends = max(scores.min(), -REACH), min(scores.max(), REACH)
        x = np.linspace(*ends, STEPS)
        for level in (np.nan,) if term.quadratic else levels:
            own, own_draws = (_line(part, j, term, x, level) for part in (here, drawn))
            parts = {
                "score": found.whole.spread(own, own_draws),
                "index": found.whole.spread(
                    here.level[y] + here.spread[y] * own,
                    drawn.level[:, [y]] + drawn.spread[:, [y]] * own_draws,
                ),
            }
            for measure, spread in parts.items():
                for i in range(STEPS):
                    rows.append({
                        **_names(term), "at": level, "at_points": _in_points(found, term, level),
                        "x": x[i], "x_points": _points(found, term.source, x[i]),
                        "measure": measure, **_at(spread, i),
                    })  # fmt: skip
    return pd.DataFrame(rows)


def _line(part: object, j: int, term: Term, x: Array, level: float) -> Array:
    """(*batch, i) mean of the target at scores x of the source and a level of the moderator."""
    main, beside, bend, overlap = (
        getattr(part, name)[..., j, None] for name in ("main", "beside", "bend", "overlap")
    )
    if term.quadratic:
        return np.asarray(main * x + bend / 2.0 * (x**2 - 1.0))
    return np.asarray(main * x + beside * level + bend * (x * level - overlap))


def _slopes(found: Moderation, j: int, level: float) -> dict[str, Spread]:
    """Return the slope of a term at a level, in standard deviations and in index points."""
    term = found.terms[j]
    x, y = found.place(term.source), found.place(term.target)
    own, drawn = (
        slope_at(part.main[..., j], part.bend[..., j], level)
        for part in (found.estimate, found.draws)
    )
    rates = [part.spread[..., y] / part.spread[..., x] for part in (found.estimate, found.draws)]
    return {
        "slope": found.whole.spread(own, drawn),
        "slope in points": found.whole.spread(own * rates[0], drawn * rates[1]),
    }


def _stretches(found: Moderation, j: int) -> Iterator[tuple[float, float, int]]:
    """Yield the stretches on which the slope of a term is negative, not clear, positive."""
    whole, here, drawn = found.whole, found.estimate, found.draws
    both = np.stack([drawn.main[:, j], drawn.bend[:, j]], axis=1)
    both = np.where(whole.usable[:, None], both, np.nan)
    pair: Array = np.array([here.main[j], here.bend[j]])
    cov = whole.replication.covariance(both, pair)
    t = float(stdtrit(whole.freedom, (1.0 + whole.options.level) / 2.0))
    yield from slope_limits(float(pair[0]), float(pair[1]), cov, t)


def _known(found: Moderation, construct: str) -> tuple[Array, Array]:
    """Return the scores of respondents who answered all items of a construct, and their weights."""
    scores, weights = found.scores(construct), found.whole.sample.weights
    here = np.isfinite(scores) & (weights > 0)
    return scores[here], weights[here]


def _names(term: Term) -> dict[str, object]:
    values = (term.name, term.source, term.moderator, term.target)
    return dict(zip(NAMES, values, strict=True))


def _at(spread: Spread, place: int | tuple[int, ...]) -> dict[str, float]:
    names = ("estimate", "se", "lower", "upper")
    return {name: float(getattr(spread, name)[place]) for name in names}


def _in_points(found: Moderation, term: Term, level: float) -> float:
    """Return a level of a term's moderator on the 0-100 scale."""
    return _points(found, term.moderator, level)


def _points(found: Moderation, construct: str, level: float) -> float:
    """Return a standardised score on the 0-100 scale."""
    q = found.place(construct)
    return float(found.estimate.level[q] + level * found.estimate.spread[q])
