"""A table of functions, and what becomes of a request to one of them."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import attrs

from droidlet_transport.envelope import Pressing, Reply, Request, number_in, pack_reply, read_request
from droidlet_transport.errors import NotServed, OutcomeUnknown, ProtocolError, TransportError
from droidlet_transport.faults import fault_of
from droidlet_transport.kept import Kept, Tell
from droidlet_transport.known import Known
from droidlet_transport.naming import told
from droidlet_transport.owning import check_size, own
from droidlet_transport.pressing import CODEC, Press
from droidlet_transport.values import Frame, Frames, frames_of, value_of

VALUE, DESCRIBE, ABOUT = ".value", ".describe", ".service"  # no name of Python, so no part has them
MOST_RESULTS = 1024  # that go each by itself; a tuple of more is one value
Message = Tuple[Frame, ...]
LATER: Message = ()  # an answer that is told when it is there
_monotonic = time.monotonic


@attrs.frozen
class Served:
    """One function of a service; an effect is carried out at most once per request."""

    function: Callable[..., Any]
    effect: bool = False


def pure(function: Callable[..., Any]) -> Served:
    """A function that may be called again with the same request: all that it depends on is in its arguments."""
    return Served(function)


def effect(function: Callable[..., Any]) -> Served:
    """A function that must not be carried out twice: a repeated request gets the first answer again."""
    return Served(function, effect=True)


class Table:
    """Answers requests, in any thread. What a function raises goes to its caller and hurts nobody else."""

    def __init__(
        self, functions: Mapping[str, Served], epoch: bytes = b"", most_bytes: Optional[int] = None
    ) -> None:
        self._functions, self._epoch, self._most_bytes = dict(functions), epoch, most_bytes
        self._kept = Kept()
        self._known = Known()
        self._press = Press()
        self._lock = threading.Lock()

    def answer(self, frames: Sequence[Frame], tell: Optional[Tell] = None) -> Optional[Message]:
        """The reply to a message; None for one that cannot even be answered.

        Of an effect that another thread is carrying out, it is LATER, and told when that has ended; without `tell` it
        is waited for.
        """
        try:
            request = read_request(frames, self._most_bytes)
        except ProtocolError as error:
            number = number_in(frames)
            return None if number is None else _error(number, error)
        if request.epoch not in (None, self._epoch):
            gone = f"{request.name}, an effect, was sent to a server that has gone: whether it happened is not known"
            return _error(request.number, OutcomeUnknown(gone))
        served = self._functions.get(request.name)
        if served is None:
            names = ", ".join(sorted(self._functions)) or "nothing"
            return _error(
                request.number, NotServed(f"{request.name!r} is not served here; there are {names}")
            )
        return self._once(request, served, tell) if served.effect else self._call(request, served)

    def _once(self, request: Request, served: Served, tell: Optional[Tell]) -> Message:
        if request.known:  # "unknown" would be its answer for ever
            whole = f"{request.name} is an effect: the values of its requests go in full"
            return _error(request.number, ProtocolError(whole))
        try:
            answer, first = self._kept.claim(request)
        except TransportError as error:
            return _error(request.number, error)
        if first:
            try:
                message = self._call(request, served)
                self._kept.give(request, answer, own(message) if self._epoch else message)
            except (
                BaseException
            ) as error:  # it ends this thread; who asks again is told, and nothing is repeated
                self._kept.give(request, answer, _error(request.number, error))
                raise
        elif tell is not None and self._kept.later(answer, tell):
            return LATER
        answer.ready.wait()  # a repeated request may come while the first one is carried out
        return answer.message

    def _call(self, request: Request, served: Served) -> Message:
        begin = _monotonic()
        try:
            arguments = self._arguments(request)
            if arguments is None:
                return pack_reply(Reply(request.number, "unknown", ()))
            if request.keywords:
                first = len(arguments) - len(request.keywords)
                result = served.function(*arguments[:first], **dict(zip(request.keywords, arguments[first:])))
            else:
                result = served.function(*arguments)
            many = type(result) is tuple and len(result) <= MOST_RESULTS
            results = result if many else (result,)
            values = tuple([told(request, arguments, one) for one in results])
            if self._epoch:
                frames = [frame for one in values for frame in one]
                check_size(f"the result of {request.name}", frames, self._most_bytes)
            if request.keep:
                self._keep(request, [-1 - place for place in request.keep], results, values)
            reply = Reply(request.number, "values" if many else "value", values)
            if self._epoch and any(len(one) > 1 for one in values):
                return self._with_arrays(request, reply, begin)
        except BaseException as error:
            if not isinstance(error, Exception) and not self._goes_on(error):
                raise
            return _error(request.number, error)
        return pack_reply(reply)

    def _goes_on(self, error: BaseException) -> bool:
        """At an address one caller's SystemExit ends nothing for the others; Ctrl-C does. In a worker both do."""
        if not self._epoch:
            return not isinstance(error, (SystemExit, KeyboardInterrupt))
        here = threading.current_thread() is threading.main_thread()
        return not (here and isinstance(error, KeyboardInterrupt))

    def _with_arrays(self, request: Request, reply: Reply, begin: float) -> Message:
        """For a client at another address: it is told how long it took, and some arrays may be pressed."""
        press: Optional[Pressing] = None
        if request.press is not None and CODEC in request.press[0]:
            rate = request.press[1]
            press = lambda frames: self._press.press(request.name, frames, rate)  # noqa: E731
        return pack_reply(reply, press, lambda: int((_monotonic() - begin) * 1e6))

    def _arguments(self, request: Request) -> Optional[List[Any]]:
        """What the function is called with; None where the request names a value that is not known."""
        if not request.known and not request.keep:
            return [value_of(frames, None, False) for frames in request.values]
        with self._lock:
            named = self._known.find(request.client, request.known)
        if named is None:
            return None
        rest = iter(named)
        arguments = [value_of(frames, None, False) if frames else next(rest) for frames in request.values]
        self._keep(request, request.keep, arguments, request.values)
        return arguments

    def _keep(
        self, request: Request, places: Sequence[int], values: Sequence[Any], frames: Sequence[Frames]
    ) -> None:
        """Holds those of the values that are asked for: which one, for each place that the request says."""
        with self._lock:
            for n, place in zip(places, request.keep):
                if 0 <= n < len(values):
                    self._known.keep(request.client, (request.number, place), values[n], frames[n])


def _error(number: int, error: BaseException) -> Message:
    return pack_reply(Reply(number, "error", (frames_of(fault_of(error), "an error"),)))


def table_of(part: Any, *, effects: bool = False) -> Dict[str, Served]:
    """What a component, a simulator or a plain function serves: its call, and its public methods and values."""
    make = effect if effects else pure
    if isinstance(part, type):
        raise TypeError(f"{part.__name__} is a class: serve what it makes")
    if not hasattr(part, "__call__") and not list(_public(part)):  # noqa: B004
        raise TypeError(f"{type(part).__name__} has nothing to serve: no call and no public methods")
    found = {name: _looked_at(part, name) for name in _public(part)}
    table = {name: make(one) for name, one in found.items() if callable(one)}
    values = [name for name, one in found.items() if not callable(one)]
    functions = tuple(table)
    table[VALUE] = make(lambda name: _value(part, values, functions, name))
    if callable(part):
        table["__call__"] = make(part)
    return table


def _looked_at(part: Any, name: str) -> Any:
    """The attribute; None where a property raises or it is not there yet: a value, which says so when asked for."""
    try:
        return getattr(part, name)
    except Exception:
        return None


def _value(part: Any, values: Sequence[str], functions: Sequence[str], name: str) -> Any:
    if name not in values:
        called = f", and the functions {', '.join(functions)}" if functions else ""
        raise AttributeError(
            f"{type(part).__name__} has no value {name!r}; it has {', '.join(values) or 'none'}{called}"
        )
    return getattr(part, name)


def _public(part: Any) -> Iterator[str]:
    if not hasattr(type(part), "__mro__") or callable(part) and hasattr(part, "__code__"):
        return
    for name in dir(part):
        if not name.startswith("_"):
            yield name
