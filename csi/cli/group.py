"""A group whose commands load when they are asked for, and that turns errors into sentences."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import rich_click as click
from click.exceptions import Exit

from csi.cli.console import complain
from csi.errors import CsiError, Fault
from csi.text import Language

DEBUG = "csi.debug"
LANGUAGE = "csi.language"
"""Where a context keeps the language that a command was given."""
BUG = 70
"""Exit status of a bug (EX_SOFTWARE)."""


class CsiGroup(click.RichGroup):
    """The group ``csi``.

    Parameters
    ----------
    *args, **kwargs
        Those of a click group.
    commands_at : mapping of str to str
        ``module:attribute`` of each command.
    """

    def __init__(self, *args: Any, commands_at: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands_at = dict(commands_at)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the work."""
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded now; click suggests the nearest name where there is none."""
        if cmd_name not in self.commands_at:
            return None
        module, _, name = self.commands_at[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; a name that is none is told with the nearest one."""
        known = ", ".join(self.commands_at)
        if args and not args[0].startswith("-") and args[0] not in self.commands_at:
            near = nearest_word(args[0], list(self.commands_at))
            hint = f"did you mean {near!r}?" if near else f"use one of {known}"
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong ends as a sentence and an exit status."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, Exit, click.Abort):
            raise
        except Exception as error:
            if _debugging(ctx):
                raise
            ctx.exit(_told(error, ctx.meta.get(LANGUAGE, "en")))


def nearest_word(word: str, known: list[str]) -> str | None:
    """Return the most similar known word."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, known, 1)), None)


def _debugging(ctx: click.Context) -> bool:
    return bool(ctx.meta.get(DEBUG)) or os.environ.get("CSI_DEBUG", "") not in ("", "0")


def _told(error: Exception, language: Language) -> int:
    """Tell an error in sentences and return its exit status."""
    if isinstance(error, CsiError):
        complain(error.faults or (str(error),), error.subject, language)
        return 2
    if isinstance(error, OSError):
        if error.errno == errno.EPIPE:
            raise error  # click ends quietly: nobody reads on
        where = str(error.filename or "a file")
        complain([Fault(where, error.strerror or str(error), "check the path and its rights")])
        return 2
    what = f"this is a bug of csi ({type(error).__name__}: {error})"
    complain([f"{what}; run again with --debug and report what it prints"])
    return BUG
