"""What sockets live in, and how they end: also when nobody closes what holds them, and never in a forked process.

A ZeroMQ context that is collected before its sockets are waits for them for ever. So all that connects shares one
context, which is never ended; a server has its own, and gives its address back when that ends. ZeroMQ looks a host's
name up in the thread that does all else for a context, where it may take seconds; so what connects to a name shares one
with its like only.
"""

from __future__ import annotations

import _thread
import atexit
import ctypes
import ipaddress
import os
import socket
import stat
import threading
import time
import weakref
from contextlib import suppress
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

import zmq
from zmq.utils.garbage import gc as sent

from droidlet_transport.errors import TransportError


class AddressInUse(TransportError):
    """An address at which somebody listens already."""


MOST_SOCKETS = 1 << 16  # that this process connects
RELEASE_S = 0.5  # in which ZeroMQ lets go of what was closed
DESCRIPTORS = 16  # that must be free for one more socket: without, ZeroMQ ends the whole process
THREADS = 4  # the same, for one more context, which has two: those that were tried need a moment to end
Step = Callable[[], object]
MOST_NAMES = 32  # hosts with a context of their own
_shared: Dict[Tuple[int, str], Any] = {}  # by process and host: a parent's is kept and not touched


def _outlive() -> None:
    """What ZeroMQ is sending when this process exits stays where it is until the end: pyzmq would let go of it, and
    ZeroMQ's own thread, which still reads it, ends the process with an assertion.
    """
    with suppress(AttributeError):  # of another release
        atexit.unregister(sent._atexit)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(sent))


_outlive()


def shared_context(address: str = "") -> Any:
    """The context of all that connects in this process; for the name of a host, of all that connects there."""
    named = _name_in(address)
    if named and len(_shared) > MOST_NAMES:
        named = "others"
    found = _shared.get((os.getpid(), named))
    if found is None:
        made = new_context()
        made.set(zmq.MAX_SOCKETS, MOST_SOCKETS)
        found = _shared.setdefault((os.getpid(), named), made)
    return found


def new_context() -> Any:
    """Another one. Raises TransportError where this process may not start threads enough for it.

    Without, ZeroMQ ends the whole process.
    """
    enough, tried = threading.Event(), []
    try:
        for _ in range(THREADS):
            one = threading.Thread(target=enough.wait, daemon=True)
            one.start()
            tried.append(one)
    except RuntimeError as error:
        if "start new thread" in str(error):  # else this process exits: ZeroMQ still may
            raise TransportError(
                "no socket can be made: no thread more may be started; end others, or allow more (ulimit -u)"
            ) from None
    finally:
        enough.set()
        for one in tried:
            one.join()
    return zmq.Context()


def _name_in(address: str) -> str:
    """What has to be looked up to connect to an address: a host's name, or nothing."""
    kind, _, place = address.partition("://")
    host = place.rpartition(":")[0].strip("[]")
    if kind != "tcp" or host == "localhost":
        return ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""


def check_descriptors() -> None:
    """Raises TransportError where this process may not open enough of them for one more socket."""
    error = _too_few()
    until = time.monotonic() + RELEASE_S
    while error is not None and time.monotonic() < until:
        time.sleep(RELEASE_S / 50)
        error = _too_few()
    if error is not None:
        raise TransportError(
            f"no socket can be made: {error.strerror}; close clients that are not needed, or allow more (ulimit -n)"
        )


def _too_few() -> Optional[OSError]:
    opened = []
    try:
        for _ in range(DESCRIPTORS):
            opened.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return error
    finally:
        for one in opened:
            os.close(one)
    return None


def check_path(address: str) -> None:
    """Raises AddressInUse where somebody listens at ipc://PATH, TransportError where what lies there is no socket.

    ZeroMQ itself removes whatever it finds.
    """
    path = address.partition("://")[2]
    try:
        kind = os.stat(path).st_mode
    except (OSError, ValueError):
        return
    if not stat.S_ISSOCK(kind):
        raise TransportError(f"{address} cannot be bound: what lies there is no socket")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):  # left behind by one that was killed
            return
        except OSError:  # it takes nobody for now
            pass
    raise AddressInUse(f"{address} is in use; take another path")


class Ending:
    """Carries out the steps that end its owner, once: when it is called, or when the owner is collected.

    In another process than the one that made it nothing is done, nor when this one exits.
    """

    def __init__(self, owner: object, steps: Sequence[Step]) -> None:
        self._finalizer = weakref.finalize(owner, _collected, os.getpid(), steps)
        self._finalizer.atexit = False

    def __call__(self) -> None:
        """Carries out the steps here and now."""
        left = self._finalizer.detach()
        if left is not None:
            pid, steps = left[2]
            if pid == os.getpid():
                _carry_out(steps)


def _collected(pid: int, steps: Sequence[Step]) -> None:
    """In a thread of its own, since some steps wait, and whoever collects may hold what they wait for."""
    if pid == os.getpid():
        with suppress(RuntimeError):  # the process exits
            _thread.start_new_thread(_carry_out, (steps,))


def _carry_out(steps: Sequence[Step]) -> None:
    for step in steps:
        step()
