"""Hypothesis strategies derived from the same lines that declare the fields (extra `testing`).

    from droidlet_schema.strategies import of
    observations = of(Observation)                   # whatever it takes: NaN, empty arrays, strided views
    observations = of(Observation, moderate=True)    # only finite numbers of everyday size

A record narrows what is generated for it by a static method that is handed `hypothesis.strategies` and
returns strategies for some of its fields:

    @staticmethod
    def __strategy__(st):
        return {"score": st.floats(0, 1)}
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import kinds, scalars
from droidlet_schema.arrays import ShapePattern
from droidlet_schema.fields import kind_of
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.levels import Levels, records_in
from droidlet_schema.scalars import Kind

try:
    import hypothesis.strategies as st
    from hypothesis.extra import numpy as st_numpy
except ImportError:
    raise ImportError(
        "droidlet_schema.strategies needs Hypothesis: install droidlet-style[testing]"
    ) from None

Strategy = st.SearchStrategy[Any]
EXTRA_LEVELS = 5  # how far beyond its smallest value a recursive record grows
_MODERATE_FLOAT, _MODERATE_INT = 1e4, 2**31


def of(
    kind_or_hint: Any,
    *,
    fields: Optional[Mapping[str, Strategy]] = None,
    moderate: bool = False,
    max_length: int = 4,
    max_axis: int = 8,
) -> Strategy:
    """A strategy for the values of a record class or any other field type.

    `fields` replaces the strategies of single fields of the record asked for. `moderate` leaves out NaN,
    infinities and numbers beyond 1e4 (floats) or 2^31 (ints). Tuples, maps and text hold up to `max_length`
    items (2 where these are large), array axes are 0 to `max_axis` long; an axis name has one length within
    each record. Values that a record's own check refuses with a ValueError are left out. Raises SchemaError
    for what is no field type, ValueError for unknown `fields` and for types that have no finite value.
    """
    kind = kind_or_hint if isinstance(kind_or_hint, Kind) else kind_of(kind_or_hint)
    levels = Levels()
    smallest = levels.smallest(kind)
    if smallest == float("inf"):
        raise ValueError(
            f"{kind.name} has no finite value: give a field that leads back to it a default or an Optional"
        )
    maker = _Maker(levels, moderate, max_length, max_axis)
    budget = int(smallest) + EXTRA_LEVELS
    if fields is None:
        return maker.make(kind, budget)
    if not isinstance(kind, kinds.RecordKind) or not set(fields) <= set(kind.spec.names):
        raise ValueError(
            "{}: fields replaces fields of a record, got {}".format(kind.name, ", ".join(fields))
        )
    return maker.record(kind, budget, fields)


class _Maker:
    """Makes strategies for kinds, each once per budget of recursion levels."""

    def __init__(self, levels: Levels, moderate: bool, max_length: int, max_axis: int) -> None:
        self.levels, self.moderate, self.max_length, self.max_axis = levels, moderate, max_length, max_axis
        self.made: Dict[Tuple[Any, int], Strategy] = {}

    def make(self, kind: Kind, budget: int) -> Strategy:
        key = (kind.cls if isinstance(kind, kinds.RecordKind) else kind, budget)
        if key not in self.made:
            self.made[key] = self._new(kind, budget)
        return self.made[key]

    def _new(self, kind: Kind, budget: int) -> Strategy:
        if isinstance(kind, kinds.RecordKind):
            return self.record(kind, budget, {})
        if isinstance(kind, kinds.UnionKind):
            return st.one_of(
                [self.make(k, budget) for k in kind.members if self.levels.smallest(k) <= budget]
            )
        if isinstance(kind, kinds.TupleKind):
            return st.tuples(*(self.make(k, budget) for k in kind.items))
        if isinstance(kind, kinds.SequenceKind):
            return self._sequence(kind, budget)
        if isinstance(kind, kinds.MapKind):
            return self._map(kind, budget)
        if isinstance(kind, kinds.ArrayKind):
            return self.array(kind, {})
        return self._scalar(kind)

    def _scalar(self, kind: Kind) -> Strategy:
        if isinstance(kind, scalars.LiteralKind):
            return st.sampled_from(kind.values)
        if isinstance(kind, scalars.FloatKind):
            return st.floats(-_MODERATE_FLOAT, _MODERATE_FLOAT) if self.moderate else st.floats()
        if isinstance(kind, scalars.IntKind):
            return (
                st.integers(-_MODERATE_INT, _MODERATE_INT)
                if self.moderate
                else st.integers(scalars.INT_MIN, scalars.INT_MAX)
            )
        if isinstance(kind, scalars.StrKind):
            return _text(2 * self.max_length)
        if isinstance(kind, scalars.BytesKind):
            return st.binary(max_size=2 * self.max_length)
        return st.booleans() if isinstance(kind, scalars.BoolKind) else st.none()

    def _sequence(self, kind: kinds.SequenceKind, budget: int) -> Strategy:
        if self.levels.smallest(kind.item) > budget:
            return st.just(())
        return st.lists(self.make(kind.item, budget), max_size=self._length(kind.item)).map(tuple)

    def _map(self, kind: kinds.MapKind, budget: int) -> Strategy:
        if self.levels.smallest(kind.value) > budget:
            return st.builds(FrozenMap)
        entries = st.dictionaries(
            self.make(kind.key, budget), self.make(kind.value, budget), max_size=self._length(kind.value)
        )
        return entries.map(FrozenMap)

    def _length(self, item: Kind) -> int:
        large = self.levels.unbounded(item) or any(one.spec.arrays for one in records_in(item).values())
        return min(2, self.max_length) if large else self.max_length

    def record(self, kind: kinds.RecordKind, budget: int, replaced: Mapping[str, Strategy]) -> Strategy:
        """Values of a record class; `replaced` fields come from these strategies instead."""
        own = getattr(kind.cls, "__strategy__", None)
        given = {**(own(st) if own else {}), **replaced}
        inner = budget - 1 if self.levels.leads_back(kind) else budget
        plain = {
            n: self.make(k, inner)
            for n, k in kind.spec.kinds.items()
            if n not in given and n not in kind.spec.arrays
        }
        arrays = {n: k for n, k in kind.spec.arrays.items() if n not in given}
        made = _record(self, kind, {**plain, **given}, arrays)
        return made.filter(lambda value: value is not None)

    def array(self, kind: kinds.ArrayKind, bound: Dict[str, int]) -> Strategy:
        """Arrays of a kind, with axis names already bound to lengths (new ones are bound as it draws)."""
        return _array(self, kind, bound)

    def elements(self, dtype: np.dtype[Any]) -> Strategy:
        """What an array of this dtype holds."""
        if not self.moderate or dtype.kind == "b":
            return st_numpy.from_dtype(dtype)
        if dtype.kind == "c":
            part = st.floats(-_MODERATE_FLOAT, _MODERATE_FLOAT, width=32)
            return st.builds(complex, part, part)
        if dtype.kind == "f":
            return st_numpy.from_dtype(dtype, min_value=-_MODERATE_FLOAT, max_value=_MODERATE_FLOAT)
        low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
        return st.integers(max(low, -_MODERATE_INT), min(high, _MODERATE_INT))


def _text(max_size: int) -> Strategy:
    made = st.text(max_size=max_size)
    made.validate()  # loads the table of characters now: at the first draw it would count as slow generation
    return made


@st.composite
def _record(
    draw: st.DrawFn,
    maker: _Maker,
    record: kinds.RecordKind,
    plain: Dict[str, Strategy],
    arrays: Dict[str, kinds.ArrayKind],
) -> Any:
    bound: Dict[str, int] = {}
    values: Dict[str, Any] = {}
    for name, kind in arrays.items():
        absent = name in record.spec.maybe and draw(st.booleans())
        values[name] = None if absent else draw(maker.array(kind, bound))
    for name, strategy in plain.items():
        values[name] = draw(strategy)
    try:
        return record.cls(**values)
    except ValueError:  # a check of the record's own
        return None


@st.composite
def _array(draw: st.DrawFn, maker: _Maker, kind: kinds.ArrayKind, bound: Dict[str, int]) -> NDArray[Any]:
    shape = draw(_shapes(kind.pattern, bound, maker.max_axis))
    made = draw(st_numpy.arrays(kind.dtype, shape, elements=maker.elements(kind.dtype)))
    layout = draw(st.sampled_from(("C", "F", "strided")))
    if layout == "strided" and shape:
        return _strided(made)
    return np.array(made, order="F" if layout == "F" else "C")


@st.composite
def _shapes(draw: st.DrawFn, pattern: ShapePattern, bound: Dict[str, int], max_axis: int) -> Tuple[int, ...]:
    lengths = st.integers(0, max_axis)
    shape: List[int] = []
    for axis in pattern:
        if axis == "...":
            shape += draw(st.lists(st.integers(0, 3), max_size=2))
        elif isinstance(axis, int):
            shape.append(axis)
        elif axis == "_":
            shape.append(draw(lengths))
        else:
            if axis not in bound:
                bound[axis] = draw(lengths)
            shape.append(bound[axis])
    return tuple(shape)


def _strided(values: NDArray[Any]) -> NDArray[Any]:
    """The same values as a read-only view with gaps, which a record keeps as it is."""
    wide = np.zeros((*values.shape[:-1], 2 * values.shape[-1]), values.dtype)
    wide[..., ::2] = values
    wide.setflags(write=False)
    return wide[..., ::2]
