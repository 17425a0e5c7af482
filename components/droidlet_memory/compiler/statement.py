"""The one SELECT that a question comes to: the numbers of nodes, and the revision that last wrote each."""

from __future__ import annotations

from collections.abc import Sequence

from droidlet_memory.compiler.pieces import Finder, Piece
from droidlet_memory.compiler.said import of_types
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import NEVER, Sql, joined

EVERY = Sql("SELECT key AS node FROM nodes WHERE since <= :at UNION SELECT node FROM past WHERE since <= :at")
ATTENDED = """coalesce((SELECT a.ns FROM attended a WHERE a.node = k.key AND a.since <= :at
    ORDER BY a.since DESC LIMIT 1), 0)"""
TOUCHED = """CASE WHEN k.touched <= :at THEN k.touched ELSE
    (SELECT max(r.revision) FROM touches r WHERE r.node = k.key AND r.revision <= :at) END"""
VERSION_THEN = (
    "(SELECT v.version FROM past v WHERE v.node = k.key AND v.until > :at ORDER BY v.until LIMIT 1)"
)


def statement(piece: Piece, types: Sequence[int] | None, scope: Scope) -> Sql:
    """SELECT of (key, touched) of what may fit: nodes of some types, or of all (None). Some may come twice."""
    typed = Sql("n.type IS NOT NULL") if types is None else of_types(types, scope).test or NEVER
    finder, rest = piece.finder, piece.test
    if finder is not None:
        rest = finder.rest
    test = typed if rest is None else joined(" AND ", (typed, rest))
    if scope.newest:
        return _present(finder, test)
    if finder is None:
        finder = None if types is None else of_types(types, scope).finder
    return _past(EVERY if finder is None else finder.keys, test)


def _present(finder: Finder | None, test: Sql) -> Sql:
    test = Sql(test.text.format(key="n.key", attended="n.attended_ns"), test.given)
    if finder is None:
        return Sql("SELECT n.key, n.touched FROM nodes n WHERE ") + test
    found = Sql("SELECT n.key, n.touched FROM (") + finder.keys
    return found + ") d CROSS JOIN nodes n ON n.key = d.node WHERE " + test


def _past(keys: Sql, test: Sql) -> Sql:
    """Of each node found the version of then: it stands in the present still, or in the past."""
    test = Sql(test.text.format(key="k.key", attended=ATTENDED), test.given)
    found = Sql(f"SELECT k.key, {TOUCHED} FROM (") + keys + ") d CROSS JOIN nodes k ON k.key = d.node "
    still = found + "CROSS JOIN nodes n ON n.key = k.key AND n.since <= :at WHERE " + test
    ended = found + f"CROSS JOIN past n ON n.version = {VERSION_THEN} AND n.since <= :at"
    ended += Sql(" WHERE (k.since > :at OR k.type IS NULL) AND ") + test
    return still + Sql(" UNION ALL ") + ended
