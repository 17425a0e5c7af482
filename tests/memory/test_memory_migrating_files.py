"""A file that was made under older schemas is upgraded when it is opened, or it is said why it cannot be."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import (
    FieldType,
    Memory,
    Migration,
    NodeType,
    Predicate,
    Schema,
    SchemasError,
    StoreBusy,
    StoreClosed,
    StoreUnreadable,
    StoreUnwritable,
    migrate_memory,
)
from droidlet_schema import MemoryNode, PutNode, Triple, decode, encode
from memory.upgrade_parts import ADDED, FIRST, MOVED, OLD, OTHER, STEPS, changes, followed, make

HERE = Path(__file__).parent
READER = """
import sys
from droidlet_memory import Memory
with Memory.open(path=sys.argv[1], read_only=True) as memory:
    print(memory.revision, flush=True)
    sys.stdin.read()
"""
RAKE = PutNode(MemoryNode("rake/1", "Rake", 0, 99, triples=(Triple("rakes", "leaves"),)))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.memory"


def beside(path: Path) -> list[str]:
    return sorted(os.listdir(path.parent))


def test_what_is_only_added_leaves_nodes_and_commits_as_they_are(path):
    old = make(path)
    with Memory.open(ADDED, path) as memory:
        assert memory == followed(Memory.empty(ADDED), map(changes, range(30)))  # as if never otherwise
        assert memory.revision == old.revision and memory.nodes() == old.nodes() and memory.verify()
        assert [c.changes for c in memory.commits()] == [c.changes for c in old.commits()]
        assert memory.history("cup/3") == old.history("cup/3")
        after = memory.commit([RAKE])
    with Memory.open(path=path) as memory:
        assert memory == after and memory.verify() and memory.schema.is_a("Mug", "Cup")
    assert beside(path) == ["a.memory"]


def test_a_cut_history_is_upgraded_from_its_cut_on(path):
    old = make(path, cut=20)
    with Memory.open(ADDED, path) as memory:
        assert (memory.oldest, memory.revision, memory.nodes()) == (20, 30, old.nodes())
        assert memory.at(revision=20).nodes() == old.at(revision=20).nodes() and memory.verify()
        assert memory.at(revision=20).digest not in {old.at(revision=20).digest, Memory.empty(ADDED).digest}


def test_memories_from_before_are_not_those_of_the_new_store(path):
    make(path)
    with Memory.open(OLD, path) as memory:
        frames = encode(memory)
    with Memory.open(ADDED, path) as memory:
        before = decode(frames, Memory)
        assert before != memory
        with pytest.raises(StoreClosed, match="is not open here"):
            before.nodes()


def test_what_becomes_otherwise_is_made_again_and_the_old_file_kept(path):
    old = make(path)
    path.chmod(0o640)
    with Memory.open(MOVED, path) as memory:
        assert memory == migrate_memory(old, Memory.empty(MOVED)) and memory.verify()
        assert {node.properties["volume_l"] for node in memory.nodes("Cup")} == {0.3}
        assert not memory.history("straw/1") and memory.now_ns == old.now_ns
        after = memory.commit([PutNode(MemoryNode("cup/9", "Cup", 0, 99))])
    kept = path.with_name("a.memory.before-kitchen-1")
    assert beside(path) == [path.name, kept.name]
    assert path.stat().st_mode == kept.stat().st_mode
    with Memory.open(MOVED, path) as memory, Memory.open(OLD, kept) as before:
        assert memory == after and before == old and before.nodes() == old.nodes() and before.verify()
    assert beside(path) == [path.name, kept.name]


def test_an_older_file_that_was_kept_is_never_overwritten(path):
    make(path, range(5))
    kept = path.with_name("a.memory.before-kitchen-1")
    kept.write_bytes(b"something else")
    Memory.open(MOVED, path).close()
    assert kept.read_bytes() == b"something else"
    with Memory.open(OLD, path.with_name(kept.name + ".2")) as before:
        assert before.revision == 5


def test_a_full_disk_leaves_the_file_as_it_was(path):
    old, limits = make(path), resource.getrlimit(resource.RLIMIT_FSIZE)
    before = path.read_bytes()
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
        with pytest.raises(StoreUnwritable, match="full"):
            Memory.open(MOVED, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before and beside(path) == [path.name]
    with Memory.open(MOVED, path) as memory:
        assert memory == migrate_memory(old, Memory.empty(MOVED))


@settings(max_examples=15)
@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 12), st.sampled_from((ADDED, MOVED)))
def test_any_file_becomes_what_the_same_commits_are_under_the_new_schemas(
    tmp_path_factory, steps, cut, schemas
):
    path = tmp_path_factory.mktemp("any") / "a.memory"
    old = make(path, steps, cut)
    with Memory.open(schemas, path) as memory:
        expected = migrate_memory(old, Memory.empty(schemas))
        assert memory.nodes() == expected.nodes() and memory.verify()
        assert memory == expected or (schemas is ADDED and old.oldest)


def other(*steps: object, fields: tuple[FieldType, ...] = (FieldType("volume_l", "float"),)) -> Schema:
    """The newer kitchen with other steps."""
    cup = NodeType("Cup", "ReferenceObject", fields=fields)
    return Schema("kitchen", ("base",), (cup,), version=2, migrations=(Migration(1, steps),))


@pytest.mark.parametrize(
    ("schemas", "words"),
    [
        (("base",), ("schemas base, kitchen, not with base", "under schema 'kitchen'", "name it, too")),
        (("base", "robot"), ("not with base, robot", "under schema 'kitchen'")),
        (
            ("base", other(*STEPS[:1], *STEPS[2:])),
            ("'volume_l'", "was int | str and is float", "ConvertField"),
        ),
        (("base", other(*STEPS[1:])), ("version 1", "and 2", "'volume'", "RenameField or DropField")),
        (("base", other(*STEPS[:3])), ("as they are now", "'bought_at' is gone", "DropPredicate")),
        (MOVED, ("cup/2", "Cup.volume_l cannot become float", "'much'")),
    ],
)
def test_what_cannot_be_is_said_and_the_file_is_as_it_was(path, schemas, words):
    make(path)
    with Memory.open(OLD, path) as memory:
        memory.commit(changes(30, "much"))
    before = path.read_bytes()
    with pytest.raises(SchemasError) as refused:
        Memory.open(schemas, path)
    told = str(refused.value)
    assert all(word in told for word in (str(path), "stays as it is", *words)), told
    assert path.read_bytes() == before and beside(path) == ["a.memory"]
    with pytest.raises(SchemasError, match="stays as it is"):
        Memory.open(schemas, path, read_only=True)
    assert path.read_bytes() == before


def test_the_newer_file_is_not_opened_under_the_older_schemas(path):
    make(path, range(3))
    Memory.open(MOVED, path).close()
    before = path.read_bytes()
    with pytest.raises(SchemasError, match="version 2 of schema 'kitchen', and version 1 of it is given"):
        Memory.open(OLD, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("schemas", [ADDED, MOVED])
def test_for_reading_only_it_is_not_upgraded(path, schemas):
    old = make(path)
    before = path.read_bytes()
    with pytest.raises(SchemasError, match=r"upgraded \(kitchen: version 1 becomes 2\) where .* for writing"):
        Memory.open(schemas, path, read_only=True)
    with Memory.open(path=path, read_only=True) as memory:
        assert memory == old
        with pytest.raises(SchemasError, match="open here; close it first"):
            Memory.open(schemas, path, read_only=True)
    with Memory.open(OLD, path), pytest.raises(SchemasError, match="open here; close it first"):
        Memory.open(schemas, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("schemas", [ADDED, MOVED])
def test_nobody_who_reads_along_is_disturbed(path, schemas):
    old = make(path)
    run = [sys.executable, "-c", READER, str(path)]
    env = {"PYTHONPATH": ":".join(sys.path)}
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as reader:
        assert reader.stdout.readline()
        with pytest.raises(StoreBusy, match="read by others, and is to be upgraded"):
            Memory.open(schemas, path)
        with Memory.open(path=path, read_only=True) as memory:
            assert memory == old and memory.verify()
        reader.communicate()
    with Memory.open(schemas, path) as memory:
        assert memory == migrate_memory(old, Memory.empty(schemas))


@pytest.mark.parametrize("schemas", [ADDED, MOVED])
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE commits SET now_ns = now_ns + 1 WHERE revision = 7",
        "UPDATE commits SET changes = (SELECT changes FROM commits WHERE revision = 3) WHERE revision = 7",
        "UPDATE commits SET changes = NULL WHERE revision = 7",
        "DELETE FROM commits WHERE revision = 7",
        "UPDATE commits SET digest = 'x' WHERE revision = 0",
    ],
)
def test_what_is_damaged_does_not_become_new_by_an_upgrade(path, schemas, damage):
    make(path, range(9))
    connection = sqlite3.connect(path)
    assert connection.execute(damage).rowcount == 1
    connection.commit()
    content = list(connection.iterdump())
    connection.close()
    with pytest.raises(StoreUnreadable, match="is damaged"):
        Memory.open(schemas, path)
    connection = sqlite3.connect(path)
    assert list(connection.iterdump()) == content and "a.memory.before-kitchen-1" not in beside(path)
    connection.close()


@pytest.mark.parametrize("said", [False, True])
def test_a_type_that_lies_elsewhere_is_judged_commit_by_commit(path, said):
    """What was said of it as one of a type above may not be said of it any more."""

    def schemas(parent: str) -> tuple[str | Schema, ...]:
        above = (NodeType("Sharp", "ReferenceObject"), NodeType("Blunt", "ReferenceObject"))
        types = (*above, NodeType("Tool", parent))
        return ("base", Schema("kitchen", ("base",), types, (Predicate("cuts", "Sharp"),)))

    triples = (Triple("cuts", "bread"),) if said else ()
    with Memory.open(schemas("Sharp"), path) as memory:
        memory.commit([PutNode(MemoryNode("tool/1", "Tool", 0, 0, triples=triples))])
    before = path.read_bytes()
    if said:
        with pytest.raises(SchemasError, match="cuts is said of a Sharp, and tool/1 is a Tool"):
            Memory.open(schemas("Blunt"), path)
        assert path.read_bytes() == before and beside(path) == ["a.memory"]
        return
    with Memory.open(schemas("Blunt"), path) as moved:
        assert moved.schema.is_a("Tool", "Blunt") and moved.verify()
        assert moved.nodes() == Memory.load(path.with_name("a.memory.before-base-1-kitchen-1")).nodes()


def kill(folder: Path, kills: int) -> list[int]:
    run = subprocess.run(
        [sys.executable, str(HERE / "killing_upgrades.py"), str(folder), str(kills)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert run.returncode == 0, run.stderr
    return [int(count) for count in run.stdout.split()]


def test_a_kill_leaves_the_old_memory_or_the_new_one(tmp_path):
    assert min(kill(tmp_path, 10)) > 0


@pytest.mark.slow
def test_the_same_two_hundred_times(tmp_path):
    assert min(kill(tmp_path, 200)) > 10


def test_the_shipped_schemas_with_more_on_top_open_a_file_of_before(path):
    assert FIRST.version < OTHER.version
    with Memory.open(path=path) as memory:
        memory = memory.commit([PutNode(MemoryNode("self", "Self", 0, 0))])
    mine = Schema("mine", ("robot",), (NodeType("Rake", "ReferenceObject"),), ("rakes",))
    with Memory.open(("base", "robot", mine), path) as memory:
        assert memory.commit([RAKE]).node("rake/1") and memory.node("self")
