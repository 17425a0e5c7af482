"""Nodes as of a revision, out of the rows of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, takewhile
from sqlite3 import Connection
from struct import error as StructError
from typing import Any

from droidlet_memory.errors import Damaged
from droidlet_memory.ordering import by_number
from droidlet_memory.store.present import FOR_EVER, Moments, Spell, entry_of, make_room
from droidlet_memory.store.rows import node_of, unpack_said
from droidlet_memory.store.words import Words
from droidlet_memory.store.writing import Stand
from droidlet_schema import MemoryNode

KEPT = 32_768  # nodes in the cache
AT_ONCE = 2048  # a commit of more nodes is not kept: they are read where somebody asks for them
IDS_KEPT = 65_536  # of all ids; in a larger store each is looked up

VERSION = "created_ns, updated_ns, x, y, z, sx, sy, sz, body"
NODE = f"key, id, type, since, touched, attended_ns, said, {VERSION}"
BY_ID = f"SELECT {NODE} FROM nodes WHERE id = ?"
BY_KEY = f"SELECT {NODE} FROM nodes WHERE key = ?"
ENDED = f"SELECT type, since, {VERSION} FROM past WHERE node = ? AND until > ? ORDER BY until LIMIT 1"
TOUCHED = "SELECT max(revision) FROM touches WHERE node = ? AND revision <= ?"
NEXT = "SELECT min(revision) FROM touches WHERE node = ? AND revision > ?"
ATTENDED = "SELECT ns FROM attended WHERE node = ? AND since <= ? ORDER BY since DESC LIMIT 1"
WAS_SAID = "SELECT said, since, confidence FROM past_triples WHERE node = ? AND since <= ? AND last >= ?"
IDS = "SELECT id FROM nodes WHERE type IS NOT NULL AND since <= :at AND id >= :low"
HAD_IDS = """SELECT n.id FROM past p JOIN nodes n ON n.key = p.node
    WHERE p.since <= :at AND p.until > :at AND n.id >= :low"""


class Reader:
    """Reads nodes. A node that was written at one revision is the same until the next that wrote it, so it is
    kept under its number and that revision.
    """

    def __init__(self, connection: Connection, words: Words) -> None:
        self._run, self._words = connection.execute, words
        self._nodes: dict[tuple[int, int], MemoryNode | None] = {}
        self._ids: set[str] | None = None
        self.moments = Moments(self._spell)

    def forget(self) -> None:
        """Drops what was noted."""
        self._nodes.clear()
        self.moments.forget()
        self._ids = None

    def note(self, key: int, touched: int, node: MemoryNode | None) -> None:
        """Keeps a node that was just written or read."""
        make_room(self._nodes, KEPT)
        self._nodes[key, touched] = node

    def stand(self, node_id: str) -> Stand | None:
        """How an id stands at the newest revision, for the only writer; None for one never used."""
        if self._ids is None:
            self._ids = {row[0] for row in self._run("SELECT id FROM nodes LIMIT ?", (IDS_KEPT,))}
        if node_id not in self._ids and len(self._ids) < IDS_KEPT:
            return None
        row = self._run(BY_ID, (node_id,)).fetchone()
        return None if row is None else Stand(row[0], self._of(row, row[4]), row[3], row[4], row[6])

    def written(self, revision: int, nodes: Mapping[int, MemoryNode | None], ids: Iterable[str]) -> None:
        """Notes what the newest commit wrote."""
        if len(nodes) <= AT_ONCE:
            for key, node in nodes.items():
                self.note(key, revision, node)
            self.moments.wrote(revision, nodes)
        else:
            self.moments.wrote(revision, dict.fromkeys(nodes))
        if self._ids is not None and len(self._ids) < IDS_KEPT:
            self._ids.update(ids)

    def by_id(self, node_id: str, revision: int) -> MemoryNode | None:
        """The node of an id at a revision."""
        row = self._run(BY_ID, (node_id,)).fetchone()
        return None if row is None else self._of(row, revision)

    def by_key(self, key: int, revision: int) -> MemoryNode | None:
        """The node of a number at a revision."""
        row = self._run(BY_KEY, (key,)).fetchone()
        return None if row is None else self._of(row, revision)

    def _spell(self, key: int, revision: int) -> Spell | None:
        """The node of a number at a revision, with the revisions that wrote it then and next."""
        row = self._run(BY_KEY, (key,)).fetchone()
        node = None if row is None else self._of(row, revision)
        if node is None or row[4] <= revision:
            return None if node is None else Spell(row[4], FOR_EVER, entry_of(node, row[4]))
        (since,), (until,) = (self._run(sql, (key, revision)).fetchone() for sql in (TOUCHED, NEXT))
        return Spell(since, row[4] if until is None else until, entry_of(node, since))

    def by_keys(self, keys: Iterable[int], revision: int) -> list[MemoryNode]:
        """The nodes of numbers at a revision, in the order asked for, less those that are not there then."""
        found = (self.by_key(key, revision) for key in keys)
        return [node for node in found if node is not None]

    def by_touches(self, rows: Iterable[tuple[int, int]]) -> list[MemoryNode]:
        """The nodes of (number, the revision that last wrote it), each once, in the order of ids."""
        nodes, wanted = self._nodes, dict.fromkeys(rows)
        try:
            found = [nodes[row] for row in wanted]
        except KeyError:
            found = [nodes[row] if row in nodes else self.by_key(*row) for row in wanted]
        return sorted([node for node in found if node is not None], key=by_number)

    def _of(self, row: Sequence[Any], revision: int) -> MemoryNode | None:
        """The node of a row of `nodes` as it was at a revision. Raises Damaged for a row that is none."""
        try:
            return self._then(row, revision)
        except (TypeError, ValueError, StructError) as error:
            raise Damaged(f"node {row[0]!r}: {error}") from error

    def _then(self, row: Sequence[Any], revision: int) -> MemoryNode | None:
        key, touched = row[0], row[4]
        if touched > revision:
            touched = self._run(TOUCHED, (key, revision)).fetchone()[0]
            if touched is None:
                return None
        if (key, touched) not in self._nodes:
            self.note(key, touched, self._made(row, touched))
        return self._nodes[key, touched]

    def _made(self, row: Sequence[Any], revision: int) -> MemoryNode | None:
        key, node_id, number, since, touched, attended, packed, *version = row
        numbers = unpack_said(packed)
        if touched > revision:
            told = self._run(ATTENDED, (key, revision)).fetchone()
            attended = told[0] if told else 0
            numbers = {said: saying for said, saying in numbers.items() if saying[0] <= revision}
            for one, since_then, sure in self._run(WAS_SAID, (key, revision, revision)):
                numbers[one] = since_then, sure
        if number is None or since > revision:
            ended = self._run(ENDED, (key, revision)).fetchone()
            if ended is None or ended[1] > revision:
                return None
            number, _, *version = ended
        said_of = self._words.said_of
        said = sorted((*said_of(one), sure) for one, (_, sure) in numbers.items())
        return node_of(node_id, self._words.type_name(number), version, attended, said)

    def ids(self, revision: int, newest: bool, prefix: str = "", first: int | None = None) -> list[str]:
        """The ids that begin with a prefix, in order; or the first so many of them."""
        wanted = IDS if newest else f"{IDS} UNION {HAD_IDS}"
        found = self._run(wanted + " ORDER BY id", {"at": revision, "low": prefix})
        fitting = takewhile(lambda i: i.startswith(prefix), (row[0] for row in found))
        return list(fitting if first is None else islice(fitting, max(first, 0)))

    def keys(self, revision: int, newest: bool, types: Sequence[int] | None = None) -> list[int]:
        """The numbers of the nodes of some types, or of all, in the order of ids."""
        marks = "" if types is None else f"AND type IN ({', '.join('?' * len(types))})"
        wanted = f"SELECT key, stem, number, id FROM nodes WHERE type IS NOT NULL AND since <= ? {marks}"
        given = [revision, *(types or ())]
        if not newest:
            wanted += f""" UNION ALL SELECT n.key, n.stem, n.number, n.id FROM past p
                JOIN nodes n ON n.key = p.node
                WHERE p.since <= ? AND p.until > ? {marks.replace("type", "p.type")}"""
            given += [revision, *given]
        return [row[0] for row in self._run(wanted + " ORDER BY stem, number, id", given)]

    def touched(self, node_id: str, oldest: int, revision: int) -> list[int]:
        """The revisions that wrote an id, from the one that it had at `oldest` on, up to `revision`."""
        row = self._run("SELECT key, touched FROM nodes WHERE id = ?", (node_id,)).fetchone()
        if row is None:
            return []
        earlier = "SELECT revision FROM touches WHERE node = ? AND revision <= ? ORDER BY revision"
        found = [r for (r,) in self._run(earlier, (row[0], revision))]
        if row[1] <= revision:
            found.append(row[1])
        before = [r for r in found if r <= oldest]
        return before[-1:] + [r for r in found if r > oldest]
