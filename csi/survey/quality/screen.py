"""The road: from a survey to the quality of its answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from csi.survey.quality.indices import compared, flags_of, indices_of, signs_of
from csi.survey.quality.options import AnswerQualityOptions
from csi.survey.quality.questionnaire import Groups, check_names, questionnaire_of
from csi.survey.quality.result import AnswerQuality
from csi.survey.quality.tables import (
    items_table,
    respondents_table,
    styles_table,
    summary_table,
)
from csi.survey.survey import Survey


def answer_quality(
    survey: Survey,
    options: AnswerQualityOptions | None = None,
    *,
    items: Sequence[str] | None = None,
    by: str | Sequence[str] = (),
    batteries: Groups | None = None,
    constructs: Groups | None = None,
) -> AnswerQuality:
    """Look for respondents who did not read the questions, and questions that tell little.

    Nobody is left out: the result tells whom one may leave out, and `without_flagged` of
    `csi.compare` what that would change.

    Parameters
    ----------
    survey : Survey
    options : AnswerQualityOptions, optional
        Cut-offs with their sources, flags that count, the center of distances.
    items : sequence of str, optional
        The questions to go by, in the order they were asked; all of the codebook in its order
        where None.
    by : str or sequence of str
        Keys of the codebook to sort the tables by.
    batteries : mapping of str to sequence of str, optional
        Questions put together, on one page and one scale. Where None: neighbours in the
        questionnaire whose scales have the same ends and the same words at them.
    constructs : mapping of str to sequence of str, optional
        Items by construct, for even-odd consistency:
        ``{c.name: c.items for c in model.constructs}``.

    Returns
    -------
    AnswerQuality

    Raises
    ------
    OptionError
        For items and keys that the survey does not have, batteries with different scales.

    Notes
    -----
    Straight lines, long strings, little variability and agreement are judged on the answers as
    they were ticked: items marked ``reversed`` are turned back. Distance, much variability and
    even-odd consistency go by the content, with reversed items turned round.

    Missing answers. *Straight lines*: a battery is judged on the answers there are. *Long strings*:
    a question that was not put is passed over, any other gap ends the string. *IRV*, *even-odd*,
    *styles*: over the answers there are. *Mahalanobis distance*: on the items answered, with their
    part of the covariances, against a chi-square of as many degrees of freedom; means and
    covariances by maximum likelihood (EM). *Nonresponse*: gaps of questions that were put,
    ``not_applicable`` not among them.

    Sampling weights enter the medians, means, covariances and all shares. Indices of one
    respondent have no use for them.

    A respondent is flagged for two signs of carelessness, see `SIGNS`. Straight lines, long strings
    and little variability are one sign: a satisfied customer can tick 10 throughout and mean it.
    Only with a second sign, such as the upper end of a reversed item too, or half the time of the
    others, is it more than that.
    """
    options = options or AnswerQualityOptions()
    keys = (by,) if isinstance(by, str) else tuple(by)
    named = {"battery": batteries, "construct": constructs}
    check_names(survey, items, keys, compared(survey, options), named)
    asked = questionnaire_of(survey, items, batteries)
    found = indices_of(survey, asked, constructs, options)
    flags = flags_of(found, options)
    signs = signs_of(flags, options)
    flagged = np.asarray(signs >= options.least_signs)

    def tables(keys: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        return {
            "summary": summary_table(survey, keys, found, flags, flagged, options),
            "items": items_table(survey, keys, asked, options),
            "styles": styles_table(survey, keys, found),
        }

    whole = tables(())
    return AnswerQuality(
        respondents=respondents_table(survey, keys, found, flags, signs, flagged),
        **(tables(keys) if keys else whole),
        overall=whole,
        by=keys,
        options=options,
        batteries=asked.batteries,
        constructs={name: tuple(own) for name, own in (constructs or {}).items()},
        labels={item.name: item.label for item in asked.items},
        notes=found.notes,
        flagged=flagged,
    )
