"""Opens a memory for looking: never to write, and with one sentence for whatever is not there."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable

from droidlet_memory import Memory, NoSuchRevision, StoreError
from droidlet_schema import Filters, MemoryNode, Pose2, Query, Triple
from droidlet_style.cli.memories.values import cut, moment
from droidlet_style.keeping import NAME

MOST_COMPARED = 5_000  # ids that a wrong one is compared with
MOST_NAMED = 3
SECOND_NS = 10**9


class Wrong(Exception):
    """Something that was asked for wrongly; the text is for the person."""


def file_of(path: str) -> str:
    """The file meant: of a folder that which a run left there. Raises Wrong where there is none."""
    if not os.path.isdir(path):
        return path
    inside = os.path.join(path, NAME)
    if not os.path.isfile(inside):
        raise Wrong(f"{path} is a folder, not the file of a memory, and a run left no {NAME} in it")
    return inside


def opened(path: str) -> Memory:
    """The newest memory of a file, for reading; others may write to it. Raises Wrong."""
    try:
        return Memory.open(path=os.path.abspath(path), read_only=True)  # ":memory:" is a file's name here
    except (StoreError, ValueError) as error:
        raise Wrong(str(error)) from error


def moved(memory: Memory, revision: int | None, time_s: float | None) -> Memory:
    """The memory at a revision or a time. Raises Wrong."""
    try:
        if revision is not None:
            return memory.at(revision=revision)
        return memory if time_s is None else memory.at(time_ns=round(time_s * SECOND_NS))
    except NoSuchRevision as error:
        if time_s is None:
            raise Wrong(str(error)) from error
        begin = memory.at(revision=memory.oldest).now_ns
        raise Wrong(f"{time_s:g} s is before the oldest revision kept, of {moment(begin)}") from error


def known_type(memory: Memory, name: str) -> str:
    """A type of the memory's schemas. Raises Wrong."""
    types = memory.schema.types
    if name in types:
        return name
    raise Wrong(f"there is no node type {cut(name, 80)!r}; {_guess(name, types)}there are {', '.join(types)}")


def known_node(memory: Memory, newest: Memory, node_id: str) -> MemoryNode:
    """The node of an id. Raises Wrong, with what may have been meant."""
    node = memory.node(node_id)
    if node is not None:
        return node
    said = f"there is no node {cut(node_id, 80)!r} at revision {memory.revision}"
    versions = newest.history(node_id)
    if versions:
        there = [str(version.revision) for version in versions if version.node is not None][-MOST_NAMED:]
        raise Wrong(f"{said}; it was written at revision {', '.join(there)} (--at)")
    asked = Query(1, Filters(Triple("has_name", node_id), memory_type="ALL"), 0, Pose2(0.0, 0.0, 0.0))
    named = [node.id for node in memory.query(asked, MOST_NAMED).nodes]
    if named:
        raise Wrong(f"{said}; {', '.join(named)} {'is' if len(named) == 1 else 'are'} called so")
    if not memory.counts():
        raise Wrong(f"{said}, nor any other")
    raise Wrong(f"{said}; {_guess(node_id, _near(memory, node_id))}--type ReferenceObject lists some")


def _near(memory: Memory, node_id: str) -> list[str]:
    kind = node_id.rpartition("/")[0]
    ids = memory.ids(f"{kind}/", MOST_COMPARED) if kind else ()
    return list(ids or memory.ids(first=MOST_COMPARED))


def _guess(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"did you mean {close[0]}? " if close else ""
