"""What a clause comes to in SQL: a test of a node's row, and a way to find the rows without looking at all.

A test reads the columns of a row `n` and writes {key} for the number of its node and {attended} for when it
was attended to: where those stand depends on whether the row is of the present or of the past. A piece that
is not exact lets too much through, never too little: what it finds is looked at once more, node by node.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from droidlet_memory.compiler.sql import NEVER, Sql, joined

BY_WORD, BY_MENTION, BY_PLACE, BY_TIME, BY_TYPE = 0, 1, 2, 3, 4
"""How much finding rows by an index is worth, the best first."""


class Finder(NamedTuple):
    """A SELECT of the numbers of nodes (some perhaps twice), served by an index; `rest`: what is still to be
    tested.
    """

    rank: int
    keys: Sql
    rest: Sql | None = None


class Piece(NamedTuple):
    """A test (None: it holds for every row), whether it says all, and how to find what may pass it."""

    test: Sql | None = None
    exact: bool = True
    finder: Finder | None = None


ALWAYS = Piece()
NOTHING = Piece(NEVER, True, Finder(BY_WORD, Sql("SELECT 0 AS node WHERE 0")))
UNSAID = Piece(exact=False)
"""Of what SQL cannot say."""


def both(pieces: Sequence[Piece]) -> Piece:
    """All of these hold."""
    finding = (
        min((p.finder.rank, index) for index, p in enumerate(pieces) if p.finder is not None)
        if any(p.finder is not None for p in pieces)
        else None
    )
    finder = None
    if finding is not None:
        chosen = pieces[finding[1]].finder
        others = [p.test for index, p in enumerate(pieces) if index != finding[1]]
        if chosen is not None:
            finder = Finder(chosen.rank, chosen.keys, conjunction([*others, chosen.rest]))
    return Piece(conjunction([p.test for p in pieces]), all(p.exact for p in pieces), finder)


def either(pieces: Sequence[Piece]) -> Piece:
    """At least one of these holds."""
    if not pieces:
        return Piece(NEVER)
    if len(pieces) == 1:
        return pieces[0]
    tests = [p.test for p in pieces if p.test is not None]
    exact = all(p.exact for p in pieces)
    if len(tests) < len(pieces):
        return Piece(None, exact)
    test = joined(" OR ", tests).bracketed()
    finders = [p.finder for p in pieces if p.finder is not None]
    if len(finders) < len(pieces):
        return Piece(test, exact)
    keys = joined(" UNION ALL ", [finder.keys for finder in finders])
    rest = test if any(finder.rest is not None for finder in finders) else None
    return Piece(test, exact, Finder(max(finder.rank for finder in finders), keys, rest))


def negated(piece: Piece) -> Piece:
    """This does not hold. Of a test that lets too much through the contrary lets too little: unsaid."""
    if not piece.exact:
        return UNSAID
    if piece.test is None:
        return Piece(NEVER)
    return Piece(Sql("NOT ") + piece.test.bracketed())


def conjunction(tests: Sequence[Sql | None]) -> Sql | None:
    """All tests as one, None where there is nothing to test."""
    some = [test for test in tests if test is not None]
    if len(some) <= 1:
        return some[0] if some else None
    return joined(" AND ", some).bracketed()
