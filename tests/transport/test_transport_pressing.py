"""Frames pressed where it pays: what arrives is what was sent, and whoever declares too much is refused."""

from __future__ import annotations

import threading

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_transport import ProtocolError, pure
from droidlet_transport.envelope import Request, pack_reply, pack_request, read_reply, read_request
from droidlet_transport.pressing import AGAIN, SMALLEST, Press, Rate, restored
from droidlet_transport.service import Client, Server
from droidlet_transport.serving import Table
from droidlet_transport.values import frames_of, value_of

lz4 = pytest.importorskip("lz4.block")
FLAT = np.full((300, 400), 7, np.uint8)
NOISE = np.random.default_rng(0).integers(0, 256, (300, 400), dtype=np.uint8)
SLOW, FAST = 1e6, 1e15  # bytes per second


def sent(press, frames, rate, times=1):
    for _ in range(times):
        found = press.press("look", frames, rate)
    return found


def test_what_shrinks_is_pressed_on_a_slow_connection_only():
    frames = [b"header", FLAT.data, NOISE.data]
    found, pressed = sent(Press(), frames, SLOW, 2)
    assert pressed == [(1, "lz4", FLAT.nbytes)] and len(found[1]) < 1000
    assert found[0] == b"header" and found[2] is frames[2]
    assert sent(Press(), frames, FAST, 2) == (frames, [])


def test_each_decision_is_taken_again_now_and_then():
    press = Press()
    assert sent(press, [FLAT.data], FAST, AGAIN)[1] == []
    assert sent(press, [FLAT.data], SLOW, 2)[1] != []
    pressed = [sent(press, [FLAT.data], SLOW)[1] != [] for _ in range(2 * AGAIN)]
    assert pressed.count(False) == 2  # goes as it is, so that the rate is measured


def test_what_shrinks_no_more_is_no_longer_pressed():
    press = Press()
    assert sent(press, [FLAT.data], SLOW, 2)[1]
    sent(press, [NOISE.data], SLOW)
    assert not sent(press, [NOISE.data], SLOW)[1]


def test_small_frames_are_left_alone():
    assert sent(Press(), [bytes(SMALLEST - 1)], SLOW, 3)[1] == []


@given(st.binary(max_size=200), st.integers(1, 3000))
def test_there_and_back_nothing_is_lost(data, times):
    frames = [data * times, FLAT.data]
    found, pressed = sent(Press(), frames, SLOW, 2)
    assert [bytes(frame) for frame in restored(found, pressed, None)] == [bytes(frame) for frame in frames]


@pytest.mark.parametrize(
    ("pressed", "why"),
    [
        ((0, "lz4", 1 << 40), "declares 1099511627776 is too large"),
        ((0, "lz4", 2000), "has 1000 bytes, 2000 were declared"),
        ((0, "lz4", 999), "cannot be undone"),
        ((0, "lz4", 5000), "declares 5000 is too large"),
        ((3, "lz4", 1000), "frame 3 of 1"),
        ((0, "zstd", 1000), "pressed by 'zstd'"),
    ],
)
def test_what_declares_what_it_is_not_is_refused(pressed, why):
    small = lz4.compress(bytes(1000), store_size=False)
    assert restored([small], [(0, "lz4", 1000)], 4000) == [bytes(1000)]
    with pytest.raises(ProtocolError, match=why):
        restored([small], [pressed], 4000)


def test_what_was_pressed_more_than_once_is_refused():
    """Each time may make it 256 times as large."""
    once = lz4.compress(bytes(100_000), store_size=False)
    twice = lz4.compress(once, store_size=False)
    with pytest.raises(ProtocolError, match="pressed more than once"):
        restored([twice], [(0, "lz4", len(once)), (0, "lz4", 100_000)], None)


def test_nothing_is_pressed_for_a_rate_that_nobody_knows():
    assert sent(Press(), [FLAT.data], 0, 3) == ([FLAT.data], [])
    table = Table({"echo": pure(lambda value: value)}, b"epoch")
    request = Request(b"me", 1, "echo", (frames_of(FLAT, "it"),), press=(["lz4"], 0))
    assert np.array_equal(value_of(read_reply(table.answer(pack_request(request))).values[0]), FLAT)


def test_what_pays_for_one_client_is_not_done_for_one_that_is_faster():
    press = Press()
    assert sent(press, [FLAT.data], SLOW, 2)[1]
    assert sent(press, [FLAT.data], FAST, 3) == ([FLAT.data], [])
    assert sent(press, [FLAT.data], SLOW)[1]


def test_garbage_that_says_it_was_pressed_is_answered_with_an_error():
    table = Table({"echo": pure(lambda value: value)}, b"epoch")
    head, *rest = pack_request(Request(b"me", 1, "echo", (frames_of(FLAT, "it"),)))
    for pressed in ([[1, "lz4", 10]], [[1, "lz4", 1 << 60]], [[9, "lz4", 1]], [["x"]], 7):
        wrong = msgspec.msgpack.encode({**msgspec.msgpack.decode(head), "pressed": pressed})
        reply = read_reply(table.answer([wrong, *rest]))
        assert (reply.number, reply.kind) == (1, "error")


def test_a_client_that_does_not_know_of_it_never_gets_it():
    table = Table({"echo": pure(lambda value: value)}, b"epoch")
    for press, expected in ((None, False), ((["zstd"], 1000), False), ((["lz4"], 1000), True)):
        request = Request(b"me", 1, "echo", (frames_of(FLAT, "it"),), press=press)
        for _ in range(3):
            message = table.answer(pack_request(request))
        assert ("pressed" in msgspec.msgpack.decode(message[0])) is expected
        assert np.array_equal(value_of(read_reply(message).values[0]), FLAT)


def test_the_rate_is_the_best_seen_and_slowly_forgotten():
    rate = Rate()
    rate.learn([bytes(100)], 1e-6)
    assert rate.bytes_per_s == 0.0  # too small to tell
    rate.learn([bytes(1_000_000)], 0.01)
    rate.learn([bytes(1_000_000)], 1.0)
    assert 0.9e8 < rate.bytes_per_s < 1e8


def test_both_directions_are_pressed_once_the_connection_is_known_to_be_slow():
    came = []

    def echo(value):
        came.append(value)
        return value

    with Server({"echo": pure(echo)}) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as client:
            for _ in range(3):
                assert np.array_equal(client.call("echo", FLAT), FLAT)
            client._calls._rate.bytes_per_s = SLOW
            for _ in range(70):
                assert np.array_equal(client.call("echo", FLAT), FLAT)
            asked = client._calls.make("echo", (FLAT,), 1e12)
            assert "pressed" in msgspec.msgpack.decode(client._calls.message(asked)[0])
            client._calls.drop(asked)
            for _ in range(5):
                assert np.array_equal(client.call("echo", NOISE), NOISE)
        server.stop()
        thread.join(20)
    assert all(np.array_equal(value, FLAT) or np.array_equal(value, NOISE) for value in came)


def test_a_reply_is_as_before_where_nothing_is_pressed():
    request = Request(b"me", 1, "echo", (frames_of(NOISE, "it"),), press=(["lz4"], 1000))
    assert read_request(pack_request(request)).press == (["lz4"], 1000)
    table = Table({"echo": pure(lambda value: value)}, b"epoch")
    message = table.answer(pack_request(request))
    assert set(msgspec.msgpack.decode(message[0])) == {"v", "kind", "id", "values", "us"}
    assert pack_reply(read_reply(message))[1:] == message[1:]
