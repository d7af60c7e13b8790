"""Who is found among planted careless respondents, and do intervals of the difference hold?

Answers of the European model (22 items, 1 to 10) are simulated, with don't knows and refusals.
In some interviews the answers are then replaced by careless ones, in others by 10 throughout: a
satisfied customer who means it, and turns reversed items the right way. Careless respondents take
no notice of the direction of an item and need a third of the time.

    python benchmarks/careless.py --surveys 20 --coverage 400

writes ``benchmarks/results/careless.md`` and ``careless.json``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from csi.compare.without_flagged import without_flagged
from csi.index import IndexOptions
from csi.model import models
from csi.simulation import MissingAnswers, simulate
from csi.survey import Survey, read_survey
from csi.survey.codebook import Duration
from csi.survey.quality import FLAGS, AnswerQuality, AnswerQualityOptions, answer_quality

RESULTS = Path(__file__).parent / "results"
MODEL = models.load("ecsi")
ITEMS = MODEL.items
CONSTRUCTS = {construct.name: construct.items for construct in MODEL.constructs}
REVERSED = tuple(ITEMS[k] for k in (3, 9, 14, 21))
TYPES = ("random", "straight", "slips", "pattern", "middle")
"""Any point; one point throughout; the same with one answer in eight a slip; 1, 2, 3 ... from a
random start; 5 to 7 at random."""
CASES = {
    "answers alone": {},
    "with duration": {"timed": True},
    "with reversed items": {"turned": True},
    "with both": {"timed": True, "turned": True},
}


def careless_rows(kind: str, n: int, p: int, rng: np.random.Generator) -> np.ndarray:
    """Answers as ticked, (n, p)."""
    if kind == "random":
        return rng.integers(1, 11, (n, p))
    if kind == "pattern":
        return (np.arange(p) + rng.integers(0, 10, (n, 1))) % 10 + 1
    if kind == "middle":
        return rng.integers(5, 8, (n, p))
    rows = np.repeat(rng.integers(1, 11, (n, 1)), p, axis=1)
    if kind == "slips":
        rows = np.where(rng.random((n, p)) < 1 / 8, rng.integers(1, 11, (n, p)), rows)
    return rows


def planted(
    n: int,
    seed: int,
    *,
    share: float = 0.03,
    types: tuple[str, ...] = TYPES,
    timed: bool = False,
    turned: bool = False,
    gaps: bool = True,
) -> tuple[Survey, np.ndarray]:
    """A survey of n, and what each respondent is: ``careful``, ``means 10`` or a type."""
    rng = np.random.default_rng([seed, 7])
    made = simulate(
        MODEL, years=[2025], n=n, seed=seed,
        missing=MissingAnswers(dont_know=0.02, refused=0.01) if gaps else None,
    )  # fmt: skip
    frame = made.answers.copy()
    names = (*types, "means 10")
    chances = [share] * len(names)
    kinds = rng.choice(
        np.array([*names, "careful"], dtype=object), n, p=[*chances, 1 - sum(chances)]
    )
    for kind in names:
        at = np.flatnonzero(kinds == kind)
        rows = np.full((len(at), len(ITEMS)), 10)
        if kind != "means 10":
            rows = careless_rows(kind, len(at), len(ITEMS), rng)
        frame.loc[at, list(ITEMS)] = rows
    careful = np.isin(kinds, ["careful", "means 10"])
    book = made.codebook
    if turned:
        items = [replace(i, reversed=i.name in REVERSED) for i in book.items]
        book = replace(book, items=tuple(items))
        for name in REVERSED:
            points = pd.to_numeric(frame[name], errors="coerce")
            answered = careful & (points <= 10).to_numpy()
            frame.loc[answered, name] = 11 - points[answered]
    if timed:
        frame["secs"] = np.round(np.where(careful, 300, 100) * np.exp(0.35 * rng.normal(size=n)))
        book = replace(book, duration=Duration(column="secs"))
    return read_survey(frame, book), kinds


def judged(survey: Survey, options: AnswerQualityOptions | None = None) -> AnswerQuality:
    """The quality of the answers in the order of the model."""
    return answer_quality(survey, options, items=ITEMS, constructs=CONSTRUCTS)


def rates(surveys: int, n: int, options: AnswerQualityOptions, **planting: object) -> pd.DataFrame:
    """Share flagged, one row a kind of respondent, one column a flag."""
    parts = []
    for seed in range(surveys):
        survey, kinds = planted(n, seed, **planting)  # type: ignore[arg-type]
        table = judged(survey, options).respondents
        columns = {flag: table[f"flag_{flag}"] for flag in FLAGS} | {"flagged": table["flagged"]}
        parts.append(pd.DataFrame(columns).assign(kind=kinds))
    found = pd.concat(parts).groupby("kind").mean()
    return found.loc[[k for k in ("careful", "means 10", *TYPES) if k in found.index]]


def coverage(surveys: int, n: int) -> dict[str, float]:
    """How often 95 % limits of the difference hold that of a sample of 100,000."""
    case = CASES["with both"] | {"gaps": False}
    whole, kinds = planted(100_000, 10**6, **case)
    options = IndexOptions(draws=200, min_n=0)
    few = replace(options, draws=100)
    true = without_flagged(whole, MODEL, judged(whole).flagged, options=few)
    careful = without_flagged(whole, MODEL, ~np.isin(kinds, ["careful", "means 10"]), options=few)
    names = ("index", "index_without", "difference")
    target = {name: headline(true)[name] for name in names}
    rows = []
    for seed in range(surveys):
        survey, _ = planted(n, 1000 + seed, **case)
        row = headline(without_flagged(survey, MODEL, judged(survey), options=options))
        inside = row["lower"] <= target["difference"] <= row["upper"]
        rows.append((inside, row["difference"], row["se"], row["index"]))
    table = np.array(rows, dtype=float)
    return {
        "surveys": surveys, "n": n, "coverage": float(table[:, 0].mean()),
        "true_difference": target["difference"], "mean_difference": float(table[:, 1].mean()),
        "sd_difference": float(table[:, 1].std(ddof=1)), "mean_se": float(table[:, 2].mean()),
        "sd_index": float(table[:, 3].std(ddof=1)),
        "index_all": target["index"], "index_without_flagged": target["index_without"],
        "index_careful_only": headline(careful)["index_without"],
    }  # fmt: skip


def headline(found: object) -> dict[str, float]:
    """The row of the index construct."""
    figures = found.figures  # type: ignore[attr-defined]
    row = figures[figures["construct"] == MODEL.index].iloc[0]
    return {name: float(row[name]) for name in figures.columns[3:9]}


def as_text(frame: pd.DataFrame) -> str:
    """A table in percent."""
    head = ["respondents", *(str(name).replace("_", " ") for name in frame.columns)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for kind, row in frame.iterrows():
        cells = ["-" if np.isnan(v) else f"{100 * v:.1f}" for v in row]
        lines.append("| " + " | ".join([str(kind), *cells]) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=20)
    parser.add_argument("--coverage", type=int, default=400)
    given = parser.parse_args()
    n = 1000
    tables = {
        name: rates(given.surveys, n, AnswerQualityOptions(), **case)
        for name, case in CASES.items()
    }
    crowd = {"share": 0.30, "types": ("random",)}
    for center in ("normal", "robust"):
        name = f"30 % at random, {center} center"
        options = AnswerQualityOptions(center=center)  # type: ignore[arg-type]
        tables[name] = rates(given.surveys, n, options, **crowd)
    every = AnswerQualityOptions(counted=FLAGS)
    for name in ("answers alone", "with both"):
        tables[f"{name}, even-odd counted too"] = rates(given.surveys, n, every, **CASES[name])
    sturdy = AnswerQualityOptions(center="robust")
    tables["answers alone, robust center"] = rates(given.surveys, n, sturdy)
    held = coverage(given.coverage, 400)
    text = [
        "# Planted careless respondents", "",
        f"{given.surveys} surveys of {n} respondents, {len(ITEMS)} items of the European model on "
        "1 to 10; each respondent is with chance 3 % of each type of careless ones, and with 3 % "
        "one who means 10 throughout, unless said. In percent of the respondents of the row; "
        "`flagged`: two signs or more. Made by `benchmarks/careless.py`.", "",
    ]  # fmt: skip
    for name, table in tables.items():
        text += [f"## {name[0].upper()}{name[1:]}", "", as_text(table), ""]
    text += [
        "## Error of the difference", "",
        f"{held['surveys']} surveys of {held['n']}, with duration, reversed items and no gaps: the "
        f"95 % interval of the difference of the satisfaction index without flagged respondents "
        f"holds that of 100,000 respondents in {100 * held['coverage']:.1f} % (Monte Carlo error "
        f"{100 * (0.05 * 0.95 / held['surveys']) ** 0.5:.1f}). Mean standard error "
        f"{held['mean_se']:.3f}, standard deviation of the differences "
        f"{held['sd_difference']:.3f}, of the index {held['sd_index']:.3f}; mean difference "
        f"{held['mean_difference']:.3f}, true {held['true_difference']:.3f}.", "",
        f"Index of 100,000: all {held['index_all']:.2f}, without flagged "
        f"{held['index_without_flagged']:.2f}, careful respondents only "
        f"{held['index_careful_only']:.2f}.", "",
    ]  # fmt: skip
    RESULTS.joinpath("careless.md").write_text("\n".join(text), "utf-8")
    data = {name: table.to_dict("index") for name, table in tables.items()} | {"difference": held}
    RESULTS.joinpath("careless.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
