"""A simulation plan as TOML text."""

from __future__ import annotations

from collections.abc import Mapping

from csi.model.toml_text import toml_pair
from csi.simulation.plan import WORDS, ItemWords, SimulationPlan

Table = tuple[str, Mapping[str, object]]


def plan_text(plan: SimulationPlan, *, model: str = "model.toml") -> str:
    """Return a plan as TOML text; a plan that was read from a file keeps its text.

    Parameters
    ----------
    plan : SimulationPlan
    model : str
        Where the model is found: a name of the catalogue or a file beside the plan.
    """
    if plan.text:
        return plan.text
    head = {
        "title": plan.title.to_dict(),
        "population": plan.population.to_dict(),
        "model": model,
        "years": plan.years,
        "n": plan.n,
        "seed": plan.seed,
        "scale": plan.scale,
    }
    tables = [*_keys(plan), *_truth(plan), *_sample(plan), ("[items]", _items(plan))]
    parts = [_lines(head), *(f"{name}\n{_lines(table)}" for name, table in tables if table)]
    return "\n\n".join(parts) + "\n"


def _keys(plan: SimulationPlan) -> list[Table]:
    values = {name: label.to_dict() for name, label in plan.groups.items()}
    return [
        ("[time]", {"name": plan.time, "label": plan.time_label.to_dict()}),
        ("[group]", {"name": plan.group, "label": plan.group_label.to_dict(), "values": values}),
    ]


def _truth(plan: SimulationPlan) -> list[Table]:
    true = plan.true
    moves = [
        _given(points=m.points, year=m.year, group=m.group, constructs=m.constructs)
        for m in true.moves
    ]
    return [
        ("[truth.paths]", {f"{s} -> {t}": value for (s, t), value in true.paths.items()}),
        ("[truth.loadings]", true.loadings),
        ("[truth.levels]", true.levels),
        ("[truth.offsets]", true.offsets),
        ("[truth.spreads]", true.spreads),
        *(("[[truth.moves]]", move) for move in moves),
    ]


def _sample(plan: SimulationPlan) -> list[Table]:
    missing = plan.missing
    gaps = _given(
        dont_know=missing.dont_know,
        refused=missing.refused,
        blank=missing.blank,
        satisfaction_slope=missing.satisfaction_slope,
    )
    units = plan.clusters
    return [
        *(
            ("[[strata]]", _given(name=s.name, share=s.share, rate=s.rate, shift=s.shift))
            for s in plan.strata
        ),
        ("[missing]", gaps),
        ("[clusters]", _given(size=units.size, correlation=units.correlation) if units else {}),
    ]


def _given(**entries: object) -> dict[str, object]:
    """Return the entries that say something."""
    return {name: value for name, value in entries.items() if value not in (None, ())}


def _lines(table: Mapping[str, object]) -> str:
    return "\n".join(toml_pair(name, value) for name, value in table.items() if value != {})


def _items(plan: SimulationPlan) -> dict[str, object]:
    """Return label, wording and scale of each item that has any of them."""
    entries: dict[str, object] = {}
    for name in plan.model.columns:
        words = plan.words.get(name, ItemWords())
        texts = {part: getattr(words, part).to_dict() or None for part in WORDS}
        entry = _given(**texts, scale=plan.scales.get(name))
        if entry:
            entries[name] = entry
    return entries
