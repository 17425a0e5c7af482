"""Takes back what happened after a revision, in a copy of a store."""

from __future__ import annotations

from sqlite3 import Connection

from droidlet_memory.store.rows import pack_said

# written after :r; what is not found again was new then
AFFECTED = """INSERT INTO affected SELECT key,
    (SELECT max(revision) FROM touches WHERE node = key AND revision <= :r) AS touched
    FROM nodes WHERE touched > :r"""
VERSION = "type, since, created_ns, updated_ns, x, y, z, sx, sy, sz, body"
STEPS = (
    "CREATE TEMP TABLE affected(key INTEGER PRIMARY KEY, touched INTEGER)",
    AFFECTED,
    # what is said
    "DELETE FROM triples WHERE since > :r",
    "INSERT INTO triples SELECT said, node, since FROM past_triples WHERE since <= :r AND last >= :r",
    "DELETE FROM past_triples WHERE last >= :r",
    # nodes that are new, and those that are older
    "DELETE FROM places WHERE node IN (SELECT key FROM affected)",
    "DELETE FROM nodes WHERE key IN (SELECT key FROM affected WHERE touched IS NULL)",
    "DELETE FROM affected WHERE touched IS NULL",
    f"""UPDATE nodes SET ({VERSION}) = (SELECT {VERSION} FROM past
        WHERE node = nodes.key AND past.since <= :r AND until > :r)
        WHERE since > :r AND key IN (SELECT p.node FROM past p WHERE p.since <= :r AND p.until > :r)""",
    "UPDATE nodes SET type = NULL, body = NULL, since = :r WHERE since > :r",
    """UPDATE nodes SET touched = (SELECT touched FROM affected a WHERE a.key = nodes.key),
        attended_ns = coalesce((SELECT ns FROM attended WHERE node = nodes.key AND attended.since <= :r
            ORDER BY attended.since DESC LIMIT 1), 0)
        WHERE key IN (SELECT key FROM affected)""",
    """INSERT INTO places SELECT key, x - coalesce(sx, 0) / 2, x + coalesce(sx, 0) / 2,
        y - coalesce(sy, 0) / 2, y + coalesce(sy, 0) / 2, z - coalesce(sz, 0) / 2, z + coalesce(sz, 0) / 2
        FROM nodes WHERE key IN (SELECT key FROM affected) AND type IS NOT NULL AND x IS NOT NULL""",
    # what has ended only since
    "DELETE FROM past WHERE until > :r",
    "DELETE FROM past_types WHERE last >= :r",
    "DELETE FROM past_places WHERE last >= :r",
    "DELETE FROM attended WHERE since > :r",
    "DELETE FROM touches WHERE revision > :r OR (node, revision) IN (SELECT key, touched FROM affected)",
    "DELETE FROM commits WHERE revision > :r",
)
SAID = """SELECT node, said, since FROM triples WHERE node IN (SELECT key FROM affected)"""


def roll_back(connection: Connection, revision: int) -> None:
    """Makes a revision the newest; costs as much as what happened since."""
    if connection.execute("SELECT max(revision) FROM commits").fetchone()[0] > revision:
        for step in STEPS:
            connection.execute(step, {"r": revision} if ":r" in step else {})
        _tell_again(connection)
        connection.execute("DROP TABLE affected")


def _tell_again(connection: Connection) -> None:
    """Writes into the rows of nodes what is said of them."""
    said: dict[int, dict[int, int]] = {key: {} for (key,) in connection.execute("SELECT key FROM affected")}
    for node, number, since in connection.execute(SAID):
        said[node][number] = since
    rows = [(pack_said(numbers) or None, key) for key, numbers in said.items()]
    connection.executemany("UPDATE nodes SET said = ? WHERE key = ?", rows)
