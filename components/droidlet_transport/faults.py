"""Exceptions on their way to the caller: class, text, arguments, attributes, traceback."""

from __future__ import annotations

import functools
import os
import traceback
from contextlib import suppress
from typing import Any, Dict, Optional, Tuple

from droidlet_schema import EncodeError, FrozenMap, record
from droidlet_transport.errors import RemoteError
from droidlet_transport.fault_values import heard, told
from droidlet_transport.likenesses import found_here

MOST_TEXT = 20_000  # characters of a message or a traceback that travel
DEEPEST = 6  # exceptions within exceptions, as those of an ExceptionGroup


@record
class Fault:
    """An exception as data; `attributes` are pairs of name and encoded frames, as are the arguments."""

    module: str
    class_name: str
    text: str
    traceback: str
    arguments: Optional[Tuple[Tuple[bytes, ...], ...]] = None  # None: they do not travel
    attributes: FrozenMap[str, Tuple[bytes, ...]] = FrozenMap()


def fault_of(error: BaseException, depth: int = 0) -> Fault:
    """An exception as data; what of it has no form on the wire stays behind. Never raises, whatever its class does."""
    kind = type(error)
    text, lines = _said(error), ""
    try:
        lines = "".join(traceback.format_exception(kind, error, error.__traceback__))
        return _whole(error, text, lines, depth)
    except Exception:  # its attributes are somebody's code
        return Fault(str(kind.__module__), kind.__qualname__, text, _text(lines))


def _whole(error: BaseException, text: str, lines: str, depth: int) -> Fault:
    def within(one: BaseException) -> Fault:
        if depth == DEEPEST:
            raise EncodeError("exceptions within exceptions, without an end")
        return fault_of(one, depth + 1)

    kind = type(error)
    arguments = tuple(told(one, within) for one in _arguments(error))
    attributes = {
        name: frames
        for name, value in _attributes(error).items()
        if name.isidentifier() and (frames := told(value, within)) is not None
    }
    return Fault(
        kind.__module__,
        kind.__qualname__,
        text,
        _text(lines),
        None if None in arguments else arguments,  # type: ignore[arg-type]
        FrozenMap(attributes),
    )


def _said(error: BaseException) -> str:
    """Its text, or the words that Python itself has where there is none."""
    try:
        return _text(str(error))
    except Exception:
        return "<exception str() failed>"


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
    shown = {
        name: value
        for name, value in vars(error).items()
        if not name.startswith("__") or name == "__notes__"  # of add_note
    }
    return {**given, **shown}


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[-MOST_TEXT:]


def error_of(fault: Fault) -> BaseException:
    """The exception to raise here: of the same class where this process has it imported, else a RemoteError.

    Its `remote_traceback` is the other side's. Nothing is imported for it, and no class of this side is called
    that is not an Exception.
    """
    arguments = tuple(heard(frames, _inner) for frames in fault.arguments or ())
    attributes = {name: heard(frames, _inner) for name, frames in fault.attributes.items()}
    error = _again(fault, arguments, attributes)
    if error is None:
        name = f"{fault.module}:{fault.class_name}"
        error = RemoteError(name, fault.text, attributes, fault.traceback, arguments)
    error.remote_traceback = fault.traceback  # type: ignore[attr-defined]
    return error


def _inner(value: Any) -> Any:
    return error_of(value) if type(value) is Fault else value


class _Said(str):
    """A text that is its own representation, for exceptions that tell that of what they were made of."""

    __slots__ = ()
    __repr__ = str.__str__


def _again(fault: Fault, arguments: Tuple[Any, ...], attributes: Dict[str, Any]) -> Optional[BaseException]:
    """The exception made anew, with the same text; where its arguments have changed on the way, of its text alone."""
    kind = found_here(fault.module, fault.class_name)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return None
    said = (_Said(fault.text),)
    for made_of in (arguments, said) if fault.arguments is not None else (said,):
        try:
            error = _made(kind, made_of, attributes)
            if _text(str(error)) == fault.text and _shown(error):
                return error
        except Exception:  # a class that cannot be made so
            continue
    for having in (attributes, {}):
        with suppress(Exception):
            error = _in_its_place(kind, fault.text, having)
            if _shown(error):
                return error
    return None


def _shown(error: BaseException) -> bool:
    """Whether Python can show it: of its own it takes for granted what attributes hold. Raises what that raises."""
    if isinstance(error, SyntaxError):
        carets = [
            error.offset,
            getattr(error, "end_offset", None),
        ]  # from Python 3.10 on; one is drawn for each column
        if max(number for number in (*carets, 0) if type(number) is int) > MOST_TEXT:
            return False
    return bool(traceback.format_exception_only(type(error), error))


def _made(kind: Any, arguments: Tuple[Any, ...], attributes: Dict[str, Any]) -> BaseException:
    """Without an __init__ written in Python, whose parameters nobody here knows: that of Python's own class above."""
    own = _own(kind)
    error: BaseException = kind.__new__(kind, *arguments)
    own.__init__(error, *arguments)
    for name, value in attributes.items():
        setattr(error, name, value)
    if isinstance(error, UnicodeError) and getattr(error, "start", 0) < 0:
        raise ValueError("its text would be read from before its bytes, which ends the process")
    return error


def _own(kind: Any) -> Any:
    return next(one for one in kind.__mro__ if one.__module__ == "builtins")


def _in_its_place(kind: Any, text: str, attributes: Dict[str, Any]) -> BaseException:
    """An exception that whoever expects that class catches, of one below it that has this text."""
    below = _below(kind)
    error: BaseException = _own(kind).__new__(below)
    error.args = (text,)
    for name, value in attributes.items():
        with suppress(Exception):  # what that class computes
            setattr(error, name, value)
    error.remote_text = text  # type: ignore[attr-defined]  # whatever attribute has that name
    return error


@functools.lru_cache(maxsize=256)
def _below(kind: Any) -> Any:
    names = {name: getattr(kind, name) for name in ("__module__", "__qualname__", "__doc__")}
    return type(kind.__name__, (kind,), {**names, "__str__": lambda error: error.remote_text})
