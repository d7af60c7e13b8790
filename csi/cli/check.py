"""``csi check``: what is wrong with a survey file, its codebook and a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from csi.cli import options, parts
from csi.cli.console import results
from csi.cli.options import examples
from csi.cli.tables import table
from csi.cli.words import phrase
from csi.text import Language

if TYPE_CHECKING:
    from rich.table import Table

    from csi.errors import Fault
    from csi.survey.survey import Survey

FAULTS = 1
"""Exit status of a survey with faults; 2 is a wrong command."""


@click.command(
    epilog=examples(
        "csi check answers.sav --codebook codebook.toml",
        "csi check answers.csv --codebook codebook.toml --model ecsi",
        "csi check mobile",
    )
)
@click.argument("survey", metavar="FILE")
@options.CODEBOOK
@options.MODEL
@options.READING
@options.LANG
@options.QUIET
@options.DEBUG
@click.pass_context
def check(
    ctx: click.RichContext, /, survey: str, lang: Language, quiet: bool, **given: Any
) -> None:
    """Check a survey file against its codebook, and a model against both.

    Prints every fault with its place and how to go on. The exit status is 1 where there are
    faults, 0 where there are none.
    """
    found = parts.run.run_check(parts.run.RunPlan(survey, **given))
    console = results()
    if found.faults:
        if not quiet:
            console.print(_faults(found.faults, lang))
        ctx.exit(FAULTS)
    if quiet or found.survey is None:
        return
    console.print(_answers(found.survey, lang), "")
    for line in _clean(found, lang):
        console.print(line, markup=False)


def _faults(faults: tuple[Fault, ...], language: Language) -> Table:
    count = len(faults)
    title = phrase("fault" if count == 1 else "faults", language, count=count)
    heads = tuple(phrase(key, language) for key in ("where", "what", "fix"))
    drawn = table(title, heads, [(f.where, f.what, f.fix) for f in faults], wrap=(0, 1, 2))
    drawn.show_lines = True
    return drawn


def _answers(survey: Survey, language: Language) -> Table:
    """Return one row an item: scale, answers, mean and spread."""
    keys = ("item", "label", "scale", "answers", "gaps", "mean", "sd")
    summary = survey.summary()
    rows = []
    for place, cells in enumerate(summary.cells()[1:]):
        label = survey.codebook.items[place].label.within(language)
        rows.append((cells[0], label, *cells[2:7]))
    heads = tuple(phrase(key, language) for key in keys)
    title = phrase("item_table", language)
    return table(title, heads, rows, right=(3, 4, 5, 6), wrap=(1,))


def _clean(found: parts.run.Checked, language: Language) -> list[str]:
    """Say how many respondents there are, who was left out, and what a reader must know."""
    survey, model = found.survey, found.model
    if survey is None:
        return []
    lines = [
        phrase("clean", language, n=f"{len(survey):,}", rows=f"{survey.rows_read:,}",
               file=survey.source)
    ]  # fmt: skip
    if model is not None:
        sizes = {"items": len(model.columns), "constructs": len(model.names)}
        lines.append(phrase("clean_model", language, model=model.name, **sizes))
    in_words = parts.note_words.in_words
    left_out = survey.excluded.groupby("reason", sort=False)["count"].sum()
    lines += [
        phrase("left_out", language, count=int(count), reason=in_words(str(reason), language))
        for reason, count in left_out.items()
    ]
    return lines + [f"- {in_words(note, language)}" for note in survey.notes]
