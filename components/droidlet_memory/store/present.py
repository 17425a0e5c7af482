"""Nodes by number, kept with what they are sorted by and the revisions at which they were so: what most
questions ask for, of the newest revision and of older ones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from droidlet_memory.ordering import order_of
from droidlet_schema import MemoryNode

KEPT = 65_536  # nodes as they are now
THEN_KEPT = 32_768  # nodes as they were before
FOR_EVER = 2**63


Entry = tuple[str, int, str, MemoryNode, int]
"""The three columns of the order of ids, a node, and the revision that wrote it."""


class Spell(NamedTuple):
    """A node as it was from a revision on, and until before another."""

    since: int
    until: int
    entry: Entry


def entry_of(node: MemoryNode, since: int) -> Entry:
    """A node as it is kept."""
    return (*order_of(node.id), node, since)


def make_room(kept: dict[Any, Any], most: int) -> None:
    """Drops the half that came first where there are so many: dropped one by one, each would be looked for behind
    the places of all before it.
    """
    if len(kept) >= most:
        for key in list(islice(kept, (most + 1) // 2)):
            del kept[key]


class Moments:
    """A bounded cache. A node that was last written before an old revision is the same there as now."""

    def __init__(self, read: Callable[[int, int], Spell | None]) -> None:
        self._read = read
        self._now: dict[int, Entry] = {}
        self._then: dict[tuple[int, int], Entry] = {}  # by number and revision
        self._spells: dict[int, list[Spell]] = {}  # by number, the oldest first
        self._count, self._newest = 0, 0

    def forget(self) -> None:
        """Drops what was noted."""
        self._now.clear()
        self._then.clear()
        self._spells.clear()
        self._count = 0

    def wrote(self, revision: int, nodes: Mapping[int, MemoryNode | None]) -> None:
        """Notes what the newest commit wrote: nodes, or None where they are to be read again."""
        if revision == self._newest + 1:
            self._newest = revision
        self._reach(revision)
        for key, node in nodes.items():
            if node is None:
                self._now.pop(key, None)
            else:
                self._keep(key, entry_of(node, revision))

    def nodes(
        self, rows: Iterable[tuple[int]], types: frozenset[str] | None, revision: int
    ) -> list[MemoryNode]:
        """The nodes of these numbers that are of some types (None: any) at a revision, each once, in the order
        of ids.
        """
        self._reach(revision)
        now, then, found = self._now, self._then, []
        for row in dict.fromkeys(rows):
            entry = now.get(row[0])
            if entry is None or entry[4] > revision:
                entry = then.get((row[0], revision)) or self._entry(row[0], revision)
                if entry is None:
                    continue
            if types is None or entry[3].node_type in types:
                found.append(entry)
        if len(found) > 1:
            found.sort()  # ids differ: two nodes are never compared
        return [entry[3] for entry in found]

    def _reach(self, revision: int) -> None:
        """What is kept as the present holds up to the newest revision that was seen, and no further."""
        if revision > self._newest:
            self._now.clear()
            self._newest = revision

    def _entry(self, key: int, revision: int) -> Entry | None:
        """What was not kept yet; None where there was no such node."""
        known = self._spells.get(key, ())
        place = bisect_right(known, (revision, FOR_EVER)) - 1
        spell = known[place] if place >= 0 else None
        if spell is None or spell.until <= revision:
            spell = self._read(key, revision)
            if spell is None:
                return None
            if spell.until == FOR_EVER:
                self._keep(key, spell.entry)
                return spell.entry
            self._keep_spell(key, spell)
        make_room(self._then, THEN_KEPT)
        self._then[key, revision] = spell.entry
        return spell.entry

    def _keep(self, key: int, entry: Entry) -> None:
        make_room(self._now, KEPT)
        self._now[key] = entry

    def _keep_spell(self, key: int, spell: Spell) -> None:
        if self._count >= THEN_KEPT:
            self._spells.clear()
            self._count = 0
        known = self._spells.setdefault(key, [])
        known.insert(bisect_right(known, (spell.since, FOR_EVER)), spell)
        self._count += 1
