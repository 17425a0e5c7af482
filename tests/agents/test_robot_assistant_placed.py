"""The whole agent with its simulator elsewhere: the same digest, however often the worker is killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

from agents import robot_assistant as agent
from droidlet_schema import digest
from droidlet_style.session import Session
from droidlet_transport import table_of
from droidlet_transport.building import Parts
from droidlet_transport.service import Server

SAY = [
    "go to the red chair",
    "how many chairs have you seen?",
    "find the nearest table @ 30",
    "follow me for 40 seconds @ 60",
    "explore for 40 seconds @ 110",
    "come here @ 160",
    "go to the red chair @ 190",
    "turn around @ 199.9",
]


def run(place: str, ticks: int, kills: int = 0, how: int = signal.SIGKILL) -> tuple[str, int]:
    """The digest of a run, and how often the simulator's worker was started again."""
    session = Session(
        agent="robot_assistant", config=agent.Config(), seed=39, say=SAY, ticks=ticks, place=place
    )
    chosen = set(random.Random(ticks).sample(range(1, ticks), kills))
    record, workers = session.record, []

    def recording(inputs: Any, outputs: Any, state: Any) -> None:
        record(inputs, outputs, state)
        simulator = session._bodies[0][1].simulator
        if session.ticks_done in chosen:
            workers[:] = [simulator._caller]
            os.kill(workers[0].pid, how)

    session.record = recording  # type: ignore[method-assign]
    agent.run(agent.Config(), session)
    assert session.ticks_done == ticks, session.ended
    world = digest(session._bodies[0][1].world)
    session.finish()
    return session.digest + world, workers[0].restarts if workers else 0


def test_a_run_is_the_same_wherever_its_simulator_is():
    expected = run("inline", 25)
    assert run("process", 25) == expected
    assert run("thread", 25) == expected


def test_a_run_whose_simulator_is_killed_is_the_same(request: pytest.FixtureRequest):
    expected, _ = run("inline", 40)
    assert run("process", 40, kills=4) == (expected, 4)


def test_a_run_with_its_simulator_in_python_3_9_is_the_same(python39):
    assert run(f"interpreter:{python39}", 15) == run("inline", 15)


def test_a_run_is_the_same_with_its_simulator_at_an_address_under_a_rain_of_garbage(rained_on):
    """The far end makes the simulator that the body asks for; scanners and babblers are nobody's trouble."""
    server, rain = rained_on
    assert run(server.address, 15) == run("inline", 15)
    assert rain.drops > 10


@pytest.fixture
def rained_on():
    with Server(table_of(Parts(allow=["droidlet_simulators"]))) as server:
        thread, rain = threading.Thread(target=server.serve), Rain(server.address)
        thread.start()
        rain.start()
        yield server, rain
        rain.over = True
        rain.join(20)
        server.stop()
        thread.join(20)


class Rain(threading.Thread):
    """Bytes of all kinds on a port, over connections that are cut, left open, or speak half of ZeroMQ."""

    def __init__(self, address: str) -> None:
        super().__init__()
        host, _, port = address.rpartition("//")[2].rpartition(":")
        self.place, self.numbers = (host, int(port)), random.Random(5)
        self.over, self.drops = False, 0

    def run(self) -> None:
        greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48)
        ready = b"\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"
        kinds = [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"", greeting[:30], greeting, greeting + ready]
        held = []
        while not self.over:
            with suppress(OSError):
                peer = socket.create_connection(self.place, timeout=5)
                peer.sendall(self.numbers.choice(kinds) + self.numbers.randbytes(self.numbers.randrange(200)))
                held.append(peer)
                self.drops += 1
            if len(held) > 20:
                held.pop(self.numbers.randrange(20)).close()
            time.sleep(0.01)
        for peer in held:
            peer.close()


@pytest.mark.slow
def test_two_thousand_ticks_and_a_hundred_kills_change_nothing():
    expected, _ = run("inline", 2000)
    assert run("process", 2000, kills=100) == (expected, 100)
