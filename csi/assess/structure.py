"""Assessment of the structural model as a whole, with verdicts: one road to all its measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from csi.assess.blindfolding import Blindfolded, blindfold
from csi.assess.criteria import criteria_table
from csi.assess.exact_fit import FEWEST, ExactFit, exact_fit
from csi.assess.mediation import Mediation, effects_table, mediations
from csi.assess.mediation_words import mediation_verdict
from csi.assess.model_fit import (
    Blocks,
    Disturbances,
    ImpliedOptions,
    Structure,
    factors_of,
    is_pls,
)
from csi.assess.structure_tables import NO_PLS, explained_table, fit_table, sizes_table
from csi.assess.structure_words import (
    exact_verdict,
    f2_verdict,
    misfit_verdict,
    nfi_verdict,
    q2_verdict,
    r2_verdict,
    srmr_verdict,
    theta_verdict,
)
from csi.errors import EstimationError
from csi.index.replicated import Replicated
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language
from csi.verdict import Verdict

NO_DRAWS = "the test needs random draws: bootstrap or gaussian replicates"
FEW_DRAWS = f"the test needs {FEWEST} draws"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StructureAssessment(Summarised):
    """What can be said about the structural model of one sample.

    Attributes
    ----------
    label : tuple of str
        The group the sample is of.
    explained : DataFrame
        ``construct, measure, estimate, se, lower, upper, note``; measures R2, R2 adjusted,
        Q2 redundancy, Q2 communality. Q2 has no interval.
    effect_sizes : DataFrame
        ``from, to, measure, estimate, se, lower, upper, note``; measures f2, q2.
    fit : DataFrame
        ``structure, measure, estimate, critical, p_value, note``: measures of fit of the saturated
        and the estimated model; the three distances with their bootstrap test.
    criteria : DataFrame
        ``construct, measure, estimate, note``.
    effects : DataFrame
        ``from, to, measure, estimate, se, lower, upper, p_value, note``: direct, indirect, total.
    tests : tuple of ExactFit
        Saturated, estimated; empty where there is no test.
    blindfolded : Blindfolded or None
        None for covariance fits.
    mediations : tuple of Mediation
        Of every construct that acts on the index; those without chains only directly.
    verdicts : tuple of Verdict
    """

    label: tuple[str, ...]
    explained: pd.DataFrame
    effect_sizes: pd.DataFrame
    fit: pd.DataFrame
    criteria: pd.DataFrame
    effects: pd.DataFrame
    tests: tuple[ExactFit, ...]
    blindfolded: Blindfolded | None
    mediations: tuple[Mediation, ...]
    verdicts: tuple[Verdict, ...]

    def __repr__(self) -> str:
        """Say in one line how many verdicts there are of each grade."""
        grades = [verdict.grade for verdict in self.verdicts]
        counts = ", ".join(
            f"{grades.count(grade)} {grade}" for grade in ("good", "doubtful", "poor", "told")
        )
        of = f" of {', '.join(self.label)}" if self.label else ""
        return f"StructureAssessment{of}: {len(grades)} verdicts, {counts}"

    def _summary(self, language: Language) -> Summary:
        facts: Told = {"Group": ", ".join(self.label) or None, "Verdicts": len(self.verdicts)}
        tables = (
            tabled("Explained variance", self.explained, language),
            tabled("Effect sizes", self.effect_sizes, language),
            tabled("Fit of the model", self.fit, language),
            tabled("Effects", self.effects, language),
        )
        return summarised("Structural model", language, facts, tables, verdicts=self.verdicts)


def structure(
    rep: Replicated,
    *,
    blocks: Blocks = "by kind",
    disturbances: Disturbances = "implied",
    distance: int | None = None,
) -> StructureAssessment:
    """Assess the structural model of one sample.

    Parameters
    ----------
    rep : Replicated
        From `csi.index.replicated.replicated`.
    blocks, disturbances
        What a block and a model imply, see `csi.assess.model_fit.ImpliedOptions`.
    distance : int, optional
        Omission distance of blindfolding, see `csi.assess.blindfolding.blindfold`.

    Returns
    -------
    StructureAssessment
        What cannot be computed is in the tables as NaN with a note.

    Raises
    ------
    OptionError
        Impossible words or distances.
    """
    pls = is_pls(rep.fit)
    blind = blindfold(rep, distance=distance) if pls and _whole(rep) else None
    chosen = {
        name: ImpliedOptions(structure=name, blocks=blocks, disturbances=disturbances)
        for name in get_args(Structure)
    }
    tests, why = _tests(rep, chosen)
    explained = explained_table(rep, blind)
    sizes = sizes_table(rep, blind)
    fit = fit_table(rep, chosen, tests, why)
    mediated = mediations(rep, rep.model.index)
    verdicts = [
        *_explained_verdicts(rep, explained),
        *(f2_verdict(rep.model, row["from"], row["to"], float(row["estimate"]), float(row["upper"]))
          for _, row in sizes[sizes["measure"] == "f2"].iterrows()
          if np.isfinite(row["estimate"])),
        *_fit_verdicts(rep, fit, tests),
        *(mediation_verdict(one) for one in mediated if one.chains),
    ]  # fmt: skip
    return StructureAssessment(
        label=rep.label,
        explained=explained,
        effect_sizes=sizes,
        fit=fit,
        criteria=criteria_table(rep.fit, rep.options),
        effects=effects_table(rep),
        tests=tests,
        blindfolded=blind,
        mediations=mediated,
        verdicts=tuple(verdicts),
    )


def _whole(rep: Replicated) -> bool:
    """Tell whether enough respondents gave all answers for blindfolding."""
    whole = ~np.isnan(rep.sample.rows).any(axis=1) & (rep.sample.weights > 0)
    return int(whole.sum()) > len(rep.model.items)


def _tests(
    rep: Replicated, chosen: dict[Structure, ImpliedOptions]
) -> tuple[tuple[ExactFit, ...], str]:
    """Return the tests of exact fit, or none and why."""
    if not is_pls(rep.fit):
        return (), NO_PLS
    if not rep.replication.random:
        return (), NO_DRAWS
    if rep.draws_used < FEWEST:
        return (), FEW_DRAWS
    try:
        return tuple(exact_fit(rep, options) for options in chosen.values()), ""
    except EstimationError as error:
        return (), "; ".join(fault.what for fault in error.faults)


def _explained_verdicts(rep: Replicated, table: pd.DataFrame) -> list[Verdict]:
    """Return the verdicts on R2 and Q2."""
    found = []
    for _, row in table.iterrows():
        if not np.isfinite(row["estimate"]):
            continue
        value, name = float(row["estimate"]), str(row["construct"])
        if row["measure"] == "R2":
            found.append(
                r2_verdict(rep.model, name, value, float(row["lower"]), float(row["upper"]))
            )
        elif row["measure"] == "Q2 redundancy":
            found.append(q2_verdict(rep.model, name, value))
    return found


def _fit_verdicts(
    rep: Replicated, table: pd.DataFrame, tests: tuple[ExactFit, ...]
) -> list[Verdict]:
    """Return the verdicts on the fit of the model as a whole."""
    keys = zip(table["structure"], table["measure"], strict=True)
    value = dict(zip(keys, table["estimate"].to_numpy(float), strict=True))
    found = []
    for name in get_args(Structure):
        for measure, verdict in (("SRMR", srmr_verdict), ("NFI", nfi_verdict)):
            if np.isfinite(value.get((name, measure), np.nan)):
                found.append(verdict(name, value[name, measure]))
    theta = value.get(("estimated", "RMS_theta"), np.nan)
    if np.isfinite(theta):
        several = [len(construct.items) > 1 for construct in rep.model.constructs]
        found.append(theta_verdict(theta, reflective=bool((factors_of(rep.fit) == several).all())))
    found += [exact_verdict(test) for test in tests]
    if len(tests) == 2:
        where = misfit_verdict(*tests)
        found += [where] if where else []
    return found
