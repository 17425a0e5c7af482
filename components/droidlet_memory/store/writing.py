"""What one commit did to nodes, as rows. Called inside a transaction; nothing here begins or ends one."""

from __future__ import annotations

from collections.abc import Iterable
from sqlite3 import Connection
from typing import Any, NamedTuple, Optional

from droidlet_memory.store.rows import Row, box, name_columns, version_columns
from droidlet_memory.store.words import Words
from droidlet_schema import MemoryNode


class Stand(NamedTuple):
    """How an id stands before a commit: the node's number, the node (None: forgotten), since when it is in
    this version, when it was last written.
    """

    key: int
    node: MemoryNode | None
    since: int
    touched: int


Written = tuple[str, Optional[Stand], Optional[MemoryNode]]
"""An id, how it stood (None: never used), what it is now (None: forgotten)."""

INSERTS = {
    "nodes": 17,
    "triples": 3,
    "places": 7,
    "past_types": 5,
    "past_places": 9,
    "touches": 2,
    "attended": 3,
}
SQL = {
    **{t: f"INSERT INTO {t} VALUES({', '.join('?' * n)})" for t, n in INSERTS.items()},
    "end version": """INSERT INTO past SELECT ?, key, type, since, ?, created_ns, updated_ns,
        x, y, z, sx, sy, sz, body FROM nodes WHERE key = ?""",
    "end triple": """INSERT INTO past_triples SELECT NULL, said, said, node, node, since, ? FROM triples
        WHERE node = ? AND said = ?""",
    "drop triple": "DELETE FROM triples WHERE node = ? AND said = ?",
    "leave place": "DELETE FROM places WHERE node = ?",
    "touch": "UPDATE nodes SET touched = ?, attended_ns = ? WHERE key = ?",
    "become": """UPDATE nodes SET type = ?, since = ?, touched = ?, created_ns = ?, updated_ns = ?,
        x = ?, y = ?, z = ?, sx = ?, sy = ?, sz = ?, body = ?, attended_ns = ? WHERE key = ?""",
    "forget": "UPDATE nodes SET type = NULL, since = ?, touched = ?, body = NULL WHERE key = ?",
}
ORDER = ("end version", "end triple", "drop triple", "leave place", *INSERTS, "touch", "become", "forget")


class Writer:
    """Writes commits into one open store; it alone gives numbers to nodes and versions."""

    def __init__(self, connection: Connection, words: Words) -> None:
        self._connection, self._words = connection, words
        self.recount()

    def recount(self) -> None:
        """Finds the next free numbers: at the beginning, and after a rollback."""
        one = self._connection.execute
        self._key: int = one("SELECT coalesce(max(key), 0) + 1 FROM nodes").fetchone()[0]
        self._version: int = one("SELECT coalesce(max(version), 0) + 1 FROM past").fetchone()[0]

    def write(self, revision: int, written: Iterable[Written]) -> dict[str, int]:
        """Writes what a commit did; the numbers of the nodes written, by id."""
        rows: dict[str, list[Row]] = {name: [] for name in ORDER}
        keys = {}
        for node_id, stand, node in written:
            if stand is None:
                keys[node_id] = self._first(rows, revision, node_id, node)
            else:
                keys[node_id] = stand.key
                self._again(rows, revision, stand, node)
        run = self._connection.executemany
        for name, many in rows.items():
            if many:
                run(SQL[name], many)
        self._words.learn()
        return keys

    def _first(self, rows: dict[str, list[Row]], revision: int, node_id: str, node: MemoryNode | None) -> int:
        """An id that was never used."""
        key, self._key = self._key, self._key + 1
        names = (key, *name_columns(node_id))
        if node is None:  # put and forgotten by the same commit
            rows["nodes"].append((*names, None, revision, revision, 0, 0, 0, *(None,) * 7))
            return key
        created, updated, *places, body = version_columns(node)
        number = self._words.type_for(node.node_type)
        times = (created, updated, node.attended_ns)
        rows["nodes"].append((*names, number, revision, revision, *times, *places, body))
        self._attend(rows, key, revision, 0, node.attended_ns)
        self._say(rows, key, revision, None, node)
        self._place(rows, key, None, node)
        return key

    def _again(
        self, rows: dict[str, list[Row]], revision: int, stand: Stand, node: MemoryNode | None
    ) -> None:
        """An id that is known."""
        key, old = stand.key, stand.node
        rows["touches"].append((key, stand.touched))
        self._say(rows, key, revision, old, node)
        self._place(rows, key, old, node)
        same = old is not None and node is not None and _same_version(old, node)
        if old is not None and not same:
            self._end(rows, key, revision, stand.since, old)
        if node is None:
            rows["forget"].append((revision, revision, key))
            return
        if old is None or old.attended_ns != node.attended_ns:
            rows["attended"].append((key, revision, node.attended_ns))
        if same:
            rows["touch"].append((revision, node.attended_ns, key))
        else:
            number, columns = self._words.type_for(node.node_type), version_columns(node)
            rows["become"].append((number, revision, revision, *columns, node.attended_ns, key))

    def _end(self, rows: dict[str, list[Row]], key: int, revision: int, since: int, old: MemoryNode) -> None:
        version, self._version = self._version, self._version + 1
        number = self._words.type_for(old.node_type)
        rows["end version"].append((version, revision, key))
        rows["past_types"].append((version, number, number, since, revision - 1))
        around = box(old)
        if around is not None:
            rows["past_places"].append((version, *around, since, revision - 1))

    def _say(
        self,
        rows: dict[str, list[Row]],
        key: int,
        revision: int,
        old: MemoryNode | None,
        new: MemoryNode | None,
    ) -> None:
        before, after = _said(old), _said(new)
        if before == after:
            return
        number = self._words.said_for
        for pair in before:
            if pair not in after:
                ended = number(pair)
                rows["end triple"].append((revision - 1, key, ended))
                rows["drop triple"].append((key, ended))
        rows["triples"].extend([(key, number(pair), revision) for pair in after if pair not in before])

    def _place(
        self, rows: dict[str, list[Row]], key: int, old: MemoryNode | None, new: MemoryNode | None
    ) -> None:
        before, after = None if old is None else box(old), None if new is None else box(new)
        if before == after:
            return
        if before is not None:
            rows["leave place"].append((key,))
        if after is not None:
            rows["places"].append((key, *after))

    def _attend(self, rows: dict[str, list[Any]], key: int, revision: int, before: int, now: int) -> None:
        if before != now:
            rows["attended"].append((key, revision, now))


def _said(node: MemoryNode | None) -> dict[tuple[str, str], None]:
    return {} if node is None else {(t.predicate, t.object): None for t in node.triples}


def _same_version(old: MemoryNode, new: MemoryNode) -> bool:
    return (
        old.node_type == new.node_type
        and (old.created_ns, old.updated_ns) == (new.created_ns, new.updated_ns)
        and version_columns(old) == version_columns(new)
    )
