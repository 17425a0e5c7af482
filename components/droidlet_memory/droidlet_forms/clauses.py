"""Where clauses: triples and comparators, with AND, OR and NOT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast, get_args

from droidlet_memory.droidlet_forms.plain import Form
from droidlet_memory.droidlet_forms.references import reference
from droidlet_memory.numerals import number_in
from droidlet_schema import (
    And,
    Attribute,
    AttributeName,
    Comparator,
    Comparison,
    Filters,
    Happened,
    Not,
    Or,
    Property,
    Side,
    Triple,
    TriplePattern,
    Where,
)

TRIPLE = ("pred_text", "pred", "obj_text", "obj", "subj_text", "subj")
COMPARATOR = ("input_left", "comparison_type", "input_right", "comparison_measure", "set_comparison")
LENGTHS = {"has_height": "HEIGHT", "has_width": "WIDTH", "has_depth": "DEPTH"}
NUMBERS = (*LENGTHS, "has_length", "has_radius", "has_thickness", "has_base", "has_slope", "has_distance")
"""Predicates whose objects are numbers."""

RUNNING = And(
    (
        Comparator(Property("running"), "EQUAL", 1.0),
        Not(Comparator(Property("paused"), "EQUAL", 1.0)),
        Not(Happened("FINISHED")),
    )
)
OF_TASKS: Mapping[str, Where] = {
    "CURRENTLY_RUNNING": RUNNING,
    "PAUSED": Comparator(Property("paused"), "EQUAL", 1.0),
    "CURRENTLY_PAUSED": Comparator(Property("paused"), "EQUAL", 1.0),
    "FINISHED": Happened("FINISHED"),
}
"""Tags that stand for the state of a task."""


def where(form: Form) -> Where:
    """A clause, or clauses under AND, OR or NOT."""
    if not isinstance(form.value, Mapping):
        form.refuse("expected a mapping")
    for word, together in (("AND", And), ("OR", Or)):
        if word in form.value:
            form.mapping((word,))
            clauses = tuple(where(clause) for clause in form.at(word).items())
            return clauses[0] if len(clauses) == 1 else together(clauses)
    if "NOT" in form.value:
        form.mapping(("NOT",))
        return _not(form.at("NOT"))
    return comparator(form) if "input_left" in form.value or "comparator" in form.value else _triple(form)


def _not(form: Form) -> Where:
    clauses = form.items() if isinstance(form.value, (list, tuple)) else [form]
    if len(clauses) != 1:
        form.refuse("NOT has one clause: put several under AND or OR")
    return Not(where(clauses[0]))


def _triple(form: Form) -> Where:
    form.mapping(TRIPLE)
    predicate = _either(form, "pred_text", "pred")
    subject, other = _either(form, "subj_text", "subj"), _either(form, "obj_text", "obj")
    name = None if predicate is None else predicate.text()
    if subject is not None and other is not None:
        form.refuse("a triple that is asked about leaves its subject or its object open")
    if subject is not None:
        return TriplePattern(name, _node(subject), "OBJECT")
    if other is None or name is None:
        return TriplePattern(name, None if other is None else _node(other))
    named_node = form.get("obj") is not None or _is_form(other)
    return TriplePattern(name, _node(other)) if named_node else _said(name, other)


def _either(form: Form, text: str, node: str) -> Form | None:
    one, other = form.get(text), form.get(node)
    if one is not None and other is not None:
        form.refuse(f"{text} and {node} say the same thing twice")
    return one or other


def _is_form(form: Form) -> bool:
    return isinstance(form.fixed().value, Mapping)


def _node(form: Form) -> str | Filters:
    """A text, an id, or the nodes that filters fit."""
    if _is_form(form):
        inner = form.get("filters")
        return form.filters((form if inner is None else inner)._replace(tasks=False))
    if form.place.endswith(("obj", "subj")):
        return Filters(Comparator(Attribute("ID"), "EQUAL", form.text()), memory_type="ALL")
    return form.text()


def _said(predicate: str, form: Form) -> Where:
    text = form.text()
    if form.tasks and predicate == "has_tag" and text.upper() in OF_TASKS:
        return OF_TASKS[text.upper()]
    if form.tasks and predicate == "has_name":
        return Triple("has_action", text)
    number = number_in(text) if predicate in NUMBERS else None
    if number is None:
        return Triple(predicate, text)
    said = Comparator(Property(predicate), "EQUAL", number)
    if predicate not in LENGTHS:
        return said
    measured = Attribute(cast(AttributeName, LENGTHS[predicate]))
    return Or((said, Comparator(measured, "EQUAL", number)))


def comparator(form: Form) -> Comparator:
    """left compares with right."""
    inner = form.get("comparator")
    if inner is not None:
        form.mapping(("comparator",))
        return comparator(inner)
    form.mapping(COMPARATOR, ("input_left", "comparison_type", "input_right"))
    comparison, tolerance, modulus = _comparison(form.at("comparison_type"))
    measure, several = form.get("comparison_measure"), form.get("set_comparison")
    return Comparator(
        _side(form.at("input_left")),
        comparison,
        _side(form.at("input_right")),
        None if measure is None else measure.unit(),
        tolerance,
        modulus,
        None if several is None else cast(Literal["ANY", "ALL"], several.word(("ANY", "ALL"))),
    )


def _comparison(form: Form) -> tuple[Comparison, float | None, float | None]:
    if not isinstance(form.fixed().value, Mapping):
        return cast(Comparison, form.word(get_args(Comparison))), None, None
    form.mapping(("close_tolerance", "modulus"))
    tolerance, modulus = form.get("close_tolerance"), form.get("modulus")
    if tolerance is None and modulus is None:
        form.refuse("expected a comparison")
    return (
        "EQUAL",
        None if tolerance is None else tolerance.number(),
        None if modulus is None else modulus.number(),
    )


def _side(form: Form) -> Side:
    value = form.fixed().value
    if not isinstance(value, Mapping):
        text = form.text()
        if text.upper() in ("CURRENT_TIME", "TIME", "WORLD_TIME"):
            form.refuse("the time of a condition is not a thing of memory: ask for moments")
        number = number_in(text)
        return text if number is None else number
    if "filters" in value:
        form.mapping(("filters",))
        return form.filters(form.at("filters")._replace(tasks=False))
    if "special_reference" in value or "text_span" in value:
        return reference(form)
    known = ("attribute", "num_blocks", "linear_extent", "task_info")
    if any(name in value for name in known):
        return form.measured(form)
    return form.filters(form._replace(tasks=False))
