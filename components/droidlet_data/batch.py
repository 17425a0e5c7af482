"""A sample: stacked rows as a mapping, and which rows they are."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_data.layout import nested


@attrs.frozen(eq=False)
class Batch(Mapping[str, Any]):
    """`batch["obs"]` is a column, (n, *shape of one), or (n, length, *shape of one) of sequences; tables where the
    rows had tables. The arrays are the caller's own.

    numbers: which rows, in the store's own count, shaped like the leading axes of a column, -1 for padding.
    mask: True where there is a row, False for padding, which is zeros.
    weights: (n,) importance weights of a sample by priority, at most 1.
    future, ahead: of a sample with futures, a later row of the same episode by column, and how many steps later, (n,).
    """

    rows: Mapping[str, Any]
    numbers: NDArray[np.int64]
    mask: NDArray[np.bool_]
    weights: Optional[NDArray[np.float64]] = None
    future: Optional[Mapping[str, Any]] = None
    ahead: Optional[NDArray[np.int64]] = None

    def __getitem__(self, name: str) -> Any:
        """A column. Raises KeyError."""
        return self.rows[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the columns."""
        return iter(self.rows)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self.rows)


def batch_of(arrays: Mapping[str, NDArray[Any]], numbers: NDArray[np.int64], **more: Any) -> Batch:
    """A batch of columns by path; what is padding in `numbers` is set to zero in place."""
    mask = numbers >= 0
    if not mask.all():
        for array in arrays.values():
            array[~mask] = 0
    return Batch(nested(arrays), numbers, mask, **more)
