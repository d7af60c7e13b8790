"""What a survey is simulated from: a plan file, or a model of the catalogue and a few words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from csi.errors import Fault, OptionError
from csi.model.catalogue import names
from csi.simulation.base import catalogue_plan
from csi.simulation.plan import SimulationPlan
from csi.simulation.plan_file import read_plan
from csi.survey.cells import nearest
from csi.text import Text

SEED = 1
"""Root of the random streams where none is given."""


def simulation_plan(
    source: str,
    *,
    years: str | None = None,
    groups: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
) -> SimulationPlan:
    """Return the plan of a survey to simulate.

    Parameters
    ----------
    source : str
        A plan file (TOML), which says everything; or a model of the catalogue.
    years : str, optional
        ``"2020-2025"`` or ``"2020,2022"``; needed with a model.
    groups : sequence of str
        Companies, regions; none where empty.
    n : int, optional
        Respondents a year and group; the default of `SimulationPlan` where None.
    seed : int, optional

    Raises
    ------
    OptionError
        No such plan or model, a group given twice, options beside a plan, or no years beside
        a model.
    """
    twice = [name for name, count in Counter(groups).items() if count > 1]
    if twice:
        what = f"{', '.join(map(repr, twice))} is given more than once"
        raise OptionError(Fault("option groups", what, "give each group once"))
    if source in names():
        if years is None:
            fix = "give --years, such as --years 2020-2025"
            raise OptionError(Fault(f"model {source}", "is simulated for certain years", fix))
        size = {} if n is None else {"n": n}
        labels = {group: Text(group) for group in groups}
        start = SEED if seed is None else seed
        return catalogue_plan(source, years=years_of(years), seed=start, groups=labels, **size)
    path = Path(source)
    if not path.is_file():
        beside = sorted(p.name for p in path.parent.glob("*.toml")) if path.parent.is_dir() else []
        fix = nearest(path.name, [*names(), *beside])
        raise OptionError(Fault(source, "is neither a plan file nor a model of the catalogue", fix))
    given = {"years": years, "groups": groups or None, "n": n, "seed": seed}
    faults = [
        Fault(f"option {name}", "does not go with a plan file", f"write it into {path.name}")
        for name, value in given.items()
        if value is not None
    ]
    if faults:
        raise OptionError(faults)
    return read_plan(path)


def years_of(text: str) -> tuple[str, ...]:
    """Return the years written as a range or a list.

    Raises
    ------
    OptionError
        For a range that runs backwards, or nothing at all.

    Examples
    --------
    >>> years_of("2020-2022"), years_of("2020, 2023")
    (('2020', '2021', '2022'), ('2020', '2023'))
    """
    span = re.fullmatch(r"\s*(\d{4})\s*-\s*(\d{4})\s*", text)
    if span:
        found = tuple(str(year) for year in range(int(span[1]), int(span[2]) + 1))
    else:
        found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        fix = "write them as 2020-2025 or 2020,2022"
        raise OptionError(Fault("option years", f"{text!r} names no year", fix))
    return found
