"""Where parts run: found by name, served from processes of their own, called as if they were here.

Needs beside it: droidlet_schema.
"""

from droidlet_transport.client import Client
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
from droidlet_transport.server import AddressInUse, Server
from droidlet_transport.serving import Served, effect, pure, table_of
from droidlet_transport.sockets import Keys, NotAllowed, new_keys
from droidlet_transport.values import Opaque
from droidlet_transport.workers import Worker

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
