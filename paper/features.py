"""What csi and other programs do, from ``features.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import csi

FILE = Path(__file__).with_name("features.toml")
MARKS = ("yes", "part", "no")


@cache
def features() -> dict[str, Any]:
    """Return columns and features, after making sure that they are whole."""
    found = tomllib.loads(FILE.read_text("utf-8"))
    wrong = faults(found)
    if wrong:
        raise ValueError("features.toml: " + "; ".join(wrong))
    return found


def faults(found: dict[str, Any]) -> list[str]:
    """Return what is wrong with the table of features."""
    columns = len(found["column"])
    wrong = []
    for row in found["feature"]:
        head = row["head"]
        if len(row["marks"]) != columns:
            wrong.append(f"{head}: {len(row['marks'])} marks for {columns} programs")
        wrong += [f"{head}: {mark!r} is no mark" for mark in row["marks"] if mark not in MARKS]
        if not hasattr(csi, row["csi"]):
            wrong.append(f"{head}: csi has no {row['csi']}")
        if not row["basis"].startswith(("tried", "known")):
            wrong.append(f"{head}: the basis must be tried or known")
        if "part" in row["marks"] and "note" not in row:
            wrong.append(f"{head}: a part needs a note")
    return wrong


def notes() -> list[str]:
    """Return why some marks say "part"."""
    return [row["note"] for row in features()["feature"] if "note" in row]
