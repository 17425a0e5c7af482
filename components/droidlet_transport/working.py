"""The worker process: makes one part by its factory's name, answers requests until its parent goes."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any, Callable, List, Optional, Tuple

from droidlet_schema import FrozenMap, decode
from droidlet_transport import streams
from droidlet_transport.links import Link
from droidlet_transport.loading import LOADING, load_factory
from droidlet_transport.output import keep_short
from droidlet_transport.serving import DESCRIBE, Served, Table, pure, table_of

TERMINATED = 128 + signal.SIGTERM  # the exit status of a worker that was told to end, as in a shell
_NEEDED = (signal.SIGIO, signal.SIGTERM, signal.SIGCONT, signal.SIGALRM)
ENDING_S = 10.0  # for putting away what its part has made, before the system ends it


def main(arguments: Optional[List[str]] = None) -> None:
    """Serves what the arguments name: descriptors of the socket, the lifeline and both memories, then the part, whose
    options are the first message.
    """
    stream, lifeline, to_worker, from_worker, factory, effects = arguments or sys.argv[1:]
    die_with_parent(int(lifeline))
    signal.signal(signal.SIGTERM, _put_away)
    keep_short(os.dup(2))  # of ours, whatever its part makes of standard error
    link = Link(socket.socket(fileno=int(stream)), int(from_worker), int(to_worker))
    _keep_from_forks(link, int(lifeline))
    here = os.getpid()
    try:
        options = tuple(
            map(bytes, link.receive())
        )  # kept for as long as the part, so not in memory that is lent
    except streams.Ended:
        return
    part = make(factory, options)
    link.incoming.rests = _resting(int(lifeline))
    serve(link, part, effects == "effects")
    if os.getpid() != here:  # a fork that its part made, and did not end: nothing here is its own
        os._exit(0)
    _ending()


def _keep_from_forks(link: Link, lifeline_fd: int) -> None:
    """A fork that a part makes neither answers in its place, nor keeps its parent from seeing its end."""

    def leave() -> None:
        link.broken = True
        link.close()
        with suppress(OSError):  # its part has closed it
            os.close(lifeline_fd)

    os.register_at_fork(after_in_child=leave)


def _put_away(number: int, frame: object) -> None:
    """Ends this process as Python does, once: what its part has made is gone with it."""
    _ending()
    raise SystemExit(TERMINATED)


def _ending() -> None:
    """From now on nothing interrupts it, and it does not take for ever, whatever its part has left running."""
    for number in (signal.SIGTERM, signal.SIGIO):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, ENDING_S)


def _resting(lifeline_fd: int) -> Callable[[bool], None]:
    """Lets this process end as Python does where its parent dies while it waits for a request (Linux): it is told by
    SIGTERM then. Elsewhere, and in calls, it ends at once.
    """
    choose = getattr(fcntl, "F_SETSIG", None)
    if choose is None:
        return lambda begins: None

    resting, working = int(signal.SIGTERM), int(signal.SIGIO)

    def rests(begins: bool) -> None:
        fcntl.fcntl(lifeline_fd, choose, resting if begins else working)

    return rests


def make(factory: str, options: Tuple[bytes, ...]) -> Any:
    """The part that a factory makes of encoded options, whose records its module defines. Raises LoadError, and
    what the factory raises.
    """
    part = load_factory(factory)(**dict(decode(options)))
    if LOADING in os.environ:  # what it starts from now on has nothing to do with how it was started
        os.environ[LOADING] = ""
    return part


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

    The parent holds the other end of the pipe; when it closes, the signal that says so ends us (Linux), and another one
    lets us go on if we are stopped. Elsewhere the end of the socket is noticed between two calls.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    signal.pthread_sigmask(
        signal.SIG_UNBLOCK, _NEEDED
    )  # which the parent may have blocked, and its thread handed on
    with suppress(OSError, AttributeError):  # what is opened anew has a signal of its own
        again = os.open(f"/proc/self/fd/{lifeline_fd}", os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(again, fcntl.F_SETSIG, int(signal.SIGCONT))  # type: ignore[attr-defined,unused-ignore]
        _tell(again)
    with suppress(OSError):
        _tell(lifeline_fd)
    os.set_blocking(lifeline_fd, False)
    if _has_gone(lifeline_fd):  # before we asked to be told
        os._exit(1)


def _tell(descriptor: int) -> None:
    """Asks for a signal when there is something to read, be it the end."""
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)


def _has_gone(lifeline_fd: int) -> bool:
    try:
        return os.read(lifeline_fd, 1) == b""
    except BlockingIOError:
        return False
