"""What the memory's benchmark remembers, and bare SQLite that remembers the same: the tables and indexes that its
questions need and nothing else.
"""

from __future__ import annotations

import sqlite3
from typing import Any, List, Sequence, Tuple

from droidlet_schema import MemoryNode, Triple

TAGS = ("_player", "_physical_object", "_animate", "_not_location")
HIT, MANY, TOGGLED = "only_one_has_this", "a_thousand_have_this", "set_and_unset"
SPREAD_M = 1.0  # of a grid that the players stand on
ITS_TAGS = "(SELECT group_concat(tag) FROM tags WHERE player = p.key)"


def player(index: int, *more: str) -> MemoryNode:
    """A player as the benchmark remembers one: a place and five tags, and some more."""
    said = sorted({*TAGS, f"player_{index}", *more})
    place = (SPREAD_M * (index % 1000), SPREAD_M * (index // 1000), 0.0)
    triples = tuple(Triple("has_tag", tag) for tag in said)
    return MemoryNode(f"player/{index}", "Player", index, index, 0, place, (0.5, 0.5, 1.8), triples)


def tags_of(index: int, count: int) -> Tuple[str, ...]:
    """The tags that tell some of `count` players from the rest."""
    many = (MANY,) if index % max(1, count // 1000) == 0 else ()
    return (*many, HIT) if index == count // 2 else many


class Bare:
    """The same players in bare SQLite."""

    def __init__(self) -> None:
        self.run = sqlite3.connect(":memory:", isolation_level=None)
        self.run.execute(
            "CREATE TABLE players(key INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT, created INTEGER,"
            " updated INTEGER, attended INTEGER, x REAL, y REAL, z REAL, sx REAL, sy REAL, sz REAL)"
        )
        self.run.execute(
            "CREATE TABLE tags(player INTEGER, tag TEXT, PRIMARY KEY(player, tag)) WITHOUT ROWID"
        )
        self.run.execute("CREATE INDEX tags_by_tag ON tags(tag, player)")
        self.run.execute("CREATE VIRTUAL TABLE places USING rtree(player, x0, x1, y0, y1, z0, z1)")

    def add(self, node: MemoryNode) -> None:
        """One transaction."""
        self.run.execute("BEGIN")
        self._insert(node)
        self.run.execute("COMMIT")

    def _insert(self, node: MemoryNode) -> None:
        (x, y, z), (a, b, c) = node.position_m or (0, 0, 0), node.size_m or (0, 0, 0)
        key = self.run.execute(
            "INSERT INTO players(id, type, created, updated, attended, x, y, z, sx, sy, sz)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (node.id, node.node_type, node.created_ns, node.updated_ns, 0, x, y, z, a, b, c),
        ).lastrowid
        self.run.executemany("INSERT INTO tags VALUES(?, ?)", [(key, t.object) for t in node.triples])
        self.run.execute(
            "INSERT INTO places VALUES(?, ?, ?, ?, ?, ?, ?)",
            (key, x - a / 2, x + a / 2, y - b / 2, y + b / 2, z - c / 2, z + c / 2),
        )

    def add_all(self, nodes: Sequence[MemoryNode]) -> None:
        """One transaction for all of them."""
        self.run.execute("BEGIN")
        for node in nodes:
            self._insert(node)
        self.run.execute("COMMIT")

    def tagged(self, tag: str) -> List[Any]:
        """The players with a tag, each with all its tags."""
        return self.run.execute(
            f"SELECT p.*, {ITS_TAGS} FROM tags t CROSS JOIN players p ON p.key = t.player WHERE t.tag = ?",
            (tag,),
        ).fetchall()

    def near(self, x: float, y: float, reach: float) -> List[Any]:
        """The players whose boxes reach into a square, each with all its tags."""
        return self.run.execute(
            f"SELECT p.*, {ITS_TAGS} FROM places b CROSS JOIN players p ON p.key = b.player"
            " WHERE b.x1 >= ? AND b.x0 <= ? AND b.y1 >= ? AND b.y0 <= ?",
            (x - reach, x + reach, y - reach, y + reach),
        ).fetchall()

    def by_id(self, name: str) -> Any:
        """One player with all its tags."""
        return self.run.execute(f"SELECT p.*, {ITS_TAGS} FROM players p WHERE p.id = ?", (name,)).fetchone()
