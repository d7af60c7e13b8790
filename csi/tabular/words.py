"""Words of summaries in Chinese: labels, titles and heads of columns; English is the key itself."""

from __future__ import annotations

from csi.text import Language

ZH: dict[str, str] = {}


def said(key: str, language: Language) -> str:
    """Return a phrase in a language; one that is not known stays as it is.

    Examples
    --------
    >>> said("Respondents", "zh"), said("Respondents", "en"), said("RMSEA", "zh")
    ('受访者数', 'Respondents', 'RMSEA')
    """
    return ZH.get(key, key) if language == "zh" else key
