"""Streams of which the newest counts: a publisher never waits, and a subscriber knows what it missed."""

from __future__ import annotations

import os
import threading
import uuid
from collections import OrderedDict
from typing import Any, List, Optional

import zmq

from droidlet_transport.contexts import check_descriptors, new_context
from droidlet_transport.curve import Keys, check_address, guarded
from droidlet_transport.errors import CannotTravel, Closed, ProtocolError
from droidlet_transport.news import MOST_TOPIC, Item, Reader, Shelf, pack_news, read_want
from droidlet_transport.owning import check_size, own
from droidlet_transport.sockets import MOST_AT_ONCE, bind, make_socket, receive_frames
from droidlet_transport.values import frames_of
from droidlet_transport.waking import Waker

MOST_READERS = 1024
WAITING_MESSAGES = 4  # that ZeroMQ holds for a subscriber that does not read
KEEP = 100


class Publisher:
    """Values by topic, for any number of subscribers at an address.

    `publish` returns at once, and may be called from any thread; a thread of the publisher's own sends. Of each topic
    the newest values stay here, one, or as many as a subscriber asked for, at most `keep`; whoever comes late gets
    the last one. Port 0 takes a free one, and `address` says which. Beyond loopback, keys are required.

    Raises NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self, address: str = "tcp://127.0.0.1:0", *, keys: Optional[Keys] = None, keep: int = KEEP
    ) -> None:
        check_address(address, keys)
        check_descriptors()
        if keep < 1:
            raise ValueError(f"keep is {keep}: at least the last value of a topic is kept")
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._shelf = Shelf(uuid.uuid4().bytes, keep)
        self._readers: OrderedDict[bytes, Reader] = OrderedDict()
        self._closed = False
        self._context: Any = new_context()
        self._socket: Any = make_socket(self._context, zmq.ROUTER, address)
        self._socket.router_mandatory = 1
        self._socket.sndhwm = WAITING_MESSAGES
        self._guard: Any = None
        self._waker = Waker()
        try:
            self._guard = guarded(self._context, self._socket, keys)
            self.address = bind(self._socket, address)
        except Exception:
            self._closed = True
            self._release()
            raise
        self.refused = 0  # messages that asked for nothing
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def publish(self, topic: str, value: Any) -> int:
        """Makes a value the newest of its topic; returns its sequence number, from 1 on.

        Takes what a call takes as argument. Raises CannotTravel, Closed.
        """
        if self._closed or os.getpid() != self._pid:
            raise Closed(f"the publisher at {self.address} was closed, or belongs to another process")
        if not isinstance(topic, str):
            raise TypeError(f"topic is {topic!r}: a topic is text")
        if _too_long(topic):
            raise CannotTravel(f"topic is {topic[:80]!r}: a topic is at most {MOST_TOPIC} bytes of UTF-8")
        frames = own(frames_of(value, "the value", f"topic {topic}"))
        check_size(f"the value of topic {topic}", frames)
        with self._lock:
            if not self._shelf.has_room(topic):
                raise CannotTravel(
                    f"topic is {topic[:80]!r}: the names of all topics no longer fit in a message"
                )
            sequence = self._shelf.put(topic, frames)
        self._waker.wake()
        return sequence

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._waker, zmq.POLLIN)
        while not self._closed:
            poller.poll()
            self._waker.drain()
            self._listen()
            for peer in [peer for peer, reader in self._readers.items() if reader.want]:
                self._tell(peer, self._readers[peer])
        self._release()

    def _listen(self) -> None:
        for _ in range(MOST_AT_ONCE):
            message = receive_frames(self._socket)
            if message is None:
                return
            peer, *frames = message
            try:
                want = read_want(frames)
            except ProtocolError:
                self.refused += 1
                continue
            reader = self._readers.setdefault(peer, Reader())
            reader.want = want
            self._readers.move_to_end(peer)
            while len(self._readers) > MOST_READERS:
                self._readers.popitem(last=False)

    def _tell(self, peer: bytes, reader: Reader) -> None:
        want = reader.want
        if want is None:
            return
        with self._lock:
            items: Optional[List[Item]] = self._shelf.answer(want, reader)
        if items is None:
            return
        message: List[Any] = [peer, *pack_news(want, self._shelf.epoch, items)]
        try:
            self._socket.send_multipart(message, copy=False, flags=zmq.DONTWAIT)
        except zmq.ZMQError as error:
            if error.errno != zmq.EAGAIN:  # it has gone
                del self._readers[peer]
            else:
                reader.want = None  # it does not read; it asks again when it does
            return
        reader.told(items)

    def close(self) -> None:
        """Gives the address back; closing again does nothing."""
        if self._closed or os.getpid() != self._pid:
            return
        self._closed = True
        self._waker.wake()
        self._thread.join()

    def _release(self) -> None:
        self._socket.close(0)
        self._waker.close()
        if self._guard is not None:
            self._guard.stop()
        self._context.term()

    def __enter__(self) -> Publisher:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


def _too_long(topic: str) -> bool:
    """Whether a topic does not fit into an envelope; so is what is no text, half a pair of surrogates."""
    try:
        return len(topic.encode()) > MOST_TOPIC
    except UnicodeEncodeError:
        return True
