"""The nodes of a revision by number, kept with what they are sorted by: what most questions ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from droidlet_memory.ordering import order_of
from droidlet_schema import MemoryNode

KEPT = 65_536  # nodes of the newest revision
THEN_KEPT, MOMENTS = 16_384, 8  # nodes of an older one, and of how many of these
Entry = tuple[str, int, str, MemoryNode]  # the three columns of the order of ids come first


class Moments:
    """A cache for the newest revision, and some for those asked about last."""

    def __init__(self, read: Callable[[int, int], MemoryNode | None]) -> None:
        self._read = read
        self.present = Moment(read, KEPT)
        self._past: dict[int, Moment] = {}

    def forget(self) -> None:
        """Drops what was noted."""
        self.present.forget()
        self._past.clear()

    def at(self, revision: int, newest: bool) -> Moment:
        """The cache for a revision."""
        if newest:
            return self.present
        if revision not in self._past:
            if len(self._past) >= MOMENTS:
                self._past.pop(next(iter(self._past)))
            self._past[revision] = Moment(self._read, THEN_KEPT)
        return self._past[revision]


class Moment:
    """A bounded cache; one that was filled for another revision is emptied."""

    def __init__(self, read: Callable[[int, int], MemoryNode | None], most: int) -> None:
        self._read, self._most = read, most
        self._entries: dict[int, Entry] = {}
        self._revision = 0

    def forget(self) -> None:
        """Drops what was noted."""
        self._entries.clear()

    def wrote(self, revision: int, nodes: Mapping[int, MemoryNode | None]) -> None:
        """Notes what the newest commit wrote."""
        if revision == self._revision + 1:
            self._revision = revision
        self._at(revision)
        for key, node in nodes.items():
            if node is None:
                self._entries.pop(key, None)
            else:
                self._keep(key, node)

    def nodes(
        self, rows: Iterable[tuple[int]], types: frozenset[str] | None, revision: int
    ) -> list[MemoryNode]:
        """The nodes of these numbers that are of some types (None: any), each once, in the order of ids."""
        self._at(revision)
        entries, found = self._entries, []
        for row in dict.fromkeys(rows):
            entry = entries.get(row[0])
            if entry is None:
                node = self._read(row[0], revision)
                if node is None:
                    continue
                entry = self._keep(row[0], node)
            if types is None or entry[3].node_type in types:
                found.append(entry)
        if len(found) > 1:
            found.sort()  # ids differ: two nodes are never compared
        return [entry[3] for entry in found]

    def _at(self, revision: int) -> None:
        if revision != self._revision:
            self._entries.clear()
            self._revision = revision

    def _keep(self, key: int, node: MemoryNode) -> Entry:
        if len(self._entries) >= self._most:
            self._entries.pop(next(iter(self._entries)))
        entry = self._entries[key] = (*order_of(node.id), node)
        return entry
