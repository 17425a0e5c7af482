"""The kinds of single values: each checks and coerces a value; on the wire they are what they are."""

from __future__ import annotations

import math
from typing import Any, Iterable, Optional, Tuple

import numpy as np

from droidlet_schema.errors import Refused, SchemaError

INT_MIN, INT_MAX = -(2**63), 2**64 - 1


class Kind:
    """One kind of value.

    `check` returns the value in its declared type or raises Refused; `read` does so from plain wire data,
    given the array frames; `pack` makes plain wire data of a checked value. The wire form of a `plain` kind
    is the value itself; what comes off the wire as `wire_type` and equals itself (NaN does not) is the value.
    """

    name: str = ""
    python_types: Tuple[type, ...] = ()  # exact types that this kind takes as they are
    plain = True
    wire_type: Optional[type] = None

    def check(self, value: Any) -> Any:
        """The value in its declared type. Raises Refused."""
        raise Refused(value, "expected " + self.name)

    def read(self, plain: Any, frames: Any) -> Any:
        """The value that plain wire data stands for. Raises Refused."""
        return self.check(plain)

    def pack(self, value: Any, packer: Any) -> Any:
        """Plain wire data for a checked value."""
        return value


def all_of(wire_type: Optional[type], values: Iterable[Any]) -> bool:
    """Whether all of these came off the wire as this type, none of them NaN, and so need no further look."""
    for value in values:  # noqa: SIM110  # a plain loop takes half the time
        if type(value) is not wire_type or value != value:
            return False
    return True


class NoneKind(Kind):
    """None."""

    name = "None"
    python_types = (type(None),)
    wire_type = type(None)

    def check(self, value: Any) -> Any:
        """None. Raises Refused for anything else."""
        if value is not None:
            raise Refused(value, "expected None")
        return None


class BoolKind(Kind):
    """True or False, also numpy's."""

    name = "bool"
    python_types = (bool,)
    wire_type = bool

    def check(self, value: Any) -> Any:
        """A bool, made of numpy's if need be. Raises Refused; for 0 and 1, too."""
        if value is True or value is False:
            return value
        if isinstance(value, np.bool_):
            return bool(value)
        raise Refused(value, "expected bool")


class IntKind(Kind):
    """Whole numbers of 64 bits, signed or not; numpy's and IntEnum become int, bool does not."""

    name = "int"
    python_types = (int,)
    wire_type = int  # msgpack's have 64 bits

    def check(self, value: Any) -> Any:
        """An int within 64 bits. Raises Refused; for floats that are whole, too."""
        if type(value) is not int:
            if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
                raise Refused(value, "expected int")
            value = int(value)
        if not INT_MIN <= value <= INT_MAX:
            raise Refused(value, "expected an int of 64 bits")
        return value


class FloatKind(Kind):
    """Floats; ints and numpy's numbers become float, bool does not."""

    name = "float"
    python_types = (float,)
    wire_type = float

    def check(self, value: Any) -> Any:
        """A float, made of whole numbers if need be; every NaN becomes the same one. Raises Refused."""
        if type(value) is not float:
            if isinstance(value, (bool, np.bool_)) or not isinstance(
                value, (float, int, np.floating, np.integer)
            ):
                raise Refused(value, "expected float")
            try:
                value = float(value)
            except OverflowError:
                raise Refused(value, "expected float, this int is too large") from None
        return value if value == value else math.nan  # one NaN, whatever its bits were


class StrKind(Kind):
    """Text that UTF-8 can hold; subclasses of str become str."""

    name = "str"
    python_types = (str,)
    wire_type = str  # msgpack's is UTF-8

    def check(self, value: Any) -> Any:
        """A str. Raises Refused; for lone surrogates, too."""
        if type(value) is not str:
            if not isinstance(value, str):
                raise Refused(value, "expected str")
            value = str.__str__(value)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise Refused(value, "expected text without lone surrogates") from None
        return value


class BytesKind(Kind):
    """Bytes; a bytearray is copied."""

    name = "bytes"
    python_types = (bytes,)
    wire_type = bytes

    def check(self, value: Any) -> Any:
        """Bytes. Raises Refused; for a memoryview, too."""
        if not isinstance(value, (bytes, bytearray)):
            raise Refused(value, "expected bytes")
        return bytes(value)


class LiteralKind(Kind):
    """One of several values, of exactly that type."""

    def __init__(self, values: Tuple[Any, ...]) -> None:
        for value in values:
            if type(value) not in (type(None), bool, int, str, bytes):
                raise SchemaError(f"Literal[{value!r}]: literals are None, bool, int, str or bytes")
        self.values = values
        self.python_types = tuple(dict.fromkeys(type(v) for v in values))
        self.name = "one of " + ", ".join(map(repr, values))
        self._allowed = {(type(v), v) for v in values}

    def check(self, value: Any) -> Any:
        """One of the values, of exactly its type. Raises Refused."""
        if isinstance(value, np.generic):
            value = value.item()
        try:
            if (type(value), value) in self._allowed:
                return value
        except TypeError:  # not hashable
            pass
        raise Refused(value, "expected " + self.name)
