"""How fast a stored memory is, against bare sqlite3 doing the least work that gives the same.

Bare SQLite has the tables and indexes that the same questions need and nothing else: no history, no digest,
no checks, no records. Both write in one transaction per player and keep everything in memory (":memory:"),
so that the disk is not what is measured; `fork` works on a file.

    add_player_vs_sqlite   a player and five tags, one commit: a row, five rows of tags, one transaction
    bulk_vs_sqlite         10,000 players a commit, with five tags and more each, into the large memory
    tag_1_vs_sqlite        the node with a tag that one node has, with all its tags
    tag_1000_vs_sqlite     the 1,000 nodes with a tag, with all their tags
    growth_vs_sqlite       how much more the indexed questions cost with 1,000 times the nodes, over how much
                           more the same costs bare SQLite; the worst of them
    old_vs_newest          a question at an old revision over the same at the newest; the worse of a tag set
                           and unset 100,000 times, every question at another of 50 old revisions, and of a tag in
                           a store that grew meanwhile
    fork_vs_copy           forking the large memory's file over copying the file, both until all is on the disk

The ratios are times: 2.0 means that ours takes twice as long. Questions are asked in turns, each of them ten
times before the next, and every second round goes the other way round. `--cpu` counts the process's own time,
for a machine on which others work.

    python benchmarks/memory.py [--quick] [--cpu]
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from _memory_bare import HIT, MANY, Bare, player, tags_of

from droidlet_memory import Memory
from droidlet_schema import (
    DropTriple,
    Filters,
    Location,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    ReferenceObject,
    Triple,
)

TOGGLED = "set_and_unset"
AT_ONCE = 10_000  # players in a commit
IN_A_ROW = 10  # times that a question is asked
OLD = 50  # old revisions that are asked at
Timings = Dict[str, List[float]]
Clock = Callable[[], float]


def fill(memory: Memory, bare: Bare, count: int, clock: Clock) -> Tuple[Memory, Timings]:
    """Both with so many players, and seconds a player."""
    spent: Timings = {"bulk_ours": [], "bulk_bare": []}
    for begin in range(0, count, AT_ONCE):
        nodes = [player(i, *tags_of(i, count)) for i in range(begin, min(count, begin + AT_ONCE))]
        changes = tuple(PutNode(node) for node in nodes)
        start = clock()
        memory = memory.commit(changes)
        between = clock()
        bare.add_all(nodes)
        spent["bulk_ours"].append((between - start) / len(nodes))
        spent["bulk_bare"].append((clock() - between) / len(nodes))
    return memory, spent


def filled(count: int, path: str = ":memory:") -> Memory:
    """A memory of so many players."""
    memory = Memory.open(path=path)
    for begin in range(0, count, AT_ONCE):
        these = range(begin, min(count, begin + AT_ONCE))
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


def measure(functions: Dict[str, Callable[[], Any]], rounds: int, clock: Clock, repeats: int = 1) -> Timings:
    """Seconds per call of each, in turns, so that all see the same machine."""
    spent: Timings = {name: [] for name in functions}
    for turn in range(rounds):
        for name in list(functions)[:: -1 if turn % 2 else 1]:
            function = functions[name]
            start = clock()
            for _ in range(repeats):
                function()
            spent[name].append((clock() - start) / repeats)
    return {name: times[len(times) // 10 :] for name, times in spent.items()}  # the first tenth warms up


def adding(rounds: int, clock: Clock) -> Timings:
    """A player and five tags, one commit each."""
    memory, bare = Memory.open(), Bare()
    made = iter([player(index) for index in range(2 * rounds)])
    bare_made = iter([player(index) for index in range(2 * rounds)])

    def ours() -> None:
        nonlocal memory
        memory = memory.commit((PutNode(next(made)),))

    spent = measure({"add_ours": ours, "add_bare": lambda: bare.add(next(bare_made))}, rounds, clock)
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


def toggled(times: int) -> Tuple[List[Memory], Memory]:
    """A memory whose one tag was set and unset so often, and the same at revisions at which it was set."""
    memory = Memory.open().commit((PutNode(player(0)),))
    tag, old = Triple("has_tag", TOGGLED), []
    for index in range(times):
        memory = memory.commit((PutTriple("player/0", tag),))
        if index % (times // OLD) == 0:
            old.append(memory)
        if index < times - 1:
            memory = memory.commit((DropTriple("player/0", tag),))
    return old, memory


def older(times: int, small: int, clock: Clock) -> Timings:
    """Questions at old revisions beside the same at the newest, all with the same answer."""
    old, newest = toggled(times)
    early = filled(small)
    grown = early.commit(tuple(PutNode(player(small + index)) for index in range(small)))
    tag, many = tagged(TOGGLED), tagged(MANY)
    turns = itertools.cycle(old)  # each question at another revision than the one before
    if any(memory.query(tag).count != 1 for memory in (*old, newest)):
        raise RuntimeError("the tag that was set is not found: the measurement means nothing")
    spent = measure(
        {
            "toggled_old": lambda: next(turns).query(tag),
            "grown_old": lambda: early.query(many),
            "toggled_new": lambda: newest.query(tag),
            "grown_new": lambda: grown.query(many),
        },
        60,
        clock,
        IN_A_ROW,
    )
    newest.close()
    grown.close()
    return spent


def copy(source: str, target: str) -> None:
    """A copy of a file, on the disk with its name."""
    shutil.copyfile(source, target)
    for path in (target, os.path.dirname(target)):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def forking(count: int, clock: Clock) -> Timings:
    """Forking a memory's file beside copying that file, in turns."""
    spent: Timings = {"fork": [], "copy": []}
    with tempfile.TemporaryDirectory() as folder:
        filled(count, f"{folder}/memory.db").close()
        memory = Memory.open(path=f"{folder}/memory.db")
        copy(f"{folder}/memory.db", f"{folder}/copy.db")  # both find the file in the system's cache
        for turn in range(5):
            start = clock()
            fork = memory.fork(f"{folder}/fork{turn}.db")
            spent["fork"].append(clock() - start)
            fork.close()
            start = clock()
            copy(f"{folder}/memory.db", f"{folder}/copy{turn}.db")
            spent["copy"].append(clock() - start)
            for path in (*Path(folder).glob("fork*"), *Path(folder).glob("copy*")):
                path.unlink()
        memory.close()
    return spent


def run(quick: bool = False, clock: Clock = time.perf_counter) -> Dict[str, Any]:
    """The measurement: ratios of medians, and median and p95 in microseconds of each part."""
    small, large, times = 1_000, 20_000 if quick else 1_000_000, 1_000 if quick else 100_000
    spent = adding(500 if quick else 3_000, clock)
    for size, count in (("small", small), ("large", large)):
        bare = Bare()
        memory, filling = fill(Memory.open(), bare, count, clock)
        asked = measure(questions(memory, bare, count), 30 if quick else 60, clock, IN_A_ROW)
        memory.close()
        spent.update({f"{name}_{size}": found for name, found in {**filling, **asked}.items()})
    spent.update(older(times, 10_000 if quick else 50_000, clock))
    spent.update(forking(large, clock))
    return told(spent)


def told(spent: Timings) -> Dict[str, Any]:
    """Ratios and details of what was measured."""
    median = {name: statistics.median(found) for name, found in spent.items()}
    grew = {
        what: (median[f"{what}_ours_large"] / median[f"{what}_ours_small"])
        / (median[f"{what}_bare_large"] / median[f"{what}_bare_small"])
        for what in ("tag_1", "tag_1000", "near", "id")
    }
    old = {what: median[f"{what}_old"] / median[f"{what}_new"] for what in ("toggled", "grown")}
    details = {f"{name}_median_us": value * 1e6 for name, value in median.items()}
    details.update(
        (f"{name}_p95_us", statistics.quantiles(found, n=20)[-1] * 1e6)
        for name, found in spent.items()
        if len(found) > 1
    )
    details.update((f"{what}_growth_vs_sqlite", value) for what, value in grew.items())
    details.update((f"{what}_old_vs_newest", value) for what, value in old.items())
    return {
        "name": "memory",
        "baselines": {"sqlite": sqlite3.sqlite_version},
        "ratios": {
            "add_player_vs_sqlite": median["add_ours"] / median["add_bare"],
            "bulk_vs_sqlite": median["bulk_ours_large"] / median["bulk_bare_large"],
            "tag_1_vs_sqlite": median["tag_1_ours_small"] / median["tag_1_bare_small"],
            "tag_1000_vs_sqlite": median["tag_1000_ours_large"] / median["tag_1000_bare_large"],
            "growth_vs_sqlite": max(grew.values()),
            "old_vs_newest": max(old.values()),
            "fork_vs_copy": median["fork"] / median["copy"],
        },
        "details": {**details, "bulk_nodes_per_s": 1 / median["bulk_ours_large"], "fork_s": median["fork"]},
    }


def main() -> None:
    """Prints the table."""
    clock = time.process_time if "--cpu" in sys.argv[1:] else time.perf_counter
    result = run("--quick" in sys.argv[1:], clock)
    for name, value in result["details"].items():
        print(f"{name:36}{value:14.1f}")
    for name, ratio in result["ratios"].items():
        print(f"{name:36}{ratio:14.2f}")


if __name__ == "__main__":
    main()
