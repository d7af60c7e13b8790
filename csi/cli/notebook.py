"""``csi notebook``: a notebook to start from, for one's own survey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from csi.cli import options, parts
from csi.cli.console import say
from csi.cli.options import examples
from csi.cli.words import phrase
from csi.text import Language

ROADS = ("index", "assess", "sem")
"""Words of --road; the same as in the library (tested)."""


@click.command(
    epilog=examples(
        "csi notebook mine.ipynb --survey answers.sav --codebook codebook.toml --model ecsi",
        "csi notebook mine.ipynb --survey mobile --road assess",
        "csi notebook mine.ipynb --survey survey.csv --lang zh --force",
    )
)
@click.argument("place", metavar="NEW.ipynb", type=click.Path(path_type=Path))
@click.option(
    "--survey",
    "-s",
    required=True,
    metavar="SURVEY",
    help="Answers: a file, a folder with survey.*, or the packaged survey mobile.",
)
@options.CODEBOOK
@options.MODEL
@click.option(
    "--group",
    metavar="KEY",
    help="Group key; none for none. The codebook's if it has one and this is not given.",
)
@click.option(
    "--road",
    type=click.Choice(ROADS),
    default="index",
    metavar="WORD",
    help="What it is about: index, assess (is the model any good) or sem (a covariance fit). "
    "[default: index]",
)
@options.LANG
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@options.READING
@options.QUIET
@options.DEBUG
def notebook(
    place: Path,
    lang: Language,
    force: bool,
    road: Any,
    quiet: bool,
    group: str | None,
    **given: Any,
) -> None:
    """Write a Jupyter notebook that works on your survey.

    Survey, codebook and model are checked first. The notebook has the cells that fit what the
    survey has, names the files from its own folder, and runs as it is.
    """
    plan = parts.run.RunPlan(**given, group=options.no_key(group), language=lang)
    written = parts.run.start_notebook(place, plan, road, force=force)
    say(*([] if quiet else [phrase("wrote_one", lang, file=written)]))
