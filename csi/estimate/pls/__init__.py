"""Partial least squares path modelling on moments, for any batch of samples."""

from csi.estimate.pls.fit import fit_pls
from csi.estimate.pls.options import PLSOptions

__all__ = ["PLSOptions", "fit_pls"]
