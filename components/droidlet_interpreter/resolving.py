"""From what was said of a thing to what is asked of memory."""

from __future__ import annotations

from droidlet_interpreter.contract import Asked
from droidlet_interpreter.describing import described
from droidlet_interpreter.english import a, listed, plural
from droidlet_interpreter.excuses import place_excuse
from droidlet_interpreter.names import kind_of, unknown_names, without_tags
from droidlet_interpreter.turn import Turn
from droidlet_schema import (
    And,
    Comparator,
    Filters,
    FollowForm,
    MoveForm,
    ReferenceObject,
    SearchForm,
    Triple,
    TurnForm,
    evolve,
)

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
    return _with_it(turn, filters), described(_without_tag_words(filters))


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


def _without_tag_words(filters: Filters) -> Filters:
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
