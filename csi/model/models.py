"""The published models by name: ``models.ecsi_mobile()`` or ``models.load("ecsi_mobile")``.

What each of them is, where it is published and what could be verified: `entry`.
"""

from __future__ import annotations

from csi.model.catalogue import CatalogueModel, entry, load, names
from csi.model.model import Model
from csi.model.questionnaire import questionnaire
from csi.model.show import show

__all__ = [
    "CatalogueModel",
    "acsi",
    "acsi_split",
    "ccsi",
    "ecsi",
    "ecsi_mobile",
    "entry",
    "epsi",
    "hkcsi",
    "jcsi",
    "load",
    "names",
    "ncsb",
    "questionnaire",
    "scsb",
    "show",
    "swics",
]


def acsi() -> Model:
    """Return the American Customer Satisfaction Index [fornell1996american]."""
    return load("acsi")


def acsi_split() -> Model:
    """Return the American index with product and service quality apart [fornell1996american]."""
    return load("acsi_split")


def ccsi() -> Model:
    """Return the Chinese Customer Satisfaction Index, all twelve candidate paths [gbt19038]."""
    return load("ccsi")


def ecsi() -> Model:
    """Return the European Customer Satisfaction Index [eklof2000european]."""
    return load("ecsi")


def ecsi_mobile() -> Model:
    """Return the European model for mobile phone operators [tenenhaus2005pls]."""
    return load("ecsi_mobile")


def epsi() -> Model:
    """Return the EPSI Rating model of the Nordic countries [epsi_approach]."""
    return load("epsi")


def hkcsi() -> Model:
    """Return the Hong Kong Consumer Satisfaction Index [chan2003hong]."""
    return load("hkcsi")


def jcsi() -> Model:
    """Return the Japanese Customer Satisfaction Index [jcsi_causal_model]."""
    return load("jcsi")


def ncsb() -> Model:
    """Return the Norwegian Customer Satisfaction Barometer of 2001 [johnson2001evolution]."""
    return load("ncsb")


def scsb() -> Model:
    """Return the Swedish Customer Satisfaction Barometer [fornell1992national]."""
    return load("scsb")


def swics() -> Model:
    """Return the Swiss Index of Customer Satisfaction [bruhn2000development]."""
    return load("swics")
