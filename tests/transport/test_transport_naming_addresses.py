"""Named values at an address: what is named, and that it makes no difference to what comes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Iterator

import anyio
import pytest

from droidlet_schema import FrozenMap, Key, Move
from droidlet_simulators import RoomSimulator, make_scene
from droidlet_transport import known as limits
from droidlet_transport import pure, table_of
from droidlet_transport.service import AsyncClient, Client, Server
from droidlet_transport.testing import Proxy, at
from transport.naming_parts import HERE, PURE, Told, Walked, large

STEPS = 12
TABLE = {name: pure(getattr(HERE, name)) for name in PURE}


@contextmanager
def serving(table: Any, **options: Any) -> Iterator[str]:
    with Server(table, **options) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield server.address
        finally:
            server.stop()
            thread.join()


def walk(simulator: Any, scene: Any) -> Any:
    observations, world = simulator.reset(scene, Key(0))
    seen = [observations]
    for number in range(STEPS):
        observations, world = simulator.step({"robot": (Move(0.01 * number),)}, world)
        seen += [observations, simulator.observe(world), simulator.objects(world)]
    return seen, world


class Asking:
    """A simulator at an address, which counts how many values went by name, and how many whole."""

    def __init__(self, client: Client) -> None:
        self.client, self.named, self.whole = client, 0, 0

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self._ask(name, arguments)

    def _ask(self, name: str, arguments: Any) -> Any:
        pending = self.client.start(name, *arguments)
        self.named += len(pending.request.known)
        self.whole += sum(len(b"".join(map(bytes, value))) > 1024 for value in pending.request.values)
        return pending.result()


def test_the_world_of_a_run_goes_there_twice_and_its_scene_once() -> None:
    room, scene = RoomSimulator(), make_scene(7)
    with serving(table_of(room)) as address, Client(address) as client:
        asking = Asking(client)
        for _ in range(2):
            assert walk(asking, scene) == walk(room, scene)
        assert asking.whole == 3 and asking.named == 2 * 3 * STEPS - 2 + 1


def test_calls_under_way_share_a_scene_also_one_that_is_only_equal() -> None:
    with serving(table_of(RoomSimulator())) as address, Client(address) as client:
        pending = [client.start("left_out", make_scene(7)) for _ in range(6)]
        assert [len(one.request.known) for one in pending] == [0, 1, 1, 1, 1, 1]
        assert [one.result() for one in reversed(pending)] == [()] * 6
        reset = client.start("reset", make_scene(7), Key(3))
        assert len(reset.request.known) == 1
        assert reset.result() == RoomSimulator().reset(make_scene(7), Key(3))


@pytest.mark.parametrize("towards", ["server", "client"])
def test_a_connection_that_is_cut_again_and_again_changes_nothing(towards: str) -> None:
    room, scene = RoomSimulator(), make_scene(7)
    with serving(table_of(room)) as address, Proxy(address) as proxy, Client(proxy.address) as client:
        proxy.cut(at(6, 13, 19), towards=towards)
        assert walk(Asking(client), scene) == walk(room, scene)
        assert proxy.done == 3


def test_another_server_at_the_address_is_told_what_it_does_not_know() -> None:
    world = expected = large(1)
    address = "tcp://127.0.0.1:0"
    client = None
    for _ in range(3):
        with serving(TABLE, address=address) as address:
            client = client or Client(address)
            for amount in range(4):
                total, world = client.call("step", amount, world)
                assert (total, world) == HERE.step(amount, expected)
                _, expected = HERE.step(amount, expected)
    assert client is not None
    client.close()


def test_threads_of_a_server_and_of_clients_and_small_memory_change_nothing(monkeypatch) -> None:
    monkeypatch.setattr(limits, "MOST_KNOWN", 3)
    monkeypatch.setattr(limits, "MOST_TOGETHER", 300_000)
    found = {}

    def run(start: int) -> None:
        with Client(address) as client:
            found[start] = family(client.start, start)

    def here(name: str, *arguments: Any) -> Any:
        return SimpleNamespace(result=lambda: getattr(HERE, name)(*arguments))

    with serving(TABLE, threads=3) as address:
        threads = [threading.Thread(target=run, args=(start,)) for start in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {start: family(here, start) for start in range(3)}


def family(start: Any, first: int) -> list[Walked]:
    """Worlds that come of others, several of one at a time."""
    worlds = [large(first)]
    for number in range(STEPS):
        pending = [start("step", amount, worlds[-1]) for amount in range(3)]
        worlds += [one.result()[1] for one in pending]
        worlds.append(start("both", worlds[-1], worlds[number]).result()[0])
    return worlds


@pytest.mark.parametrize("threads", [0, 2])
def test_many_tasks_may_call_with_one_value(threads: int) -> None:
    world = Walked(3, 0, FrozenMap({}), large(0).picture)
    got: list[Any] = []

    async def ask(client: AsyncClient, number: int) -> None:
        got.append((number, await client.call("step", number, world)))

    async def main() -> None:
        async with AsyncClient(address) as client:
            for _ in range(2):
                async with anyio.create_task_group() as tasks:
                    for number in range(10):
                        tasks.start_soon(ask, client, number)
            got.append((-1, await client.call("read", world, Told("it"))))

    with serving(TABLE, threads=threads) as address:
        anyio.run(main)
    assert got.pop() == (-1, HERE.read(world, Told("it")))
    assert len(got) == 20 and all(result == HERE.step(number, world) for number, result in got)
