"""One open store: its connection, what is known of its newest revision, and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from sqlite3 import Connection, DatabaseError, IntegrityError, OperationalError
from threading import RLock

from droidlet_memory.errors import NoSuchRevision, StoreBusy, StoreClosed, StoreUnreadable, StoreUnwritable
from droidlet_memory.schemas import Composition
from droidlet_memory.store import registry
from droidlet_memory.store.reading import Reader
from droidlet_memory.store.words import Words
from droidlet_memory.store.writing import Writer
from droidlet_schema import MemoryNode

_NS: int | None = None  # of no commit
HEAD = "SELECT revision, digest, now_ns FROM commits ORDER BY revision DESC LIMIT 1"
OLDEST = "SELECT value FROM meta WHERE name = 'oldest'"


class Store:
    """What is behind memories of one id; `shared` where another process may write to it, `lock` a connection
    whose open transaction keeps other writers out.

    `head`, `head_digest` and `head_ns` are the newest commit and `oldest` the oldest revision kept: right
    inside `reading()` and `writing()`.
    """

    def __init__(
        self,
        connection: Connection,
        path: str,
        store_id: str,
        schema: Composition,
        shared: bool = False,
        lock: Connection | None = None,
    ) -> None:
        self.connection, self.path, self.id, self.schema = connection, path, store_id, schema
        self.shared, self._lock = shared, lock
        self.turn = RLock()
        self.open = True
        self.words = Words(connection)
        self.reader = Reader(connection, self.words)
        self.writer = Writer(connection, self.words)
        self.head, self.head_digest, self.head_ns, self.oldest = 0, "", _NS, 0
        self.look()
        registry.add(self)

    def look(self) -> None:
        """Finds the newest commit."""
        self.head, self.head_digest, self.head_ns = self.connection.execute(HEAD).fetchone()
        self.oldest = int(self.connection.execute(OLDEST).fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One unchanging view of the store. Raises StoreClosed, StoreUnreadable for damage that is met."""
        with self.turn:
            self._check_open()
            with explained(self.path):
                if not self.shared:
                    yield
                    return
                self.connection.execute("BEGIN")
                try:
                    self.look()
                    yield
                finally:
                    self.connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of what is done inside or, where that raises, nothing of it."""
        with self.turn:
            self._check_open()
            if self.shared:
                raise StoreUnwritable(f"{self.path} is open for reading only: open it with read_only=False")
            with explained(self.path):
                self.connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                    self.connection.execute("COMMIT")
                except BaseException:
                    self._undo()
                    raise

    def grown(self, revision: int, digest: str, now_ns: int, nodes: dict[int, MemoryNode | None]) -> None:
        """Notes the commit that is being made, and the nodes that it wrote."""
        self.head, self.head_digest, self.head_ns = revision, digest, now_ns
        for key, node in nodes.items():
            self.reader.note(key, revision, node)

    def _undo(self) -> None:
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

    def _check_open(self) -> None:
        if not self.open:
            raise StoreClosed(f"the store {self.id} ({self.path}) was closed")

    def digest_at(self, revision: int) -> str:
        """The digest of a revision. Raises NoSuchRevision."""
        row = self.connection.execute("SELECT digest FROM commits WHERE revision = ?", (revision,)).fetchone()
        if row is None:
            raise NoSuchRevision(
                f"revision {revision}: the store has the revisions {self.oldest} to {self.head}"
            )
        return str(row[0])

    def close(self) -> None:
        """Closes it, for all memories that lead here; again does nothing."""
        with self.turn:
            if self.open:
                self.open = False
                registry.remove(self)
                self.connection.close()
                if self._lock is not None:
                    self._lock.close()


@contextmanager
def explained(path: str) -> Iterator[None]:
    """SQLite's errors in this package's words."""
    try:
        yield
    except IntegrityError as error:
        raise StoreBusy(
            f"{path}: somebody else wrote to this file meanwhile ({error}); nothing was written"
        ) from error
    except OperationalError as error:
        raise _worded(path, error) from error
    except DatabaseError as error:
        raise StoreUnreadable(f"{path} is damaged ({error})") from error


def _worded(path: str, error: OperationalError) -> Exception:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return StoreUnwritable(f"{path}: no space left on the disk; nothing was written")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreUnwritable(f"{path} cannot be written to ({error}): is the file or its folder read-only?")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy(f"{path}: another process writes to this file")
    if name.startswith("SQLITE_IOERR"):
        return StoreUnwritable(f"{path}: reading or writing failed ({error}): is the disk full or gone?")
    return StoreUnreadable(f"{path} cannot be read as a memory ({error})")
