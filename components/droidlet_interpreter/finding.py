"""From what was said of a thing to the node that is meant: what to ask, and which answer to take."""

from __future__ import annotations

import math

from droidlet_interpreter.contract import Asked, Step
from droidlet_interpreter.excuses import place_excuse
from droidlet_interpreter.names import kind_of, unknown_names, without_tags
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.wording import a, described, distance_m, listed, number, place, plural
from droidlet_schema import (
    And,
    Comparator,
    Filters,
    FollowForm,
    LinearExtent,
    MemoryNode,
    Mention,
    MoveForm,
    ReferenceObject,
    SearchForm,
    Triple,
    TurnForm,
    evolve,
)

SPEAKS_WITHIN_M = 0.5  # of the edge of whoever is the speaker
PERSON = Filters(And((Triple("has_name", "person"),)))


def ask_for(
    turn: Turn, reference: ReferenceObject, purpose: str, form: MoveForm | SearchForm | FollowForm | TurnForm
) -> Asked | None:
    """Asks memory for a thing; says so at once where it cannot be meant or cannot be recognised."""
    filters, label = resolve(turn, reference)
    if filters is None:
        turn.state = evolve(turn.state, open_wish=form)
        return None
    unknown = unknown_names(filters, turn.names)
    if unknown:
        turn.say(unknown_text(turn, unknown))
        return None
    where, unsure = without_tags(filters.where)
    filters = evolve(filters, where=where)
    choice = filters.selector
    everyone = evolve(filters, selector=None) if choice is not None and choice.quantity == "ALL" else filters
    return Asked(turn.ask(everyone), purpose, filters, label, unsure=unsure)  # type: ignore[arg-type]


def resolve(turn: Turn, reference: ReferenceObject) -> tuple[Filters | None, str]:
    """What a reference asks of memory, and its label; None (and a reply) where nobody can tell what "it"
    is.
    """
    if reference.special == "SPEAKER":
        return PERSON, "you"
    if reference.special == "SPEAKER_LOOK":
        turn.say("I cannot see where you are looking: tell me what it is.")
        return None, ""
    filters = _of_last_kind(turn, reference)
    kind = kind_of(filters.where)
    if kind is not None:
        turn.state = evolve(turn.state, kind=kind)
    if filters.contains_coreference and filters.where == And() and filters.location is None:
        latest = next(iter(turn.state.attended), None)
        if latest is None:
            turn.say(f"I do not know what you mean by “{_pronoun(reference.text_span)}”: tell me its name.")
            return None, ""
        if filters.other:
            same = kind_of(latest.filters.where) or latest.filters.where
            another = Filters(And((same,)), selector=filters.selector, contains_coreference=True, other=True)
            return another, described(Filters(same))
        return evolve(latest.filters, contains_coreference=True, other=filters.other), latest.label
    nowhere = [r for r in filters.location.references if _is_it(r)] if filters.location is not None else []
    if nowhere and not turn.state.attended:
        turn.say(f"I do not know what you mean by “{_pronoun(nowhere[0].text_span)}”: tell me its name.")
        return None, ""
    return _with_it(turn, filters), described(without_tag_words(filters))


def _with_it(turn: Turn, filters: Filters) -> Filters:
    """In "next to it" and "bigger than it" the kind of thing spoken of last."""
    if filters.location is not None:
        references = tuple(_known(turn, reference) for reference in filters.location.references)
        filters = evolve(filters, location=evolve(filters.location, references=references))
    if isinstance(filters.where, And):
        clauses = tuple(
            evolve(clause, right=_known(turn, clause.right))
            if isinstance(clause, Comparator) and isinstance(clause.right, ReferenceObject)
            else clause
            for clause in filters.where.clauses
        )
        filters = evolve(filters, where=And(clauses))
    return filters


def _known(turn: Turn, reference: ReferenceObject) -> ReferenceObject:
    latest = next(iter(turn.state.attended), None)
    return (
        evolve(reference, filters=latest.filters) if latest is not None and _is_it(reference) else reference
    )


def _is_it(reference: ReferenceObject) -> bool:
    """Whether this is "it" or "there" alone."""
    filters = reference.filters
    if filters is None or filters.memory_type != "REFERENCE_OBJECT" or filters.other:
        return False
    return filters.contains_coreference and filters.where == And() and filters.location is None


def _pronoun(words: str) -> str:
    """The word that stands for a thing, out of all that was said."""
    said = words.split()
    return next((word for word in ("it", "that", "this", "them", "there") if word in said), words or "it")


_OPEN = frozenset(
    [
        *("thing", "things", "something", "anything", "everything", "object", "objects", "item", "items"),
        *("stuff", "whatever", "anywhere", "somewhere", "what", "which", "how", "who", "where", "is", "are"),
        *("do", "did", "have", "can", "there", "list", "describe", "count", "number"),
    ]
)  # words that leave the kind of thing open


def _of_last_kind(turn: Turn, reference: ReferenceObject) -> Filters:
    """The filters of a reference; "the red one" is of the kind spoken of last."""
    filters, kind = reference.filters or Filters(), turn.state.kind
    said = set(reference.text_span.split())
    one = len(said) > 2 and not {"one", "ones"}.isdisjoint(said) or bool(said) and said.isdisjoint(_OPEN)
    nothing = filters.where == And() and filters.selector is None and len(said) < 3
    if (
        not one
        or nothing
        or filters.contains_coreference
        or kind is None
        or kind_of(filters.where) is not None
    ):
        return filters
    where = filters.where.clauses if isinstance(filters.where, And) else (filters.where,)
    return evolve(filters, where=And((kind, *where)))


def without_tag_words(filters: Filters) -> Filters:
    """Filters less the words that nobody can check."""
    return evolve(filters, where=without_tags(filters.where)[0])


def unknown_text(turn: Turn, unknown: tuple[str, ...]) -> str:
    """ "I do not know what a unicorn looks like. I know: ..."."""
    place_words = place_excuse(unknown)
    if place_words is not None:
        return place_words
    what = listed([a(name) for name in unknown[:3]], "or")
    known = f" I know: {listed([plural(name) for name in turn.names])}." if turn.names else ""
    return f"I do not know what {what} looks like.{known}"


def candidates(turn: Turn, filters: Filters, nodes: tuple[MemoryNode, ...]) -> tuple[MemoryNode, ...]:
    """The nodes that may be meant: with a place; for "it" and "that chair" the one spoken of last, for "the
    other one" not that one.
    """
    placed = tuple(
        node for node in nodes if node.position_m is not None and all(map(math.isfinite, node.position_m))
    )
    ids = {node.id for node in placed}
    latest = next((item.node_id for item in turn.state.attended if item.node_id in ids), None)
    if latest is None and filters.other:
        latest = _speaker(turn, placed)  # "the other person": not the one who speaks
    if latest is None or not filters.contains_coreference:
        return placed
    return tuple(node for node in placed if (node.id == latest) != filters.other)


def _speaker(turn: Turn, nodes: tuple[MemoryNode, ...]) -> str | None:
    """The id of the person who stands where the speaker does."""
    speaker = turn.inputs.speaker
    people = [node for node in nodes if Triple("has_name", "person") in node.triples]
    near = [node for node in people if speaker is not None and distance_m(speaker, node) < SPEAKS_WITHIN_M]
    return near[0].id if near else None


def choose(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> tuple[MemoryNode | None, str]:
    """The node meant, and what to say about there being several: the selector's first, else the nearest."""
    fitting = candidates(turn, asked.filters, nodes)
    if not fitting:
        return None, ""
    selector = asked.filters.selector
    if selector is not None and selector.quantity in ("MIN", "MAX", "RANDOM"):
        return fitting[0], ""
    nearest = min(fitting, key=lambda node: (distance_m(turn.inputs.pose, node), node.id))
    if len(fitting) == 1 or asked.label == "you":
        return nearest, ""
    return nearest, f"I know {number(len(fitting))} {_several(asked)}: I take the nearest one"


def _several(asked: Asked) -> str:
    plain = evolve(asked.filters, selector=None, location=None)
    beside_what = f" {place(asked.filters.location)}" if asked.filters.location else ""
    return described(plain, many=True) + beside_what


def the(label: str) -> str:
    """A label with its article: "the red chair", "you"."""
    return label if label == "you" or label.startswith("(") else f"the {label}"


def elsewhere(filters: Filters, known: tuple[MemoryNode, ...]) -> Filters:
    """The same, but none of these: whoever looks for another one does not mean what stands there."""
    away = (
        Comparator(
            LinearExtent("AWAY", ReferenceObject(coordinates_m=node.position_m)),
            "GREATER_THAN",
            max(0.3, min((node.size_m or (0.0, 0.0))[:2]) / 2),
        )
        for node in known
        if node.position_m is not None
    )
    return evolve(filters, where=And((filters.where, *away)))


def searchable(filters: Filters) -> Filters:
    """What to look for: the first that fits will do, so "nearest" and "all" choose nothing before anything
    is known.
    """
    choice = filters.selector
    first = choice is None or choice.ordinal <= 1
    plain = evolve(filters, contains_coreference=False, other=False)
    return evolve(plain, selector=None) if first and (choice is None or choice.quantity == "ALL") else plain


def _references(step: Step) -> tuple[ReferenceObject, ...]:
    if isinstance(step, MoveForm):
        return step.location.references
    if isinstance(step, TurnForm):
        return step.facing.location.references if step.facing.location else ()
    return (step.reference,) if isinstance(step, (SearchForm, FollowForm, Mention)) else ()


def names_a_thing(step: Step) -> bool:
    """Whether a step is about a certain thing, and not about "the other one", which is always another."""
    named = [reference.filters for reference in _references(step)]
    return bool(named) and not any(filters is not None and filters.other for filters in named)


def is_search_for(step: Step, filters: Filters) -> bool:
    """Whether a later step would look for what was just looked for in vain."""
    wanted = (PERSON if r.special == "SPEAKER" else r.filters for r in _references(step))
    return any(
        w is not None
        and not w.contains_coreference
        and searchable(evolve(w, where=without_tags(w.where)[0])) == filters
        for w in wanted
    )
