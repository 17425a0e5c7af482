"""Ctrl-C at any moment: what was under way is told, and the next call is answered, by this worker or another."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time

import numpy as np
import pytest

from droidlet_transport import OutcomeUnknown, Worker, WorkerCrashed, asking
from droidlet_transport.links import Link
from droidlet_transport.memories import make_memory
from droidlet_transport.streams import Ended, Hung

COUNTER = "transport.transport_parts:Counter"
MUCH = tuple(
    np.full(8000, 7, np.uint8) for _ in range(3000)
)  # more than goes into blocks, and than a socket holds


class InterruptError(BaseException):
    """As KeyboardInterrupt, but nobody's else."""


@pytest.fixture
def interrupted():
    """Runs something that is interrupted after so many seconds, or when something is so; whether it was."""
    armed = False
    main = threading.get_ident()

    def watch(when) -> None:
        while armed and not when():
            time.sleep(0.002)
        signal.pthread_kill(main, signal.SIGALRM)

    def interrupt(number: int, frame: object) -> None:
        nonlocal armed
        if armed:
            armed = False
            raise InterruptError

    def run(do, when) -> bool:
        nonlocal armed
        try:
            armed = True
            if callable(when):
                threading.Thread(target=watch, args=(when,)).start()
            else:
                signal.setitimer(signal.ITIMER_REAL, when)
            do()
            armed = False
        except InterruptError:
            return True
        return False

    before = signal.signal(signal.SIGALRM, interrupt)
    yield run
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def full(worker: Worker):
    """Whether nothing more goes to the worker."""
    stream = worker._running.link.stream

    def is_full() -> bool:
        return not select.select((), (stream,), (), 0)[1]

    return is_full


def test_a_request_that_was_half_sent_does_not_spoil_the_next_call(interrupted):
    with Worker(COUNTER) as worker:
        first = worker.call("where")
        os.kill(first, signal.SIGSTOP)
        assert interrupted(lambda: worker.call("echo", MUCH), full(worker))
        os.kill(first, signal.SIGCONT)
        assert worker.call("echo", 1, deadline_s=20.0) == 1 and worker.restarts == 1
        assert worker.call("where") != first


def test_who_is_interrupted_while_waiting_goes_on_with_the_same_worker(interrupted):
    """Also where both sides have much to say: the answer that nobody waited for is read first."""
    with Worker(COUNTER) as worker:
        first = worker.call("where")
        assert interrupted(lambda: worker.call("sleep", 0.4), 0.1)
        assert worker.call("where") == first
        promise = worker.start("sleep", 0.4)
        assert interrupted(promise.result, 0.1)
        assert promise.result() is None and worker.call("where") == first
        assert interrupted(lambda: worker.call("slow_echo", 1.5, MUCH), 1.0)
        assert len(worker.call("echo", MUCH, deadline_s=20.0)) == len(MUCH)


def test_an_effect_that_was_half_sent_is_never_sent_again(interrupted):
    with Worker(COUNTER, effects=True) as worker:
        first = worker.call("where")
        os.kill(first, signal.SIGSTOP)
        assert interrupted(lambda: worker.start("echo", MUCH), full(worker))
        with pytest.raises(OutcomeUnknown, match="interrupted in the middle of a message, during echo"):
            worker.waiting[0].result()
        assert worker.call("echo", 2) == 2 and worker.restarts == 1
    with Worker(COUNTER, effects=True, again=False) as worker:
        os.kill(worker.call("where"), signal.SIGSTOP)
        assert interrupted(lambda: worker.call("echo", MUCH), full(worker))
        for _ in range(2):
            with pytest.raises(WorkerCrashed, match="interrupted in the middle|by signal 9.* before this"):
                worker.call("echo", 3)
        assert worker.pid is None


@pytest.fixture
def links():
    ours, theirs = socket.socketpair()
    to_worker, from_worker = make_memory(1 << 20), make_memory(1 << 20)
    one = Link(ours, os.dup(to_worker), os.dup(from_worker))
    other = Link(theirs, from_worker, to_worker)
    yield one, other
    one.close()
    other.close()


def test_whoever_leaves_a_wait_may_come_back(links, interrupted):
    one, other = links
    other.send([b"head", b"x" * 9000])
    sent = one.stream.recv(1 << 16)
    for begin in range(0, len(sent), 3000):
        assert interrupted(one.receive, 0.01)
        with pytest.raises(Hung):
            one.receive(time.monotonic())
        other.stream.sendall(sent[begin : begin + 3000])
    assert one.receive() == (b"head", b"x" * 9000) and not one.broken


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # what hits a finalizer is lost
def test_at_whatever_moment_it_comes_a_link_is_broken_or_as_if_nothing_had_been(interrupted):
    numbers = np.random.default_rng(5)
    broken = whole = 0
    for _ in range(400):
        ours, theirs = socket.socketpair()
        memories = [make_memory(1 << 20) for _ in range(2)]
        one, other = Link(ours, *map(os.dup, memories)), Link(theirs, *reversed(memories))
        for number in range(4):
            other.send([bytes([number]) * 200, np.full(1 << 15, number, np.uint8).data])
        got = []

        def read(one=one, got=got) -> None:
            while not got or got[-1] < 3:
                frames = one.receive(time.monotonic() + 20)
                assert frames[0][0] == frames[1][-1]
                got.append(frames[0][0])

        if interrupted(read, numbers.uniform(2e-6, 150e-6)):
            if one.broken:
                broken += 1
                with pytest.raises(Ended):
                    one.receive()
            elif not one.incoming.readable() and one._whole is None:  # the last one had been given
                whole += 1
            else:
                whole += 1
                read()
        assert got == sorted(set(got))
        one.close()
        other.close()
    assert broken + whole > 20


def test_calls_that_are_interrupted_anywhere_are_followed_by_calls_that_are_answered(interrupted):
    """In what packs, sends, waits, reads: nothing of it may leave the next call without its answer."""
    numbers, hits = np.random.default_rng(3), 0
    with Worker(COUNTER) as worker:
        worker.call("where")

        def ask(number: int) -> float:
            begun, picture = time.monotonic(), np.full(2_000_000, number, np.uint8)
            worker.start("echo", picture).result() if number % 2 else worker.call("echo", picture)
            return time.monotonic() - begun

        long_s = max(ask(number) for number in range(4))
        for number in range(30):
            hits += interrupted(lambda number=number: ask(number), numbers.uniform(1e-5, long_s))
            assert worker.call("echo", number, deadline_s=None) == number
        assert worker.restarts <= hits
    assert hits > 0


def test_an_answer_that_was_read_and_lost_is_not_waited_for():
    """As where Ctrl-C comes between the two."""
    with Worker(COUNTER, effects=True) as worker:
        promise = worker.start("echo", 1)
        while not worker._running.link.readable():
            time.sleep(0.01)
        asking._read(worker._running, None)
        with pytest.raises(OutcomeUnknown, match="during echo"):
            promise.result()
        assert worker.call("echo", 2) == 2
