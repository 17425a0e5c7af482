"""Where clauses as pieces of SQL. What this cannot say is left to `droidlet_memory.conditions`, node by node."""

from __future__ import annotations

from droidlet_memory.asking import MAX_DEPTH
from droidlet_memory.compiler import columns, said
from droidlet_memory.compiler.pieces import UNSAID, Piece, both, either, negated
from droidlet_memory.compiler.scope import Scope
from droidlet_memory.compiler.sql import NEVER
from droidlet_schema import And, Comparator, Happened, Not, Or, Triple, TriplePattern, Where


def piece(where: Where, scope: Scope, depth: int = 0) -> Piece:
    """What a clause comes to."""
    if depth > MAX_DEPTH:
        return Piece(NEVER)
    if isinstance(where, Triple):
        return said.triple(where, scope)
    if isinstance(where, TriplePattern):
        return said.pattern(where, scope)
    if isinstance(where, Comparator):
        return columns.compared(where, scope)
    if isinstance(where, Happened):
        return columns.happened(where)
    if isinstance(where, Not):
        return negated(piece(where.clause, scope, depth + 1))
    pieces = [piece(clause, scope, depth + 1) for clause in where.clauses]
    if isinstance(where, And):
        return both(pieces)
    return either(pieces) if isinstance(where, Or) else UNSAID
