"""A learner that takes rows from many actors, answers their requests, and broadcasts weights to them."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional

from droidlet_transport.curve import Keys
from droidlet_transport.faces.hosting import Hosted, beside, plainly
from droidlet_transport.faces.trainer_weights import WEIGHTS
from droidlet_transport.plain import to_value
from droidlet_transport.publishing import Publisher
from droidlet_transport.rows.receiving import Receiver
from droidlet_transport.rows.stores import Incoming
from droidlet_transport.serving import effect, pure

REQUEST = "request/"  # before the types of users' requests


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
        self._receiver = Receiver(stores, in_order=threads == 0)
        self.stores = self._receiver.stores
        functions = {
            **self._receiver.functions(),
            WEIGHTS: pure(lambda: self.weights_address),
            **{
                REQUEST + name: effect(plainly(name, function)) for name, function in (requests or {}).items()
            },
        }
        super().__init__(functions, address, keys, threads)
        if not threads:
            self._receiver.lane(self._server)
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
        self._receiver.close()
