"""droidlet memory: looks into the file of a memory, as tables in the terminal, as JSON or as one page."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

from droidlet_memory import NoSuchRevision, StoreError
from droidlet_style.cli.memories.facts import summary
from droidlet_style.cli.memories.looking import ON_A_PAGE, ROWS, look
from droidlet_style.cli.memories.opening import Wrong, file_of, moved, opened
from droidlet_style.cli.memories.page import Page, page_of
from droidlet_style.cli.memories.values import size
from droidlet_style.cli.parser import whole_number
from droidlet_style.files import FolderError, ready_folder, write_whole

LONGEST_S = 2**63 / 1e9  # what nanoseconds of 64 bits reach
HELP = "look into the file of a memory: what it holds, a node, a question, at any revision"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, what to look at, when, and how to show it."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="of Memory.open(path=FILE), memory.save(FILE) or a fork; or a run's --out",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--node", metavar="ID", help="one node: its fields, properties and triples")
    what.add_argument("--type", metavar="NAME", help="the nodes of a type and of the types below it")
    what.add_argument("--query", metavar="TEXT", help="the nodes that a question finds: SELECT ... FROM ...")
    parser.add_argument("--history", action="store_true", help="with --node: every change of it")
    parser.add_argument("--explain", action="store_true", help="with --query: how it is answered, too")
    parser.add_argument(
        "--viewer",
        metavar=("X_M", "Y_M", "YAW_RAD"),
        type=_finite,
        nargs=3,
        help="with --query: where it is asked from, for near and left of (where the agent is, else 0 0 0)",
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--at", metavar="REVISION", type=whole_number, help="as it was after so many commits")
    when.add_argument("--at-time", metavar="SECONDS", type=_seconds, help="as it was then, by its own clock")
    parser.add_argument(
        "--limit", metavar="N", type=whole_number, help=f"so many nodes ({ROWS}; {ON_A_PAGE} on a page)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--html", metavar="OUT", help="write one page that needs nothing else, not even a net"
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not abs(seconds) < LONGEST_S:
        raise argparse.ArgumentTypeError(f"expected seconds, got {text!r}")
    return seconds


def _finite(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Shows what was asked for; 2, with one sentence, for what is not there, 1 where the page cannot be
    written.
    """
    try:
        return _run(arguments)
    except (Wrong, StoreError, NoSuchRevision) as error:  # a writer may cut the history meanwhile
        print(f"droidlet memory: {error}", file=sys.stderr)
        return 2


def _run(arguments: argparse.Namespace) -> int:
    if arguments.history and arguments.node is None:
        raise Wrong("--history tells of one node: --node ID --history")
    for option, given in (("--explain", arguments.explain), ("--viewer", arguments.viewer)):
        if given and arguments.query is None:
            raise Wrong(f"{option} belongs to a question: --query TEXT {option}")
    file = file_of(arguments.file)
    with opened(file) as newest:
        memory = moved(newest, arguments.at, arguments.at_time)
        told = summary(memory, newest, file)
        found = look(arguments, memory, newest, told)
        if not arguments.html:
            print(json.dumps(found.data, indent=2) if arguments.json else "\n".join(found.lines))
            return 0
        page = page_of(memory, told, found)
    return _write(arguments, page)


def _write(arguments: argparse.Namespace, page: Page) -> int:
    """Writes the page, and says where it lies."""
    path = Path(arguments.html).expanduser()
    if path.is_dir():
        raise Wrong(f"--html {path} is a folder: name a file")
    try:
        ready_folder(path.parent)
        write_whole(path.absolute(), page.text.encode())
    except OSError as error:
        reason = str(error) if isinstance(error, FolderError) else f"{path}: {error.strerror or error}"
        print(f"droidlet memory: --html {reason}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps({"html": str(path), "nodes": page.shown, "of": page.nodes}))
    else:
        print(f"{page.told} written to {path} ({size(len(page.text))}): open it in a browser")
    return 0
