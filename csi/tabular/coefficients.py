"""Tables of coefficients as statistics packages print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from csi.lazy import lazy_module
from csi.tabular.shown import tabled
from csi.tabular.table import Decimals, Table
from csi.tabular.words import head
from csi.text import Language

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_module("pandas")  # models show themselves too, and need none of it

NOTHING = 1e-9
"""A standard error that is a smaller share of its estimate is rounding: the figure is fixed."""

FIGURES = ("estimate", "se", "statistic", "p_value", "lower", "upper")


def coefficients(
    title: str,
    frame: pd.DataFrame,
    language: Language,
    names: Sequence[str],
    *,
    statistic: str = "z",
    level: float = 0.95,
    own_p: bool = False,
    further: Sequence[str] = (),
) -> Table | None:
    """Return a table with the heads coef, std err, z or t, P>|z|, [0.025, 0.975].

    Parameters
    ----------
    title : str
        English phrase.
    frame : DataFrame
        ``estimate, se, p_value, lower, upper`` beside the names. Any may be absent but the
        estimate. A fixed figure, whose error is nothing but rounding, has none of the others.
    language : {"en", "zh"}
    names : sequence of str
        Columns that name the parameter, first in the table.
    statistic : {"z", "t"}
    level : float
        Of the limits.
    own_p : bool
        Whether p values may be others than those of the statistic, such as those of draws; they
        are then headed p value.
    further : sequence of str
        Columns behind the limits.
    """
    own = frame.copy()
    if "se" in own:
        free = own["se"] > NOTHING * own["estimate"].abs()
        own["statistic"] = own["estimate"] / own["se"].where(free)
        for name in ("se", "p_value", "lower", "upper"):
            own[name] = own[name].where(free) if name in own else np.nan
    made = tabled(title, own, language, [*names, *FIGURES, *further])
    if made is None:
        return None
    heads = _heads(statistic, level, language)
    if own_p:
        del heads["p_value"]
    kept = made.names or made.columns
    words = tuple(heads.get(n, word) for n, word in zip(kept, made.columns, strict=True))
    places: tuple[Decimals | None, ...] = tuple("p" if n == "p_value" else None for n in kept)
    return Table(made.title, words, made.rows, made.digits, places, kept, language)


def _heads(statistic: str, level: float, language: Language) -> dict[str, str]:
    tail = (1.0 - level) / 2.0
    return {
        "estimate": head("coef", language),
        "se": head("std err", language),
        "statistic": statistic,
        "p_value": f"P>|{statistic}|",
        "lower": f"[{tail:.4g}",
        "upper": f"{1.0 - tail:.4g}]",
    }
