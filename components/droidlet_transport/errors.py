"""What can go wrong between a caller and the function it calls; each says what is known of the outcome."""

from __future__ import annotations

from typing import Any, Mapping, Tuple


class TransportError(Exception):
    """A call that did not bring an answer of the function itself."""


class ProtocolError(TransportError):
    """A message that is none of this protocol, or of another version of it; names what was expected."""


class VersionMismatch(ProtocolError):
    """The other side speaks another version of the protocol; names both."""


class NotServed(TransportError):
    """A name that the other side does not serve; names what it does."""


class CannotTravel(TransportError):
    """An argument or a result that has no form on the wire; names it by its path."""


class DeadlineExceeded(TransportError):
    """No answer in time. Of an effect it is not known whether it happened."""


class WorkerFailedToStart(TransportError):
    """A worker that ended before it was ready; with the end of what it wrote to standard error."""


class WorkerCrashed(TransportError):
    """A pure call that killed every worker that it was sent to; with the digest of the request."""


class OutcomeUnknown(TransportError):
    """The worker died during an effect: whether it happened is not known, and it is not tried again."""


class Closed(TransportError):
    """A call after close()."""


class RemoteError(Exception):
    """What a function raised on the other side, where this side has no such class.

    `class_name` is "module:Class", `text` its message, `attributes` those of its attributes that travel, and
    `traceback` the other side's, as text.
    """

    def __init__(
        self,
        class_name: str,
        text: str,
        attributes: Mapping[str, Any],
        traceback: str,
        arguments: Tuple[Any, ...],
    ) -> None:
        self.class_name, self.text, self.traceback = class_name, text, traceback
        self.attributes, self.arguments = attributes, arguments
        super().__init__(f"{class_name}: {text}")
