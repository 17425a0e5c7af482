"""A store in one file: columns and what belongs to them, whole or not at all, without pickle (NumPy's npz)."""

from __future__ import annotations

import contextlib
import errno
import glob
import json
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, Dict, List, Mapping, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_data.errors import StoreFileError

VERSION = 1
SAVING = ".saving"  # the end of the name of a file that is being written
_NOT_ASKED = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)
Location = Union[str, "os.PathLike[str]"]


def write_store(path: Location, about: Mapping[str, Any], columns: List[NDArray[Any]]) -> None:
    """Writes beside, then puts in place: a reader, and whoever is killed, finds the old file or the new one.

    What was killed in it before has left its part there, which goes first. Raises OSError that names the file.
    """
    target = Path(path)
    head = np.frombuffer(json.dumps({"version": VERSION, **about}).encode(), np.uint8)
    arrays: Any = {f"c{number}": column for number, column in enumerate(columns)}
    try:
        sweep(target)
        stream, beside = _beside(target)
        try:
            with stream:
                np.savez(stream, about=head, **arrays)
                stream.flush()
                os.fsync(stream.fileno())
                os.replace(beside, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise
        _settle(target.parent)
    except OSError as error:
        if error.errno and error.filename is None:  # of a write to a disk that is full
            error.filename = os.fspath(target)
        raise


def _beside(target: Path) -> Tuple[BinaryIO, str]:
    """A file in the same folder, held while it is written."""
    while True:
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-", suffix=SAVING)
        _held(handle)
        if os.path.exists(beside):  # else another has swept it before it was held
            return os.fdopen(handle, "wb"), beside
        os.close(handle)


def sweep(target: Path) -> None:
    """Removes what those left behind who were killed while they wrote this file: what nobody holds."""
    for left in target.parent.glob(f".{glob.escape(target.name)}-????????{SAVING}"):
        with contextlib.suppress(OSError):
            handle = os.open(left, os.O_RDONLY)
            try:
                if _held(handle):
                    left.unlink()
            finally:
                os.close(handle)


def _held(handle: int) -> bool:
    """Whether nobody else holds the file, who does so from now on; False also where files cannot be held."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (OSError, ImportError):
        return False
    return True


def read_store(path: Location, kind: str) -> Tuple[Dict[str, Any], List[NDArray[Any]]]:
    """What `write_store` wrote of a store of that kind. Raises StoreFileError, and FileNotFoundError."""
    try:
        with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as archive:
            about = json.loads(archive["about"].tobytes())
            columns = [archive[f"c{number}"] for number in range(len(archive.files) - 1)]
        version, found = about["version"], about["kind"]
        if not all(
            isinstance(column, np.ndarray) for column in columns
        ):  # NumPy gives bytes of what it knows not
            raise ValueError("it is no npz file of numbers")
    except FileNotFoundError:
        raise
    except Exception as error:  # whatever the bytes are
        raise StoreFileError(f"{path} is no saved store, or not all of one: {_why(error)}") from None
    if version != VERSION or found != kind:
        raise StoreFileError(
            f"{path} holds a {found} of version {version}: expected a {kind} of version {VERSION}"
        )
    return about, columns


def _why(error: Exception) -> str:
    """NumPy's advice for files that it does not know is to trust them."""
    return "it is no npz file of numbers" if "pickle" in str(error) else str(error)


def _settle(folder: Path) -> None:
    """The new name survives a power cut, where folders can be asked for that: some network file systems refuse it, and
    a folder may be closed to reading.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NOT_ASKED:
            raise
