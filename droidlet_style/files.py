"""Files that are there whole or not at all, and folders tried before the work begins."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO


class FolderError(OSError):
    """A folder that cannot be made or written to; the text says which and why."""


def ready_folder(path: Path) -> Path:
    """Makes a folder and tries that a file can be written there. Raises FolderError."""
    full = path.expanduser().absolute()
    try:
        full.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=full, prefix=".droidlet-"):
            pass
    except OSError as error:
        raise FolderError(f"{path} cannot hold the files: {error.strerror or error}") from error
    return full


def missing_folders(path: Path) -> tuple[Path, ...]:
    """What `ready_folder` has to make, the innermost first."""
    full = path.expanduser().absolute()
    return tuple(folder for folder in (full, *full.parents) if not os.path.lexists(folder))


def take_back(folders: Iterable[Path]) -> None:
    """Removes folders that were made for nothing; one that something lies in stays."""
    with contextlib.suppress(OSError):
        for folder in folders:
            folder.rmdir()


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside, then puts in place, so that nobody ever reads half a file. Raises OSError."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def told(error: OSError, meant: Path) -> str:
    """An error of a file as one sentence; those that name none, a full disk above all, are of the file that was
    meant.
    """
    return f"{error.filename or meant}: {error.strerror or error}"


def tell_lost(stream: TextIO, error: OSError) -> None:
    """Says on standard error, if that is there, that standard output takes nothing any more."""
    if stream is sys.stdout and sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"droidlet: standard output cannot be written: {error.strerror or error}\n")
            sys.stderr.flush()


def to_nowhere(stream: TextIO) -> None:
    """The reader of a stream has gone: what is still to come, also the flush at exit, goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
