"""The command group: its options, its commands, and where errors end."""

from __future__ import annotations

import codecs
import contextlib
import io
import sys

import rich_click as click

from csi.cli.group import CsiGroup
from csi.cli.options import examples

COMMANDS = {
    "index": "csi.cli.index:index",
    "report": "csi.cli.report:report",
    "fit": "csi.cli.fit:fit",
    "assess": "csi.cli.assess:assess",
    "check": "csi.cli.check:check",
    "plan": "csi.cli.plan:plan",
    "codebook": "csi.cli.codebook:codebook",
    "models": "csi.cli.models:models",
    "notebook": "csi.cli.notebook:notebook",
    "simulate": "csi.cli.simulate:simulate",
    "completion": "csi.cli.completion:completion",
}
"""Where each command lives; it is loaded when it is asked for."""

NARROW = "csi.narrow"
ASCII = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{PLUS-MINUS SIGN}": "+/-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
}
"""How signs are written where the encoding of the terminal or file lacks them."""


@click.group(
    cls=CsiGroup,
    commands_at=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "csi index mobile --out out",
        "csi report mobile --out report",
        "csi index answers.sav --codebook codebook.toml --model ecsi --out out",
        "csi check answers.sav --codebook codebook.toml",
        "csi models show ecsi --lang zh",
    ),
)
@click.version_option(str(sys.modules["csi"].__version__), "--version", prog_name="csi")
def cli() -> None:
    """Compute customer satisfaction index figures from survey data."""


def main() -> None:
    """Run the command; the entry point of the package."""
    codecs.register_error(NARROW, _narrowed)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors=NARROW)  # a narrow terminal encoding is no error
    cli(prog_name="csi")


def _narrowed(error: UnicodeError) -> tuple[str, int]:
    """Write a sign that an encoding lacks with ASCII: above all, a minus must not be lost."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(ASCII.get(sign, "?") for sign in signs), error.end
