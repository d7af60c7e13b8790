"""Mediation: through which constructs one construct acts on another.

An effect along a chain of paths is the product of its coefficients; the indirect effect is the sum
over all chains of two paths or more. Errors, intervals and p values are from the replicates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray
from csi.assess.mediation_chains import Chain, Pattern, chain_effects, chains_between, pattern_of
from csi.errors import Fault, OptionError
from csi.estimate.effects import total_effects
from csi.estimate.intervals import p_value_of_draws
from csi.index.cells import Spread
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.tabular import Summarised, Summary, Told, coefficients, said, summarised
from csi.text import Language

NO_PATH = "the model has no direct path"
NO_CHAIN = "no chain of paths leads through other constructs"
NO_SHARE = "direct and indirect effect do not have one sign, or one of them is not significant"
UNBOUND = "an interval of a ratio is not reliable; see the effects themselves"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mediation(Summarised):
    """Effects of one construct on another, by the way they take.

    Attributes
    ----------
    model : Model
    source, target : str
    chains : tuple of tuple of str, length c
        The constructs of every chain with mediators, in the order of the model.
    has_path : bool
        Whether the model has a direct path.
    effects : Spread
        (c + 3): direct, each chain, indirect in all, total.
    p_values : (c + 3)
    level : float
        Of the intervals.
    pattern : Pattern
    draws_used : int
    """

    model: Model
    source: str
    target: str
    chains: tuple[Chain, ...]
    has_path: bool
    effects: Spread
    p_values: Array
    level: float
    pattern: Pattern
    draws_used: int

    @property
    def share(self) -> float:
        """Variance accounted for: the indirect share of the total effect.

        NaN unless direct and indirect effect are significant and have one sign.
        """
        if self.pattern != "complementary":
            return float("nan")
        return float(self.effects.estimate[-2] / self.effects.estimate[-1])

    def table(self) -> pd.DataFrame:
        """Return one row an effect, and the share.

        Columns ``from, to, chain, measure, estimate, se, lower, upper, p_value, note``; measures
        are ``direct``, ``specific indirect``, ``indirect``, ``total`` and ``indirect share``.
        """
        chains = ["", *(" -> ".join(chain) for chain in self.chains), "", ""]
        named = ["direct", *["specific indirect"] * len(self.chains), "indirect", "total"]
        nan, found = float("nan"), self.effects
        note = NO_SHARE if np.isnan(self.share) else UNBOUND
        rows = pd.DataFrame(
            {
                "from": self.source,
                "to": self.target,
                "chain": [*chains, ""],
                "measure": [*named, "indirect share"],
                "estimate": [*found.estimate, self.share],
                "se": [*found.se, nan],
                "lower": [*found.lower, nan],
                "upper": [*found.upper, nan],
                "p_value": [*self.p_values, nan],
                "note": [*[""] * len(named), note],
            }
        )
        if not self.has_path:
            rows.loc[0, ["estimate", "se", "lower", "upper", "p_value"]] = np.nan
            rows.loc[0, "note"] = NO_PATH
        if not self.chains:
            rows.loc[1, ["estimate", "se", "lower", "upper", "p_value"]] = np.nan
            rows.loc[1, "note"] = NO_CHAIN
        return rows

    def __repr__(self) -> str:
        """Say in one line what was found."""
        indirect, total = self.effects.estimate[-2:]
        return (
            f"Mediation {self.source} -> {self.target}: {self.pattern}, {len(self.chains)} chains, "
            f"indirect {indirect:.3f}, total {total:.3f}"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "From": self.model.label(self.source).within(language),
            "To": self.model.label(self.target).within(language),
            "Pattern": said(self.pattern, language),
            "Chains": len(self.chains),
            "Indirect share": self.share,
            "Draws used": self.draws_used,
            "Confidence level": self.level,
        }
        table = self.table()
        shown = table.assign(measure=[said(word, language) for word in table["measure"]])
        names = ["measure", "chain"]
        made = coefficients("Effects", shown, language, names, statistic="t", level=self.level,
                            own_p=True, further=["note"])  # fmt: skip
        return summarised("Mediation", language, facts, [made])


def mediation(rep: Replicated, source: str, target: str) -> Mediation:
    """Return direct, specific indirect, indirect and total effect of one construct on another.

    Parameters
    ----------
    rep : Replicated
        Intervals are of its kind and level; indirect effects are skewed in small samples, so that
        ``interval="percentile"`` or ``"bias-corrected"`` suits them better than ``"normal"``.
    source, target : str
        Constructs.

    Returns
    -------
    Mediation
        The p value goes with the interval: below one less the level where it leaves out zero.

    Raises
    ------
    OptionError
        Unknown constructs, all at once; a target that nothing leads to from the source.
    """
    model = rep.model
    _check(model, source, target)
    chains = chains_between(model, source, target)
    i, j = model.names.index(source), model.names.index(target)
    places = [tuple(model.names.index(name) for name in chain) for chain in chains]

    def every(paths: Array) -> Array:
        direct, total = paths[..., i, j], total_effects(paths)[..., i, j]
        whole = [direct[..., None], chain_effects(paths, places)]
        return np.concatenate([*whole, (total - direct)[..., None], total[..., None]], axis=-1)

    drawn = every(rep.draws.paths)
    spread = rep.spread(every(rep.fit.paths), drawn)
    p = p_values_of(rep, spread, drawn)
    has_path = target in model.successors(source)
    found = p < 1.0 - rep.options.level
    return Mediation(
        model=model,
        source=source,
        target=target,
        chains=chains,
        has_path=has_path,
        effects=spread,
        p_values=p,
        level=rep.options.level,
        pattern=pattern_of(
            float(spread.estimate[0]),
            float(spread.estimate[-2]),
            direct_found=bool(found[0]),
            indirect_found=bool(found[-2]) and bool(chains),
            has_path=has_path,
        ),
        draws_used=rep.draws_used,
    )


def mediations(rep: Replicated, target: str | None = None) -> tuple[Mediation, ...]:
    """Return the effects of every construct that acts on a target, directly or through others.

    Parameters
    ----------
    rep : Replicated
    target : str, optional
        All targets where not given.

    Returns
    -------
    tuple of Mediation
        Targets and sources in the order of the model. Without ``chains`` there is only a direct
        effect.
    """
    model = rep.model
    if target is not None and target not in model.names:
        raise OptionError(_unknown(model, target))
    reached = total_effects(model.arrows.astype(np.float64)) > 0
    return tuple(
        mediation(rep, source, to)
        for to in (model.names if target is None else (target,))
        for source in model.names
        if reached[model.names.index(source), model.names.index(to)]
    )


def effects_table(rep: Replicated, target: str | None = None) -> pd.DataFrame:
    """Return direct, indirect and total effect of every construct on a target, or on all.

    Columns as in `Mediation.table` without the chains: the data of a direct-and-total picture.
    """
    columns = ["from", "to", "measure", "estimate", "se", "lower", "upper", "p_value", "note"]
    tables = [found.table() for found in mediations(rep, target)]
    if not tables:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(tables, ignore_index=True)
    rows = rows[rows["measure"].isin(["direct", "indirect", "total"])]
    return rows[columns].reset_index(drop=True)


def p_values_of(rep: Replicated, found: Spread, draws: Array) -> Array:
    """Return two-sided p values that go with the intervals of the figures, (k).

    Parameters
    ----------
    rep : Replicated
    found : Spread
        Figures (k).
    draws : (R, k) figures of all replicates
    """
    kind = rep.interval_kind
    if kind == "normal":
        p = rep.p_values(found)
    else:
        kept = draws[rep.usable]
        p = np.array(
            [
                p_value_of_draws(own, float(value), kind=kind, freedom=rep.freedom)
                for own, value in zip(kept.T, found.estimate, strict=True)
            ]
        )
    nothing: BoolArray = (found.estimate == 0) & ~(found.se > 0)
    return np.where(nothing, 1.0, p)


def _check(model: Model, source: str, target: str) -> None:
    """Refuse pairs without an effect."""
    faults = [_unknown(model, name) for name in (source, target) if name not in model.names]
    joined = faults or chains_between(model, source, target) or target in model.successors(source)
    if not joined:
        what = f"nothing leads from {source} to {target}"
        fix = "take constructs that a chain of paths joins"
        faults.append(Fault("mediation", what, fix))
    if faults:
        raise OptionError(faults)


def _unknown(model: Model, name: str) -> Fault:
    return Fault("construct", f"there is no {name!r}", f"use one of {', '.join(model.names)}")
