"""Errors of the other side are those of this one: class, text, number, names."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
import types

import numpy as np
import pytest

from droidlet_schema import FrozenMap
from droidlet_transport import ProtocolError, RemoteError, pure
from droidlet_transport.envelope import Reply, pack_reply, pack_request, read_reply
from droidlet_transport.fault_values import FaultValue, told
from droidlet_transport.faults import MOST_TEXT, Fault, error_of, fault_of
from droidlet_transport.naming import plain_request
from droidlet_transport.plain import from_value
from droidlet_transport.replies import result_of
from droidlet_transport.serving import Table
from droidlet_transport.values import frames_of


class Refused(OSError):
    def __init__(self, what):
        super().__init__(5, what)
        self.what = what


class Undecoded(UnicodeDecodeError):
    pass


class Told(Exception):
    def __init__(self, a, *, b):
        super().__init__(f"{a}/{b}")
        self.a, self.b = a, b


def fails(error):
    def do():
        raise error

    return do


@pytest.mark.parametrize(
    "do",
    [
        lambda: b"\xff".decode(),
        lambda: "\xe9".encode("ascii"),
        lambda: os.stat("/no/such/file"),
        lambda: os.rename("/no/such/file", "/nor/this"),
        lambda: __import__("no_such_module"),
        lambda: np.no_such_name,
        lambda: {}[np.int64(3)],
        lambda: int("x"),
        lambda: compile("1+", "some.py", "eval"),
        fails(ConnectionRefusedError(111, "refused")),
        fails(Refused("shelf")),
        fails(Undecoded("utf-8", b"\xff", 0, 1, "bad")),
        fails(Told(3, b=4)),
        fails(ValueError([1, {"a": 2}])),
        fails(ValueError("\ud800", ({(1, 2): ["\udcff"]}, FrozenMap({"a": 1})))),
        lambda: "\ud800".encode(),
        lambda: os.stat("/no/\udcff"),
        lambda: subprocess.run([sys.executable, "-c", "exit(3)"], check=True),
        fails(KeyError(object())),
        fails(TimeoutError()),
    ],
)
def test_an_error_is_what_it_was(do):
    with pytest.raises(Exception) as caught:  # noqa: PT011
        do()
    here, there = caught.value, error_of(fault_of(caught.value))
    assert type(there) is type(here) and str(there) == str(here)
    if not any(type(one) is object or isinstance(one, np.generic) for one in here.args):
        assert there.args == here.args
    for name in (
        "errno",
        "strerror",
        "filename",
        "filename2",
        "name",
        "start",
        "object",
        "lineno",
        "what",
        "b",
    ):
        expected = getattr(here, name, None)
        if name != "object" or isinstance(here, UnicodeError):
            assert getattr(there, name, None) == expected, name


@pytest.mark.parametrize(
    "error", [ValueError("x" * 30_000), KeyError("y" * 30_000), RuntimeError(object(), "z" * 30_000)]
)
def test_a_long_error_keeps_its_class(error):
    there = error_of(fault_of(error))
    assert type(there) is type(error) and not isinstance(there, RemoteError)
    assert str(there)[-MOST_TEXT:] == str(error)[-MOST_TEXT:]


def through(do):
    """What a caller gets of a served function that raises."""
    request = pack_request(plain_request(bytes(16), 1, "do", ()))
    reply = read_reply(Table({"do": pure(do)}).answer(request))
    try:
        return result_of(reply)
    except Exception as error:
        return error


class Speechless(Exception):
    def __str__(self):
        raise RuntimeError


class Fixed(Exception):
    args = 5

    @property
    def __dict__(self):
        raise RuntimeError


def endless():
    items = []
    items.append(items)
    error = ValueError(items, "x")
    error.again, error.itself = items, error
    return error


def inner():
    error = ValueError()
    error.args = (error, error)
    return error


@pytest.mark.parametrize("error", [endless(), inner(), Speechless("x"), Fixed("x")], ids=repr)
def test_whatever_an_error_does_when_it_is_looked_at_it_is_told(error):
    there = through(fails(error))
    assert isinstance(there, type(error))
    assert "raise error" in there.remote_traceback


def test_an_error_that_cannot_be_made_anew_is_caught_by_its_class_and_has_its_text():
    with pytest.raises(MemoryError) as here:
        np.ones(1 << 55)
    there = error_of(fault_of(here.value))
    assert isinstance(there, type(here.value)) and str(there) == str(here.value)
    assert there.shape == (1 << 55,)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="groups and notes came with Python 3.11")
def test_a_group_keeps_its_members_and_an_error_its_notes():
    noted = KeyError("b", [1])
    noted.add_note("of the shelf")
    inside = ExceptionGroup("inside", [OSError(2, "x", "y"), Told(1, b=2)])  # noqa: F821
    there = error_of(fault_of(ExceptionGroup("many", [ValueError("a"), noted, inside])))  # noqa: F821
    assert type(there) is ExceptionGroup and str(there) == "many (3 sub-exceptions)"  # noqa: F821
    first, second, group = there.exceptions
    assert repr(first) == "ValueError('a')" and repr(second) == "KeyError('b', [1])"
    assert second.__notes__ == ["of the shelf"]
    assert group.exceptions[0].filename == "y" and group.exceptions[1].b == 2
    assert [type(one) for one in there.split(OSError)[0].exceptions] == [type(group)]


@pytest.mark.parametrize("held", [("list", 1), ("table", (1,)), ("text", "x"), ("", None)], ids=str)
def test_garbage_in_an_error_is_told_as_such(held):
    frames = tuple(frames_of(FaultValue(held[0], tuple(frames_of(held[1], "")) if held[0] else ()), ""))
    fault = Fault("builtins", "ValueError", "", "", (frames,))
    reply = read_reply(pack_reply(Reply(1, "error", (frames_of(fault, ""),))))
    with pytest.raises(ProtocolError):
        result_of(reply)


@pytest.mark.parametrize(
    ("name", "arguments", "attributes"),
    [
        ("UnicodeDecodeError", ("utf-8", b"", -(1 << 40), 1 - (1 << 40), "x"), {}),
        ("UnicodeDecodeError", ("utf-8", b"", 0, 1, "x"), {"start": -(1 << 40), "end": 1 - (1 << 40)}),
        ("UnicodeEncodeError", ("utf-8", "", -2, -1, "x"), {}),
        ("SyntaxError", ("x",), {"text": 1.5, "lineno": 1, "filename": "f"}),
        ("SyntaxError", ("as told", ("f", 1, 2, "text", 1, 1 << 60)), {}),
        ("SyntaxError", ("as told",), {"text": "text", "offset": 1, "end_offset": 1 << 60}),
        ("UnboundLocalError", ("a", "b"), {"remote_text": 5}),
        ("OSError", (1, "b", "c"), {"errno": None, "__dict__": {"remote_text": None}}),
    ],
    ids=str,
)
def test_an_error_made_up_to_hurt_whoever_shows_it_is_an_error_like_others(name, arguments, attributes):
    made_of = tuple(told(one, None) for one in arguments)
    having = FrozenMap({key: told(one, None) for key, one in attributes.items()})
    error = error_of(Fault("builtins", name, "as told", "", made_of, having))
    assert type(error).__name__ == name and isinstance(error, Exception)
    assert str(error) == "as told"
    assert name in "".join(traceback.format_exception(type(error), error, None))


def test_a_module_that_imports_what_is_asked_of_it_is_not_asked(monkeypatch):
    class Lazy(types.ModuleType):
        def __getattr__(self, name):
            raise ImportError(name)

    monkeypatch.setitem(sys.modules, "lazy_one", Lazy("lazy_one"))
    assert type(error_of(Fault("lazy_one", "Some.Error", "x", ""))) is RemoteError
    assert from_value(FrozenMap({"py:named": ("lazy_one", "Pair", ("a", "b"), (1, 2))})).b == 2
