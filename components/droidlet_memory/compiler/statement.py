"""The one SELECT that a question comes to: the numbers of nodes, and the revision that last wrote each."""

from __future__ import annotations

from collections.abc import Sequence

from droidlet_memory.compiler.pieces import Finder, Piece
from droidlet_memory.compiler.said import of_types
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import NEVER, Sql, joined

COLUMNS = ("type", "created_ns", "updated_ns", "x", "y", "z", "sx", "sy", "sz")
EVERY = Sql("SELECT key AS node FROM nodes WHERE since <= :at UNION SELECT node FROM past WHERE since <= :at")
ATTENDED = """coalesce((SELECT a.ns FROM attended a WHERE a.node = k.key AND a.since <= :at
    ORDER BY a.since DESC LIMIT 1), 0)"""
TOUCHED = """CASE WHEN k.touched <= :at THEN k.touched ELSE
    (SELECT max(r.revision) FROM touches r WHERE r.node = k.key AND r.revision <= :at) END"""
ENDED = """(SELECT v.version FROM past v WHERE v.node = k.key AND v.until > :at ORDER BY v.until LIMIT 1)"""
NOW = {"key": "k.key", "id": "k.id", "attended": "k.attended_ns", **{name: f"k.{name}" for name in COLUMNS}}
THEN = {
    "key": "k.key",
    "id": "k.id",
    "attended": ATTENDED,
    # the version of then stands in the present still, or in the past
    **{n: f"CASE WHEN k.since <= :at THEN k.{n} WHEN n.since <= :at THEN n.{n} END" for n in COLUMNS},
}


def statement(piece: Piece, types: Sequence[int] | None, scope: Scope) -> Sql:
    """SELECT of (key, touched) of what may fit: nodes of some types, or of all (None). Some may come twice."""
    typed = Sql("{type} IS NOT NULL") if types is None else of_types(types, scope).test or NEVER
    finder, rest = piece.finder, piece.test
    if finder is not None:
        rest = finder.rest
    test = typed if rest is None else joined(" AND ", (typed, rest))
    if scope.newest:
        return _present(finder, Sql(test.text.format(**NOW), test.given))
    if finder is None and types is not None:
        finder = of_types(types, scope).finder
    return _past(EVERY if finder is None else finder.keys, Sql(test.text.format(**THEN), test.given))


def _present(finder: Finder | None, test: Sql) -> Sql:
    if finder is None:
        return Sql("SELECT k.key, k.touched FROM nodes k WHERE ") + test
    found = Sql("SELECT k.key, k.touched FROM (") + finder.keys
    return found + ") d CROSS JOIN nodes k ON k.key = d.node WHERE " + test


def _past(keys: Sql, test: Sql) -> Sql:
    found = Sql(f"SELECT k.key, {TOUCHED} FROM (") + keys + ") d CROSS JOIN nodes k ON k.key = d.node"
    ended = f" LEFT JOIN past n ON n.version = CASE WHEN k.since > :at THEN {ENDED} END WHERE "
    return found + ended + test
