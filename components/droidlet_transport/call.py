"""One call of a client, from when it is made until it has ended."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Mapping, Optional

from droidlet_transport.envelope import Reply, Request
from droidlet_transport.errors import NotServed, TransportError
from droidlet_transport.naming import Names
from droidlet_transport.replies import result_of

Keywords = Optional[Mapping[str, Any]]  # arguments by name


@contextmanager
def saying_nothing() -> Iterator[None]:
    """A server need not say anything of itself, and may decline in words of its own."""
    try:
        yield
    except NotServed:
        return
    except TransportError:
        raise
    except Exception:
        return


class Call:
    """One call that is on its way, or has ended."""

    __slots__ = (
        "_error",
        "_reply",
        "alone_at",
        "by_name",
        "effect",
        "endings",
        "names",
        "request",
        "sent",
        "until",
    )

    def __init__(self, request: Request, effect: bool, until: float) -> None:
        self.request, self.effect, self.until = request, effect, until
        self.sent = False
        self.endings = 0  # servers, while they had it as the first of their client's
        self.names: Optional[Names] = None  # of what it takes and gives
        self.by_name = False  # whether it went with names, and may be told that they are not known
        self.alone_at = 0.0  # when it was sent, if nothing else was on its way
        self._reply: Optional[Reply] = None
        self._error: Optional[TransportError] = None

    @property
    def settled(self) -> bool:
        """Whether it is known how it ended."""
        return self._reply is not None or self._error is not None

    def outcome(self) -> Any:
        """What the function returned; what it raised, or what became of the call, is raised."""
        if self._reply is None:
            raise self._error or TransportError("the call has not ended")
        if self.names is None:
            return result_of(self._reply)
        result = result_of(self._reply, self.request.arguments)
        results = result if self._reply.kind == "values" else (result,)
        self.names.answered(self.request, results, self._reply.values)
        return result

    def arrive(self, reply: Reply) -> None:
        """Its answer is here."""
        self._reply = reply

    def fail(self, error: TransportError) -> None:
        """It ends without an answer."""
        self._error = error
