"""What one commit did to nodes, as rows. Called inside a transaction; nothing here begins or ends one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from sqlite3 import Connection
from typing import NamedTuple, Optional

from droidlet_memory.asking import position_of, size_of
from droidlet_memory.mentioning import texts_held
from droidlet_memory.ordering import order_of
from droidlet_memory.store.rows import Row, box, pack_said, span_of, unpack_said, version_columns
from droidlet_memory.store.words import Words
from droidlet_schema import MemoryNode


class Stand(NamedTuple):
    """How an id stands before a commit: the node's number, the node (None: forgotten), since when it is in
    this version, when it was last written, what is said of it (as rows.pack_said has it).
    """

    key: int
    node: MemoryNode | None
    since: int
    touched: int
    said: bytes | None


Written = tuple[str, Optional[Stand], Optional[MemoryNode]]
"""An id, how it stood (None: never used), what it is now (None: forgotten)."""
Rows = defaultdict[str, list[Row]]

INSERTS = {
    "nodes": 18,
    "triples": 4,
    "places": 7,
    "past_types": 5,
    "ended": 5,
    "past_places": 9,
    "touches": 2,
    "attended": 3,
}
SQL = {
    "end version": """INSERT INTO past SELECT ?, key, type, since, ?, created_ns, updated_ns,
        x, y, z, sx, sy, sz, body FROM nodes WHERE key = ?""",
    "end triple": "INSERT INTO past_triples VALUES(NULL, ?, ?, ?, ?, ?, ?, ?)",
    "drop triple": "DELETE FROM triples WHERE said = ? AND node = ?",
    "leave place": "DELETE FROM places WHERE node = ?",
    "span": "INSERT OR IGNORE INTO spans VALUES(?, ?)",
    "hold": "INSERT OR IGNORE INTO held VALUES(?, ?)",
    **{t: f"INSERT INTO {t} VALUES({', '.join('?' * n)})" for t, n in INSERTS.items()},
    "touch": "UPDATE nodes SET touched = ?, attended_ns = ?, said = ? WHERE key = ?",
    "become": """UPDATE nodes SET type = ?, since = ?, touched = ?, created_ns = ?, updated_ns = ?,
        x = ?, y = ?, z = ?, sx = ?, sy = ?, sz = ?, body = ?, attended_ns = ?, said = ? WHERE key = ?""",
    "forget": "UPDATE nodes SET type = NULL, since = ?, touched = ?, body = NULL, said = NULL WHERE key = ?",
}
"""In the order in which a commit does it."""
NOWHERE = (None,) * 8


class Writer:
    """Writes commits into one open store; it alone gives numbers to nodes and versions."""

    def __init__(self, connection: Connection, words: Words) -> None:
        self._words = words
        self._cursor = connection.cursor()  # one for all: making them takes a share of a commit
        self._run, self._run_many = self._cursor.execute, self._cursor.executemany
        self.recount()

    def close(self) -> None:
        """Lets go of the connection, which is not closed before."""
        self._cursor.close()

    def recount(self) -> None:
        """Finds the next free numbers: at the beginning, and after a rollback."""
        one = self._run
        self._key: int = one("SELECT coalesce(max(key), 0) + 1 FROM nodes").fetchone()[0]
        self._version: int = one("SELECT coalesce(max(version), 0) + 1 FROM past").fetchone()[0]

    def write(self, revision: int, written: Iterable[Written]) -> dict[int, MemoryNode | None]:
        """Writes what a commit did; the nodes written, by their numbers."""
        rows: Rows = defaultdict(list)
        nodes = {}
        for node_id, stand, node in written:
            if stand is None:
                key = self._key
                self._key += 1
                self._first(rows, revision, key, node_id, node)
            else:
                key = stand.key
                self._again(rows, revision, stand, node)
            nodes[key] = node
        for name, sql in SQL.items():
            if name in rows:
                many = rows[name]
                if len(many) == 1:
                    self._run(sql, many[0])
                else:
                    self._run_many(sql, many)
        self._words.write()
        return nodes

    def _first(self, rows: Rows, revision: int, key: int, node_id: str, node: MemoryNode | None) -> None:
        """An id that was never used."""
        stem, order, _ = order_of(node_id)
        if node is None:  # put and forgotten by the same commit
            rows["nodes"].append((key, node_id, stem, order, None, revision, revision, 0, 0, 0, *NOWHERE))
            return
        number, said = self._words.type_for(node.node_type), self._words.saying(node.triples, revision)
        if said:
            rows["triples"] += [(one, key, revision, sure) for one, (_, sure) in said.items()]
        if node.properties:
            self._hold(rows, key, None, node)
        version, around = _columns(node)
        if around is not None:
            rows["places"].append((key, *around))
        if node.attended_ns:
            rows["attended"].append((key, revision, node.attended_ns))
        times = (number, revision, revision, node.created_ns, node.updated_ns, node.attended_ns)
        rows["nodes"].append((key, node_id, stem, order, *times, *version, pack_said(said)))

    def _again(self, rows: Rows, revision: int, stand: Stand, node: MemoryNode | None) -> None:
        """An id that is known."""
        key, old = stand.key, stand.node
        rows["touches"].append((key, stand.touched))
        said = self._say(rows, revision, stand, node)
        was = None if old is None else (old.node_type, old.created_ns, old.updated_ns, *_columns(old))
        now = None if node is None else (node.node_type, node.created_ns, node.updated_ns, *_columns(node))
        if was is not None and was != now:
            self._end(rows, revision, stand, was[0], was[-1])
        around = (None if was is None else was[-1], None if now is None else now[-1])
        if around[0] != around[1]:
            if around[0] is not None:
                rows["leave place"].append((key,))
            if around[1] is not None:
                rows["places"].append((key, *around[1]))
        if node is None or now is None:
            rows["forget"].append((revision, revision, key))
            return
        if old is None or old.attended_ns != node.attended_ns:
            rows["attended"].append((key, revision, node.attended_ns))
        if was == now:
            rows["touch"].append((revision, node.attended_ns, said, key))
        else:
            head = (self._words.type_for(now[0]), revision, revision, now[1], now[2])
            rows["become"].append((*head, *now[3], node.attended_ns, said, key))
            if node.properties:
                self._hold(rows, key, old, node)

    def _hold(self, rows: Rows, key: int, old: MemoryNode | None, new: MemoryNode) -> None:
        """The texts that properties have come to hold."""
        before = () if old is None else tuple(texts_held(old.properties))
        rows["hold"] += [
            (self._words.said_for(one), key) for one in texts_held(new.properties) if one not in before
        ]

    def _end(self, rows: Rows, revision: int, stand: Stand, node_type: str, around: Row | None) -> None:
        """A version is over."""
        version, self._version = self._version, self._version + 1
        number = self._words.type_for(node_type)
        rows["end version"].append((version, revision, stand.key))
        rows["past_types"].append((version, number, number, stand.since, revision - 1))
        if around is not None:
            rows["past_places"].append((version, *around, stand.since, revision - 1))

    def _say(self, rows: Rows, revision: int, stand: Stand, new: MemoryNode | None) -> bytes | None:
        """What is said of a node from now on, as bytes."""
        before = () if stand.node is None else stand.node.triples
        after = () if new is None else new.triples
        if before is after:
            return stand.said
        said_for, key = self._words.said_for, stand.key
        was, said = unpack_said(stand.said), {}
        for triple in after:
            number, sure = said_for((triple.predicate, triple.object)), triple.confidence
            if number not in was or was[number][1] != sure:
                rows["triples"].append((number, key, revision, sure))
                said[number] = revision, sure
            else:
                said[number] = was.pop(number)
        for number, (since, sure) in was.items():
            span = span_of(revision - since)
            rows["end triple"].append((number, number, key, key, since, revision - 1, sure))
            rows["ended"].append((number, span, revision - 1, key, since))
            rows["span"].append((number, span))
            rows["drop triple"].append((number, key))
        return pack_said(said)


def _columns(node: MemoryNode) -> tuple[Row, Row | None]:
    """A node's version but for its type and times, and the box around it."""
    at, size = position_of(node), size_of(node)
    return version_columns(node, at, size), box(at, size)
