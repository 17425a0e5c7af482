"""How fast a stored memory is, against bare sqlite3 doing the least work that gives the same.

Bare SQLite has the tables and indexes that the same questions need and nothing else: no history, no digest,
no checks, no records. Both write in one transaction per player and keep everything in memory (":memory:"),
so that the disk is not what is measured; `fork` works on a file.

    add_player_vs_sqlite   a player and five tags, one commit: a row, five rows of tags, one transaction
    tag_1_vs_sqlite        the node with a tag that one node has, with all its tags
    tag_1000_vs_sqlite     the 1,000 nodes with a tag, with all their tags
    growth_vs_sqlite       how much more the indexed questions cost with 1,000 times the nodes, over how much
                           more the same costs bare SQLite; the worst of them
    old_vs_newest          a question at an old revision over the same at the newest; the worse of a tag set
                           and unset 100,000 times and of a tag in a store that grew meanwhile
    fork_vs_copy           forking the large memory's file over copying the file

The ratios are times: 2.0 means that ours takes twice as long.

    python benchmarks/memory.py [--quick]
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from droidlet_memory import Memory
from droidlet_schema import (
    DropTriple,
    Filters,
    Location,
    MemoryNode,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    ReferenceObject,
    Triple,
)

TAGS = ("_player", "_physical_object", "_animate", "_not_location")
HIT, MANY, TOGGLED = "only_one_has_this", "a_thousand_have_this", "set_and_unset"
SPREAD_M = 1.0  # of a grid that the players stand on
ITS_TAGS = "(SELECT group_concat(tag) FROM tags WHERE player = p.key)"
Timings = Dict[str, List[float]]


def player(index: int, *more: str) -> MemoryNode:
    """A player as the benchmark remembers one: a place and five tags, and some more."""
    said = sorted({*TAGS, f"player_{index}", *more})
    place = (SPREAD_M * (index % 1000), SPREAD_M * (index // 1000), 0.0)
    triples = tuple(Triple("has_tag", tag) for tag in said)
    return MemoryNode(f"player/{index}", "Player", index, index, 0, place, (0.5, 0.5, 1.8), triples)


def tags_of(index: int, count: int) -> Tuple[str, ...]:
    """The tags that tell some of `count` players from the rest."""
    many = (MANY,) if index % max(1, count // 1000) == 0 else ()
    return (*many, HIT) if index == count // 2 else many


class Bare:
    """The same players in bare SQLite."""

    def __init__(self) -> None:
        self.run = sqlite3.connect(":memory:", isolation_level=None)
        self.run.execute(
            "CREATE TABLE players(key INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT, created INTEGER,"
            " updated INTEGER, attended INTEGER, x REAL, y REAL, z REAL, sx REAL, sy REAL, sz REAL)"
        )
        self.run.execute(
            "CREATE TABLE tags(player INTEGER, tag TEXT, PRIMARY KEY(player, tag)) WITHOUT ROWID"
        )
        self.run.execute("CREATE INDEX tags_by_tag ON tags(tag, player)")
        self.run.execute("CREATE VIRTUAL TABLE places USING rtree(player, x0, x1, y0, y1, z0, z1)")

    def add(self, node: MemoryNode) -> None:
        """One transaction."""
        self.run.execute("BEGIN")
        self._insert(node)
        self.run.execute("COMMIT")

    def _insert(self, node: MemoryNode) -> None:
        (x, y, z), (a, b, c) = node.position_m or (0, 0, 0), node.size_m or (0, 0, 0)
        key = self.run.execute(
            "INSERT INTO players(id, type, created, updated, attended, x, y, z, sx, sy, sz)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (node.id, node.node_type, node.created_ns, node.updated_ns, 0, x, y, z, a, b, c),
        ).lastrowid
        self.run.executemany("INSERT INTO tags VALUES(?, ?)", [(key, t.object) for t in node.triples])
        self.run.execute(
            "INSERT INTO places VALUES(?, ?, ?, ?, ?, ?, ?)",
            (key, x - a / 2, x + a / 2, y - b / 2, y + b / 2, z - c / 2, z + c / 2),
        )

    def fill(self, count: int) -> None:
        """So many players at once."""
        self.run.execute("BEGIN")
        for index in range(count):
            self._insert(player(index, *tags_of(index, count)))
        self.run.execute("COMMIT")

    def tagged(self, tag: str) -> List[Any]:
        """The players with a tag, each with all its tags."""
        return self.run.execute(
            f"SELECT p.*, {ITS_TAGS} FROM tags t CROSS JOIN players p ON p.key = t.player WHERE t.tag = ?",
            (tag,),
        ).fetchall()

    def near(self, x: float, y: float, reach: float) -> List[Any]:
        """The players whose boxes reach into a square, each with all its tags."""
        return self.run.execute(
            f"SELECT p.*, {ITS_TAGS} FROM places b CROSS JOIN players p ON p.key = b.player"
            " WHERE b.x1 >= ? AND b.x0 <= ? AND b.y1 >= ? AND b.y0 <= ?",
            (x - reach, x + reach, y - reach, y + reach),
        ).fetchall()

    def by_id(self, name: str) -> Any:
        """One player with all its tags."""
        return self.run.execute(f"SELECT p.*, {ITS_TAGS} FROM players p WHERE p.id = ?", (name,)).fetchone()


def filled(count: int, path: str = ":memory:") -> Memory:
    """A memory of so many players, 10,000 a commit."""
    memory = Memory.open(path=path)
    for begin in range(0, count, 10_000):
        these = range(begin, min(count, begin + 10_000))
        memory = memory.commit(tuple(PutNode(player(i, *tags_of(i, count))) for i in these))
    return memory


def asking(filters: Filters) -> Query:
    """A question of an agent that stands at the origin."""
    return Query(1, filters, 0, Pose2(0.0, 0.0, 0.0))


def tagged(tag: str) -> Query:
    """Who has a tag."""
    return asking(Filters(Triple("has_tag", tag)))


def near(x: float, y: float, reach: float) -> Query:
    """Who is near a point."""
    return asking(Filters(location=Location("NEAR", reach, (ReferenceObject(coordinates_m=(x, y)),))))


def measure(functions: Dict[str, Callable[[], Any]], rounds: int, repeats: int = 1) -> Timings:
    """Seconds per call of each, in turns, so that all see the same machine."""
    spent: Timings = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            for _ in range(repeats):
                function()
            spent[name].append((time.perf_counter() - start) / repeats)
    return {name: times[len(times) // 10 :] for name, times in spent.items()}  # the first tenth warms up


def adding(rounds: int) -> Timings:
    """A player and five tags, one commit each."""
    memory, bare = Memory.open(), Bare()
    made = iter([player(index) for index in range(2 * rounds)])
    bare_made = iter([player(index) for index in range(2 * rounds)])

    def ours() -> None:
        nonlocal memory
        memory = memory.commit((PutNode(next(made)),))

    spent = measure({"add_ours": ours, "add_bare": lambda: bare.add(next(bare_made))}, rounds)
    memory.close()
    return spent


def questions(memory: Memory, bare: Bare, count: int) -> Dict[str, Callable[[], Any]]:
    """The indexed questions, each of ours beside the same of bare SQLite's."""
    one, many, middle = tagged(HIT), tagged(MANY), near(5.0, 0.0, 2.0)
    name = f"player/{count // 3}"
    return {
        "tag_1_ours": lambda: memory.query(one),
        "tag_1_bare": lambda: bare.tagged(HIT),
        "tag_1000_ours": lambda: memory.query(many),
        "tag_1000_bare": lambda: bare.tagged(MANY),
        "near_ours": lambda: memory.query(middle),
        "near_bare": lambda: bare.near(5.0, 0.0, 2.0),
        "id_ours": lambda: memory.node(name),
        "id_bare": lambda: bare.by_id(name),
    }


def toggled(times: int) -> Tuple[Memory, Memory]:
    """A memory whose one tag was set and unset so often, and the same when half of that was done."""
    memory = Memory.open().commit((PutNode(player(0)),))
    tag, halfway = Triple("has_tag", TOGGLED), memory
    for index in range(times):
        memory = memory.commit((PutTriple("player/0", tag),))
        if index == times // 2:
            halfway = memory
        if index < times - 1:
            memory = memory.commit((DropTriple("player/0", tag),))
    return halfway, memory


def older(times: int, small: int) -> Timings:
    """Questions at an old revision beside the same at the newest, both with the same answer."""
    halfway, newest = toggled(times)
    early = filled(small)
    grown = early.commit(tuple(PutNode(player(small + index)) for index in range(small)))
    tag, many = tagged(TOGGLED), tagged(MANY)
    if halfway.query(tag).count != 1 or newest.query(tag).count != 1:
        raise RuntimeError("the tag that was set is not found: the measurement means nothing")
    spent = measure(
        {
            "toggled_old": lambda: halfway.query(tag),
            "toggled_new": lambda: newest.query(tag),
            "grown_old": lambda: early.query(many),
            "grown_new": lambda: grown.query(many),
        },
        200,
    )
    newest.close()
    grown.close()
    return spent


def forking(count: int) -> Timings:
    """Forking a memory's file beside copying that file, in turns."""
    spent: Timings = {"fork": [], "copy": []}
    with tempfile.TemporaryDirectory() as folder:
        memory = filled(count, f"{folder}/memory.db")
        for turn in range(3):
            start = time.perf_counter()
            fork = memory.fork(f"{folder}/fork{turn}.db")
            spent["fork"].append(time.perf_counter() - start)
            fork.close()
            start = time.perf_counter()
            shutil.copyfile(f"{folder}/memory.db", f"{folder}/copy{turn}.db")
            spent["copy"].append(time.perf_counter() - start)
            for path in (*Path(folder).glob("fork*"), *Path(folder).glob("copy*")):
                path.unlink()
        memory.close()
    return spent


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratios of medians, and median and p95 in microseconds of each part."""
    small, large, times = 1_000, 20_000 if quick else 1_000_000, 1_000 if quick else 100_000
    spent = adding(500 if quick else 3_000)
    growth: Dict[str, Dict[str, List[float]]] = {}
    for size, count in (("small", small), ("large", large)):
        memory, bare = filled(count), Bare()
        bare.fill(count)
        growth[size] = measure(questions(memory, bare, count), 100 if quick else 300)
        memory.close()
        spent.update({f"{name}_{size}": found for name, found in growth[size].items()})
    spent.update(older(times, 10_000 if quick else 50_000))
    spent.update(forking(large))
    median = {name: statistics.median(found) for name, found in spent.items()}
    grew = {
        what: (median[f"{what}_ours_large"] / median[f"{what}_ours_small"])
        / (median[f"{what}_bare_large"] / median[f"{what}_bare_small"])
        for what in ("tag_1", "tag_1000", "near", "id")
    }
    details = {f"{name}_median_us": value * 1e6 for name, value in median.items()}
    details.update(
        (f"{name}_p95_us", statistics.quantiles(found, n=20)[-1] * 1e6) for name, found in spent.items()
    )
    return {
        "name": "memory",
        "baselines": {"sqlite": sqlite3.sqlite_version},
        "ratios": {
            "add_player_vs_sqlite": median["add_ours"] / median["add_bare"],
            "tag_1_vs_sqlite": median["tag_1_ours_small"] / median["tag_1_bare_small"],
            "tag_1000_vs_sqlite": median["tag_1000_ours_large"] / median["tag_1000_bare_large"],
            "growth_vs_sqlite": max(grew.values()),
            "old_vs_newest": max(
                median["toggled_old"] / median["toggled_new"], median["grown_old"] / median["grown_new"]
            ),
            "fork_vs_copy": median["fork"] / median["copy"],
        },
        "details": {**details, **{f"{what}_growth_vs_sqlite": value for what, value in grew.items()}},
    }


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    for name, value in result["details"].items():
        print(f"{name:36}{value:14.1f}")
    for name, ratio in result["ratios"].items():
        print(f"{name:36}{ratio:14.2f}")


if __name__ == "__main__":
    main()
