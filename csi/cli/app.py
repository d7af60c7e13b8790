"""The command group: its options, its commands, and where errors end."""

from __future__ import annotations

import contextlib
import io
import sys

import rich_click as click

from csi.cli.group import CsiGroup
from csi.cli.options import examples

COMMANDS = {
    "index": "csi.cli.index:index",
    "fit": "csi.cli.fit:fit",
    "check": "csi.cli.check:check",
    "codebook": "csi.cli.codebook:codebook",
    "models": "csi.cli.models:models",
    "simulate": "csi.cli.simulate:simulate",
    "completion": "csi.cli.completion:completion",
}
"""Where each command lives; it is loaded when it is asked for."""


@click.group(
    cls=CsiGroup,
    commands_at=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "csi index mobile --out out",
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")  # a narrow terminal encoding is no error
    cli(prog_name="csi")
