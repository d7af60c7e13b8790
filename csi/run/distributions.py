"""How answers and scores are distributed, beside the figures of a run."""

from __future__ import annotations

from dataclasses import replace

from csi.errors import OptionError
from csi.index.answers import answers_of, parts_of, points_of
from csi.index.score_shares import division_of, measured_survey, score_shares, score_summary
from csi.index.values import YearlyIndex
from csi.survey.survey import Survey


def with_distributions(found: YearlyIndex, survey: Survey) -> YearlyIndex:
    """Return the figures with the distributions of answers and scores as further tables.

    Parameters
    ----------
    found : YearlyIndex
    survey : Survey
        The survey the figures were made from.

    Returns
    -------
    YearlyIndex
        ``tables`` has ``answers`` and ``answer_parts`` (see `csi.index.answers`) of the items of
        the model, ``score_shares`` and ``score_summary`` (see `csi.index.score_shares`), with the
        years, groups, level, design and smallest base of the figures. Items with more than 101
        points are in none of the first two, and a note says so.

    Raises
    ------
    IndexFigureError
        Where the survey is not that of the figures.
    """
    measured = measured_survey(survey, found)
    items, fine = [], []
    for item in dict.fromkeys(found.model.columns):
        try:
            points_of(measured, item)
        except OptionError:
            fine.append(item)
        else:
            items.append(item)
    tables = {
        "score_shares": score_shares(survey, found),
        "score_summary": score_summary(survey, found),
    }
    if items:
        division = division_of(found)
        tables["answers"] = answers_of(measured, tuple(items), division)
        tables["answer_parts"] = parts_of(measured, tuple(items), division)
    if fine:
        note = f"Answers to {', '.join(fine)} are not tabulated: too many points of the scale."
        found = replace(found, notes=(*found.notes, note))
    return found.with_tables(**tables)
