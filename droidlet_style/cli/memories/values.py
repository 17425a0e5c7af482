"""Values of nodes, moments and sizes: as plain data for programs, and as short text for people."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from droidlet_schema import ArrayValue, DecodeError, decode, is_record

DATED_NS = 10**18  # 2001 in nanoseconds since 1970: a clock that shows more tells dates, not a run's seconds
LATEST_NS = 253_402_300_799 * 10**9  # the end of the year 9999
CONFUSING = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))  # what would move the cursor, or hide


def plain(value: Any) -> Any:
    """A value as JSON has it: an array by dtype, shape and range, a record as it prints, other bytes by their
    number, a number that JSON does not have as text.
    """
    if isinstance(value, ArrayValue):
        return {"array": value.array.dtype.name, "shape": list(value.shape), **_range(value)}
    if isinstance(value, bytes):
        held = record_in(value)
        return {"bytes": len(value)} if held is None else {"record": repr(held), "bytes": len(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def record_in(value: bytes) -> Any:
    """The record that a property's bytes are the encoding of; None for bytes of anything else."""
    try:
        held = decode(decode((value,), tuple[bytes, ...]))
    except DecodeError:
        return None
    return held if is_record(held) else None


def _range(value: ArrayValue) -> dict[str, Any]:
    array = value.array
    if not array.size or array.dtype.kind not in "biuf":
        return {}
    return {"min": plain(array.min().item()), "max": plain(array.max().item())}


def short(value: Any, most: int = 200) -> str:
    """What `plain` gave, on one line."""
    if isinstance(value, Mapping) and "array" in value:
        shape = "x".join(map(str, value["shape"])) or "single"
        spread = f", {short(value['min'])} to {short(value['max'])}" if "min" in value else ""
        return f"{value['array']} {shape}{spread}"
    if isinstance(value, Mapping) and "record" in value:
        return cut(value["record"], most)
    if isinstance(value, Mapping) and "bytes" in value:
        return f"{value['bytes']} bytes"
    if isinstance(value, list):
        return cut("(" + ", ".join(short(part) for part in value) + ")", most)
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    return cut(str(value), most)


def cut(text: str, most: int) -> str:
    """A text on one line without anything that a terminal would obey, at most so many letters."""
    text = "".join(" " if unicodedata.category(c) in CONFUSING else c for c in text[: most + 1])
    return text if len(text) <= most else text[: max(most - 3, 0)] + "..."


def point(metres: Iterable[float] | None) -> str:
    """A place or an extent, in metres to the centimetre."""
    return "-" if metres is None else " ".join(_centimetres(m) for m in metres)


def _centimetres(metres: float | str) -> str:
    return f"{metres:.2f}" if isinstance(metres, (int, float)) else str(metres)


def moment(ns: int | None) -> str:
    """A time: seconds of a run's clock, or the date where the clock is the world's."""
    if ns is None:
        return "-"
    if DATED_NS <= ns <= LATEST_NS:
        then = datetime.fromtimestamp(ns // 10**9, timezone.utc)
        return f"{then:%Y-%m-%d %H:%M:%S}.{ns // 10**6 % 1000:03d} UTC"
    return f"{ns / 1e9:.3f}".rstrip("0").rstrip(".") + " s"


def size(count: int) -> str:
    """A number of bytes."""
    if count < 1024:
        return f"{count} bytes"
    steps = ((name, count / 1024**power) for power, name in enumerate(("KiB", "MiB", "GiB"), start=1))
    name, value = next(((n, v) for n, v in steps if v < 1023.95), ("TiB", count / 1024**4))
    return f"{value:.1f} {name}"


def many(count: int, word: str) -> str:
    """ "1 node", "2 nodes"."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
