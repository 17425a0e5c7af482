"""What a class of things looks like: learned weights, or the table of shapes alone."""

from __future__ import annotations

from typing import Any, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_perception._cloud import F32
from droidlet_perception._features import FEATURES, Looks
from droidlet_perception.shapes import ShapeClass
from droidlet_schema import array, record


@record
class LooksLayer:
    """One layer of a network: rows of `weight` are inputs, columns outputs."""

    weight: NDArray[Any] = array("I O", np.float32)
    bias: NDArray[Any] = array("O", np.float32)


@record
class LooksWeights:
    """A network from the features of a region to its class; layers but the last are rectified.

    `labels` names the outputs; an empty name stands for what is no thing (walls, parts in another colour, mixtures).
    """

    labels: Tuple[str, ...]
    layers: Tuple[LooksLayer, ...]

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for layers that do not fit together."""
        sizes = [FEATURES] + [layer.weight.shape[1] for layer in self.layers]
        inputs = [layer.weight.shape[0] for layer in self.layers]
        if inputs != sizes[:-1] or sizes[-1] != len(self.labels):
            raise ValueError(
                f"LooksWeights: layers take {inputs} and give {sizes[1:]} numbers for {len(self.labels)} labels;"
                f" the first takes {FEATURES}, each next what the one before gives, the last gives one per label"
            )


def learned_scores(weights: LooksWeights, features: F32) -> F32:
    """Probability (K, labels) of each class for feature rows (K, FEATURES)."""
    values = features
    for number, layer in enumerate(weights.layers):
        # einsum, not @: no BLAS, so that the bits do not depend on its threads
        values = np.einsum("ij,jk->ik", values, layer.weight) + layer.bias
        if number + 1 < len(weights.layers):
            values = np.maximum(values, np.float32(0.0))
    return _softmax(values)


def table_scores(classes: Sequence[ShapeClass], looks: Looks) -> F32:
    """Probability (K, classes + 1) of each class by size alone; the last column is "none of them"."""
    columns = [_misfit(shape, looks) for shape in classes]
    columns.append(np.full(len(looks.x), 6.0, np.float32))
    return _softmax(np.stack(columns, axis=1) * np.float32(-1.0))


def _softmax(values: F32) -> F32:
    if values.size == 0:
        return values
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def _misfit(shape: ShapeClass, looks: Looks) -> F32:
    """Half the squared standard deviations by which regions (K,) differ from a class; cut-off sides may be smaller."""
    cut = looks.hidden + looks.border > 0.1 * looks.rim[:, None] / 4
    unsure = 0.03 + looks.pixel_m
    x, y, z = shape.size_m
    low = [shape.body_low_m] + [0.72 + shape.body_low_m] * shape.stands_on
    height = shape.body_high_m - shape.body_low_m
    bottom = np.min([np.abs(looks.z_low - a) for a in low], axis=0)
    bottom = np.where(cut[:, 3] & (looks.z_low > min(low)), 0.0, bottom)
    tall = looks.z_high - looks.z_low - height
    tall = np.where((cut[:, 2] | cut[:, 3]) & (tall < 0), 0.3 * tall, tall)
    narrow = min(x, y) - looks.width
    narrow = np.where(cut[:, 0] | cut[:, 1], 0.3 * narrow, narrow)
    wide = looks.width - (max(x, y) if shape.round else float(np.hypot(x, y)))
    width = np.maximum(np.maximum(narrow, wide), 0.0)
    fill = (
        looks.area.sum(axis=1) / np.maximum(looks.width * (looks.z_high - looks.z_low), 1e-3) - shape.solidity
    )
    spread = unsure + 0.05 * z
    terms = (bottom / (unsure + 0.04)) ** 2 + (tall / spread) ** 2
    terms += (width / (unsure + 0.05 * y)) ** 2 + (fill / 0.25) ** 2
    return np.asarray(0.5 * np.minimum(terms, 60.0), np.float32)
