"""Models behind an address, several by name; requests that come together may be answered together."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Tuple, Union

from droidlet_transport.client import DEADLINE_S, Client, Pending
from droidlet_transport.curve import Keys
from droidlet_transport.faces.batching import Batched
from droidlet_transport.faces.hosting import Hosted, plainly
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.serving import pure

THREADS = 4  # beside those that are in a batch, or wait for the next one


class InferenceServer(Hosted):
    """Serves functions of one payload by name: plain ones, and `Batched` ones, which take several payloads at once.

    A plain function may be called in several threads at a time (`threads`; 1: one after the other), a batched one is
    called in one at a time. What a function raises goes to its caller. A call may be repeated where an answer was
    lost, so functions should depend on nothing but their payload.

    Raises ValueError without functions, TypeError for what is none; NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self,
        functions: Mapping[str, Union[Callable[[Any], Any], Batched]],
        *,
        address: str = "tcp://127.0.0.1:0",
        keys: Optional[Keys] = None,
        threads: int = THREADS,
    ) -> None:
        if not functions:
            raise ValueError("functions is empty: an InferenceServer serves at least one")
        for name, function in functions.items():
            if not callable(function):
                raise TypeError(f"functions[{name!r}] is {function!r}: a function of one payload is needed")
        waiting = sum(2 * one.most for one in functions.values() if isinstance(one, Batched))
        served = {name: pure(plainly(name, function)) for name, function in functions.items()}
        super().__init__(served, address, keys, threads + waiting)


class Inference:
    """The answer to one call, whenever it comes."""

    def __init__(self, pending: Pending) -> None:
        self._pending = pending

    def done(self) -> bool:
        """Whether the call has ended; never waits."""
        return self._pending.done()

    def result(self) -> Any:
        """What the function returned; what it raised is raised. Raises TransportError."""
        return from_value(self._pending.result())


class InferenceClient:
    """Calls models by name, each call with a deadline. Calls of several threads take turns.

    Raises NotAllowed.
    """

    def __init__(self, address: str, *, deadline_s: float = DEADLINE_S, keys: Optional[Keys] = None) -> None:
        self._client = Client(address, deadline_s=deadline_s, keys=keys)

    def interfaces(self) -> Tuple[str, ...]:
        """The names that are served. Raises TransportError."""
        return tuple(sorted(name for name in self._client.served() if not name.startswith(".")))

    def call(self, name: str, payload: Any = None, *, deadline_s: Optional[float] = None) -> Any:
        """What the function of that name makes of the payload.

        Raises NotServed (names those that there are), DeadlineExceeded, TransportError, and what the function raises.
        """
        return self.start(name, payload, deadline_s=deadline_s).result()

    def start(self, name: str, payload: Any = None, *, deadline_s: Optional[float] = None) -> Inference:
        """As `call`, without waiting: `result()` of what it returns does. Raises NotServed, TransportError."""
        return Inference(self._client.start(name, to_value(payload, "the payload"), deadline_s=deadline_s))

    def close(self) -> None:
        """Ends the connection; closing again does nothing."""
        self._client.close()

    def __enter__(self) -> InferenceClient:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


__all__ = ["Batched", "Inference", "InferenceClient", "InferenceServer"]
