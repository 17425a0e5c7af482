"""The errors of this package; the wording is made here."""

from __future__ import annotations

import reprlib
from typing import Any, Tuple

_SHOWN = 80
_short = reprlib.Repr()
_short.maxstring = _short.maxother = _SHOWN


def shown(value: object) -> str:
    """A short text for any value, for error messages: never raises, never long."""
    try:
        text = _array_text(value) or _short.repr(value)
    except Exception:
        text = "<" + type(value).__name__ + ">"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _array_text(value: object) -> str:
    dtype, shape = getattr(value, "dtype", None), getattr(value, "shape", None)
    if dtype is None or shape is None:
        return ""
    if shape == ():  # a number of numpy's own, or an array without axes
        return f"{value!r} of {dtype}"
    return f"{type(value).__name__} of {dtype} {'x'.join(map(str, shape))}"


def join_path(path: Tuple[Any, ...]) -> str:
    """("tracks", 3, "label") -> "tracks[3].label"."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + str(step)
    return text


class Refused(Exception):
    """Inside this package: a value that a kind does not take; the path grows as it travels outwards."""

    def __init__(self, value: object, reason: str, path: Tuple[Any, ...] = ()) -> None:
        super().__init__(reason)
        self.value = value
        self.reason = reason
        self.path = path

    def inside(self, step: Any) -> Refused:
        """The same refusal, seen from one level further out."""
        return Refused(self.value, self.reason, (step,) + self.path)


class SchemaError(TypeError):
    """A record class that cannot be: says which class and field, and what to write instead."""


class NotYet(SchemaError):
    """Inside this package: an annotation names something that does not exist (so far)."""


class RecordError(ValueError):
    """A record that was not made: `record`, `field` (a path), `value` and `reason`."""

    def __init__(self, record: str, path: Tuple[Any, ...], value: object, reason: str) -> None:
        self.record = record
        self.path = path
        self.field = join_path(path)
        self.value = value
        self.reason = reason
        super().__init__(f"{record}.{self.field}: {reason}, got {shown(value)}")

    def __reduce__(self) -> Tuple[Any, ...]:
        """Pickled by what it was made of."""
        return (RecordError, (self.record, self.path, self.value, self.reason))


class EncodeError(ValueError):
    """A value that has no place on the wire."""


class DecodeError(ValueError):
    """Bytes that are no value of the kind asked for: the `path`, the `value` found there, the `cause`."""

    def __init__(self, path: str, value: object, cause: str) -> None:
        self.path = path
        self.value = value
        self.cause = cause
        super().__init__(f"at {path or 'the top'}: {cause}, got {shown(value)}")

    def __reduce__(self) -> Tuple[Any, ...]:
        """Pickled by what it was made of."""
        return (DecodeError, (self.path, self.value, self.cause))
