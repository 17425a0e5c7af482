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
import threading
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
_MACHINE = ("cpu_count", "sched_getaffinity", "uname")
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
    for name in (*_PROCESS, *_FILES, *_MACHINE):
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
    if name == "acquire" and local_names.get("timeout") not in (None, -1):
        return f"waiting {local_names['timeout']} s for a thread"
    if name in _QUERIES:
        return _query(name, owner)
    return f"{function.__module__}.{name}()" if function.__module__ in _NATIVE else None


_NATIVE = frozenset({"select", "resource", "fcntl", "termios", "_multiprocessing"})
_QUERIES = frozenset({"execute", "executemany", "executescript", "fetchone", "fetchmany", "fetchall"})
SEEN = frozenset(
    {"acquire", "select", "poll", "epoll", "getrusage", "getrlimit", "fcntl", "ioctl", "flock", "SemLock"}
    | {"now", "utcnow", "today", "seed"}
    | _QUERIES
    | _HANDLE_CALLS
    | _SOCKET_CALLS
)  # names of C functions that `called` wants to see


def _query(name: str, owner: Any) -> Optional[str]:
    """A query to a database that lies in a file; one in memory is like any other object."""
    known: Any = sys.modules.get("sqlite3")
    if known is None or not isinstance(owner, (known.Connection, known.Cursor)):
        return None
    connection = owner.connection if isinstance(owner, known.Cursor) else owner
    try:
        files = [row[2] for row in known.Connection.execute(connection, "pragma database_list") if row[2]]
    except Exception:  # closed, or of another thread: then the query fails as well
        return None
    return f"{name}() of the database {files[0][-120:]!r}" if files else None


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
            *_MACHINE,
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
        ("mkstemp", "mkdtemp", "TemporaryFile", "NamedTemporaryFile", "TemporaryDirectory", "gettempdir"),
        "tempfile",
    )
    add(random, ("SystemRandom",), "random")
    add(threading, ("Timer",), "threading")
    add(np, ("fromfile", "memmap"), "numpy")  # load and save take memory files too: their opens are seen
    return found


NAMED_OBJECTS = _named_objects()
_PACKAGES = ("platform", "getpass", "resource", "select", "selectors", "multiprocessing", "secrets")
_MODULES = frozenset({"concurrent.futures.process", "urllib.request", "http.client", "_multiprocessing"})
_OF_THE_BUILD = ("python_", "libc_ver")  # what platform says of these is the same in all runs of one build


def _of_package(value: Any) -> Optional[str]:
    """A function or class of a package that is all about the outside, None for others."""
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", "")
    if not isinstance(module, str) or not callable(value) or isinstance(name, str) and not name:
        return None
    if module.partition(".")[0] not in _PACKAGES and module not in _MODULES:
        return None
    if name.startswith(_OF_THE_BUILD) or isinstance(value, type) and issubclass(value, BaseException):
        return None
    return f"{module}.{name}"


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
    if any(value is getattr(sys, name, None) for name in ("argv", "orig_argv", "stdin")):
        return "sys.stdin" if value is sys.stdin else "sys.argv"
    whole = _of_package(value)
    if whole:
        return whole
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


_SUSPECT: Dict[int, Tuple[Any, str]] = {
    id(value): (value, text)
    for value, text in (
        (np.empty, "memory that was never written to (np.empty)"),
        (np.empty_like, "memory that was never written to (np.empty_like)"),
        (np.ndarray, "memory that was never written to (np.ndarray)"),
        (id, "an object's address (id())"),
        (hash, "a hash (hash())"),
        (object, "an object's address (object())"),
    )
}


def suspect(value: Any) -> Optional[str]:
    """What calling this object may bring into a result although no state was kept, None if nothing."""
    known = _SUSPECT.get(id(value))
    return known[1] if known is not None and known[0] is value else None


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
REFUSED = frozenset(
    {"os.fork", "os.forkpty", "os.exec", "os.kill", "os.killpg", "builtins.input"}
)  # what would go on beside the check, end it, or wait for somebody: it is noted and not done
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
    if event == "sqlite3.connect/handle" or event == "sqlite3.connect" and arguments[0] in (":memory:", ""):
        return None  # the handle was told of before; what is in memory is no file
    return f"{event}({', '.join(str(a)[:60] for a in arguments[:2])})"
