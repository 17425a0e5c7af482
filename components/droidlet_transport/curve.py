"""Who may talk to whom: CURVE keys, and the addresses that need none because only this machine reaches them."""

from __future__ import annotations

import re
import struct
from typing import Any, Optional, Tuple

import attrs
import zmq
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils import z85

from droidlet_transport.errors import TransportError

LOOPBACK = ("tcp://127.0.0.1:", "tcp://[::1]:", "tcp://localhost:", "ipc://")
# no ";": behind it ZeroMQ reads another address
_TCP = re.compile(r"tcp://(\[[^][]+\]|[^][:;/\s]+):(\*|[0-9]{1,5})")
MOST_PORT = 65535
MOST_SHOWN = 40  # characters of what should be a public key; a whole file may hold a secret


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


def guard_client(socket: Any, keys: Keys) -> None:
    """Talks to the one trusted server only. Raises NotAllowed where it is not named."""
    if len(keys.trusted) != 1:
        raise NotAllowed(
            f"trusted has {len(keys.trusted)} keys: a client trusts one, its server's public key"
        )
    socket.curve_publickey, socket.curve_secretkey = keys.public.encode(), keys.secret.encode()
    socket.curve_serverkey = keys.trusted[0].encode()
