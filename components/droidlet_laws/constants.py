"""The constants that the code of a component names: what its branches are likely to ask for."""

from __future__ import annotations

import enum
import re
from contextlib import suppress
from types import CodeType, FunctionType, ModuleType
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Optional, Set, Tuple

import attrs
import numpy as np

from droidlet_laws.asked import Asked
from droidlet_laws.reach import Reach
from droidlet_laws.snapshot import parts_of
from droidlet_laws.source import Node
from droidlet_schema import FrozenMap

MAX_DEPTH, MAX_MEMBERS, MAX_TEXT = 4, 64, 200
COMPARED, HELD, NAMED, PART = range(4)  # how near a constant is to a branch: the nearest are tried first


@attrs.frozen
class Dictionary:
    """What a component is tried with beside its usual inputs, in the order of its worth.

    `numbers` are ints and floats, `between` lie between two numbers of one function, `groups` are texts that
    stand together (in one set, table or function), `dtypes` the names of numpy's dtypes, `shapes` tuples of
    small ints, `separators` what texts are split at. `large` are ints beyond everyday size that may be tried
    all the same: others could be taken for a size, and fill the memory.
    """

    texts: Tuple[str, ...] = ()
    patterns: Tuple[str, ...] = ()
    groups: Tuple[Tuple[str, ...], ...] = ()
    blobs: Tuple[bytes, ...] = ()
    numbers: Tuple[float, ...] = ()
    between: Tuple[float, ...] = ()
    separators: Tuple[str, ...] = ()
    large: FrozenSet[int] = frozenset()
    dtypes: Tuple[str, ...] = ()
    shapes: Tuple[Tuple[int, ...], ...] = ()


def dictionary_of(reach: Reach) -> Dictionary:
    """Everything that a component's own code can reach by name, sorted so that each process finds the same."""
    found = _Collector()
    for code, function in reach.functions.items():
        found.function(code, function, reach.sources.find(code))
    found.value(reach.component, HELD, 0)
    for namespace, name in reach.roots.values():
        found.value(namespace.get(name), HELD, 0)
    for cls in (*reach.classes.values(), type(reach.component)):
        found.attributes(cls)
    return found.done()


class _Collector:
    def __init__(self) -> None:
        self.texts: Dict[str, int] = {}
        self.patterns: Dict[str, int] = {}
        self.blobs: Dict[bytes, int] = {}
        self.numbers: Dict[float, int] = {}
        self.groups: Dict[Tuple[str, ...], None] = {}
        self.between: Dict[float, None] = {}
        self.separators: Dict[str, None] = {}
        self.large: Set[int] = set()
        self.dtypes: Dict[str, None] = {}
        self.shapes: Dict[Tuple[int, ...], None] = {}
        self._met: Set[int] = set()

    def done(self) -> Dictionary:
        for text in [t for t, rank in self.texts.items() if rank < PART]:
            for word in text.split():
                self.texts.setdefault(word, PART)
        return Dictionary(
            _ordered(self.texts),
            _ordered(self.patterns),
            tuple(self.groups),
            _ordered(self.blobs),
            _ordered(self.numbers),
            tuple(self.between),
            tuple(self.separators),
            frozenset(self.large),
            tuple(self.dtypes),
            tuple(self.shapes),
        )

    def function(self, code: CodeType, function: FunctionType, node: Optional[Node]) -> None:
        """What a function compares, then its other constants, its defaults and what it closes over."""
        seen = Asked(node) if node is not None else None
        for value in seen.compared if seen else ():
            self.value(value, COMPARED, 0)
        self.large |= seen.large if seen else set()
        self.separators.update(dict.fromkeys(seen.separators if seen else ()))
        told = seen.told if seen else set()
        told.add(function.__doc__ or "")
        constants = [c for c in _constants(code) if not (isinstance(c, str) and c in told)]
        for value in constants:
            self.value(value, NAMED, 0)
        self._together([c for c in constants if isinstance(c, str)])
        self._between(c for c in constants if type(c) in (int, float))
        for value in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self.value(value, NAMED, 0)
        for cell in function.__closure__ or ():
            try:
                self.value(cell.cell_contents, HELD, 0)
            except ValueError:
                continue
        self._names(code)

    def _names(self, code: CodeType) -> None:
        for name in code.co_names:
            if _DTYPES.fullmatch(name):
                self.dtypes[name] = None
            elif name in ("pi", "tau"):
                for value in (np.pi, np.pi / 2):
                    self.numbers.setdefault(value, NAMED)

    def _between(self, constants: Iterable[float]) -> None:
        known = sorted({float(c) for c in constants if abs(c) < 1e12})
        for first, second in zip(known, known[1:], strict=False):
            self.between[(first + second) / 2] = None

    def _together(self, texts: List[str]) -> None:
        few = tuple(dict.fromkeys(t for t in texts if 0 < len(t) <= 40))
        if len(few) > 1:
            for start in range(0, len(few), 6):
                self.groups[few[start : start + 6]] = None

    def attributes(self, cls: type) -> None:
        """The plain values that a class holds."""
        for name, value in list(vars(cls).items()):
            if not name.startswith("__") and not callable(value) and not hasattr(type(value), "__get__"):
                self.value(value, HELD, 1)

    def value(self, value: Any, rank: int, depth: int) -> None:
        """Adds a value, and what it holds; what answers no question about itself is passed over."""
        with suppress(Exception):
            self._value(value, rank, depth)

    def _value(self, value: Any, rank: int, depth: int) -> None:
        kind = type(value)
        if kind is str:
            self._text(value, rank)
        elif kind in (int, float):
            if value == value and abs(value) < 2**63:
                _add(self.numbers, value, rank)
        elif kind is bytes:
            _add(self.blobs, value[:MAX_TEXT], rank)
        elif kind is re.Pattern:
            if isinstance(value.pattern, str):
                _add(self.patterns, value.pattern, rank)
        elif issubclass(kind, np.generic):
            self.value(value.item(), rank, depth)
        elif depth < MAX_DEPTH and id(value) not in self._met:
            self._inside(value, rank, depth)

    def _text(self, value: str, rank: int) -> None:
        if len(value) <= MAX_TEXT:
            _add(self.texts, value, rank)
            if _DTYPES.fullmatch(value):
                self.dtypes[value] = None
        if _LIKE_PATTERN.search(value):
            _add(self.patterns, value, rank)

    def _inside(self, value: Any, rank: int, depth: int) -> None:
        members = list(_members(value))
        if (
            type(value) is tuple
            and len(members) <= 4
            and all(type(m) is int and 0 < m <= 64 for m in members)
        ):
            self.shapes[tuple(value)] = None
        if members and not isinstance(value, (tuple, frozenset, str)):
            self._met.add(id(value))  # a table can hold itself
        self._together([m for m in members if isinstance(m, str)])
        for member in members:
            self.value(member, rank, depth + 1)


def _add(found: Dict[Any, int], value: Any, rank: int) -> None:
    found[value] = min(rank, found.get(value, rank))


def _ordered(found: Dict[Any, int]) -> Tuple[Any, ...]:
    return tuple(sorted(found, key=found.__getitem__))  # stable: within a rank as they were found


def _members(value: Any) -> Iterator[Any]:
    """What a container, a table, an enum, a small array or an object of the component's own holds."""
    kind = type(value)
    if isinstance(value, (set, frozenset)):
        yield from sorted(value, key=repr)[:MAX_MEMBERS]
    elif isinstance(value, (list, tuple)):
        yield from value[:MAX_MEMBERS]
    elif isinstance(value, (dict, FrozenMap)):
        entries = list(value.items())[:MAX_MEMBERS]
        yield from [key for key, _ in entries]
        yield from [item for _, item in entries]
    elif isinstance(value, np.ndarray):
        if value.size <= MAX_MEMBERS and value.dtype.kind in "iuf":
            yield from list(dict.fromkeys(value.reshape(-1).tolist()))[:8]
    elif isinstance(value, type):
        if issubclass(value, enum.Enum):
            yield from [part for member in value for part in (member.value, member.name)]
    elif isinstance(value, enum.Enum):
        yield from _members(kind)
    elif not isinstance(value, (ModuleType, FunctionType)) and kind.__module__ not in _CLOSED:
        yield from [item for _, item in parts_of(value)][:MAX_MEMBERS]


def _constants(code: CodeType) -> Iterator[Any]:
    """Constants of a code object and of those inside it, sets in an order of their own."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _constants(constant)
        else:
            yield constant


_CLOSED = ("builtins", "numpy", "typing", "types", "abc", "logging", "functools")
_DTYPES = re.compile("bool_?|u?int(8|16|32|64)|float(16|32|64)|complex(64|128)")
_LIKE_PATTERN = re.compile(r"\\[bdswBDSW.]|\(\?|\[[^\]]+\]|[.)\w][*+?](?!\?*$)|\w\|\w|^\^|\$$")
