"""Moments of a survey, one member for each group of respondents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from csi.arrays import Array, BoolArray, IntArray, one_thread, readonly, readonly_int
from csi.errors import Fault, MomentsError, OptionError
from csi.model.model import Model
from csi.moments.kernel import maximum_likelihood, moments_of_sums, products
from csi.moments.repeats import expanded
from csi.moments.values import Missing, Moments
from csi.repeats import repeats_of
from csi.survey.cells import natural_key
from csi.survey.survey import Survey

SMALLEST_EIGENVALUE = 1e-8
"""A correlation matrix with a smaller eigenvalue counts as not positive definite."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The respondents of one group: what they share, and their row numbers in the survey."""

    label: tuple[str, ...]
    rows: IntArray


def moments_of(
    survey: Survey,
    model: Model | Sequence[str],
    *,
    by: str | Sequence[str] = (),
    missing: Missing = "em",
    where: BoolArray | None = None,
) -> Moments:
    """Return weighted means, covariances and sizes of the model's items by group.

    Parameters
    ----------
    survey : Survey
    model : Model or sequence of str
        The model, or the items themselves.
    by : str or sequence of str
        Keys of the codebook that sort the respondents, such as ``["year", "company"]``; none
        for the whole survey. Respondents without a value are in no group.
    missing : {"em", "pairwise", "complete"}
        Maximum likelihood under normality, every pair of items by its own cases, or
        respondents with all answers only.
    where : (n,) of bool, optional
        Respondents to take; all where None.

    Returns
    -------
    Moments
        With an empty batch where `by` is empty, else one axis over the groups present. A
        group that cannot be fitted has its reason in ``problems`` (never an exception), so
        that the others go on.

    Raises
    ------
    MomentsError
        For items or keys that the survey does not have.
    OptionError
        For an unknown treatment of missing answers.
    """
    if missing not in get_args(Missing):
        raise OptionError(
            Fault(
                "option missing",
                f"{missing!r} is not possible",
                f"use one of {', '.join(get_args(Missing))}",
            )
        )
    items = tuple(model.items) if isinstance(model, Model) else tuple(model)
    names = (by,) if isinstance(by, str) else tuple(by)
    require_names(survey, items, names)
    cells = cells_of(survey, names, where)
    answers = survey.columns(items)
    with one_thread():
        found = [
            moments_of_rows(answers[cell.rows], survey.design.weights[cell.rows], items, missing)
            for cell in cells
        ]
    return stack(found, names, tuple(cell.label for cell in cells))


def ungrouped(survey: Survey, by: tuple[str, ...]) -> BoolArray:
    """Flag the respondents that have no value of one of the keys."""
    away = np.zeros(len(survey), dtype=bool)
    for name in by:
        away |= np.asarray(survey.keys[name] == "")
    return away


def cells_of(survey: Survey, by: tuple[str, ...], where: BoolArray | None = None) -> list[Cell]:
    """Return the groups present in the survey in natural order, with their row numbers.

    Respondents without a value of one of the keys are in no group; `ungrouped` counts them.
    """
    rows = np.arange(len(survey)) if where is None else np.flatnonzero(where)
    if not by:
        return [Cell((), rows)]
    rows = rows[~ungrouped(survey, by)[rows]]
    codes = np.zeros(len(rows), dtype=np.int64)
    levels: list[list[str]] = []
    for name in by:
        found, inverse = np.unique(survey.keys[name][rows].astype(str), return_inverse=True)
        values = [str(value) for value in found]
        ordered = sorted(values, key=natural_key)
        listed = list(next((key.values for key in survey.codebook.keys if key.name == name), ()))
        if listed:  # the codebook's own order, where it lists the values
            ordered = [value for value in listed if value in values]
            ordered += sorted(set(values) - set(listed), key=natural_key)
        rank = np.array([ordered.index(value) for value in values], dtype=np.int64)
        codes = codes * len(values) + rank[inverse.reshape(-1)]
        levels.append(ordered)
    order_of_rows = np.argsort(codes, kind="stable")
    present, starts = np.unique(codes[order_of_rows], return_index=True)
    parts = np.split(rows[order_of_rows], starts[1:])
    cells = []
    for code, part in zip(present, parts, strict=True):
        label: list[str] = []
        rest = int(code)
        for values_of_key in reversed(levels):
            rest, at = divmod(rest, len(values_of_key))
            label.insert(0, values_of_key[at])
        cells.append(Cell(tuple(label), part))
    return cells


def moments_of_rows(
    rows: Array, weights: Array, items: tuple[str, ...], missing: Missing
) -> Moments:
    """Return the moments of one sample, with an empty batch.

    Parameters
    ----------
    rows : (n, p) answers, NaN where missing
    weights : (n)
    items : tuple of str, length p
        Answers used again, as ``ITEM@Whole``, are copied.
    missing : Missing
    """
    repeats = repeats_of(items)
    if repeats:
        own = moments_of_rows(rows[:, repeats.first], weights, repeats.columns, missing)
        return expanded(own, items)
    used = used_rows(rows, weights, missing)
    rows, weights = rows[used], weights[used]
    here = ~np.isnan(rows)
    problem = _too_few(here, items, missing)
    p = len(items)
    mean, cov = np.full(p, np.nan), np.full((p, p), np.nan)
    if not problem:
        if missing == "em" and not here.all():
            problem = _constant(np.nanvar(rows, axis=0), items)
            end = maximum_likelihood(rows, weights[None])
            if end.converged[0]:
                mean, cov = end.mean[0], end.cov[0]
            else:
                problem = problem or (
                    f"EM had not settled after {int(end.steps[0])} steps (two items may say the "
                    "same, or too few answered both)"
                )
        else:
            found = products(rows, weights, pairwise=missing == "pairwise")
            sums = found.terms.sum(axis=0, dtype=np.float64)[:, None]
            mean = moments_of_sums(sums, found, cov[:, :, None])[1][:, 0]
        problem = problem or _not_definite(cov, items)
    square = float(np.sum(weights**2))
    total = float(np.sum(weights))
    return Moments(
        items=items,
        mean=readonly(mean),
        cov=readonly(cov),
        n=readonly_int(len(rows)),
        sum_weights=readonly(total),
        n_effective=readonly(total**2 / square if square else 0.0),
        answers=readonly_int(here.sum(axis=0)),
        missing=missing,
        problems=(problem,) if problem else (),
    )


def used_rows(rows: Array, weights: Array, missing: Missing) -> BoolArray:
    """Flag the respondents whose answers enter the moments: weighted, and all or any answers."""
    here = ~np.isnan(rows)
    answered = here.all(axis=1) if missing == "complete" else here.any(axis=1)
    return np.asarray(answered & (weights > 0))


def stack(
    found: Sequence[Moments], by: tuple[str, ...], labels: tuple[tuple[str, ...], ...]
) -> Moments:
    """Put single samples of the same items on one batch axis; without keys there is only one."""
    if not by:
        return found[0]
    first = found[0]
    return Moments(
        items=first.items,
        mean=readonly([m.mean for m in found]),
        cov=readonly([m.cov for m in found]),
        n=readonly_int([m.n for m in found]),
        sum_weights=readonly([m.sum_weights for m in found]),
        n_effective=readonly([m.n_effective for m in found]),
        answers=readonly_int([m.answers for m in found]),
        missing=first.missing,
        by=by,
        labels=labels,
        problems=tuple(m.problems[0] if m.problems else "" for m in found),
    )


def require_names(survey: Survey, items: tuple[str, ...], by: tuple[str, ...]) -> None:
    """Raise for items and keys the survey lacks, all at once."""
    faults = [
        Fault(f"item {item}", "is not in the codebook", "add it there or change the model")
        for item in survey.lacking(items)
    ]
    known = ", ".join(survey.keys) or "none"
    faults += [
        Fault(f"key {name}", "is not a time or group of the codebook", f"known keys: {known}")
        for name in by
        if name not in survey.keys
    ]
    if faults:
        raise MomentsError(faults)


def _too_few(here: BoolArray, items: tuple[str, ...], missing: Missing) -> str:
    """Say why there are not enough answers, or nothing."""
    n, p = here.shape
    if n <= p:
        kind = "respondents with all answers" if missing == "complete" else "respondents"
        return f"too few answers: {n} {kind} for {p} items"
    thin = [item for item, count in zip(items, here.sum(axis=0), strict=True) if count < 3]
    if thin:
        return f"too few answers to {', '.join(thin)}"
    if missing != "complete":
        both = here.T.astype(np.float64) @ here.astype(np.float64)
        pairs = [f"{items[i]} and {items[j]}" for i, j in np.argwhere(np.triu(both < 3, 1))]
        if pairs:
            more = f" and {len(pairs) - 3} more pairs" if len(pairs) > 3 else ""
            return f"too few respondents answered both {'; '.join(pairs[:3])}{more}"
    return ""


def _not_definite(cov: Array, items: tuple[str, ...]) -> str:
    """Say why a covariance matrix cannot be used, or nothing."""
    variance = np.diag(cov)
    if constant := _constant(variance, items):
        return constant
    sd = np.sqrt(variance)
    corr = cov / np.outer(sd, sd)
    least = float(np.linalg.eigvalsh(corr)[0])
    if not least > SMALLEST_EIGENVALUE:
        singular = f"correlations are not positive definite (smallest eigenvalue {least:.1e})"
        twins = _twins(corr, items)
        return f"{singular}: the same answers to {twins}" if twins else singular
    return ""


def _twins(corr: Array, items: tuple[str, ...]) -> str:
    """Name pairs of items of which one follows from the other, or nothing."""
    found = np.argwhere(np.triu(np.abs(corr) > 1.0 - SMALLEST_EIGENVALUE, 1))
    pairs = [f"{items[i]} and {items[j]}" for i, j in found]
    more = f" and {len(pairs) - 3} more pairs" if len(pairs) > 3 else ""
    return "; ".join(pairs[:3]) + more


def _constant(variance: Array, items: tuple[str, ...]) -> str:
    """Name the items that everybody answered alike, or nothing."""
    alike = [item for item, value in zip(items, variance, strict=True) if not value > 1e-12]
    return f"all gave the same answer to {', '.join(alike)}" if alike else ""
