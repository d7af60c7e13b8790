"""Is the measurement any good? All measures of it, with intervals and plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from csi.assess.collinearity import collinearity_table
from csi.assess.dimensions import dimensions_table
from csi.assess.discriminant import discriminant_table
from csi.assess.formative import formative_table
from csi.assess.loadings import cross_loadings_table, loadings_table
from csi.assess.measurement_limits import HTMT_DISTINCT, HTMT_SIMILAR
from csi.assess.redundancy import redundancy_table
from csi.assess.reliability import reliability_table
from csi.assess.verdicts_discriminant import fornell_larcker_verdicts, htmt_verdicts
from csi.assess.verdicts_formative import collinearity_verdicts, formative_verdicts
from csi.assess.verdicts_items import (
    cross_loading_verdicts,
    dimension_verdicts,
    loading_verdicts,
)
from csi.assess.verdicts_reliability import reliability_verdicts
from csi.errors import Fault, OptionError
from csi.index.replicated import Replicated
from csi.tabular import Summarised, Summary, Told, counted, summarised, tabled
from csi.text import Language
from csi.verdict import Verdict


@dataclass(frozen=True, slots=True, repr=False)
class Measurement(Summarised):
    """How well the items measure the constructs.

    Attributes
    ----------
    label : tuple of str
        The group, empty for the whole survey.
    estimator : str
        The method of the fit, in words.
    reliability, loadings, cross_loadings, discriminant, collinearity, formative, redundancy, \
dimensions : DataFrame
        See the function of that name with ``_table``. All have the columns ``measure, estimate, se,
        lower, upper, draws, note`` after those that say what a row is about.
    verdicts : tuple of Verdict
        In the order of the tables; what is well is said once, what is not item by item.
    """

    label: tuple[str, ...]
    estimator: str
    reliability: pd.DataFrame
    loadings: pd.DataFrame
    cross_loadings: pd.DataFrame
    discriminant: pd.DataFrame
    collinearity: pd.DataFrame
    formative: pd.DataFrame
    redundancy: pd.DataFrame
    dimensions: pd.DataFrame
    verdicts: tuple[Verdict, ...]

    def __repr__(self) -> str:
        """Say in one line how the verdicts came out."""
        of = f" of {', '.join(self.label)}" if self.label else ""
        return f"Measurement{of} ({self.estimator}): {counted(self.verdicts)}"

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Group": ", ".join(self.label) or None,
            "Estimator": self.estimator,
            "Verdicts": len(self.verdicts),
        }
        columns = ["construct", "measure", "estimate", "se", "lower", "upper", "note"]
        items = ["construct", "item", "measure", "estimate", "se", "lower", "upper", "note"]
        tables = (
            tabled("Reliability", self.reliability, language, columns),
            tabled("Loadings and weights", self.loadings, language, items),
            tabled("Discriminant validity", self.discriminant, language),
        )
        return summarised("Measurement", language, facts, tables, verdicts=self.verdicts)


def measurement(rep: Replicated, *, htmt_threshold: float = HTMT_SIMILAR) -> Measurement:
    """Assess the measurement of a fit.

    Parameters
    ----------
    rep : Replicated
        Of any estimator; its replicates give all errors and intervals.
    htmt_threshold : float
        Largest HTMT of constructs that differ: 0.90 for constructs that are alike in content, as
        those of a satisfaction model, 0.85 for others [henseler2015new].

    Returns
    -------
    Measurement

    Raises
    ------
    OptionError
        A threshold outside 0 to 1.
    """
    if not 0 < htmt_threshold <= 1:
        what = f"{htmt_threshold!r} is not between 0 and 1"
        fix = f"try {HTMT_SIMILAR:.2f} or {HTMT_DISTINCT:.2f}"
        raise OptionError(Fault("option htmt_threshold", what, fix))
    model = rep.model
    reliability, loadings = reliability_table(rep), loadings_table(rep)
    crossed, apart = cross_loadings_table(rep), discriminant_table(rep)
    collinear, formative = collinearity_table(rep), formative_table(rep)
    dimensions = dimensions_table(rep)
    verdicts = (
        *reliability_verdicts(reliability, model),
        *loading_verdicts(loadings, reliability, model),
        *cross_loading_verdicts(crossed, model),
        *htmt_verdicts(apart, model, threshold=htmt_threshold),
        *fornell_larcker_verdicts(apart, model),
        *collinearity_verdicts(collinear, model),
        *formative_verdicts(formative, model, level=rep.options.level),
        *dimension_verdicts(dimensions, model),
    )
    return Measurement(
        label=rep.label,
        estimator=rep.fit.estimator,
        reliability=reliability,
        loadings=loadings,
        cross_loadings=crossed,
        discriminant=apart,
        collinearity=collinear,
        formative=formative,
        redundancy=redundancy_table(rep),
        dimensions=dimensions,
        verdicts=verdicts,
    )
