"""What happens to a memory's file from outside: it is removed, replaced, damaged, left behind, no place for more."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from droidlet_memory import Memory, NoSuchRevision, SchemasError, StoreError, StoreUnreadable
from droidlet_memory.nodes import DetectedObject, memory_node
from droidlet_memory.store.connecting import connected
from droidlet_memory.store.registry import STORES
from droidlet_schema import (
    Attend,
    Attribute,
    Comparator,
    Filters,
    Forget,
    MemoryNode,
    Mentions,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    Triple,
    Where,
)

KILLED = """
import os, signal, sys
from droidlet_memory import Memory
from droidlet_schema import MemoryNode, PutNode
memory = Memory.open(path=sys.argv[1])
for n in range(30):
    memory = memory.commit([PutNode(MemoryNode(f"old/{n}", "Chat", 0, n))])
os.kill(os.getpid(), signal.SIGKILL)
"""


def said(number: int) -> list[PutNode]:
    return [PutNode(MemoryNode(f"chat/{number}", "Chat", 0, number))]


@pytest.fixture
def left_behind(tmp_path: Path) -> Path:
    """The path of a memory that was removed after its writer was killed: what lay beside it is there still."""
    path = tmp_path / "a.memory"
    subprocess.run([sys.executable, "-c", KILLED, str(path)], env={"PYTHONPATH": ":".join(sys.path)})
    assert (tmp_path / "a.memory-wal").stat().st_size > 0
    path.unlink()
    return path


@pytest.mark.parametrize("way", ["save", "fork", "open"])
def test_what_a_removed_file_left_behind_is_not_taken_for_the_next_ones(left_behind: Path, way: str) -> None:
    memory = Memory.empty() if way == "open" else Memory.empty().commit(said(1)).commit(said(2))
    if way != "open":
        made = getattr(memory, way)(left_behind)
        assert made is None or made == memory
        del made
    with Memory.open(path=left_behind) as found:
        assert found == memory and found.nodes() == memory.nodes() and found.verify()
    assert [entry.name for entry in left_behind.parent.iterdir()] == ["a.memory"]


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_removed_while_it_is_open_is_not_taken_for_another(tmp_path: Path, replaced) -> None:
    path = tmp_path / "a.memory"
    memory = Memory.open(path=path).commit(said(1))
    path.unlink()
    if replaced:
        path.write_bytes(b"")
    with pytest.raises(StoreError, match="removed or replaced; close the memory of that one first"):
        Memory.open(path=path)
    assert memory.nodes("Chat") and path.exists() is replaced
    memory.close()
    with Memory.open(path=path) as other:
        other.commit(said(2))
    with Memory.open(path=path) as other:
        assert [node.id for node in other.nodes()] == ["chat/2"]


def test_a_file_lies_alone_when_it_is_closed_whoever_still_knows_of_its_store(tmp_path: Path) -> None:
    """What is committed is then in the file itself, and a copy of it has it all."""
    memory = Memory.open(path=tmp_path / "a.memory")
    store = STORES.find(memory.body.store)
    memory = memory.commit(said(1)).commit([PutTriple("chat/1", Triple("has_tag", "new words"))])
    memory.close()
    assert not store.open and os.listdir(tmp_path) == ["a.memory"]


def test_a_file_that_could_not_be_read_is_not_left_open(tmp_path: Path) -> None:
    path, whole = tmp_path / "a.memory", tmp_path / "whole.memory"
    with Memory.open(path=whole) as memory:
        memory.commit(said(1))
    for damage in (
        "UPDATE commits SET digest = x'00' WHERE revision = 1",
        "UPDATE commits SET now_ns = 'soon' WHERE revision = 1",
        "UPDATE commits SET now_ns = NULL WHERE revision = 1",
        "DELETE FROM commits",
        "UPDATE meta SET value = 'far' WHERE name = 'oldest'",
        "DELETE FROM meta WHERE name = 'oldest'",
        "DELETE FROM meta WHERE name = 'store'",
        "UPDATE meta SET value = x'00' WHERE name = 'schema'",
    ):
        shutil.copy(whole, path)
        connection = connected(str(path))
        connection.execute(damage)
        connection.close()
        for read_only in (True, False):
            with pytest.raises(StoreUnreadable, match="damaged") as told:
                Memory.open(path=path, read_only=read_only)
            assert str(path) in str(told.value) and "\n" not in str(told.value), damage
        path.unlink()
        shutil.copy(whole, path)
        with Memory.open(path=path) as memory:
            assert memory.revision == 1


def looked(path: Path) -> tuple[list[object], bool]:
    """What a memory says when it is asked for everything, now and before, and what it says of itself."""
    clauses: tuple[Where, ...] = (
        Triple("has_tag", "t1"),
        Comparator(Attribute("X"), "GREATER_THAN", 5.0),
        Mentions("chair"),
    )
    with Memory.open(path=path) as memory:
        told: list[object] = [memory.digest, memory.revision, list(memory.commits())]
        told += [memory.history(f"o/{n}") for n in range(9)]
        for revision in (3, 17, 24):
            then = memory.at(revision=revision)
            told += [then.nodes(), then.counts(), then.ids()]
            told += [then.query(Query(1, Filters(clause), 0, Pose2(0, 0, 0))).nodes for clause in clauses]
        return told, memory.verify()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with some of everything."""
    path = tmp_path_factory.mktemp("whole") / "a.memory"
    with Memory.open(path=path) as memory:
        for n in range(24):
            seen = DetectedObject(
                f"o/{n % 9}", 0, n, 0, (n, 1.0, 2.0), (1, 1, 1), label="chair", colour=("red", "blue")[n % 2]
            )
            changes = [PutNode(memory_node(seen)), Attend(seen.id, n)]
            changes += [PutTriple(seen.id, Triple("has_tag", f"t{n % 3}"))]
            memory = memory.commit([*changes, *([Forget(f"o/{n % 7}")] if n % 5 == 0 else [])], n)
    return path


def test_of_a_damaged_file_no_wrong_answer_stays_untold(whole: Path, tmp_path: Path) -> None:
    """Any bytes may be otherwise: it is one sentence, or the answers are the same, or verify tells."""
    expected, sound = looked(whole)
    content, chance, found = whole.read_bytes(), random.Random(5), {"told": 0, "same": 0}
    assert sound
    for number in range(30):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 2, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = tmp_path / f"{number}.memory"
        path.write_bytes(damaged)
        try:
            told, sound = looked(path)
        except (StoreError, SchemasError, NoSuchRevision) as error:
            assert "\n" not in str(error)
            found["told"] += 1
        else:
            assert told == expected or not sound
            found["same"] += told == expected
    assert min(found.values()) > 3


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """On a real file system that has no more room, where one can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", folder], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        model, path = Memory.empty(), folder / "a.memory"
        memory = Memory.open(path=path)
        with pytest.raises(StoreError, match="no space left|full") as told:
            for number in range(5000):
                memory, model = memory.commit(said(number)), model.commit(said(number))
        assert "nothing was written" in str(told.value) or "is the disk full" in str(told.value)
        assert memory.revision > 20 and memory.nodes() == memory.at(revision=memory.revision).nodes()
        for write in (memory.save, memory.export_json_lines, memory.fork):
            with pytest.raises(StoreError):
                write(folder / "other")
            assert not (folder / "other").exists()
        assert all(not name.startswith("other") for name in os.listdir(folder))
        kept = memory.fork(tmp_path / "elsewhere.memory")
        memory.close()
        with Memory.open(path=path, read_only=True) as again:
            assert again.digest == kept.digest and again.verify()
        kept.commit(said(9999)).close()
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_of_a_damaged_text_file_no_wrong_memory_is_made(whole: Path, tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    memory = Memory.load(whole)
    memory.export_json_lines(lines)
    content, chance, refused = lines.read_bytes(), random.Random(3), 0
    names = (b"DetectedObject", b"has_tag", b"label", b"o/1", b"PutNode", b"revision")
    for number in range(200):
        damaged = bytearray(content)
        if number < 60:  # a letter of a word that means something
            word = names[number % len(names)]
            places = [n for n in range(len(content)) if content.startswith(word, n)]
            damaged[chance.choice(places) + chance.randrange(len(word))] = chance.choice(b"abc/_1")
        else:
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.randrange(30)] = chance.choice(
                (b"", b"{", b'"', b"0", b"\n", b"\xff")
            )
        lines.write_bytes(damaged)
        try:
            made = Memory.import_json_lines(lines)
        except StoreUnreadable as error:
            assert str(lines) in str(error) and "\n" not in str(error)
            refused += 1
        else:
            assert made == memory and made.nodes() == memory.nodes()
    assert refused > 150


FORKED = """
import os, sys
from droidlet_memory import Memory, StoreBusy, StoreClosed
from droidlet_schema import MemoryNode, PutNode
def said(n): return [PutNode(MemoryNode(f"chat/{n}", "Chat", 0, n))]
path, told = sys.argv[1], []
memory = Memory.open(path=path).commit(said(1))
own = Memory.open().commit(said(1))
if not (child := os.fork()):
    for use in (memory.nodes, lambda: memory.commit(said(2)), own.nodes, lambda: Memory.open(path=path)):
        try:
            told.append(use())
        except (StoreClosed, StoreBusy) as error:
            told.append(type(error).__name__)
    memory.close()
    with Memory.open(path=path, read_only=True) as reading:
        told.append(len(reading.nodes()))
    with Memory.open(path=path + "2") as other:
        told.append(other.commit(said(7)).revision)
    print(told, flush=True)
    sys.exit()
assert os.waitpid(child, 0)[1] == 0
print(memory.commit(said(3)).verify(), own.commit(said(2)).revision)
"""


def test_a_forked_process_leaves_the_stores_to_its_parent(tmp_path: Path) -> None:
    """It could write to them otherwise, past every lock."""
    run = subprocess.run(
        [sys.executable, "-c", FORKED, str(tmp_path / "a.memory")],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert run.returncode == 0, run.stderr
    told, parent = run.stdout.splitlines()
    assert told == "['StoreClosed', 'StoreClosed', 'StoreClosed', 'StoreBusy', 1, 1]"
    assert parent == "True 2"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.memory", "a.memory2"]
