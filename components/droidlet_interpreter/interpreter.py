"""The interpreter: a state machine between what people say, what memory answers and what becomes of tasks."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from droidlet_interpreter.about import tell_about, tell_capabilities
from droidlet_interpreter.contract import (
    MAX_PLANS,
    MAX_STEPS,
    Asked,
    InterpreterInputs,
    InterpreterState,
    Plan,
    Running,
    Said,
    Step,
    Visit,
)
from droidlet_interpreter.control import (
    begin_confirm,
    begin_forbid,
    begin_mention,
    begin_resume,
    begin_stop,
    mentioned,
    small_talk,
)
from droidlet_interpreter.correcting import WISHES, with_what_was_said
from droidlet_interpreter.events import hear_event
from droidlet_interpreter.finding import names_a_thing
from droidlet_interpreter.going import (
    Waits,
    answered,
    begin_explore,
    begin_follow,
    begin_move,
    begin_search,
    begin_turn,
)
from droidlet_interpreter.names import names_of
from droidlet_interpreter.telling import begin_telling, tell
from droidlet_interpreter.timing import begin_straight, begin_wait, limited, tell_time, time_allowed
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.visiting import begin_visit
from droidlet_interpreter.wording import seconds
from droidlet_schema import (
    Answer,
    Command,
    Confirm,
    ExploreForm,
    FollowForm,
    ForbidForm,
    GetCapabilities,
    GetMemory,
    Key,
    Mention,
    MoveForm,
    Noop,
    OtherForm,
    ResumeForm,
    SayForm,
    SearchForm,
    StopForm,
    TimedForm,
    TurnForm,
    Utterance,
    evolve,
)

MAX_BEGUN = 64  # steps within one call


def _as_tuple(vocab: Sequence[str] | str) -> tuple[str, ...]:
    return (vocab,) if isinstance(vocab, str) else tuple(vocab)


@attrs.frozen
class Interpreter:
    """Makes of utterances, answers and task events: questions to memory, replies, changes of tasks, and
    notes.

    `vocab` says which names of things the agent can recognise; `names` replaces them. Raises ValueError for
    an unknown vocabulary; a call
    never raises, whatever is heard in whatever order.
    """

    vocab: tuple[str, ...] = attrs.field(default=("droidlet", "robot"), converter=_as_tuple)
    names: tuple[str, ...] = attrs.field(kw_only=True, converter=tuple)

    @names.default
    def _names(self) -> tuple[str, ...]:
        return names_of(self.vocab)

    def initial(self, key: Key) -> InterpreterState:
        """Nothing heard, nothing to do."""
        return InterpreterState()

    def __call__(self, inputs: InterpreterInputs, state: InterpreterState) -> tuple[Said, InterpreterState]:
        """One call: looks at the clock, hears events, then answers, then utterances; then does what can be
        done without waiting.
        """
        turn = Turn(inputs, state, self.names)
        tell_time(turn)
        for event in inputs.task_events:
            hear_event(turn, event)
        for answer in inputs.answers:
            _hear_answer(turn, answer)
        for utterance in inputs.utterances:
            _hear_utterance(turn, utterance)
        _advance(turn)
        return turn.said(), turn.state


def _hear_utterance(turn: Turn, utterance: Utterance) -> None:
    turn.note_chat(utterance.chat.speaker, utterance.chat.text)
    steps: list[Step] = []
    for form in utterance.form:
        steps.extend(form.event_sequence if isinstance(form, Command) else (form,))
    if not steps:
        steps = [Noop("EMPTY")]
    if len(turn.state.plans) >= MAX_PLANS:
        if isinstance(steps[0], StopForm):
            _begin(turn, Plan((), begun=False), steps[0])
        else:
            turn.say("I have too much to do already: say “cancel” to make me forget it.")
        return
    steps = _without_repeats(with_what_was_said(turn, steps))
    cut = steps[:MAX_STEPS]
    if len(cut) < len(steps):
        turn.say(f"That is a lot: I take the first {MAX_STEPS} things.")
    _tell_unread(turn, utterance)
    turn.state = evolve(turn.state, plans=(*turn.state.plans, Plan(tuple(cut))))
    _advance(turn)


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


def _hear_answer(turn: Turn, answer: Answer) -> None:
    for index, plan in enumerate(turn.state.plans):
        if isinstance(plan.waits, Asked) and plan.waits.query_id == answer.query_id:
            asked, current = plan.waits, plan.current
            turn.state = evolve(turn.state, plans=turn.state.plans[:index] + turn.state.plans[index + 1 :])
            waits = _answered(turn, asked, current, answer)
            if isinstance(current, TimedForm) and isinstance(waits, Running):
                waits = _limited(turn, waits, current)
            plan = evolve(plan, steps=(*turn.then, *plan.steps)[:MAX_STEPS], begun=True)
            turn.then = ()
            _put_back(turn, index, evolve(plan, waits=waits, current=current if waits else None))
            return


def _answered(turn: Turn, asked: Asked, current: Step | None, answer: Answer) -> Waits:
    if isinstance(current, GetMemory):
        return tell(turn, asked, current, answer.nodes)
    if isinstance(current, Mention):
        mentioned(turn, asked, current, answer.nodes)
        return None
    return answered(turn, asked, answer.nodes)


def _put_back(turn: Turn, index: int, plan: Plan) -> None:
    if not plan.steps and plan.waits is None:
        return
    plans = turn.state.plans
    place = min(index, len(plans))
    turn.state = evolve(turn.state, plans=plans[:place] + (plan,) + plans[place:])


def _advance(turn: Turn) -> None:
    """Begins every step that nothing stands in the way of, the newest plan first."""
    for _ in range(MAX_BEGUN):
        ready = [index for index, plan in enumerate(turn.state.plans) if plan.waits is None]
        if not ready:
            return
        index = ready[-1]
        plan = turn.state.plans[index]
        turn.state = evolve(turn.state, plans=turn.state.plans[:index] + turn.state.plans[index + 1 :])
        if not plan.steps:
            continue
        step, rest = plan.steps[0], evolve(plan, steps=plan.steps[1:])
        waits, current = _begin(turn, rest, step)
        _put_back(turn, index, evolve(rest, waits=waits, current=current if waits else None, begun=True))


def _begin(turn: Turn, plan: Plan, step: Step) -> tuple[Waits, Step]:
    """Begins a step; what it waits for, and the step that this is (a confirmed or completed wish is another
    one).
    """
    if isinstance(step, Mention):
        wish = begin_mention(turn, step)
        return (wish, step) if wish is None or isinstance(wish, Asked) else (_act(turn, wish), wish)
    if isinstance(step, Confirm):
        if _replaces(turn, plan, step):
            begin_stop(turn, StopForm(drop=True), plan.begun)
            return None, step
        confirmed = begin_confirm(turn, step, bool(plan.steps))
        return (None, step) if confirmed is None else (_act(turn, confirmed), confirmed)
    turn.state = evolve(turn.state, open_wish=None)
    if isinstance(step, (GetMemory, GetCapabilities, Noop, SayForm, OtherForm)):
        return _talk(turn, step), step
    if isinstance(step, (StopForm, ResumeForm, ForbidForm)):
        _control(turn, plan, step)
        return None, step
    if isinstance(step, TimedForm):
        return _timed(turn, step), step
    return _act(turn, step), step


def _timed(turn: Turn, step: TimedForm) -> Waits:
    """Waits, or does something until its time is over."""
    if not time_allowed(turn, step):
        return None
    if step.action is None:
        return begin_wait(turn, step.duration_s)
    straight = begin_straight(turn, step)
    waits = straight or _act(turn, step.action)
    return _limited(turn, waits, step) if straight is None and isinstance(waits, Running) else waits


def _limited(turn: Turn, running: Running, step: TimedForm) -> Running:
    turn.say(f"I will stop after {seconds(step.duration_s)}.")
    return limited(running, step)


def _replaces(turn: Turn, plan: Plan, step: Confirm) -> bool:
    """Whether this is "no, do that (instead)", said into running work rather than as an answer."""
    wished = bool(plan.steps) and isinstance(plan.steps[0], WISHES)
    return not step.yes and wished and turn.state.open_wish is None and bool(turn.running())


def _act(turn: Turn, step: Step) -> Waits:
    if isinstance(step, MoveForm):
        return begin_move(turn, step)
    if isinstance(step, SearchForm):
        return begin_search(turn, step)
    if isinstance(step, TurnForm):
        return begin_turn(turn, step)
    if isinstance(step, FollowForm):
        return begin_follow(turn, step)
    if isinstance(step, Visit):
        return begin_visit(turn, step)
    return begin_explore(turn, step) if isinstance(step, ExploreForm) else None


def _talk(turn: Turn, step: GetMemory | GetCapabilities | Noop | SayForm | OtherForm) -> Waits:
    if isinstance(step, GetMemory):
        if step.filters.memory_type in ("TASKS", "AGENT", "CHAT"):
            tell_about(turn, step)
            return None
        return begin_telling(turn, step)
    if isinstance(step, GetCapabilities):
        tell_capabilities(turn)
    else:
        small_talk(turn, step)
    return None


def _control(turn: Turn, plan: Plan, step: StopForm | ResumeForm | ForbidForm) -> None:
    if isinstance(step, StopForm):
        begin_stop(turn, step, plan.begun)
    elif isinstance(step, ResumeForm):
        begin_resume(turn)
    else:
        begin_forbid(turn, step)
