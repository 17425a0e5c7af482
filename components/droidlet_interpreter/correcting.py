"""What was said just before counts for what is said now: "again", "no, the red one"."""

from __future__ import annotations

from droidlet_interpreter.contract import Step
from droidlet_interpreter.names import kind_of
from droidlet_interpreter.turn import Turn
from droidlet_schema import (
    Confirm,
    ExploreForm,
    Facing,
    FollowForm,
    GetMemory,
    Location,
    Mention,
    MoveForm,
    ReferenceObject,
    RepeatForm,
    SearchForm,
    TimedForm,
    TurnForm,
    evolve,
)

WISHES = (MoveForm, SearchForm, TurnForm, FollowForm, ExploreForm, TimedForm)


def with_what_was_said(turn: Turn, steps: list[Step]) -> list[Step]:
    """The steps of an utterance with those put in that the utterances before it stand for."""
    steps = _asked_further(turn, _corrected(turn, steps))
    last = steps[-1] if steps else None
    turn.state = evolve(turn.state, question=last if isinstance(last, GetMemory) else None)
    found: list[Step] = []
    for step in steps:
        if isinstance(step, RepeatForm):
            wishes = tuple(done for done in found if isinstance(done, WISHES))
            again = wishes or turn.state.last
            if not again:
                turn.say("There is nothing to repeat: you have not told me to do anything yet.")
            found.extend(again)
        else:
            found.append(step)
    wishes = tuple(step for step in found if isinstance(step, WISHES))
    if wishes:
        turn.state = evolve(turn.state, last=wishes)
    return found


def _asked_further(turn: Turn, steps: list[Step]) -> list[Step]:
    """ "And the sofa?": what was asked about the ball just before."""
    question = turn.state.question
    if question is None or len(steps) != 1 or not isinstance(steps[0], Mention):
        return steps
    filters = steps[0].reference.filters
    if filters is None or kind_of(question.filters.where) is None:
        return steps
    return [evolve(question, filters=evolve(filters, output=question.filters.output), text_span="and that")]


def _corrected(turn: Turn, steps: list[Step]) -> list[Step]:
    """ "No, the red one": the last wish, or the one that was asked about, with another goal."""
    if len(steps) < 2 or not isinstance(steps[1], Mention) or steps[0] != Confirm(False):
        return steps
    wish = turn.state.open_wish or next(iter(reversed(turn.state.last)), None)
    if wish is None:
        return steps
    instead = _with_goal(wish, steps[1].reference)
    return [steps[0], instead, *steps[2:]]


def _with_goal(wish: Step, goal: ReferenceObject) -> Step:
    if isinstance(wish, MoveForm):
        return MoveForm(evolve(wish.location, references=(goal,)) if wish.location.references else _at(goal))
    if isinstance(wish, SearchForm):
        return SearchForm(goal)
    if isinstance(wish, FollowForm):
        return FollowForm(goal)
    if isinstance(wish, TurnForm):
        return TurnForm(Facing(location=_at(goal)))
    return MoveForm(_at(goal))


def _at(goal: ReferenceObject) -> Location:
    return Location(references=(goal,))
