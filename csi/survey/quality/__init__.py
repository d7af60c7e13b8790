"""Quality of answers: signs of carelessness by respondent, missing and extreme answers by item."""

from csi.survey.quality.options import COUNTED, FLAGS, SIGNS, AnswerQualityOptions, Flag, Sign
from csi.survey.quality.result import AnswerQuality
from csi.survey.quality.screen import answer_quality
from csi.survey.quality.verdicts import answer_verdicts

__all__ = [
    "COUNTED",
    "FLAGS",
    "SIGNS",
    "AnswerQuality",
    "AnswerQualityOptions",
    "Flag",
    "Sign",
    "answer_quality",
    "answer_verdicts",
]
