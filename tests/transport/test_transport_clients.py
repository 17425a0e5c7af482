"""Clients in trouble: servers that a request kills, servers that come back late, other threads, wrong keys."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import anyio
import numpy as np
import pytest

from droidlet_transport import (
    Closed,
    DeadlineExceeded,
    OutcomeUnknown,
    WorkerCrashed,
    connecting,
    effect,
    pure,
)
from droidlet_transport.service import AsyncClient, Client, Keys, NotAllowed, Server, Subscriber, new_keys

SUPERVISOR = """
    import os, signal, sys
    from droidlet_transport import effect, pure
    from droidlet_transport.service import Server

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    functions = {"die": pure(die), "do": effect(die), "same": pure(lambda value: value)}
    address = sys.argv[1]
    while True:
        child = os.fork()
        if not child:
            Server(functions, address).serve()
        os.waitpid(child, 0)
        print("ended", flush=True)
"""


@pytest.fixture
def supervised() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server that is started again whenever it ends."""
    with Server({}) as free:
        address = free.address
    path = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SUPERVISOR), address],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield address, process
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_a_request_that_kills_every_server_ends(supervised: tuple[str, subprocess.Popen[str]]) -> None:
    address, process = supervised
    with Client(address, deadline_s=60.0) as client:
        assert client.call("same", 1) == 1
        with pytest.raises(OutcomeUnknown):
            client.call("do")
        poison, behind = client.start("die", (1, 2)), client.start("same", 2)
        with pytest.raises(
            WorkerCrashed, match=r"4 servers at .* ended while die was under(.|\n)*digest is \w{16}"
        ):
            poison.result()
        assert behind.result() == 2 and client.call("same", 3) == 3

    async def main() -> None:
        async with AsyncClient(address, deadline_s=60.0) as client:
            with pytest.raises(WorkerCrashed, match="4 servers"):
                await client.call("die", 3)

    anyio.run(main)
    assert process.stdout is not None
    os.killpg(process.pid, signal.SIGKILL)
    assert process.stdout.read().count("ended") == 9


@pytest.fixture
def server() -> Iterator[Server]:
    held = threading.Event()
    functions = {
        "same": pure(lambda *values: values),
        "hold": pure(lambda: held.wait(20.0)),
        "let": effect(held.set),
    }
    with Server(functions, threads=3) as made:
        made.held = held  # type: ignore[attr-defined]
        thread = threading.Thread(target=made.serve)
        thread.start()
        yield made
        held.set()
        made.stop()
        thread.join(20)


def come_back(address: str, after_s: float) -> None:
    def serve() -> None:
        with Server({"same": pure(lambda *values: values)}, address) as server:
            server.serve(3.0)

    threading.Timer(after_s, serve).start()


def test_a_server_that_was_there_is_waited_for_until_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "CONNECT_S", 0.1)
    with (
        Client("tcp://127.0.0.1:1", deadline_s=60.0) as client,
        pytest.raises(DeadlineExceeded, match="nobody"),
    ):
        client.call("same")
    monkeypatch.setattr(connecting, "CONNECT_S", 20.0)
    server = Server({"same": pure(lambda *values: values)})
    thread = threading.Thread(target=server.serve)
    thread.start()
    with Client(server.address, deadline_s=60.0) as client:
        assert client.call("same", 1) == (1,)
        monkeypatch.setattr(connecting, "CONNECT_S", 0.1)
        server.close()
        thread.join(20)
        come_back(server.address, 0.5)
        assert client.call("same", 2) == (2,)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_so_it_is_from_async_code(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    server = Server({"same": pure(lambda *values: values)})
    thread = threading.Thread(target=server.serve)
    thread.start()

    async def main() -> None:
        async with AsyncClient(server.address, deadline_s=60.0) as client:
            assert await client.call("same", 1) == (1,)
            monkeypatch.setattr(connecting, "CONNECT_S", 0.1)
            await anyio.to_thread.run_sync(server.close)
            come_back(server.address, 0.5)
            assert await client.call("same", 2, deadline_s=math.inf) == (2,)
        async with AsyncClient("tcp://127.0.0.1:1", deadline_s=60.0) as client:
            with pytest.raises(DeadlineExceeded, match="nobody answers"):
                await client.call("same")

    anyio.run(main, backend=backend)
    thread.join(20)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_whoever_listens_has_twice_the_time_to_say_the_first_word(
    monkeypatch: pytest.MonkeyPatch, is_async: bool
) -> None:
    monkeypatch.setattr(connecting, "CONNECT_S", 0.5)

    async def ask(address: str) -> None:
        async with AsyncClient(address, deadline_s=60.0) as client:
            with pytest.raises(DeadlineExceeded, match="nobody answers"):
                await client.call("same")

    with socket.create_server(("127.0.0.1", 0)) as listener:  # reached at once, and silent
        address, started = f"tcp://127.0.0.1:{listener.getsockname()[1]}", time.monotonic()
        if is_async:
            anyio.run(ask, address)
        else:
            with Client(address, deadline_s=60.0) as client, pytest.raises(DeadlineExceeded, match="nobody"):
                client.call("same")
        assert time.monotonic() - started >= 1.0


def test_threads_that_share_a_client_get_their_own_answers(server: Server) -> None:
    picture, found = np.zeros(200_000, np.uint8), Counter[bool]()
    with Client(server.address) as client:

        def run(name: int) -> None:
            for number in range(40):
                mine = client.start("same", name, number, picture)
                mine.done()
                found[mine.result()[:2] == (name, number)] += 1

        threads = [threading.Thread(target=run, args=(name,)) for name in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert found == {True: 200}


def test_a_thread_waits_for_its_turn_as_long_as_its_deadline_allows(server: Server) -> None:
    with Client(server.address) as client:
        holds, other = client.start("hold"), client.start("same", 1)
        asked = threading.Thread(target=holds.result)
        asked.start()
        with pytest.raises(
            DeadlineExceeded, match="another thread uses the client of .*: make one for each thread"
        ):
            while True:  # until the other thread has its turn
                client.call("same", 2, deadline_s=0.3)
        assert not holds.done()
        server.held.set()  # type: ignore[attr-defined]
        assert holds.result() is True and other.result() == (1,)
        asked.join(20)


def test_a_client_that_another_thread_closes_ends_what_waits(server: Server) -> None:
    client, told = Client(server.address), []

    def ask() -> None:
        try:
            client.call("hold")
        except Closed as error:
            told.append(str(error))

    client.call("same")
    asked = threading.Thread(target=ask)
    asked.start()
    while not client._calls.pending:
        pass
    client.close()
    asked.join(10)
    assert told == [f"the client of {server.address} was closed"]


def test_deadlines_that_are_odd(server: Server) -> None:
    with Client(server.address) as client:
        assert client.call("same", 1, deadline_s=math.inf) == (1,)
        assert client.call("same", 1, deadline_s=1e300) == (1,)
        for odd in (0.0, -1.0, -math.inf):
            with pytest.raises(DeadlineExceeded):
                client.call("hold", deadline_s=odd)
        with pytest.raises(ValueError, match="deadline_s is nan"):
            client.call("same", 1, deadline_s=math.nan)


def test_keys_that_do_not_fit_are_named() -> None:
    ours, theirs, stranger = new_keys(), new_keys(), new_keys()
    keys = Keys(ours.public, ours.secret, (theirs.public,))
    plain = Server({"same": pure(lambda value: value)})
    with Server({"same": pure(lambda value: value)}, "tcp://0.0.0.0:0", keys=keys) as server:
        threads = [threading.Thread(target=one.serve) for one in (server, plain)]
        for thread in threads:
            thread.start()
        address = server.address.replace("0.0.0.0", "127.0.0.1")
        for where, given, error, words in (
            (
                address,
                Keys(stranger.public, stranger.secret, (ours.public,)),
                NotAllowed,
                "does not trust its public key",
            ),
            (address, None, NotAllowed, "keys, and this client has none"),
            (
                address,
                Keys(theirs.public, theirs.secret, (stranger.public,)),
                DeadlineExceeded,
                "not the server's public",
            ),
            (
                plain.address,
                Keys(theirs.public, theirs.secret, (ours.public,)),
                NotAllowed,
                "its server has none",
            ),
        ):
            wait_s = 1.0 if error is DeadlineExceeded else 20.0  # the others are told at once
            with Client(where, keys=given, deadline_s=wait_s) as client, pytest.raises(error, match=words):
                client.call("same", 1)

        async def main() -> None:
            async with AsyncClient(
                address, keys=Keys(stranger.public, stranger.secret, (ours.public,))
            ) as client:
                with pytest.raises(NotAllowed, match="does not trust its public key"):
                    await client.call("same", 1)

        anyio.run(main)
        with (
            Subscriber(address, keys=Keys(theirs.public, theirs.secret, (ours.public,))) as subscriber,
            pytest.raises(DeadlineExceeded, match="do the keys fit"),
        ):
            subscriber.next(0.05)
        plain.close()
    for thread in threads:
        thread.join(20)
    for wrong in (" " * 40, "#" * 40, "é" * 40, "a" * 39, 7):
        with pytest.raises(ValueError, match="public is .*: a key has 40 characters"):
            Keys(wrong, ours.secret)  # type: ignore[arg-type]
