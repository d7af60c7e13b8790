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
