"""A file brought from the schemas that it was made under to newer ones.

Where those only add, nodes and commits stay as they are. What changes are the digests, as they name a history
under its schemas: in one transaction the chain is made again from the new root, so that it is the one that
the same commits have under the new schemas in any other memory. Where history was cut, its new beginning is
named by the old one and the new schemas.

Otherwise the history is made again in a new file beside the old, which takes its place when all of it is on
the disk; the old one is kept under another name. The store has a new id either way: memories from before, and
their digests, are not those of the new store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from sqlite3 import Connection, DatabaseError, OperationalError

from droidlet_memory.chain import chained, root
from droidlet_memory.errors import (
    CommitRefused,
    Damaged,
    SchemasError,
    StoreBusy,
    StoreError,
    StoreUnwritable,
)
from droidlet_memory.memory import Memory
from droidlet_memory.migrating import MigrationPlan, migrate_memory, migrate_node, plan_migration
from droidlet_memory.ordering import by_number
from droidlet_memory.schemas import Composition
from droidlet_memory.store import blobs, opening
from droidlet_memory.store.body import Stored
from droidlet_memory.store.connecting import connected
from droidlet_memory.store.files import names_for, put_in_place, remove
from droidlet_memory.store.forking import founded
from droidlet_memory.store.wording import explained
from droidlet_memory.working.body import Working
from droidlet_schema import digest

NEW, KEPT = "-upgrading", "-keeping"  # behind the file's name, while they are not all there
AT_ONCE = 256
LINKS = """SELECT revision, digest, now_ns, changes FROM commits WHERE revision > ? ORDER BY revision
    LIMIT ?"""
CHAIN = "UPDATE commits SET digest = ? WHERE revision = ?"
WAIT_MS = 500  # for others to close the file
WHICH = """SELECT value, (SELECT digest FROM commits ORDER BY revision DESC LIMIT 1) FROM meta
    WHERE name = 'store'"""


def plan_upgrade(path: str, found: Composition, wanted: Composition) -> MigrationPlan:
    """What would happen to the nodes of a file. Raises SchemasError where nothing leads to what is wanted."""
    try:
        return plan_migration(found, wanted)
    except SchemasError as error:
        raise refused(path, found, wanted, error) from None


def refused(path: str, found: Composition, wanted: Composition, why: object) -> SchemasError:
    """Both sides, and why they do not come together."""
    now = " as they are now" if found.names == wanted.names else ""
    return SchemasError(
        f"{path} was made with the schemas {', '.join(found.names)}, not with {', '.join(wanted.names)}"
        f"{now}; it stays as it is: {why}"
    )


def upgrade(connection: Connection, path: str, found: Composition, wanted: Composition) -> None:
    """Brings a file to which nobody else writes to other schemas. Its connection is of no use afterwards.

    Raises SchemasError where they cannot be reached, StoreBusy where others read the file, StoreUnreadable
    where it is damaged, StoreUnwritable; the file is then as it was.
    """
    plan = plan_upgrade(path, found, wanted)
    if only_adds(plan, found, wanted):
        _chain_again(connection, path, found, wanted)
        return
    for _ in _links(connection, found):
        pass  # what is not what it was is not made again as if it were
    try:
        _replace(connection, path, found, wanted, plan)
    except OSError as error:
        raise StoreUnwritable(f"{path} cannot be upgraded ({error.strerror or error})") from error
    finally:
        remove(path + NEW)
        remove(path + KEPT)


def _replace(
    connection: Connection, path: str, found: Composition, wanted: Composition, plan: MigrationPlan
) -> None:
    remove(path + NEW)
    remove(path + KEPT)
    store = opening.opened(connection, path, shared=True)
    old = Memory(Stored(store.id, store.head, store.head_digest))  # as long as it lives, the store is open
    try:
        with explained(path):
            _make_again(old, path + NEW, wanted, plan)
        _be_alone(connection, path)
        _keep(connection, path, _kept_as(path, found, wanted))
        put_in_place(path + NEW, path, path)
    except (CommitRefused, SchemasError) as error:
        raise refused(path, found, wanted, error) from error
    finally:
        old.close()


def only_adds(plan: MigrationPlan, found: Composition, wanted: Composition) -> bool:
    """Whether every commit is as good under the schemas wanted, and leads to the same nodes."""
    return plan.nothing and all(
        set(facts.lineage) <= set(wanted.types[name].lineage) for name, facts in found.types.items()
    )


def _chain_again(connection: Connection, path: str, found: Composition, wanted: Composition) -> None:
    _be_alone(connection, path)
    run = connection.execute
    run("PRAGMA journal_mode = WAL")
    run("BEGIN IMMEDIATE")
    parent = ""
    for revision, frames, now_ns, old in _links(connection, found):
        if frames is not None:
            parent = chained(parent, frames, now_ns)
        elif not revision:
            parent = root(wanted)
        else:
            parent = digest(("memory", wanted, old))
        run(CHAIN, (parent, revision))
    run("UPDATE meta SET value = ? WHERE name = 'schema'", (blobs.pack(wanted),))
    opening.name_store(connection)
    run("COMMIT")


def _links(
    connection: Connection, found: Composition
) -> Iterator[tuple[int, tuple[bytes, ...] | None, int, str]]:
    """Every commit as revision, frames of its changes, time, digest; the oldest kept first, which has no
    changes. Raises Damaged where they are no chain.
    """
    before, parent = -1, ""
    while rows := connection.execute(LINKS, (before, AT_ONCE)).fetchall():
        for revision, told, now_ns, changes in rows:
            frames = None if before < 0 else blobs.unpack_frames(changes)
            if frames is not None:
                holds = revision == before + 1 and told == chained(parent, frames, now_ns)
            else:
                holds = revision > 0 or told == root(found)
            if not holds:
                raise Damaged(f"revision {revision} is not what its digest says")
            yield revision, frames, now_ns, told
            before, parent = revision, told


def _make_again(old: Memory, part: str, wanted: Composition, plan: MigrationPlan) -> None:
    """A new file with a memory's whole history under other schemas."""
    fresh = founded(connected(part), Working.empty(wanted), part)
    try:
        new = migrate_memory(old, Memory(Stored(fresh.id, fresh.head, fresh.head_digest)))
        nodes = (migrate_node(plan, node) for node in old.nodes())
        if tuple(sorted((n for n in nodes if n is not None), key=by_number)) != new.nodes():
            raise Damaged("its nodes are not what its commits lead to")
    finally:
        fresh.close()


def _be_alone(connection: Connection, path: str) -> None:
    """Brings all that was written into the file itself, and keeps everybody else out until the connection is
    closed. Raises StoreBusy where others have it open.
    """
    connection.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except OperationalError as error:
        raise StoreBusy(
            f"{path} is read by others, and is to be upgraded to newer schemas ({error}): close it there first"
        ) from error


def _keep(connection: Connection, path: str, kept_as: str) -> None:
    """Copies the file of a connection, if it is not there from a time when this did not come to its end."""
    for name, there in names_for(kept_as):
        if there and _which(name) == connection.execute(WHICH).fetchone():
            return
        if not there:
            break
    copy = connected(path + KEPT)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    put_in_place(path + KEPT, name, path)


def _which(path: str) -> object:
    try:
        kept = connected(path, read_only=True)
        try:
            return kept.execute(WHICH).fetchone()
        finally:
            kept.close()
    except (StoreError, DatabaseError):
        return None


def _kept_as(path: str, found: Composition, wanted: Composition) -> str:
    changed = [name for name in found.names if found.versions.get(name, 1) != wanted.versions[name]]
    versions = [f"{name}-{found.versions.get(name, 1)}" for name in changed or found.names]
    return f"{path}.before-" + re.sub(r"[^\w.-]", "_", "-".join(versions))
