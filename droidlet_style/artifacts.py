"""Where models and data live: one folder, decided by the first of four rules that says something.

1. `set_artifact_dir(path)` in code; 2. `$DROIDLET_HOME`; 3. `$XDG_CACHE_HOME/droidlet` (empty and relative
values are ignored, as the XDG base directory standard says); 4. `~/.cache/droidlet`. Below it come groups and
kinds: `base/models/...`, `robot/datasets/...`. Only the shell looks here; components are handed paths.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

KINDS = ("models", "datasets")
_chosen: list[Path] = []  # what set_artifact_dir was told; a list, so that it can be emptied


class ArtifactError(OSError):
    """A place for artifacts that cannot be; the text says which rule named it and why it cannot."""


class Place(NamedTuple):
    """The folder for artifacts and the rule that decided it."""

    path: Path
    rule: str


def set_artifact_dir(path: str | os.PathLike[str] | None) -> None:
    """Decides for this process where artifacts live; None takes the decision back. Relative paths count from
    here and now.

    Raises TypeError for what is no path of text, ValueError for an empty path, ArtifactError where `~` leads
    nowhere.
    """
    text = None if path is None else _text(path)
    if text == "":
        raise ValueError("set_artifact_dir: the path is empty; None takes an earlier choice back")
    _chosen[:] = [] if text is None else [_absolute(text, "set_artifact_dir")]


def get_artifact_dir() -> Path:
    """The absolute folder of the artifacts; it need not exist yet (see `make_artifact_dir`). Raises
    ArtifactError.
    """
    return where().path


def where(environ: Mapping[str, str] | None = None) -> Place:
    """The folder of the artifacts, and the rule that decided it. Raises ArtifactError."""
    values = os.environ if environ is None else environ
    if _chosen:
        return Place(_chosen[0], "set_artifact_dir(...) in code")
    home = values.get("DROIDLET_HOME", "")
    if home:
        return Place(_absolute(home, "$DROIDLET_HOME"), "$DROIDLET_HOME")
    cache = values.get("XDG_CACHE_HOME", "")
    if cache and (cache.startswith("~") or os.path.isabs(cache)):
        return Place(_absolute(cache, "$XDG_CACHE_HOME") / "droidlet", "$XDG_CACHE_HOME")
    return Place(_absolute("~/.cache/droidlet", "the default"), "the default, ~/.cache/droidlet")


def artifact_path(group: str, kind: str, *names: str) -> Path:
    """Where an artifact lies or would lie: `artifact_path("base", "models", "parser")`; nothing is made.

    Raises ValueError for another kind than models and datasets, and for names that would lead out of their
    folder; ArtifactError as above.
    """
    if kind not in KINDS:
        raise ValueError(f"artifact_path: kind is one of {', '.join(KINDS)}, got {kind!r}")
    for part in (group, *names):
        if part in ("", ".", "..") or any(mark in part for mark in ("/", "\\", "\0")):
            raise ValueError(f"artifact_path: {part!r} is no plain name of a folder or file")
    return get_artifact_dir().joinpath(group, kind, *names)


def make_artifact_dir(group: str, kind: str, *names: str) -> Path:
    """The folder of `artifact_path`, made where it is missing: called right before something is written.

    Raises ValueError as `artifact_path`, ArtifactError where the folder cannot be made or written to.
    """
    path, rule = artifact_path(group, kind, *names), where().rule
    advice = f"{rule} decided it, another place can be set there"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArtifactError(f"{path} cannot be made ({error.strerror or error}); {advice}") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ArtifactError(f"{path} cannot be written to; {advice}")
    return path


def _text(path: object) -> str:
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else path
    if not isinstance(text, str):
        hint = "; os.fsdecode makes text of bytes" if isinstance(text, bytes) else ""
        raise TypeError(f"set_artifact_dir: the path is text or a Path, got {path!r}{hint}")
    return text


def _absolute(text: str, rule: str) -> Path:
    if "\0" in text:
        raise ArtifactError(f"{text!r} (from {rule}) is no path")
    expanded = _expanded(text)
    if expanded.startswith("~"):
        raise ArtifactError(f"{text} (from {rule}): there is no home folder for it")
    return Path(os.path.abspath(expanded))


def _expanded(text: str) -> str:
    """`~` as the user's home; an empty $HOME is as good as none, else it would be the root folder."""
    if os.environ.get("HOME") != "" or not (text == "~" or text.startswith("~/")):
        return os.path.expanduser(text)
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_dir + text[1:]
    except (ImportError, KeyError):  # no such database, or nobody of that number
        return text
