"""A process whose clocks are all far ahead: what was bound early is shifted too, since it happens before the
component is imported.
"""

from __future__ import annotations

import datetime
import time
from typing import Any, Dict

from droidlet_laws import forbidden

EPOCH_S = 9.1e9  # in the year 2258; its nanoseconds still fit 63 bits


def shift_clocks() -> None:
    """Sets every clock of this process far ahead, for good; for a child process."""
    start: Dict[str, float] = {}
    for name in forbidden.CLOCKS:
        if name != "sleep" and name not in forbidden.NEEDS_ARGUMENTS:
            setattr(time, name, _shifted(getattr(time, name), 1e9 if name.endswith("_ns") else 1.0, start))
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, _with_time(getattr(time, name)))
    _shift_dates()


def _shifted(real: Any, per_second: float, start: Dict[str, float]) -> Any:
    def patched(*arguments: Any) -> Any:
        first = start.setdefault(f"{real.__name__}{arguments}", real(*arguments))
        value = real(*arguments) - first + EPOCH_S * per_second
        return int(value) if per_second > 1 else value

    return patched


def _with_time(real: Any) -> Any:
    return lambda *arguments: real(*(arguments or (time.time(),)))


class _SameKind(type):
    """Instances of the real class count as instances of the shifted one."""

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls.__mro__[1])


_DATETIME, _DATE = datetime.datetime, datetime.date


def _now(cls: Any, tz: Any = None) -> Any:
    return _DATETIME.fromtimestamp(time.time(), tz)


def _utcnow(cls: Any) -> Any:
    return _DATETIME.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)


def _today(cls: Any) -> Any:
    return _DATE.fromtimestamp(time.time())


def _shift_dates() -> None:
    module: Any = datetime  # the dotted names make repr() say what it says of the real ones
    methods = {"now": classmethod(_now), "utcnow": classmethod(_utcnow), "today": classmethod(_now)}
    module.datetime = _SameKind("datetime.datetime", (_DATETIME,), methods)
    module.date = _SameKind("datetime.date", (_DATE,), {"today": classmethod(_today)})
