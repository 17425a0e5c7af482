"""The commits of a memory, newest first, as a value that grows by one in constant time.

A skew-binary random-access list (C. Okasaki, Purely Functional Data Structures, 1998, 9.3.1): complete binary
trees of growing size, so that n commits are about log2(n) trees, none deeper than log2(n). Every older
journal shares its trees with the newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from droidlet_schema import Change, FrozenMap, MemoryNode, record


@record
class Commit:
    """One transaction: when, what was asked for, and what stood there before (None: nothing)."""

    digest: str
    now_ns: int
    changes: tuple[Change, ...]
    before: FrozenMap[str, Optional[MemoryNode]]


@record
class Tree:
    """2^k - 1 commits: the newest, then those of `newer`, then those of `older`."""

    size: int
    commit: Commit
    newer: Optional[Tree] = None
    older: Optional[Tree] = None


Journal = tuple[Tree, ...]


def length(journal: Journal) -> int:
    """The number of commits."""
    return sum(tree.size for tree in journal)


def append(journal: Journal, commit: Commit) -> Journal:
    """The journal with one more commit."""
    if len(journal) > 1 and journal[0].size == journal[1].size:
        return (Tree(1 + 2 * journal[0].size, commit, journal[0], journal[1]), *journal[2:])
    return (Tree(1, commit), *journal)


def without_newest(journal: Journal, count: int) -> Journal:
    """The journal as it was `count` commits ago; count is at most its length."""
    while count > 0:
        first, rest = journal[0], journal[1:]
        if first.size <= count:
            journal, count = rest, count - first.size
        else:
            journal, count = (*_halves(first), *rest), count - 1
    return journal


def newest_first(journal: Journal) -> Iterator[Commit]:
    """The commits, the newest first."""
    waiting = list(reversed(journal))
    while waiting:
        tree = waiting.pop()
        yield tree.commit
        waiting.extend(reversed(_halves(tree)))


def _halves(tree: Tree) -> Journal:
    return tuple(half for half in (tree.newer, tree.older) if half is not None)
