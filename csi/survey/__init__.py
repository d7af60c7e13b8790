"""Surveys: a codebook, a file of any common kind, and a checked, frozen value.

>>> from csi.survey import codebook_from_text
>>> book = codebook_from_text('''
... title = "Mobile phones"
... defaults = { low = 1, high = 10, missing = { dont_know = ["98"], refused = ["99"] } }
... items = [{ name = "CUSA1" }, { name = "CUSA2" }]
... ''')
>>> [item.name for item in book.items]
['CUSA1', 'CUSA2']
"""

from csi.survey.answers import READY, ready_map_for
from csi.survey.cells import natural_key
from csi.survey.codebook import Codebook, Item, Key, Meaning, Routing
from csi.survey.codebook_checks import MEANINGS
from csi.survey.codebook_file import (
    codebook_from_text,
    codebook_to_text,
    read_codebook,
    write_codebook,
)
from csi.survey.draft import Draft, draft_codebook, draft_with_remarks
from csi.survey.read import check_survey, read_survey
from csi.survey.survey import Design, Survey
from csi.text import Text

__all__ = [
    "MEANINGS",
    "READY",
    "Codebook",
    "Design",
    "Draft",
    "Item",
    "Key",
    "Meaning",
    "Routing",
    "Survey",
    "Text",
    "check_survey",
    "codebook_from_text",
    "codebook_to_text",
    "draft_codebook",
    "draft_with_remarks",
    "natural_key",
    "read_codebook",
    "read_survey",
    "ready_map_for",
    "write_codebook",
]
