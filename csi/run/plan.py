"""What a run of yearly index figures is made from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from os import PathLike, fspath
from typing import Any

from csi.errors import Fault, OptionError
from csi.estimate.pls import PLSOptions
from csi.index.options import IndexOptions
from csi.report.style import FORMATS, Format
from csi.report.words import check_language
from csi.text import Language

NONE = ""
"""As `by` or `group`: no periods, no groups."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Everything that decides on the figures and files of one run.

    Attributes
    ----------
    survey : str or path
        A file, a folder with ``survey.*``, ``codebook.toml`` and ``model.toml``, or the name of
        a packaged survey such as ``mobile``.
    codebook : str, path or None
        A TOML file; ``codebook.toml`` beside the survey where None.
    model : str, path or None
        A name of the catalogue, a TOML file or a file of lavaan-style text; ``model.toml``
        beside the codebook where None.
    by : str or None
        The time key; the codebook's where None, ``""`` for none.
    group : str or None
        A group key; where None the one of a codebook that names exactly one, ``""`` for none.
    options : IndexOptions
        Weights, missing answers, estimator, draws, seed, intervals, level, smallest base.
    language : {"en", "zh"}
        Of tables, charts and page.
    formats : tuple of {"png", "svg"}
        Of the chart files.
    scores : bool
        Whether the score of every respondent is written.
    ranks : bool
        Whether league tables of the groups are made.
    change_split : bool
        Whether changes are split into their parts, and weights of other years are tried.
    both_estimators : bool
        Whether the index is also computed by the other estimator, to show how far it moves.
    comparability : bool
        Whether it is tested that years, and groups, may be compared.
    assess : bool
        Whether the model is judged on the last period, see `csi.run.assess.assess_model`.
    aggregate : str, path or None
        A table of the nodes above the groups with their weights; none where None.
    sheet, encoding, delimiter : str or None
        How to read the survey file, see `read_survey`.

    Raises
    ------
    OptionError
        For an unknown language or format.
    """

    survey: str | PathLike[str]
    codebook: str | PathLike[str] | None = None
    model: str | PathLike[str] | None = None
    by: str | None = None
    group: str | None = None
    options: IndexOptions = field(default_factory=IndexOptions)
    language: Language = "en"
    formats: tuple[Format, ...] = FORMATS
    scores: bool = False
    ranks: bool = False
    change_split: bool = False
    both_estimators: bool = False
    comparability: bool = False
    assess: bool = False
    aggregate: str | PathLike[str] | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None

    def __post_init__(self) -> None:
        """Keep paths as text and refuse what the report cannot write."""
        for name in ("survey", "codebook", "model", "aggregate"):
            given = getattr(self, name)
            object.__setattr__(self, name, None if given is None else fspath(given))
        faults: list[Fault] = []
        try:
            check_language(self.language)
        except OptionError as error:
            faults += error.faults
        faults += [
            Fault("option format", f"{form!r} is not possible", f"use {' or '.join(FORMATS)}")
            for form in self.formats
            if form not in FORMATS
        ]
        if faults:
            raise OptionError(faults)


def index_options(**given: Any) -> IndexOptions:
    """Return options of index and estimator from one flat set of names.

    Parameters
    ----------
    **given
        Fields of `IndexOptions` and `PLSOptions`; what is None takes its default.

    Raises
    ------
    OptionError
        All impossible values of both at once.

    Examples
    --------
    >>> index_options(metric="raw", draws=500, seed=None).pls.metric
    'raw'
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    estimator = {field.name for field in fields(PLSOptions)}
    own = {name: value for name, value in chosen.items() if name not in estimator}
    faults: list[Fault] = []
    pls, options = PLSOptions(), IndexOptions()
    try:
        pls = PLSOptions(**{name: chosen[name] for name in chosen if name in estimator})
    except OptionError as error:
        faults += error.faults
    try:
        options = IndexOptions(**own, pls=pls)
    except OptionError as error:
        faults += error.faults
    if faults:
        raise OptionError(faults)
    return options
