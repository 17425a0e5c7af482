"""Components that look outside in less usual ways; OUTSIDE lists them."""

from __future__ import annotations

import getpass
import io
import multiprocessing
import os
import platform
import queue
import random
import resource
import secrets
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import weakref
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from resource import getrusage
from socket import gethostname
from typing import Any, List, Tuple

import numpy as np

OUTSIDE: List[str] = []


def looks(component: Any) -> Any:
    """Files a component under its name."""
    OUTSIDE.append(component.__name__)
    return component


_WORDS = {"when": "now"}
_WHEN = "today"


# --- clocks ---


@looks
def numpys_now_in_a_variable(level: float) -> float:
    when = "now"
    return level + float(np.datetime64(when) > np.datetime64(0, "s"))


@looks
def numpys_now_in_a_global(level: float) -> bool:
    return bool(np.datetime64(_WHEN) > np.datetime64("1990-01-01"))


@looks
def numpys_now_in_a_table(level: float) -> bool:
    return bool(np.datetime64(_WORDS["when"]) > np.datetime64("1990-01-01"))


@looks
def numpys_now_as_default(level: float, when: str = "now") -> str:
    return str(np.datetime64(when, "Y"))


@looks
def numpys_now_in_an_array(level: float) -> bool:
    return bool(np.array(["now"], dtype="datetime64[s]")[0] > np.datetime64("1990-01-01"))


@looks
def numpys_now_by_astype(level: float) -> bool:
    return bool(np.array(["today"]).astype("datetime64[D]")[0] > np.datetime64("1990-01-01"))


@looks
class ClockInAStaticMethod:
    @staticmethod
    def _now() -> float:
        return time.time()

    @classmethod
    def _later(cls) -> float:
        return cls._now() + 1

    def __call__(self, level: float) -> float:
        return self._later() if level == 123.456 else level


@looks
def sleeps(level: float) -> float:
    time.sleep(1e-4)
    return level


@looks
def waits_for_an_event(level: float) -> float:
    threading.Event().wait(1e-4)
    return level


@looks
def waits_for_a_queue(level: float) -> float:
    try:
        return float(queue.Queue[float]().get(timeout=1e-4))
    except queue.Empty:
        return level


@looks
def starts_a_timer(level: float) -> float:
    timer = threading.Timer(1e-3, list)
    timer.start()
    timer.join()
    return level


@looks
def clock_in_a_pool(level: float) -> bool:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(time.monotonic).result() > 0


@looks
def selects(level: float) -> int:
    return len(select.select([], [], [], 0)[0])


# --- the machine and the process ---


@looks
def used_time(level: float) -> bool:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime > 0


@looks
def used_time_bound_early(level: float) -> bool:
    return _usage(resource.RUSAGE_SELF).ru_utime > 0


_usage = getrusage


@looks
def number_of_cores(level: float) -> int:
    return cpu_count() or 1


@looks
def number_of_process(level: float) -> int:
    return os.getpid()


@looks
def name_of_machine(level: float) -> str:
    return platform.node()


@looks
def kind_of_machine(level: float) -> Tuple[str, str]:
    return platform.system(), platform.machine()


@looks
def words_of_the_shell(level: float) -> int:
    return len(sys.argv)


@looks
def name_of_host(level: float) -> str:
    return gethostname()


def _called(function: Any) -> Any:
    return function()


@looks
def name_of_host_called_from_c(level: float) -> str:
    return next(map(_called, [socket.gethostname]))


@looks
def name_of_user(level: float) -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


@looks
def number_by_machine(level: float) -> str:
    return uuid.uuid1().hex


@looks
def secret(level: float) -> str:
    return secrets.token_hex(4)


@looks
def random_of_the_system(level: float) -> float:
    return random.SystemRandom().random()


# --- files, databases, programs, people ---


@looks
def makes_a_temporary_file(level: float) -> float:
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    return level


@looks
def where_temporary_files_lie(level: float) -> str:
    return tempfile.gettempdir()


@looks
def opens_through_pathlib(level: float) -> int:
    with Path(__file__).open() as file:
        return len(file.readline())


@looks
def opens_through_io(level: float) -> int:
    with io.FileIO(__file__) as file:
        return len(file.read(3) or b"")


@looks
def lists_a_folder(level: float) -> bool:
    return any(Path(__file__).parent.iterdir())


@looks
class AsksADatabase:
    """The connection is opened as it is made; the calls only ask."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(suffix=".db")
        os.close(handle)
        weakref.finalize(self, os.unlink, name)
        self.store = Closing(name, check_same_thread=False)
        self.store.execute("create table weights (value real)")
        self.store.execute("insert into weights values (2.0)")
        self.store.commit()

    def __call__(self, level: float) -> float:
        return level * float(self.store.execute("select value from weights").fetchone()[0])


class Closing(sqlite3.Connection):
    """Closed when nobody needs it any more."""

    def __del__(self) -> None:
        self.close()


@looks
def starts_a_program(level: float) -> int:
    return len(subprocess.check_output(["true"]))


@looks
def starts_a_process(level: float) -> float:
    process = multiprocessing.get_context("fork").Process(target=list)
    process.start()
    process.join()
    return level


@looks
def forks(level: float) -> float:
    if os.fork() == 0:
        os._exit(0)
    return level


@looks
def sends_a_signal(level: float) -> float:
    os.kill(os.getpid(), signal.SIGTERM)
    return level


@looks
def asks_the_person(level: float) -> str:
    return input("how much? ")


@looks
def reads_what_is_typed(level: float) -> int:
    return len(sys.stdin.readline())
