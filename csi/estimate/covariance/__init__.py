"""Covariance-based estimation of structural equation models."""
