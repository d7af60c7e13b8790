"""``csi fit``: one fit of a survey or of a part of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from csi.cli import options, parts
from csi.cli.console import progress_bar, results, say
from csi.cli.fit_tables import ended, fit_tables
from csi.cli.notices import method, published, wrote
from csi.cli.one_fit import plan_of_one_fit
from csi.cli.options import conditions_of, examples
from csi.cli.words import phrase
from csi.text import Language

METHOD = (
    "missing", "estimator", "scheme", "metric", "higher", "draws", "seed", "interval", "level",
)  # fmt: skip


@click.command(
    epilog=examples(
        "csi fit mobile",
        "csi fit answers.csv --model ecsi --where year=2025 --where company=A",
        "csi fit answers.csv --consistent --draws 2000 --out fit",
    )
)
@click.argument("survey")
@options.CODEBOOK
@options.MODEL
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only these respondents; repeat for more values or keys.",
)
@options.ESTIMATION
@options.LANG
@click.option(
    "--out",
    "-o",
    type=options.Folder(path_type=Path),
    metavar="DIR",
    help="Folder to write the tables into, as CSV.",
)
@options.READING
@options.QUIET
@options.DEBUG
def fit(
    survey: str,
    conditions: tuple[str, ...],
    lang: Language,
    out: Path | None,
    quiet: bool,
    **given: Any,
) -> None:
    """Fit the model once, with standard errors and intervals.

    SURVEY is a file, a folder with survey.*, codebook.toml and model.toml, or the packaged
    survey mobile.
    """
    plan = plan_of_one_fit(survey, METHOD, lang, given)
    with progress_bar(phrase("fitting", lang), quiet=quiet) as step:
        found = parts.run.run_fit(plan, conditions_of(conditions), step)
    if not quiet:
        console = results()
        for drawn in fit_tables(found, lang):
            console.print(drawn, "")
        console.print(ended(found, lang), markup=False)
        for doubt in found.doubts:
            console.print(f"! {parts.note_words.in_words(doubt, lang)}", markup=False)
        for note in found.yearly.notes:
            console.print(f"- {parts.note_words.in_words(note, lang)}", markup=False)
        say(method(plan, found.yearly), *published(plan, found.inputs))
    if out is not None:
        files = parts.run.write_fit(found, out)
        say(*([] if quiet else wrote(files, out, lang, start="paths.csv")))
