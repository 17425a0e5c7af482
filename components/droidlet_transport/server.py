"""A service at an address: functions by name, for many clients."""

from __future__ import annotations

import functools
import os
import threading
import uuid
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

import zmq

from droidlet_transport.connecting import FOREVER_S
from droidlet_transport.contexts import AddressInUse, Ending, check_descriptors, new_context
from droidlet_transport.crew import Crew
from droidlet_transport.curve import Keys, check_address, guarded
from droidlet_transport.envelope import MOST_HEADER, VERSION
from droidlet_transport.errors import Closed, TransportError
from droidlet_transport.owning import COPIED_ANYWAY, MOST_FRAMES, own
from droidlet_transport.pressing import codecs
from droidlet_transport.serving import ABOUT, DESCRIBE, Served, Table, pure
from droidlet_transport.sockets import MOST_WAITING, bind, make_socket, receive_frames, send_frames
from droidlet_transport.waking import Waker
from droidlet_transport.working import describe

CLOSE_S = 5.0  # that close() waits for a thread that serves; a call in it may take longer


class Server:
    """Functions behind a ROUTER socket. `serve` answers in the calling thread until `stop` is called.

    `functions` are made by `pure` and `effect`. The address is bound when the server is made; port 0 takes a free
    one, and `address` says which. Beyond loopback, keys are required. With `threads`, so many calls are carried out
    at a time, in no order; 0: one after the other, in the thread that calls `serve`. `name` is what the service says it
    is to those who ask. `most_bytes` is the largest frame that it takes and gives, None: any; a client refuses to send
    a larger one.

    Raises NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self,
        functions: Mapping[str, Served],
        address: str = "tcp://127.0.0.1:0",
        *,
        keys: Optional[Keys] = None,
        threads: int = 0,
        name: str = "",
        most_bytes: Optional[int] = None,
    ) -> None:
        check_address(address, keys)
        check_descriptors()
        if threads < 0:
            raise ValueError(f"threads is {threads}: 0 for the thread that calls serve, or how many")
        if most_bytes is not None and most_bytes < 1:
            raise ValueError(f"most_bytes is {most_bytes}: at least 1, or None for any")
        table = dict(functions)
        self.epoch = uuid.uuid4().bytes  # of this server: another one at the same address has another
        about: Dict[str, Any] = {
            "name": name,
            "epoch": self.epoch,
            "versions": (VERSION,),
            "most_bytes": most_bytes,
            "knows": True,
            "in_order": not threads,
            "keywords": True,
        }
        about["undoes"] = codecs()
        told = {DESCRIBE: pure(lambda: describe(table)), ABOUT: pure(lambda: about)}
        self._table = Table({**table, **told}, self.epoch, most_bytes)
        context: Any = new_context()
        self._waker = Waker()
        self._crew = Crew(threads, self._table.answer, self._waker.wake, MOST_WAITING) if threads else None
        self._pid, self._closed = os.getpid(), False
        self._serving: Optional[int] = None  # the thread that does
        self._turn = threading.RLock()
        self._over = threading.Event()
        self._socket: Any = make_socket(context, zmq.ROUTER, address)
        self._socket.router_mandatory = 1  # a full queue is said, not dropped
        if most_bytes is not None:
            self._socket.maxmsgsize = max(most_bytes, MOST_HEADER)
        self._stopping = False
        self._watched: Dict[Any, Callable[[], object]] = {}
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._waker, zmq.POLLIN)
        steps: List[Any] = [functools.partial(self._socket.close, 0), self._waker.close, context.term]
        self._end = Ending(self, steps)
        try:
            guard = guarded(context, self._socket, keys)
            if guard is not None:
                steps.insert(0, guard.stop)
            self.address = bind(self._socket, address)
        except BaseException:
            self.close()
            raise
        self.dropped = 0  # replies to clients that had gone
        self.refused = 0  # messages that were no request

    def serve(self, timeout_s: Optional[float] = None) -> None:
        """Answers until stopped or closed, or until nothing came for `timeout_s`.

        Raises Closed after close(), and in another process than the one that made it; TransportError where another
        thread serves.
        """
        self._begin()
        try:
            self._serve(timeout_s)
        finally:
            self._finish()

    def _begin(self) -> None:
        with self._turn:
            if self._closed or os.getpid() != self._pid:
                raise Closed("the server was closed, or belongs to another process")
            if self._serving is not None:
                raise TransportError(f"{self.address} is served already, by another thread")
            self._serving = threading.get_ident()

    def _finish(self) -> None:
        with self._turn:
            self._serving = None
            if self._closed:  # meanwhile; whoever did so waits for this thread
                self._release()

    def _serve(self, timeout_s: Optional[float]) -> None:
        poller = self._poller
        wait = None if timeout_s is None else int(min(timeout_s, FOREVER_S) * 1000)
        with self._waker.by_signals():
            while not self._stopping:
                if self._crew is not None:
                    poller.modify(self._socket, 0 if self._crew.full else zmq.POLLIN)
                ready = poller.poll(wait)
                if not ready:
                    return
                for one, _ in ready:
                    if one is self._socket:
                        self._answer()
                    elif one in self._watched:
                        self._watched[one]()
                    else:
                        self._waker.drain()
                for peer, answer in self._crew.answered() if self._crew else ():
                    self._reply(peer, answer)
        self._stopping = False

    def watch(self, descriptor: int, ready: Optional[Callable[[], object]]) -> None:
        """While it serves, calls back in its thread when there is something to read at a descriptor; None: no more.

        To be called in that thread, or while nobody serves.
        """
        if ready is None:
            del self._watched[descriptor]
            self._poller.unregister(descriptor)
        else:
            self._watched[descriptor] = ready
            self._poller.register(descriptor, zmq.POLLIN)

    def _answer(self) -> None:
        message = receive_frames(self._socket)
        if message is None:
            return
        peer, *frames = message
        if len(frames) > MOST_FRAMES:
            frames = []
        if self._crew is not None:
            self._crew.take(peer, frames)
        else:
            self._reply(peer, self._table.answer(frames))

    def _reply(self, peer: bytes, answer: Optional[Sequence[Any]]) -> None:
        if answer is None:
            self.refused += 1
            return
        try:
            sent = send_frames(self._socket, [peer, *own(answer, COPIED_ANYWAY)])
        except zmq.ZMQError:  # it has gone: it may ask again
            sent = False
        self.dropped += not sent  # or does not read

    def stop(self) -> None:
        """Lets `serve` return; may be called from another thread or a signal handler."""
        self._stopping = True
        self._waker.wake()

    def close(self) -> None:
        """Ends serving and gives the address back; closing again, and in another process, does nothing.

        From another thread than the one that serves it waits for that one: until its call has ended, but at most 5 s.
        """
        with self._turn:
            if self._closed or os.getpid() != self._pid:
                return
            self._closed = True
            serving = self._serving
            if serving is None:
                self._release()
                return
        self.stop()
        if serving != threading.get_ident():
            self._over.wait(CLOSE_S)

    def _release(self) -> None:
        if self._crew is not None:
            self._crew.close()
        self._end()
        self._over.set()

    def __enter__(self) -> Server:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


__all__ = ["AddressInUse", "Server"]
