"""Clauses about what is said of nodes: found by the words, in the present and in the past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from droidlet_memory.compiler.pieces import BY_TYPE, BY_WORD, NOTHING, UNSAID, Finder, Piece, either
from droidlet_memory.compiler.scope import Question, Scope
from droidlet_memory.compiler.sql import NEVER, Sql, joined, marks
from droidlet_memory.sizes import SIZE_WORDS
from droidlet_memory.words import clean, forms
from droidlet_schema import Filters, MemoryNode, Triple, TriplePattern

TAG = "has_tag"
HELD = " AND p.since <= :at AND p.last >= :at"
ENDED = f"""CROSS JOIN spans s ON s.said = w.said
    CROSS JOIN ended p ON p.said = w.said AND p.span = s.span{HELD} AND p.last < :at + s.span"""
"""Behind a table w of what was said: those of whom it was, but no more."""


@runtime_checkable
class Calling(Protocol):
    """A world that knows its nodes by name."""

    def called(self, text: str) -> Sequence[MemoryNode]:
        """The nodes of an id, or of a name that means this."""


def triple(clause: Triple, scope: Scope) -> Piece:
    """See `Triple`: by the predicate or as a tag; has_tag: by any predicate, or of all of a type."""
    if clause.predicate == "has_size" and clean(clause.object) in SIZE_WORDS:
        return UNSAID  # what is big depends on all others of its name
    words = forms(clean(clause.object))
    if clause.predicate != TAG:
        found = speaking(meaning(words, sorted({clause.predicate, TAG})), scope)
    else:
        found = either([speaking(meaning(words), scope), *_of_types(words, scope)])
    return _sure(found, clause.confidence)


def pattern(clause: TriplePattern, question: Question) -> Piece:
    """See `TriplePattern`: of the subject all is said, but for how sure; of the object only what narrows."""
    scope, other = question.scope, clause.other
    predicates = () if clause.predicate is None else (clause.predicate,)
    if clause.node_is == "OBJECT":
        return _objects(clause, question)
    if isinstance(other, str):
        which = meaning(forms(clean(other)), predicates)
    elif other is None:
        which = Sql("SELECT id AS said FROM said") + _by(predicates, " WHERE ")
    else:
        ids = [node.id for node in question.asking.found(other)]
        which = Sql("SELECT id AS said FROM said WHERE object IN ") + marks(ids) + _by(predicates, " AND ")
    return _sure(speaking(which, scope), clause.confidence)


def _objects(clause: TriplePattern, question: Question) -> Piece:
    """The nodes that are named by somebody, by those known to fit where a text or filters tell."""
    other, world = clause.other, question.asking.world
    if other is None:
        return _sure(_named(clause.predicate, question.scope), clause.confidence)
    if isinstance(other, Filters):
        subjects: Sequence[MemoryNode] = question.asking.found(other)
    elif isinstance(world, Calling):
        subjects = world.called(other)
    else:
        return UNSAID
    named = {t.object for node in subjects for t in node.triples if clause.predicate in (None, t.predicate)}
    if not named:
        return NOTHING
    keys = Sql("SELECT key AS node FROM nodes WHERE id IN ") + marks(sorted(named))
    found = Piece(Sql("{key} IN ") + keys.bracketed(), True, Finder(BY_WORD, keys))
    return _sure(found, clause.confidence)


def _named(predicate: str | None, scope: Scope) -> Piece:
    """The nodes whose ids somebody says; no index finds them, but one tells it of each."""
    by = Sql("") if predicate is None else Sql(" AND predicate = ?", (predicate,))
    which = (Sql("SELECT id AS said FROM said WHERE object = {id}") + by).bracketed()
    test = Sql("EXISTS (SELECT 1 FROM ") + which + " w CROSS JOIN triples t ON t.said = w.said"
    if scope.newest:
        return Piece(test + ")")
    test += Sql(" AND t.since <= :at) OR EXISTS (SELECT 1 FROM ") + which + f" w {ENDED})"
    return Piece(test.bracketed())


def _by(predicates: Sequence[str], word: str) -> Sql:
    return Sql(f"{word}predicate IN ") + marks(predicates) if predicates else Sql("")


def _sure(found: Piece, confidence: float | None) -> Piece:
    """How sure it must be is judged node by node."""
    return found if confidence is None else found._replace(exact=False)


def meaning(words: frozenset[str], predicates: Sequence[str] = ()) -> Sql:
    """SELECT of the numbers of what is said in words of one meaning, by some predicates or by any."""
    wanted = marks(sorted(words))
    if not predicates:
        return Sql("SELECT said FROM forms WHERE form IN ") + wanted
    among = Sql("SELECT f.said FROM forms f CROSS JOIN said s ON s.id = f.said WHERE f.form IN ") + wanted
    return among + " AND s.predicate IN " + marks(predicates)


def speaking(which: Sql, scope: Scope) -> Piece:
    """The nodes of which something is said that a SELECT gives the numbers of."""
    some = which.bracketed()
    # a join: IN would gather the numbers first, which takes longer than a question for one tag
    keys = Sql("SELECT t.node FROM ") + some + " w CROSS JOIN triples t ON t.said = w.said"
    test = Sql("EXISTS (SELECT 1 FROM triples t WHERE t.node = {key} AND t.said IN ") + some
    if scope.newest:
        return Piece(test + ")", True, Finder(BY_WORD, keys))
    keys += Sql(" WHERE t.since <= :at UNION ALL SELECT p.node FROM ") + some
    keys += f" w {ENDED}"
    test += " AND t.since <= :at) OR EXISTS (SELECT 1 FROM past_triples p WHERE p.node = {key}"
    test += Sql(f" AND p.node_to = {{key}}{HELD} AND p.said IN ") + some
    return Piece((test + ")").bracketed(), True, Finder(BY_WORD, keys))


def _of_types(words: frozenset[str], scope: Scope) -> list[Piece]:
    """The nodes of those types of which a tag is told."""
    told = scope.kinds.told(words)
    return [of_types(told, scope)] if told else []


def of_types(numbers: Sequence[int], scope: Scope) -> Piece:
    """The nodes of some types."""
    if not numbers:
        return Piece(NEVER)
    among = marks(numbers)
    keys = Sql("SELECT key AS node FROM nodes WHERE type IN ") + among
    if not scope.newest:
        keys += " AND since <= :at UNION ALL SELECT node FROM past WHERE version IN"
        keys += Sql(" (SELECT p.version FROM past_types p WHERE ") + joined(
            " OR ", [Sql(f"(p.type_from = ? AND p.type_to = ?{HELD})", (n, n)) for n in numbers]
        )
        keys += ")"
    return Piece(Sql("{type} IN ") + among, True, Finder(BY_TYPE, keys))
