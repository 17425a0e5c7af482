"""One call of a component, and what came of it."""

from __future__ import annotations

import copy
import io
import re
import signal
import threading
import traceback
from contextlib import contextmanager
from types import FrameType
from typing import Any, Callable, Iterator, Optional, Tuple

import attrs
import numpy as np

from droidlet_laws.brief import brief, raised
from droidlet_laws.laws import NotCheckable
from droidlet_laws.outside import Ended, Watch, watched
from droidlet_laws.snapshot import Snapshot, difference


@attrs.frozen
class Outcome:
    """What a call returned, or what it raised; `seen` is either written down."""

    value: Any
    error: Optional[Exception]
    seen: Snapshot

    @property
    def answered(self) -> bool:
        """Whether the call returned."""
        return self.error is None


class Sink(io.TextIOBase):
    """Takes what a component prints, and only counts it."""

    characters = 0

    def writable(self) -> bool:
        """True: it takes whatever comes."""
        return True

    def write(self, text: str, /) -> int:
        """Counts the characters, and keeps none."""
        self.characters += len(text)
        return len(text)


printed = Sink()


class Hung(BaseException):
    """Inside this package: the watchdog stopped a call; no component's `except Exception` catches it."""


class NoReturn(NotCheckable):
    """A call that did not return in time."""


def fresh(value: Any) -> Any:
    """The value with its own copy of everything that could be written to; immutable parts are shared."""
    if isinstance(value, np.ndarray):
        return value.copy() if value.flags.writeable else value
    if type(value) in (list, tuple):
        return type(value)(fresh(item) for item in value)
    if type(value) is dict:
        return {key: fresh(item) for key, item in value.items()}
    if isinstance(value, (str, bytes, int, float, complex, type(None), frozenset)) or hasattr(
        type(value), "__record__"
    ):
        return value
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def call(
    component: Callable[..., Any], arguments: Tuple[Any, ...], timeout_s: float, watch: Optional[Watch] = None
) -> Outcome:
    """Calls, and writes down what came of it. Raises NotCheckable for a call that hangs or ends the
    process.
    """
    try:
        with watchdog(timeout_s):
            value = component(*arguments) if watch is None else watched(component, arguments, watch)
    except Exception as error:
        return Outcome(None, error, Snapshot(_error_text(error), "raised"))
    except Hung:
        given = brief(arguments, 300)
        raise NoReturn(f"a call did not return within {timeout_s:g} s, given {given}") from None
    except BaseException as error:
        raise ended(error, "a call") from None
    return Outcome(value, None, Snapshot(value, "result"))


def ended(error: BaseException, what: str) -> BaseException:
    """What to raise for an error that ends the program: NotCheckable, or the error itself where a person or
    the tests around want the end.
    """
    if isinstance(error, (Hung, NotCheckable)) or type(error).__module__.startswith(("_pytest", "pytest")):
        return error
    if isinstance(error, KeyboardInterrupt) and _Interrupts.heard:
        return error
    how = "called" if isinstance(error, Ended) else "raised"
    return NotCheckable(f"{what} {how} {error if how == 'called' else raised(error)}, which ends the program")


class _Interrupts:
    heard = False


@contextmanager
def listening() -> Iterator[None]:
    """Tells a person's Ctrl-C from a KeyboardInterrupt that a component raises."""
    _Interrupts.heard = False
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        _Interrupts.heard = True  # somebody else listens: all of them are taken for a person's
        yield
        return

    def heard(number: int, frame: Optional[FrameType]) -> None:
        _Interrupts.heard = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _error_text(error: Exception) -> str:
    if isinstance(error, (RecursionError, MemoryError)):
        return type(error).__name__  # where the stack or the memory ended is told in the text, and varies
    return f"{type(error).__name__}: {_ADDRESS.sub('0x...', str(error))}"


_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")  # of an object that is shown in the text


@contextmanager
def watchdog(timeout_s: float) -> Iterator[None]:
    """Stops Python code that runs too long, where signals can (in the main thread, and if nobody else uses
    that timer).
    """
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable or signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0):
        yield
        return

    def stop(number: int, frame: Optional[FrameType]) -> None:
        raise Hung()

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, timeout_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def differs(before: Outcome, after: Outcome) -> Optional[str]:
    """ "result.x_m: 1.0, then 2.0", None where both are the same."""
    found = difference(before.seen.leaves, after.seen.leaves)
    return None if found is None else f"{found[0]}: {found[1]}, then {found[2]}"


_READ_ONLY = ("is read-only", "cannot set WRITEABLE flag", "a FrozenMap never changes")


def written_to(error: Optional[Exception]) -> Optional[str]:
    """The text of an error that says that the component wrote to what must not change, None for other
    errors.
    """
    if error is None:
        return None
    text = str(error)
    if isinstance(error, (ValueError, AttributeError)) and any(sign in text for sign in _READ_ONLY):
        return raised(error)
    return None


def frozen_written(error: Optional[Exception]) -> Tuple[Any, str]:
    """The frozen attrs object that an error says was written to, and the name of the field; (None, "") for
    other errors.
    """
    if type(error).__name__ != "FrozenInstanceError" or error is None:
        return None, ""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    names = last.tb_frame.f_locals if last is not None else {}
    return names.get("self"), str(names.get("name", "a field"))


def line_of(error: BaseException) -> str:
    """Where an error came from: "parts.py:12"."""
    entries = traceback.extract_tb(error.__traceback__)
    return f"{entries[-1].filename.rpartition('/')[2]}:{entries[-1].lineno}" if entries else "?"
