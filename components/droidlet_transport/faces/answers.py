"""What a call to an environment elsewhere gives, whenever it comes, in the words of whoever called."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator

from droidlet_transport.errors import CannotTravel, TransportError
from droidlet_transport.plain import from_value
from droidlet_transport.promises import Promise
from droidlet_transport.values import retold

HOST = "droidlet_transport.hosting:Host"


class NoSuchHere(CannotTravel, AttributeError):
    """An attribute that the environment has, but that has no form on the wire: here it is as if it were not there."""


class Answer:
    """What a call gives, whenever it comes; calling it is `result()`."""

    def __init__(self, promise: Promise, factory: str, name: str) -> None:
        self._promise, self._factory, self._name = promise, factory, name

    def done(self) -> bool:
        """Whether it is here; never waits."""
        return self._promise.done()

    def result(self) -> Any:
        """What the call gave, as often as asked; what it raised is raised."""
        with told_of(self._factory, self._promise.request.name, self._name):
            return from_value(self._promise.result())

    __call__ = result


@contextmanager
def told_of(factory: str, through: str, name: str) -> Iterator[None]:
    """Errors of the way that are raised within tell of the environment's factory, and of the function of that name,
    not of what it went `through`.
    """
    try:
        yield
    except CannotTravel as error:
        raise retold(error, name, ()) from None
    except TransportError as error:
        text = str(error).replace(f"during {through}, an effect", f"during {name}")
        text = text.replace(f"{through} of {HOST}, an effect,", f"{name} of {factory}")
        error.args = (text.replace(HOST, factory),)
        raise
