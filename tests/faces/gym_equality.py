"""Whether two vector environments gave the same, to the bit and the type."""

from __future__ import annotations

from typing import Any

import numpy as np


def same(one: Any, other: Any, path: str = "it") -> None:
    assert type(one) is type(other) or (isinstance(one, tuple) and not hasattr(one, "_fields")), path
    if isinstance(one, dict):
        assert set(one) == set(other), path
        for key in one:
            same(one[key], other[key], f"{path}[{key!r}]")
    elif isinstance(one, (tuple, list)) or (isinstance(one, np.ndarray) and one.dtype == object):
        assert len(one) == len(other), path
        for n in range(len(one)):
            same(one[n], other[n], f"{path}[{n}]")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype and one.shape == other.shape, path
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), path
    else:
        assert one == other, path
