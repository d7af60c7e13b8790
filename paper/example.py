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


def true_indices() -> dict[tuple[str, str, str], float]:
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


def changes(
    head: pd.DataFrame, true: dict[tuple[str, str, str], float], index: str
) -> pd.DataFrame:
    """Return the changes of the index with the true ones beside them."""
    moved = head[head["change"].notna()].copy()
    moved["true"] = [
        true[year, group, index] - true[str(int(year) - 1), group, index]
        for year, group in moved.index
    ]
    return moved


def facts() -> dict[str, Record]:
    """Return the numbers of the example that the text names."""
    ran = example()
    figures, true = ran.yearly.figures, true_indices()
    inside = [
        row.lower <= true[row.year, row.group, row.construct] <= row.upper
        for row in figures.itertuples()
    ]
    head = ran.yearly.headline().set_index(["year", "group"])
    last, league = head.loc[(YEAR, GROUP)], ran.names["league"].set_index("group")
    index = ran.yearly.model.index
    change = true[YEAR, GROUP, index] - true[str(int(YEAR) - 1), GROUP, index]
    moved = changes(head, true, index)
    before = (str(int(YEAR) - 1), GROUP)
    distance, critical = 2 / float(moved["change_se"].mean()), norm.ppf(0.975)
    power = norm.cdf(distance - critical) + norm.cdf(-distance - critical)
    real = moved["true"].abs() > 0.5
    fall = moved.loc[("2023", "quillam")]
    drivers = ran.names["drivers"]
    here = drivers[(drivers["year"] == YEAR) & (drivers["group"] == GROUP)].set_index("construct")
    source = "paper/listing.py"
    counts = ran.yearly.items[["answered", "missing"]].sum()
    missing = counts["missing"] / counts.sum()
    two = head.loc[[str(int(YEAR) - 1), YEAR], "change"].drop((YEAR, GROUP)).abs()
    return {
        "ex.above": number(int((two > 1).sum()), 0, source=source),
        "ex.others": number(len(two), 0, source=source),
        "ex.constructs": number(len(ran.yearly.model.names), 0, source=source),
        "ex.companies": number(head.index.get_level_values("group").nunique(), 0, source=source),
        "ex.years": number(head.index.get_level_values("year").nunique(), 0, source=source),
        "ex.missing": number(missing, 1, source=source, percent=True, sign=True),
        "ex.index": number(last["index"], 1, source=source),
        "ex.moe": number(last["moe"], 1, source=source),
        "ex.change": number(last["change"], 1, source=source),
        "ex.change.low": number(last["change_lower"], 1, source=source),
        "ex.change.high": number(last["change_upper"], 1, source=source),
        "ex.change.p": number(last["p_value"], 3, source=source),
        "ex.change.holm": number(last["p_holm"], 3, source=source),
        "ex.changes": number(head["change"].notna().sum(), 0, source=source),
        "ex.true.change": number(change, 1, source="data/mobile/truth.json"),
        "ex.true.count": number(int(real.sum()), 0, source="data/mobile/truth.json"),
        "ex.true.found": number(int((real & (moved["p_value"] < 0.05)).sum()), 0, source=source),
        "ex.fall": number(fall["change"], 1, source=source),
        "ex.fall.low": number(fall["change_lower"], 1, source=source),
        "ex.fall.high": number(fall["change_upper"], 1, source=source),
        "ex.fall.true": number(fall["true"], 1, source="data/mobile/truth.json"),
        "ex.before": number(head.loc[before, "index"], 1, source=source),
        "ex.before.true": number(true[(*before, index)], 1, source="data/mobile/truth.json"),
        "ex.power": number(power, 0, source="normal approximation", percent=True),
        "ex.held": number(sum(inside), 0, source="data/mobile/truth.json"),
        "ex.figures": number(len(inside), 0, source="data/mobile/truth.json"),
        "ex.rank.low": number(league.loc[GROUP, "rank_low"], 0, source=source),
        "ex.rank.high": number(league.loc[GROUP, "rank_high"], 0, source=source),
        "ex.lead": number(abs(league["difference_from_first"].iloc[1]), 1, source=source),
        "ex.quality": number(here.loc["Quality", "importance"], 2, source=source),
        "ex.quality.se": number(here.loc["Quality", "importance_se"], 2, source=source),
        "ex.value": number(here.loc["Value", "performance"], 1, source=source),
        "ex.value.importance": number(here.loc["Value", "importance"], 2, source=source),
    }
