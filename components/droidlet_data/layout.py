"""The layout of rows: which columns they have, of which dtype and shape; found once, then every row is held to it."""

from __future__ import annotations

import math
from typing import Any, Dict, Iterator, Mapping, Optional, Sequence, Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_data.errors import RowError

Arrays = Dict[str, NDArray[Any]]  # by column: (rows, *shape of one)
Plain = Tuple[Tuple[str, str, Tuple[int, ...]], ...]  # name, dtype, shape of one row, by column
SEPARATOR = "/"
_KINDS = "biufc"  # bool, signed, unsigned, float, complex
_SCALARS: Dict[str, type] = {"<f8": float, "<i8": int, "|b1": bool}
_WHOLE = 1 << 63
_MOST_AXES = 16


@attrs.frozen
class Layout:
    """The columns of a store in order of their names: `{"obs": {"rgb": ...}}` has the column "obs/rgb"."""

    dtypes: Mapping[str, np.dtype[Any]]
    shapes: Mapping[str, Tuple[int, ...]]
    sizes: Mapping[str, int] = attrs.field(init=False, eq=False, repr=False)  # bytes of one row, by column
    row_bytes: int = attrs.field(init=False, eq=False, repr=False)
    _quick: Any = attrs.field(
        init=False, eq=False, repr=False
    )  # by column, with Python's type that fits as it is
    _plain: Plain = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """What is asked for again and again. Raises RowError where a row holds nothing at all."""
        shapes = {name: math.prod(shape) for name, shape in self.shapes.items()}
        sizes = {name: dtype.itemsize * shapes[name] for name, dtype in self.dtypes.items()}
        object.__setattr__(self, "sizes", sizes)
        object.__setattr__(self, "row_bytes", sum(sizes.values()))
        if not self.row_bytes:  # any number of them could come in no time, and take for ever
            raise RowError(f"columns are {', '.join(self.shapes)}: all of them are empty")
        scalar = {
            name: None if shape else _SCALARS.get(self.dtypes[name].str)
            for name, shape in self.shapes.items()
        }
        quick = tuple((name, self.shapes[name], dtype, scalar[name]) for name, dtype in self.dtypes.items())
        object.__setattr__(self, "_quick", quick)
        plain = tuple((name, dtype.str, self.shapes[name]) for name, dtype in self.dtypes.items())
        object.__setattr__(self, "_plain", plain)

    @staticmethod
    def of(row: Mapping[str, Any]) -> Layout:
        """The layout of one example row. Raises RowError for what is no number or array of numbers."""
        arrays = {name: _array(name, value) for name, value in flat(row)}
        if not arrays:
            raise RowError("row is empty: expected at least one column")
        names = sorted(arrays)
        return Layout({n: arrays[n].dtype for n in names}, {n: arrays[n].shape for n in names})

    @staticmethod
    def from_plain(plain: Any) -> Layout:
        """The layout that `plain` told of. Raises RowError for anything else."""
        try:
            found = {str(name): (np.dtype(str(dtype)), _shape(shape)) for name, dtype, shape in plain}
        except (TypeError, ValueError, OverflowError) as error:
            raise RowError(
                f"columns are {str(plain)[:80]}: expected (name, dtype, shape) each: {error}"
            ) from None
        if not found or len(found) != len(plain) or any(d.kind not in _KINDS for d, _ in found.values()):
            raise RowError(f"columns are {str(plain)[:80]}: expected names of their own, and numbers")
        names = sorted(found)
        return Layout({n: found[n][0] for n in names}, {n: found[n][1] for n in names})

    def plain(self) -> Plain:
        """Name, dtype and shape of one row, by column."""
        return self._plain

    def allocate(self, rows: int) -> Arrays:
        """Room for so many rows; not cleared."""
        return {name: np.empty((rows, *self.shapes[name]), dtype) for name, dtype in self.dtypes.items()}

    def check(self, row: Mapping[str, Any]) -> Arrays:
        """One row as arrays by column that fit. Raises RowError."""
        made = self._fitting(row)
        if made is not None:
            return made
        made = {}
        for name, value in flat(row):
            shape = self.shapes.get(name)
            if shape is None:
                raise RowError(f"column {name!r} is unknown: this store has {', '.join(self.shapes)}")
            array = _array(name, value)
            if array.shape != shape:
                raise RowError(f"column {name!r} has shape {array.shape}: this store's is {shape}")
            if array.dtype != self.dtypes[name]:
                _check_fits(name, array, self.dtypes[name])
            made[name] = array
        if len(made) != len(self.shapes):
            missing = sorted(self.shapes.keys() - made.keys())
            raise RowError(f"column {', '.join(missing)} is missing in the row")
        return made

    def _fitting(self, row: Mapping[str, Any]) -> Optional[Arrays]:
        """A row without tables within it, if all of it fits as it is: most do, and this is quick."""
        if type(row) is not dict or len(row) != len(self._quick):
            return None
        value: Any
        for name, shape, dtype, scalar in self._quick:
            value = row.get(name)
            kind = type(value)
            numpys = kind is np.ndarray or isinstance(value, np.generic)
            if kind is scalar:
                if kind is int and not -_WHOLE <= value < _WHOLE:
                    return None
            elif not numpys or value.shape != shape or value.dtype != dtype:
                return None
        return row

    def columns(self, rows: Mapping[str, Any]) -> Tuple[Arrays, int]:
        """Stacked rows as arrays by column, and how many rows they are. Raises RowError."""
        count = self._stacked(rows) if type(rows) is dict else None
        if count is not None:
            return rows, count  # type: ignore[return-value]
        return self._checked({name: _array(name, value) for name, value in flat(rows)})

    def named(self, columns: Sequence[Any]) -> Tuple[Arrays, int]:
        """Arrays that came in the order of the layout, by name, and how many rows they are. Raises RowError."""
        if len(columns) != len(self.dtypes):
            raise RowError(f"{len(columns)} columns came: this store has {len(self.dtypes)}")
        named = dict(zip(self.dtypes, columns))
        count = self._stacked(named)
        if count is not None:
            return named, count
        return self._checked({n: _array(n, value) for n, value in zip(self.dtypes, columns)})

    def _stacked(self, rows: Dict[str, Any]) -> Optional[int]:
        """How many rows these are, if all of it fits as it is: most do, and this is quick."""
        if len(rows) != len(self._quick):
            return None
        count = -1
        for name, shape, dtype, _ in self._quick:
            value = rows.get(name)
            if type(value) is not np.ndarray or value.dtype != dtype:
                return None
            if count < 0:
                count = len(value) if value.ndim else -1
            if value.shape != (count, *shape):
                return None
        return count

    def _checked(self, arrays: Arrays) -> Tuple[Arrays, int]:
        if arrays.keys() != self.dtypes.keys():
            raise RowError(
                f"columns are {', '.join(sorted(arrays))}: this store has {', '.join(self.dtypes)}"
            )
        first = next(iter(arrays.values()))
        count = first.shape[0] if first.shape else -1
        for name, value in arrays.items():
            if value.shape != (count, *self.shapes[name]):
                wanted = ("rows", *self.shapes[name])
                raise RowError(
                    f"column {name!r} has shape {value.shape}: expected {wanted}, as many rows in each"
                )
            if value.dtype != self.dtypes[name]:
                _check_fits(name, value, self.dtypes[name])
        return arrays, count

    def same_as(self, other: Layout) -> None:
        """Raises RowError that names what differs."""
        ours, theirs = ({name: one for name, *one in each.plain()} for each in (self, other))
        for name in sorted({*ours, *theirs}):
            came, held = theirs.get(name), ours.get(name)
            if came != held:
                texts = ["missing" if one is None else f"{one[0]} {one[1]}" for one in (came, held)]
                raise RowError(
                    f"rows of another layout: column {name!r} is {texts[0]}, in this store {texts[1]}; it has "
                    f"{', '.join(ours)}, from its first row, its `example`, or the file that it was saved in"
                )


def flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[Tuple[str, Any]]:
    """The leaves of nested tables by their paths. Raises RowError for what is no table, and for names that are no text
    or hold a "/".
    """
    if not isinstance(row, Mapping):
        raise RowError(f"row is {str(row)[:60]!r}: expected a table of columns")
    for name, value in row.items():
        if type(name) is not str or SEPARATOR in name or not name:
            raise RowError(
                f"column {name!r} has no name that can be told from a path: expected text without '/'"
            )
        if type(value) is not np.ndarray and isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}{SEPARATOR}")
        else:
            yield prefix + name, value


def first_of(rows: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first of stacked rows. Raises RowError where there is none."""
    made = {}
    for name, value in rows.items():
        if not isinstance(value, Mapping) and not len(np.atleast_1d(value)):
            raise RowError(f"column {name!r} has no rows: the first ones tell the layout")
        made[name] = first_of(value) if isinstance(value, Mapping) else np.asarray(value)[0]
    return made


def nested(arrays: Mapping[str, Any]) -> Dict[str, Any]:
    """The inverse of `flat`: tables within tables by the parts of the paths."""
    made: Dict[str, Any] = {}
    for path, value in arrays.items():
        *folders, name = path.split(SEPARATOR)
        table = made
        for folder in folders:
            table = table.setdefault(folder, {})
        table[name] = value
    return made


def _array(name: str, value: Any) -> NDArray[Any]:
    if type(value) is np.ndarray and value.dtype.kind in _KINDS:
        return value
    try:
        made = np.asarray(value)
    except ValueError as error:
        raise RowError(f"column {name!r} is no array: {error}") from None
    if made.dtype.kind not in _KINDS:
        raise RowError(f"column {name!r} is {str(value)[:60]!r}: expected numbers")
    return made


def _check_fits(name: str, made: NDArray[Any], wanted: np.dtype[Any]) -> None:
    """Floats may be rounded, whole numbers must fit as they are. Raises RowError."""
    if np.can_cast(made.dtype, wanted, "safe"):
        return
    if made.dtype.kind in "iu" and wanted.kind in "iu":
        limits = np.iinfo(wanted)
        if not made.size or (int(made.min()) >= limits.min and int(made.max()) <= limits.max):
            return
        raise RowError(f"column {name!r} holds {made.min()} to {made.max()}: this store's is {wanted}")
    if not np.can_cast(made.dtype, wanted, "same_kind"):
        raise RowError(
            f"column {name!r} is {made.dtype}: this store's is {wanted}, from the first row, or an `example`"
        )


def _shape(lengths: Any) -> Tuple[int, ...]:
    shape = tuple(int(length) for length in lengths)
    if len(shape) > _MOST_AXES or min(shape, default=0) < 0:
        raise ValueError(f"shape {shape}: expected at most {_MOST_AXES} lengths that are not negative")
    return shape
