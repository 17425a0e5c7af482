"""A part is called in the same way wherever it runs, and gives the same."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from droidlet_schema import Key, Move, Turn, digest
from droidlet_simulators import RoomSimulator, make_scene
from droidlet_style.placement import INLINE, PROCESS, THREAD, interpreter, place, place_of, process, remote
from droidlet_style.runtime_config import canonical
from droidlet_transport import Worker, WorkerFailedToStart, table_of
from droidlet_transport.building import NotAllowedHere, Parts
from droidlet_transport.service import AddressInUse, Server
from transport.transport_parts import Counter

COUNTER = "transport.transport_parts:Counter"
ROOM = "droidlet_simulators:RoomSimulator"


@pytest.fixture
def far():
    with Server(table_of(RoomSimulator())) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server.address
        server.stop()
        thread.join(10)


def walk(simulator):
    scene = make_scene(3, people=1)
    observations, world = simulator.reset(scene, Key(1))
    found = [digest((observations, world))]
    for _ in range(4):
        observations, world = simulator.step({"robot": (Turn(0.2), Move(0.3))}, world)
        found.append(digest((observations, world)))
    return found, simulator.spec, len(simulator.objects(world))


def test_a_walk_in_the_room_is_the_same_at_every_place(far):
    expected = walk(RoomSimulator())
    assert walk(place(ROOM, INLINE)) == expected
    for where in (THREAD, PROCESS, remote(far)):
        with place(ROOM, where) as room:
            assert walk(room) == expected, where


def test_a_walk_in_python_3_9_is_the_walk_in_this_one(python39):
    with place(ROOM, interpreter(str(python39))) as room, place(ROOM, "process") as here:
        assert walk(room) == walk(here)


def test_calls_methods_values_and_errors_are_the_parts_own():
    inline = place(COUNTER, "inline", {"start": 3})
    assert isinstance(inline, Counter)
    for where in ("thread", "process"):
        with place(COUNTER, where, {"start": 3}) as part:
            state = part.initial(Key(0))
            assert part(4, state) == inline(4, state)
            assert part.start == 3 and hasattr(part, "echo") and not hasattr(part, "fly")
            with pytest.raises(ValueError, match="no milk"):
                part.fail("no milk")
            assert (part.where() == os.getpid()) is (where == "thread")


def test_a_far_end_makes_the_parts_that_it_allows_from_name_and_options():
    """Several parts and options at one address; where nothing is allowed, nothing is imported."""
    with Server(table_of(Parts(allow=["transport.transport_parts"]))) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            for start in (3, 4, 3):
                with place(COUNTER, server.address, {"start": start}) as part:
                    state = part.initial(Key(0))
                    assert part.start == start and part(4, state) == Counter(start)(4, state)
                    assert not hasattr(part, "fly") and part.echo((1, state)) == (1, state)
                    with pytest.raises(ValueError, match="no milk"):
                        part.fail("no milk")
            with place(ROOM, server.address, {"period_ns": 10**8}) as room, pytest.raises(NotAllowedHere):
                room.reset(make_scene(3), Key(1))
        finally:
            server.stop()
            thread.join(10)
    with pytest.raises(NotAllowedHere, match="only what is in nothing"):
        Parts().ask(canonical({"_target_": COUNTER}), "where")


def test_places_as_text():
    assert place_of("inline") == INLINE and place_of("process") == PROCESS and place_of("thread") == THREAD
    assert place_of("interpreter:/usr/bin/python3") == interpreter("/usr/bin/python3")
    assert place_of("tcp://127.0.0.1:5") == remote("tcp://127.0.0.1:5")
    assert place_of("process A=egl B=0,1") == process({"A": "egl", "B": "0,1"}) != PROCESS
    assert place_of("interpreter:/my python/bin/python A=") == interpreter("/my python/bin/python", {"A": ""})
    for text in (
        "cloud",
        "interpreter:",
        "",
        "process A",
        "thread A=1",
        "tcp://127.0.0.1:5 A=1",
        "process A=1\n",
    ):
        with pytest.raises(ValueError, match="place is"):
            place_of(text)
    with pytest.raises(ValueError, match="place is 3: write inline"):
        place("droidlet_simulators:RoomSimulator", 3)  # type: ignore[arg-type]


def test_what_cannot_be_placed_is_one_sentence(far):
    with pytest.raises(TypeError, match="module:name"):
        place(lambda: Counter(), "inline")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"the part at {far} was made already"):
        place(ROOM, far, {"period_ns": 1})
    with pytest.raises(WorkerFailedToStart, match="No such file"):
        place(COUNTER, interpreter("/no/python")).where()
    with pytest.raises(FileNotFoundError, match="weights"):
        place("transport.transport_parts:refuses", "thread")


def test_an_interpreter_without_the_packages_says_which_are_missing(tmp_path):
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    with pytest.raises(WorkerFailedToStart, match="No module named '(attrs?|numpy|msgspec|zmq)'"):
        place(COUNTER, interpreter(str(bare / "bin" / "python"))).where()


def test_nothing_of_this_pythons_packages_is_lent(python39):
    with place("transport.transport_parts:adder", interpreter(str(python39))) as add:
        assert add(2, 3) == 5


def test_two_servers_cannot_have_one_address(far):
    with pytest.raises(AddressInUse):
        Server({}, far)
    with Worker(COUNTER) as worker:
        assert worker.call("where") == worker.pid
