"""The command line: pins the numeric libraries to one thread, then calls the module of the command."""

from __future__ import annotations

import difflib
import errno
import os
import signal
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

from droidlet_style import __version__, threads
from droidlet_style.cli.parser import Parser
from droidlet_style.files import tell_lost, to_nowhere

COMMANDS = {
    "run": "run an agent: it hears what you say, acts, and leaves a summary and pictures",
    "check": "hold a component to the laws",
    "lift": "copy components, and the folders they stand on, into another project",
    "simulators": "list the engines and what each needs, or hold one to the laws of simulators",
    "serve": "serve a part at an address, for others to call as if it were theirs",
    "keys": "make the keys with which parts talk beyond this machine",
    "memory": "look into the file of a memory: what it holds, a node, a question, at any revision",
    "graph": "print the import graph of the packages (Mermaid or DOT)",
    "bench": "run the benchmarks: ratios against named baselines, measured in the same run",
    "artifacts": "where models and data live, and which rule decided that",
}
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # what a stream says that takes nothing any more
EXAMPLES = """
to begin with:
  droidlet run robot_assistant --say "go to the red chair" --seed 39 --out runs/first
  droidlet run robot_assistant            (then type; Ctrl-D ends it)
  droidlet COMMAND --help
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status: 0 done, 1 it failed, 2 it was asked for wrongly, 130
    interrupted, 141 the reader of its output has gone.

    `run` ends cleanly at the first Ctrl-C, with 0; at a second one with 1 in the middle of a tick (what came
    before is written), with 130 while the files are written.
    """
    threads.pin()
    _forgiving_streams()
    try:
        os.getcwd()
    except OSError as error:
        print(
            f"droidlet: the folder that you are in cannot be used ({error.strerror}): cd to another",
            file=sys.stderr,
        )
        return 1
    try:
        return _finish(_dispatch(list(sys.argv[1:] if argv is None else argv)))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        to_nowhere(sys.stdout)
        return 128 + signal.SIGPIPE
    except OSError as error:
        if error.filename is not None or error.errno not in FULL:
            raise
        to_nowhere(sys.stdout)
        tell_lost(sys.stdout, error)
        return 1


def run_file(path: str) -> NoReturn:
    """For the last line of an agent's file: starts `droidlet run FILE ...` afresh, so that threads are pinned
    before numpy comes.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(
        sys.executable, [sys.executable, "-m", "droidlet_style", "run", os.path.abspath(path), *sys.argv[1:]]
    )


def _dispatch(argv: list[str]) -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(_overview(), end="")
        return 0
    if argv[0] in ("-V", "--version"):
        print(f"droidlet {__version__}")
        return 0
    name, rest = argv[0], argv[1:]
    if name not in COMMANDS:
        return _unknown(name)
    module: Any = _module(name)
    try:
        if hasattr(module, "main"):  # a command that reads its own arguments
            return int(module.main(rest))
        parser = Parser(prog=f"droidlet {name}", description=module.HELP, allow_abbrev=False)
        module.add_arguments(parser)
        return int(module.run(parser.parse_args(rest)))
    except SystemExit as leaving:  # argparse leaves this way
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)


def _module(name: str) -> ModuleType:
    """The module of a command, imported now and no earlier."""
    if name == "run":
        from droidlet_style.cli import run

        return run
    if name == "check":
        from droidlet_style.cli import check

        return check
    if name == "graph":
        from droidlet_style.cli import graph

        return graph
    if name == "memory":
        from droidlet_style.cli import memory

        return memory
    if name == "lift":
        from droidlet_style.cli import lift

        return lift
    if name == "bench":
        from droidlet_style.cli import bench

        return bench
    if name == "simulators":
        from droidlet_style.cli import simulators

        return simulators
    if name == "serve":
        from droidlet_style.cli import serve

        return serve
    if name == "keys":
        from droidlet_style.cli import keys

        return keys
    from droidlet_style.cli import artifacts

    return artifacts


def _overview() -> str:
    lines = [
        "Agents from pure parts: outputs, state = component(inputs, state).",
        "",
        "usage: droidlet COMMAND ...",
        "",
        "commands:",
    ]
    lines += [f"  {name:<10} {text}" for name, text in COMMANDS.items()]
    return "\n".join([*lines, "", "  --version  the version of droidlet", ""]) + EXAMPLES


def _unknown(name: str) -> int:
    close = difflib.get_close_matches(name, COMMANDS, 1)
    guess = f"did you mean {close[0]}? " if close else ""
    print(f"droidlet: there is no command {name!r}; {guess}there are {', '.join(COMMANDS)}", file=sys.stderr)
    return 2


def _forgiving_streams() -> None:
    """A screen that cannot show a letter shows a question mark; it does not end the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _finish(status: int) -> int:
    if sys.stdout is not None:
        sys.stdout.flush()
    return status
