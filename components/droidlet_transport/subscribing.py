"""The reading side of a stream of which the newest counts."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any, Callable, Dict, Optional, Sequence, Union

import attrs
import zmq

from droidlet_transport.connecting import end_of
from droidlet_transport.contexts import check_descriptors, shared_context
from droidlet_transport.curve import Keys, check_address, guard_client
from droidlet_transport.errors import (
    Closed,
    DeadlineExceeded,
    ProtocolError,
    TransportError,
    VersionMismatch,
)
from droidlet_transport.news import Inbox, Waiting, pack_want, read_news
from droidlet_transport.sockets import MOST_AT_ONCE, connect, connect_again, make_socket, receive_frames
from droidlet_transport.values import value_of
from droidlet_transport.waking import Waker

ASK_AGAIN_S = 0.5
AGAIN_S = 2.0  # without a connection, until another one is tried
_monotonic = time.monotonic
_log = logging.getLogger("droidlet_transport")


@attrs.frozen
class Message:
    """One value of a topic. `sequence` counts from 1 for each topic in an `epoch`, the life of one publisher.

    `dropped` are the messages of the topic that were published since the one before, and that nobody saw here.
    """

    topic: str
    value: Any
    sequence: int
    dropped: int
    epoch: bytes = attrs.field(repr=False)


class Subscriber:
    """Reads topics (None: all) of a Publisher: the newest unread `most` values of each wait here.

    It may be there before its publisher, and outlives it: when one comes back at the address it goes on, with the
    counting from 1 and another epoch. What was published before the subscriber came is not counted as dropped. Its
    methods may be called from any thread of the process that made it. `read` makes of each value what is shown. `where`
    says at which address the publisher is now; it is asked, again and again, while nobody is at the one that is known.

    Raises NotAllowed, TransportError, ValueError.
    """

    def __init__(
        self,
        address: str,
        topics: Union[str, Sequence[str], None] = None,
        *,
        most: int = 1,
        keys: Optional[Keys] = None,
        read: Optional[Callable[[Any], Any]] = None,
        where: Optional[Callable[[], str]] = None,
    ) -> None:
        check_address(address, keys)
        check_descriptors()
        if most < 1:
            raise ValueError(f"most is {most}: at least the newest value is kept")
        self.address, self._pid = address, os.getpid()
        self._inbox = Inbox([topics] if isinstance(topics, str) else topics, most)
        self._read, self._where, self._keys = read, where, keys
        self._shown: Dict[str, Message] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._wrong: Optional[ProtocolError] = None
        self.refused = 0  # messages and values that could not be read
        self.dropped = 0  # of all topics together
        self._socket: Any = make_socket(shared_context(address), zmq.DEALER, address)
        self._socket.immediate = 1  # nothing is queued for a publisher that is not there
        try:
            if keys is not None:
                guard_client(self._socket, keys)
            connect(self._socket, address)
        except TransportError:
            self._closed = True
            self._socket.close(0)
            raise
        self._waker = Waker()
        self._thread = threading.Thread(target=self._run, name="subscriber", daemon=True)
        self._thread.start()

    def next(self, deadline_s: Optional[float] = None) -> Message:
        """The oldest unread message; waits for one.

        Raises DeadlineExceeded, Closed, and ProtocolError where the publisher speaks another version.
        """
        until = None if deadline_s is None else end_of(deadline_s)
        with self._changed:
            while True:
                self._check_use()
                topic = self._inbox.oldest()
                if topic is not None:
                    message = self._show(self._inbox.take(topic))
                    if message is not None:
                        return message
                    continue
                left = None if until is None else until - _monotonic()
                if left is not None and left <= 0:
                    raise DeadlineExceeded(self._why())
                self._changed.wait(left)

    def latest(self, topic: str) -> Optional[Message]:
        """The newest message of a topic, read or not; None where none has come yet. Older unread ones are let go.

        Raises Closed, ProtocolError (another version).
        """
        with self._changed:
            self._check_use()
            while self._inbox.unread(topic):
                if self._inbox.unread(topic) > 1:
                    self._inbox.skip(topic)
                else:
                    self._show(self._inbox.take(topic))
            return self._shown.get(topic)

    def joined(self, deadline_s: float) -> bool:
        """Whether the publisher knows this subscriber; waits for that. From then on every message counts."""
        until = end_of(deadline_s)
        with self._changed:
            self._changed.wait_for(
                lambda: self._inbox.epoch or self._closed or self._wrong, until - _monotonic()
            )
            self._check_use()
            return bool(self._inbox.epoch)

    def listen(self, callback: Callable[[Message], object]) -> threading.Thread:
        """Calls back for each message, in a thread of its own, until close().

        What the callback raises is logged, and the next message comes all the same.
        """
        thread = threading.Thread(target=self._listen, args=(callback,), name="listener", daemon=True)
        thread.start()
        return thread

    def _listen(self, callback: Callable[[Message], object]) -> None:
        while True:
            try:
                message = self.next()
            except (Closed, ProtocolError):
                return
            try:
                callback(message)
            except Exception:
                _log.exception("the callback for %s %d raised", message.topic, message.sequence)

    def _show(self, taken: Waiting) -> Optional[Message]:
        item = taken.item
        try:
            value = value_of(item.frames) if self._read is None else self._read(value_of(item.frames))
        except ProtocolError:
            self.refused += 1
            self._inbox.unseen(taken)
            return None
        self.dropped += taken.gap
        self._shown[item.topic] = made = Message(item.topic, value, item.sequence, taken.gap, taken.epoch)
        return made

    def _why(self) -> str:
        if self._inbox.epoch:
            return f"nothing new from {self.address} in time"
        keys = ", and do the keys fit" if self._keys is not None else ""
        return f"nobody publishes at {self.address}: is the publisher running{keys}?"

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._waker, zmq.POLLIN)
        number, ask_at = 0, 0.0
        while not self._closed:
            asks = _monotonic() >= ask_at
            poller.register(self._socket, zmq.POLLIN | (zmq.POLLOUT if asks else 0))
            wait_s = AGAIN_S if asks else max(0.0, ask_at - _monotonic())
            if not poller.poll(int(wait_s * 1000) + 1) and asks:  # nobody is there
                self._connect_again()
            self._waker.drain()
            if self._receive(number) or asks:
                number += 1
                ask_at = _monotonic() + (ASK_AGAIN_S if self._ask(number) else 0.0)
        self._socket.close(0)

    def _connect_again(self) -> None:
        """Where the publisher says that it is now, if anybody can be asked for that."""
        try:
            there = self.address if self._where is None else str(self._where())
            check_address(there, self._keys)
            connect_again(self._socket, self.address, there)
            self.address = there
        except Exception as error:  # nobody knows
            if not isinstance(error, TransportError):
                _log.warning("where %s is now was not told: %r", self.address, error)
            connect_again(self._socket, self.address)

    def _ask(self, number: int) -> bool:
        """Whether somebody was there to be asked."""
        try:
            self._socket.send(pack_want(self._inbox.want(number)), zmq.DONTWAIT)
        except zmq.ZMQError:
            return False
        return True

    def _receive(self, number: int) -> bool:
        """Takes what came; whether the request of this number was answered."""
        answered = False
        for _ in range(MOST_AT_ONCE):
            frames = receive_frames(self._socket)
            if frames is None:
                break
            with self._changed:
                try:
                    news, items = read_news(frames)
                    self._inbox.add(news.epoch, items)
                    answered = answered or news.id == number
                except ProtocolError as error:
                    self.refused += 1
                    self._wrong = error if isinstance(error, VersionMismatch) else None
                self._changed.notify_all()
        return answered

    def _check_use(self) -> None:
        if self._closed or os.getpid() != self._pid:
            raise Closed(f"the subscriber of {self.address} was closed, or belongs to another process")
        if self._wrong is not None:
            raise self._wrong

    def close(self) -> None:
        """Ends the connection, and every wait; closing again does nothing."""
        if self._closed or os.getpid() != self._pid:
            return
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._waker.wake()
        self._thread.join()
        self._waker.close()

    def __enter__(self) -> Subscriber:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()
