"""The worker process: makes one part by its factory's name, answers requests until its parent goes."""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import Any, Callable, List, Optional

from droidlet_schema import FrozenMap, decode
from droidlet_transport import streams
from droidlet_transport.links import Link
from droidlet_transport.loading import load
from droidlet_transport.serving import DESCRIBE, Served, Table, pure, table_of

TERMINATED = 128 + signal.SIGTERM  # the exit status of a worker that was told to end, as in a shell


def main(arguments: Optional[List[str]] = None) -> None:
    """Serves what the arguments name: descriptors of the socket, the lifeline and both memories, then the part."""
    stream, lifeline, to_worker, from_worker, factory, options, effects = arguments or sys.argv[1:]
    die_with_parent(int(lifeline))
    signal.signal(signal.SIGTERM, _put_away)
    link = Link(socket.socket(fileno=int(stream)), int(from_worker), int(to_worker))
    part = make(factory, bytes.fromhex(options))
    serve(link, part, effects == "effects")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends, and what ends with it is put away


def _put_away(number: int, frame: object) -> None:
    """Ends this process as Python does, once: what its part has made is gone with it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(TERMINATED)


def make(factory: str, options: bytes) -> Any:
    """The part that a factory makes of encoded options, whose records its module defines. Raises LoadError, and
    what the factory raises.
    """
    made: Callable[..., Any] = load(factory)
    return made(**dict(decode((options,))))


def serve(link: Link, part: Any, effects: bool = False) -> None:
    """Answers one request after the other, all in this thread, until the other side closes."""
    functions = table_of(part, effects=effects)
    table = Table({**functions, DESCRIBE: pure(lambda: describe(functions))})
    while True:
        try:
            answer = table.answer(link.receive())
            if answer is not None:
                link.send(answer)
        except streams.Ended:
            return


def describe(functions: dict[str, Served]) -> FrozenMap[str, str]:
    """What is served: "pure" or "effect", by name."""
    return FrozenMap({name: "effect" if served.effect else "pure" for name, served in functions.items()})


def die_with_parent(lifeline_fd: int) -> None:
    """Lets the kernel end this process as soon as the parent has gone, even in a call that holds the GIL.

    The parent holds the other end of the pipe; when it closes, the signal that says so ends us (Linux). Elsewhere
    the end of the socket is noticed between two calls.
    """
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline_fd, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline_fd, fcntl.F_GETFL)
    fcntl.fcntl(lifeline_fd, fcntl.F_SETFL, flags | os.O_ASYNC)
    os.set_blocking(lifeline_fd, False)
    try:
        gone = os.read(lifeline_fd, 1) == b""
    except BlockingIOError:
        gone = False
    if gone:  # before we asked to be told
        os._exit(1)
