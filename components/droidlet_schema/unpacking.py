"""Plain data back to values, where no kind was declared."""

from __future__ import annotations

from typing import Any, Dict

from droidlet_schema import registry
from droidlet_schema.errors import Refused
from droidlet_schema.frames import Frames
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.packing import PLAIN


def read_any(plain: Any, frames: Frames) -> Any:
    """The value of plain data; a record's class is looked up by its tag. Raises Refused."""
    if type(plain) in PLAIN or type(plain) is float:
        return plain
    if type(plain) is list:
        return tuple([_read_step(item, index, frames) for index, item in enumerate(plain)])
    if type(plain) is not dict:
        raise Refused(plain, "expected plain data")
    if "$" in plain:
        return registry.find(plain["$"], plain).read(plain, frames)
    if "nd" in plain:
        return frames.array(plain)
    return _read_map(plain, frames)


def _read_step(item: Any, step: Any, frames: Frames) -> Any:
    try:
        return read_any(item, frames)
    except Refused as refused:
        raise refused.inside(step) from None


def _read_map(plain: Dict[Any, Any], frames: Frames) -> Any:
    pairs = plain.get("map")
    if len(plain) != 1 or type(pairs) is not list or not all(type(p) is list and len(p) == 2 for p in pairs):
        raise Refused(plain, "expected a record, a map or an array")
    entries: Dict[Any, Any] = {}
    for key, item in pairs:
        if type(key) not in (int, str) or key in entries:
            raise Refused(key, "expected every key once, int or str")
        entries[key] = _read_step(item, repr(key), frames)
    try:
        return FrozenMap(entries)
    except TypeError as error:
        raise Refused(plain, str(error)) from None
