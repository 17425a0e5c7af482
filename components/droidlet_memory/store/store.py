"""One open store: its connection, what is known of its newest revision, and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from sqlite3 import Connection, DatabaseError, OperationalError
from threading import RLock

from droidlet_memory.compiler.planning import Plans
from droidlet_memory.errors import Damaged, NoSuchRevision, StoreClosed, StoreUnwritable
from droidlet_memory.schemas import Composition
from droidlet_memory.store import commits
from droidlet_memory.store.connecting import Lock, tidied
from droidlet_memory.store.copying import file_closed, file_open
from droidlet_memory.store.kinds import Kinds
from droidlet_memory.store.paths import IN_MEMORY
from droidlet_memory.store.reading import Reader
from droidlet_memory.store.registry import STORES
from droidlet_memory.store.rows import told
from droidlet_memory.store.wording import BROKEN, explained, worded
from droidlet_memory.store.words import Words
from droidlet_memory.store.writing import Writer
from droidlet_schema import Change

_NS: int | None = None  # of no commit
HEAD = "SELECT revision, digest, now_ns FROM commits ORDER BY revision DESC LIMIT 1"
COMMIT = "SELECT revision, digest, now_ns FROM commits WHERE revision = ?"
OLDEST = "SELECT value FROM meta WHERE name = 'oldest'"


class Store:
    """What is behind memories of one id; `shared` where another process may write to it, `lock` keeps other
    writers out, `file` is which file the path was the name of.

    `head`, `head_digest` and `head_ns` are the newest commit and `oldest` the oldest revision kept: right
    inside `reading()` and `writing()`; `readers` is how often reading has begun and not ended.
    """

    def __init__(
        self,
        connection: Connection,
        path: str,
        store_id: str,
        schema: Composition,
        shared: bool = False,
        lock: Lock | None = None,
        file: tuple[int, int] | None = None,
    ) -> None:
        self.connection, self.path, self.id, self.schema = connection, path, store_id, schema
        self.shared, self._lock, self.file = shared, lock, file
        self._descriptor: int | None = None
        self.turn = RLock()
        self.open, self.readers = True, 0
        self._reading = Reading(self)
        self.words = Words(connection)
        if not shared:
            self.words.know_types(schema.types)
        self.kinds = Kinds(schema, self.words)
        self.plans = Plans()
        self.reader = Reader(connection, self.words)
        self.writer = Writer(connection, self.words)
        self.head, self.head_digest, self.head_ns, self.oldest = 0, "", _NS, 0
        self.look()
        STORES.add(self)

    def look(self) -> None:
        """Finds the newest commit. Raises Damaged."""
        newest = self.connection.execute(HEAD).fetchone()
        oldest = self.connection.execute(OLDEST).fetchone()
        if newest is None or oldest is None or not type(newest[0]) is type(oldest[0]) is int:
            raise Damaged("it does not say how far its history reaches")
        self.head, self.head_digest, self.head_ns = newest[0], *told(*newest)
        self.oldest = oldest[0]

    def reading(self) -> Reading:
        """One unchanging view of the store. Raises StoreClosed, StoreUnreadable for damage that is met."""
        return self._reading

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of what is done inside or, where that raises, nothing of it."""
        with self.turn:
            self.check_writable()
            with explained(self.path):
                self.connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                    self.connection.execute("COMMIT")
                except BaseException:
                    self.undo()
                    raise

    def commit(
        self, revision: int, digest: str, changes: tuple[Change, ...], now_ns: int | None
    ) -> tuple[int, str]:
        """Revision and digest of the child of a revision. Raises CommitRefused, CommitConflict, StoreError."""
        return commits.commit(self, revision, digest, changes, now_ns)

    def undo(self) -> None:
        """Takes back the transaction that is open."""
        if self.connection.in_transaction:
            with suppress(DatabaseError):
                self.connection.execute("ROLLBACK")
        self.forget()

    def forget(self) -> None:
        """Drops all that was noted, and looks again."""
        self.words.forget()
        self.reader.forget()
        self.writer.recount()
        self.look()

    def check_open(self) -> None:
        """Raises StoreClosed where it is not."""
        if not self.open:
            raise StoreClosed(f"the store {self.id} ({self.path}) was closed")

    def check_writable(self) -> None:
        """Raises StoreUnwritable where it is open for reading only."""
        self.check_open()
        if self.shared:
            raise StoreUnwritable(f"{self.path} is open for reading only: open it with read_only=False")

    def digest_at(self, revision: int) -> str:
        """The digest of a revision. Raises NoSuchRevision."""
        return self._commit(revision)[0]

    def time_at(self, revision: int) -> int | None:
        """The time of a revision; None of that before the first commit. Raises NoSuchRevision."""
        return self._commit(revision)[1]

    def _commit(self, revision: int) -> tuple[str, int | None]:
        row = self.connection.execute(COMMIT, (revision,)).fetchone()
        if row is None:
            raise NoSuchRevision(
                f"revision {revision}: the store has the revisions {self.oldest} to {self.head}"
            )
        return told(*row)

    def whole_file(self) -> int | None:
        """Its file, open to be read byte by byte while one is `reading()`; None where there is none, or it has
        not all that was committed.
        """
        if self.path == IN_MEMORY or self.shared:
            return None  # who reads along cannot bring the log into the file, nor keep others from it
        try:
            _, logged, brought = self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except OperationalError:
            return None  # the file's disk may be full: that is no reason not to copy it to another
        if logged != brought:
            return None  # somebody reads what was before
        if self._descriptor is None:
            self._descriptor = file_open(self.path)
        return self._descriptor

    def close(self) -> None:
        """Closes it, for all memories that lead here; again does nothing."""
        with self.turn:
            if self.open:
                self.open = False
                STORES.remove(self)
                self.words.close()
                self.writer.close()
                self.connection.close()
                if self._descriptor is not None:
                    # not before: a process that closes a file loses all its locks on it
                    file_closed(self._descriptor)
                if self.shared:
                    tidied(self.path)
                if self._lock is not None:
                    self._lock.release()


class Reading:
    """The view of a store while it is read, as a context; made once for all, as reading is most of what is
    done.
    """

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> None:
        """Waits for one's turn; what another process writes from now on is not seen."""
        store = self._store
        store.turn.acquire()
        store.readers += 1
        try:
            store.check_open()
            if store.shared and store.readers == 1:
                with explained(store.path):
                    store.connection.execute("BEGIN")
                    store.look()
        except BaseException:
            self._leave()
            raise

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Gives the turn on; SQLite's errors become this package's."""
        self._leave()
        if isinstance(error, BROKEN):
            raise worded(self._store.path, error) from error

    def _leave(self) -> None:
        store = self._store
        store.readers -= 1
        try:
            if store.shared and store.open and not store.readers:
                with suppress(DatabaseError):
                    store.connection.execute("ROLLBACK")
        finally:
            store.turn.release()
