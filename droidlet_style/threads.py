"""One thread for every numeric library: the last bits of a sum depend on how it was split."""

from __future__ import annotations

import os
import sys

VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


def pin() -> bool:
    """Sets one thread for numpy's libraries, and says whether that came in time, which is before numpy was
    first imported.
    """
    in_time = "numpy" not in sys.modules or pinned()
    for name in VARIABLES:
        os.environ[name] = "1"
    return in_time


def pinned() -> bool:
    """Whether this process was told to use one thread."""
    return all(os.environ.get(name) == "1" for name in VARIABLES)
