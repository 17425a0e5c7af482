"""droidlet lift: copies components, and exactly the folders that they stand on, into another project."""

from __future__ import annotations

import argparse
import difflib
import importlib.metadata as metadata
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from droidlet_style.packages import packages, stands_on, tops_imported

HELP = "copy components, and the folders they stand on, into another project"
DISTRIBUTION, SHELL = "droidlet-style", "droidlet_style"
_IMPORTED_AS = {"pyzmq": "zmq", "pillow": "PIL"}
Files = dict[Path, bytes]  # by path within the package


class LiftError(Exception):
    """What was asked for cannot be copied; the text says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which components, and where to."""
    parser.add_argument("names", metavar="NAME", nargs="+", help="droidlet_dialog, or dialog for short")
    parser.add_argument(
        "--to", metavar="DIR", type=Path, required=True, help="folder that gets one folder per package"
    )


def run(arguments: argparse.Namespace) -> int:
    """Copies, and says what it copied and what else is needed."""
    try:
        wanted = [_full_name(name) for name in arguments.names]
        reasons = {ground: name for name in wanted for ground in stands_on(name)}
        lines = lift([*wanted, *(name for name in sorted(reasons) if name not in wanted)], arguments.to)
    except LiftError as error:
        print(f"droidlet lift: {error}", file=sys.stderr)
        return 2
    except metadata.PackageNotFoundError:
        print(
            f"droidlet lift: {DISTRIBUTION} is not installed, only imported: pip install it", file=sys.stderr
        )
        return 1
    except OSError as error:
        print(f"droidlet lift: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"in {arguments.to}:")
    for name, line in lines.items():
        why = "" if name in wanted else f"; {reasons[name]} stands on it"
        print(f"  {name:<22} {line}{why}")
    for label, needed in zip(("they need", "for property tests"), requirements(lines)):
        if needed:
            print(f"{label}: pip install " + " ".join(f"'{text}'" for text in needed))
    return 0


def lift(names: Iterable[str], target: Path) -> dict[str, str]:
    """Copies packages below a folder, all or none; says of each what was done.

    A folder that is there already and holds the same is left alone. Raises LiftError, with nothing written,
    where one holds something else, and OSError where a folder cannot be written.
    """
    found = {name: _files(packages()[name]) for name in names}
    there = {name: _files(target / name) for name in found if (target / name).exists()}
    for name, files in there.items():
        if files != found[name]:
            raise LiftError(f"{target / name} is there and holds something else: take it away first")
    done = {}
    for name, files in found.items():
        done[name] = "there already, the same" if name in there else f"copied, {len(files)} files"
        for path, content in files.items() if name not in there else ():
            (target / name / path).parent.mkdir(parents=True, exist_ok=True)
            (target / name / path).write_bytes(content)
    return done


def requirements(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """What pip has to install for these packages: always, and for the parts that come with an extra."""
    imported = set().union(*(tops_imported(packages()[name]) for name in names))
    always: list[str] = []
    with_extra: list[str] = []
    for text in metadata.requires(DISTRIBUTION) or ():
        requirement, _, marker = (part.strip() for part in text.partition(";"))
        project = re.split("[^A-Za-z0-9._-]", requirement)[0]
        if _IMPORTED_AS.get(project, project) in imported:
            (with_extra if "extra" in marker else always).append(requirement)
    return sorted(always), sorted(set(with_extra))


def _files(folder: Path) -> Files:
    """Every file of a package, and the licence, which has to go with each copy."""
    if not folder.is_dir():
        raise LiftError(f"{folder} is there and is no folder: take it away first")
    paths = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    files = {path.relative_to(folder): path.read_bytes() for path in paths}
    licence = metadata.distribution(DISTRIBUTION).read_text("licenses/LICENSE") or ""
    return {Path("LICENSE"): licence.encode(), **files}


def _full_name(name: str) -> str:
    known = [package for package in packages() if package != SHELL]
    short = {package.removeprefix("droidlet_"): package for package in known}
    full = short.get(name, name)
    if full not in known:
        close = difflib.get_close_matches(name, [*known, *short], 1)
        guess = f"did you mean {short.get(close[0], close[0])}? " if close else ""
        raise LiftError(f"there is no component {name!r}; {guess}there are {', '.join(known)}")
    return full
