"""Parameters of a fit as labelled series, under the names that statsmodels' users know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csi.lazy import lazy_module

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_module("pandas")  # models show themselves too, and need none of it


class WithParameters:
    """A fit whose parameters have errors; the class gives them as one frame.

    Labels are those of lavaan's language: ``Satisfaction ~ Image`` is the path from Image to
    Satisfaction.
    """

    __slots__ = ()

    def _parameters(self, level: float | None) -> pd.DataFrame:
        """Return ``estimate, se, p_value, lower, upper`` by parameter."""
        raise NotImplementedError(f"{type(self).__name__} has no parameters")

    @property
    def params(self) -> pd.Series[float]:
        """Estimates of the free parameters."""
        return self._parameters(None)["estimate"].rename("params")

    @property
    def bse(self) -> pd.Series[float]:
        """Their standard errors."""
        return self._parameters(None)["se"].rename("bse")

    @property
    def pvalues(self) -> pd.Series[float]:
        """Their two-sided p values against zero."""
        return self._parameters(None)["p_value"].rename("pvalues")

    def conf_int(self, *, level: float | None = None) -> pd.DataFrame:
        """Return their confidence limits, ``lower`` and ``upper``.

        Parameters
        ----------
        level : float, optional
            Such as 0.95; that of the fit where None. (It is not the ``alpha`` of statsmodels.)
        """
        return self._parameters(level)[["lower", "upper"]]
