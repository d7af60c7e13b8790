"""A survey with the hidden groups as one of its group columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from csi.compare.segments.values import Segmentation
from csi.errors import Fault, OptionError
from csi.survey.codebook import Key
from csi.survey.survey import Survey
from csi.text import Text

LABEL = Text("Hidden group", "隐藏群体")


def with_segments(
    survey: Survey,
    segmentation: Segmentation,
    *,
    segments: int | None = None,
    name: str = "segment",
) -> Survey:
    """Return the survey with the likeliest segment of each respondent as a group of its codebook.

    Parameters
    ----------
    survey : Survey
        The survey that was segmented.
    segmentation : Segmentation
    segments : int, optional
        Number of segments; that of the rule where None.
    name : str
        Of the new key.

    Returns
    -------
    Survey
        With the key, whose values are ``"1"`` (the largest segment), ``"2"`` ...; empty for
        respondents who were left out. Everything that works by group works by it: `yearly`,
        `compare_groups`, `survey_means`. Errors take the segments as given, and are too small.

    Raises
    ------
    OptionError
        Another survey than the one that was segmented, a name that is taken, a number of segments
        without a solution.
    """
    faults = []
    taken = {*survey.keys, *survey.items, *(item.column for item in survey.codebook.items)}
    if name in taken:
        fix = "give another name"
        faults.append(Fault("option name", f"{name!r} is a column of the survey", fix))
    sample = segmentation.scored.sample
    known = not survey.lacking(segmentation.model.items)
    same = known and int(sample.numbers.max()) < len(survey) and np.array_equal(
        survey.columns(segmentation.model.items)[sample.numbers], sample.rows
    )  # fmt: skip
    if not same:
        what = "is not the survey that was segmented"
        faults.append(Fault("survey", what, "give the survey that was given to fimix() or pos()"))
    if faults:
        raise OptionError(faults)
    found = segmentation.solution(segments)
    values = np.full(len(survey), "", dtype=object)
    values[sample.numbers] = [str(k + 1) for k in found.segment]
    labels = {
        str(k + 1): Text(f"Hidden group {k + 1}", f"隐藏群体{k + 1}")
        for k in range(len(found.share))
    }
    key = Key(name=name, column=name, label=LABEL, values=labels)
    codebook = replace(survey.codebook, groups=(*survey.codebook.groups, key))
    return replace(survey, codebook=codebook, keys={**survey.keys, name: values})
