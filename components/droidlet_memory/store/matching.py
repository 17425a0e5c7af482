"""Whether the tables by which nodes are found say what the nodes say: what SQLite's own check does not tell."""

from __future__ import annotations

from collections import Counter
from sqlite3 import Connection
from typing import Any

from droidlet_memory.mentioning import plain
from droidlet_memory.words import clean, forms

TREES = ("places", "past_types", "past_places", "past_triples")
OF = "JOIN said s ON s.id = t.said JOIN nodes k ON k.key = t.node"
WAS = "JOIN past v ON v.version = t.version JOIN nodes k ON k.key = v.node"
SAME = (
    f"SELECT s.predicate, s.object, k.id, t.confidence FROM triples t {OF}",
    f"""SELECT s.predicate, s.object, k.id, t.last, t.confidence FROM past_triples t {OF}
        WHERE t.said = t.said_to AND t.node = t.node_to""",
    f"""SELECT s.predicate, s.object, k.id, t.last FROM ended t {OF} JOIN spans n
        ON n.said = t.said AND n.span = t.span WHERE t.last - t.since < t.span""",
    "SELECT k.id, t.x0, t.x1, t.y0, t.y1, t.z0, t.z1 FROM places t JOIN nodes k ON k.key = t.node",
    f"SELECT k.id, v.until, t.last, t.x0, t.x1, t.y0, t.y1, t.z0, t.z1 FROM past_places t {WAS}",
    f"""SELECT k.id, v.until, t.last, n.name FROM past_types t {WAS} JOIN types n
        ON n.id = t.type_from AND n.id = t.type_to""",
)
"""SELECTs whose rows are the same in every store of the same commits, whatever its numbers are."""
HELD = f"SELECT s.predicate, s.object, k.id FROM held t {OF}"
LEARNT = "SELECT id, object FROM said WHERE id IN (SELECT id FROM said_words_docsize)"
WORDS = "CREATE VIRTUAL TABLE temp.words_learnt USING fts5vocab(main, said_words, instance)"


def match(one: Connection, again: Connection) -> bool:
    """Whether a store finds what another does that was made of the same commits."""
    return (
        all(one.execute(f"SELECT rtreecheck('{tree}')").fetchone()[0] == "ok" for tree in TREES)
        and all(_rows(one, select) == _rows(again, select) for select in SAME)
        and _rows(again, HELD).keys() <= _rows(one, HELD).keys()  # what was held once is held still
        and _meanings(one)
        and _words(one)
    )


def _rows(connection: Connection, select: str) -> Counter[tuple[Any, ...]]:
    return Counter(connection.execute(select))


def _meanings(connection: Connection) -> bool:
    """Whether each text has the forms that it has."""
    said = connection.execute("SELECT id, object FROM said")
    wanted = {(form, number) for number, text in said for form in forms(clean(text))}
    return wanted == set(connection.execute("SELECT form, said FROM forms"))


def _words(connection: Connection) -> bool:
    """Whether full text search knows the words of the texts that it has learnt."""
    wanted = {
        (word, number, place)
        for number, text in connection.execute(LEARNT)
        for place, word in enumerate(plain(text).split())
    }
    connection.execute(WORDS)
    try:
        return wanted == set(connection.execute("SELECT term, doc, offset FROM temp.words_learnt"))
    finally:
        connection.execute("DROP TABLE temp.words_learnt")
