"""Calls from async code, on asyncio and on trio: many at a time, cancelled at will, and none gets another's answer."""

from __future__ import annotations

import threading
import time

import anyio
import numpy as np
import pytest

from droidlet_transport import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    effect,
    pure,
)
from droidlet_transport.service import AsyncClient, NotAllowed, Server
from droidlet_transport.testing import Proxy, at
from transport.transport_parts import Strange

pytestmark = pytest.mark.anyio
PATIENCE_S = 20.0


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    if request.param == "trio":
        pytest.importorskip("trio")
    return request.param


class Shop:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def append(self, line: str) -> int:
        self.lines.append(line)
        return len(self.lines)

    def fail(self) -> None:
        raise Strange(Shop, 7)


@pytest.fixture(scope="module")
def shop():
    return Shop()


@pytest.fixture(scope="module")
def address(shop):
    functions = {
        "echo": pure(lambda value: value),
        "sleep": effect(time.sleep),
        "append": effect(shop.append),
        "fail": pure(shop.fail),
    }
    with Server(functions, name="shop") as made:
        thread = threading.Thread(target=made.serve)
        thread.start()
        yield made.address
        made.stop()
        thread.join(PATIENCE_S)


async def test_a_call_is_awaited_and_its_error_raised(address):
    async with AsyncClient(address, deadline_s=PATIENCE_S) as client:
        assert await client.call("echo", (1, "two", None)) == (1, "two", None)
        picture = np.arange(1_000_000, dtype=np.float32)
        assert np.array_equal(await client.call("echo", picture), picture)
        with pytest.raises(Strange, match="Shop failed with 7") as caught:
            await client.call("fail")
        assert caught.value.code == 7
        with pytest.raises(NotServed, match="does not serve 'fly'"):
            await client.call("fly")
        with pytest.raises(CannotTravel, match="argument 0 of echo"):
            await client.call("echo", object())


async def test_arguments_go_by_name_and_the_server_tells_of_itself(address):
    async with AsyncClient(address, deadline_s=PATIENCE_S) as client:
        assert await client.call("echo", keywords={"value": 3}) == 3
        with pytest.raises(TypeError, match="unexpected keyword argument 'wrong'"):
            await client.call("echo", keywords={"wrong": 3})
        assert (await client.about())["name"] == "shop"
        assert dict(await client.served())["append"] == "effect"


async def test_more_calls_at_once_than_may_be_on_their_way_get_their_own_answers(address):
    found = {}

    async def ask(number: int) -> None:
        found[number] = await client.call("echo", number)

    async with AsyncClient(address, deadline_s=PATIENCE_S) as client, anyio.create_task_group() as tasks:
        for number in range(700):
            tasks.start_soon(ask, number)
    assert found == {number: number for number in range(700)}


async def test_calls_that_are_cancelled_take_no_answer_from_another(address):
    answered = cancelled = 0
    async with AsyncClient(address, deadline_s=PATIENCE_S) as client:
        assert await client.call("echo", 0) == 0
        for number in range(400):
            with anyio.move_on_after(0.0001 * (number % 8)) as scope:
                assert await client.call("echo", number) == number
                answered += 1
            cancelled += scope.cancelled_caught
            if number % 10 == 0:
                assert await client.call("echo", -number) == -number
        assert answered + cancelled == 400 and cancelled > 20
        assert not client._calls.pending


async def test_a_deadline_is_told_and_the_next_call_is_right(address):
    async with AsyncClient(address, deadline_s=PATIENCE_S) as client:
        assert await client.call("echo", 0) == 0
        with pytest.raises(DeadlineExceeded, match="sleep at .* in time: an effect, so whether"):
            await client.call("sleep", 0.2, deadline_s=0.05)
        assert await client.call("echo", 1) == 1


async def test_nobody_at_the_address_is_one_sentence():
    async with AsyncClient("tcp://127.0.0.1:1", deadline_s=0.1) as client:
        with pytest.raises(
            DeadlineExceeded, match="nobody answers at tcp://127.0.0.1:1: is the server running"
        ):
            await client.call("echo", 1)
    with pytest.raises(DeadlineExceeded):  # itself, in no group
        async with AsyncClient("tcp://127.0.0.1:1", deadline_s=0.05) as client:
            await client.call("echo", 1)
    with anyio.move_on_after(0.05) as scope:
        async with AsyncClient("tcp://127.0.0.1:1") as client:
            await client.call("echo", 1)
    assert scope.cancelled_caught
    with pytest.raises(NotAllowed, match="keys are needed"):
        AsyncClient("tcp://192.168.1.5:5000")


async def test_what_is_cut_is_asked_again_and_an_effect_is_done_once(address, shop):
    before = len(shop.lines)
    with Proxy(address) as proxy:
        async with AsyncClient(proxy.address, deadline_s=PATIENCE_S) as client:
            assert await client.call("echo", 0) == 0
            proxy.cut(at(proxy.seen("client") + 1, proxy.seen("client") + 4), towards="client")
            assert await client.call("append", "a") == before + 1
            assert await client.call("echo", 2) == 2
            assert await client.call("append", "b") == before + 2
        assert proxy.connections > 1
    assert shop.lines[before:] == ["a", "b"]


async def test_an_effect_whose_server_does_not_come_back_is_told(address):
    with Proxy(address) as proxy:
        async with AsyncClient(proxy.address, deadline_s=PATIENCE_S) as client:
            assert await client.call("echo", 0) == 0
            proxy.cut(at(proxy.seen("client") + 1), towards="client")
            proxy.refuse = True
            begin = time.monotonic()
            with pytest.raises(OutcomeUnknown, match="was cut during append, an effect"):
                await client.call("append", "lost")
            assert time.monotonic() - begin < PATIENCE_S / 2
            proxy.refuse = False
            assert await client.call("echo", 1) == 1


async def test_after_close_nothing_is_called_and_who_waits_is_told(address):
    ends, begun = [], anyio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await client.call("sleep", 0.3)
        except Closed as error:
            ends.append(error)

    client = AsyncClient(address)
    with pytest.raises(Closed, match="async with"):
        await client.call("echo", 1)
    async with anyio.create_task_group() as tasks, client:
        assert await client.call("echo", 1) == 1
        tasks.start_soon(wait)
        await begun.wait()
    assert len(ends) == 1
    with pytest.raises(Closed, match="was closed"):
        await client.call("echo", 1)
