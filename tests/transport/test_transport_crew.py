"""A server with threads: calls beside each other, effects once all the same, floods that wait outside."""

from __future__ import annotations

import threading

import pytest
import zmq

from droidlet_transport.client import Client
from droidlet_transport.crew import Crew
from droidlet_transport.envelope import Request, pack_request, read_reply
from droidlet_transport.server import Server
from droidlet_transport.serving import Table, effect, pure
from droidlet_transport.values import frames_of, value_of


class Gate:
    """A call that waits until another one opens it."""

    def __init__(self) -> None:
        self.open, self.calls = threading.Event(), 0

    def wait(self) -> int:
        self.calls += 1
        assert self.open.wait(20)
        return self.calls

    def leave(self) -> None:
        raise SystemExit(3)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def server(gate):
    functions = {"wait": effect(gate.wait), "go": pure(gate.open.set), "leave": effect(gate.leave)}
    with Server(functions, threads=3) as made:
        thread = threading.Thread(target=made.serve)
        thread.start()
        yield made
        gate.open.set()
        made.stop()
        thread.join(10)


def test_a_slow_call_delays_nobody_elses(server, gate):
    with Client(server.address, deadline_s=20) as slow, Client(server.address, deadline_s=20) as quick:
        waiting = slow.start("wait")
        assert quick.call("go") is None  # one server thread would be in `wait` for ever
        assert waiting.result() == 1


def test_an_effect_repeated_while_it_is_carried_out_is_carried_out_once(server, gate):
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.connect(server.address)
    message = pack_request(Request(b"c" * 16, 1, "wait", ()))
    for _ in range(5):  # more than there are threads: none waits for another
        socket.send_multipart(message)
    with Client(server.address, deadline_s=20) as other:
        other.call("go")
    results = [value_of(read_reply(socket.recv_multipart()).values[0]) for _ in range(5)]
    assert (results, gate.calls) == ([1] * 5, 1)
    socket.close(0)
    context.term()


def test_a_function_that_leaves_its_thread_is_not_carried_out_again():
    gate = Gate()
    table = Table({"leave": effect(gate.leave)})
    message = pack_request(Request(b"c" * 16, 1, "leave", ()))
    with pytest.raises(SystemExit):
        table.answer(message)
    assert read_reply(table.answer(message)).kind == "error"


def test_a_crew_takes_no_more_than_it_was_told():
    gate, woken = Gate(), threading.Semaphore(0)

    def answer(frames, tell):
        gate.wait()
        return frames_of(len(frames), "it")

    crew = Crew(1, answer, woken.release, most=2)
    crew.take("a", [b"1"])
    assert not crew.full
    crew.take("b", [b"1", b"2"])
    assert crew.full
    gate.open.set()
    for _ in range(2):
        assert woken.acquire(timeout=20)
    assert [(peer, value_of(frames)) for peer, frames in crew.answered()] == [("a", 1), ("b", 2)]
    assert not crew.full and crew.answered() == []
    crew.close()
