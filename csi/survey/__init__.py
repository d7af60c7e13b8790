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
from csi.survey.bootstrap_weights import raked_replicates, with_bootstrap_weights
from csi.survey.cells import natural_key
from csi.survey.codebook import Codebook, Duration, Item, Key, Meaning, Routing
from csi.survey.codebook_checks import MEANINGS
from csi.survey.codebook_file import (
    codebook_from_text,
    codebook_to_text,
    read_codebook,
    write_codebook,
)
from csi.survey.draft import Draft, draft_codebook, draft_with_remarks
from csi.survey.quality import (
    AnswerQuality,
    AnswerQualityOptions,
    answer_quality,
    answer_verdicts,
)
from csi.survey.read import check_survey, read_survey
from csi.survey.replicate_form import ReplicateForm
from csi.survey.study import Study, Wave
from csi.survey.survey import Design, ReplicateWeights, Survey
from csi.survey.targets import read_targets
from csi.survey.weighting import rake
from csi.survey.weighting_diagnostics import Raking
from csi.text import Text

__all__ = [
    "MEANINGS",
    "READY",
    "AnswerQuality",
    "AnswerQualityOptions",
    "Codebook",
    "Design",
    "Draft",
    "Duration",
    "Item",
    "Key",
    "Meaning",
    "Raking",
    "ReplicateForm",
    "ReplicateWeights",
    "Routing",
    "Study",
    "Survey",
    "Text",
    "Wave",
    "answer_quality",
    "answer_verdicts",
    "check_survey",
    "codebook_from_text",
    "codebook_to_text",
    "draft_codebook",
    "draft_with_remarks",
    "natural_key",
    "rake",
    "raked_replicates",
    "read_codebook",
    "read_survey",
    "read_targets",
    "ready_map_for",
    "with_bootstrap_weights",
    "write_codebook",
]
