"""What a component must not use while it thinks: the functions and objects by which the outside gets in."""

from __future__ import annotations

import builtins
import datetime
import io
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from types import BuiltinFunctionType, BuiltinMethodType, MethodType, ModuleType
from typing import Any, Dict, Optional, Tuple

import numpy as np

REAL = "__droidlet_real__"  # where a patched clock keeps the real one
CLOCKS = tuple(
    name
    for name in (
        *("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime"),
        *(
            "time_ns",
            "monotonic_ns",
            "perf_counter_ns",
            "process_time_ns",
            "thread_time_ns",
            "clock_gettime_ns",
        ),
        *("sleep", "localtime", "gmtime", "ctime", "asctime", "strftime"),
    )
    if hasattr(time, name)
)
NEEDS_ARGUMENTS = {
    "localtime": 1,
    "gmtime": 1,
    "ctime": 1,
    "asctime": 1,
    "strftime": 2,
}  # below that, they read the clock
_PROCESS = (
    "getpid",
    "getppid",
    "getcwd",
    "getcwdb",
    "urandom",
    "getrandom",
    "getloadavg",
    "times",
    "getlogin",
)
_FILES = ("stat", "lstat", "access", "readlink", "statvfs", "read", "write", "fstat")
_NOW = frozenset({"now", "utcnow", "today"})
_HANDLE_CALLS = frozenset(
    {
        "read",
        "read1",
        "readline",
        "readlines",
        "readinto",
        "readall",
        "write",
        "writelines",
        "seek",
        "truncate",
        "flush",
    }
)
_SOCKET_CALLS = frozenset(
    {"recv", "recvfrom", "recv_into", "send", "sendall", "sendto", "accept", "connect", "bind", "listen"}
)
_MEMORY_FILES = (io.BytesIO, io.StringIO)


def _early_bound() -> Dict[Any, str]:
    """C functions that a profile hook recognises when they are called, whatever name they were bound to."""
    found: Dict[Any, str] = {
        getattr(time, name): f"time.{name}()" for name in CLOCKS if name not in NEEDS_ARGUMENTS
    }
    for name in (*_PROCESS, *_FILES):
        if hasattr(os, name):
            found[getattr(os, name)] = f"os.{name}()"
    for name in ("random", "getrandbits"):
        found[getattr(random, name)] = f"random.{name}() of Python's global generator"
    return found


EARLY_BOUND = _early_bound()


def called(function: Any, local_names: Dict[str, Any]) -> Optional[str]:
    """What a C function that is being called reads or writes outside, None if nothing. `local_names` are its
    caller's.
    """
    try:
        known = EARLY_BOUND.get(function)
    except TypeError:
        known = None
    if known is not None:
        return known
    name, owner = function.__name__, getattr(function, "__self__", None)
    if name in _NOW:
        return (
            f"{owner.__name__}.{name}()"
            if isinstance(owner, type) and issubclass(owner, datetime.date)
            else None
        )
    if name == "seed" and isinstance(owner, random.Random):
        return "random.Random() without a seed" if local_names.get("a", 0) is None else None
    if name in _HANDLE_CALLS:
        return _handle(name, owner)
    if name in _SOCKET_CALLS and isinstance(owner, socket.SocketType):
        return f"a socket's {name}()"
    return None


def _handle(name: str, owner: Any) -> Optional[str]:
    if not isinstance(owner, io.IOBase) or isinstance(owner, _MEMORY_FILES):
        return None
    screens = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    if any(owner is s or owner is getattr(s, "buffer", owner.__class__) for s in screens):
        return None
    try:
        if owner.fileno() in (1, 2):
            return None
    except (OSError, ValueError):
        return None
    return f"{name}() of a file that is open"


def _named_objects() -> Dict[int, Tuple[Any, str]]:
    """Objects that must not even be named in code that a call can reach; by id."""
    found: Dict[int, Tuple[Any, str]] = {}

    def add(owner: Any, names: Tuple[str, ...], label: str) -> None:
        for name in names:
            value = getattr(owner, name, None)
            if value is not None:
                found[id(value)] = (value, f"{label}.{name}")

    add(time, CLOCKS, "time")
    add(
        os,
        (
            "environ",
            "environb",
            "getenv",
            "getenvb",
            "putenv",
            "listdir",
            "scandir",
            "system",
            "popen",
            "open",
            *_PROCESS,
        ),
        "os",
    )
    add(os, ("stat", "remove", "unlink", "mkdir", "makedirs", "rename", "replace", "rmdir", "walk"), "os")
    add(os.path, ("exists", "isfile", "isdir", "getmtime", "getsize"), "os.path")
    add(builtins, ("open", "input"), "builtins")
    add(
        socket,
        ("socket", "create_connection", "create_server", "gethostname", "getaddrinfo", "socketpair"),
        "socket",
    )
    add(subprocess, ("run", "Popen", "call", "check_call", "check_output"), "subprocess")
    add(secrets, ("token_bytes", "token_hex", "token_urlsafe", "choice", "randbelow", "randbits"), "secrets")
    add(uuid, ("uuid1", "uuid4"), "uuid")
    add(
        tempfile,
        ("mkstemp", "mkdtemp", "TemporaryFile", "NamedTemporaryFile", "TemporaryDirectory"),
        "tempfile",
    )
    add(random, ("SystemRandom",), "random")
    add(np, ("fromfile", "memmap"), "numpy")  # load and save take memory files too: their opens are seen
    return found


NAMED_OBJECTS = _named_objects()
_SEEDED: Dict[int, str] = {
    id(random.Random): "random.Random()",
    id(np.random.default_rng): "np.random.default_rng()",
    id(np.random.RandomState): "np.random.RandomState()",
    id(np.random.SeedSequence): "np.random.SeedSequence()",
    id(np.random.PCG64): "np.random.PCG64()",
    id(np.random.Philox): "np.random.Philox()",
    id(np.random.MT19937): "np.random.MT19937()",
    id(np.random.SFC64): "np.random.SFC64()",
}
_GLOBAL_RANDOM = (getattr(random.random, "__self__", None), getattr(np.random.rand, "__self__", None))


def named(value: Any, arguments: Optional[int]) -> Optional[str]:
    """What naming this object in code means, None if nothing. `arguments` is how many it is called with
    there, None if it is not called.
    """
    if isinstance(value, ModuleType):
        return None
    value = getattr(value, REAL, value) if callable(value) else value
    known = NAMED_OBJECTS.get(id(value))
    if known is not None and known[0] is value:
        needed = NEEDS_ARGUMENTS.get(known[1].partition(".")[2]) if known[1].startswith("time.") else None
        return None if needed is not None and (arguments is None or arguments >= needed) else known[1]
    if id(value) in _SEEDED and arguments == 0:
        return f"{_SEEDED[id(value)]} without a seed"
    owner = (
        getattr(value, "__self__", None)
        if isinstance(value, (BuiltinMethodType, BuiltinFunctionType, MethodType))
        else None
    )
    if owner is not None and any(owner is g for g in _GLOBAL_RANDOM):
        package = "random" if owner is _GLOBAL_RANDOM[0] else "np.random"
        return f"{package}.{getattr(value, '__name__', '?')} of the global generator"
    if (
        isinstance(owner, type)
        and issubclass(owner, datetime.date)
        and getattr(value, "__name__", "") in _NOW
    ):
        return f"{owner.__name__}.{value.__name__}"
    return None


_EVENTS = (
    "open",
    "os.",
    "socket.",
    "subprocess.",
    "shutil.",
    "tempfile.",
    "glob.",
    "pathlib.",
    "sqlite3.connect",
    "urllib.",
)
_MORE_EVENTS = (
    "http.",
    "ftplib.",
    "smtplib.",
    "poplib.",
    "imaplib.",
    "telnetlib.",
    "time.sleep",
    "builtins.input",
    "pty.",
    "fcntl.",
)
_WATCHING = ("sys.setprofile", "sys.addaudithook")


def audited(event: str, arguments: Tuple[Any, ...]) -> Optional[str]:
    """What an audit event tells of the outside, None if nothing."""
    if event in _WATCHING:
        return f"{event}(), which turns the watching off"
    if not event.startswith(_EVENTS) and not event.startswith(_MORE_EVENTS):
        return None
    if event == "open":
        if isinstance(arguments[0], int) and arguments[0] in (1, 2):
            return None
        return f"open({str(arguments[0])[-120:]!r})"
    return f"{event}({', '.join(str(a)[:60] for a in arguments[:2])})"
