"""A learner that takes rows from many actors, answers their requests, and broadcasts weights to them."""

from __future__ import annotations

import threading
import uuid
from typing import Any, Callable, Mapping, Optional, Tuple

from droidlet_transport.errors import TransportError
from droidlet_transport.faces.trainer_pieces import unpack
from droidlet_transport.faces.trainer_sharing import Mapped
from droidlet_transport.faces.trainer_stores import Incoming
from droidlet_transport.faces.trainer_weights import WEIGHTS
from droidlet_transport.publishing import Publisher
from droidlet_transport.server import Server
from droidlet_transport.serving import effect, pure
from droidlet_transport.sockets import Keys

REQUEST = "request/"  # before the types of users' requests


class UnknownStore(TransportError):
    """A store that the learner does not have; names those that it has."""


class TrainerServer:
    """The learner's end. `stores` are filled as updates come, in this server's thread; sample from any other.

    A row is named by client, epoch and number, and stored once. A store that is saved holds with its rows how far each
    client had come; a learner that is started again with it is sent what came later and is still held by its client.
    `requests` are functions of one payload by type, each carried out at most once per request. With `threads`, so many
    requests at a time. Weights go out at `weights_address`, by default a free port beside `address`.

    Raises NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self,
        stores: Mapping[str, Incoming],
        address: str = "tcp://127.0.0.1:0",
        *,
        requests: Optional[Mapping[str, Callable[[Any], Any]]] = None,
        weights_address: Optional[str] = None,
        keys: Optional[Keys] = None,
        threads: int = 0,
    ) -> None:
        self.stores = dict(stores)
        self._life, self._in_order = uuid.uuid4().hex, threads == 0
        functions = {
            "open": pure(self._open),  # to repeat either changes nothing: rows have numbers
            "store": pure(self._store),
            WEIGHTS: pure(lambda: self.weights_address),
            **{REQUEST + name: effect(function) for name, function in (requests or {}).items()},
        }
        self._server = Server(functions, address, keys=keys, threads=threads)
        self.address = self._server.address
        self._thread: Optional[threading.Thread] = None
        self._mapped = Mapped()
        try:
            self._publisher = Publisher(weights_address or _beside(self.address), keys=keys)
        except BaseException:
            self._server.close()
            raise
        self.weights_address = self._publisher.address

    def publish_weights(self, weights: Any) -> int:
        """Makes these the newest, for all clients, also for those that come later; returns their version.

        Takes what a call takes, such as tables of arrays. Returns at once. Raises CannotTravel, Closed.
        """
        return self._publisher.publish(WEIGHTS, weights)

    def start(self) -> TrainerServer:
        """Serves in a thread of its own; starting again does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._server.serve, name="trainer", daemon=True)
            self._thread.start()
        return self

    def serve(self) -> None:
        """Serves in this thread until `stop`. Raises Closed."""
        self._server.serve()

    def stop(self) -> None:
        """Lets `serve` return."""
        self._server.stop()

    def close(self) -> None:
        """Gives the addresses back; closing again does nothing."""
        if self._thread is not None:
            self._server.stop()
            self._thread.join()
        self._server.close()
        self._publisher.close()
        self._mapped.clear()

    def __enter__(self) -> TrainerServer:
        """Itself, started."""
        return self.start()

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()

    def _open(self, store: str, client: str, epoch: int, layout: Any, shared: Any) -> Tuple[Any, ...]:
        """Who this is, how far the client's rows have come, whether the memory that it shares is in reach, whether
        answers come in order, and where weights are to be had.
        """
        found = self._found(store)
        found.expect(layout)
        near = shared is not None and self._mapped.open((store, client, epoch), shared, layout)
        return (self._life, *found.mark(client, epoch), near, self._in_order, self.weights_address)

    def _store(self, sent: Any) -> Mapping[str, Any]:
        """How far the client's rows have come. What is sent: the life of this server that the client knows, store,
        client, epoch; first, oldest and count of each piece of rows, and where its columns are, 64 bits each; and the
        columns of the one piece where they are not to be looked at.

        A client that knew another life, or memory that was let go of, must open first.
        """
        life, store, client, epoch, numbers, columns = sent
        found, told = self._found(store), (-1, -1)
        for first, oldest, count, *where in unpack(numbers) if life == self._life else ():
            near = self._mapped.columns((store, client, epoch), count, where) if where else columns
            if near is None:
                return {"told": ("", -1, -1)}
            told = found.receive(client, epoch, first, oldest, near)
        return {"told": (self._life, *told)}

    def _found(self, store: str) -> Incoming:
        if store not in self.stores:
            raise UnknownStore(
                f"there is no store {store!r} at {self.address}: there are {', '.join(sorted(self.stores))}"
            )
        return self.stores[store]


def _beside(address: str) -> str:
    """An address for weights beside one for updates."""
    scheme, _, place = address.partition("://")
    return f"tcp://{place.rpartition(':')[0]}:0" if scheme == "tcp" else f"{address}.weights"


def reached(weights_address: str, address: str) -> str:
    """An address that a learner told, as a client reaches it that reached the learner at `address`."""
    scheme, _, place = weights_address.partition("://")
    host = address.partition("://")[2].rpartition(":")[0]
    return f"tcp://{host}:{place.rpartition(':')[2]}" if scheme == "tcp" else weights_address
