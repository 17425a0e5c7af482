"""Errors of the other side are those of this one: class, text, number, names."""

from __future__ import annotations

import os

import numpy as np
import pytest

from droidlet_transport import RemoteError
from droidlet_transport.faults import MOST_TEXT, error_of, fault_of


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
        fails(KeyError(object())),
        fails(TimeoutError()),
    ],
)
def test_an_error_is_what_it_was(do):
    with pytest.raises(Exception) as caught:  # noqa: PT011
        do()
    here, there = caught.value, error_of(fault_of(caught.value))
    assert type(there) is type(here) and str(there) == str(here)
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
