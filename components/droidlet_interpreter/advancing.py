"""Plans carried on: each next step that nothing stands in the way of begins."""

from __future__ import annotations

from droidlet_interpreter.about import tell_about, tell_capabilities
from droidlet_interpreter.contract import Asked, Plan, Running, Step, Visit
from droidlet_interpreter.control import (
    begin_confirm,
    begin_forbid,
    begin_mention,
    begin_resume,
    begin_stop,
    small_talk,
)
from droidlet_interpreter.correcting import WISHES
from droidlet_interpreter.going import begin_explore, begin_follow, begin_move, begin_search, begin_turn
from droidlet_interpreter.measures import seconds
from droidlet_interpreter.starting import Waits
from droidlet_interpreter.telling import begin_telling
from droidlet_interpreter.timing import begin_straight, begin_wait, limited, time_allowed
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.visiting import begin_visit
from droidlet_schema import (
    Confirm,
    ExploreForm,
    FollowForm,
    ForbidForm,
    GetCapabilities,
    GetMemory,
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
    evolve,
)

MAX_BEGUN = 64  # steps within one call


def put_back(turn: Turn, index: int, plan: Plan) -> None:
    """Puts a plan back into its place, unless nothing is left of it."""
    if not plan.steps and plan.waits is None:
        return
    plans = turn.state.plans
    place = min(index, len(plans))
    turn.state = evolve(turn.state, plans=plans[:place] + (plan,) + plans[place:])


def advance(turn: Turn) -> None:
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
        waits, current = begin(turn, rest, step)
        put_back(turn, index, evolve(rest, waits=waits, current=current if waits else None, begun=True))


def begin(turn: Turn, plan: Plan, step: Step) -> tuple[Waits, Step]:
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
    return tell_limit(turn, waits, step) if straight is None and isinstance(waits, Running) else waits


def tell_limit(turn: Turn, running: Running, step: TimedForm) -> Running:
    """Says when a task is going to stop, and gives it that limit."""
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
