"""What nobody closes hurts nobody: it is collected, at any time, in any process; and what is closed is gone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from droidlet_transport import Closed, TransportError, pure
from droidlet_transport.publishing import Publisher
from droidlet_transport.service import AddressInUse, Client, Server

UNCLOSED = """
    import faulthandler, gc, os, sys, threading
    faulthandler.dump_traceback_later(40, exit=True)
    import gymnasium
    import zmq.auth.thread
    from droidlet_transport import pure
    from droidlet_transport.faces.action import ActionClient, ActionServer
    from droidlet_transport.faces.gym.server import GymnasiumClient, GymnasiumServer
    from droidlet_transport.faces.inference import InferenceClient, InferenceServer
    from droidlet_transport.service import AddressInUse, AsyncClient, Client, Keys, Server, new_keys

    class Ring:
        def __init__(self, *held):
            self.held, self.me = held, self

    ours, theirs = new_keys(), new_keys()
    keys = Keys(ours.public, ours.secret, (theirs.public,))
    functions = {"same": pure(lambda value: value)}
    server = Server(functions, threads=2)
    threading.Thread(target=server.serve, daemon=True).start()

    def second():
        taken = GymnasiumServer("CartPole-v1")
        try:
            GymnasiumServer("CartPole-v1", taken.address)
        except AddressInUse:
            return taken

    def asked():
        client = Client(server.address)
        client.call("same", 1)
        return client, client.start("same", 2)

    cases = {
        "a server": lambda: Server(functions),
        "a server with keys": lambda: Server(functions, keys=keys),
        "a server with threads": lambda: Server(functions, threads=2),
        "a client": asked,
        "a client of nobody": lambda: Client("tcp://127.0.0.1:1"),
        "a client with keys": lambda: Client(server.address, keys=Keys(theirs.public, theirs.secret, (ours.public,))),
        "an async client": lambda: AsyncClient(server.address),
        "an address in use": second,
        "faces": lambda: (ActionServer(dict, print, observations=[], actions=[]), InferenceServer({"a": abs})),
        "faces at work": lambda: (InferenceServer({"a": abs}).start(), ActionClient(server.address)),
        "a fork's": lambda: None,
    }
    kept = Ring(*asked())
    for name, make in cases.items():
        if name == "a fork's":
            child = os.fork()
            if not child:
                kept = None
                gc.collect()  # of what belongs to the parent
                with Client(server.address) as client:
                    made = Ring(asked(), Server(functions))
                    made = None
                    gc.collect()
                    os._exit(client.call("same", 7))
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        made = Ring(make())
        made = None
        gc.collect()
        print(name, flush=True)
    assert kept.held[0].call("same", 3) == 3 and kept.held[1].result() == 2
    print("end")
"""


def test_a_garbage_collection_ends_whatever_was_not_closed() -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(UNCLOSED)],  # of a fork
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stderr == "" and done.stdout.splitlines()[-1] == "end", done.stdout + done.stderr


def test_clients_share_what_they_can() -> None:
    """A client costs five descriptors, one of them its server's, and no thread; none is left."""
    with Server({"same": pure(lambda value: value)}) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as client:
            assert client.call("same", 1) == 1
        threads = threading.active_count()
        before = len(os.listdir("/dev/fd"))
        clients = [Client(server.address) for _ in range(10)]
        assert len(os.listdir("/dev/fd")) - before <= 50
        assert [client.call("same", 1) for client in clients] == [1] * 10
        assert threading.active_count() == threads
        for client in clients:
            client.close()
        until = time.monotonic() + 10.0
        while len(os.listdir("/dev/fd")) > before and time.monotonic() < until:
            time.sleep(0.01)  # ZeroMQ's own threads let go of them
        assert len(os.listdir("/dev/fd")) <= before
        server.stop()
        thread.join(10)


def test_without_descriptors_it_is_an_error_and_not_the_end_of_the_process() -> None:
    code = """
        import os, resource
        from droidlet_transport import TransportError, pure
        from droidlet_transport.service import Client, Publisher, Server, Subscriber
        first = Client("tcp://127.0.0.1:1")
        most = len(os.listdir("/dev/fd")) + 30
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        made = []
        for make in (lambda: Client("tcp://127.0.0.1:1"), lambda: Server({}), Publisher,
                     lambda: Subscriber("tcp://127.0.0.1:1")):
            try:
                while True:
                    made.append(make())
            except TransportError as error:
                print(str(error)[:26])
        for one in made:
            one.close()
        Client("tcp://127.0.0.1:1")
        os._exit(0)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() == ["no socket can be made: Too"] * 4
    assert done.stderr == "" and done.returncode == 0


def test_a_server_that_is_left_ends_serving(capfd: pytest.CaptureFixture[str]) -> None:
    for threads in (0, 2):
        with Server({"same": pure(lambda value: value)}, threads=threads) as server:
            thread = threading.Thread(target=server.serve)
            thread.start()
            with Client(server.address) as client:
                assert client.call("same", 1) == 1
            with pytest.raises(TransportError, match="is served already, by another thread"):
                server.serve()
        thread.join(10)
        assert not thread.is_alive()
        Server({}, server.address).close()  # the address is free
        with pytest.raises(Closed):
            server.serve()
    assert capfd.readouterr().err == ""


def test_a_server_may_be_closed_by_what_it_serves() -> None:
    with Server({"end": pure(lambda: server.close())}) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with Client(server.address) as client:
            client.start("end")
            thread.join(10)
        assert not thread.is_alive()


def test_a_path_that_is_taken_is_not_taken_over(tmp_path: Path) -> None:
    address = f"ipc://{tmp_path}/place"
    with Server({"who": pure(lambda: "first")}, address) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        for make in (lambda: Server({}, address), lambda: Publisher(address)):
            with pytest.raises(AddressInUse, match="is in use; take another path"):
                make()
        with Client(address) as client:
            assert client.call("who") == "first"
    thread.join(10)
    with socket.socket(socket.AF_UNIX) as left:  # by one that was killed
        left.bind(f"{tmp_path}/left")
    Server({}, f"ipc://{tmp_path}/left").close()
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(TransportError, match="what lies there is no socket"):
        Server({}, f"ipc://{tmp_path}/letter")
    assert (tmp_path / "letter").read_text() == "dear"


SENDING = """
    import atexit
    atexit.register(lambda: print(len(gc.refs)))  # what is registered first is called last
    import numpy as np
    import zmq
    from zmq.utils.garbage import gc
    from droidlet_transport.contexts import shared_context

    socket = shared_context().socket(zmq.DEALER)
    socket.linger = 0
    socket.connect("tcp://127.0.0.1:1")
    socket.send(np.ones(100_000), copy=False)
"""


def test_what_is_being_sent_when_a_process_ends_stays_where_it_is():
    """Else ZeroMQ's own thread, which reads it, finds nothing there and aborts the process."""
    command = [sys.executable, "-c", textwrap.dedent(SENDING)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "1\n", "")
