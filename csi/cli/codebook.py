"""``csi codebook``: draft a codebook from a data file, and show one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from csi.cli import options, parts
from csi.cli.console import results, say
from csi.cli.options import examples
from csi.cli.tables import table
from csi.cli.words import phrase
from csi.errors import Fault, OptionError
from csi.text import Language

if TYPE_CHECKING:
    from rich.table import Table

    from csi.survey.codebook import Codebook


@click.group(
    cls=click.RichGroup,
    epilog=examples("csi codebook draft answers.sav", "csi codebook show codebook.toml --lang zh"),
)
def codebook() -> None:
    """Draft a codebook from a data file, or show one."""


@codebook.command(
    epilog=examples(
        "csi codebook draft answers.sav",
        "csi codebook draft answers.xlsx --sheet Data --out books/2025.toml",
        "csi codebook draft answers.csv --out -",
    )
)
@click.argument("file")
@click.option(
    "--out",
    "-o",
    default="codebook.toml",
    show_default=True,
    metavar="FILE",
    help="Where to write it; - prints it.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@options.READING
@options.DEBUG
def draft(
    file: str,
    out: str,
    force: bool,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Write a first codebook from a data file; check every entry of it."""
    if out != "-" and Path(out).exists() and not force:
        fix = "give --out FILE, or --force to replace it"
        raise OptionError(Fault(out, "is there already", fix))
    reading = {"sheet": sheet, "encoding": encoding, "delimiter": delimiter}
    text = parts.draft.draft_with_remarks(file, **reading).to_text()
    if out == "-":
        click.echo(text, nl=False)
        return
    Path(out).write_bytes(text.encode("utf-8"))
    say(phrase("wrote_one", "en", file=out))


@codebook.command(epilog=examples("csi codebook show codebook.toml"))
@click.argument("file")
@options.LANG
@options.DEBUG
def show(file: str, lang: Language) -> None:
    """Print the items, keys and design of a codebook."""
    book = parts.codebook_file.read_codebook(file)
    console = results()
    console.print(_items(book, lang), "")
    if book.keys:
        console.print(_keys(book, lang), "")
    design = {
        "weight": book.weight,
        "stratum": book.stratum,
        "cluster": book.cluster,
        "respondent": ", ".join(book.respondent),
        "unweighted": ", ".join(book.unweighted),
    }
    named = ", ".join(f"{part} = {column}" for part, column in design.items() if column)
    if named:
        console.print(phrase("design", lang, parts=named), markup=False)


def _items(book: Codebook, language: Language) -> Table:
    rows = []
    for item in book.items:
        turned = f" {phrase('reversed', language)}" if item.reversed else ""
        scale = f"{item.low:g}–{item.high:g}{turned}"
        rows.append(
            (item.name, item.column, item.label.within(language), scale, _codes(item.missing))
        )
    heads = [phrase(key, language) for key in ("item", "column", "label", "scale", "codes")]
    title = book.title.within(language)
    return table(title, heads, rows, wrap=(1, 2, 4))


def _codes(missing: Mapping[str, str]) -> str:
    return ", ".join(f"{code} {meaning}" for code, meaning in missing.items())


def _keys(book: Codebook, language: Language) -> Table:
    rows = [
        (
            key.name,
            key.column,
            key.label.within(language),
            ", ".join(
                _labelled(value, words.within(language)) for value, words in key.values.items()
            ),
        )
        for key in book.keys
    ]
    heads = [phrase(key, language) for key in ("name", "column", "label", "values")]
    return table(phrase("keys", language), heads, rows, wrap=(1, 2, 3))


def _labelled(value: str, label: str) -> str:
    """Return a value with its label where that says more."""
    return f"{value} {label}" if label not in ("", value) else value
