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
from csi.tabular import Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language, Text

Metric = Literal["standardised", "raw"]
"""standardised: items have variance one; raw: items are centred and keep their points."""


NO_ERRORS = Text(
    "A fit has no standard errors: replicated(survey, model) gives them, csi.sem.fit those of "
    "covariance models.",
    "单次拟合不含标准误：由replicated(survey, model)给出；协方差模型用csi.sem.fit。",
)


@dataclass(frozen=True, slots=True, repr=False)
class Fit(Summarised):
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

    def _summary(self, language: Language) -> Summary:
        batch, n = self.moments.batch, self.moments.n
        settled = int(np.sum(self.converged))
        single = not batch
        facts: Told = {
            "Model": self.model.name,
            "Estimator": self.estimator,
            "Index construct": self.model.label(self.model.index).within(language),
            "Constructs": len(self.model.names),
            "Items": len(self.model.items),
            "Members": None if single else int(self.converged.size),
            "Respondents": int(n.min()) if n.min() == n.max() else f"{n.min()} - {n.max()}",
            "Effective respondents": float(self.moments.n_effective) if single else None,
            "Missing answers": said(self.moments.missing, language),
            "Metric": said(self.metric, language),
            "Converged": bool(self.converged) if single else f"{settled} / {self.converged.size}",
            "Steps": int(self.steps) if single else None,
            "Admissible": (
                bool(self.admissible)
                if single
                else f"{int(np.sum(self.admissible))} / {self.admissible.size}"
            ),
        }
        tables = (
            tabled("Paths", self.paths_table(), language),
            tabled("Constructs", self.constructs_table(), language),
            tabled("Weights and loadings", self.weights_table(), language),
        )
        notes = [NO_ERRORS.within(language)]
        notes += [f"{said('Not fitted', language)}: {words}" for words in self._unfitted()]
        return summarised("Fit of a model", language, facts, tables, notes=notes)

    def _unfitted(self) -> list[str]:
        """Name the members that cannot be fitted, with the reason."""
        labels = self.moments.labels or ((),) * len(self.moments.problems)
        pairs = zip(labels, self.moments.problems, strict=True)
        return [f"{', '.join(label)}: {problem}" for label, problem in pairs if problem]
