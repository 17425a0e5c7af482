"""Values as JSON and back: for files that people and other languages read; the wire has its own form."""

from __future__ import annotations

import base64
import json
import math
from typing import Any, Callable, Dict, Type, TypeVar, Union, overload

import msgspec

from droidlet_schema.codec import decode
from droidlet_schema.errors import DecodeError, EncodeError
from droidlet_schema.packing import header_of

T = TypeVar("T")
_to_msgpack = msgspec.msgpack.Encoder().encode
_from_msgpack = msgspec.msgpack.Decoder().decode


def to_json(value: Any) -> str:
    """A value as one line of JSON, the same for equal values: tuples are arrays, records {"$": "Move/1", field:
    ...}, FrozenMaps {"map": [[key, value], ...]}, bytes {"bytes": base64}, numbers that JSON has not
    {"float": "nan"}. Raises EncodeError for what `encode` refuses, and for arrays.
    """
    header, frames = header_of(value)
    if frames:
        raise EncodeError("arrays have no place in JSON; put an ArrayValue, or use encode")
    return json.dumps(
        _plain(_from_msgpack(header)), ensure_ascii=False, separators=(", ", ": "), allow_nan=False
    )


@overload
def from_json(text: Union[str, bytes], kind: Type[T]) -> T: ...


@overload
def from_json(text: Union[str, bytes], kind: Any = None) -> Any: ...


def from_json(text: Union[str, bytes], kind: Any = None) -> Any:
    """The value that `to_json` made text of; `kind` is as for `decode`. Raises DecodeError for other text."""
    try:
        header = _to_msgpack(_value(json.loads(text)))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise DecodeError("", text, f"expected JSON as to_json writes it ({error})") from None
    return decode((header,), kind)


def _plain(item: Any) -> Any:
    if type(item) is list:
        return [_plain(one) for one in item]
    if type(item) is dict:
        return {key: _plain(one) for key, one in item.items()}
    if type(item) is bytes:
        return {"bytes": base64.b64encode(item).decode()}
    if type(item) is float and not math.isfinite(item):
        return {"float": repr(item)}
    return item


def _value(item: Any) -> Any:
    if type(item) is list:
        return [_value(one) for one in item]
    if type(item) is not dict:
        return item
    if len(item) == 1:
        only = next(iter(item))
        if only in _SINGLE:
            return _SINGLE[only](item[only])
    return {key: _value(one) for key, one in item.items()}


_SINGLE: Dict[str, Callable[[Any], Any]] = {
    "bytes": lambda text: base64.b64decode(text, validate=True),
    "float": lambda text: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text],
}
