"""Every fault of a simulation plan, found before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from csi.arrays import BoolArray
from csi.errors import Fault
from csi.model.words import remedy
from csi.simulation.latent import Latent
from csi.simulation.plan import SimulationPlan
from csi.simulation.scale import MAX_CORRELATION

DONT_KNOW, REFUSED = 98, 99
"""Codes of answers that do not count, as written in the file."""


def plan_faults(plan: SimulationPlan) -> list[Fault]:
    """Return all faults of names, shares, rates and numbers; an empty list is a pass."""
    return [
        *_cell_faults(plan),
        *_true_value_faults(plan),
        *_move_faults(plan),
        *_whole_faults(plan),
        *_stratum_faults(plan),
        *_missing_faults(plan),
        *_cluster_faults(plan),
        *_scale_faults(plan),
    ]


def latent_faults(plan: SimulationPlan, latent: Latent) -> list[Fault]:
    """Return constructs that their paths explain wholly, and items that are all but one."""
    model = plan.model
    faults = [
        Fault(
            f"paths to {model.names[k]}",
            f"they explain {latent.r2[k]:.0%} of its variance",
            "make them smaller: it must stay below 100%",
        )
        for k in np.flatnonzero(latent.r2 >= 0.9999)
        if not model.constructs[k].parts
    ]
    off = np.triu(np.abs(latent.item_corr), 1)
    return faults + [
        Fault(
            f"{model.columns[i]} and {model.columns[j]}",
            f"their latent correlation is {off[i, j]:.3f}",
            f"lower a loading or a path: it must be at most {MAX_CORRELATION}",
        )
        for i, j in np.argwhere(off > MAX_CORRELATION)
        if not faults
    ]


def reach_faults(plan: SimulationPlan, reached: BoolArray, mean: np.ndarray) -> list[Fault]:
    """Return the items whose scale cannot have the wanted mean and spread, once each.

    Parameters
    ----------
    plan : SimulationPlan
    reached : (g, h, p) False where it failed
    mean : (g, h, p) wanted means, in index points
    """
    faults = []
    for k in np.flatnonzero(~reached.all(axis=(0, 1))):
        cell, layer = np.argwhere(~reached[:, :, k])[0]
        item = plan.model.columns[k]
        spread = plan.spread_of(item)
        low, high = plan.scale_of(item)
        faults.append(
            Fault(
                f"{item} in {' '.join(plan.cells[cell])}, stratum {plan.layers[layer].name}",
                f"answers {low} to {high} cannot have mean {mean[cell, layer, k]:.1f} and standard "
                f"deviation {spread:.1f} (index points)",
                "bring the level nearer to the middle or change the spread",
            )
        )
    return faults


def _unknown(where: str, names: Iterable[str], known: Sequence[str]) -> list[Fault]:
    """Names that are not known, with the nearest known one."""
    return [
        Fault(where, f"{name!r} is not known", remedy(name, known))
        for name in names
        if name not in known
    ]


def _cell_faults(plan: SimulationPlan) -> list[Fault]:
    faults = []
    if not plan.years or len(set(plan.years)) < len(plan.years):
        faults.append(Fault("years", "none, or one twice", "give each year once"))
    if plan.n < max(10, len(plan.strata)):
        faults.append(Fault("n", f"{plan.n} respondents", "take at least 10 a year and group"))
    if plan.seed < 0:
        faults.append(Fault("seed", f"{plan.seed} is below zero", "use 0 or a whole number above"))
    taken = [plan.time, "respondent", "weight", "stratum", "cluster"]
    taken += [plan.group] if plan.groups else []
    if len(set(taken)) < len(taken):
        faults.append(Fault("keys", "two columns have one name", "rename the time or the group"))
    return faults + [
        Fault(f"item {item}", "has the name of another column", "rename the item or the key")
        for item in plan.model.columns
        if item in taken
    ]


def _true_value_faults(plan: SimulationPlan) -> list[Fault]:
    true, model = plan.true, plan.model
    known = [f"{path.source} -> {path.target}" for path in model.paths]
    faults = _unknown("true paths", (f"{s} -> {t}" for s, t in true.paths), known)
    faults += _unknown("true levels", true.levels, model.names)
    for name, table in (
        ("loadings", true.loadings),
        ("offsets", true.offsets),
        ("spreads", true.spreads),
    ):
        faults += _unknown(f"true {name}", table, model.columns)
    faults += [
        Fault(f"loading of {item}", f"{value:g} is not above 0 and at most 1", "correct it")
        for item, value in true.loadings.items()
        if not 0.0 < value <= 1.0
    ]
    faults += [
        Fault(f"spread of {item}", f"{value:g} is not between 0 and 50", "correct it")
        for item, value in true.spreads.items()
        if not 0.0 < value <= 50.0
    ]
    numbers = [
        *((f"path {s} -> {t}", v) for (s, t), v in true.paths.items()),
        *((f"level of {name}", v) for name, v in true.levels.items()),
        *((f"offset of {name}", v) for name, v in true.offsets.items()),
    ]
    return faults + [
        Fault(where, f"{value} is not a finite number", "correct it")
        for where, value in numbers
        if not np.isfinite(value)
    ]


def _move_faults(plan: SimulationPlan) -> list[Fault]:
    faults = []
    for number, move in enumerate(plan.true.moves, start=1):
        where = f"move {number}"
        faults += _unknown(where, move.constructs, plan.model.names)
        faults += _unknown(where, [move.group] if move.group else [], list(plan.groups))
        faults += _unknown(where, [move.year] if move.year else [], plan.years)
        if not np.isfinite(move.points):
            faults.append(Fault(where, f"{move.points} points", "give a finite number"))
    return faults


def _whole_faults(plan: SimulationPlan) -> list[Fault]:
    """Return levels, moves and causes of constructs that follow from their parts."""
    faults = []
    for whole in plan.model.wholes:
        parts = " and ".join(whole.parts)
        told = [f"level of {whole.name}"] if whole.name in plan.true.levels else []
        told += [
            f"move {number}"
            for number, move in enumerate(plan.true.moves, start=1)
            if whole.name in move.constructs
        ]
        faults += [
            Fault(where, f"the items of {whole.name} are those of {parts}", f"name {parts} instead")
            for where in told
        ]
        if whole.kind == "reflective":
            continue
        faults += [
            Fault(
                f"path {source} -> {whole.name}",
                f"{whole.name} is made of {parts}, so that nothing is left to explain",
                f"for a simulation, draw the path to {parts}",
            )
            for source in plan.model.predecessors(whole.name)
            if source not in whole.parts
        ]
    return faults


def _stratum_faults(plan: SimulationPlan) -> list[Fault]:
    if not plan.strata:
        return []
    names = [layer.name for layer in plan.strata]
    faults = [
        Fault(f"stratum {layer.name}", "share and rate must be above 0", "correct them")
        for layer in plan.strata
        if not (layer.share > 0.0 and layer.rate > 0.0)
    ]
    if len(set(names)) < len(names):
        faults.append(Fault("strata", "two have one name", "give each its own name"))
    total = sum(layer.share for layer in plan.strata)
    if not abs(total - 1.0) < 1e-9:
        faults.append(Fault("strata", f"shares add up to {total:g}", "make them add up to 1"))
    if faults:
        return faults
    return [
        Fault(
            f"stratum {layer.name}", f"gets none of the {plan.n} respondents", "raise its rate or n"
        )
        for layer, size in zip(plan.strata, plan.sizes, strict=True)
        if size == 0
    ]


def _missing_faults(plan: SimulationPlan) -> list[Fault]:
    missing = plan.missing
    parts = (missing.dont_know, missing.refused, missing.blank)
    faults = []
    if not (min(parts) >= 0.0 and sum(parts) < 0.9):
        faults.append(Fault("missing", f"rates {parts}", "none below 0, together below 0.9"))
    if not 0.0 <= missing.satisfaction_slope <= 2.0:
        faults.append(
            Fault(
                "missing",
                f"satisfaction_slope {missing.satisfaction_slope:g}",
                "take a value from 0 to 2",
            )
        )
    return faults


def _cluster_faults(plan: SimulationPlan) -> list[Fault]:
    if plan.clusters is None:
        return []
    if plan.clusters.size < 2 or not 0.0 <= plan.clusters.correlation < 1.0:
        return [Fault("clusters", "size below 2 or correlation outside 0 to 1", "correct them")]
    return []


def _scale_faults(plan: SimulationPlan) -> list[Fault]:
    faults = _unknown("scales", plan.scales, plan.model.columns)
    for item in plan.model.columns:
        low, high = plan.scale_of(item)
        if high <= low:
            faults.append(
                Fault(
                    f"scale of {item}",
                    f"{low} to {high} has fewer than two answers",
                    "take a longer scale",
                )
            )
        if low <= REFUSED and high >= DONT_KNOW:
            faults.append(
                Fault(
                    f"scale of {item}",
                    f"{low} to {high} holds the codes {DONT_KNOW} and {REFUSED}",
                    "take a scale below them",
                )
            )
    return faults
