"""Where parts run: found by name, served from processes of their own, called as if they were here.

Needs beside it: droidlet_schema.
"""

from typing import TYPE_CHECKING, Any

from droidlet_transport.errors import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    NotServed,
    OutcomeUnknown,
    ProtocolError,
    RemoteError,
    TransportError,
    WorkerCrashed,
    WorkerFailedToStart,
)
from droidlet_transport.loading import LoadError, load
from droidlet_transport.serving import Served, effect, pure, table_of
from droidlet_transport.values import Opaque
from droidlet_transport.workers import Worker

if TYPE_CHECKING:
    from droidlet_transport.client import Client
    from droidlet_transport.server import AddressInUse, Server
    from droidlet_transport.sockets import Keys, NotAllowed, new_keys

__all__ = [
    "AddressInUse",
    "CannotTravel",
    "Client",
    "Closed",
    "DeadlineExceeded",
    "Keys",
    "LoadError",
    "NotAllowed",
    "NotServed",
    "Opaque",
    "OutcomeUnknown",
    "ProtocolError",
    "RemoteError",
    "Served",
    "Server",
    "TransportError",
    "Worker",
    "WorkerCrashed",
    "WorkerFailedToStart",
    "effect",
    "load",
    "new_keys",
    "pure",
    "table_of",
]


def __getattr__(name: str) -> Any:
    """What needs ZeroMQ comes when it is asked for: a worker does without. Raises AttributeError."""
    if name in ("Client", "AddressInUse", "Server", "Keys", "NotAllowed", "new_keys"):
        from droidlet_transport import client, server, sockets

        for module in (client, server, sockets):
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
