"""Networks that fail without a word: each test has one of its own, whose only line can be taken down."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from droidlet_transport.sockets import HEARTBEAT_LOST_MS

pytestmark = pytest.mark.slow
NETWORK = ["unshare", "--user", "--map-root-user", "--net", "--mount"]
LINE = """
    import fcntl, os, socket, struct, subprocess, sys, threading

    def line(flags):  # sets those of the network's only device
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            fcntl.ioctl(asked, 0x8914, struct.pack("16sh14x", b"lo", flags))

    line(1)
    from droidlet_transport import OutcomeUnknown, effect, pure
    from droidlet_transport.service import Client, Server, new_keys
"""
VANISHED = """
    begun, over = threading.Event(), threading.Event()

    def rest():
        begun.set()
        over.wait()

    with Server({"rest": effect(rest), "same": pure(lambda value: value)}, threads=2) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address, deadline_s=float(sys.argv[1])) as client:
            assert client.call("same", 1) == 1
            resting = client.start("rest")
            begun.wait()
            line(0)
            try:
                resting.result()
            except OutcomeUnknown:
                print("unknown")
            over.set()
            line(1)
            print(client.call("same", 2))
        server.stop()
        thread.join()
"""
NAMED = """
    from droidlet_transport.curve import Keys
    from droidlet_transport.subscribing import Subscriber

    subprocess.run(["mount", "--bind", sys.argv[1], "/etc/resolv.conf"], check=True)
    pair, other = new_keys(), new_keys()
    keys = Keys(pair.public, pair.secret, (other.public,))
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    with Server({"same": pure(lambda value: value)}) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as near:
            near.call("same", 1)
            for connect in (Client, Subscriber):
                far = connect(f"tcp://{connect.__name__}.example:5555", keys=keys)
                names.recv(512)  # and no answer
                print(near.call("same", 2, deadline_s=10.0))
                far.close()
        server.stop()
        thread.join()
"""


@pytest.fixture(scope="module")
def network() -> list[str]:
    try:
        refused = subprocess.run([*NETWORK, "true"], capture_output=True, text=True).stderr
    except OSError as error:
        refused = str(error)
    if refused:
        pytest.skip(f"networks of one's own are not allowed here: {refused.strip()}")
    return NETWORK


def told(network: list[str], program: str, argument: object, patience_s: float) -> list[str]:
    command = [*network, sys.executable, "-c", textwrap.dedent(LINE + program), str(argument)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience_s)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_an_effect_whose_machine_vanishes_is_told_long_before_beats_are_missed(network) -> None:
    deadline_s = HEARTBEAT_LOST_MS / 1000 / 2
    assert told(network, VANISHED, deadline_s, deadline_s) == ["unknown", "2"]


def test_a_name_that_nobody_knows_holds_up_no_client_of_another_host(network, tmp_path: Path) -> None:
    unknown = tmp_path / "resolv.conf"
    unknown.write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:5\n")  # who asks there waits
    assert told(network, NAMED, unknown, 120.0) == ["2", "2"]
