"""Memory: a value that remembers. Writing gives the next one; every older one still answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Union

from droidlet_memory.committed import committed
from droidlet_memory.composing import compose
from droidlet_memory.counting import MOST, chosen, counts, first_found, first_of
from droidlet_memory.differing import differ
from droidlet_memory.errors import NoSuchRevision
from droidlet_memory.given import changes_in, is_text, query_in, texts_in, whole
from droidlet_memory.results import Committed, Diff, Explanation, Truncated, Version
from droidlet_memory.schemas import Composition, Schema
from droidlet_memory.shipped import schemas_named
from droidlet_memory.store.body import Stored
from droidlet_memory.store.paths import Path
from droidlet_memory.store.registry import STORES
from droidlet_memory.working.body import Working
from droidlet_schema import Answer, Change, MemoryNode, Query, record

SCHEMAS = ("base", "robot")


@record(version=2)
class Memory:
    """Nodes, and every commit that led to them. Begin with `Memory.empty()`, whose body is its content, or
    with `Memory.open()`, whose body is a place in a SQLite file.

    Both answer and refuse alike. Two memories are equal when their digests are: that is, when the same
    commits led to them under the same schemas, in whatever body. The codec carries a working memory as its
    content, a stored one as (store, revision, digest), to be used where that store is open. Used where it is
    not, a stored memory raises StoreClosed.
    """

    body: Union[Working, Stored]

    @staticmethod
    def empty(schemas: Iterable[str | Schema] = SCHEMAS) -> Memory:
        """A memory of nothing, under schemas by name or as data. Raises SchemasError where they do not
        compose.
        """
        return Memory(Working.empty(compose(schemas_named(schemas))))

    @staticmethod
    def open(
        schemas: Iterable[str | Schema] | None = None, path: Path = ":memory:", *, read_only: bool = False
    ) -> Memory:
        """The newest memory of a file, or a new one: a file is made where there is none; ":memory:" is always
        new, and gone with the last memory of it.

        Without `schemas` those of the file count, of a new one the shipped ones. A file that was made under
        older ones is upgraded to those named; where nodes become otherwise by that, it is kept beside the new
        one, as "<path>.before-<old versions>". One process writes to a file, any number read along.

        Raises SchemasError where the file cannot be upgraded to the schemas, or would have to be and is opened
        for reading only; StoreUnreadable for a foreign, damaged or newer file, StoreUnwritable for one that
        is read-only, StoreBusy where another process writes to it, or reads what is to be upgraded.
        """
        from droidlet_memory.store.opening import open_store

        wanted = None if schemas is None else compose(schemas_named(schemas))
        store = open_store(path, wanted, compose(schemas_named(SCHEMAS)), read_only)
        try:
            with store.reading():
                return Memory(Stored(store.id, store.head, store.head_digest))
        finally:
            STORES.leave(store)  # where it could not be read

    def close(self) -> None:
        """Closes the store, for all memories of it; nothing for a working memory."""
        if isinstance(self.body, Stored):
            self.body.close()

    def __enter__(self) -> Memory:
        """This memory; its store is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the store."""
        self.close()

    @property
    def schema(self) -> Composition:
        """The schemas, put together."""
        return self.body.schema

    @property
    def revision(self) -> int:
        """The number of commits so far."""
        return self.body.revision

    @property
    def oldest(self) -> int:
        """The oldest revision that `at` reaches: 0 unless history was cut."""
        return self.body.oldest

    @property
    def digest(self) -> str:
        """The name of this history: a chain over the commits, so that equal content by another way has
        another digest.
        """
        return self.body.digest

    @property
    def path(self) -> str | None:
        """The file that it is in; None where there is none."""
        return self.body.path

    @property
    def now_ns(self) -> int | None:
        """The time of the newest commit."""
        return self.body.now_ns

    @property
    def held(self) -> Mapping[str, MemoryNode]:
        """All nodes by id; of a stored memory all of it is read, where `ids` and `node` read what is asked."""
        return self.body.held

    def __digest__(self) -> str:
        """Its history's digest: memories are equal when that is."""
        return self.body.digest

    def commit(self, changes: Iterable[Change], now_ns: int | None = None) -> Memory:
        """The memory after these changes, made all together or, where one is refused, not at all.

        No changes give this very memory. The commit's time is `now_ns`, else the latest time in the changes,
        and never before that of the commit before. Forgetting and attending what is not there, and dropping
        what was not said, change nothing. The same changes on the same memory give the same next one, as
        often as they are committed. Raises CommitRefused naming the change and what is wrong with it;
        RecordError for what is no change at all. Of a stored memory, CommitConflict where other changes were
        committed on it before, StoreError where nothing can be written.
        """
        wanted = changes if type(changes) is tuple else changes_in(changes)
        return Memory(self.body.commit(wanted, now_ns)) if wanted else self

    def query(self, query: Query, first: int | None = None) -> Answer:
        """What fits a question; see `droidlet_memory.evaluating` for what each part of it means. Never
        raises for what is asked.

        With `first` the answer has no more than so many of the nodes, and what was asked about these; its
        count is that of all. Of a stored memory no others are read then, unless the question has parts that
        are judged node by node (`explain` tells); nor are they where the question itself has a limit, or asks
        for the least or the greatest by a number of its row, such as x, height or born_time.
        """
        if first is not None:
            return first_found(self.body, query_in(query), whole(first, "first"))
        chooses = chosen(query.filters if isinstance(query, Query) else query_in(query).filters)
        return first_found(self.body, query, MOST) if chooses else self.body.query(query)

    def explain(self, query: Query) -> Explanation:
        """How a question would be answered: the SQL, the indexes used, what is judged node by node."""
        return self.body.explain(query_in(query))

    def node(self, node_id: str) -> MemoryNode | None:
        """The node of this id, None where there is none."""
        return self.body.node(node_id) if is_text(node_id) else None

    def nodes(
        self, node_type: str | None = None, first: int | None = None, *, below: bool = True
    ) -> tuple[MemoryNode, ...]:
        """All nodes, or those of a type and, unless `below` is False, of the types below it, in the order of
        ids; or the `first` so many of them, and of a stored memory no others are read.
        """
        types = None if node_type is None else self.schema.below(node_type)
        if types is not None and not below:
            types &= {node_type}
        return self.body.nodes(types) if first is None else first_of(self.body, types, whole(first, "first"))

    def counts(self) -> dict[str, int]:
        """How many nodes there are of each type that has any, those of the types below it not counted."""
        return counts(self.body)

    def ids(self, prefix: str = "", first: int | None = None) -> tuple[str, ...]:
        """The ids of all nodes, or of those that begin with a prefix, in the order of texts; or the `first` so
        many of them.
        """
        return self.body.ids(prefix, first) if is_text(prefix) else ()

    def saying(self, texts: Iterable[str]) -> tuple[MemoryNode, ...]:
        """The nodes of which one of these very texts is said, by whatever predicate, in the order of ids: of a
        node's id those that refer to it.
        """
        return self.body.saying(texts_in(texts))

    def at(self, *, revision: int | None = None, time_ns: int | None = None) -> Memory:
        """This memory as it was after `revision` commits, or at a time. A working memory goes back commit by
        commit; a stored one answers at any revision at the same cost.

        Raises NoSuchRevision for a revision that is not there, TypeError unless exactly one of the two is
        given.
        """
        if (revision is None) == (time_ns is None):
            raise TypeError("Memory.at takes a revision or a time_ns, one of the two")
        if time_ns is not None:
            revision = self.body.revision_at(whole(time_ns, "time_ns"))
        return Memory(self.body.at(self._reached(revision)))

    def _reached(self, revision: Any) -> int:
        if type(revision) is not int or not self.oldest <= revision <= self.revision:
            raise NoSuchRevision(
                f"revision {revision}: this memory has the revisions {self.oldest} to {self.revision}"
            )
        return revision

    def history(self, node_id: str) -> tuple[Version, ...]:
        """Every version of a node, the oldest first; none for an id never used. Where history was cut, it
        begins with the node as it stood at the oldest revision kept.
        """
        return self.body.history(node_id) if is_text(node_id) else ()

    def commits(self, since: int | None = None) -> Iterator[Committed]:
        """Every commit kept, or those after a revision, the oldest first: what was asked for, as data."""
        return committed(self.body, self.oldest if since is None else since)

    def fork(self, path: Path | None = None) -> Memory:
        """A memory to go another way from here. Of a working one this very memory, for values do not disturb
        each other, unless a path is given; of a stored one a copy with a store of its own, in a new file or,
        without a path, in memory. Raises StoreUnwritable where the file exists or cannot be made.
        """
        if path is None and isinstance(self.body, Working):
            return self
        from droidlet_memory.store.forking import fork

        return Memory(fork(self.body, ":memory:" if path is None else path))

    def __fork__(self) -> Memory:
        """This memory for one of several trials from one state; see `droidlet_laws.forking`."""
        return self.fork()

    def save(self, path: Path) -> None:
        """Writes this memory with its history to a new file, which `open` and `load` take. Raises
        StoreUnwritable where the file exists or cannot be made.
        """
        from droidlet_memory.store.forking import fork

        fork(self.body, path).close()

    @staticmethod
    def load(path: Path) -> Memory:
        """A file's newest memory as a working memory: all its content, and no open file. Raises
        StoreUnreadable.
        """
        from droidlet_memory.store.loading import loaded

        return Memory(loaded(path))

    def export_json_lines(self, path: Path) -> None:
        """Writes schemas, history and nodes to a new text file, one JSON value a line. Raises StoreUnwritable
        where it exists or cannot be made.
        """
        from droidlet_memory.store.exporting import export

        export(self.body, path)

    @staticmethod
    def import_json_lines(path: Path) -> Memory:
        """The working memory that such a text file tells of. Raises StoreUnreadable naming the line that is
        wrong.
        """
        from droidlet_memory.store.exporting import imported

        return Memory(imported(path))

    @staticmethod
    def diff(older: Memory, newer: Memory) -> Diff:
        """What `newer` holds otherwise than `older`; the two may be forks of one another or strangers."""
        return differ(older.body, newer.body)

    def truncate_before(self, revision: int) -> tuple[Memory, Truncated]:
        """This memory without what it was before a revision, and what that reclaimed: older revisions are no
        more. Of a stored memory the file itself is cut, for all memories of it. Nodes and digest stay. Raises
        NoSuchRevision.
        """
        body, told = self.body.truncated(self._reached(revision))
        return Memory(body), told

    def verify(self) -> bool:
        """Whether the commits, made again one by one, lead to this very content and digest: a check for a
        memory that came from elsewhere. Costs as much as the commits did.
        """
        return self.body.verify()
