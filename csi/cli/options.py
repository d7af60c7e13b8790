"""Options that several commands share.

Defaults of the method live in `IndexOptions` and `PLSOptions`: an option that is not given stays
None here. Help texts name the defaults, and a test holds them to those classes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click
from click.shell_completion import CompletionItem

from csi.cli import parts
from csi.text import Language

Command = TypeVar("Command", bound=Callable[..., Any])

CHOICES = {
    "missing": ("em", "pairwise", "complete"),
    "estimator": ("pls", "ml"),
    "scheme": ("path", "centroid", "factorial"),
    "metric": ("standardised", "raw"),
    "higher": ("repeated", "two-stage", "embedded"),
    "interval": ("normal", "percentile", "bias-corrected", "bca", "studentised"),
    "replicates": (
        "design",
        "bootstrap",
        "jackknife",
        "brr",
        "fay",
        "supplied",
        "gaussian",
        "delta",
    ),
    "design": ("codebook", "simple"),
    "topics": (
        "answers",
        "measurement",
        "structure",
        "prediction",
        "comparability",
        "segments",
    ),
    "lang": ("en", "zh"),
    "format": ("png", "svg"),
    "office": ("xlsx", "pptx"),
}
"""Words that options take; the same as in the library (tested)."""

DEFAULTS = {
    "weights": "own",
    "missing": "em",
    "estimator": "pls",
    "scheme": "path",
    "metric": "standardised",
    "higher": "repeated",
    "draws": "1000",
    "seed": "1",
    "replicates": "design",
    "fay": "0.5",
    "design": "codebook",
    "interval": "normal",
    "level": "0.95",
    "min_n": "50",
    "jobs": "1",
    "rolling": "1",
    "lag": "1",
    "n": "250",
}
"""Defaults as help shows them; the same as in the library (tested)."""


def no_key(value: str | None) -> str | None:
    """Return the empty name for ``none``."""
    return "" if value == "none" else value


def examples(*lines: str) -> str:
    """Return the example section of a help text."""
    return "\n\n".join(["Examples:", *(f"$ {line}" for line in lines)])


def with_default(help_text: str, name: str) -> str:
    """Return a help text that names the default."""
    return f"{help_text} [default: {DEFAULTS[name]}]"


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return several options as one decorator, in the order given."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta["csi.debug"] = True


def _language(ctx: click.Context, _: click.Parameter, value: Language) -> Language:
    """Keep the language where errors are told."""
    ctx.meta["csi.language"] = value
    return value


def complete_models(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete names of the catalogue, and files."""
    known = [CompletionItem(n) for n in parts.models.names() if n.startswith(incomplete)]
    return known or [CompletionItem(incomplete, type="file")]


def chosen(name: str, help_text: str) -> Callable[[Command], Command]:
    """Return an option of the method that takes one of a few words."""
    words = CHOICES[name]
    listed = f"{help_text}: {', '.join(words[:-1])} or {words[-1]}."
    return click.option(
        f"--{name}",
        type=click.Choice(words),
        metavar="WORD",
        help=with_default(listed, name),
    )


def split_formats(
    ctx: click.Context, param: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the words of ``--format``, given one by one or with commas between, each once."""
    words = [word.strip() for entry in given for word in entry.split(",")]
    known = click.Choice((PAGE, *CHOICES["office"], *CHOICES["format"]))
    return tuple(dict.fromkeys(known.convert(word, param, ctx) for word in words))


PAGE = "html"
"""The page is written in any case; naming it alone leaves out all other formats."""

DEBUG = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_debug,
    help="Show where an error comes from (also CSI_DEBUG=1).",
)
LANG = click.option(
    "--lang",
    type=click.Choice(CHOICES["lang"]),
    default="en",
    metavar="WORD",
    is_eager=True,
    callback=_language,
    help="Language: en or zh. [default: en]",
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
CODEBOOK = click.option(
    "--codebook",
    "-c",
    metavar="FILE",
    help="Codebook; codebook.toml beside the survey if not given.",
)
MODEL = click.option(
    "--model",
    "-m",
    metavar="MODEL",
    shell_complete=complete_models,
    help="Name that `csi models` lists, or a file (TOML, lavaan text); "
    "model.toml beside the codebook if not given.",
)
READING = together(
    click.option("--sheet", metavar="NAME", help="Sheet of a workbook."),
    click.option(
        "--encoding", metavar="NAME", help="Encoding of a text file; recognised if not given."
    ),
    click.option("--delimiter", metavar="CHAR", help="Between the columns of a text file."),
)


def conditions_of(conditions: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the wanted values of each key from ``KEY=VALUE`` texts."""
    where: dict[str, list[str]] = {}
    for condition in conditions:
        key, mark, value = condition.partition("=")
        if not (mark and key.strip() and value.strip()):
            raise click.UsageError(f"--where {condition}: write it as KEY=VALUE, such as year=2025")
        where.setdefault(key.strip(), []).append(value.strip())
    return where


class Folder(click.Path):
    """A folder to write into; an empty text, as of an unset variable, is not the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or fail where there is none."""
        if value == "":
            self.fail("it is empty; name a folder (. for this one)", param, ctx)
        return super().convert(value, param, ctx)


OUT = click.option(
    "--out", "-o", type=Folder(path_type=Path), metavar="DIR", help="Folder to write into."
)
ESTIMATION = together(
    chosen("missing", "Treatment of missing answers"),
    chosen("estimator", "Partial least squares, or maximum likelihood"),
    chosen("scheme", "Inner weighting scheme"),
    chosen("metric", "Items as they enter the estimation"),
    chosen("higher", "Constructs of constructs: items used again, or two stages"),
    click.option(
        "--consistent", is_flag=True, help="PLSc: correct reflective blocks for attenuation."
    ),
    click.option("--draws", type=int, metavar="N", help=with_default("Bootstrap draws.", "draws")),
    click.option("--seed", type=int, metavar="N", help=with_default("Seed of the draws.", "seed")),
    chosen("interval", "Kind of confidence interval"),
    click.option(
        "--level", type=float, metavar="P", help=with_default("Confidence level.", "level")
    ),
)

NODES = together(
    click.option(
        "--aggregate",
        metavar="FILE",
        help="Table with name, parent, weight: industry, sector, nation from the groups.",
    ),
    click.option(
        "--partial", is_flag=True, help="Nodes whose members lack figures: mean of the others."
    ),
    click.option(
        "--matched",
        is_flag=True,
        help="Changes of nodes are of the companies with a figure in both periods.",
    ),
    click.option(
        "--rolling",
        type=int,
        metavar="N",
        help=with_default("Nodes take the latest figure within N periods.", "rolling"),
    ),
    click.option(
        "--lag",
        type=int,
        metavar="N",
        help=with_default("Changes of nodes are from N periods before.", "lag"),
    ),
    click.option(
        "--printed",
        metavar="D,D,...",
        help="Also nodes as printed: decimals by level, companies first, such as 0,0,1.",
    ),
)
"""What concerns the nodes above groups."""

JUDGED = together(
    click.option(
        "--ranks", is_flag=True, help="Rank the groups: rank sets, ties with the first, letters."
    ),
    click.option(
        "--change-split",
        is_flag=True,
        help="Split changes into performance, weights, items and mix; try other weights.",
    ),
    click.option(
        "--both-estimators",
        is_flag=True,
        help="Also by the other estimator (PLS or maximum likelihood): how far the index moves.",
    ),
    click.option(
        "--comparability",
        is_flag=True,
        help="Test whether years, and groups, may be compared (permutations).",
    ),
    click.option(
        "--assess",
        is_flag=True,
        help="Judge measurement, structure and prediction in the last period; see csi assess.",
    ),
)
"""Tables beside the figures."""

YEARLY = together(
    CODEBOOK,
    MODEL,
    click.option(
        "--by", metavar="KEY", help="Time key; none for one period. The codebook's if not given."
    ),
    click.option(
        "--group",
        metavar="KEY",
        help="Group key; none for none. The codebook's if it has one and this is not given.",
    ),
    click.option(
        "--weights",
        metavar="WORD",
        help=with_default("Weights of the index: own, pooled, equal or frozen:YEAR.", "weights"),
    ),
    ESTIMATION,
    chosen("replicates", "Where errors come from"),
    click.option(
        "--fay", type=float, metavar="P", help=with_default("Coefficient of Fay's method.", "fay")
    ),
    chosen("design", "Sampling design: that of the codebook, or simple random for comparison"),
    JUDGED,
    NODES,
    click.option(
        "--min-n", type=int, metavar="N", help=with_default("Smallest base published.", "min_n")
    ),
    click.option(
        "--jobs", type=int, metavar="N", help=with_default("Processes; same figures.", "jobs")
    ),
    LANG,
    OUT,
    click.option(
        "--format",
        "formats",
        callback=split_formats,
        metavar="WORD",
        multiple=True,
        help="Files beside page and tables: charts as png or svg, xlsx, pptx; html for none. "
        "Repeat it, or put commas between. [default: png and svg; csi report: xlsx and pptx]",
    ),
    click.option(
        "--scores", is_flag=True, help="Write the score of every respondent (scores.csv)."
    ),
    READING,
    click.option("--from", "record", metavar="RUN.JSON", help="Repeat a recorded run."),
    QUIET,
    DEBUG,
)
"""All options of yearly figures: those that ``csi index`` and ``csi report`` share."""
