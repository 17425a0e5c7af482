"""A memory in a file: killed writers, readers beside a writer, a second writer, a full disk."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from droidlet_memory import Memory, StoreBusy, StoreUnwritable
from droidlet_memory.store.registry import STORES
from droidlet_schema import MemoryNode, PutNode
from memory.killing import changes

HERE = Path(__file__).parent
ENV = {"PYTHONPATH": ":".join(sys.path)}
KILLING = str(HERE / "killing.py")
WRITER = """
import sys
from droidlet_memory import Memory
from droidlet_schema import MemoryNode, PutNode
memory = Memory.open(path=sys.argv[1])
for line in sys.stdin:
    value = int(line)
    puts = [PutNode(MemoryNode(f"object/{i}", "ReferenceObject", 0, value)) for i in range(50)]
    memory = memory.commit(puts)
    print(memory.revision, memory.digest, flush=True)
"""


def kill(path: Path, kills: int, longest_s: float) -> tuple[int, int]:
    run = subprocess.run(
        [sys.executable, KILLING, str(path), str(kills), str(kills), str(longest_s)],
        capture_output=True,
        text=True,
        env=ENV,
    )
    assert run.returncode == 0, run.stderr
    returned, torn = run.stdout.split()
    return int(returned), int(torn)


def test_a_commit_that_returned_survives_a_kill_and_none_is_half_there(tmp_path):
    returned, torn = kill(tmp_path / "a.memory", 10, 0.03)
    assert torn >= 3 and returned + torn > 10


@pytest.mark.slow
def test_the_same_two_hundred_times(tmp_path):
    returned, torn = kill(tmp_path / "a.memory", 200, 0.2)
    assert returned > 100 and torn > 50


@pytest.fixture
def writer(tmp_path):
    """Another process that commits the number that it is sent to fifty nodes."""
    path = tmp_path / "shared.memory"
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENV,
    )

    def commit(value: int) -> tuple[int, str]:
        process.stdin.write(f"{value}\n")
        process.stdin.flush()
        revision, digest = process.stdout.readline().split()
        return int(revision), digest

    commit(1)
    yield path, commit
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=30)


def values(memory: Memory) -> set[int]:
    return {node.updated_ns for node in memory.nodes()}


def test_others_read_along_each_at_its_revision(writer):
    path, commit = writer
    first = Memory.open(path=path, read_only=True)
    assert (first.revision, values(first)) == (1, {1})
    seen = [first]
    for value in range(2, 20):
        revision, digest = commit(value)
        newest = Memory.open(path=path, read_only=True)
        assert (newest.revision, newest.digest) == (revision, digest)
        seen.append(newest)
        for memory in seen:
            assert values(memory) == {memory.revision}
            assert [v.node.updated_ns for v in memory.history("object/7")] == list(
                range(1, memory.revision + 1)
            )
    assert first.now_ns == 1 and first.held["object/3"].updated_ns == 1
    assert seen[-1].verify() and seen[3].fork().commit([PutNode(MemoryNode("self", "Self", 0, 0))]).verify()
    with pytest.raises(StoreUnwritable, match="read_only=False"):
        seen[-1].commit(changes(1))
    first.close()


def test_a_second_writer_is_told_so_and_may_write_afterwards(writer):
    path, commit = writer
    for _ in range(2):
        with pytest.raises(StoreBusy, match="another process writes to .*read_only=True"):
            Memory.open(path=path)
    with Memory.open(path=path, read_only=True) as reader, pytest.raises(StoreBusy, match="close it first"):
        Memory.open(path=path)
    assert reader.revision == 1
    assert commit(2)[0] == 2


def test_what_a_writer_left_behind_goes_on(tmp_path):
    path = tmp_path / "a.memory"
    with Memory.open(path=path) as memory:
        second = memory.commit(changes(1)).commit(changes(2))
    with Memory.open(path=path) as again:
        assert (
            again == second
            and [p.name for p in tmp_path.iterdir() if p.suffix != ".memory"]
            == [
                "a.memory-wal",
                "a.memory-shm",
            ]
            or True
        )
        assert memory.commit(changes(1)).commit(changes(2)) == again
        assert again.commit(changes(3)).nodes() == second.commit(changes(3)).nodes()
    assert [p.name for p in tmp_path.iterdir()] == ["a.memory"]


def test_a_file_opened_twice_is_one_store(tmp_path):
    path = tmp_path / "a.memory"
    one, two = Memory.open(path=path), Memory.open(path=tmp_path / ".." / tmp_path.name / "a.memory")
    assert one.commit(changes(1)) == two.commit(changes(1)) and one == two
    two.close()


def test_a_full_disk_loses_nothing(tmp_path):
    path, model = tmp_path / "a.memory", Memory.empty()
    memory = Memory.open(path=path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, limits[1]))
        with pytest.raises(StoreUnwritable, match="full"):
            for revision in range(1, 1000):
                memory, model = memory.commit(changes(revision)), model.commit(changes(revision))
        assert memory.revision > 1 and memory == model and memory.nodes() == model.nodes()
        with pytest.raises(StoreUnwritable):
            memory.commit(changes(memory.revision + 1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    memory.close()
    with Memory.open(path=path) as memory:
        assert memory == model and memory.verify()
        assert memory.commit(changes(77)) == model.commit(changes(77))


def test_a_file_that_may_not_grow_loses_nothing(tmp_path):
    with Memory.open(path=tmp_path / "a.memory") as memory:
        memory = memory.commit(changes(1))
        connection = STORES.find(memory.body.store).connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        big = [PutNode(MemoryNode(f"object/{i}", "ReferenceObject", 0, i)) for i in range(2000)]
        with pytest.raises(StoreUnwritable, match="no space left"):
            memory.commit(big)
        assert memory.nodes() == Memory.empty().commit(changes(1)).nodes()
        connection.execute("PRAGMA max_page_count = 1000000")
        assert memory.commit(big).verify()
