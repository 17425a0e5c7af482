"""The tables of a stored memory, and what each is for.

A revision is the number of a commit; the state after it is "at" that revision. What holds now stands in the
tables of the present; what has ended stands in those of the past with the revisions [since, until) at which
it held. So at the newest revision only the present is read:

    SELECT key FROM nodes WHERE type = ?          SELECT node FROM triples WHERE said = ?

and at an older revision r what stands in the present and is no younger, and what of the past held then, found
in ways whose cost does not depend on how much has happened since:

    SELECT key FROM nodes WHERE type = ? AND since <= r
    UNION ALL
    SELECT node FROM past WHERE version IN (
        SELECT version FROM past_types WHERE type_from <= ? AND type_to >= ? AND since <= r AND last >= r)

    SELECT node FROM triples WHERE said = ? AND since <= r
    UNION ALL
    SELECT e.node FROM spans s JOIN ended e ON e.said = s.said AND e.span = s.span
        AND e.last >= r AND e.last < r + s.span AND e.since <= r WHERE s.said = ?

(`last` is until - 1: the last revision at which it held.) The first is an integer R-tree. Of the second a span
is the least power of two above how long something was said: what was said at r, and for less than a span, has
ended before r + span, so that for each of the few spans one short stretch of an index is read. A row of an
R-tree over places is a candidate only: its coordinates are rounded outwards to 32 bits; compare x, y, z of
`nodes` or `past` again.
"""

from __future__ import annotations

APPLICATION_ID = 0x64724D65  # "drMe": what tells these files from other SQLite files
FORMAT = 2  # 1 was never released

PRESENT = (
    # who is who: `key` is a node's number for ever, also while it is forgotten (type NULL); the columns are
    # the version that holds now. stem and number are the id in the order of ids (droidlet_memory.ordering):
    # ORDER BY stem, number, id. touched: the newest revision that wrote this node in any way. x y z and
    # sx sy sz are the place and the extent (never below 0) where all three are finite, else NULL; body is
    # the rest of a node (droidlet_memory.store.rows), NULL for most; said is its triples once more, as pairs of
    # said and since, so that one row is a whole node.
    """CREATE TABLE nodes(
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, stem TEXT NOT NULL, number INTEGER NOT NULL,
        type INTEGER, since INTEGER NOT NULL, touched INTEGER NOT NULL,
        created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL, attended_ns INTEGER NOT NULL,
        x REAL, y REAL, z REAL, sx REAL, sy REAL, sz REAL, body BLOB, said BLOB)""",
    "CREATE INDEX nodes_by_type ON nodes(type, since) WHERE type IS NOT NULL",
    # what is said of nodes now; confidence NULL: without doubt
    """CREATE TABLE triples(said INTEGER NOT NULL, node INTEGER NOT NULL, since INTEGER NOT NULL,
        confidence REAL, PRIMARY KEY(said, node)) WITHOUT ROWID""",
    # the boxes of nodes that have a place now: id is nodes.key
    "CREATE VIRTUAL TABLE places USING rtree(node, x0, x1, y0, y1, z0, z1)",
)

PAST = (
    # versions of nodes that have ended
    """CREATE TABLE past(
        version INTEGER PRIMARY KEY, node INTEGER NOT NULL, type INTEGER NOT NULL,
        since INTEGER NOT NULL, until INTEGER NOT NULL,
        created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL,
        x REAL, y REAL, z REAL, sx REAL, sy REAL, sz REAL, body BLOB)""",
    "CREATE INDEX past_by_node ON past(node, until)",  # of a node at r: the first with until > r, if since <= r
    "CREATE VIRTUAL TABLE past_types USING rtree_i32(version, type_from, type_to, since, last)",
    "CREATE VIRTUAL TABLE past_places USING rtree(version, x0, x1, y0, y1, z0, z1, since, last)",
    # triples that have ended; from and to are the same number
    """CREATE VIRTUAL TABLE past_triples USING rtree_i32(
        id, said, said_to, node, node_to, since, last, +confidence REAL)""",
    # the same found by what was said, in half the time of an R-tree, and the spans that there are of each
    """CREATE TABLE ended(said INTEGER NOT NULL, span INTEGER NOT NULL, last INTEGER NOT NULL,
        node INTEGER NOT NULL, since INTEGER NOT NULL, PRIMARY KEY(said, span, last, node)) WITHOUT ROWID""",
    "CREATE TABLE spans(said INTEGER NOT NULL, span INTEGER NOT NULL, PRIMARY KEY(said, span)) WITHOUT ROWID",
    # when a node was attended to: the last row with since <= r tells what attended_ns was at r, no row is 0
    """CREATE TABLE attended(node INTEGER NOT NULL, since INTEGER NOT NULL, ns INTEGER NOT NULL,
        PRIMARY KEY(node, since)) WITHOUT ROWID""",
    # the earlier revisions that wrote a node; the newest is nodes.touched
    """CREATE TABLE touches(node INTEGER NOT NULL, revision INTEGER NOT NULL,
        PRIMARY KEY(node, revision)) WITHOUT ROWID""",
)

WORDS = (
    # node types by number
    "CREATE TABLE types(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    # each predicate with an object, once: what triples and held refer to
    """CREATE TABLE said(id INTEGER PRIMARY KEY, predicate TEXT NOT NULL, object TEXT NOT NULL,
        UNIQUE(object, predicate))""",
    # the texts that nodes' properties hold, or held once: they stand in said behind the property's name
    """CREATE TABLE held(said INTEGER NOT NULL, node INTEGER NOT NULL,
        PRIMARY KEY(said, node)) WITHOUT ROWID""",
    # what those objects mean (droidlet_memory.words): two texts mean the same where they share a form
    """CREATE TABLE forms(form TEXT NOT NULL, said INTEGER NOT NULL,
        PRIMARY KEY(form, said)) WITHOUT ROWID""",
    # full text over said.object: its words as droidlet_memory.mentioning has them, so that to this tokenizer
    # they are words too. Rows are added many at a time: those of said above (SELECT max(id) FROM
    # said_words_docsize) are still to be looked through one by one, fewer than words.WORDS_AT_ONCE
    "CREATE VIRTUAL TABLE said_words USING fts5(object, content = '', tokenize = 'ascii')",
)

CHAIN = (
    # store: its id; schema: the encoded composition; oldest: the oldest revision kept
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    # the commits, and the moment before the first (revision 0, no changes). changes: the frames of
    # encode(changes) as store.blobs packs them, NULL for the oldest revision kept
    """CREATE TABLE commits(revision INTEGER PRIMARY KEY, digest TEXT NOT NULL, now_ns INTEGER,
        changes BLOB)""",
)

DDL = (*CHAIN, *WORDS, *PRESENT, *PAST)
