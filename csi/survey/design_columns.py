"""The columns of the sampling design: weights, strata, clusters, population, replicates."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.errors import Fault
from csi.survey.cells import key_of, natural_key
from csi.survey.codebook import Codebook
from csi.survey.coding import shown_rows
from csi.survey.design_cells import numeric, weight_faults
from csi.survey.fractions import read_fractions
from csi.survey.key_columns import Names, key_texts
from csi.survey.raw import RawTable
from csi.survey.supplied import read_replicates
from csi.survey.survey import Design

NO_WEIGHTS = "no weights in "
"""How the note on unweighted periods begins."""


def read_design(
    raw: RawTable, codebook: Codebook, kept: BoolArray, periods: Names
) -> tuple[Design, list[Fault], list[str]]:
    """Return the sampling design of the rows kept.

    Parameters
    ----------
    raw : RawTable
        Has the columns of the design.
    codebook : Codebook
    kept : (n,) rows that belong to the survey
    periods : (n,) their periods, for unweighted ones

    Returns
    -------
    Design
        Of the rows kept.
    list of Fault
    list of str
        Notes: unweighted periods, weights of zero, clusters that lie in several strata,
        sampling fractions, replicate weights.
    """
    faults: list[Fault] = []
    weights, notes = _weights(raw, codebook, kept, periods, faults)
    strata = _numbers(raw, codebook.stratum, "stratum", kept, faults)
    clusters = _numbers(raw, codebook.cluster, "cluster", kept, faults)
    notes += _nested(codebook, strata, clusters)
    if codebook.stratum and codebook.cluster:
        pairs = np.stack([strata, clusters], axis=1)
        clusters = np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)
    units = clusters if codebook.cluster else np.arange(int(kept.sum()))
    fractions = None
    if codebook.fpc is not None:
        fractions, found, said = read_fractions(raw, codebook.fpc, kept, periods, strata, units)
        faults, notes = faults + found, notes + said
    replicates, found, said = read_replicates(raw, codebook, kept, weights[kept])
    faults, notes = faults + found, notes + said
    design = Design(
        weights=weights[kept],
        strata=strata,
        clusters=units,
        weighted=codebook.weight is not None,
        stratified=codebook.stratum is not None,
        clustered=codebook.cluster is not None,
        fractions=fractions,
        replicates=replicates,
    )
    return design, faults, notes


def _weights(
    raw: RawTable, codebook: Codebook, kept: BoolArray, periods: Names, faults: list[Fault]
) -> tuple[Array, list[str]]:
    """Return the weights of all rows; those of unweighted periods are 1."""
    if codebook.weight is None:
        return np.ones(len(raw)), []
    name = codebook.weight
    values = numeric(raw, name)
    unweighted = [key_of(period) for period in codebook.unweighted]
    without = np.isin(periods.astype(str), unweighted)
    weighted = kept & ~without
    found = list(weight_faults(raw, name, values, weighted, "weight"))
    faults += found
    present = without & kept & ~np.isnan(values)
    if present.any():
        faults.append(
            Fault(
                f"{raw.source}, column {name!r}",
                "weights in a period declared unweighted: "
                + shown_rows(raw, raw.column(name), present),
                "take the period out of design.unweighted, or remove its weights",
            )
        )
    if not found:
        faults += _zero_periods(raw, name, values, weighted, periods)
    notes = []
    told = sorted(set(periods[without & kept].tolist()), key=natural_key)
    if told:
        notes.append(f"{NO_WEIGHTS}{', '.join(told)}: each respondent there counts 1")
    absent = sorted(set(unweighted) - set(periods[kept].tolist()), key=natural_key)
    if absent:
        notes.append(f"nobody answered in {', '.join(absent)}, which design.unweighted names")
    zero = int((weighted & (values == 0)).sum())
    if zero:
        notes.append(f"respondents with weight 0: {zero}; they are kept but count for nothing")
    return np.where(without, 1.0, values), notes


def _zero_periods(
    raw: RawTable, name: str, values: Array, weighted: BoolArray, periods: Names
) -> list[Fault]:
    return [
        Fault(
            f"{raw.source}, column {name!r}",
            f"every weight of {period} is zero",
            "give positive weights there, or leave the period out",
        )
        for period in sorted(set(periods[weighted].tolist()), key=natural_key)
        if (values[weighted & (periods == period)] == 0).all()
    ]


def _numbers(
    raw: RawTable, name: str | None, kind: str, kept: BoolArray, faults: list[Fault]
) -> IntArray:
    """Return the strata or clusters of the rows kept as numbers, in natural order."""
    if name is None:
        return np.zeros(int(kept.sum()), dtype=np.int64)
    texts = key_texts(raw.column(name))
    without = (texts == "") & kept
    if without.any():
        faults.append(
            Fault(
                f"{raw.source}, column {name!r}",
                f"the {kind} is missing: {shown_rows(raw, raw.column(name), without)}",
                f"give every respondent one, or take {kind} out of the codebook",
            )
        )
    order = sorted(set(texts[kept].tolist()), key=natural_key)
    place = {text: number for number, text in enumerate(order)}
    return np.array([place[text] for text in texts[kept].tolist()], dtype=np.int64)


def _nested(codebook: Codebook, strata: IntArray, clusters: IntArray) -> list[str]:
    """Say where one cluster code stands for several sampled units."""
    if not (codebook.stratum and codebook.cluster):
        return []
    pairs = np.unique(np.stack([strata, clusters], axis=1), axis=0)
    again = len(pairs) - len(np.unique(clusters))
    if not again:
        return []
    return [
        f"cluster codes are used in more than one stratum; {len(pairs)} sampled units are "
        "counted, one for each cluster of each stratum"
    ]
