"""Memory: a value that remembers. Writing gives the next one; every older one still answers."""

from __future__ import annotations

from collections.abc import Iterable

from droidlet_memory import journal
from droidlet_memory.committing import apply
from droidlet_memory.errors import CommitRefused, NoSuchRevision
from droidlet_memory.evaluating import answer
from droidlet_memory.journal import Commit, Tree
from droidlet_memory.ordering import by_number
from droidlet_memory.schemas import Composition, Schema, compose
from droidlet_memory.shipped import schemas_named
from droidlet_schema import Answer, Attend, Change, FrozenMap, MemoryNode, PutNode, Query, digest, record


@record
class Version:
    """What a node became at a revision; None: it was forgotten."""

    revision: int
    now_ns: int
    node: MemoryNode | None


@record
class Diff:
    """What one memory has and another has not, each in the order of ids."""

    added: tuple[MemoryNode, ...] = ()
    removed: tuple[MemoryNode, ...] = ()
    changed: tuple[tuple[MemoryNode, MemoryNode], ...] = ()  # before, after


@record
class Memory:
    """Nodes, and every commit that led to them. Begin with `Memory.empty()`.

    Two memories are equal when their digests are: that is, when the same commits led to them under the same
    schemas.
    """

    schema: Composition
    held: FrozenMap[str, MemoryNode] = FrozenMap()
    log: tuple[Tree, ...] = ()

    @staticmethod
    def empty(schemas: Iterable[str | Schema] = ("droidlet", "robot")) -> Memory:
        """A memory of nothing, under schemas by name or as data. Raises SchemasError where they do not
        compose.
        """
        return Memory(compose(schemas_named(schemas)))

    @property
    def revision(self) -> int:
        """The number of commits so far."""
        return journal.length(self.log)

    @property
    def digest(self) -> str:
        """The name of this history: a chain over the commits, so that equal content by another way has
        another digest.
        """
        return self.log[0].commit.digest if self.log else digest(("memory", self.schema))

    @property
    def now_ns(self) -> int | None:
        """The time of the newest commit."""
        return self.log[0].commit.now_ns if self.log else None

    def __digest__(self) -> str:
        """Its history's digest: memories are equal when that is."""
        return self.digest

    def commit(self, changes: Iterable[Change], now_ns: int | None = None) -> Memory:
        """The memory after these changes, made all together or, where one is refused, not at all.

        No changes give this very memory. The commit's time is `now_ns`, else the latest time in the changes,
        and never before that of the commit before. Forgetting and attending what is not there, and dropping
        what was not said, change nothing. Raises CommitRefused naming the change and what is wrong with it;
        RecordError for what is no change at all.
        """
        wanted = tuple(changes)
        if not wanted:
            return self
        if now_ns is not None and type(now_ns) is not int:
            raise CommitRefused("now_ns", now_ns, "expected an int of nanoseconds, or None")
        written, time_ns = apply(self.schema, self.held, wanted), self._time_of(wanted, now_ns)
        chained = digest((self.digest, wanted, time_ns))
        made = Commit(chained, time_ns, wanted, FrozenMap(written.before))
        return Memory(self.schema, written.nodes, journal.append(self.log, made))

    def _time_of(self, changes: tuple[Change, ...], now_ns: int | None) -> int:
        times = [0 if self.now_ns is None else self.now_ns]
        if now_ns is not None:
            return max(times[0], now_ns)
        times += [change.node.updated_ns for change in changes if isinstance(change, PutNode)]
        times += [change.now_ns for change in changes if isinstance(change, Attend)]
        return max(times)

    def query(self, query: Query) -> Answer:
        """What fits a question; see `droidlet_memory.evaluating` for what each part of it means. Never
        raises.
        """
        return answer(self.schema, self.held, query)

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of this id, None where there is none."""
        return self.held.get(node_id)

    def nodes(self, node_type: str | None = None) -> tuple[MemoryNode, ...]:
        """All nodes, or those of a type and of the types below it, in the order of ids."""
        fitting = (
            n for n in self.held.values() if node_type is None or self.schema.is_a(n.node_type, node_type)
        )
        return tuple(sorted(fitting, key=by_number))

    def at(self, *, revision: int | None = None, time_ns: int | None = None) -> Memory:
        """This memory as it was after `revision` commits, or at a time. Costs as many steps as there were
        commits since.

        Raises NoSuchRevision for a revision that is not there, TypeError unless exactly one of the two is
        given.
        """
        if (revision is None) == (time_ns is None):
            raise TypeError("Memory.at takes a revision or a time_ns, one of the two")
        target = self._revision_at(time_ns) if revision is None else revision
        newest = self.revision
        if not 0 <= target <= newest:
            raise NoSuchRevision(f"revision {target}: this memory has the revisions 0 to {newest}")
        return self._undone(newest - target)

    def _revision_at(self, time_ns: int | None) -> int:
        later = 0
        for commit in journal.newest_first(self.log):
            if time_ns is None or commit.now_ns <= time_ns:
                break
            later += 1
        return self.revision - later

    def _undone(self, count: int) -> Memory:
        nodes = dict(self.held)
        for _, commit in zip(range(count), journal.newest_first(self.log)):
            for node_id, node in commit.before.items():
                if node is None:
                    nodes.pop(node_id, None)
                else:
                    nodes[node_id] = node
        return (
            Memory(self.schema, FrozenMap(nodes), journal.without_newest(self.log, count)) if count else self
        )

    def history(self, node_id: str) -> tuple[Version, ...]:
        """Every version of a node, the oldest first; none for an id never used."""
        versions, revision, node = [], self.revision, self.held.get(node_id)
        for commit in journal.newest_first(self.log):
            if node_id in commit.before:
                versions.append(Version(revision, commit.now_ns, node))
                node = commit.before[node_id]
            revision -= 1
        return tuple(reversed(versions))

    def fork(self) -> Memory:
        """A memory to go another way from here: this very one, for values do not disturb each other."""
        return self

    @staticmethod
    def diff(older: Memory, newer: Memory) -> Diff:
        """What `newer` holds otherwise than `older`; the two may be forks of one another or strangers."""
        before, after = older.held, newer.held
        added = (node for node_id, node in after.items() if node_id not in before)
        removed = (node for node_id, node in before.items() if node_id not in after)
        both = ((before[i], node) for i, node in after.items() if i in before)
        changed = (pair for pair in both if pair[0] is not pair[1] and pair[0] != pair[1])
        return Diff(
            tuple(sorted(added, key=by_number)),
            tuple(sorted(removed, key=by_number)),
            tuple(sorted(changed, key=lambda pair: by_number(pair[0]))),
        )

    def verify(self) -> bool:
        """Whether the commits, made again one by one, lead to this very content and digest: a check for a
        memory that came from elsewhere. Costs as much as the commits did.
        """
        again = Memory(self.schema)
        for commit in reversed(list(journal.newest_first(self.log))):
            again = again.commit(commit.changes, commit.now_ns)
        return digest((again.held, again.log)) == digest((self.held, self.log))
