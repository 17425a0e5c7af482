"""What an exception was made of, and has, as values that travel; back again they are what they were."""

from __future__ import annotations

from typing import Any, Callable, Optional, Tuple

from droidlet_schema import encode, record
from droidlet_transport.errors import ProtocolError
from droidlet_transport.values import value_of

Frames = Tuple[bytes, ...]


@record
class FaultValue:
    """A value of an exception that has no form on the wire by itself, as one that does; of `kind` "list" (a tuple of
    the items), "table" (a tuple of pairs) or "text" (UTF-8 with lone surrogates, as bytes).
    """

    kind: str
    frames: Tuple[bytes, ...]


def told(value: Any, fault: Callable[[BaseException], Any]) -> Optional[Frames]:
    """The frames of a value; None where it does not travel. `fault` makes a record of an exception in it."""
    try:
        return _frames(_plain(value, fault))
    except Exception:  # whatever somebody's value does when it is looked at
        return None


def _frames(value: Any) -> Frames:
    return tuple(bytes(frame) for frame in encode(value))


def _plain(value: Any, fault: Callable[[BaseException], Any]) -> Any:
    if type(value) is tuple:
        return tuple(_plain(item, fault) for item in value)
    if isinstance(value, list):
        return FaultValue("list", _frames(tuple(_plain(item, fault) for item in value)))
    if isinstance(value, dict):
        pairs = tuple((_plain(key, fault), _plain(item, fault)) for key, item in value.items())
        return FaultValue("table", _frames(pairs))
    if isinstance(value, BaseException):
        return fault(value)
    if type(value) is str and not _is_unicode(value):
        return FaultValue("text", _frames(value.encode("utf-8", "surrogatepass")))
    return value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def heard(frames: Frames, error: Callable[[Any], Any]) -> Any:
    """The value that was told; `error` makes the exception of a record that stands for one. Raises ProtocolError."""
    try:
        return _again(value_of(frames), error)
    except ProtocolError:
        raise
    except Exception as wrong:  # whatever the other side sends
        raise ProtocolError(f"a value of an error cannot be read: {str(wrong)[:200]}") from None


def _again(value: Any, error: Callable[[Any], Any]) -> Any:
    if type(value) is tuple:
        return tuple(_again(item, error) for item in value)
    if type(value) is not FaultValue:
        return error(value)
    inner = value_of(value.frames)
    if value.kind == "text":
        return inner.decode("utf-8", "surrogatepass")
    items = _again(inner, error)
    return dict(items) if value.kind == "table" else list(items)
