"""A store in one file: columns and what belongs to them, whole or not at all, without pickle (NumPy's npz)."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_data.errors import StoreFileError

VERSION = 1
Location = Union[str, "os.PathLike[str]"]


def write_store(path: Location, about: Mapping[str, Any], columns: List[NDArray[Any]]) -> None:
    """Writes beside, then puts in place: a reader, and whoever is killed, finds the old file or the new one."""
    target = Path(path)
    head = np.frombuffer(json.dumps({"version": VERSION, **about}).encode(), np.uint8)
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            arrays: Any = {f"c{number}": column for number, column in enumerate(columns)}
            np.savez(stream, about=head, **arrays)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
    _settle(target.parent)


def read_store(path: Location, kind: str) -> Tuple[Dict[str, Any], List[NDArray[Any]]]:
    """What `write_store` wrote of a store of that kind. Raises StoreFileError, and FileNotFoundError."""
    try:
        with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as archive:
            about = json.loads(archive["about"].tobytes())
            columns = [archive[f"c{number}"] for number in range(len(archive.files) - 1)]
        version, found = about["version"], about["kind"]
    except FileNotFoundError:
        raise
    except Exception as error:  # whatever the bytes are
        raise StoreFileError(f"{path} is no saved store, or not all of one: {error}") from None
    if version != VERSION or found != kind:
        raise StoreFileError(
            f"{path} holds a {found} of version {version}: expected a {kind} of version {VERSION}"
        )
    return about, columns


def _settle(folder: Path) -> None:
    """The new name survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
