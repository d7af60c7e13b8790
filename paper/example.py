"""The example of the paper, run as a reader types it: ``listing.py``, block by block."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from csi.index import YearlyIndex
from csi.index.formula import index_score
from paper.records import Record, number, words

LISTING = Path(__file__).with_name("listing.py")
MARK = "# %% "
GROUP, YEAR = "sorbeck", "2025"
LEADER = "norvane"
"""Who is truly ahead in that year."""
SOURCE, TRUTH = "paper/listing.py", "data/mobile/truth.json"
Levels = dict[tuple[str, str, str], float]
"""True indices by year, group and construct."""


@dataclass(frozen=True)
class Example:
    """What the listing printed, and the names it left."""

    blocks: dict[str, dict[str, Record | str]]
    names: dict[str, Any]

    @property
    def yearly(self) -> YearlyIndex:
        """The yearly index of the example, with its map."""
        made: YearlyIndex = self.names["yearly"]
        return made.with_tables(map=self.names["drivers"])


@cache
def example() -> Example:
    """Run the listing once."""
    names: dict[str, Any] = {}
    blocks: dict[str, dict[str, Record | str]] = {}
    for part in LISTING.read_text("utf-8").split(MARK)[1:]:
        name, code = part.split("\n", 1)
        said = io.StringIO()
        with redirect_stdout(said):
            exec(compile(code, f"{LISTING.name}, {name}", "exec"), names)
        blocks[name.strip()] = {
            "code": words(code.strip(), source=LISTING.name),
            "output": said.getvalue().rstrip(),
        }
    return Example(blocks, names)


def truth() -> dict[str, Any]:
    """Return the true values of the packaged survey."""
    path = files("csi") / "data" / "mobile" / "truth.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def true_indices() -> Levels:
    """Return the index of the population under the estimated weights, by year, group, construct."""
    yearly = example().yearly
    means = {(r["year"], r["group"], r["item"]): r["mean"] for r in truth()["item_means"]}
    ends = {item: (low, high) for item, low, high in yearly.metric.scale}
    found = {}
    for (year, group, construct), rows in yearly.weights.groupby(["year", "group", "construct"]):
        items = rows["item"].tolist()
        mean = np.array([means[year, group, item] for item in items])
        low, high = np.array([ends[item] for item in items]).T
        weights = rows["index_weight"].to_numpy()
        score = index_score(mean, weights, low, high, np.ones((len(items), 1), bool))
        found[str(year), str(group), str(construct)] = float(np.ravel(score)[0])
    return found


def facts() -> dict[str, Record]:
    """Return the numbers of the example that the text names."""
    true = true_indices()
    return sizes() | last_year() | drivers() | against_truth(true) | of_changes(true)


def headline() -> pd.DataFrame:
    """Return the figures of the index by year and group."""
    return example().yearly.headline().set_index(["year", "group"])


def sizes() -> dict[str, Record]:
    """Return how large the survey is."""
    yearly = example().yearly
    counts = yearly.items[["answered", "missing"]].sum()
    missing = float(counts["missing"] / counts.sum())
    found = {"companies": "group", "years": "year", "constructs": "construct"}
    return {
        "ex.missing": number(missing, 1, source=SOURCE, percent=True, sign=True),
        **{
            f"ex.{name}": number(yearly.figures[column].nunique(), 0, source=SOURCE)
            for name, column in found.items()
        },
    }


def last_year() -> dict[str, Record]:
    """Return figure, change and rank of the company in the last year."""
    last, league = headline().loc[(YEAR, GROUP)], example().names["league"].set_index("group")
    lead = abs(league["difference_from_first"].iloc[1])
    shown = {
        "index": (last["index"], 1), "moe": (last["moe"], 1), "change": (last["change"], 1),
        "change.low": (last["change_lower"], 1), "change.high": (last["change_upper"], 1),
        "change.p": (last["p_value"], 3), "change.holm": (last["p_holm"], 3),
        "rank.low": (league.loc[GROUP, "rank_low"], 0),
        "rank.high": (league.loc[GROUP, "rank_high"], 0), "lead": (lead, 1),
    }  # fmt: skip
    return {
        f"ex.{name}": number(value, digits, source=SOURCE)
        for name, (value, digits) in shown.items()
    }


def drivers() -> dict[str, Record]:
    """Return what the importance-performance map says of quality and value."""
    found = example().names["drivers"]
    rows = found[(found["year"] == YEAR) & (found["group"] == GROUP)].set_index("construct")
    quality, value = rows.loc["Quality"], rows.loc["Value"]
    return {
        "ex.quality": number(quality["importance"], 2, source=SOURCE),
        "ex.quality.se": number(quality["importance_se"], 2, source=SOURCE),
        "ex.value": number(value["performance"], 1, source=SOURCE),
        "ex.value.importance": number(value["importance"], 2, source=SOURCE),
    }


def against_truth(true: Levels) -> dict[str, Record]:
    """Return how many of all limits hold the truth, and where the company truly was."""
    yearly = example().yearly
    index, before = yearly.model.index, (str(int(YEAR) - 1), GROUP)
    held = sum(
        row["lower"] <= true[row["year"], row["group"], row["construct"]] <= row["upper"]
        for row in yearly.figures.to_dict("records")
    )
    change = true[YEAR, GROUP, index] - true[(*before, index)]
    return {
        "ex.held": number(held, 0, source=TRUTH),
        "ex.figures": number(len(yearly.figures), 0, source=TRUTH),
        "ex.true.change": number(change, 1, source=TRUTH),
        "ex.true.leader": number(true[YEAR, LEADER, index], 1, source=TRUTH),
        "ex.true.second": number(true[YEAR, GROUP, index], 1, source=TRUTH),
        "ex.before": number(headline().loc[before, "index"], 1, source=SOURCE),
        "ex.before.true": number(true[(*before, index)], 1, source=TRUTH),
    }


def of_changes(true: Levels) -> dict[str, Record]:
    """Return which changes are real, which are found, and the chance to find one of two points."""
    moved = changes(true)
    two = moved.loc[[str(int(YEAR) - 1), YEAR], "change"].drop((YEAR, GROUP)).abs()
    real, fall = moved["true"].abs() > 0.5, moved.loc[("2023", "quillam")]
    distance, critical = 2 / float(moved["change_se"].mean()), norm.ppf(0.975)
    power = norm.cdf(distance - critical) + norm.cdf(-distance - critical)
    return {
        "ex.changes": number(len(moved), 0, source=SOURCE),
        "ex.above": number(int((two > 1).sum()), 0, source=SOURCE),
        "ex.others": number(len(two), 0, source=SOURCE),
        "ex.true.count": number(int(real.sum()), 0, source=TRUTH),
        "ex.true.found": number(int((real & (moved["p_value"] < 0.05)).sum()), 0, source=SOURCE),
        "ex.fall": number(fall["change"], 1, source=SOURCE),
        "ex.fall.low": number(fall["change_lower"], 1, source=SOURCE),
        "ex.fall.high": number(fall["change_upper"], 1, source=SOURCE),
        "ex.fall.true": number(fall["true"], 1, source=TRUTH),
        "ex.power": number(power, 0, source="normal approximation", percent=True),
    }


def changes(true: Levels) -> pd.DataFrame:
    """Return the changes of the index with the true ones beside them."""
    head, index = headline(), example().yearly.model.index
    moved = head[head["change"].notna()].copy()
    moved["true"] = [
        true[year, group, index] - true[str(int(year) - 1), group, index]
        for year, group in moved.index
    ]
    return moved
