"""Covariance-based estimation of structural equation models."""

import csi.estimate.covariance.sem as sem

__all__ = ["sem"]
