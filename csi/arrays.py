"""Array types, read-only copies, and the one-thread limit for small matrices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import ThreadpoolController

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def readonly(values: ArrayLike) -> Array:
    """Return a locked float copy of `values`; the caller's array stays as it was.

    Examples
    --------
    >>> locked = readonly([1, 2])
    >>> locked.flags.writeable
    False
    """
    locked = np.array(values, dtype=np.float64)
    locked.setflags(write=False)
    return locked


def readonly_int(values: ArrayLike) -> IntArray:
    """Return a locked integer copy of `values`."""
    locked = np.array(values, dtype=np.int64)
    locked.setflags(write=False)
    return locked


def readonly_bool(values: ArrayLike) -> BoolArray:
    """Return a locked boolean copy of `values`."""
    locked = np.array(values, dtype=np.bool_)
    locked.setflags(write=False)
    return locked


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit BLAS to one thread inside the block.

    The matrices of a satisfaction model are small; two BLAS threads on a busy
    machine make a fit many times slower than one.
    """
    with _threads().limit(limits=1, user_api="blas"):
        yield


@cache
def _threads() -> ThreadpoolController:
    """Return the handle of NumPy's BLAS; looking for it takes as long as a fit."""
    return ThreadpoolController()


def lock(values: Array) -> Array:
    """Lock an array that the caller has just made and return it; nothing is copied."""
    values.setflags(write=False)
    return values
