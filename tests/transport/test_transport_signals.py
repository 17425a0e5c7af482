"""A server ends at a signal, whenever it comes and whichever thread the system gives it to."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

SERVE = """
import signal, threading, time
from droidlet_transport import pure
from droidlet_transport.service import Server

def elsewhere():
    while not waiting.is_set():
        time.sleep(0.01)
    time.sleep(0.2)  # the main thread waits in the system by now
    signal.pthread_kill(threading.get_ident(), signal.{name})

waiting = threading.Event()
with Server({{"same": pure(lambda value: value)}}) as server:
    {handler}
    threading.Thread(target=elsewhere, daemon=True).start()
    waiting.set()
    try:
        server.serve(20.0)
        print("stopped")
    except KeyboardInterrupt:
        print("interrupted")
print(signal.set_wakeup_fd(-1))
"""
STOP = "signal.signal(signal.{name}, lambda number, frame: server.stop())"


@pytest.mark.parametrize(
    ("name", "handler", "said"),
    [
        ("SIGINT", STOP, "stopped"),
        ("SIGTERM", STOP, "stopped"),
        ("SIGINT", "signal.signal(signal.SIGINT, signal.default_int_handler)", "interrupted"),
    ],
)
def test_a_signal_that_interrupts_no_wait_still_ends_it(name, handler, said):
    assert signal.Signals[name]
    code = SERVE.format(name=name, handler=handler.format(name=name))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=15, check=False
    )
    assert done.stdout == f"{said}\n-1\n" and done.stderr == ""


WAIT = """
import signal, threading, time
from droidlet_transport import pure
from droidlet_transport.service import Client, Server

def elsewhere():
    begun.wait()
    time.sleep(0.2)  # the main thread waits for the answer by now
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
begun, go = threading.Event(), threading.Event()
with Server({"slow": pure(lambda: (begun.set(), go.wait(20.0))[1])}) as server:
    serving = threading.Thread(target=server.serve)
    serving.start()
    threading.Thread(target=elsewhere, daemon=True).start()
    with Client(server.address) as client:
        started = time.monotonic()
        try:
            print(client.call("slow"))
        except KeyboardInterrupt:
            print("interrupted before the answer", time.monotonic() - started < 15.0)
    go.set()
    server.stop()
    serving.join()
"""


def test_a_client_that_waits_is_interrupted_too():
    done = subprocess.run(
        [sys.executable, "-c", WAIT], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "interrupted before the answer True\n" and done.stderr == ""
