"""Small codebooks and files for the tests of the survey package."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from csi.survey import Codebook, Item, Key, Survey, Text

HEAD = "year,id,company,weight,q1,q2,q3\n"
GOOD = HEAD + "2020,1,A,1.5,1,10,3\n2020,2,B,0.5,5,9,4\n2021,3,A,1,3,8,98\n2021,4,B,2,4,,5\n"


def small_codebook(**changes: object) -> Codebook:
    """Three items on 1-10, years, two companies, weights."""
    parts: dict[str, object] = {
        "title": Text("Small survey", "小型调查"),
        "items": tuple(
            Item(name=f"Q{k}", column=f"q{k}", low=1, high=10, missing={"98": "dont_know"})
            for k in (1, 2, 3)
        ),
        "time": Key(name="year", column="year"),
        "groups": (
            Key(name="company", column="company", values={"A": Text("Alpha"), "B": Text("Beta")}),
        ),
        "respondent": ("id",),
        "weight": "weight",
    }
    return Codebook(**(parts | changes))  # type: ignore[arg-type]


def written(folder: Path, text: str, name: str = "survey.csv") -> Path:
    """Write a text file and return its path."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def same_survey(left: Survey, right: Survey) -> None:
    """Assert that two surveys have equal answers, keys, design and counts."""
    np.testing.assert_array_equal(left.answers, right.answers)
    np.testing.assert_array_equal(left.design.weights, right.design.weights)
    np.testing.assert_array_equal(left.design.strata, right.design.strata)
    np.testing.assert_array_equal(left.design.clusters, right.design.clusters)
    assert left.keys.keys() == right.keys.keys()
    for name in left.keys:
        assert left.keys[name].tolist() == right.keys[name].tolist()
    assert left.missing.to_dict("list") == right.missing.to_dict("list")
    assert left.excluded.to_dict("list") == right.excluded.to_dict("list")
    assert left.rows_read == right.rows_read
