"""The plan of a command that fits once: `csi fit` and `csi assess`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from csi.cli import parts
from csi.text import Language


def plan_of_one_fit(
    survey: str, method: Sequence[str], language: Language, given: Mapping[str, Any]
) -> parts.run.RunPlan:
    """Return the plan that the arguments of a command say.

    Parameters
    ----------
    survey : str
    method : sequence of str
        Options of the estimator and the replicates that the command has.
    language : Language
    given : mapping
        The arguments by name.
    """
    return parts.run.RunPlan(
        survey,
        codebook=given["codebook"],
        model=given["model"],
        options=parts.run.index_options(
            consistent=given["consistent"], **{name: given[name] for name in method}
        ),
        language=language,
        sheet=given["sheet"],
        encoding=given["encoding"],
        delimiter=given["delimiter"],
    )
