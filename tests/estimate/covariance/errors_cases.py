"""A small simulated survey for errors and tests, and the road from it to a solution."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import GroupRows, SemFit, SemSample
from csi.estimate.covariance.robust import errors_of, kind_of
from csi.estimate.covariance.sample import sample_of, with_shares
from csi.estimate.covariance.scoring import score
from csi.estimate.covariance.starts import starting_values
from csi.model.sem.values import Parameter, SemModel

REFERENCE = Path(__file__).parents[2] / "reference" / "covariance_errors.json"
BLOCKS = {"Q": ("q1", "q2", "q3", "q4"), "S": ("s1", "s2", "s3"), "L": ("l1", "l2", "l3")}
ITEMS = tuple(item for block in BLOCKS.values() for item in block)


def reference() -> dict:
    """Numbers of lavaan for the simulated survey."""
    return json.loads(REFERENCE.read_text())


def survey(n: int = 300) -> pd.DataFrame:
    """Skewed answers of 1 to 10 with groups, clusters that cross them, strata and weights."""
    rng = np.random.default_rng(20251122)
    cluster = rng.integers(0, 30, n)
    shift = 0.5 * rng.standard_normal(30)
    quality = rng.standard_normal(n) + shift[cluster]
    satisfaction = 0.7 * quality + 0.6 * rng.standard_normal(n)
    loyalty = 0.6 * satisfaction + 0.2 * quality + 0.7 * rng.standard_normal(n)
    columns = {}
    for scores, block in zip((quality, satisfaction, loyalty), BLOCKS.values(), strict=True):
        for place_, item in enumerate(block):
            raw = (0.9 - 0.1 * place_) * scores + 0.7 * rng.standard_normal(n)
            columns[item] = np.clip(np.round(8.5 + 1.2 * raw - 0.35 * raw**2), 1, 10)
    frame = pd.DataFrame(columns)
    frame["group"] = np.where(rng.random(n) < 0.55, "A", "B")
    frame["cluster"] = cluster
    frame["stratum"] = cluster % 5
    frame["w"] = np.round(np.exp(0.5 * rng.standard_normal(n)), 3)
    return frame


def model(
    *, means: bool = False, groups: tuple[str, ...] = ("",), equal: bool = False, less: bool = False
) -> SemModel:
    """Return S by Q and L by both; `less` leaves out the path from Q to L and equates loadings."""
    found = []
    for group in range(len(groups)):
        for name, block in BLOCKS.items():
            for k, item in enumerate(block):
                label = f"load.{item}" if equal else ""
                if less and name == "S" and k:
                    label = "load.S"
                found.append(
                    Parameter(name, "=~", item, group, None if k else 1.0, label if k else "")
                )
        paths = [("S", "Q"), ("L", "S")] if less else [("S", "Q"), ("L", "S"), ("L", "Q")]
        found += [Parameter(left, "~", right, group) for left, right in paths]
        found += [Parameter(name, "~~", name, group) for name in (*ITEMS, *BLOCKS)]
        if means:
            found += [Parameter(item, "~1", "", group) for item in ITEMS]
    return SemModel("small", tuple(BLOCKS), ITEMS, tuple(found), groups=groups, means=means)


def sampled(
    sample: SemSample,
    frame: pd.DataFrame,
    groups: tuple[str, ...],
    *,
    weights: bool = False,
    clusters: bool = False,
    strata: bool = False,
    fractions: Array | None = None,
) -> SemSample:
    """Give a sample of the whole frame a design."""
    parts, covs, means = [], [], []
    for number, group in enumerate(groups):
        own = frame[frame["group"] == group] if group else frame
        at = frame.index.get_indexer(own.index)
        w = own["w"].to_numpy(dtype=float) if weights else np.ones(len(own))
        rows = sample.rows[number].rows
        part = GroupRows(
            rows,
            w,
            own["stratum"].to_numpy() if strata else np.zeros(len(own), dtype=np.int64),
            own["cluster"].to_numpy() if clusters else at,
            None if fractions is None else fractions[at],
        )
        mean = w @ rows / w.sum()
        parts.append(part)
        means.append(mean)
        covs.append(((rows - mean) * w[:, None]).T @ (rows - mean) / w.sum())
    return replace(
        sample,
        cov=np.array(covs),
        mean=np.array(means),
        rows=tuple(parts),
        weighted=weights,
        clustered=clusters,
        stratified=strata,
    )


def solved(placed: Placed, sample: SemSample, options: SemOptions) -> Array:
    """Free parameters at the minimum."""
    start = starting_values(placed, sample.cov[None], sample.mean[None])
    found = score(placed.layout, sample.target(options), start, kind=kind_of(options))
    assert found.converged.all()
    return found.x[0]


def fitted(made: SemModel, frame: pd.DataFrame, options: SemOptions, **design: object) -> SemFit:
    """Fit a model with errors and tests."""
    by = "group" if made.groups != ("",) else ""
    sample = sample_of(made, frame, options, by=by)
    if design:
        sample = sampled(sample, frame, made.groups, **design)
    placed = place(with_shares(made, sample))
    x = solved(placed, sample, options)
    vcov, tests, notes = errors_of(placed, x, sample, options)
    return SemFit(
        placed=placed,
        options=options,
        sample=sample,
        x=x,
        values=placed.layout.offset + placed.layout.basis @ x,
        vcov=vcov,
        value=0.0,
        converged=True,
        steps=1,
        freedom=int(tests["standard"].freedom),
        tests=tests,
        ended=notes,
    )
