"""ZeroMQ sockets as this house makes them: loopback unless there are keys, heartbeats, nothing dropped unseen.

Where a socket both beats and stops reading because its queue is full, a peer that goes away just then ends the whole
process by an assertion of ZeroMQ (4.3.5). So whoever connects beats, and reads whatever comes; whoever listens stops
reading where too much waits, and only answers the beats of others.
"""

from __future__ import annotations

import itertools
import re
import struct
import sys
from contextlib import suppress
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import attrs
import zmq
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils import z85

from droidlet_transport.contexts import AddressInUse, check_path
from droidlet_transport.errors import TransportError
from droidlet_transport.owning import COPIED_ANYWAY, MOST_FRAMES
from droidlet_transport.values import Frame

LOOPBACK = ("tcp://127.0.0.1:", "tcp://[::1]:", "tcp://localhost:", "ipc://")
_TCP = re.compile(
    r"tcp://(\[[^][]+\]|[^][:;/\s]+):(\*|[0-9]{1,5})"
)  # no ";": behind it ZeroMQ reads another address
MOST_PORT = 65535
LOOPBACK_BUFFER = 1 << 18  # bytes; stays in the cache, so that large frames take two thirds of the time
HEARTBEAT_MS = 500
HEARTBEAT_LOST_MS = 2000
KEPT_ALIVE_S = 30  # without a word, after which a listener asks the other machine whether it is there
MOST_AT_ONCE = (
    1000  # messages that are read before anything else is looked at: whoever floods is not listened to alone
)
MOST_WAITING = 1000  # messages per peer that are to be sent; that wait to be read, where one listens
_MORE, _DO_NOT_WAIT = int(zmq.SNDMORE | zmq.DONTWAIT), int(zmq.DONTWAIT)
_EVENTS, _POLLIN, _POLLOUT = int(zmq.EVENTS), int(zmq.POLLIN), int(zmq.POLLOUT)
REACHED, READY, CUT = zmq.EVENT_CONNECTED, zmq.EVENT_HANDSHAKE_SUCCEEDED, zmq.EVENT_DISCONNECTED
_DENIED, _MISUNDERSTOOD = zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
_CONNECTION = REACHED | READY | CUT | _DENIED | _MISUNDERSTOOD | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
_OTHER_MECHANISM = 0x11000002  # ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
MOST_SHOWN = 40  # characters of what should be a public key; a whole file may hold a secret
SMALL = 4096  # bytes of a frame that is sooner copied than shared
_monitors = itertools.count()


class NotAllowed(TransportError):
    """An address that others can reach, without keys; or keys that do not fit the server's."""


@attrs.frozen
class Keys:
    """CURVE keys in ZeroMQ's 40-character form: one's own pair, and whom to trust.

    A server lists the public keys of its clients in `trusted`; a client the one of its server.
    """

    public: str
    secret: str = attrs.field(repr=False)
    trusted: Tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for what is no key, and for halves of different pairs."""
        for name, key in (
            ("public", self.public),
            ("secret", self.secret),
            *(("trusted", k) for k in self.trusted),
        ):
            if not is_key(key):
                shown = "no key" if name == "secret" or len(str(key)) > MOST_SHOWN else repr(key)
                raise ValueError(
                    f"{name} is {shown}: a key has 40 characters, as `droidlet keys FILE` makes a pair"
                )
        if zmq.curve_public(self.secret.encode()) != self.public.encode():
            raise ValueError(f"public is {self.public!r}, which is not the public half of this secret")


def is_key(key: Any) -> bool:
    """Whether this is a CURVE key in ZeroMQ's 40-character form."""
    try:
        return isinstance(key, str) and len(z85.decode(key)) == 32
    except (KeyError, IndexError, ValueError, struct.error):
        return False


def new_keys() -> Keys:
    """A fresh pair of keys."""
    public, secret = zmq.curve_keypair()
    return Keys(public.decode(), secret.decode())


def check_address(address: str, keys: Optional[Keys]) -> None:
    """Raises NotAllowed for an address beyond this machine without keys, and for one that is none."""
    if not _is_address(address):
        raise NotAllowed(f"address is {address!r}: write tcp://HOST:PORT, or ipc://PATH")
    if keys is None and not address.startswith(LOOPBACK):
        raise NotAllowed(
            f"{address} can be reached by others, so keys are needed (`droidlet keys FILE`); without keys an address "
            "is tcp://127.0.0.1:PORT"
        )


def _is_address(address: Any) -> bool:
    if not isinstance(address, str) or not address.startswith("tcp://"):
        return isinstance(address, str) and address.startswith("ipc://")
    parts = _TCP.fullmatch(address)
    return parts is not None and (parts[2] == "*" or int(parts[2]) <= MOST_PORT)


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
    else:
        made.rcvhwm = 0
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


def guarded(context: Any, socket: Any, keys: Optional[Keys]) -> Optional[ThreadAuthenticator]:
    """Lets only the trusted in, by a thread on the same context that `stop` ends; None without keys.

    Raises NotAllowed where nobody is trusted.
    """
    if keys is None:
        return None
    if not keys.trusted:
        raise NotAllowed("trusted has no keys: nobody would be let in; list the public keys of those who may")
    socket.curve_server = True
    socket.curve_publickey, socket.curve_secretkey = keys.public.encode(), keys.secret.encode()
    socket.zap_domain = b"droidlet"
    made = ThreadAuthenticator(context)
    made.start()
    made.configure_curve_callback(domain="droidlet", credentials_provider=_Trusted(keys))
    return made


class _Trusted:
    """Says yes to the public keys that were listed."""

    def __init__(self, keys: Keys) -> None:
        self._known = {key.encode() for key in keys.trusted}

    def callback(self, domain: str, key: bytes) -> bool:
        """Whether a client with this key may talk to us."""
        return (z85.encode(key) if len(key) == 32 else key) in self._known


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


def guard_client(socket: Any, keys: Keys) -> None:
    """Talks to the one trusted server only. Raises NotAllowed where it is not named."""
    if len(keys.trusted) != 1:
        raise NotAllowed(
            f"trusted has {len(keys.trusted)} keys: a client trusts one, its server's public key"
        )
    socket.curve_publickey, socket.curve_secretkey = keys.public.encode(), keys.secret.encode()
    socket.curve_serverkey = keys.trusted[0].encode()
