"""Rows in a ring of columns: row number n lies at n % capacity, and the newest `capacity` rows are there."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_data.errors import RowError, whole
from droidlet_data.layout import Arrays, Layout


class Ring:
    """Columns of `capacity` rows; `next` is the number of the row to come. Raises DataError for a capacity below 1."""

    def __init__(self, capacity: int, layout: Optional[Layout] = None) -> None:
        self.capacity = whole("capacity", capacity, "a store holds at least one row, and whole ones")
        self.layout, self.next = layout, 0
        self.arrays: Arrays = {} if layout is None else layout.allocate(self.capacity)

    @property
    def first(self) -> int:
        """The number of the oldest row held."""
        return max(0, self.next - self.capacity)

    def expect(self, layout: Layout) -> Layout:
        """Takes a layout if there is none yet. Raises RowError where it is another one."""
        if self.layout is None:
            self.layout, self.arrays = layout, layout.allocate(self.capacity)
        elif self.layout != layout:
            self.layout.same_as(layout)
        return self.layout

    def write(self, row: Mapping[str, NDArray[Any]]) -> None:
        """Copies one row that fits."""
        at = self.next % self.capacity
        for name, array in self.arrays.items():
            array[at] = row[name]
        self.next += 1

    def write_many(self, columns: Mapping[str, NDArray[Any]], start: int, count: int) -> None:
        """Copies rows start .. start + count - 1 of columns that fit."""
        while count:
            at = self.next % self.capacity
            some = min(count, self.capacity - at)
            for name, array in self.arrays.items():
                array[at : at + some] = columns[name][start : start + some]
            self.next += some
            start, count = start + some, count - some

    def take(self, numbers: NDArray[np.int64]) -> Dict[str, NDArray[Any]]:
        """Copies of rows by number, of any shape, by column: (*shape of numbers, *shape of one)."""
        places = np.where(numbers < 0, 0, numbers % self.capacity)
        return {name: np.take(array, places, axis=0) for name, array in self.arrays.items()}

    def used(self) -> Tuple[List[NDArray[Any]], int]:
        """The columns as they lie, without what was never written, and the number of the row to come."""
        rows = min(self.next, self.capacity)
        return [array[:rows] for array in self.arrays.values()], self.next

    def restore(self, columns: List[NDArray[Any]], following: int) -> None:
        """Puts back what `used` gave. Raises RowError where it does not fit."""
        rows = min(following, self.capacity)
        if len(columns) != len(self.arrays) or following < 0:
            raise RowError(f"{len(columns)} columns: expected {len(self.arrays)}")
        for array, column in zip(self.arrays.values(), columns):
            if column.shape != (rows, *array.shape[1:]) or column.dtype != array.dtype:
                raise RowError(
                    f"a column of {column.dtype} {column.shape}: expected {array.dtype}, {rows} rows"
                )
            array[:rows] = column
        self.next = following
