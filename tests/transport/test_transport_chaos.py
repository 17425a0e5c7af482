"""Trouble on cue: it comes when it was told to, and whatever it is, a caller gets the answer or is told."""

from __future__ import annotations

import signal
import subprocess
import textwrap
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import droidlet_transport
from droidlet_schema import Drive, Key
from droidlet_simulators import RoomSimulator, make_scene
from droidlet_transport import (
    TransportError,
    Worker,
    WorkerCrashed,
)
from droidlet_transport.parts import Part
from droidlet_transport.testing import (
    Chaos,
    at,
    at_random,
    every,
    flipped,
    noise,
    shortened,
    with_chance,
)
from droidlet_transport.testing.messages import Messages

COUNTER = "transport.transport_parts:Counter"
SOON_S = 20.0  # for what should take no time, on a machine that others use


# -- when


def test_cues_name_calls():
    numbers = range(1, 1001)
    assert [n for n in numbers if at(3, 7)(n)] == [3, 7]
    assert [n for n in numbers if every(250)(n)] == [250, 500, 750, 1000]
    chosen = [n for n in numbers if at_random(40, of=1000, key=Key(1))(n)]
    assert len(chosen) == 40
    assert chosen == [n for n in reversed(numbers) if at_random(40, of=1000, key=Key(1))(n)][::-1]
    assert chosen != [n for n in numbers if at_random(40, of=1000, key=Key(2))(n)]
    by_chance = [n for n in numbers if with_chance(0.3, Key(5))(n)]
    assert 220 < len(by_chance) < 380
    assert by_chance == [n for n in numbers if with_chance(0.3, Key(5))(n)]


@pytest.mark.parametrize(
    "make",
    [lambda: at(0), at, lambda: every(0), lambda: at_random(3, 2, Key(0)), lambda: with_chance(1.5, Key(0))],
)
def test_cues_that_cannot_be_are_refused(make):
    with pytest.raises(ValueError):
        make()


def test_a_way_of_going_bad_that_is_none_yet_is_told_at_once():
    with Worker(COUNTER) as worker, Chaos(worker) as chaos:
        for how in (flipped, shortened, noise):
            with pytest.raises(TypeError, match=rf"write {how.__name__}\(\)"):
                chaos.garble(at(1), how, Key(0))


@given(st.binary(min_size=2, max_size=300), st.integers(0, 2**32))
def test_bytes_go_bad_as_told(data, seed):
    numbers = Key(seed).generator()
    turned = np.frombuffer(flipped(1)(data, numbers), np.uint8) ^ np.frombuffer(data, np.uint8)
    assert int(np.unpackbits(turned).sum()) == 1
    short = shortened()(data, numbers)
    assert len(short) < len(data) and data.startswith(short)
    assert len(noise()(data, numbers)) == len(data)
    assert flipped()(b"", numbers) == b"" == shortened()(b"", numbers)


def zmtp(frames: list[tuple[int, bytes]]) -> bytes:
    made = b""
    for flags, body in frames:
        long = len(body) > 255
        made += bytes([flags | 2 * long]) + len(body).to_bytes(8 if long else 1, "big") + body
    return made


@settings(max_examples=40)
@given(st.data())
def test_messages_are_found_however_the_bytes_come(data):
    messages = data.draw(st.lists(st.lists(st.binary(max_size=600), min_size=1, max_size=3), max_size=5))
    wholes = [zmtp([(n < len(m) - 1, body) for n, body in enumerate(m)]) for m in messages]
    expected = []
    for whole in wholes:
        expected += [(zmtp([(4, b"\x04PING")]), False), (whole, True)]
    stream = b"G" * 64 + b"".join(piece for piece, _ in expected)
    finder, found, start = Messages(), [], 0
    while start < len(stream):
        size = data.draw(st.integers(1, 700))
        found += finder.feed(stream[start : start + size])
        start += size
    greetings = [piece for piece, _ in found[: len(found) - len(expected)]]
    assert b"".join(greetings) == b"G" * 64 and found[len(greetings) :] == expected


# -- a worker


@pytest.fixture(scope="module")
def worker():
    with Worker(COUNTER, {"start": 5}) as made:
        yield made


def sums(worker: Worker, count: int = 6) -> list[object]:
    return [worker.call("table", {"a": (n, 1)}, deadline_s=20.0) for n in range(count)]


def test_whatever_becomes_of_a_worker_the_answers_are_the_same(worker):
    expected = sums(worker)
    before = worker.restarts
    with Chaos(worker) as chaos:
        chaos.kill(at(1))
        chaos.cut(at(2))
        chaos.cut(at(3), towards="caller")
        chaos.slow(at(4), 0.05)
        assert sums(worker) == expected
    assert (chaos.calls, chaos.done, worker.restarts - before) == (6, 4, 3)
    assert sums(worker) == expected and chaos.calls == 6


def test_what_was_called_before_trouble_came_is_troubled_and_so_it_is_when_trouble_comes_again(worker):
    part = Part(worker)
    where = part.where
    where()
    for _ in range(2):
        with Chaos(part) as chaos:
            chaos.slow(every(1), 0.0)
            assert where() == part.where()
            assert (chaos.calls, chaos.done) == (2, 2)
    where()
    assert chaos.calls == 2


def test_a_worker_that_stops_past_the_deadline_is_replaced(worker):
    first = worker.call("where")
    with Chaos(worker) as chaos:
        chaos.pause(at(1), seconds=30.0)
        second = worker.call("where", deadline_s=1.0)
    assert second != first


def test_a_worker_that_was_stopped_goes_on_when_chaos_ends(worker):
    first = worker.call("where")
    with Chaos(worker) as chaos:
        chaos.pause(at(1), seconds=60.0)
        promise = worker.start("where")
        assert not promise.done()
    assert promise.result() == first


def test_a_worker_that_stops_for_a_while_is_waited_for(worker):
    first = worker.call("where")
    with Chaos(worker) as chaos:
        chaos.pause(at(1), seconds=0.1)
        assert worker.call("where", deadline_s=SOON_S) == first


@pytest.mark.slow
@pytest.mark.parametrize("towards", ["worker", "caller"])
@pytest.mark.parametrize("how", [flipped(16), shortened(), noise()], ids=["flipped", "shortened", "noise"])
def test_garbage_on_the_link_never_hangs_nor_outlives_its_call(worker, how, towards):
    expected = sums(worker, 1)
    for seed in range(8):
        with Chaos(worker) as chaos:
            chaos.garble(at(1), how, Key(seed), towards=towards)
            with suppress(TransportError, TypeError, AttributeError):  # bits that flip in a name make another
                worker.call("table", {"a": (0, 1)}, deadline_s=0.5)
            assert chaos.done == 1
        assert sums(worker, 1) == expected


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_effect_is_ever_done_twice_whatever_becomes_of_the_worker(tmp_path, seed):
    """Each call writes its line once, or its caller is told that it may not have."""
    keys, unknown = Key(seed).split(5), 0
    with Worker(COUNTER, effects=True) as worker, Chaos(worker) as chaos:
        chaos.kill(with_chance(0.06, keys[0]))
        chaos.pause(with_chance(0.04, keys[1]), seconds=2.0)
        chaos.cut(with_chance(0.04, keys[2]))
        chaos.cut(with_chance(0.04, keys[3]), towards="caller")
        chaos.garble(with_chance(0.04, keys[4]), noise(), keys[4])
        for line in range(60):
            path = tmp_path / str(line)
            try:
                assert worker.call("append", str(path), deadline_s=1.0) == 2
                assert path.read_text() == "x\n"
            except TransportError:
                unknown += 1
        assert chaos.done > 5 and 0 < unknown < 40
    for line in range(60):  # nothing goes on when the worker has ended
        path = tmp_path / str(line)
        assert not path.exists() or path.read_text() == "x\n"


@pytest.mark.slow
def test_trouble_can_be_made_under_python_3_9_too(python39):
    """Without ZeroMQ, with a worker of its own."""
    program = """
        from droidlet_schema import FrozenMap, Key
        from droidlet_transport import Worker
        from droidlet_transport.testing import Chaos, at, noise
        with Worker("droidlet_transport.building:Parts", {"allow": None}) as worker, Chaos(worker) as chaos:
            chaos.kill(at(1))
            chaos.cut(at(2), towards="caller")
            chaos.garble(at(3), noise(), Key(1))
            tree = FrozenMap({"_target_": "fractions:Fraction", "numerator": 3})
            print([worker.call("ask", tree, ".value", "numerator", deadline_s=5.0) for _ in range(4)], worker.restarts)
    """
    done = subprocess.run(
        [str(python39), "-c", textwrap.dedent(program)],
        env={"PYTHONPATH": str(Path(droidlet_transport.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("[3, 3, 3, 3] 3", 0), done.stderr


def test_chaos_is_for_workers():
    with pytest.raises(TypeError, match="Worker"):
        Chaos(RoomSimulator())


@pytest.mark.slow
@pytest.mark.parametrize("marks", [2, 3])
def test_a_simulator_that_reads_where_no_memory_is(marks, tmp_path):
    """Within the tries of a pure call it costs nothing; a request that crashes every worker is named."""
    for n in range(marks):
        (tmp_path / str(n)).touch()
    here, actions = RoomSimulator(), {"robot": (Drive(0.3, 0.4),)}
    scene = make_scene(7)
    with Worker("transport.chaos_parts:Fragile", {"marks": str(tmp_path)}) as worker:
        there = Part(worker, deadline_s=60.0)
        _, world = there.reset(scene, Key(0))
        if marks == 3:
            with pytest.raises(WorkerCrashed, match=f"signal {int(signal.SIGSEGV)}"):
                there.step(actions, world)
        assert there.step(actions, world) == here.step(actions, here.reset(scene, Key(0))[1])
        assert worker.restarts == marks
