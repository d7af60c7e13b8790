"""The command ``csi``: arguments to calls of `csi.run`, and their results to the terminal."""

from csi.cli.app import cli, main

__all__ = ["cli", "main"]
