"""What serving faces share: a server in a thread of its own, and an address beside another."""

from __future__ import annotations

import threading
from typing import Any, Callable, Mapping, Optional, TypeVar

from droidlet_transport.curve import Keys
from droidlet_transport.errors import ProtocolError
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.server import Server
from droidlet_transport.serving import Served

Face = TypeVar("Face", bound="Hosted")


class Hosted:
    """Functions behind an address; `start` serves in a thread of its own, `serve` in the calling one.

    Raises NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self, functions: Mapping[str, Served], address: str, keys: Optional[Keys], threads: int
    ) -> None:
        self._server = Server(functions, address, keys=keys, threads=threads)
        self.address = self._server.address
        self._thread: Optional[threading.Thread] = None

    def start(self: Face) -> Face:
        """Serves in a thread of its own; starting again does nothing. Returns itself."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._server.serve, name=type(self).__name__, daemon=True)
            self._thread.start()
        return self

    def serve(self) -> None:
        """Serves in this thread until `stop`. Raises Closed."""
        self._server.serve()

    def stop(self) -> None:
        """Ends serving; may be called from any thread or a signal handler."""
        self._server.stop()

    def close(self) -> None:
        """Ends serving, when the calls in progress have ended, and gives the address back."""
        if self._thread is not None:
            self._server.stop()
            self._thread.join()
        self._server.close()

    def __enter__(self: Face) -> Face:
        """Itself, serving."""
        return self.start()

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


def plainly(name: str, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of one payload, for trees of plain Python: lists, tables and NumPy's numbers stay what they are."""
    return lambda payload: to_value(function(from_value(payload)), f"the result of {name}")


def beside(address: str) -> str:
    """An address of the same kind that is free: the next port that is, or a path beside the other."""
    kind, _, rest = address.partition("://")
    return f"{kind}://{rest}.stream" if kind == "ipc" else f"{kind}://{rest.rpartition(':')[0]}:0"


FIND_S = 1.0  # for a server that is back to say where its stream is now


def reached(told: Any, address: str) -> str:
    """An address that a server told of itself, as a client reaches it that reached the server at `address`.

    Raises ProtocolError for what is none.
    """
    kind, _, rest = told.partition("://") if isinstance(told, str) else ("", "", "")
    if kind not in ("tcp", "ipc"):
        raise ProtocolError(f"the server at {address} says that it streams at {str(told)[:80]!r}")
    host = address.partition("://")[2].rpartition(":")[0]
    return told if kind == "ipc" else f"{kind}://{host}:{rest.rpartition(':')[2]}"
