"""A memory as text: one JSON value a line, first what it is, then its history, then its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, Union

from droidlet_memory.errors import StoreUnreadable
from droidlet_memory.schemas import Composition
from droidlet_memory.store.body import Stored
from droidlet_memory.store.connecting import resolved
from droidlet_memory.store.files import read_lines, write_lines
from droidlet_memory.store.loading import folded
from droidlet_memory.store.paths import Path
from droidlet_memory.working.body import Base, Working
from droidlet_schema import Change, DecodeError, MemoryNode, from_json, record, to_json

Line = TypeVar("Line")


@record
class MemoryLines:
    """The first line: what follows are `first` nodes as they stood at `base`, `commits`, and `nodes`, those of
    the newest revision.
    """

    schema: Composition
    base: Base
    first: int
    commits: int
    nodes: int


@record
class CommitLine:
    """One commit."""

    revision: int
    digest: str
    now_ns: int
    changes: tuple[Change, ...]


def export(body: Union[Working, Stored], path: Path) -> None:
    """Writes a new text file. Raises StoreUnwritable."""
    write_lines(resolved(path), _lines(body))


def _lines(body: Union[Working, Stored]) -> Iterator[str]:
    oldest = body.at(body.oldest)
    first, nodes = oldest.nodes(None), body.nodes(None)
    base = Base(oldest.revision, oldest.digest, oldest.now_ns)
    commits = body.revision - oldest.revision
    yield to_json(MemoryLines(body.schema, base, len(first), commits, len(nodes)))
    yield from map(to_json, first)
    for commit in body.commits():
        yield to_json(CommitLine(*commit))
    yield from map(to_json, nodes)


def imported(path: Path) -> Working:
    """The memory that a text file tells of. Raises StoreUnreadable naming the line that is wrong."""
    where = resolved(path)
    lines = _Lines(where)
    head = lines.next(MemoryLines)
    first = [lines.next(MemoryNode) for _ in range(head.first)]
    commits = (lines.next(CommitLine) for _ in range(head.commits))
    body = folded(
        where, head.schema, head.base, first, ((c.revision, c.digest, c.now_ns, c.changes) for c in commits)
    )
    nodes = tuple(lines.next(MemoryNode) for _ in range(head.nodes))
    lines.end()
    if nodes != body.nodes(None):
        raise StoreUnreadable(f"{where}: its nodes are not those that its commits lead to")
    return body


class _Lines:
    """A text file, line by line."""

    def __init__(self, path: str) -> None:
        self._path, self._number = path, 0
        try:
            self._lines = list(read_lines(path))
        except (OSError, UnicodeDecodeError) as error:
            raise StoreUnreadable(f"{path} cannot be read as text ({error})") from error

    def next(self, kind: type[Line]) -> Line:
        """The value of the next line."""
        if self._number >= len(self._lines):
            raise StoreUnreadable(f"{self._path} ends after line {self._number}: it was cut off")
        self._number += 1
        try:
            return from_json(self._lines[self._number - 1], kind)
        except DecodeError as error:
            raise StoreUnreadable(f"{self._path}, line {self._number}: {error}") from error

    def end(self) -> None:
        """Raises where lines are left."""
        if self._number < len(self._lines):
            raise StoreUnreadable(f"{self._path}, line {self._number + 1}: nothing was to follow")
