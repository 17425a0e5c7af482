"""How a question is answered: one SELECT, and whether what it finds has to be looked at once more."""

from __future__ import annotations

from typing import Any, NamedTuple

from droidlet_memory.asking import Asking
from droidlet_memory.compiler.clauses import piece
from droidlet_memory.compiler.pieces import ALWAYS, BY_WORD, Finder, Piece, both
from droidlet_memory.compiler.places import around
from droidlet_memory.compiler.quick import key_of, nothing_else
from droidlet_memory.compiler.said import meaning, speaking
from droidlet_memory.compiler.scope import Question, Scope
from droidlet_memory.compiler.sql import Sql
from droidlet_memory.compiler.statement import statement
from droidlet_memory.words import clean, forms
from droidlet_schema import Filters

KEPT = 1024


class Plan(NamedTuple):
    """A SELECT and its values; `exact`: all that it finds fits the clause; `found`: through an index, not by a
    look at all nodes of the types asked for.

    It gives (number, revision last written) or, `alone`, where there is nothing else to test, the numbers of
    nodes of whatever type; `types` are then those asked for.
    """

    text: str
    given: dict[str, Any]
    exact: bool
    found: bool
    alone: bool = False
    types: frozenset[str] | None = None


class Plans:
    """Plans of the questions asked most often, those about what is said of things: made once each."""

    def __init__(self) -> None:
        self._known: dict[Any, Plan] = {}

    def ready(self, filters: Filters, newest: bool) -> Plan | None:
        """The plan whose SELECT is the whole answer; None where it is not, or was not made before."""
        if not nothing_else(filters):
            return None
        plan = self._known.get(key_of(filters, newest))
        return plan if plan is not None and plan.exact else None

    def plan(self, filters: Filters, asking: Asking, scope: Scope) -> Plan:
        """The plan for filters; where they only ask for triples, the one made before."""
        key = key_of(filters, scope.newest)
        if key is None or asking.deeper().too_deep:  # then what is inside fits nothing, here and nowhere else
            return made(filters, asking, scope)
        return self._known.get(key) or self._keep(key, made(filters, asking, scope))

    def every(self, memory_type: str, scope: Scope) -> Plan:
        """The plan for all nodes of a memory type."""
        key = (memory_type, scope.newest)
        return self._known.get(key) or self._keep(key, selecting(ALWAYS, memory_type, scope))

    def saying(self, text: str, scope: Scope) -> Plan:
        """The plan for all nodes of which a text is said, by the letter."""
        which = Sql("SELECT id AS said FROM said WHERE object = ?", (text,))
        return selecting(speaking(which, scope), "ALL", scope)

    def naming(self, text: str, scope: Scope) -> Plan:
        """The plan for all nodes of which a text is said, by the letter, or that hold it, or once held it."""
        which = Sql("SELECT id AS said FROM said WHERE object = ?", (text,))
        held = Sql("SELECT h.node FROM ") + which.bracketed() + " w CROSS JOIN held h ON h.said = w.said"
        finder = speaking(which, scope).finder
        keys = held if finder is None else finder.keys + " UNION ALL " + held
        return selecting(Piece(exact=False, finder=Finder(BY_WORD, keys)), "ALL", scope)

    def called(self, text: str, scope: Scope) -> Plan:
        """The plan for all nodes of a name that means this."""
        return selecting(speaking(meaning(forms(clean(text)), ("has_name",)), scope), "ALL", scope)

    def _keep(self, key: Any, plan: Plan) -> Plan:
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[key] = plan
        return plan


def made(filters: Filters, asking: Asking, scope: Scope) -> Plan:
    """A plan; the selector and the output are no part of it."""
    where = whole = piece(filters.where, Question(scope, asking))
    if filters.location is not None:
        whole = both((where, around(filters.location, asking, scope)))
    return selecting(whole, filters.memory_type, scope)._replace(exact=where.exact)


def selecting(piece: Piece, memory_type: str, scope: Scope) -> Plan:
    """The plan for what passes a piece's test."""
    finder = piece.finder
    if finder is not None and finder.rest is None:
        text, given = finder.keys.bound()
        return Plan(text, given, piece.exact, True, True, scope.kinds.names(memory_type))
    types = scope.kinds.asked(memory_type)
    text, given = statement(piece, types, scope).bound()
    found = finder is not None or (piece.test is None and piece.exact and types is not None)
    return Plan(text, given, piece.exact, found)
