"""Redundancy: what a construct's causes tell of its items, and formative blocks checked by others.

Two things go by that name: the redundancy index of endogenous constructs, communality times R2,
and redundancy analysis, the convergent validity of a formative block.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.blocks import block_slices
from csi.assess.long_table import figures, noted, table
from csi.errors import Fault, OptionError
from csi.estimate.fit import Fit
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated, replicated
from csi.model.model import Model
from csi.model.parts import Construct, Kind, Path
from csi.survey.survey import Survey

EXOGENOUS = "no cause in the model"
GLOBAL = "Global"
"""Name of the construct that a formative block is checked against."""


def item_redundancies(fit: Fit) -> Array:
    """Return squared loading times R2 of the construct, (*batch, p); NaN where it has no causes.

    The share of an item's variance that the causes of its construct account for
    [tenenhaus2005pls].
    """
    of = np.argmax(fit.model.blocks, axis=1)
    return fit.loadings**2 * fit.r2[..., of]


def construct_redundancies(fit: Fit) -> Array:
    """Return the mean redundancy of the items of every construct, (*batch, q)."""
    own = item_redundancies(fit)
    return np.stack([own[..., block].mean(axis=-1) for block in block_slices(fit.model)], axis=-1)


def redundancy_table(rep: Replicated) -> pd.DataFrame:
    """Return redundancies of items and constructs with errors and intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, item, measure, estimate, se, lower, upper, draws, note``; measure is
        ``redundancy``, and ``item`` is empty for the mean of a construct.
    """
    model = rep.model

    def both(fit: Fit) -> Array:
        return np.concatenate([item_redundancies(fit), construct_redundancies(fit)], axis=-1)

    found = figures(rep, both)
    rows = [(c.name, item) for c in model.constructs for item in c.items]
    rows += [(name, "") for name in model.names]
    notes = ["" if model.predecessors(name) else EXOGENOUS for name, _ in rows]
    columns = {
        "construct": [name for name, _ in rows],
        "item": [item for _, item in rows],
        "measure": ["redundancy"] * len(rows),
    }
    return table(columns, found, noted(notes, found, rep, "no solution"))


def redundancy_analysis(
    survey: Survey,
    block: Construct,
    against: str | Sequence[str],
    options: IndexOptions | None = None,
) -> pd.DataFrame:
    """Check a formative block against other questions on the same thing.

    Parameters
    ----------
    survey : Survey
    block : Construct
        The formative construct; taken as formative here whatever its kind.
    against : str or sequence of str
        One global item of the survey, or several taken as a reflective block; none of the block's
        own.
    options : IndexOptions, optional
        As for `csi.index.replicated.replicated`; by PLS, not corrected for attenuation.

    Returns
    -------
    DataFrame
        One row: ``construct, against, measure, estimate, se, lower, upper, draws, note``; the
        measure is ``redundancy_path``, the path of the formative composite on the global one.

    Raises
    ------
    OptionError
        An estimator other than PLS, or items on both sides.

    Notes
    -----
    The model has the two constructs and nothing else, with replicates of its own: the global
    items are no part of the main model. A path of 0.708 or more means that the block shares
    half of its variance with the other questions [chin1998partial], [hair2019use]. Against a
    single item it is the multiple correlation of that item on the block.
    """
    options = options or IndexOptions()
    items = (against,) if isinstance(against, str) else tuple(against)
    _require(block, items, options)
    name = GLOBAL if block.name != GLOBAL else f"{GLOBAL}_"
    kind: Kind = "single" if len(items) == 1 else "reflective"
    model = Model(
        [
            Construct(block.name, block.items, "formative", block.label),
            Construct(name, items, kind),
        ],
        [Path(block.name, name)],
        name,
    )
    (rep,) = replicated(survey, model, options)
    found = figures(rep, lambda fit: fit.paths[..., 0, 1][..., None])
    columns = {
        "construct": [block.name],
        "against": [", ".join(items)],
        "measure": ["redundancy_path"],
    }
    return table(columns, found, noted([""], found, rep, "no solution"))


def _require(block: Construct, items: tuple[str, ...], options: IndexOptions) -> None:
    """Refuse what redundancy analysis is not defined for, all at once."""
    faults = []
    if options.estimator != "pls" or options.pls.consistent:
        what = "redundancy analysis rests on composites as they are"
        faults.append(Fault("option estimator", what, "use pls, not consistent"))
    if not items:
        faults.append(Fault("option against", "names no item", "name a global question"))
    both = [item for item in items if item in block.items]
    if both:
        what = f"{', '.join(both)} is part of the block itself"
        faults.append(Fault("option against", what, "name questions outside the block"))
    if len(block.items) < 2:
        what = f"{block.name} has a single item"
        faults.append(Fault("block", what, "redundancy analysis needs a block of several"))
    if faults:
        raise OptionError(faults)
