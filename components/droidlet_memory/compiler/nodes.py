"""The nodes of a store at one revision, read when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from droidlet_schema import MemoryNode


class Unread(Sequence[MemoryNode]):
    """Nodes that are read when somebody looks, and then kept."""

    def __init__(self, read: Callable[[], Sequence[MemoryNode]]) -> None:
        self._read = read
        self._nodes: Sequence[MemoryNode] | None = None

    def _all(self) -> Sequence[MemoryNode]:
        if self._nodes is None:
            self._nodes = self._read()
        return self._nodes

    @overload
    def __getitem__(self, index: int) -> MemoryNode: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[MemoryNode]: ...
    def __getitem__(self, index: int | slice) -> MemoryNode | Sequence[MemoryNode]:
        """The nodes at a place, in the order of ids."""
        return self._all()[index]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all())

    def __iter__(self) -> Iterator[MemoryNode]:
        """One after the other."""
        return iter(self._all())
