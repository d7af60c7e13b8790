"""What every estimator returns: one contract for PLS and for covariance fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, IntArray
from csi.model.model import Model
from csi.moments.values import Moments

Metric = Literal["standardised", "raw"]
"""standardised: items have variance one; raw: items are centred and keep their points."""


@dataclass(frozen=True, slots=True, repr=False)
class Fit:
    """Estimates of one model for a batch of samples (p items, q constructs).

    Attributes
    ----------
    model : Model
    moments : Moments
    estimator : str
        The method in words, with its options.
    metric : Metric
        What `weights` multiply: standardised or raw (centred) items.
    weights : (*batch, p) item weights that give every composite variance one; an item that a
        construct of constructs uses again has a place, a weight and a loading of its own there
    loadings : (*batch, p) correlation of each item with its construct (``metric="standardised"``
        and ``"raw"`` alike), corrected for attenuation under PLSc
    paths : (*batch, q, q) path coefficients of standardised constructs, [source, target]
    construct_corr : (*batch, q, q) correlations of the constructs
    r2, r2_adjusted : (*batch, q) explained share of variance; NaN for exogenous constructs, and
        without the parts of a whole made of them
    reliability : (*batch, q) rho_A for reflective constructs of several items (NaN for raw items,
        whose weights it does not apply to), 1 for the others; of a reflective whole from the
        scores of its parts (NaN with repeated indicators)
    converged : (*batch) whether the iteration settled
    steps : (*batch) iterations used; 0 where there is no solution
    change : (*batch) largest change of a weight in the last step
    admissible : (*batch) no negative item weight, no R2 above one, and (PLSc) no loading or rho_A
        above one and positive definite construct correlations; False also where the sample was
        degenerate
    """

    model: Model
    moments: Moments
    estimator: str
    metric: Metric
    weights: Array
    loadings: Array
    paths: Array
    construct_corr: Array
    r2: Array
    r2_adjusted: Array
    reliability: Array
    converged: BoolArray
    steps: IntArray
    change: Array
    admissible: BoolArray

    def paths_table(self) -> pd.DataFrame:
        """Return one row a path: the keys of the group, ``from, to, estimate, expected_sign``."""
        at = [(self.model.names.index(p.source), self.model.names.index(p.target))
              for p in self.model.paths]  # fmt: skip
        columns: dict[str, list[str]] = {
            "from": [path.source for path in self.model.paths],
            "to": [path.target for path in self.model.paths],
            "expected_sign": [path.sign for path in self.model.paths],
        }
        values = np.stack([self.paths[..., i, j] for i, j in at], axis=-1)
        table = self._long(columns, {"estimate": values})
        return table[[*self.moments.by, "from", "to", "estimate", "expected_sign"]]

    def weights_table(self) -> pd.DataFrame:
        """Return one row an item: the keys of the group, ``construct, item, weight, loading``."""
        columns: dict[str, list[str]] = {
            "construct": [c.name for c in self.model.constructs for _ in c.items],
            "item": list(self.model.items),
        }
        return self._long(columns, {"weight": self.weights, "loading": self.loadings})

    def constructs_table(self) -> pd.DataFrame:
        """Return one row a construct: the keys, ``construct, r2, r2_adjusted, reliability``."""
        values = {"r2": self.r2, "r2_adjusted": self.r2_adjusted, "reliability": self.reliability}
        return self._long({"construct": list(self.model.names)}, values)

    def _long(
        self, columns: Mapping[str, Sequence[object]], values: Mapping[str, Array]
    ) -> pd.DataFrame:
        """Return labelled rows, members of the batch one after the other."""
        batch = self.moments.batch
        rows = len(next(iter(columns.values())))
        members = int(np.prod(batch))
        keys: dict[str, object] = {}
        if batch:
            last = self.moments.labels or tuple((str(k),) for k in range(batch[-1]))
            labels = last * (members // batch[-1])
            for k, name in enumerate(self.moments.by or ("member",)):
                keys[name] = np.repeat([label[k] for label in labels], rows)
        body = {name: list(entries) * members for name, entries in columns.items()}
        return pd.DataFrame(keys | body | {name: v.reshape(-1) for name, v in values.items()})

    def __repr__(self) -> str:
        """Say in one line what was fitted and how it ended."""
        batch = self.moments.batch
        settled = f"{int(np.sum(self.converged))} of {self.converged.size} settled"
        what = f"{settled}, batch {batch}" if batch else (
            f"settled after {int(self.steps)} steps" if self.converged else "NOT settled"
        )  # fmt: skip
        return (
            f"Fit of {self.model.name}: {self.estimator}; {len(self.model.names)} constructs, "
            f"{len(self.model.items)} items; {what}"
        )

    def _repr_html_(self) -> str:
        """Return the path coefficients as a table, for notebooks."""
        frame = self.paths_table()
        shown: str = frame.head(60).to_html(index=False, float_format=lambda v: f"{v:.3f}")
        return f"<p>{self!r}</p>{shown}"
