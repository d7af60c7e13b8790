"""``csi completion``: the script that completes commands in a shell."""

from __future__ import annotations

import rich_click as click
from click.shell_completion import get_completion_class

from csi.cli import options
from csi.cli.options import examples

SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog=examples(
        'eval "$(csi completion bash)"',
        'eval "$(csi completion zsh)"',
        "csi completion fish > ~/.config/fish/completions/csi.fish",
    )
)
@click.argument("shell", type=click.Choice(SHELLS))
@options.DEBUG
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes csi commands in a shell."""
    kind = get_completion_class(shell)
    if kind is None:
        raise AssertionError(shell)
    click.echo(kind(ctx.find_root().command, {}, "csi", "_CSI_COMPLETE").source())
