"""ZeroMQ sockets as this house makes them: heartbeats, bounded queues where one listens, nothing dropped unseen.

Where a socket both beats and stops reading because its queue is full, a peer that goes away just then ends the whole
process by an assertion of ZeroMQ (4.3.5). So whoever connects beats, and reads whatever comes; whoever listens stops
reading where too much waits, and only answers the beats of others.
"""

from __future__ import annotations

import itertools
import socket as tcp
import sys
from contextlib import suppress
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import zmq

from droidlet_transport.contexts import AddressInUse, check_path
from droidlet_transport.curve import LOOPBACK, Keys, guard_client
from droidlet_transport.errors import TransportError
from droidlet_transport.owning import COPIED_ANYWAY, MOST_FRAMES
from droidlet_transport.values import Frame

LOOPBACK_BUFFER = 1 << 18  # bytes; stays in the cache, so that large frames take two thirds of the time
HEARTBEAT_MS = 500
UNHEARD_MS = 2000  # that the other machine may leave bytes unacknowledged, or a connection unanswered
# A beat waits behind the message before it, so its answer may take as long as the longest message on the slowest line;
# that a machine has gone is TCP's to say, where it can.
HEARTBEAT_LOST_MS = 300_000 if hasattr(tcp, "TCP_USER_TIMEOUT") else 30_000
KEPT_ALIVE_S = 30  # without a word, after which a listener asks the other machine whether it is there
# messages that are read before anything else is looked at: whoever floods is not listened to alone
MOST_AT_ONCE = 1000
MOST_WAITING = 1000  # messages per peer that are to be sent; that wait to be read, where one listens
_MORE, _DO_NOT_WAIT = int(zmq.SNDMORE | zmq.DONTWAIT), int(zmq.DONTWAIT)
_EVENTS, _POLLIN, _POLLOUT = int(zmq.EVENTS), int(zmq.POLLIN), int(zmq.POLLOUT)
REACHED, READY, CUT = zmq.EVENT_CONNECTED, zmq.EVENT_HANDSHAKE_SUCCEEDED, zmq.EVENT_DISCONNECTED
_DENIED, _MISUNDERSTOOD = zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
_CONNECTION = REACHED | READY | CUT | _DENIED | _MISUNDERSTOOD | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
_OTHER_MECHANISM = 0x11000002  # ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
SMALL = 4096  # bytes of a frame that is sooner copied than shared
_monitors = itertools.count()


def make_socket(context: zmq.Context[zmq.Socket[bytes]], kind: int, address: str) -> zmq.Socket[bytes]:
    """A socket with bounded queues where it listens (a ROUTER), heartbeats where it connects, and no lingering."""
    made: Any = context.socket(kind)
    if address.startswith("tcp://") and address.startswith(LOOPBACK):
        made.sndbuf = LOOPBACK_BUFFER
    made.linger = 0
    made.ipv6 = address.startswith("tcp://[")
    made.sndhwm = MOST_WAITING
    if kind == zmq.ROUTER:
        made.rcvhwm = MOST_WAITING
        made.tcp_keepalive, made.tcp_keepalive_idle = 1, KEPT_ALIVE_S
        made.tcp_maxrt = KEPT_ALIVE_S * 1000
    else:
        made.rcvhwm = 0
        made.tcp_maxrt = made.connect_timeout = UNHEARD_MS
        made.heartbeat_ivl = HEARTBEAT_MS
        made.heartbeat_timeout = made.heartbeat_ttl = HEARTBEAT_LOST_MS
    return made  # type: ignore[no-any-return]


def bind(socket: Any, address: str) -> str:
    """Listens there, and returns where that is. Raises AddressInUse, TransportError."""
    if address.startswith("ipc://"):
        check_path(address)
    try:
        socket.bind(address)
    except zmq.ZMQError as error:
        if error.errno == zmq.EADDRINUSE:
            raise AddressInUse(f"{address} is in use; take another port, or 0 for a free one") from None
        raise TransportError(f"{address} cannot be bound: {error.strerror}") from None
    bound: bytes = socket.last_endpoint
    return bound.decode()


def memory(frame: zmq.Frame) -> Frame:
    """A frame's bytes, read-only; small ones as bytes, which is faster."""
    return frame.bytes if len(frame) < SMALL else frame.buffer.toreadonly()


def send_frames(socket: Any, frames: Sequence[Frame]) -> bool:
    """Sends a message without waiting; False where there is no room for it, or nobody.

    Large frames are not copied. Plain numbers for flags, and a copy of what is small, make it quicker than
    send_multipart.
    """
    try:
        for frame in frames[:-1]:
            socket.send(frame, _MORE, len(frame) < COPIED_ANYWAY)
        socket.send(frames[-1], _DO_NOT_WAIT, len(frames[-1]) < COPIED_ANYWAY)
    except zmq.Again:
        return False
    return True


def receive_frames(socket: Any, most: int = MOST_FRAMES) -> Optional[List[Frame]]:
    """The next message, without waiting; None where there is none. Frames beyond `most` are let go."""
    try:
        frame = socket.recv(_DO_NOT_WAIT, False)
    except zmq.Again:
        return None
    frames = [memory(frame)]
    while frame.more:
        frame = socket.recv(_DO_NOT_WAIT, False)
        if len(frames) <= most:
            frames.append(memory(frame))
    return frames


def waits(socket: Any, to_send: bool = False) -> bool:
    """Whether there is something to receive, or room to send."""
    return bool(socket.getsockopt(_EVENTS) & (_POLLIN | (_POLLOUT if to_send else 0)))


def connection(context: Any, address: str, keys: Optional[Keys]) -> Tuple[Any, Any]:
    """A client's socket, and the one that tells of its connection. Raises NotAllowed, TransportError."""
    made: Any = make_socket(context, zmq.DEALER, address)
    made.immediate = 1  # nothing is queued for a server that is not there
    place = (
        f"inproc://droidlet-monitor-{next(_monitors)}"  # pyzmq's own names come again while they are in use
    )
    monitor = made.get_monitor_socket(_CONNECTION, place)
    try:
        if keys is not None:
            guard_client(made, keys)
        connect(made, address)
    except TransportError:
        disconnect(made, monitor)
        raise
    return made, monitor


def connect(socket: Any, address: str) -> None:
    """Raises TransportError for an address that none can have."""
    try:
        socket.connect(address)
    except zmq.ZMQError as error:
        raise TransportError(f"{address} cannot be connected to: {error.strerror}") from None


def disconnect(socket: Any, monitor: Any) -> None:
    """Ends what `connection` made; what was not sent is let go."""
    socket.disable_monitor()
    monitor.close(0)
    socket.close(0)


def connections(monitor: Any) -> Iterator[Tuple[int, int]]:
    """What has happened since the last time: somebody was REACHED, is READY to talk, was CUT off, or `barred` us; each
    with a number that says more of the last.
    """
    while waits(monitor):
        event, _ = monitor.recv_multipart()
        yield int.from_bytes(event[:2], sys.byteorder), int.from_bytes(event[2:6], sys.byteorder)


def barred(event: int, value: int, keys: bool) -> Tuple[str, bool]:
    """Why a connection came to nothing, and whether the next one will as surely."""
    if event == _DENIED:
        return "does not let this client in: the server does not trust its public key", True
    if event == _MISUNDERSTOOD and value == _OTHER_MECHANISM:
        if keys:
            return "cannot be talked to with keys: its server has none", True
        return "lets nobody in without keys, and this client has none", True
    likely = "trusted is not the server's public key" if keys else "it wants keys, and this client has none"
    return f"ends every connection as it begins: {likely}, or what is there is no service of ours", False


def connect_again(socket: Any, address: str, elsewhere: Optional[str] = None) -> None:
    """For a connection that ended: ZeroMQ itself never comes back after bytes that are none of its protocol.

    `elsewhere` is where the other side is now.
    """
    with suppress(zmq.ZMQError):  # it has forgotten the address
        socket.disconnect(address)
    socket.connect(elsewhere or address)
