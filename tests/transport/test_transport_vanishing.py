"""A machine that goes without a word: a network of its own, whose only line is taken down."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from droidlet_transport.sockets import HEARTBEAT_LOST_MS

pytestmark = pytest.mark.slow
NETWORK = ["unshare", "--user", "--map-root-user", "--net"]
VANISHED = """
    import fcntl, os, socket, struct, sys, threading

    def line(flags):  # sets those of the network's only device
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            fcntl.ioctl(asked, 0x8914, struct.pack("16sh14x", b"lo", flags))

    line(1)
    from droidlet_transport import OutcomeUnknown, effect, pure
    from droidlet_transport.service import Client, Server

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


@pytest.fixture(scope="module")
def network() -> list[str]:
    try:
        refused = subprocess.run([*NETWORK, "true"], capture_output=True, text=True).stderr
    except OSError as error:
        refused = str(error)
    if refused:
        pytest.skip(f"networks of one's own are not allowed here: {refused.strip()}")
    return NETWORK


def test_an_effect_whose_machine_vanishes_is_told_long_before_beats_are_missed(network) -> None:
    deadline_s = HEARTBEAT_LOST_MS / 1000 / 2
    command = [*network, sys.executable, "-c", textwrap.dedent(VANISHED), str(deadline_s)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=deadline_s)
    assert done.stdout.split() == ["unknown", "2"], done.stderr
