"""Forms in a row that say something together: "the red and the blue chair", "the sofa. No, the bed"."""

from __future__ import annotations

from typing import Optional

from droidlet_dialog.described import named_like
from droidlet_schema import (
    And,
    Confirm,
    ExploreForm,
    Facing,
    FollowForm,
    Location,
    Mention,
    MoveForm,
    Noop,
    ReferenceObject,
    SearchForm,
    StopForm,
    TimedForm,
    TurnForm,
    Where,
    evolve,
)

WISHES = (MoveForm, SearchForm, TurnForm, FollowForm, ExploreForm, TimedForm)
NO = Confirm(False)


def joined(forms: tuple[object, ...]) -> tuple[object, ...]:
    """The forms of an utterance with what was taken back left out and what was left unsaid filled in."""
    once = tuple(form for i, form in enumerate(forms) if form != NO or i == 0 or forms[i - 1] != NO)
    return _named(_taken_back(_complained(once)))


def _complained(forms: tuple[object, ...]) -> tuple[object, ...]:
    """ "Wrong one, the other one": a complaint before something else is a no."""
    if len(forms) > 1 and forms[0] == Noop("COMPLAINT") and isinstance(forms[1], (Mention, *WISHES)):
        return (NO, *forms[1:])
    if len(forms) == 2 and forms[0] == StopForm() and isinstance(forms[1], Mention):
        return (NO, forms[1])  # "wait, the cup"
    return forms


def _taken_back(forms: tuple[object, ...]) -> tuple[object, ...]:
    """ "Go to the sofa, no, the bed": only the last is meant."""
    found: list[object] = []
    rest = list(forms)
    while rest:
        form = rest.pop(0)
        corrected = form == NO and bool(rest) and bool(found) and isinstance(found[-1], WISHES)
        if corrected and isinstance(rest[0], Mention):
            found[-1] = retargeted(found[-1], rest.pop(0).reference)  # type: ignore[attr-defined]
        elif corrected and isinstance(rest[0], WISHES):
            found[-1] = rest.pop(0)
        else:
            found.append(form)
    return tuple(found)


def retargeted(wish: object, goal: ReferenceObject) -> object:
    """The same wish for another thing."""
    if isinstance(wish, MoveForm) and wish.location.references:
        return MoveForm(evolve(wish.location, references=(goal,)))
    if isinstance(wish, SearchForm):
        return SearchForm(goal)
    if isinstance(wish, FollowForm):
        return FollowForm(goal)
    place = Location(references=(goal,))
    return TurnForm(Facing(location=place)) if isinstance(wish, TurnForm) else MoveForm(place)


def _named(forms: tuple[object, ...]) -> tuple[object, ...]:
    """ "The red and the blue chair": what kind the first one is, is said with the second."""
    found = list(forms)
    for index in range(len(found) - 2, -1, -1):
        first, second = _goal(found[index]), _goal(found[index + 1])
        if first is None or second is None or second.filters is None or not _is_bare(first):
            continue
        named = named_like(first, _clauses(second.filters.where))
        if named != first and type(found[index]) is type(found[index + 1]):
            found[index] = retargeted(found[index], named)
    return tuple(found)


def _is_bare(reference: ReferenceObject) -> bool:
    """Whether a thing was spoken of by its looks alone, without even a "one"."""
    vague = {"one", "ones", "thing", "things", "something", "anything", "object", "objects"}
    filters, said = reference.filters, reference.text_span.split()
    return filters is not None and filters.where != And() and vague.isdisjoint(said)


def _clauses(where: Where) -> tuple[Where, ...]:
    return where.clauses if isinstance(where, And) else (where,)


def _goal(form: object) -> Optional[ReferenceObject]:
    if isinstance(form, MoveForm) and len(form.location.references) == 1:
        return form.location.references[0]
    return form.reference if isinstance(form, (SearchForm, FollowForm)) else None
