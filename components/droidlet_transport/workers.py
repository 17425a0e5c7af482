"""A worker process and calls to it: started when first needed, started again and asked again when it dies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
import weakref
from contextlib import suppress
from typing import IO, Any, Dict, Mapping, Optional, Sequence

import attrs

from droidlet_schema import FrozenMap, encode
from droidlet_transport import streams
from droidlet_transport.envelope import Reply, Request, pack_request, read_reply
from droidlet_transport.errors import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    ProtocolError,
    WorkerCrashed,
    WorkerFailedToStart,
)
from droidlet_transport.replies import result_of
from droidlet_transport.values import digest, frames_of

MOST_TRIES = 3  # of a pure call
START_S = 60.0  # for loading what is served
GRACE_S = 2.0  # from being asked to end to being killed
TAIL = 2000  # bytes of standard error that a message shows
_CODE = "from droidlet_transport.working import main; main()"
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_monotonic = time.monotonic


@attrs.define
class _Process:
    """One incarnation of a worker."""

    process: subprocess.Popen[bytes]
    stream: socket.socket
    lifeline: int  # our end; the worker goes when it closes
    errors: IO[bytes]

    def end(self, grace_s: float) -> None:
        """Ends it: by closing, then by SIGTERM, then by SIGKILL; waits for it, so that none is left behind."""
        self.stream.close()
        for wait_s, stop in ((grace_s, self.process.terminate), (grace_s, self.process.kill)):
            try:
                self.process.wait(wait_s)
                break
            except subprocess.TimeoutExpired:
                stop()
        self.process.wait()
        with suppress(OSError):
            os.close(self.lifeline)
        self.errors.close()

    def tail(self) -> str:
        """The end of what it wrote to standard error."""
        with suppress(OSError, ValueError):
            size = self.errors.seek(0, os.SEEK_END)
            self.errors.seek(max(0, size - TAIL))
            return self.errors.read().decode(errors="replace").strip()
        return ""

    def death(self) -> str:
        """How it ended, in words."""
        try:
            code = self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            return "closed its socket"
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit status {code}"


class Worker:
    """A process that serves one part; calls look like calls of the part.

    `factory` is "module:name" or "file.py:name", called there with `options`; nothing of it is imported here.
    `effects` says that calls must not be carried out twice. Use it from the thread and process that made it.
    """

    def __init__(
        self,
        factory: str,
        options: Optional[Mapping[str, Any]] = None,
        *,
        python: str = sys.executable,
        path: Optional[Sequence[str]] = None,
        effects: bool = False,
        start_s: float = START_S,
    ) -> None:
        if not isinstance(factory, str):
            raise TypeError(
                f"factory is {factory!r}: a worker finds it by name, so write module:name (a lambda has none)"
            )
        self.factory, self.python, self.effects, self.start_s = factory, python, effects, start_s
        self._path = list(sys.path if path is None else path)
        frames = encode(FrozenMap(dict(options or {})))
        if len(frames) > 1:
            raise CannotTravel(
                "options hold arrays: a worker's options are numbers, text and records without arrays"
            )
        self._options = bytes(frames[0]).hex()
        self._pid = os.getpid()
        self._client = uuid.uuid4().bytes
        self._number = 0
        self._running: Optional[_Process] = None
        self._served: Mapping[str, str] = {}
        self._closed = False
        self.restarts = 0
        self._cleaner: Any = None

    def call(self, name: str, *arguments: Any, deadline_s: Optional[float] = None) -> Any:
        """What the function of that name returns there; what it raises, raised here.

        A pure call whose worker dies or misses the deadline is sent to a new worker, at most 3 times. Raises
        WorkerCrashed, DeadlineExceeded, OutcomeUnknown (an effect whose worker died), WorkerFailedToStart, NotServed,
        CannotTravel, Closed.
        """
        self._check_use()
        values = tuple(frames_of(one, f"argument {n} of {name}") for n, one in enumerate(arguments))
        self._number += 1
        request = Request(self._client, self._number, name, values, oldest=self._number)
        return result_of(self._insist(request, deadline_s))

    def served(self) -> Mapping[str, str]:
        """What the worker serves, "pure" or "effect" by name; starts it if need be."""
        self._check_use()
        self._process()
        return self._served

    @property
    def pid(self) -> Optional[int]:
        """The process id of the worker that runs now, None where there is none."""
        return self._running.process.pid if self._running else None

    def close(self) -> None:
        """Ends the worker and waits for it; closing again does nothing."""
        if os.getpid() == self._pid:
            self._end(GRACE_S)
        self._closed = True

    def __enter__(self) -> Worker:
        """Itself; started when first called."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()

    def _check_use(self) -> None:
        if self._closed:
            raise Closed(f"the worker of {self.factory} was closed")
        if os.getpid() != self._pid:
            raise Closed(
                f"the worker of {self.factory} belongs to process {self._pid}; make one in this process"
            )

    def _insist(self, request: Request, deadline_s: Optional[float]) -> Reply:
        """The reply, from as many workers as it takes."""
        last = ""
        for _ in range(MOST_TRIES):
            running = self._process()
            known = self._served
            if request.name not in known:
                raise NotServed(
                    f"{self.factory} does not serve {request.name!r}; it serves {', '.join(sorted(known))}"
                )
            until = None if deadline_s is None else _monotonic() + deadline_s
            try:
                return self._ask(running, request, until)
            except streams.Ended:
                last = running.death()
                tail = running.tail()
                self._end(0.0)
                if known[request.name] == "effect":
                    raise OutcomeUnknown(
                        f"the worker of {self.factory} {last} during {request.name}, an effect: whether it happened "
                        f"is not known{_shown(tail)}"
                    ) from None
                last += _shown(tail)
            except streams.Hung:
                if known[request.name] == "effect":
                    raise DeadlineExceeded(
                        f"{request.name} of {self.factory}, an effect, did not answer within {deadline_s} s: whether "
                        "it happened is not known"
                    ) from None
                last = f"did not answer within {deadline_s} s"
                self._end(0.0)
        if last.startswith("did not"):
            raise DeadlineExceeded(f"{request.name} of {self.factory} {last}, in {MOST_TRIES} workers")
        raise WorkerCrashed(
            f"{request.name} of {self.factory} killed {MOST_TRIES} workers, the last one {last}\n"
            f"the request's digest is {digest(request.values)}"
        )

    def _ask(self, running: _Process, request: Request, until: Optional[float]) -> Reply:
        streams.send(running.stream, pack_request(request), until)
        while True:
            try:
                reply = read_reply(streams.receive(running.stream, until))
            except ProtocolError:
                running.process.kill()  # what it says is not to be trusted any more
                raise streams.Ended() from None
            if reply.number == request.number:
                return reply

    def _process(self) -> _Process:
        """The worker that runs, started if there is none. Raises WorkerFailedToStart."""
        if self._running is not None and self._running.process.poll() is None:
            return self._running
        if self._running is not None:
            self._end(0.0)
        self._running = running = self._start()
        self._cleaner = weakref.finalize(self, running.end, 0.0)
        try:
            reply = self._ask(running, Request(self._client, 0, "describe", ()), _monotonic() + self.start_s)
            self._served = result_of(reply)
        except (streams.Ended, streams.Hung) as error:
            how = (
                running.death()
                if isinstance(error, streams.Ended)
                else f"was not ready after {self.start_s:g} s"
            )
            tail = running.tail()
            self._end(0.0)
            raise WorkerFailedToStart(f"the worker of {self.factory} {how}{_shown(tail)}") from None
        return running

    def _start(self) -> _Process:
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        effects = "effects" if self.effects else "pure"
        command = [
            self.python,
            "-c",
            _CODE,
            str(theirs.fileno()),
            str(read_end),
            self.factory,
            self._options,
            effects,
        ]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env=self._environment(),
                pass_fds=(theirs.fileno(), read_end),
                start_new_session=True,
            )
        except OSError as error:
            for end in (ours, theirs, errors):
                end.close()
            os.close(write_end)
            raise WorkerFailedToStart(f"{self.python} cannot be started: {error.strerror}") from None
        finally:
            theirs.close()
            os.close(read_end)
        self.restarts += self._served != {}
        return _Process(process, ours, write_end, errors)

    def _environment(self) -> Dict[str, str]:
        made = {**os.environ, "PYTHONPATH": os.pathsep.join(entry or os.getcwd() for entry in self._path)}
        made.update(dict.fromkeys(_THREADS, "1"))
        return made

    def _end(self, grace_s: float) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            self._cleaner.detach()
            running.end(grace_s)


def _shown(tail: str) -> str:
    return f"; the end of its standard error:\n{tail}" if tail else ""
