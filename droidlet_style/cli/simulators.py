"""droidlet simulators: which engines there are, what is installed, what to install; and the laws for any engine."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from typing import Any

from droidlet_style.cli.apart import Died, apart
from droidlet_style.cli.parser import whole_number
from droidlet_style.cli.telling import Telling

HELP = "list the engines and what each needs, or hold one to the laws of simulators"
LISTED = "droidlet_simulators.engines"
SUITE = "droidlet_simulators.conformance:check_simulator"
OK, BROKEN, NOT_CHECKABLE, INTERRUPTED = 0, 1, 2, 130
WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without options it lists; with --check it holds one engine to the laws."""
    parser.add_argument(
        "--check",
        metavar="FACTORY",
        help="module:name or file.py:name of what makes a simulator, yours or ours: hold it to the laws",
    )
    parser.add_argument("--examples", type=whole_number, default=10, help="runs to generate (default 10)")
    parser.add_argument(
        "--bad-inputs", type=whole_number, default=60, help="calls that must be refused (default 60)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Lists, and returns 0; checks, and returns 0 where every law tried held, 1 where one is broken, 2 where it
    cannot be checked, 130 where a person stopped it.
    """
    if arguments.check is None:
        for line in listing():
            print(line)
        return OK
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    telling = Telling(f"droidlet simulators --check {arguments.check}")
    try:
        found = apart(lambda: _check(arguments.check, arguments.examples, arguments.bad_inputs, telling))
    except Died as death:
        found = {"status": NOT_CHECKABLE, "text": f"droidlet simulators: {death}"}
    except KeyboardInterrupt:
        telling.end()
        print("droidlet simulators: interrupted, nothing is known of this simulator", file=sys.stderr)
        return INTERRUPTED
    print(found["text"])
    return int(found["status"])


def listing() -> list[str]:
    """A row for each engine and renderer: ready, or what to install."""
    from droidlet_transport.loading import load

    lines = []
    for engine in load(f"{LISTED}:ENGINES"):
        lacking = _lacking(engine.name, engine.renderer)
        lines.append(
            f"{engine.name:<8} {engine.renderer:<10} {'not ready' if lacking else 'ready':<10} {engine.says}"
        )
        lines += textwrap.wrap(lacking, WIDTH, initial_indent=" " * 20, subsequent_indent=" " * 20)
    return lines


def _lacking(name: str, renderer: str) -> str:
    """What an engine says when it cannot be made, "" when it can; made apart, since GL is loaded once a process."""
    from droidlet_transport.loading import load

    def make() -> dict[str, Any]:
        try:
            load(f"{LISTED}:make_engine")(name, renderer)
        except ValueError as error:
            return {"text": str(error)}
        return {"text": ""}

    try:
        return str(apart(make)["text"])
    except Died as death:
        return f"making it ended the process: {death}"


def _check(factory: str, examples: int, bad_inputs: int, telling: Telling) -> dict[str, Any]:
    from droidlet_laws import LawBroken, NotCheckable
    from droidlet_transport.loading import load

    try:
        report = load(SUITE)(factory, examples=examples, bad_inputs=bad_inputs, progress=telling)
    except LawBroken as broken:
        return {"status": BROKEN, "text": str(broken)}
    except (NotCheckable, ImportError, ValueError) as error:
        return {"status": NOT_CHECKABLE, "text": f"droidlet simulators: {error}"}
    finally:
        telling.end()
    return {"status": OK, "text": str(report)}
