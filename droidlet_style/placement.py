"""Where a part runs: here, in a thread, in a process, in another Python, at an address. The call is the same.

    detect = place("my_parts:detector", "process")
    detections = detect(frame)

A place is one of INLINE, THREAD, PROCESS, interpreter("/path/to/python"), remote("tcp://127.0.0.1:5555"), or the
text of one: "inline", "thread", "process", "interpreter:/path/to/python", "tcp://...". What starts a process may set
variables of its environment: process(env={"MUJOCO_GL": "egl"}), "process MUJOCO_GL=egl".
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from typing import Any

import attrs

from droidlet_schema import FrozenMap
from droidlet_style.callers import InThread, Made
from droidlet_style.lent import lent_packages
from droidlet_transport import Worker
from droidlet_transport.loading import load_factory
from droidlet_transport.parts import DEADLINE_S, Part
from droidlet_transport.service import Client, Keys
from droidlet_transport.workers import START_S

# a place, then variables of its environment
_VARIABLES = re.compile(r"((?s:.*?))((?:\s+[A-Za-z_][A-Za-z0-9_]*=\S*)*)")


@attrs.frozen
class Place:
    """One place; `kind` is "inline", "thread", "process", "interpreter" or "remote"."""

    kind: str
    python: str = sys.executable
    address: str = ""
    keys: Keys | None = None
    env: FrozenMap[str, str] = FrozenMap()


INLINE, THREAD, PROCESS = Place("inline"), Place("thread"), Place("process")


def process(env: Mapping[str, str] | None = None) -> Place:
    """A process of its own; `env` are variables of its environment, beside those that this one has."""
    return Place("process", env=FrozenMap(env or {}))


def interpreter(python: str, env: Mapping[str, str] | None = None) -> Place:
    """Another Python, by the path of its program; it needs numpy, attrs and msgspec, nothing of ours. `env` as in
    `process`.
    """
    return Place("interpreter", python=python, env=FrozenMap(env or {}))


def remote(address: str, keys: Keys | None = None) -> Place:
    """A part that `droidlet serve` serves at an address; beyond this machine with keys."""
    return Place("remote", address=address, keys=keys)


def place_of(text: str) -> Place:
    """The place that a text stands for. Raises ValueError for any other text."""
    where, variables = _VARIABLES.fullmatch(str(text)).groups()  # type: ignore[union-attr]
    env = dict(one.split("=", 1) for one in variables.split())
    if where == "process":
        return process(env)
    if where.startswith("interpreter:") and len(where) > len("interpreter:"):
        return interpreter(where.partition(":")[2], env)
    plain = {"inline": INLINE, "thread": THREAD}
    if not env and (where in plain or "://" in where):
        return plain.get(where) or remote(where)
    raise ValueError(
        f"place is {text!r}: write inline, thread, process, interpreter:/path/to/python, or an address (tcp://...); "
        "behind a process or an interpreter variables of its environment, NAME=VALUE"
    )


def place(
    factory: str,
    where: Place | str = INLINE,
    options: Mapping[str, Any] | None = None,
    *,
    deadline_s: float | None = DEADLINE_S,
    start_s: float = START_S,
    effects: bool = False,
) -> Any:
    """The part that a factory makes, running at a place; call it and its methods as if it were here.

    `factory` is "module:name" or "file.py:name", called with `options` where the part runs; of a remote part the far
    end has decided both, unless it serves `droidlet_transport.building:Parts` and `options` are given, if only as {}.
    A pure part that dies is made again and asked again. With `effects`, never: its state is gone, and every later call
    raises WorkerCrashed. `deadline_s` is for each call, which raises DeadlineExceeded; None: it may take for ever.
    `start_s` is for a worker to be ready; one that takes longer, or that is killed meanwhile, is started again.
    Close what is not inline when it is no longer needed.

    Raises LoadError, TypeError, ValueError for what cannot be placed; at calls TransportError and what the part raises.
    """
    at = where if isinstance(where, Place) else place_of(where)
    if at.kind == "remote":
        return _remote(factory, at, options, deadline_s)
    if not isinstance(factory, str):
        raise TypeError(f"factory is {factory!r}: a part is placed by its factory's name, module:name")
    if at.kind == "inline":
        return load_factory(factory)(**dict(options or {}))
    if at.kind == "thread":
        return Part(InThread(factory, dict(options or {}), effects=effects), deadline_s)
    lent = lent_packages(factory) if at.kind == "interpreter" else None
    return Part(
        Worker(
            factory,
            options,
            python=at.python,
            lent=lent,
            effects=effects,
            again=not effects,
            env=at.env,
            start_s=start_s,
        ),
        deadline_s,
    )


def _remote(factory: str, at: Place, options: Mapping[str, Any] | None, deadline_s: float | None) -> Part:
    """What is served there; where that makes parts as they are asked for, the one that is made of the options."""
    wait_s = math.inf if deadline_s is None else deadline_s
    client = Client(at.address, deadline_s=wait_s, keys=at.keys, stays=True)
    if options is None:
        return Part(client, deadline_s)
    try:
        makes = {"ask", "names"} <= set(client.served())
        if options and not makes:
            raise ValueError(
                f"options are {dict(options)!r}: the part at {at.address} was made already; "
                "droidlet_transport.building:Parts, served there, makes parts as they are asked for"
            )
        return Part(Made(client, factory, options) if makes else client, deadline_s)
    except BaseException:
        client.close()
        raise
