"""Whatever is heard in whatever order: nothing raises, every utterance is answered, the state stays small
and travels.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_interpreter import Interpreter, InterpreterInputs, InterpreterState
from droidlet_interpreter.contract import MAX_PLANS
from droidlet_laws import check_component
from droidlet_schema import (
    ActionForm,
    And,
    Answer,
    Chat,
    Command,
    Drop,
    Filters,
    GetMemory,
    Key,
    Location,
    MemoryNode,
    MoveForm,
    Pose2,
    Push,
    ReferenceObject,
    StopForm,
    TaskEvent,
    Triple,
    Utterance,
    decode,
    encode,
    strategies,
)

INTERPRETER = Interpreter()
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

utterances = strategies.of(Utterance)
answers = st.builds(
    Answer,
    st.integers(0, 12),
    st.lists(strategies.of(MemoryNode), max_size=3).map(tuple),
)
events = st.builds(
    TaskEvent,
    st.integers(0, 8),
    st.sampled_from(["Approach", "GoTo", "LookAround", "Explore", "Face", "TurnBy", ""]),
    st.sampled_from(["started", "paused", "resumed", "finished", "failed", "dropped"]),
    st.text(max_size=5),
    st.sampled_from(["", "I looked everywhere"]),
    st.sampled_from([None, "object/1"]),
)
calls = st.builds(
    InterpreterInputs,
    st.integers(0, 2**40),
    st.sampled_from([Pose2(0.0, 0.0, 0.0), Pose2(1.0, float("nan"), float("inf"))]) | strategies.of(Pose2),
    st.lists(utterances, max_size=2).map(tuple),
    st.lists(answers, max_size=3).map(tuple),
    st.lists(events, max_size=3).map(tuple),
    st.none() | strategies.of(Pose2),
)


@given(st.lists(calls, min_size=1, max_size=8))
@QUIET
def test_whatever_is_heard_in_whatever_order(trajectory: list[InterpreterInputs]) -> None:
    state = INTERPRETER.initial(Key(0))
    pushed: list[int] = []
    for inputs in trajectory:
        said, after = INTERPRETER(inputs, state)
        assert (said, after) == INTERPRETER(inputs, state)
        pushed += [change.task_id for change in said.task_changes if isinstance(change, Push)]
        for utterance in inputs.utterances:
            assert said.replies or said.queries, utterance
        assert decode(encode(after), InterpreterState) == after
        assert said.idle is (not after.waiting)
        assert len(after.plans) <= MAX_PLANS
        assert all(len(reply.text) <= 600 and reply.text for reply in said.replies)
        state = after
    assert pushed == sorted(set(pushed))


def chair(name: str = "chair", **more: Any) -> ReferenceObject:
    return ReferenceObject(filters=Filters(And((Triple("has_name", name),)), **more))


wishes = strategies.of(ActionForm)  # type: ignore[arg-type]
known = st.sampled_from(["chair", "table", "person", "unicorn"]).map(chair)
plausible = st.one_of(
    wishes.map(lambda wish: Command((wish,))),
    known.map(lambda thing: Command((MoveForm(Location(references=(thing,))),))),
    known.map(lambda thing: GetMemory(thing.filters or Filters())),
    strategies.of(GetMemory),
)
node = MemoryNode(
    "object/1", "ReferenceObject", 0, 0, position_m=(1.0, 2.0, 0.4), triples=(Triple("has_name", "chair"),)
)


@given(st.lists(plausible, min_size=1, max_size=4), st.lists(st.booleans(), min_size=8, max_size=8))
@QUIET
def test_every_utterance_is_answered_within_eight_rounds(forms: list[Any], found: list[bool]) -> None:
    state = INTERPRETER.initial(Key(0))
    for form in forms:
        replies = 0
        inputs = InterpreterInputs(1, Pose2(0.0, 0.0, 0.0), (Utterance(Chat("p", "...", 1), (form,)),))
        for there in found:
            said, state = INTERPRETER(inputs, state)
            replies += len(said.replies)
            if not said.queries:
                break
            nodes = (node,) if there else ()
            heard = tuple(Answer(query.id, nodes, len(nodes)) for query in said.queries)
            inputs = InterpreterInputs(1, Pose2(0.0, 0.0, 0.0), answers=heard)
        assert not said.queries
        assert replies >= 1


def test_many_wishes_end_in_a_word_and_not_in_a_heap() -> None:
    state = INTERPRETER.initial(Key(0))
    texts: list[str] = []
    for number in range(3 * MAX_PLANS):
        point = ReferenceObject(coordinates_m=(float(number), 1.0))
        heard = Utterance(Chat("p", "go", number), (Command((MoveForm(Location(references=(point,))),)),))
        said, state = INTERPRETER(InterpreterInputs(number, Pose2(0.0, 0.0, 0.0), (heard,)), state)
        texts += [reply.text for reply in said.replies]
    assert len(state.plans) == MAX_PLANS
    assert texts[-1].startswith("I have too much to do already")
    stop = Utterance(Chat("p", "cancel", 0), (Command((StopForm(drop=True),)),))
    said, state = INTERPRETER(InterpreterInputs(0, Pose2(0.0, 0.0, 0.0), (stop,)), state)
    assert said.task_changes == (Drop(),)
    assert state.plans == ()


def test_the_laws_of_components_hold() -> None:
    report = check_component("droidlet_interpreter:Interpreter", calls, examples=8)
    assert "self unchanged" in str(report)
