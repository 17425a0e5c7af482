"""Clauses about the words in texts: full text search finds the texts, and these the nodes."""

from __future__ import annotations

from droidlet_memory.compiler.pieces import BY_MENTION, Finder, Piece
from droidlet_memory.compiler.said import ENDED
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import NEVER, Sql
from droidlet_memory.mentioning import plain
from droidlet_memory.store.words import NOT_LEARNT
from droidlet_schema import Mentions

# what full text search has not learnt yet is looked through: never much
FOUND = f"""SELECT rowid FROM said_words WHERE said_words MATCH ?
    UNION ALL SELECT id FROM said WHERE {NOT_LEARNT} AND instr(' ' || plain_words(object) || ' ', ?)"""
SAID = "SELECT t.node FROM w CROSS JOIN triples t ON t.said = w.said"
WAS_SAID = f"SELECT p.node FROM w {ENDED}"
IN_PROPERTIES = "SELECT h.node FROM w CROSS JOIN held h ON h.said = w.said"


def mentions(clause: Mentions, scope: Scope) -> Piece:
    """See `Mentions`. Not exact: the texts that a node's properties held once are kept with those of now."""
    words = plain(clause.words)
    if not words:
        return Piece(NEVER)
    parts = (SAID, IN_PROPERTIES) if scope.newest else (f"{SAID} AND t.since <= :at", WAS_SAID, IN_PROPERTIES)
    nodes = " UNION ALL ".join(parts)
    keys = Sql(f"SELECT node FROM (WITH w(said) AS ({FOUND}) {nodes})", (f'"{words}"', f" {words} "))
    return Piece(Sql("{key} IN ") + keys.bracketed(), False, Finder(BY_MENTION, keys))
