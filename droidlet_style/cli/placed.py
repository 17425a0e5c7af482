"""The options of `droidlet run` that say where the simulator and the parts of an agent run."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from droidlet_style.cli.agent_file import Wrong
from droidlet_style.cli.parser import factor
from droidlet_style.files import told

if TYPE_CHECKING:
    from droidlet_style.placement import Place


def add_places(parser: argparse.ArgumentParser) -> None:
    """Where, for how long a call, and with whose keys."""
    parser.add_argument(
        "--place",
        metavar="[NAME=]PLACE",
        action="append",
        default=[],
        type=_placed,
        help="where the simulator runs, or a part of the agent by NAME, a field of what its make() returns: inline "
        "(default), thread, process, interpreter:/path/to/python, tcp://...; behind a process or an interpreter "
        "variables of its environment, as in 'process MUJOCO_GL=egl'",
    )
    parser.add_argument(
        "--deadline",
        metavar="SECONDS",
        type=factor,
        help="so long one call of what is placed may take; then it is started again (default 60)",
    )
    parser.add_argument(
        "--keys",
        metavar="FILE",
        type=Path,
        help="this side's keys, from `droidlet keys`, for what is placed at an address of another machine",
    )
    parser.add_argument(
        "--trust", metavar="FILE.pub", type=Path, help="the public key of who serves there, with --keys"
    )


def _placed(text: str) -> str:
    from droidlet_style.placing import read_places

    try:
        read_places([text])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def places_with_keys(texts: Iterable[str], keys: Path | None, trust: Path | None) -> dict[str, Place | str]:
    """The places by name, those at an address with the keys of two files. Raises Wrong for files that hold none."""
    from droidlet_style.keys import KeyFileError, read_keys
    from droidlet_style.placement import place_of, remote
    from droidlet_style.placing import read_places

    places: dict[str, Place | str] = dict(read_places(texts))
    if keys is None and trust is None:
        return places
    if keys is None or trust is None:
        raise Wrong(
            "--keys FILE and --trust FILE.pub go together: one's own keys, and whom one takes for the server"
        )
    try:
        both = read_keys(keys, [trust])
    except KeyFileError as error:
        raise Wrong(f"--keys: {error}") from error
    except OSError as error:
        raise Wrong(f"--keys: {told(error, keys)}") from error
    for name, where in read_places(texts).items():
        at = place_of(where)
        if at.kind == "remote":
            places[name] = remote(at.address, both)
    return places


def is_nowhere(error: BaseException) -> bool:
    """Whether it is the place that is none: no such Python, nobody at the address, no leave to be made there."""
    from droidlet_transport import DeadlineExceeded, RemoteError, WorkerFailedToStart
    from droidlet_transport.building import NotAllowedHere
    from droidlet_transport.service import NotAllowed

    if isinstance(error, RemoteError):  # it came before that class was imported here
        return error.class_name == f"{NotAllowedHere.__module__}:{NotAllowedHere.__qualname__}"
    return isinstance(error, (DeadlineExceeded, NotAllowed, NotAllowedHere, WorkerFailedToStart))
