"""Exceptions on their way to the caller: class, text, arguments, attributes, traceback."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any, Dict, Optional, Tuple

from droidlet_schema import EncodeError, FrozenMap, encode, record
from droidlet_transport.errors import RemoteError

MOST_TEXT = 20_000  # characters of a message or a traceback that travel


@record
class Fault:
    """An exception as data; `attributes` are pairs of name and encoded frames, as are the arguments."""

    module: str
    class_name: str
    text: str
    traceback: str
    arguments: Optional[Tuple[Tuple[bytes, ...], ...]] = None  # None: they do not travel
    attributes: FrozenMap[str, Tuple[bytes, ...]] = FrozenMap()


def fault_of(error: BaseException) -> Fault:
    """An exception as data; what of it has no form on the wire stays behind."""
    kind = type(error)
    lines = traceback.format_exception(kind, error, error.__traceback__)
    arguments = tuple(_frames(one) for one in _arguments(error))
    attributes = {
        str(name): frames
        for name, value in _attributes(error).items()
        if (frames := _frames(value)) is not None
    }
    return Fault(
        kind.__module__,
        kind.__qualname__,
        _text(str(error)),
        _text("".join(lines)),
        None if None in arguments else arguments,  # type: ignore[arg-type]
        FrozenMap(attributes),
    )


def _arguments(error: BaseException) -> Tuple[Any, ...]:
    """What an exception was made of; an OSError's path is not among its `args`."""
    if isinstance(error, OSError) and error.filename is not None and len(error.args) == 2:
        names = (error.filename, None, error.filename2) if error.filename2 is not None else (error.filename,)
        return (*error.args, *(os.fspath(one) if isinstance(one, os.PathLike) else one for one in names))
    return error.args


def _attributes(error: BaseException) -> Dict[str, Any]:
    """What an exception has by name; of Python's own also what they were given by name."""
    given = {
        name: value
        for name in ("name", "path")
        if isinstance(error, (ImportError, AttributeError, NameError))
        and isinstance(value := getattr(error, name, None), str)
    }
    return {**given, **{name: value for name, value in vars(error).items() if not name.startswith("__")}}


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[-MOST_TEXT:]


def _frames(value: Any) -> Optional[Tuple[bytes, ...]]:
    try:
        return tuple(bytes(frame) for frame in encode(_plain(value)))
    except EncodeError:
        return None


def _plain(value: Any) -> Any:
    """Lists and tables of an error's arguments travel as the immutable values that hold the same."""
    if isinstance(value, list):
        return tuple(map(_plain, value))
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return FrozenMap({key: _plain(item) for key, item in value.items()})
    return value


def error_of(fault: Fault) -> BaseException:
    """The exception to raise here: of the same class where this process has it imported, else a RemoteError.

    Its `remote_traceback` is the other side's. Nothing is imported for it, and no class of this side is called
    that is not an Exception.
    """
    arguments = tuple(_value(frames) for frames in fault.arguments or ())
    attributes = {name: _value(frames) for name, frames in fault.attributes.items()}
    error = _again(fault, arguments, attributes)
    if error is None:
        name = f"{fault.module}:{fault.class_name}"
        error = RemoteError(name, fault.text, attributes, fault.traceback, arguments)
    error.remote_traceback = fault.traceback  # type: ignore[attr-defined]
    return error


class _Said(str):
    """A text that is its own representation, for exceptions that tell that of what they were made of."""

    __slots__ = ()
    __repr__ = str.__str__


def _again(fault: Fault, arguments: Tuple[Any, ...], attributes: Dict[str, Any]) -> Optional[BaseException]:
    """The exception made anew, with the same text; where its arguments have changed on the way, of its text alone."""
    kind: Any = sys.modules.get(fault.module)
    for step in fault.class_name.split("."):
        kind = getattr(kind, step, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return None
    said = (_Said(fault.text),)
    for made_of in (arguments, said) if fault.arguments is not None else (said,):
        try:
            error = _made(kind, made_of, attributes)
            if _text(str(error)) == fault.text:
                return error
        except Exception:  # a class that cannot be made so
            continue
    return None


def _made(kind: Any, arguments: Tuple[Any, ...], attributes: Dict[str, Any]) -> BaseException:
    """Without an __init__ written in Python, whose parameters nobody here knows: that of Python's own class above."""
    own = next(one for one in kind.__mro__ if one.__module__ == "builtins")
    error: BaseException = kind.__new__(kind, *arguments)
    own.__init__(error, *arguments)
    for name, value in attributes.items():
        setattr(error, name, value)
    return error


def _value(frames: Tuple[bytes, ...]) -> Any:
    from droidlet_transport.values import value_of

    return value_of(frames)
