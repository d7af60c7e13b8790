"""Modules that load on first use, so that the command line starts quickly."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType


class _Lazy(ModuleType):
    """Stands for a module until one of its names is asked for."""

    def __getattr__(self, name: str) -> object:
        """Load the module and hand on the name; called only for names not found here."""
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value: object = getattr(import_module(self.__name__), name)
        return value

    def __dir__(self) -> list[str]:
        """List the names of the module, which loads it."""
        return dir(import_module(self.__name__))


def lazy_module(name: str) -> ModuleType:
    """Return a stand-in for the module `name` that loads it when a name is first read.

    The stand-in is not put into ``sys.modules`` (as the standard library's ``LazyLoader``
    does), because that loader loads the parent packages at once and meets a half-made
    module where parent and child import each other.

    Parameters
    ----------
    name : str
        Absolute name, such as ``"csi.report"``.

    Returns
    -------
    module
        The module itself where it is loaded already, else a stand-in. A name that
        does not exist raises ModuleNotFoundError on first use.

    Examples
    --------
    >>> colours = lazy_module("colorsys")
    >>> colours.rgb_to_hsv(1.0, 0.0, 0.0)
    (0.0, 1.0, 1.0)
    """
    return sys.modules.get(name) or _Lazy(name, f"Stands for {name} until it is used.")
