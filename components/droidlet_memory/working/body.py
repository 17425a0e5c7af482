"""The working body of a memory: all that it holds, and every commit that led to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Optional

from droidlet_memory.asking import saying
from droidlet_memory.chain import chained, encoded, root, time_of
from droidlet_memory.committing import drafted
from droidlet_memory.errors import NoSuchRevision
from droidlet_memory.evaluating import answer
from droidlet_memory.ordering import by_number
from droidlet_memory.results import Explanation, Truncated, Version
from droidlet_memory.schemas import Composition
from droidlet_memory.working import journal
from droidlet_memory.working.journal import Commit, Journal
from droidlet_schema import Answer, Change, FrozenMap, MemoryNode, Query, digest, record


@record
class Base:
    """The oldest revision kept."""

    revision: int
    digest: str
    now_ns: Optional[int] = None


@record
class Working:
    """Nodes, and the commits since `base`."""

    schema: Composition
    base: Base
    held: FrozenMap[str, MemoryNode] = FrozenMap()
    log: Journal = ()

    @staticmethod
    def empty(schema: Composition) -> Working:
        """Nothing yet."""
        return Working(schema, Base(0, root(schema)))

    @property
    def revision(self) -> int:
        """The number of commits."""
        return self.base.revision + journal.length(self.log)

    @property
    def oldest(self) -> int:
        """The oldest revision kept."""
        return self.base.revision

    @property
    def digest(self) -> str:
        """The newest link of the chain."""
        return self.log[0].commit.digest if self.log else self.base.digest

    @property
    def path(self) -> None:
        """No file: its content is in it."""
        return None

    @property
    def now_ns(self) -> int | None:
        """The time of the newest commit."""
        return self.log[0].commit.now_ns if self.log else self.base.now_ns

    def commit(self, changes: tuple[Change, ...], now_ns: int | None) -> Working:
        """The next body. Raises CommitRefused."""
        time_ns = time_of(changes, now_ns, self.now_ns)
        written = drafted(self.schema, self.held, changes)
        before = FrozenMap({node_id: self.held.get(node_id) for node_id in written})
        made = Commit(chained(self.digest, encoded(changes), time_ns), time_ns, changes, before)
        return Working(self.schema, self.base, self._with(written), journal.append(self.log, made))

    def _with(self, written: dict[str, MemoryNode | None]) -> FrozenMap[str, MemoryNode]:
        kept = {node_id: node for node_id, node in written.items() if node is not None}
        gone = [node_id for node_id, node in written.items() if node is None and node_id in self.held]
        after = self.held.update(kept)
        return after.without(*gone) if gone else after

    def explain(self, query: Query) -> Explanation:
        """Every node is looked at."""
        return Explanation(steps=(f"LOOK AT {len(self.held)} nodes",))

    def query(self, query: Query) -> Answer:
        """What fits a question."""
        return answer(self.schema, self.held, query, self.held_at)

    def held_at(self, time_ns: int) -> Mapping[str, MemoryNode]:
        """The nodes of a time by id; none before all that is kept."""
        try:
            return self.at(self.revision_at(time_ns)).held
        except NoSuchRevision:
            return {}

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of an id."""
        return self.held.get(node_id)

    def nodes(self, types: frozenset[str] | None) -> tuple[MemoryNode, ...]:
        """The nodes of some types, or all, in the order of ids."""
        fitting = (node for node in self.held.values() if types is None or node.node_type in types)
        return tuple(sorted(fitting, key=by_number))

    def ids(self, prefix: str, first: int | None = None) -> tuple[str, ...]:
        """The ids that begin with a prefix, in order; or the first so many of them."""
        fitting = (node_id for node_id in self.held if node_id.startswith(prefix))
        return tuple(fitting if first is None else islice(fitting, max(first, 0)))

    def saying(self, texts: frozenset[str]) -> tuple[MemoryNode, ...]:
        """The nodes of which one of these texts is said."""
        return tuple(saying(self.held.values(), texts))

    def at(self, revision: int) -> Working:
        """This body as it was; costs as many steps as there were commits since."""
        count = self.revision - revision
        nodes = dict(self.held)
        for _, commit in zip(range(count), journal.newest_first(self.log)):
            for node_id, node in commit.before.items():
                if node is None:
                    nodes.pop(node_id, None)
                else:
                    nodes[node_id] = node
        log = journal.without_newest(self.log, count)
        return Working(self.schema, self.base, FrozenMap(nodes), log) if count else self

    def revision_at(self, time_ns: int) -> int:
        """The last revision no later than a time. Raises NoSuchRevision for a time before all that are kept."""
        revision = self.revision
        for commit in journal.newest_first(self.log):
            if commit.now_ns <= time_ns:
                return revision
            revision -= 1
        if self.base.now_ns is not None and self.base.now_ns > time_ns:
            raise NoSuchRevision(f"time_ns {time_ns}: before revision {self.oldest}, the oldest kept")
        return revision

    def history(self, node_id: str) -> tuple[Version, ...]:
        """Every version of a node, the oldest first."""
        versions, revision, node = [], self.revision, self.held.get(node_id)
        for commit in journal.newest_first(self.log):
            if node_id in commit.before:
                versions.append(Version(revision, commit.now_ns, node))
                node = commit.before[node_id]
            revision -= 1
        if node is not None:  # what is older was cut off
            versions.append(Version(revision, self.base.now_ns or 0, node))
        return tuple(reversed(versions))

    def commits(self) -> Iterator[tuple[int, str, int, tuple[Change, ...]]]:
        """Every commit kept: revision, digest, time, changes; the oldest first."""
        for number, commit in enumerate(reversed(list(journal.newest_first(self.log)))):
            yield self.oldest + 1 + number, commit.digest, commit.now_ns, commit.changes

    def truncated(self, revision: int) -> tuple[Working, Truncated]:
        """This body without what was before a revision, and what that reclaimed."""
        old, kept = self.at(revision), Working(self.schema, self.base, self.held)
        commits = list(journal.newest_first(self.log))[: self.revision - revision]
        log: Journal = ()
        for commit in reversed(commits):
            log = journal.append(log, commit)
        versions = sum(len(commit.before) for commit in journal.newest_first(old.log))
        base = Base(revision, old.digest, old.now_ns)
        told = Truncated(revision - self.oldest, versions)
        return Working(kept.schema, base, self.held, log), told

    def verify(self) -> bool:
        """Whether the commits, made again one by one, lead to this very content and chain."""
        first = self.at(self.oldest)
        again = Working(self.schema, self.base, first.held)
        for _, _, now_ns, changes in self.commits():
            again = again.commit(changes, now_ns)
        if not self.oldest and (first.held or self.base != Working.empty(self.schema).base):
            return False
        return digest((again.held, again.log)) == digest((self.held, self.log))
