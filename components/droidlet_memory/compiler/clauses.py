"""Where clauses as pieces of SQL. What this cannot say is left to `droidlet_memory.conditions`, node by node."""

from __future__ import annotations

from droidlet_memory.compiler import columns, said, texts
from droidlet_memory.compiler.pieces import UNSAID, Piece, both, either, negated
from droidlet_memory.compiler.scope import Question
from droidlet_memory.compiler.sql import NEVER
from droidlet_schema import And, Comparator, Happened, Mentions, Not, Or, Triple, TriplePattern, Where


def piece(where: Where, question: Question) -> Piece:
    """What a clause comes to."""
    if question.asking.too_deep:
        return Piece(NEVER)
    if isinstance(where, Triple):
        return said.triple(where, question.scope)
    if isinstance(where, TriplePattern):
        return said.pattern(where, question)
    if isinstance(where, Comparator):
        return columns.compared(where, question.scope)
    if isinstance(where, Happened):
        return columns.happened(where, question.asking.query)
    if isinstance(where, Mentions):
        return texts.mentions(where, question.scope)
    if isinstance(where, Not):
        return negated(piece(where.clause, question.deeper()))
    pieces = [piece(clause, question.deeper()) for clause in where.clauses]
    if isinstance(where, And):
        return both(pieces)
    return either(pieces) if isinstance(where, Or) else UNSAID
