"""Watches one call for touches of the outside: clocks, environment, files, sockets, global randomness."""

from __future__ import annotations

import decimal
import gc
import locale
import logging
import os
import random
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from threading import get_ident
from types import FrameType
from typing import Any, Callable, Iterator, List, Optional, Tuple

import numpy as np

from droidlet_laws import forbidden
from droidlet_laws.places import is_own, place

_EXEMPT = frozenset(
    {
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "_frozen_importlib",
        "_frozen_importlib_external",
        "zipimport",
    }
    | {"linecache", "tokenize", "warnings"}  # a warning that is shown reads the source line that it is about
)
_EXEMPT_PACKAGES = ("hypothesis", "coverage", "_pytest", "pluggy")  # they measure from within the call
_watch: Optional[Watch] = None
_hooked = False


class Ended(BaseException):
    """A component called what ends the program at once; the text says what."""


class Watch:
    """What one call touched outside; `touches` is filled while it runs."""

    def __init__(self, home: str, lenient: bool = False) -> None:
        self.touches: List[str] = []
        self.lenient = lenient  # a generator may go without a seed, since it was given None for one
        self.thread = get_ident()
        self.others = {t.ident for t in threading.enumerate()} - {self.thread}
        self.home = home
        self.busy = False

    def note(self, what: str, frame: Optional[FrameType]) -> None:
        """Adds a touch, unless Python itself made it on the way (an import, a warning being shown)."""
        self.busy = True
        try:
            where = self._place(frame)
            if where is not None and len(self.touches) < 10:
                self.touches.append(f"{what} at {where}")
        finally:
            self.busy = False

    def look_for_threads(self) -> None:
        """Notes threads that the call started and left behind."""
        left = [
            t.name for t in threading.enumerate() if t.ident not in self.others and t.ident != self.thread
        ]
        if left:
            self.touches.append(f"a thread that the call started goes on after it ({left[0]})")

    def _place(self, frame: Optional[FrameType]) -> Optional[str]:
        own = nearest = None
        while frame is not None and frame.f_code is not _CALL:
            name = str(frame.f_globals.get("__name__", ""))
            if name in _EXEMPT or name.startswith(_EXEMPT_PACKAGES):
                return None
            if own is None and name == "logging":  # a message has a time and goes somewhere: no result has
                return None
            if name != __name__:
                nearest = nearest or frame
                if own is None and is_own(name, self.home):
                    own = frame
            frame = frame.f_back
        shown = own or nearest
        return place(shown.f_code, shown.f_lineno) if shown else "the call"


def _current() -> Optional[Watch]:
    watch = _watch
    if watch is None or watch.busy:
        return None
    return None if get_ident() in watch.others else watch  # threads that the call starts count as the call


def _audit(event: str, arguments: Tuple[Any, ...]) -> None:
    if _watch is None:
        return
    watch = _current()
    what = forbidden.audited(event, arguments) if watch is not None else None
    if watch is None or what is None:
        return
    frame = (
        sys._getframe().f_back
    )  # audited too, but forbidden.audited lets that pass; None where a thread ends
    if event == "sys.setprofile" and (frame is None or frame.f_globals.get("__name__") == "threading"):
        return  # a thread that starts takes the watching over
    noted = len(watch.touches)
    watch.note(what, frame)
    if event in forbidden.REFUSED and len(watch.touches) > noted:
        raise PermissionError(f"a component must not call {event} while it is called")


def _profile(frame: FrameType, event: str, argument: Any) -> None:
    if event == "c_call":
        watch = _current()
        if watch is not None and _may_matter(argument):
            reads = argument.__name__ == "seed" or (
                argument.__name__ == "acquire" and frame.f_globals.get("__name__") == "threading"
            )
            what = forbidden.called(argument, frame.f_locals if reads else {})
            if what and not (watch.lenient and what.endswith("without a seed")):
                watch.note(what, frame)


_NAMES = frozenset(f.__name__ for f in forbidden.EARLY_BOUND) | forbidden.SEEN


def _may_matter(function: Any) -> bool:
    return getattr(function, "__name__", "") in _NAMES


def watched(call: Callable[..., Any], arguments: Tuple[Any, ...], watch: Watch) -> Any:
    """Calls and returns what the call returns (or raises what it raises), while `watch` notes what it
    touches.
    """
    global _watch
    before, profiler = _globals(), sys.getprofile()
    threading_profiler = threading.getprofile()
    threading.setprofile(_profile)
    sys.setprofile(_profile)
    _watch = watch
    try:
        return call(*arguments)
    finally:
        _watch = None
        sys.setprofile(profiler)
        threading.setprofile(threading_profiler)
        watch.look_for_threads()
        for what, old, new in zip(_GLOBAL_STATES, before, _globals(), strict=True):
            if old != new:
                watch.touches.append(what)


_CALL = watched.__code__
_GLOBAL_STATES = tuple(
    f"{what} another than before the call"
    for what in (
        "the state of Python's global generator (random) is",
        "the state of numpy's global generator (np.random) is",
        "numpy's error handling (np.seterr) is",
        "the environment (os.environ) is",
        "the working directory is",
        "how numpy prints (np.set_printoptions) is",
        "the context of decimals (decimal.getcontext) is",
        "the path of modules (sys.path) is",
        "the limit of recursion (sys.setrecursionlimit) is",
        "the list of warnings' filters (warnings.filters) is",
        "the level or the handlers of the root logger (logging) are",
        "the locale is",
        "whether memory is collected (gc.disable) is",
    )
)


def _globals() -> Tuple[Any, ...]:
    state: Any = np.random.get_state()
    numbers = (state[0], state[1].tobytes(), *state[2:])
    data = getattr(os.environ, "_data", None)
    return (
        *(random.getstate(), numbers, np.geterr(), dict(data) if data else None, os.getcwd()),
        *(np.get_printoptions(), _decimals(), tuple(sys.path), sys.getrecursionlimit()),
        *(tuple(warnings.filters), _logging(), locale.setlocale(locale.LC_ALL), gc.isenabled()),
    )


def _decimals() -> Tuple[Any, ...]:
    """The context without its flags, which any division sets."""
    context = decimal.getcontext()
    traps = tuple(context.traps.values())
    return (
        context.prec,
        context.rounding,
        context.Emin,
        context.Emax,
        context.capitals,
        context.clamp,
        traps,
    )


def _logging() -> Tuple[Any, ...]:
    return (
        logging.root.level,
        logging.root.disabled,
        logging.root.manager.disable,
        *map(id, logging.root.handlers),
    )


@contextmanager
def installed() -> Iterator[None]:
    """Puts the patches and hooks in place that `watched` needs, and takes the patches away again."""
    global _hooked
    if not _hooked:
        sys.addaudithook(_audit)  # cannot be removed; without a watch it returns at once
        _hooked = True
    replaced: List[Tuple[Any, str, Any]] = [(time, name, getattr(time, name)) for name in forbidden.CLOCKS]
    environment = type(os.environ)
    replaced += [
        (environment, name, getattr(environment, name)) for name in _ENVIRONMENT if hasattr(environment, name)
    ]
    for owner, name, real in replaced:
        setattr(owner, name, _noting_clock(real, name) if owner is time else _noting_environment(real))
    for name in ("_exit", "abort"):
        replaced.append((os, name, getattr(os, name)))
        setattr(os, name, _not_ending(getattr(os, name), name))
    try:
        yield
    finally:
        for owner, name, real in replaced:
            setattr(owner, name, real)


def _not_ending(real: Any, name: str) -> Any:
    pid = os.getpid()

    def patched(*arguments: Any) -> Any:
        if os.getpid() != pid:
            real(*arguments)  # a process that was forked may end
        raise Ended(f"os.{name}({', '.join(map(repr, arguments))})")

    return patched


_ENVIRONMENT = ("__getitem__", "__iter__", "__setitem__", "__delitem__")


def _noting_clock(real: Any, name: str) -> Any:
    needed = forbidden.NEEDS_ARGUMENTS.get(name, 99)

    def patched(*arguments: Any, **named: Any) -> Any:
        watch = _current()
        if watch is None:
            return real(*arguments, **named)
        if len(arguments) < needed:
            watch.note(f"time.{name}()", sys._getframe(1))
        watch.busy = True  # the real one would be noted again
        try:
            return real(*arguments, **named)
        finally:
            watch.busy = False

    patched.__name__ = patched.__qualname__ = name
    setattr(patched, forbidden.REAL, real)
    return patched


def _noting_environment(real: Any) -> Any:
    def patched(self: Any, *arguments: Any) -> Any:
        watch = _current()
        if watch is not None:
            key = f"[{arguments[0]!r}]" if arguments else ""
            watch.note(f"os.environ{key}", sys._getframe(1))
        return real(self, *arguments)

    return patched
