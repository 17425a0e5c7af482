"""FILTERS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar, get_args

from droidlet_memory.droidlet_forms.clauses import comparator, where
from droidlet_memory.droidlet_forms.measures import measured
from droidlet_memory.droidlet_forms.plain import Form, FormRefused
from droidlet_memory.droidlet_forms.references import location, reference
from droidlet_memory.droidlet_forms.selectors import Chosen, chosen
from droidlet_schema import (
    And,
    Comparator,
    Filters,
    Measured,
    MemoryType,
    Not,
    Or,
    RecordError,
    ReferenceObject,
    Triple,
    Where,
)

KEYS = (
    "output",
    "contains_coreference",
    "memory_type",
    "where_clause",
    "selector",
    "location",
    "special",
    "text_span",
)
T = TypeVar("T")
NOT_ME = Not(Triple("has_tag", "SPEAKER"))
ITSELF = frozenset({"self", "agent"})


def filters_from_droidlet(form: Mapping[str, object]) -> Filters:
    """The filters that a FILTERS dictionary of droidlet stands for. Raises FormRefused for what is none.

    A tag CURRENTLY_RUNNING, PAUSED or FINISHED of tasks is their state, the name of a task its action; the tag
    SELF finds the agent among reference objects; `special` THIS and a coreference that is not resolved are
    the asker's to resolve (`contains_coreference`); a location alone means what is nearest to it.
    """
    return _read(form, filters_at)


def reference_from_droidlet(form: Mapping[str, object]) -> ReferenceObject:
    """A REFERENCE_OBJECT. Raises FormRefused."""
    return _read(form, reference)


def attribute_from_droidlet(form: Mapping[str, object] | str) -> Measured:
    """An ATTRIBUTE, by its name, or as {"attribute": ...}. Raises FormRefused."""
    return _read(form, measured)


def comparator_from_droidlet(form: Mapping[str, object]) -> Comparator:
    """A COMPARATOR. Raises FormRefused."""
    return _read(form, comparator)


def _read(form: object, reader: Callable[[Form], T]) -> T:
    try:
        return reader(Form(form, "", filters_at, measured))
    except RecordError as error:
        raise FormRefused("", form, str(error)) from None


def filters_at(form: Form) -> Filters:
    """The same for a part of a form."""
    form.mapping(KEYS)
    kind, clause, selector = form.get("memory_type"), form.get("where_clause"), form.get("selector")
    memory_type = "REFERENCE_OBJECT" if kind is None else kind.word(get_args(MemoryType))
    special = _is_this(form.get("special"))
    if special and kind is None:
        memory_type = "TASKS"
    tasks = memory_type == "TASKS"
    found = And() if clause is None else where(clause._replace(tasks=tasks))
    if memory_type == "REFERENCE_OBJECT" and _speaks_of_itself(found):
        memory_type = "ReferenceObject"
    choice = Chosen(None, None, False) if selector is None else chosen(selector._replace(tasks=tasks))
    place = form.get("location")
    if place is not None and choice.location is not None:
        form.refuse("two locations, one of them in the selector")
    if choice.not_the_speaker:
        found = And((*found.clauses, NOT_ME)) if isinstance(found, And) else And((found, NOT_ME))
    return Filters(
        found,
        _output(form.get("output"), tasks),
        choice.selector,
        choice.location if place is None else location(place),
        memory_type,
        special or _coreference(form.get("contains_coreference")),
    )


def _output(form: Form | None, tasks: bool) -> Literal["MEMORY", "COUNT"] | Measured:
    if form is None:
        return "MEMORY"
    if not isinstance(form.fixed().value, Mapping):
        return "COUNT" if form.word(("MEMORY", "COUNT")) == "COUNT" else "MEMORY"
    form.mapping(("attribute",), ("attribute",))
    return measured(form.at("attribute")._replace(tasks=tasks))


def _coreference(form: Form | None) -> bool:
    if form is None or isinstance(form.value, bool):
        return form is not None and form.value is True
    return form.word(("YES", "NO", "RESOLVED")) == "YES"


def _is_this(form: Form | None) -> bool:
    return form is not None and form.word(("THIS",)) == "THIS"


def _speaks_of_itself(clause: Where) -> bool:
    """Whether the agent's own tag is asked for."""
    if isinstance(clause, Triple):
        return clause.predicate == "has_tag" and clause.object.casefold() in ITSELF
    if isinstance(clause, (And, Or)):
        return any(map(_speaks_of_itself, clause.clauses))
    return False
