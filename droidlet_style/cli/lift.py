"""droidlet lift: copies components, and exactly the folders that they stand on, into another project."""

from __future__ import annotations

import argparse
import difflib
import importlib.metadata as metadata
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from droidlet_style.files import missing_folders, take_back, told
from droidlet_style.packages import packages, stands_on, tops_imported

HELP = "copy components, and the folders they stand on, into another project"
LABELS = ("they need", "for property tests", "for what only some of their modules import")
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
        print(f"droidlet lift: {told(error, arguments.to)}; nothing was copied", file=sys.stderr)
        return 1
    print(f"in {arguments.to}:")
    for name, line in lines.items():
        why = "" if name in wanted else f"; {reasons[name]} stands on it"
        print(f"  {name:<22} {line}{why}")
    for label, needed in zip(LABELS, requirements(lines)):
        if needed:
            print(f"{label}: pip install " + " ".join(f"'{text}'" for text in needed))
    print(f"Python finds them where {arguments.to} is on its path, as with PYTHONPATH={arguments.to}")
    return 0


def lift(names: Iterable[str], target: Path) -> dict[str, str]:
    """Copies packages below a folder, all or none; says of each what was done.

    A folder that is there already and holds the same is left alone. Raises LiftError, with nothing written,
    where one holds something else, and OSError where a folder cannot be written, also with nothing left behind.
    """
    found = {name: _files(packages()[name]) for name in names}
    there = {name: _files(target / name) for name in found if (target / name).exists()}
    for name, files in there.items():
        if files != found[name]:
            raise LiftError(f"{target / name} is there and holds something else: take it away first")
    _place({name: files for name, files in found.items() if name not in there}, target)
    return {
        name: "there already, the same" if name in there else f"copied, {len(files)} files"
        for name, files in found.items()
    }


def _place(packages: dict[str, Files], target: Path) -> None:
    """Writes beside, then puts in place: a full disk leaves no half of a package, which could not be told from one
    that somebody has changed.
    """
    made = missing_folders(target)
    try:
        target.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=target, prefix=".droidlet-lift-"))
        try:
            for name, files in packages.items():
                for path, content in files.items():
                    (beside / name / path).parent.mkdir(parents=True, exist_ok=True)
                    (beside / name / path).write_bytes(content)
            for name in packages:
                os.rename(beside / name, target / name)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except BaseException:
        take_back(made)
        raise


def requirements(names: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """What pip has to install for these packages: always, for property tests, and for modules that an extra is for."""
    imported = set().union(*(tops_imported(packages()[name]) for name in names))
    always: set[str] = set()
    testing: set[str] = set()
    with_extra: set[str] = set()
    for text in metadata.requires(DISTRIBUTION) or ():
        requirement, _, marker = (part.strip() for part in text.partition(";"))
        project = re.split("[^A-Za-z0-9._-]", requirement)[0]
        if _IMPORTED_AS.get(project, project) in imported:
            kind = always if "extra" not in marker else testing if "testing" in marker else with_extra
            kind.add(requirement)
    return sorted(always), sorted(testing), sorted(with_extra - testing)  # others may have them, too


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
