"""Shared memory: what is looked at is never overwritten, what nobody looks at is used again, a full one falls back."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from droidlet_transport import links as links_module
from droidlet_transport import streams
from droidlet_transport.errors import ProtocolError
from droidlet_transport.lending import SMALLEST, Borrower, Lender, block_size
from droidlet_transport.links import Link
from droidlet_transport.memories import make_memory

SIZE, SMALL = 1 << 18, 1 << 16


def pair(size: int = SIZE) -> tuple[Lender, Borrower]:
    descriptor = make_memory(size)
    try:
        return Lender(descriptor), Borrower(descriptor)
    finally:
        os.close(descriptor)


class Lending(RuleBasedStateMachine):
    """Blocks lent, looked at through views and slices of views, dropped in any order."""

    @initialize()
    def start(self) -> None:
        self.lender, self.borrower = pair(SMALL)
        self.kept: list[tuple[np.ndarray, np.ndarray]] = []
        self.seed = 0

    @rule(length=st.integers(1, SMALL // 3), part=st.integers(0, 3))
    def lend(self, length: int, part: int) -> None:
        self.seed += 1
        data = np.random.default_rng(self.seed).integers(0, 256, length, np.uint8)
        offset = self.lender.lend(length)
        if offset is None:
            assert self.lender.lent_bytes + length > SMALL // 4
            return
        self.lender.fill(offset, data.data)
        view = np.frombuffer(self.borrower.borrow(offset, length), np.uint8)
        if part:  # only a slice of it, or a reinterpretation, is kept
            begin = length * part // 4
            view, data = view[begin:][::part], data[begin:][::part]
        assert not view.flags.writeable
        self.kept.append((view, data))

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        del self.kept[data.draw(st.integers(0, len(self.kept) - 1))]

    @rule()
    def give_back(self) -> None:
        self.lender.take_back(self.borrower.given_back())
        if not self.kept:
            assert self.lender.lent_bytes == 0

    @invariant()
    def nothing_kept_has_changed(self) -> None:
        for view, data in getattr(self, "kept", ()):
            assert np.array_equal(view, data)


Lending.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestLending = Lending.TestCase


def test_what_is_not_lent_cannot_be_given_back_and_no_block_lies_beyond_the_memory():
    lender, borrower = pair()
    with pytest.raises(ProtocolError, match="given back, but not lent"):
        lender.take_back([4096])
    for offset, length in ((SIZE, 1), (0, SIZE + 1), (0, 0), (-4096, 5)):
        with pytest.raises(ProtocolError, match="the memory has"):
            borrower.borrow(offset, length)


def test_nobody_can_make_the_memory_smaller():
    descriptor = make_memory(SIZE)
    if hasattr(os, "memfd_create"):
        with pytest.raises(OSError):
            os.ftruncate(descriptor, 0)
    os.close(descriptor)


@pytest.fixture
def links():
    ours, theirs = socket.socketpair()
    to_worker, from_worker = make_memory(SIZE), make_memory(SIZE)
    one = Link(ours, os.dup(to_worker), os.dup(from_worker))
    other = Link(theirs, from_worker, to_worker)
    yield one, other
    one.close()
    other.close()


def test_small_frames_go_inline_large_ones_in_blocks_and_when_full_inline_again(links):
    one, other = links
    kept = []
    for number in range(12):
        frames = [b"head", bytes([number]) * (SMALLEST * 3), b""]
        thread = threading.Thread(target=one.send, args=(frames,))
        thread.start()
        kept.append(other.receive())
        thread.join()
        assert [bytes(frame) for frame in kept[-1]] == frames
    assert one.lender.lent_bytes == SIZE // (SMALLEST * 3) * (SMALLEST * 3)  # full: the rest came inline
    assert [bytes(message[1][:1]) for message in kept] == [bytes([number]) for number in range(12)]
    kept.clear()
    other.send([b"thanks"])
    one.receive()
    assert one.lender.lent_bytes == 0


def test_garbage_on_the_link_is_refused(links):
    one, other = links
    one.stream.sendall(b"\xff" * 64)
    with pytest.raises(ProtocolError, match="a message of"):
        other.receive()


def test_large_arrays_come_behind_what_is_read_first(links, monkeypatch):
    one, other = links
    monkeypatch.setattr(links_module, "AHEAD", SIZE // 4)
    array = np.arange(SIZE // 4, dtype=np.uint8)
    go = threading.Event()
    fill = one.lender.fill

    def late(offset, data):
        if data.nbytes == array.nbytes:
            go.wait(20)
        fill(offset, data)

    one.lender.fill = late
    thread = threading.Thread(target=one.send, args=([b"head", b"h" * SMALLEST, array.data],))
    thread.start()
    head, long, ahead = other.receive(time.monotonic() + 20, ahead=True)
    assert (head, bytes(long)) == (b"head", b"h" * SMALLEST) and bytes(ahead) != array.tobytes()
    with pytest.raises(streams.Hung):
        other.settle(time.monotonic())
    go.set()
    other.settle(time.monotonic() + 20)
    assert bytes(ahead) == array.tobytes()
    thread.join()


def test_many_small_frames_share_a_block_that_is_given_back_at_once(links):
    one, other = links
    frames = [b"head", *(bytes([number]) * 900 for number in range(100)), b""]
    for _ in range(4):
        one.send(frames)
        assert other.receive() == tuple(frames)
        assert one.lender.lent_bytes > 90_000
        other.send([b"thanks"])
        one.receive()
        assert one.lender.lent_bytes == 0


def test_a_message_that_comes_in_pieces_past_deadlines_is_read_whole(links, monkeypatch):
    one, other = links
    sent = bytearray()
    for frames in ([b"head", b"x" * 9000], [b"head", *([b"y" * 1000] * 300)]):
        sent.clear()
        with monkeypatch.context() as patch:
            patch.setattr(streams, "send", lambda stream, data, until: sent.extend(data))
            patch.setattr(streams, "send_all", lambda stream, views, until: sent.extend(b"".join(views)))
            patch.setattr(links_module, "LARGEST", 0)
            one.send(frames)
        for begin in range(0, len(sent), 40_000):
            part = sent[begin : begin + 40_000]
            for piece in (part[:10], part[10:-3], part[-3:]):
                with pytest.raises(streams.Hung):
                    other.receive(time.monotonic())
                one.stream.sendall(piece)
        assert other.receive(time.monotonic() + 5) == tuple(frames)


def test_blocks_beyond_what_one_message_may_give_back_are_given_with_the_next():
    lender, borrower = pair(1 << 20)
    offsets = [lender.lend(5000) for _ in range(20)]
    for offset in offsets:
        borrower.borrow(offset, 5000)
    lender.take_back(borrower.given_back(12))
    lender.take_back(borrower.given_back(12))
    assert lender.lent_bytes == 0 and borrower.given_back() == []


class Forked:
    """A fork of this process that looks at arrays until it is asked what it sees."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        (self._read, write), (read, self._write) = os.pipe(), os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            signal.alarm(30)  # whatever becomes of the test
            os.read(read, 1)
            os.write(write, bytes([int(array.min()) for array in arrays]))
            os._exit(0)
        os.close(write)
        os.close(read)

    def sees(self) -> list[int]:
        os.write(self._write, b"x")
        seen = os.read(self._read, 100)
        os.close(self._read)
        os.close(self._write)
        os.waitpid(self._pid, 0)
        return list(seen)


def test_what_a_fork_looks_at_too_is_not_given_back_before_that_has_ended():
    lender, borrower = pair(1 << 20)

    def lent(number: int) -> np.ndarray:
        offset = lender.lend(9000)
        lender.fill(offset, np.full(9000, number, np.uint8).data)
        return np.frombuffer(borrower.borrow(offset, 9000), np.uint8)

    def given_back() -> int:
        offsets = borrower.given_back()
        lender.take_back(offsets)
        return len(offsets)

    gone, kept, other = lent(1), lent(2), lent(3)
    del gone
    first = Forked([kept, other])
    assert given_back() == 1  # nobody saw it any more
    second = Forked([other])
    late = lent(4)
    del other, late
    assert given_back() == 1
    again = [lent(9) for _ in range(20)]
    assert first.sees() == [2, 3] and given_back() == 0  # the second one looks at it still
    assert second.sees() == [3] and given_back() == 1
    del kept, again
    assert given_back() == 21 and lender.lent_bytes == 0
    assert not borrower._pinned


def test_forks_that_have_ended_leave_nothing_open_where_nobody_calls():
    lender, borrower = pair(SMALL)
    lender.lend(9000)
    view = borrower.borrow(0, 9000)
    for _ in range(4):
        assert Forked([np.frombuffer(view, np.uint8)]).sees() == [0]
    assert len({fork for one in borrower._pinned for fork in one.forks}) == 1


@given(length=st.integers(1, 1 << 40))
def test_a_block_is_whole_pages_and_little_larger_than_what_is_in_it(length):
    size = block_size(length)
    assert size >= length and size % 4096 == 0 and size - length < max(4096, length / 4)
    assert block_size(size) == size


def test_the_block_that_came_back_last_is_lent_first_and_what_lies_idle_is_joined_when_need_be():
    lender, borrower = pair(SMALL)
    first, second = (lender.lend(9000) for _ in range(2))
    lender.take_back([second, first])
    assert lender.lend(9000) == first
    assert lender.lend(49152) == second
