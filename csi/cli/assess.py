"""``csi assess``: judge a model on a survey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from csi.cli import options, parts
from csi.cli.console import progress_bar, results, say
from csi.cli.notices import published, wrote
from csi.cli.one_fit import plan_of_one_fit
from csi.cli.options import conditions_of, examples
from csi.cli.words import phrase
from csi.text import Language

METHOD = ("missing", "estimator", "scheme", "metric", "higher", "draws", "seed", "replicates",
          "design", "interval", "level")  # fmt: skip


@click.command(
    epilog=examples(
        "csi assess mobile",
        "csi assess mobile --where year=2025 --out assessment",
        "csi assess answers.csv --model ecsi --by company --segments 3 --lang zh --out assessment",
        "csi assess mobile --only measurement --all",
        "csi assess mobile --only structure --term 'Quality*Value -> Satisfaction'",
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
@click.option(
    "--only",
    type=click.Choice(options.CHOICES["topics"]),
    multiple=True,
    metavar="WORD",
    help="Only these topics: " + ", ".join(options.CHOICES["topics"]) + ". Repeat for more; "
    "all but segments if not given.",
)
@click.option(
    "--by",
    metavar="KEY",
    help="Key whose values are compared: a time, a group, a mode; none for no comparison. "
    "The codebook's time if not given.",
)
@click.option(
    "--target", metavar="CONSTRUCT", help="What is to be improved; the model's index if not given."
)
@click.option(
    "--segments", type=int, metavar="K", help="Look for up to K hidden groups. [default: none]"
)
@click.option(
    "--term",
    "terms",
    multiple=True,
    metavar="'A*B -> C'",
    help="Interaction of A and B on C, or A*A -> C for a curve; repeat for more.",
)
@click.option(
    "--endogeneity", is_flag=True, help="Check predictors by Gaussian copulas (takes long)."
)
@click.option(
    "--permutations",
    type=int,
    metavar="N",
    help="Permutations of the comparison; as many as its tests need if not given.",
)
@options.ESTIMATION
@options.chosen("replicates", "Where errors come from")
@options.chosen("design", "Sampling design: that of the codebook, or simple random for comparison")
@options.LANG
@options.OUT
@click.option("--all", "everything", is_flag=True, help="Print the good verdicts, too.")
@options.READING
@options.QUIET
@options.DEBUG
def assess(
    survey: str,
    conditions: tuple[str, ...],
    lang: Language,
    out: Path | None,
    quiet: bool,
    everything: bool,
    **given: Any,
) -> None:
    """Judge answers, measurement, structure, prediction and comparability of a model.

    SURVEY is a file, a folder with survey.*, codebook.toml and model.toml, or the packaged
    survey mobile.
    """
    plan = plan_of_one_fit(survey, METHOD, lang, given)
    wanted = parts.run.assess_options(
        topics=given["only"] or None,
        by=options.no_key(given["by"]),
        target=given["target"],
        segments=given["segments"],
        permutations=given["permutations"],
        terms=given["terms"] or None,
        endogeneity=given["endogeneity"],
    )
    if out is not None:
        parts.run.check_assessment_place(out)  # before the work, not after it
    with progress_bar(phrase("assessing", lang), quiet=quiet) as step:
        found = parts.run.run_assess(plan, wanted, conditions_of(conditions), step)
    if not quiet:
        parts.assessment_terminal.show(found.assessment, results(), lang, everything=everything)
        say(*published(plan, found.inputs))
    if out is not None:
        files = parts.run.write_assess(found, out)
        say(*([] if quiet else wrote(files, out, lang, start="index.html")))
