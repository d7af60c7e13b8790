"""Values that show themselves: one line, text, HTML, and a summary they are views of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, get_args

from csi.errors import Fault, OptionError
from csi.lazy import lazy_module
from csi.tabular.summary import Fact, Listing, Summary
from csi.tabular.table import Cell, Decimals, Table
from csi.tabular.words import head, said
from csi.text import Language
from csi.verdict import Grade, Verdict

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_module("pandas")  # models show themselves too, and need none of it

WORST_FIRST: tuple[Grade, ...] = ("poor", "doubtful", "told", "good")

Told = Mapping[str, Cell | tuple[Cell, Decimals]]
"""Values by label; a pair says the decimals too."""


WHOLE: dict[str, Decimals] = dict.fromkeys(("df", "df1", "df2", "difference_df", "freedom"), "g")
"""Degrees of freedom, whole as a rule."""


class Shown:
    """A value whose text and HTML are views of a summary; the class says which.

    `__repr__` stays one line. ``print(value)`` and notebooks show the summary.
    """

    __slots__ = ()

    def _summary(self, language: Language) -> Summary:
        """Return what text and HTML are views of."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it shows")

    def __str__(self) -> str:
        """Return the summary as text."""
        return str(self._summary("en"))

    def _repr_html_(self) -> str:
        """Return the summary as HTML, for notebooks."""
        return self._summary("en")._repr_html_()


Own = TypeVar("Own", bound="Summarised")


class Summarised(Shown):
    """A value with a summary."""

    __slots__ = ()

    def summary(self, language: Language = "en") -> Summary:
        """Return the header, the tables wanted first and the notes, as a value.

        Parameters
        ----------
        language : {"en", "zh"}

        Returns
        -------
        Summary
            ``print(...)`` gives text, notebooks show HTML; ``to_latex()``, ``to_markdown()``,
            ``to_frame()`` give the rest.

        Raises
        ------
        OptionError
            Another language.
        """
        return self._summary(checked(language))


def checked(language: Language) -> Language:
    """Return the language; an OptionError with the possible ones where it is none of them."""
    known = get_args(Language)
    if language not in known:
        fix = f"use one of {', '.join(known)}"
        raise OptionError(Fault("option language", f"{language!r} is not possible", fix))
    return language


def summarised(
    title: str,
    language: Language,
    facts: Told,
    tables: Iterable[Table | None] = (),
    *,
    verdicts: Sequence[Verdict] = (),
    notes: Sequence[str] = (),
) -> Summary:
    """Return a summary made of labels and values in the words of `csi.tabular.words`.

    Parameters
    ----------
    title : str
        An English phrase of the words.
    language : {"en", "zh"}
    facts : mapping
        English label to value, or to value and decimals. None and NaN leave a label out.
    tables : iterable of Table or None
    verdicts : sequence of Verdict
        The worst first; those of one grade keep their order.
    notes : sequence of str
    """
    header = tuple(
        Fact(said(label, language), *(value if isinstance(value, tuple) else (value, "g")))
        for label, value in facts.items()
        if not _nothing(value)
    )
    lists = []
    if verdicts:
        worst = sorted(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.grade))
        lines = tuple(
            f"{said(verdict.grade, language)}: {verdict.sentence.within(language)}"
            for verdict in worst
        )
        lists.append(Listing(said("Verdicts", language), lines))
    if notes:
        lists.append(Listing(said("Notes", language), tuple(notes)))
    kept = tuple(table for table in tables if table is not None)
    return Summary(said(title, language), header, kept, tuple(lists), language)


def _nothing(value: Cell | tuple[Cell, Decimals]) -> bool:
    own = value[0] if isinstance(value, tuple) else value
    return own is None or own != own


def tabled(
    title: str,
    frame: pd.DataFrame,
    language: Language,
    columns: Sequence[str] | None = None,
    *,
    digits: int = 3,
    decimals: Mapping[str, Decimals] | None = None,
) -> Table | None:
    """Return columns of a data frame under heads in the language; None for a frame without rows.

    Columns that are empty in every row are left out, notes and limits that do not apply.
    """
    if frame.empty:
        return None
    own = frame if columns is None else frame[[name for name in columns if name in frame]]
    blank = own.isna() | (own == "")
    own = own.loc[:, ~blank.all()]
    heads = {str(name): head(str(name), language) for name in own.columns}
    places = WHOLE | dict(decimals or {})
    return Table.of(
        said(title, language), own, digits=digits, decimals=places, heads=heads, language=language
    )


def listed(
    title: str, columns: Sequence[str], rows: Iterable[tuple[Cell, ...]], language: Language
) -> Table | None:
    """Return rows under heads in the language; None where there are no rows."""
    kept = tuple(rows)
    heads = tuple(head(name, language) for name in columns)
    names = tuple(columns) if heads != tuple(columns) else ()
    made = Table(said(title, language), heads, kept, names=names, language=language)
    return made if kept else None


def counted(verdicts: Sequence[Verdict]) -> str:
    """Count verdicts by grade, for one line.

    Examples
    --------
    >>> counted(())
    '0 good, 0 doubtful, 0 poor'
    """
    grades = [verdict.grade for verdict in verdicts]
    return ", ".join(f"{grades.count(grade)} {grade}" for grade in ("good", "doubtful", "poor"))


def summary_of(
    value: Shown | pd.DataFrame, language: Language = "en", *, title: str = "Table", digits: int = 3
) -> Summary:
    """Return the summary of any value of the package, or of one of its tables.

    Parameters
    ----------
    value : a value of csi, or a DataFrame such as `league_table` returns
    language : {"en", "zh"}
        Names of columns that csi does not know stay as they are.
    title : str
        Of a data frame.
    digits : int
        Decimals for a data frame; p values have their own.

    Examples
    --------
    >>> league = pd.DataFrame({"group": ["A", "B"], "index": [72.61, 70.0], "p_value": [0.2, 1e-8]})
    >>> print(summary_of(league, "zh", title="排名", digits=1).tables[0])
    组别  指数      p 值
    A     72.6   0.200
    B     70.0  <0.001
    """
    if isinstance(value, Shown):
        return value._summary(checked(language))
    heads = {str(name): head(str(name), checked(language)) for name in value.columns}
    table = Table.of("", value, digits=digits, heads=heads, language=language)
    return Summary(said(title, language), (), (table,), (), language)
