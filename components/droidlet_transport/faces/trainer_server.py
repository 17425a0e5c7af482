"""A learner that takes rows from many actors, answers their requests, and broadcasts weights to them."""

from __future__ import annotations

import uuid
from typing import Any, Callable, Mapping, Optional, Tuple

from droidlet_transport.errors import TransportError
from droidlet_transport.faces.hosting import Hosted, beside, plainly
from droidlet_transport.faces.trainer_pieces import unpack
from droidlet_transport.faces.trainer_sharing import Mapped
from droidlet_transport.faces.trainer_stores import Incoming
from droidlet_transport.faces.trainer_weights import WEIGHTS
from droidlet_transport.plain import to_value
from droidlet_transport.publishing import Publisher
from droidlet_transport.serving import effect, pure
from droidlet_transport.sockets import Keys

REQUEST = "request/"  # before the types of users' requests


class UnknownStore(TransportError):
    """A store that the learner does not have; names those that it has."""


class TrainerServer(Hosted):
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
            **{
                REQUEST + name: effect(plainly(name, function)) for name, function in (requests or {}).items()
            },
        }
        super().__init__(functions, address, keys, threads)
        self._mapped = Mapped()
        try:
            self._publisher = Publisher(weights_address or beside(self.address), keys=keys)
        except BaseException:
            self._server.close()
            raise
        self.weights_address = self._publisher.address

    def publish_weights(self, weights: Any) -> int:
        """Makes these the newest, for all clients, also for those that come later; returns their version.

        Takes trees of tables, lists, tuples, arrays, numbers, text, records; they arrive as they are. Returns at once.
        Raises CannotTravel, Closed.
        """
        return self._publisher.publish(WEIGHTS, to_value(weights, "the weights"))

    def close(self) -> None:
        """Ends serving and publishing; closing again does nothing."""
        super().close()
        self._publisher.close()
        self._mapped.clear()

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
