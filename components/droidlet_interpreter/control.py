"""Stop, continue, do not; yes, no, a thing alone; and small talk."""

from __future__ import annotations

from droidlet_interpreter.choosing import choose
from droidlet_interpreter.contract import Asked, Step
from droidlet_interpreter.english import a, listed, the
from droidlet_interpreter.excuses import excuse
from droidlet_interpreter.labels import called
from droidlet_interpreter.resolving import ask_for
from droidlet_interpreter.timing import drop_waits, hold_waits, is_waiting
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import where_is
from droidlet_schema import (
    And,
    Confirm,
    Facing,
    FollowForm,
    ForbidForm,
    Location,
    MemoryNode,
    Mention,
    MoveForm,
    Noop,
    OtherForm,
    SayForm,
    SearchForm,
    StopForm,
    TurnForm,
    evolve,
)

_TALK = {
    "EMPTY": "I did not catch that.",
    "GREETING": "Hello! Tell me where to go, what to find, or ask me what I see.",
    "FAREWELL": "Goodbye!",
    "THANKS": "You are welcome.",
    "PRAISE": "Thank you!",
    "COMPLAINT": "I am sorry. Tell me what to do instead, or say “cancel”.",
    "WELL": "I am fine, thank you.",
    "NOTED": "OK.",
    "QUESTION": "I do not know how to answer that. Ask me what I can do.",
    "UNKNOWN": "I did not understand that. Ask me what I can do.",
}


def small_talk(turn: Turn, step: Noop | SayForm | OtherForm) -> None:
    """Replies to what is neither a question nor a wish that can be fulfilled."""
    if isinstance(step, SayForm):
        turn.say(step.text or "I have nothing to say.")
    elif isinstance(step, OtherForm):
        reason = excuse(step.text)
        what = "I can go to things, find them, turn, look around, follow you and answer questions."
        asked = step.text.split(" ", 1)[0] in ("which", "where", "what", "are", "is")
        cannot = "" if asked and reason else f"I cannot do that: “{step.text[:80]}”. "
        turn.say(f"{cannot}{reason or what}")
    else:
        turn.say(_TALK.get(step.kind, _TALK["UNKNOWN"]))


def begin_stop(turn: Turn, step: StopForm, begun: bool) -> None:
    """Pauses everything, or forgets everything."""
    running, wait = turn.running(), is_waiting(turn)
    active = [task.doing for task in running if not task.paused]
    hold_waits(turn)
    waiting = any(plan.waits is not None or plan.steps for plan in turn.state.plans)
    if step.drop:
        if not running and not waiting:
            turn.say("There is nothing to cancel: I am doing nothing.")
            return
        turn.drop()
        turn.state = evolve(turn.state, plans=())
        turn.say(
            f"OK, I am no longer {listed([task.doing for task in running], 'or')}."
            if running
            else "OK, I forget about it."
        )
    elif active:
        turn.pause()
        turn.say(f"OK, I have stopped {active[0]}. Say “continue” and I will go on.")
    elif running:
        turn.say(f"I am standing still already. Say “continue” and I will carry on {running[0].doing}.")
    elif wait is not None:
        turn.say("I am standing still already. Say “continue” when it is enough.")
    else:
        turn.say("OK, I stand still." if begun else "I am standing still: there is nothing to stop.")


def begin_resume(turn: Turn) -> None:
    """Goes on with what rests."""
    running, wait = turn.running(), is_waiting(turn)
    drop_waits(turn)
    resting = [task.doing for task in running if task.paused]
    if resting:
        turn.resume()
        turn.say(f"OK, I carry on {resting[0]}.")
    elif running:
        turn.say(f"I have not stopped: I am {running[0].doing}.")
    elif wait is not None:
        turn.say("OK, I wait no longer.")
    else:
        turn.say("There is nothing to continue.")


def begin_forbid(turn: Turn, step: ForbidForm) -> None:
    """Drops the task that is just that; anything else goes on."""
    newest = next(iter(turn.running()), None)
    if newest is not None and _means_it(step.action):
        turn.drop(newest.task_id)
        turn.say(f"OK, I am no longer {newest.doing}.")
        return
    for plan in turn.state.plans:
        if plan.current is not None and plan.waits is not None and _same(plan.current, step.action):
            doing = next((t.doing for t in turn.running() if t == plan.waits), "that")
            task_id = getattr(plan.waits, "task_id", None)
            if task_id is not None:
                turn.drop(task_id)
            else:
                turn.state = evolve(turn.state, plans=tuple(p for p in turn.state.plans if p != plan))
            turn.say(f"OK, I am no longer {doing}.")
            return
    turn.say("OK, I will not do that.")


def _means_it(action: Step) -> bool:
    """Whether what is forbidden is "it" or "there": what is being done right now."""
    references = (
        action.location.references
        if isinstance(action, MoveForm)
        else (action.reference,)
        if isinstance(action, (SearchForm, FollowForm))
        else ()
    )
    return any(
        reference.filters is not None
        and reference.filters.contains_coreference
        and not reference.filters.other
        and reference.filters.where == And()
        for reference in references
    )


def _same(first: Step, second: Step) -> bool:
    return _goal(first) is not None and _goal(first) == _goal(second)


def _goal(step: Step) -> tuple[object, ...] | None:
    """What a wish goes for, whatever words it was said in."""
    if isinstance(step, MoveForm):
        references = tuple((r.special, r.coordinates_m, r.filters) for r in step.location.references)
        return (step.location.relative_direction, references)
    if isinstance(step, (SearchForm, FollowForm)):
        kind = "follow" if isinstance(step, FollowForm) else None
        return (kind, ((step.reference.special, step.reference.coordinates_m, step.reference.filters),))
    return (type(step).__name__,)


def begin_confirm(turn: Turn, step: Confirm, more: bool) -> Step | None:
    """The wish that was asked about, when it is confirmed."""
    wish = turn.state.open_wish
    turn.state = evolve(turn.state, open_wish=None)
    if wish is None or not _is_whole(wish):
        if not more:
            turn.say(
                "OK."
                if step.yes or wish is not None
                else "OK. Say “stop” or “cancel” if I should stop what I am doing."
            )
        return None
    if not step.yes:
        turn.say("OK, I will not.")
        return None
    return wish


def _is_whole(wish: Step) -> bool:
    return isinstance(wish, MoveForm) and bool(wish.location.references)


def begin_mention(turn: Turn, step: Mention) -> Step | Asked | None:
    """A thing alone: it completes the wish that lacked one, else memory is asked about it."""
    wish, reference = turn.state.open_wish, step.reference
    turn.state = evolve(turn.state, open_wish=None)
    if isinstance(wish, SearchForm):
        return SearchForm(reference)
    if isinstance(wish, FollowForm):
        return FollowForm(reference)
    if isinstance(wish, TurnForm):
        return TurnForm(Facing(location=Location(references=(reference,))))
    if isinstance(wish, MoveForm) and not _is_whole(wish):
        return MoveForm(Location(references=(reference,)))
    place = MoveForm(Location(references=(reference,)))
    if reference.coordinates_m is not None or reference.special is not None or reference.filters is None:
        turn.state = evolve(turn.state, open_wish=place)
        turn.say("What about it? Should I go there?" if reference.special != "AGENT" else "Yes, I am here.")
        return None
    asked = ask_for(turn, reference, "mention", place)
    return asked if isinstance(asked, Asked) else None


def mentioned(turn: Turn, asked: Asked, step: Mention, nodes: tuple[MemoryNode, ...]) -> None:
    """Says what is known of a thing that was only named, and asks whether to go there."""
    node, several = choose(turn, asked, nodes)
    turn.state = evolve(turn.state, open_wish=MoveForm(Location(references=(step.reference,))))
    if node is None:
        turn.say(f"I have not seen {a(asked.label)} yet. Should I look for it?")
        return
    turn.attend(node, asked.filters, asked.label)
    name = the(called(node) if asked.filters.other else asked.label)
    start = f"{several}. It" if several else name.capitalize()
    turn.say(f"{start} is {where_is(turn.inputs.pose, node)}. Should I go there?")
