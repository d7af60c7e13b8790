"""Yearly indices as values, of all the shapes a report has to draw."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from csi.index.values import IndexMetric, YearlyIndex
from csi.model.model import Construct, Model, Path
from csi.survey.codebook import Codebook, Item, Key
from csi.text import Text

YEARS = ("2019", "2020", "2021", "2022", "2023", "2024")
COMPANIES = {
    "aurora": Text("Aurora Mobile", "极光移动"),
    "borealis": Text("Borealis Telecom", "北辰通信"),
    "cirrus": Text(
        "Cirrus Networks & Communications Group Holdings", "卷云网络通信集团控股有限公司"
    ),
}
_CONSTRUCTS = {
    "image": (Text("Image", "企业形象"), 5),
    "expectation": (Text("Customer expectations", "顾客期望"), 3),
    "quality": (Text("Perceived quality", "感知质量"), 7),
    "value": (Text("Perceived value", "感知价值"), 2),
    "satisfaction": (Text("Customer satisfaction", "顾客满意度"), 3),
    "complaints": (Text("Handling of complaints", "投诉处理"), 1),
    "loyalty": (Text("Customer loyalty", "顾客忠诚度"), 3),
}
_PATHS = {
    ("image", "expectation"): 0.505,
    ("image", "satisfaction"): 0.179,
    ("image", "loyalty"): 0.201,
    ("expectation", "quality"): 0.554,
    ("expectation", "value"): 0.051,
    ("expectation", "satisfaction"): 0.062,
    ("quality", "value"): 0.557,
    ("quality", "satisfaction"): 0.511,
    ("value", "satisfaction"): 0.191,
    ("satisfaction", "complaints"): 0.526,
    ("satisfaction", "loyalty"): 0.479,
    ("complaints", "loyalty"): -0.067,
}


def ecsi() -> Model:
    """Return the ECSI model with labels in both languages."""
    constructs = tuple(
        Construct(name, tuple(f"{name}{n + 1}" for n in range(size)), label=label)
        for name, (label, size) in _CONSTRUCTS.items()
    )
    paths = tuple(Path(a, b, verified=(a, b) != ("image", "loyalty")) for a, b in _PATHS)
    return Model(constructs, paths, "satisfaction", "ecsi", Text("ECSI", "欧洲顾客满意度指数模型"))


def codebook(groups: dict[str, Text], years: tuple[str, ...]) -> Codebook:
    """Return the codebook of a simulated survey."""
    items = tuple(
        Item(
            name=f"{name}{n + 1}",
            column=f"{name}{n + 1}",
            low=1,
            high=10,
            label=Text(f"{label.en}, question {n + 1}", f"{label.zh}第 {n + 1} 题"),
        )
        for name, (label, size) in _CONSTRUCTS.items()
        for n in range(size)
    )
    return Codebook(
        title=Text("Mobile customers 2019–2024", "移动通信用户满意度调查 2019–2024"),
        items=items,
        time=Key(name="year", column="year", values={year: Text() for year in years}),
        groups=(Key(name="company", column="firm", label=Text("Company", "公司"), values=groups),),
        weight="w",
        stratum="region",
        unweighted=("2019",),
        population=Text("Customers aged 16 and over", "16 岁及以上的移动通信用户"),
        source=Text("Simulated", "模拟数据"),
    )


def build(
    groups: dict[str, Text],
    years: tuple[str, ...] = YEARS,
    *,
    suppressed: tuple[tuple[str, str], ...] = (),
    unsettled: tuple[tuple[str, str], ...] = (),
) -> YearlyIndex:
    """Return a yearly index of made-up but coherent numbers, the same on every call."""
    random = np.random.default_rng(11)
    model = ecsi()
    tables: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("figures", "paths", "effects", "weights", "quality", "fits")
    }
    levels = {group: random.normal(70, 5) for group in groups}
    for group in groups:
        level = levels[group]
        for number, year in enumerate(years):
            level += random.normal(0.4, 1.4)
            n = 18 if (year, group) in suppressed else int(random.integers(180, 420))
            problem = ""
            if (year, group) in suppressed:
                problem = "18 respondents, fewer than 30"
            if (year, group) in unsettled:
                problem = "PLS did not settle in 300 steps"
            _one_fit(tables, model, random, group, year, n, level, problem, number == 0)
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    _changes(frames["figures"], years)
    names = model.items
    items = [
        {
            "year": year,
            "item": item,
            "asked": not (item == "image5" and year < "2021"),
            "answered": 0 if item == "image5" and year < "2021" else 700 + place,
            "missing": 0 if item == "image5" and year < "2021" else 20 + place,
        }
        for year in years
        for place, item in enumerate(names)
    ]
    missing = [
        {"year": year, "item": item, "meaning": meaning, "count": 3 + place}
        for year in years
        for place, item in enumerate(("image1", "loyalty2"))
        for meaning in ("dont_know", "no_answer")
    ]
    return YearlyIndex(
        **frames,
        items=pd.DataFrame(items),
        missing=pd.DataFrame(missing),
        excluded=pd.DataFrame(
            [{"year": years[0], "reason": "no weight", "count": 4}],
            columns=["year", "reason", "count"],
        ),
        model=model,
        codebook=codebook(groups, years),
        metric=IndexMetric(
            weights="own",
            metric="raw",
            estimator="PLS, mode A, path scheme",
            missing="em",
            replication="bootstrap within strata, 500 draws, seed 7",
            interval="percentile",
            level=0.95,
            min_n=30,
            draws=500,
            seed=7,
            time="year",
            group="company",
            scale=tuple((item, 1.0, 10.0) for item in names),
        ),
        notes=("Respondents of 2019 carry no weights; each counts once.",),
    )


def _one_fit(
    tables: dict[str, list[dict[str, object]]],
    model: Model,
    random: np.random.Generator,
    group: str,
    year: str,
    n: int,
    level: float,
    problem: str,
    first: bool,
) -> None:
    key: dict[str, object] = {"year": year, "group": group}
    gone = bool(problem)
    for place, construct in enumerate(model.constructs):
        value = min(level + [2, 1, 3, -6, 0, -3, -2][place] + random.normal(0, 0.8), 99.0)
        se = 20 / np.sqrt(n)
        row = {"construct": construct.name, "index": value, "se": se, "moe": 1.96 * se}
        row |= {"lower": value - 1.9 * se, "upper": value + 2.0 * se}
        if gone:
            row = {k: v if k == "construct" else np.nan for k, v in row.items()}
        note = problem or ("first year" if first else "")
        rest = {"n": n, "n_effective": n * 0.87, "change": np.nan, "change_se": np.nan}
        rest |= {"change_lower": np.nan, "change_upper": np.nan, "p_value": np.nan}
        rest |= {
            "weights": "own",
            "note": note,
            "sd": 19.0,
            "sum_weights": n * 1.1,
            "design_effect": 1.2,
            "freedom": n - 4.0,
            "se_linear": np.nan,
            "change_se_linear": np.nan,
            "p_holm": np.nan,
            "p_bh": np.nan,
        }
        rest |= {"draws_used": 0 if gone else 498, "compared_with": ""}
        tables["figures"].append(key | row | rest)
        if gone:
            continue
        exogenous = place == 0
        r2 = np.nan if exogenous else random.uniform(0.2, 0.7)
        quality = {"r2": r2, "r2_adjusted": r2 - 0.01, "r2_se": np.nan if exogenous else 0.04}
        tables["quality"].append(
            key
            | {"construct": construct.name}
            | quality
            | {"reliability": random.uniform(0.7, 0.9)}
        )
        shares = random.dirichlet(np.full(len(construct.items), 40.0))
        for item, share in zip(construct.items, shares, strict=True):
            weight = {"weight": share * 1.2, "loading": random.uniform(0.6, 0.9)}
            errors = {"weight_se": 0.02, "loading_se": 0.03, "index_weight_se": 0.025}
            tables["weights"].append(
                key
                | {"construct": construct.name, "item": item}
                | weight
                | {"index_weight": share}
                | errors
            )
    ends = {"converged": "settle" not in problem, "steps": 300 if "settle" in problem else 9}
    draws = {"draws": 500, "draws_used": 0 if gone else 498, "draws_not_converged": 2}
    draws |= {"draws_degenerate": 0, "draws_inadmissible": 0}
    used = {"n_used": n - 3, "n_effective": n * 0.87}
    tables["fits"].append(key | used | ends | {"admissible": True} | draws | {"problem": problem})
    if not gone:
        _one_structure(tables, random, key)


def _one_structure(
    tables: dict[str, list[dict[str, object]]], random: np.random.Generator, key: dict[str, object]
) -> None:
    for (source, target), true in _PATHS.items():
        ends = {"from": source, "to": target}
        estimate = true + random.normal(0, 0.02)
        errors = {"se": 0.05, "lower": estimate - 0.1, "upper": estimate + 0.1}
        sign = {"expected_sign": "+", "verified": (source, target) != ("image", "loyalty")}
        tables["paths"].append(key | ends | {"estimate": estimate} | errors | sign)
        total = {"direct": estimate, "indirect": 0.1, "total": estimate + 0.1}
        tables["effects"].append(
            key | ends | total | {"se": 0.05, "lower": estimate, "upper": estimate + 0.2}
        )


def _changes(figures: pd.DataFrame, years: tuple[str, ...]) -> None:
    """Fill in the change from the year before, where both years have figures."""
    for before, after in pairwise(years):
        for row in figures.index[figures["year"] == after]:
            same = (figures["group"] == figures.at[row, "group"]) & (
                figures["construct"] == figures.at[row, "construct"]
            )
            earlier = figures[same & (figures["year"] == before)]["index"].item()
            change = figures.at[row, "index"] - earlier
            if np.isnan(change):
                continue
            se = float(np.hypot(figures.at[row, "se"], figures.at[row, "se"]))
            figures.loc[row, "change"] = change
            figures.loc[row, "change_se"] = se
            figures.loc[row, "change_lower"] = change - 1.96 * se
            figures.loc[row, "change_upper"] = change + 1.96 * se
            figures.loc[row, "p_value"] = 0.01 if abs(change) > 1.96 * se else 0.4
            figures.loc[row, "p_holm"] = 0.03 if abs(change) > 1.96 * se else 1.0
            figures.loc[row, "p_bh"] = 0.02 if abs(change) > 1.96 * se else 0.5
            figures.loc[row, "compared_with"] = before


@pytest.fixture(scope="session")
def three() -> YearlyIndex:
    """Three companies in six years; one cell suppressed, one fit that did not settle."""
    return build(COMPANIES, suppressed=(("2019", "cirrus"),), unsettled=(("2022", "borealis"),))


@pytest.fixture(scope="session")
def single() -> YearlyIndex:
    """One undivided survey of six years."""
    return build({"all": Text()})


@pytest.fixture(scope="session")
def one_wave() -> YearlyIndex:
    """One wave of a survey without time and groups."""
    yearly = build({"all": Text()}, ("all",))
    bare = replace(yearly.codebook, time=None, groups=(), unweighted=())
    return replace(yearly, codebook=bare, metric=replace(yearly.metric, time="", group=""))


def many(count: int, years: tuple[str, ...] = YEARS) -> YearlyIndex:
    """Return `count` groups with names of different lengths."""
    kinds = (
        ("Bank", "银行"),
        ("Savings Bank of the Northern Provinces", "北方各省储蓄银行股份有限公司"),
    )
    groups = {
        f"g{n:02}": Text(f"{kinds[n % 5 == 0][0]} {n + 1}", f"第 {n + 1} {kinds[n % 5 == 0][1]}")
        for n in range(count)
    }
    return build(groups, years, suppressed=(("2024", "g03"), ("2020", "g05")))


@pytest.fixture(scope="session")
def twelve() -> YearlyIndex:
    """Twelve groups in six years."""
    return many(12)


@pytest.fixture(scope="session")
def twelve_once() -> YearlyIndex:
    """Twelve groups in a single year."""
    return many(12, ("2024",))


@pytest.fixture(scope="session")
def forty() -> YearlyIndex:
    """Forty groups in six years."""
    return many(40)
