"""What a run of yearly index figures is made from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from os import PathLike, fspath
from typing import Any, Literal, get_args

from csi.compare.aggregation import AggregateOptions, Rounding
from csi.errors import Fault, OptionError
from csi.estimate.pls import PLSOptions
from csi.index.options import IndexOptions
from csi.report.style import FORMATS, Format
from csi.report.words import check_language
from csi.text import Language

NONE = ""
"""As `by` or `group`: no periods, no groups."""

Office = Literal["xlsx", "pptx"]
"""A workbook with every table; slides with charts that can be edited."""

OFFICE: tuple[Office, ...] = get_args(Office)


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
    office : tuple of {"xlsx", "pptx"}
        Files for Excel and PowerPoint beside the page.
    report : bool
        Whether this is the full report: with ranks, parts of changes, comparability, assessment
        and answers as far as the survey allows; what it does not allow is told in the notes.
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
    aggregation : AggregateOptions
        How nodes are made where members have no figure, or one of an earlier period.
    printed : str
        Decimals of the nodes as printed, companies first, such as ``0,0,1``; empty for none.
    sheet, encoding, delimiter : str or None
        How to read the survey file, see `read_survey`.

    Raises
    ------
    OptionError
        For an unknown language or format, decimals that are none, or options of nodes without a
        table of them.
    """

    survey: str | PathLike[str]
    codebook: str | PathLike[str] | None = None
    model: str | PathLike[str] | None = None
    by: str | None = None
    group: str | None = None
    options: IndexOptions = field(default_factory=IndexOptions)
    language: Language = "en"
    formats: tuple[Format, ...] = FORMATS
    office: tuple[Office, ...] = ()
    report: bool = False
    scores: bool = False
    ranks: bool = False
    change_split: bool = False
    both_estimators: bool = False
    comparability: bool = False
    assess: bool = False
    aggregate: str | PathLike[str] | None = None
    aggregation: AggregateOptions = field(default_factory=AggregateOptions)
    printed: str = ""
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
            Fault("option format", f"{form!r} is not possible", f"use {' or '.join(known)}")
            for given, known in ((self.formats, FORMATS), (self.office, OFFICE))
            for form in given
            if form not in known
        ]
        try:
            rounding_of(self.printed)
        except OptionError as error:
            faults += error.faults
        if self.aggregate is None and (self.printed or self.aggregation != AggregateOptions()):
            what, fix = "there is no table of nodes they are for", "name one with --aggregate FILE"
            faults.append(Fault("options of nodes", what, fix))
        if faults:
            raise OptionError(faults)


def rounding_of(text: str) -> Rounding | None:
    """Return how nodes are printed from the decimals of each level; None for none.

    Raises
    ------
    OptionError
        For anything but whole numbers from 0 to 6.

    Examples
    --------
    >>> rounding_of("0,0,1").decimals
    (0, 0, 1)
    """
    if not text:
        return None
    try:
        decimals = tuple(int(part) for part in text.split(","))
    except ValueError:
        what, fix = f"{text!r} is not a list of decimals", "write one a level, such as 0,0,1"
        raise OptionError(Fault("option printed", what, fix)) from None
    return Rounding(decimals=decimals)


def aggregate_options(
    *, partial: bool = False, matched: bool = False, **given: int | None
) -> AggregateOptions:
    """Return options of nodes; what is None takes its default.

    Parameters
    ----------
    partial : bool
        Whether a node whose members lack figures is the mean of the others.
    matched : bool
        Whether changes are of the companies with a figure in both periods.
    **given
        ``rolling`` and ``lag`` of `AggregateOptions`.

    Examples
    --------
    >>> aggregate_options(partial=True, rolling=4).missing
    'renormalise'
    """
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if partial:
        chosen["missing"] = "renormalise"
    return AggregateOptions(matched=matched, **chosen)


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
