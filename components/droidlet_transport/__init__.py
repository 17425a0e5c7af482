"""Where parts run: found by name, served from processes of their own, called as if they were here.

What needs ZeroMQ is in `droidlet_transport.service`: a worker does without.

Needs beside it: droidlet_schema.
"""

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

__all__ = [
    "CannotTravel",
    "Closed",
    "DeadlineExceeded",
    "LoadError",
    "NotServed",
    "Opaque",
    "OutcomeUnknown",
    "ProtocolError",
    "RemoteError",
    "Served",
    "TransportError",
    "Worker",
    "WorkerCrashed",
    "WorkerFailedToStart",
    "effect",
    "load",
    "pure",
    "table_of",
]
