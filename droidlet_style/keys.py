"""Key files: FILE holds a pair and only its owner may read it, FILE.pub the public half for others to trust."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from droidlet_transport.curve import is_key
from droidlet_transport.service import Keys, new_keys


class KeyFileError(ValueError):
    """A key file that cannot be used; the text says what to do."""


def write_keys(path: Path) -> Path:
    """Makes a pair, writes it to a new file and its public half beside it; returns where that is.

    Raises KeyFileError where one of the two is there already, OSError where they cannot be written; then neither is.
    """
    if not path.name:
        raise KeyFileError(f"{path} is no file: write `droidlet keys FILE`")
    public = path.with_name(path.name + ".pub")
    for file in (path, public):
        if file.exists():
            raise KeyFileError(f"{file} is there already: take another name, or take it away first")
    keys = new_keys()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(descriptor, "w") as made:
            json.dump({"public": keys.public, "secret": keys.secret}, made)
        public.write_text(keys.public + "\n")
    except BaseException:  # a full disk: half a pair would be taken for one
        for file in (path, public):
            file.unlink(missing_ok=True)
        raise
    return public


def read_keys(path: Path, trusted: Iterable[Path] = ()) -> Keys:
    """The pair of a file, and the public keys of those to trust.

    A server trusts its clients, a client its one server. Raises KeyFileError, OSError.
    """
    try:
        pair = json.loads(path.read_text())
        public, secret = pair["public"], pair["secret"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeyFileError(f"{path} holds no pair of keys; `droidlet keys` makes one") from None
    if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"{path} can be read by others: chmod 600 {path}")
    others = tuple(_read_public(file) for file in trusted)
    try:
        return Keys(public, secret, others)
    except ValueError as error:
        raise KeyFileError(f"{path}: {error}") from None


def _read_public(path: Path) -> str:
    """A public key. What else the file holds is not shown: it may be a secret."""
    text = path.read_text(errors="replace").strip()
    if not is_key(text):
        raise KeyFileError(
            f"{path} holds no public key: trust the other side's FILE.pub, as `droidlet keys FILE` made it"
        )
    return text
