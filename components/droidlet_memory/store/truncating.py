"""Cuts a store's history: what was only before a revision is dropped, and its space given back."""

from __future__ import annotations

from sqlite3 import Connection

from droidlet_memory.mentioning import texts_held
from droidlet_memory.results import Truncated
from droidlet_memory.store import blobs
from droidlet_memory.store.paths import IN_MEMORY
from droidlet_memory.store.rows import Body
from droidlet_memory.store.store import Store
from droidlet_memory.store.wording import explained
from droidlet_memory.store.words import LEARN

STEPS = (
    "DELETE FROM past WHERE until <= :r",
    "DELETE FROM past_types WHERE last < :r",
    "DELETE FROM past_places WHERE last < :r",
    "DELETE FROM past_triples WHERE last < :r",
    "DELETE FROM ended WHERE last < :r",
    "DELETE FROM spans WHERE (said, span) NOT IN (SELECT said, span FROM ended)",
    # of what was known at :r the newest row stays
    """DELETE FROM touches AS t WHERE revision <= :r AND (
        (SELECT touched FROM nodes WHERE key = t.node) <= :r
        OR revision < (SELECT max(revision) FROM touches WHERE node = t.node AND revision <= :r))""",
    """DELETE FROM attended AS t WHERE since < (
        SELECT max(since) FROM attended WHERE node = t.node AND since <= :r)""",
    # ids that were forgotten before
    "DELETE FROM attended WHERE node IN (SELECT key FROM nodes WHERE type IS NULL AND touched <= :r)",
    "DELETE FROM nodes WHERE type IS NULL AND touched <= :r",
    "DELETE FROM commits WHERE revision < :r",
    "UPDATE commits SET changes = NULL WHERE revision = :r",
    "UPDATE meta SET value = :r WHERE name = 'oldest'",
)
WORDS = (
    """DELETE FROM said WHERE id NOT IN (SELECT said FROM triples)
        AND id NOT IN (SELECT said FROM past_triples) AND id NOT IN (SELECT said FROM held)""",
    "DELETE FROM forms WHERE said NOT IN (SELECT id FROM said)",
    "INSERT INTO said_words(said_words) VALUES('delete-all')",
    LEARN,
)
# of the nodes whose properties hold texts, or held them once
BODIES = """SELECT key, body FROM nodes WHERE body IS NOT NULL AND key IN (SELECT node FROM held)
    UNION ALL SELECT node, body FROM past WHERE body IS NOT NULL AND node IN (SELECT node FROM held)"""
ENDED = ("past", "past_triples", "touches")


def truncate(store: Store, revision: int) -> Truncated:
    """Drops what was before a revision; what that reclaimed."""
    run = store.connection.execute
    with store.writing():
        commits, size = revision - store.oldest, _bytes(store.connection)
        before = _versions(store.connection)
        for step in STEPS if commits else ():
            run(step, {"r": revision} if ":r" in step else {})
        if commits:
            _let_go(store)
            for step in WORDS:
                run(step)
        dropped = before - _versions(store.connection)
        store.forget()
    if commits:
        with store.turn, explained(store.path):
            run("VACUUM")
            if store.path != IN_MEMORY:
                run("PRAGMA wal_checkpoint(TRUNCATE)")
    return Truncated(commits, dropped, max(0, size - _bytes(store.connection)))


def _let_go(store: Store) -> None:
    """Drops the texts that no version kept holds."""
    run, holding = store.connection.execute, set()
    for key, body in run(BODIES).fetchall():
        _, _, properties = blobs.unpack(body, Body)
        holding |= {(store.words.said_id(text), key) for text in texts_held(properties)}
    run("DELETE FROM held")
    store.connection.executemany("INSERT INTO held VALUES(?, ?)", sorted(holding))


def _versions(connection: Connection) -> int:
    return sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ENDED)


def _bytes(connection: Connection) -> int:
    pages, page = (connection.execute(f"PRAGMA page_{what}").fetchone()[0] for what in ("count", "size"))
    return int(pages * page)
