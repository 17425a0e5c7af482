"""Values that both sides know: named where they can be, sent where they must be, and never mistaken."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from droidlet_schema import Key, evolve
from droidlet_schema.changes import encode_change
from droidlet_transport import known as known_module
from droidlet_transport.envelope import pack_request, read_reply, read_request
from droidlet_transport.errors import ProtocolError
from droidlet_transport.known import MOST_KNOWN, Known
from droidlet_transport.naming import Names, in_full, understood
from droidlet_transport.replies import result_of
from droidlet_transport.serving import Table, pure
from droidlet_transport.values import Opaque, frames_of
from droidlet_transport.workers import Worker
from transport.transport_parts import Counted, goes_on

CLIENT = b"c" * 16


class Caller:
    """A client without a connection: its messages go straight to a table; it counts the bytes."""

    def __init__(self, **functions) -> None:
        self.serve = functions
        self.names, self.number, self.sent, self.got = Names(), 0, [], []
        self.start()

    def start(self) -> None:
        self.table = Table({name: pure(function) for name, function in self.serve.items()})

    def call(self, name, *arguments):
        self.number += 1
        request = self.names.request(CLIENT, self.number, name, arguments)
        reply = self._ask(request)
        if reply.kind == "unknown":
            self.names.forget()
            reply = self._ask(in_full(request))
        result = result_of(reply, arguments)
        self.names.answered(request, result if reply.kind == "values" else (result,), reply.values)
        return result

    def _ask(self, request):
        frames = pack_request(request)
        self.sent.append(sum(map(len, frames)))
        assert read_request(frames).known == request.known
        answer = [bytes(frame) for frame in self.table.answer([bytes(frame) for frame in frames])]
        self.got.append(sum(map(len, answer)))
        return read_reply(answer)


def world(total: int) -> Counted:
    return Counted(total, np.full((300, 300), total % 256, np.uint8))


def step(amount, state):
    return state.total + amount, world(state.total + amount)


def test_a_state_that_goes_round_is_sent_until_it_comes_back_and_then_named():
    caller, state = Caller(step=step), world(0)
    for number in range(10):
        total, state = caller.call("step", 1, state)
        assert (total, state) == (number + 1, world(number + 1))
    assert [size > 90_000 for size in caller.sent] == [True, True] + [False] * 8


def test_one_argument_again_and_again_is_sent_once_if_it_is_small_and_twice_if_not():
    small = Counted(1, np.ones((60, 60), np.uint8))
    caller = Caller(total=lambda one: one.total)
    for one in (small, world(5)):
        assert [caller.call("total", one) for _ in range(5)] == [one.total] * 5
    assert [size > 3000 for size in caller.sent] == [True, *[False] * 4, True, True, *[False] * 3]


def test_another_table_knows_nothing_and_is_sent_the_bytes():
    caller, state = Caller(step=step), world(0)
    for number in range(12):
        if number % 4 == 3:
            caller.start()  # another process
        total, state = caller.call("step", 1, state)
        assert (total, state) == (number + 1, world(number + 1))


def test_every_state_of_a_long_walk_may_come_back_though_few_are_held():
    caller, states = Caller(step=step), [world(0)]
    for _ in range(MOST_KNOWN + 20):
        states.append(caller.call("step", 1, states[-1])[1])
    for total in (0, 30, 5, MOST_KNOWN + 20, 5):
        assert caller.call("step", 7, states[total])[1] == world(total + 7)


def test_what_fails_and_what_died_is_no_name():
    def fails(state):
        raise ValueError(state.total)

    caller = Caller(step=step, fails=fails)
    state = world(3)
    for _ in range(3):
        with pytest.raises(ValueError, match="3"):
            caller.call("fails", state)
    del state
    for total in range(50):  # others will stand where the dead one stood in memory
        assert caller.call("step", 1, world(total))[0] == total + 1
    assert len(caller.names._seen) <= 1


def test_only_so_many_values_and_bytes_are_held(monkeypatch):
    known, large = Known(), world(1)
    frames = frames_of(large, "it")
    size = sum(map(len, frames))
    for number in range(MOST_KNOWN + 40):
        known.keep(CLIENT, (number, 0), large, frames)
        known.keep(CLIENT, (number, 0), large, frames)
    assert known._size == size * MOST_KNOWN
    assert known.find(CLIENT, [(39, 0)]) is None and known.find(CLIENT, [(40, 0)]) == [large]
    assert known.find(b"another", [(40, 0)]) is None
    monkeypatch.setattr(known_module, "MOST_BYTES", 5 * size)
    known.keep(CLIENT, (1000, 0), large, frames)
    assert known._size == 5 * size and known.find(CLIENT, [(40, 0), (1000, 0)]) == [large, large]


def test_a_client_with_much_loses_before_others_do_and_the_eldest_goes_when_there_are_too_many(monkeypatch):
    known, large = Known(), world(1)
    frames = frames_of(large, "it")
    size = sum(map(len, frames))
    monkeypatch.setattr(known_module, "MOST_TOGETHER", 9 * size)
    monkeypatch.setattr(known_module, "MOST_CLIENTS", 4)
    for client in (b"a", b"b"):
        known.keep(client, (1, 0), large, frames)
    for number in range(50):
        known.keep(b"c", (number, 0), large, frames)
    assert known._size == 9 * size
    assert all(known.find(client, [(1, 0)]) for client in (b"a", b"b"))
    assert known.find(b"c", [(42, 0)]) is None and known.find(b"c", [(43, 0)])
    for client in (b"d", b"a", b"e", b"f"):
        known.keep(client, (2, 0), large, frames)
    assert [client for client in (b"a", b"b", b"c", b"d", b"e", b"f") if known.find(client, [(2, 0)])] == [
        *(b"a", b"d", b"e", b"f")
    ]
    assert known._size == 5 * size


@pytest.mark.parametrize("kill", [False, True])
def test_a_worker_that_dies_has_forgotten(kill):
    with Worker("transport.transport_parts:Counter") as worker:
        state = worker.call("initial", Key(0))
        for number in range(5):
            total, state = worker.call("widen", state)
            assert total == number + 1 and state.picture.shape == (2, 3000 * (number + 1))
            if kill and number % 2:
                os.kill(worker.pid, signal.SIGKILL)
        assert worker.restarts == 2 * kill


@pytest.mark.parametrize("wait", ["done", "result"])
def test_what_goes_with_several_promises_is_sent_once_and_again_to_a_worker_that_never_saw_it(wait):
    small = Counted(1, np.ones((60, 60), np.uint8))
    with Worker("transport.transport_parts:Counter") as worker:
        worker.served()
        for kill in (False, True):
            promises = [worker.start("echo", small) for _ in range(5)]
            assert [len(promise.request.known) for promise in promises] == [kill, 1, 1, 1, 1]
            if kill:
                os.kill(worker.pid, signal.SIGKILL)
                while goes_on(worker.pid):
                    time.sleep(0.002)
                assert promises[1].result() == small  # only who waits starts another worker
            until = time.monotonic() + 60
            while wait == "done" and not promises[-1].done() and time.monotonic() < until:
                pass
            assert [promise.result() for promise in promises] == [small] * 5
        assert worker.restarts == 1


def test_a_state_goes_round_through_promises_too():
    with Worker("transport.transport_parts:Counter") as worker:
        state = worker.start("initial", Key(0)).result()
        known = []
        for number in range(5):
            promise = worker.start("widen", state)
            total, state = promise.result()
            known.append(len(promise.request.known))
            assert total == number + 1 and state.picture.shape == (2, 3000 * (number + 1))
        assert known == [0, 0, 1, 1, 1]


def test_a_state_that_changes_in_part_comes_back_in_part():
    def paint(amount, state):
        return amount, evolve(state, total=state.total + amount)

    caller, state = Caller(paint=paint), world(0)
    for number in range(6):
        _, state = caller.call("paint", 1, state)
        assert state == evolve(world(0), total=number + 1)
    assert [size > 90_000 for size in caller.got] == [True, True, *[False] * 4]


def test_a_change_of_what_was_not_sent_is_garbage():
    frames = (b"\xc1\x00" + encode_change(world(1), world(0))[0],)
    for arguments in ((), (5,)):
        with pytest.raises(ProtocolError, match="a change of argument 0"):
            understood(frames, arguments)
    for head in (b"\xc1", b"\xc1\x00", b"\xc1\x00\xff", b"\xc1\x01\x80"):
        with pytest.raises(ProtocolError, match="a change"):
            understood((head,), (world(0),))


def test_a_record_of_a_class_that_is_not_here_has_a_name_but_no_changes():
    names, frames = Names(), frames_of(world(0), "it")
    unknown = Opaque("World/1", frames)
    first = names.request(CLIENT, 1, "step", (unknown,))
    names.request(CLIENT, 2, "step", (unknown,))
    third = names.request(CLIENT, 3, "step", (unknown,))
    assert first.values == (frames,) and third.values == ((),) and third.known == ((2, 0),)
    assert not third.changes and in_full(third).values == (frames,)
