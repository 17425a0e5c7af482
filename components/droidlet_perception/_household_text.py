"""Weights as text: numbers of three digits in a Python module, so that nothing is read from disk but code."""

from __future__ import annotations

from typing import Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_BASE = len(_DIGITS)
_LEVELS = _BASE * _BASE
_WIDTH = 100


def pack(values: NDArray[np.float32]) -> Tuple[str, float]:
    """Values of any shape as text of two digits each, and the largest magnitude, which scales them."""
    scale = float(np.abs(values).max(initial=0.0)) or 1.0
    steps = np.rint((values.ravel() / scale + 1.0) * ((_LEVELS - 1) / 2)).astype(int)
    return "".join(_DIGITS[s // _BASE] + _DIGITS[s % _BASE] for s in steps), scale


def unpack(text: str, scale: float, shape: Tuple[int, ...]) -> NDArray[np.float32]:
    """The values behind a text made by `pack`. Raises ValueError for a text of another length or with other digits."""
    value = {digit: i for i, digit in enumerate(_DIGITS)}
    if len(text) != 2 * int(np.prod(shape)) or not set(text) <= set(value):
        raise ValueError(f"text of {len(text)} digits is no array of shape {shape} made by pack")
    steps = [value[a] * _BASE + value[b] for a, b in zip(text[::2], text[1::2])]
    whole = np.array(steps, np.float64).reshape(shape) * (2.0 / (_LEVELS - 1)) - 1.0
    return np.asarray(whole * scale, np.float32)


def write(labels: Sequence[str], layers: Sequence[NDArray[np.float32]]) -> str:
    """The source of a module that holds labels and layers; `tests/perception/learn_looks.py` writes it."""
    lines = [
        '"""What household things look like, learned by tests/perception/learn_looks.py; see LooksWeights."""',
        "",
    ]
    lines += ["LABELS = (", *(f'    "{label}",' for label in labels), ")", "LAYERS = ("]
    for layer in layers:
        text, scale = pack(layer)
        lines += ["    (", f"        {tuple(layer.shape)},", f"        {scale!r},"]
        lines += [f'        "{text[i : i + _WIDTH]}"' for i in range(0, len(text), _WIDTH)]
        lines += ["    ),"]
    return "\n".join([*lines, ")", ""])
