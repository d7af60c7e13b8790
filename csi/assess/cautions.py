"""What wrecks satisfaction models: seen before figures are believed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from csi.assess.admissibility import admissibility_table, admissibility_verdicts
from csi.assess.loadings import loadings_table
from csi.assess.near_collinear import near_collinear_table, near_collinear_verdicts
from csi.assess.negative_weights import negative_weight_verdicts
from csi.assess.path_signs import path_sign_verdicts, path_signs_table
from csi.assess.scale_ends import scale_end_verdicts, scale_ends_table
from csi.index.replicated import Replicated
from csi.survey.codebook import Codebook
from csi.tabular import Summarised, Summary, Told, counted, summarised
from csi.text import Language
from csi.verdict import Verdict


@dataclass(frozen=True, slots=True, repr=False)
class Cautions(Summarised):
    """What a reader must know before believing a fit.

    Attributes
    ----------
    label : tuple of str
        The group, empty for the whole survey.
    admissibility, near_collinear, path_signs, weights, scale_ends : DataFrame
        See `admissibility_table`, `near_collinear_table`, `path_signs_table`, the weights of
        `loadings_table`, and `scale_ends_table`.
    verdicts : tuple of Verdict
        In that order.
    """

    label: tuple[str, ...]
    admissibility: pd.DataFrame
    near_collinear: pd.DataFrame
    path_signs: pd.DataFrame
    weights: pd.DataFrame
    scale_ends: pd.DataFrame
    verdicts: tuple[Verdict, ...]

    def __repr__(self) -> str:
        """Say in one line how the verdicts came out."""
        of = f" of {', '.join(self.label)}" if self.label else ""
        return f"Cautions{of}: {counted(self.verdicts)}"

    def _summary(self, language: Language) -> Summary:
        facts: Told = {"Group": ", ".join(self.label) or None, "Verdicts": len(self.verdicts)}
        return summarised("Cautions", language, facts, verdicts=self.verdicts)


def cautions(rep: Replicated, codebook: Codebook) -> Cautions:
    """Look for what wrecks satisfaction models.

    Parameters
    ----------
    rep : Replicated
        Of any estimator.
    codebook : Codebook
        Gives the ends of the answer scales.

    Returns
    -------
    Cautions
        Inadmissible figures, constructs that are the same thing, paths against the theory and
        beyond one, negative weights, ceilings and floors.

    Raises
    ------
    OptionError
        Items that the codebook does not have.
    """
    model = rep.model
    impossible, near = admissibility_table(rep), near_collinear_table(rep)
    signs, loadings = path_signs_table(rep), loadings_table(rep)
    ends = scale_ends_table(rep, codebook)
    weights = loadings[loadings["measure"] == "weight"].reset_index(drop=True)
    verdicts = (
        *admissibility_verdicts(rep, impossible),
        *near_collinear_verdicts(near, model),
        *path_sign_verdicts(signs, model),
        *negative_weight_verdicts(loadings, model),
        *scale_end_verdicts(ends, model, codebook),
    )
    return Cautions(rep.label, impossible, near, signs, weights, ends, verdicts)
