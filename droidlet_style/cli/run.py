"""droidlet run: an agent and its body, from the first word to the files."""

from __future__ import annotations

import argparse
import inspect
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from droidlet_style.cli.agent_file import Failed, Wrong, find, load_agent, unknown
from droidlet_style.cli.options import MISSING, OptionError, add_options, make_config, options_of
from droidlet_style.cli.parser import Parser, any_integer, factor, whole_number
from droidlet_style.cli.placed import add_places, is_nowhere, places_with_keys
from droidlet_style.files import FolderError, missing_folders, ready_folder, take_back

if TYPE_CHECKING:
    from droidlet_style.cli.screen import TerminalScreen
    from droidlet_style.session import Session

HELP = "run an agent: it hears what you say, acts, and leaves a summary and pictures"
TAKEN = frozenset(
    {"help", "say", "ticks", "seed", "out", "pace", "place", "deadline", "keys", "trust", "quiet"}
)
TYPED_PACE = 4.0
USAGE = """
AGENT is a name, or the path of anybody's Python file with a Config and run(config, session). Every field of
the Config is an option too: droidlet run AGENT --help shows them. Without --say you type; the lines of a pipe
are spoken one after the other.

  droidlet run robot_assistant --say "go to the red chair" --say "come here" --seed 3 --out runs/3
  droidlet run robot_assistant --say "explore" --say "stop @ 12.5"
"""


def main(argv: list[str]) -> int:
    """Finds the agent, reads its options, and runs it; returns the exit status."""
    try:
        path, asked = _agent(argv)
        if path is None:
            _parser(None, epilog=USAGE).print_help(sys.stdout if asked else sys.stderr)
            return 0 if asked else 2
        module = load_agent(path)
        arguments, config = _arguments(argv, path, module)
        out, made = _folder(arguments.out)
    except Wrong as wrong:
        print(f"droidlet run: {wrong}", file=sys.stderr)
        return 2
    except Failed as failed:
        return failed.tell()
    try:
        return _run(module, path, arguments, config, out)
    except Wrong as wrong:  # only now known: a body refused its options, and nothing has happened
        take_back(made)
        print(f"droidlet run: {wrong}", file=sys.stderr)
        return 2


def _parser(path: Path | None, **options: Any) -> Parser:
    usage = None if path is None else f"droidlet run {path} [options]"
    layout = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="droidlet run", usage=usage, allow_abbrev=False, formatter_class=layout, **options)
    parser.add_argument(
        "agent",
        metavar="AGENT",
        nargs="?" if path is None else None,
        help="its name, or the path of its file",
    )
    parser.add_argument(
        "--say",
        metavar="TEXT",
        action="append",
        help="say this when what was said before is done; 'TEXT @ SECONDS': then",
    )
    parser.add_argument(
        "--ticks", metavar="N", type=whole_number, help="stop after N ticks (default 6000; typing: no limit)"
    )
    parser.add_argument(
        "--seed", metavar="N", type=any_integer, default=0, help="everything random comes from it (default 0)"
    )
    parser.add_argument(
        "--out", metavar="DIR", help="write summary.json, map.png, view.png and the memory there"
    )
    parser.add_argument(
        "--pace",
        metavar="X",
        type=factor,
        help="at most X times real time (default: typing 4, else as fast as it goes)",
    )
    add_places(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    return parser


def _agent(argv: list[str]) -> tuple[Path | None, bool]:
    """The agent's file; None where there is only general help to give, with whether that was asked for."""
    first = _parser(None, add_help=False)
    first.add_argument("-h", "--help", action="store_true")
    seen, rest = first.parse_known_args(argv)
    if seen.agent is None:
        return None, seen.help
    for word in (
        seen.agent,
        *rest,
    ):  # the value of one of the agent's options may stand before the agent's name
        path = find(word)
        if path is not None:
            return path, True
    raise unknown(seen.agent)


def _arguments(argv: list[str], path: Path, module: ModuleType) -> tuple[argparse.Namespace, Any]:
    parser = _parser(path, description=inspect.cleandoc(module.__doc__ or ""))
    try:
        options = options_of(module.Config)
        group = parser.add_argument_group(f"options of {path.stem}")
        places = add_options(group, options, TAKEN)
        arguments = parser.parse_args(argv)
        values = {name: getattr(arguments, place) for name, place in places.items()}
        if values.get("seed") is MISSING:
            values["seed"] = arguments.seed  # a Config that has a seed of its own means the run's
        return arguments, make_config(
            module.Config, {name: value for name, value in values.items() if value is not MISSING}
        )
    except OptionError as error:
        raise Wrong(f"{path.name}: {error}") from error


def _folder(out: str | None) -> tuple[Path | None, tuple[Path, ...]]:
    """The folder for the files, and those that had to be made for it."""
    if out is None:
        return None, ()
    made = missing_folders(Path(out))
    try:
        return ready_folder(Path(out)), made
    except FolderError as error:
        raise Wrong(f"--out {error}") from error


def _run(module: ModuleType, path: Path, arguments: argparse.Namespace, config: Any, out: Path | None) -> int:
    from droidlet_style.cli.screen import TerminalScreen
    from droidlet_style.interrupts import Interrupts
    from droidlet_style.placing import SIMULATOR, placed_parts
    from droidlet_style.session import Session
    from droidlet_style.typing_in import Keyboard, echoes
    from droidlet_transport.parts import DEADLINE_S

    screen = TerminalScreen(arguments.quiet, echoed=not arguments.say and echoes(sys.stdin))
    interrupts = Interrupts()
    keyboard = (
        None
        if arguments.say
        else Keyboard(sys.stdin, screen.prompt, lambda: interrupts.stopped, screen.waited, screen.typed)
    )
    if keyboard is not None and keyboard.live and not arguments.quiet:
        screen.note("type what you say to it; Ctrl-D ends the run")
    pace = arguments.pace or (TYPED_PACE if keyboard is not None and keyboard.live else None)
    places = places_with_keys(arguments.place, arguments.keys, arguments.trust)
    deadline_s = arguments.deadline or DEADLINE_S
    session = Session(
        agent=path.stem,
        config=config,
        seed=arguments.seed,
        say=arguments.say or (),
        source=keyboard,
        ticks=arguments.ticks,
        out=out,
        screen=screen,
        interrupts=interrupts,
        pace=pace,
        folder=path.resolve().parent,
        place=places.pop(SIMULATOR, "inline"),
        deadline_s=deadline_s,
    )
    with interrupts:
        failed = _live(module, config, session, path, placed_parts(module, places, deadline_s=deadline_s))
        if failed is not None and not session.ticks_done:
            if failed.error is session.refusal:
                raise Wrong(f"{path.name}: {failed.error}") from failed.error
            if arguments.place and is_nowhere(failed.error):
                raise Wrong(f"--place: {failed.error}") from failed.error
        interrupts.stopped = True  # from here on the files are written; a Ctrl-C now is the second one
        written = _finished(session, screen)
    return failed.tell() if failed is not None else 0 if written and not screen.lost else 1


def _finished(session: Session, screen: TerminalScreen) -> bool:
    """Writes the files and tells the end; whether all could be written."""
    from droidlet_style.cli.ending import tell

    try:
        summary = session.finish()
    except OSError as error:
        screen.note(f"{session.out} could not take the files: {error.strerror or error}")
        return False
    tell(session, summary, screen.say)
    return True


def _live(
    module: ModuleType,
    config: Any,
    session: Session,
    path: Path,
    placed: AbstractContextManager[Any],
) -> Failed | None:
    from droidlet_style.placing import NoSuchPart

    try:
        with placed:
            module.run(config, session)
    except NoSuchPart as error:
        raise Wrong(f"--place: {error}") from error
    except (Exception, SystemExit) as error:
        return Failed(
            path,
            error,
            f"it raised {type(error).__name__} at tick {session.ticks_done}; what came before is kept",
        )
    except KeyboardInterrupt as error:
        return Failed(
            path, error, f"interrupted twice, in tick {session.ticks_done}; what came before is kept"
        )
    return None
