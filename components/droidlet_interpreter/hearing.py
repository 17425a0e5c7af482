"""What is heard, made into plans: utterances into new ones, memory's answers into those that wait."""

from __future__ import annotations

from droidlet_interpreter.advancing import advance, begin, put_back, tell_limit
from droidlet_interpreter.contract import MAX_PLANS, MAX_STEPS, Asked, Plan, Running, Step
from droidlet_interpreter.control import mentioned
from droidlet_interpreter.correcting import with_what_was_said
from droidlet_interpreter.pursuing import pursue
from droidlet_interpreter.searching import names_a_thing
from droidlet_interpreter.starting import Waits
from droidlet_interpreter.telling import tell
from droidlet_interpreter.turn import Turn
from droidlet_schema import (
    Answer,
    Command,
    GetMemory,
    Mention,
    Noop,
    ResumeForm,
    StopForm,
    TimedForm,
    Utterance,
    evolve,
)


def hear_utterance(turn: Turn, utterance: Utterance) -> None:
    """Makes of an utterance a plan, and begins it."""
    turn.note_chat(utterance.chat.speaker, utterance.chat.text)
    steps: list[Step] = []
    for form in utterance.form:
        steps.extend(form.event_sequence if isinstance(form, Command) else (form,))
    if not steps:
        steps = [Noop("EMPTY")]
    if len(turn.state.plans) >= MAX_PLANS:
        if isinstance(steps[0], StopForm):
            begin(turn, Plan((), begun=False), steps[0])
        else:
            turn.say("I have too much to do already: say “cancel” to make me forget it.")
        return
    steps = _without_repeats(with_what_was_said(turn, steps))
    cut = steps[:MAX_STEPS]
    if len(cut) < len(steps):
        turn.say(f"That is a lot: I take the first {MAX_STEPS} things.")
    _tell_unread(turn, utterance)
    turn.state = evolve(turn.state, plans=(*turn.state.plans, Plan(tuple(cut))))
    advance(turn)


def _without_repeats(steps: list[Step]) -> list[Step]:
    """The same thing named twice in a row is meant once; "forward and forward" is two moves."""
    kept: list[Step] = []
    for step in steps:
        idle = isinstance(step, (StopForm, ResumeForm))
        if not (kept and step == kept[-1] and (idle or names_a_thing(step))):
            kept.append(step)
    return kept


def _tell_unread(turn: Turn, utterance: Utterance) -> None:
    """Says which words of a wish were not understood."""
    unread = [word for word in utterance.unread if word.isalnum()]
    telling = any(word.isalpha() and len(word) > 2 for word in unread)
    if telling and not all(isinstance(form, Noop) for form in utterance.form):
        turn.say(f"(I did not understand: {' '.join(unread[:12])[:100]}.)")


def hear_answer(turn: Turn, answer: Answer) -> None:
    """Goes on with the plan that waits for an answer of memory."""
    for index, plan in enumerate(turn.state.plans):
        if isinstance(plan.waits, Asked) and plan.waits.query_id == answer.query_id:
            asked, current = plan.waits, plan.current
            turn.state = evolve(turn.state, plans=turn.state.plans[:index] + turn.state.plans[index + 1 :])
            waits = _answered(turn, asked, current, answer)
            if isinstance(current, TimedForm) and isinstance(waits, Running):
                waits = tell_limit(turn, waits, current)
            plan = evolve(plan, steps=(*turn.then, *plan.steps)[:MAX_STEPS], begun=True)
            turn.then = ()
            put_back(turn, index, evolve(plan, waits=waits, current=current if waits else None))
            return


def _answered(turn: Turn, asked: Asked, current: Step | None, answer: Answer) -> Waits:
    if isinstance(current, GetMemory):
        return tell(turn, asked, current, answer.nodes)
    if isinstance(current, Mention):
        mentioned(turn, asked, current, answer.nodes)
        return None
    return pursue(turn, asked, answer.nodes)
