"""A session in one process: keys, clock, words, digest, bodies; agents of other people's shapes."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any, Optional, Tuple

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_schema import Chat, Key, Pose2, Reply, SceneObject, TaskEvent, record
from droidlet_style import Session, chain
from droidlet_transport import LoadError

TOY = str(Path(__file__).parent / "agents" / "toy_agent.py")


class Clockwork:
    """A body that counts; its truth is its key."""

    def __init__(self, key: Key, **options: Any) -> None:
        self.key, self.options, self.steps = key, options, 0

    def observe(self) -> int:
        return self.steps

    def act(self, actions: Any) -> None:
        self.steps += 1


def no_body(key: Key) -> object:
    return object()


HERE = __name__


@record
class Out:
    replies: Tuple[Reply, ...] = ()
    events: Tuple[TaskEvent, ...] = ()
    idle: bool = True


@attrs.frozen
class Bare:
    number: int


def heard_by(session: Session, idle: Any = lambda tick: True, period_s: float = 0.5) -> list[tuple[int, str]]:
    """Runs an agent that only listens; what it heard, with the tick's number."""
    heard: list[tuple[int, str]] = []
    for number, now_ns in enumerate(session.ticks(period_s)):
        words = session.heard()
        assert words == session.heard() and all(w == Chat("person", w.text, now_ns) for w in words)
        heard += [(number, word.text) for word in words]
        session.record(words, Out(idle=bool(idle(number))), number)
    return heard


@pytest.mark.parametrize("period_s", [0.0, -0.1, math.nan, math.inf, 1e-12])
def test_a_period_is_above_zero(period_s: float) -> None:
    with pytest.raises(ValueError, match="period_s is above zero"):
        next(Session().ticks(period_s))


def test_ticks_are_not_negative() -> None:
    with pytest.raises(ValueError, match="ticks is not negative, got -1"):
        Session(ticks=-1)


@given(period_s=st.floats(1e-4, 10), ticks=st.integers(0, 30))
def test_the_clock_is_a_multiple_of_the_period_and_nothing_else(period_s: float, ticks: int) -> None:
    session = Session(ticks=ticks)
    assert list(session.ticks(period_s)) == [n * round(period_s * 1e9) for n in range(ticks)]
    assert session.ticks_done == ticks


def test_words_come_in_order_each_when_the_one_before_is_done() -> None:
    session = Session(say=["a", "b", "c @ 1.5"])
    assert heard_by(session, idle=lambda tick: tick >= 5) == [(0, "a"), (3, "c"), (6, "b")]


def test_an_agent_without_idle_is_done_at_once() -> None:
    session = Session(say=["a", "b"])
    for _ in session.ticks(0.1):
        session.record(session.heard(), (), 0)
    assert session.ticks_done == 2 and session.finish()["said"] == [
        {"tick": 0, "text": "a"},
        {"tick": 1, "text": "b"},
    ]


def test_an_agent_that_does_not_listen_is_told_nothing_and_runs_to_its_ticks() -> None:
    session = Session(say=["a"], ticks=4)
    for _ in session.ticks(0.1):
        session.record((), (), 0)
    told = session.finish()
    assert told["ticks"] == 4 and told["said"] == []


def test_one_string_is_one_line() -> None:
    assert heard_by(Session(say="hello")) == [(0, "hello")]


def test_an_agent_that_answered_and_rests_without_being_idle_does_not_hold_the_run() -> None:
    session = Session(say=["stop", "next"])
    heard = []
    for number, _ in enumerate(session.ticks(0.5)):
        words = session.heard()
        heard += [(number, word.text) for word in words]
        session.record(words, Out(tuple(Reply("Stopped.") for _ in words), idle=number > 10), 0)
    assert heard == [(0, "stop"), (11, "next")]  # the reply at tick 0, then five seconds of rest


def test_an_agent_at_work_is_waited_for_however_long_it_takes() -> None:
    session = Session(say=["go", "next"])
    heard = []
    for number, _ in enumerate(session.ticks(0.5)):
        words = session.heard()
        heard += [(number, word.text) for word in words]
        status = {0: "started", 100: "finished"}.get(number)
        events = (TaskEvent(1, "GoTo", status),) if status else ()
        session.record(words, Out(tuple(Reply("I go.") for _ in words), events, number >= 100), 0)
    assert heard == [(0, "go"), (101, "next")]


def test_an_endless_task_that_was_resumed_counts_from_there() -> None:
    """It once counted from its start, so that it was over as soon as it went on."""
    session = Session(say=["follow me", "wait @ 6", "go on @ 30", "next"])
    events, heard = {"follow me": "started", "wait": "paused", "go on": "resumed"}, []
    for number, _ in enumerate(session.ticks(0.5)):
        words = [word.text for word in session.heard()]
        heard += [(number, text) for text in words]
        told = tuple(TaskEvent(1, "Follow", events[text]) for text in words if text in events)  # type: ignore[arg-type]
        session.record(words, Out(events=told, idle=False), 0)
    assert heard == [(0, "follow me"), (12, "wait"), (60, "go on"), (80, "next")]
    assert session.finish()["tasks"][0]["started_tick"] == 0


# -- digests

QUIET = Out()


def digest_of(
    seed: int = 0, outputs: Any = QUIET, state: Any = 0, config: Any = None, inputs: Any = ()
) -> str:
    session = Session(seed=seed, ticks=2, config=config)
    for _ in session.ticks(0.1):
        session.record(inputs, outputs, state)
    return session.digest


def test_everything_that_a_run_is_made_of_is_in_its_digest() -> None:
    runs = [
        digest_of(),
        digest_of(seed=1),
        digest_of(outputs=Out((Reply("x"),))),
        digest_of(state=1),
        digest_of(inputs=(1,)),
        digest_of(config=Bare(1)),
        digest_of(config=Bare(2)),
    ]
    assert len(set(runs)) == len(runs) and runs[0] == digest_of()


PLAIN = st.recursive(
    st.one_of(st.integers(-5, 5), st.text(max_size=3), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=6,
)


@given(PLAIN)
def test_other_peoples_containers_have_digests_that_order_of_insertion_does_not_change(value: Any) -> None:
    def turned(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: turned(v) for k, v in reversed(part.items())}
        return [turned(v) for v in part] if isinstance(part, list) else part

    assert chain.start(value) == chain.start(turned(value)) != chain.start([value])


def test_dataclasses_attrs_and_numpy_scalars_are_data() -> None:
    @dataclasses.dataclass
    class Point:
        x: float

    assert chain.start(Point(1.0)) == chain.start(Point(1.0)) != chain.start(Point(2.0))
    assert chain.start(Bare(1)) != chain.start(Bare(2))
    assert chain.start([np.float64(2.0)]) != chain.start([np.float64(3.0)])


def test_what_is_no_data_is_named_with_its_place() -> None:
    with pytest.raises(chain.ChainError, match=r"state\.1\.number is object, no data"):
        chain.follow("", 0, 0, [1, Bare(object())])  # type: ignore[arg-type]
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(chain.ChainError, match=r"inputs\.0\.0"):
        chain.follow("", loop, 0, 0)


# -- bodies


def test_a_body_is_made_with_a_key_of_its_own_by_name() -> None:
    first, again, other = Session(seed=3), Session(seed=3), Session(seed=4)
    a: Any = first.body(f"{HERE}:Clockwork", size=2)
    assert a.options == {"size": 2} and isinstance(a.key, Key) and a.key != first.key
    b = first.body(f"{HERE}:Clockwork")
    bodies: list[Any] = [a, b, again.body(f"{HERE}:Clockwork"), other.body(f"{HERE}:Clockwork")]
    keys = [body.key for body in bodies]
    assert keys[0] == keys[2] and len(set(keys)) == 3


def test_a_body_that_is_none_or_not_there() -> None:
    with pytest.raises(TypeError, match=f"{HERE}:no_body made a object, which is no body: no observe"):
        Session().body(f"{HERE}:no_body")
    with pytest.raises(LoadError, match="no module nowhere"):
        Session().body("nowhere:Body")
    with pytest.raises(LoadError, match="no such file"):
        Session().body("nowhere.py:Body")


def test_a_bodys_file_is_found_beside_the_agent(tmp_path: Path) -> None:
    session = Session(folder=Path(TOY).parent)
    body = session.body("toy_agent.py:Body", step_m=0.1)
    assert session.finish()["final_pose"]["x_m"] == pytest.approx(body.observe().pose.x_m, abs=1e-6)


def test_the_truth_can_be_told_and_then_counts() -> None:
    session = Session(folder=Path(TOY).parent)
    session.body("toy_agent.py:Body", step_m=0.1)
    session.truth([SceneObject(1, "cup", "blue", 0.0, 0.0, 0.0, 0.0, (0.1, 0.2, 0.3))])
    assert [(t["class"], t["size_m"]) for t in session.finish()["scene"]] == [("cup", [0.1, 0.2, 0.3])]


@pytest.mark.parametrize(
    ("quarters", "size"), [(0, [1, 2, 3]), (1, [2, 1, 3]), (2, [1, 2, 3]), (-1, [2, 1, 3]), (0.3, [1, 2, 3])]
)
def test_the_scenes_sizes_lie_along_the_worlds_axes(quarters: float, size: list[float]) -> None:
    session = Session()
    session.truth([SceneObject(1, "bed", "blue", 0.0, 0.0, 0.0, quarters * math.pi / 2, (1.0, 2.0, 3.0))])
    assert session.finish()["scene"][0]["size_m"] == size


def test_numbers_that_json_does_not_have_become_null() -> None:
    @record
    class See:
        pose: Optional[Pose2] = None

    from droidlet_schema import FrozenMap, Observation

    session = Session(ticks=1)
    for _ in session.ticks(0.1):
        session.record(Observation(0, Pose2(math.nan, 1.0, math.inf), False, FrozenMap()), (), 0)
    assert session.finish()["path"][0] == [None, 1.0, None]


def test_finish_twice_is_finish_once() -> None:
    session = Session()
    assert session.finish() is session.finish()


def test_a_body_that_breaks_at_the_end_does_not_cost_the_summary() -> None:
    session = Session()
    body = session.body(f"{HERE}:Clockwork")
    body.observe = lambda: 1 / 0  # type: ignore[method-assign]
    body.truth = lambda: 1 / 0  # type: ignore[attr-defined]
    assert session.finish()["final_pose"] is None
