"""The commits of a memory: the newest one by one, and how many there were at which time."""

from __future__ import annotations

from typing import Any, NamedTuple

from droidlet_memory import Committed, Memory
from droidlet_schema import Attend, Change, DropTriple, Forget, MemoryNode, PutNode
from droidlet_style.cli.memories.values import cut

MOST_COMMITS, MOST_CHANGES = 400, 20_000  # shown one by one; of all of these together
CHANGES_EACH = 60  # of one commit
STRETCHES = 96


class Stretch(NamedTuple):
    """A stretch of time [since, until): the commits made in it end at `revision`."""

    since_ns: int
    until_ns: int
    commits: int
    revision: int


def newest(memory: Memory) -> list[dict[str, Any]]:
    """The newest commits, the newest first, with what each changed, as far as there is room."""
    found: list[dict[str, Any]] = []
    room = MOST_CHANGES
    for revision in range(memory.revision, memory.oldest, -1):
        if len(found) >= MOST_COMMITS or room <= 0:
            break
        for commit in memory.at(revision=revision).commits(revision - 1):
            room -= len(commit.changes)
            found.append(_commit(commit))
    return found


def _commit(commit: Committed) -> dict[str, Any]:
    shown = [_change(change) for change in commit.changes[:CHANGES_EACH]]
    return {
        "revision": commit.revision,
        "s": commit.now_ns / 1e9,
        "digest": commit.digest,
        "changes": shown,
        "more": len(commit.changes) - len(shown),
    }


def _change(change: Change) -> list[str]:
    """What was done, to which node, and what of it is said."""
    if isinstance(change, PutNode):
        return ["put", change.node.id, cut(_told(change.node), 120)]
    if isinstance(change, Attend):
        return ["attend", change.node_id, ""]
    if isinstance(change, Forget):
        return ["forget", change.node_id, ""]
    what = "drop" if isinstance(change, DropTriple) else "say"
    return [what, change.node_id, cut(f"{change.triple.predicate} {change.triple.object}", 120)]


def _told(node: MemoryNode) -> str:
    texts = (value for value in node.properties.values() if isinstance(value, str))
    return ", ".join(t.object for t in node.triples) or ", ".join(texts)


def stretches(memory: Memory) -> list[Stretch]:
    """How many commits were made when: equal stretches from the first to the last, counted by bisection, so
    that a long history costs no more than a short one.
    """
    oldest, last = memory.oldest, memory.now_ns
    first = memory.at(revision=min(oldest + 1, memory.revision)).now_ns
    if first is None or last is None or memory.revision == oldest:
        return []
    length = max((last - first) // STRETCHES + 1, 1)
    found, before = [], oldest
    for number in range((last - first) // length + 1):
        since = first + number * length
        revision = memory.at(time_ns=min(since + length - 1, last)).revision
        found.append(Stretch(since, since + length, revision - before, revision))
        before = revision
    return found
