"""Compilation by numba, kept on disk, so that only the first process on a machine waits for it.

Numba notices a change only in the file of the kept function itself; so each renderer is one file, and numbers from
elsewhere are handed to it as arguments.
"""

from __future__ import annotations

from typing import Any, Callable, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])
_njit: Any = numba.njit  # its own types know neither these options nor what comes back
_IEEE = {"error_model": "numpy", "fastmath": False}  # the sums in the order written; 1 / 0 is infinite


def compiled(function: F) -> F:
    """A function for other compiled functions to call."""
    return cast(F, _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_IEEE)(function))


def entry(function: F) -> F:
    """A function for Python to call; its machine code is kept on disk."""
    try:
        return cast(F, _njit(cache=True, nogil=True, no_cfunc_wrapper=True, **_IEEE)(function))
    except RuntimeError:  # there is no folder to keep it in: installed read-only, for a user without a home
        return cast(F, _njit(nogil=True, no_cfunc_wrapper=True, **_IEEE)(function))
