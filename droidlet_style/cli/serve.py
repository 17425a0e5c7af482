"""droidlet serve: the far end of a part that somebody calls from elsewhere."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

SAY_S = 0.5  # after a signal, until it is said what is waited for
HELP = "serve a part at an address, for others to call as if it were theirs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to serve, where, and who may call."""
    parser.add_argument(
        "factory", metavar="FACTORY", help="module:name or file.py:name of what makes the part"
    )
    parser.add_argument(
        "--bind",
        default="tcp://127.0.0.1:0",
        metavar="ADDRESS",
        help="tcp://HOST:PORT or ipc://PATH; port 0 takes a free one (default tcp://127.0.0.1:0)",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        type=_option,
        metavar="NAME=VALUE",
        help="handed to the factory; numbers, true, false, null and [...] are read as JSON, the rest is text",
    )
    parser.add_argument(
        "--effects", action="store_true", help="a call does something that must not be done twice"
    )
    parser.add_argument(
        "--threads",
        type=int,
        default=0,
        metavar="N",
        help="carry out so many calls at a time (default: one after the other, in the main thread)",
    )
    parser.add_argument(
        "--most-bytes",
        type=int,
        metavar="N",
        help="the largest array that is taken and given (default: any)",
    )
    parser.add_argument("--keys", type=Path, metavar="FILE", help="this side's keys, from `droidlet keys`")
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.pub",
        help="whom to let in, with --keys",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves until Ctrl-C or SIGTERM; returns 0 then, 1 where it could not begin.

    The first signal waits for the call that is under way, the second one for nothing.
    """
    from droidlet_style.keys import KeyFileError, read_keys
    from droidlet_transport import LoadError, TransportError, table_of
    from droidlet_transport.loading import load_factory
    from droidlet_transport.service import Server

    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    try:
        if arguments.trust and arguments.keys is None:
            raise KeyFileError("--trust needs --keys: whom to trust matters only with keys of one's own")
        keys = read_keys(arguments.keys, arguments.trust) if arguments.keys else None
        if keys is not None and not arguments.trust:
            raise KeyFileError(
                "--keys needs --trust FILE.pub, once for each who may call: nobody is let in otherwise"
            )
        part = load_factory(arguments.factory)(**dict(arguments.option))
        table = table_of(part, effects=arguments.effects)
        options = {
            "threads": arguments.threads,
            "name": arguments.factory,
            "most_bytes": arguments.most_bytes,
        }
        server = Server(table, arguments.bind, keys=keys, **options)
    except (LoadError, TransportError, KeyFileError, TypeError, ValueError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else _told(error))
    except Exception as error:  # the factory's own
        return _refuse(f"{arguments.factory}: {_told(error)}")
    with server:
        _end_by_signal(server)
        print(f"{arguments.factory} at {server.address}; Ctrl-C ends it", flush=True)
        server.serve()
    print(f"ended; {server.refused} messages were no requests, {server.dropped} answers found nobody")
    return 0


def _refuse(why: str) -> int:
    print(f"droidlet serve: {why}", file=sys.stderr)
    return 1


def _told(error: Exception) -> str:
    """An error with the place where it was raised."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({where.filename}, line {where.lineno})"


def _end_by_signal(server: Any) -> None:
    signals = (signal.SIGINT, signal.SIGTERM)

    def say() -> None:
        print(
            "droidlet serve: a call is under way; Ctrl-C once more ends it at once",
            file=sys.stderr,
            flush=True,
        )

    def end(number: int, frame: FrameType | None) -> None:
        for one in signals:
            signal.signal(one, signal.SIG_DFL)  # which ends whatever hangs
        waits = threading.Timer(SAY_S, say)
        waits.daemon = True
        waits.start()
        server.stop()

    for number in signals:
        signal.signal(number, end)


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, got {text!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
