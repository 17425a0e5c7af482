"""Takes back what happened after a revision, in a copy of a store: as much work as what happened since."""

from __future__ import annotations

from sqlite3 import Connection

from droidlet_memory.store import blobs
from droidlet_memory.store.rows import pack_said, unpack_said
from droidlet_schema import Change, PutNode

# the nodes written after :r, and when they had been written before, NULL for those that were new
AFFECTED = """INSERT OR IGNORE INTO affected SELECT key,
    (SELECT max(revision) FROM touches WHERE node = key AND revision <= :r), said
    FROM nodes WHERE id = :id AND touched > :r"""
THEN = "past WHERE past.node = nodes.key AND past.since <= :r AND past.until > :r"
VERSION = "type, since, created_ns, updated_ns, x, y, z, sx, sy, sz, body"
ALL = "(SELECT key FROM affected)"
STEPS = (
    f"DELETE FROM places WHERE node IN {ALL}",
    f"DELETE FROM nodes WHERE key IN {ALL} AND key IN (SELECT key FROM affected WHERE touched IS NULL)",
    f"""UPDATE nodes SET ({VERSION}) = (SELECT {VERSION} FROM {THEN})
        WHERE key IN {ALL} AND since > :r AND EXISTS (SELECT 1 FROM {THEN})""",
    f"UPDATE nodes SET type = NULL, body = NULL, since = :r WHERE key IN {ALL} AND since > :r",
    f"""UPDATE nodes SET (touched, said) = (SELECT touched, said FROM affected a WHERE a.key = nodes.key),
        attended_ns = coalesce((SELECT ns FROM attended WHERE node = nodes.key AND attended.since <= :r
            ORDER BY attended.since DESC LIMIT 1), 0)
        WHERE key IN {ALL}""",
    f"""INSERT INTO places SELECT key, x - coalesce(sx, 0) / 2, x + coalesce(sx, 0) / 2,
        y - coalesce(sy, 0) / 2, y + coalesce(sy, 0) / 2, z - coalesce(sz, 0) / 2, z + coalesce(sz, 0) / 2
        FROM nodes WHERE key IN {ALL} AND type IS NOT NULL AND x IS NOT NULL""",
    # what has ended only since
    f"DELETE FROM past WHERE node IN {ALL} AND until > :r",
    "DELETE FROM past_types WHERE last >= :r",
    "DELETE FROM past_places WHERE last >= :r",
    """DELETE FROM ended WHERE (said, span, last, node) IN (SELECT p.said, s.span, p.last, p.node
        FROM past_triples p CROSS JOIN spans s ON s.said = p.said WHERE p.last >= :r)""",
    "DELETE FROM past_triples WHERE last >= :r",
    f"DELETE FROM attended WHERE node IN {ALL} AND since > :r",
    f"DELETE FROM touches WHERE node IN {ALL} AND revision >= (SELECT touched FROM affected WHERE key = node)",
    f"DELETE FROM touches WHERE node IN {ALL} AND revision > :r",
    "DELETE FROM commits WHERE revision > :r",
)


def roll_back(connection: Connection, revision: int) -> None:
    """Makes a revision the newest."""
    run = connection.execute
    run("CREATE TEMP TABLE affected(key INTEGER PRIMARY KEY, touched INTEGER, said BLOB)")
    for (changes,) in run("SELECT changes FROM commits WHERE revision > ?", (revision,)).fetchall():
        ids = {_id_of(change) for change in blobs.unpack(changes, tuple[Change, ...])}
        connection.executemany(AFFECTED, [{"r": revision, "id": node_id} for node_id in sorted(ids)])
    _say_again(connection, revision)
    for step in STEPS:
        run(step, {"r": revision} if ":r" in step else {})
    run("DROP TABLE affected")


def _id_of(change: Change) -> str:
    return change.node.id if isinstance(change, PutNode) else change.node_id


def _say_again(connection: Connection, revision: int) -> None:
    """What was said of the nodes affected, in their triples and in what is kept of it with each."""
    run, many = connection.execute, connection.executemany
    said = {key: unpack_said(packed) for key, packed in run("SELECT key, said FROM affected")}
    for key, numbers in said.items():
        new = [number for number, (since, _) in numbers.items() if since > revision]
        many("DELETE FROM triples WHERE said = ? AND node = ?", [(number, key) for number in new])
        for number in new:
            del numbers[number]
    ended = "SELECT said, node, since, confidence FROM past_triples WHERE since <= ? AND last >= ?"
    again = run(ended, (revision, revision)).fetchall()
    many("INSERT INTO triples VALUES(?, ?, ?, ?)", again)
    for number, key, since, sure in again:
        said[key][number] = since, sure
    many("UPDATE affected SET said = ? WHERE key = ?", [(pack_said(n), key) for key, n in said.items()])
