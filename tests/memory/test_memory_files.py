"""Files that are not what they should be: each is told in one sentence, and none is changed by looking."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from droidlet_memory import (
    Memory,
    NodeType,
    Schema,
    SchemasError,
    StoreClosed,
    StoreError,
    StoreUnreadable,
    StoreUnwritable,
)
from droidlet_memory.store.connecting import connected
from droidlet_memory.store.opening import check_features
from droidlet_memory.store.tables import FORMAT
from droidlet_schema import MemoryNode, PutNode, decode, encode
from memory.killing import changes

ENV = {"PYTHONPATH": ":".join(sys.path)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A file with a history."""
    path = tmp_path_factory.mktemp("whole") / "whole.memory"
    with Memory.open(path=path) as memory:
        for revision in range(1, 30):
            memory = memory.commit(changes(revision))
    return path


@pytest.fixture
def path(whole, tmp_path):
    """A copy of it."""
    return shutil.copy(whole, tmp_path / "a.memory")


def refused(path, words, error=StoreUnreadable):
    """Opening it is refused, in every way, and changes nothing."""
    before = path.read_bytes() if path.is_file() else None
    beside = sorted(path.parent.iterdir())
    for look in (
        lambda: Memory.open(path=path),
        lambda: Memory.open(path=path, read_only=True),
        lambda: Memory.load(path),
    ):
        with pytest.raises(error, match=words) as told:
            look()
        assert str(path) in str(told.value) and "\n" not in str(told.value)
    assert before is None or path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside


def test_a_text_is_no_memory(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("what I wanted to remember\n" * 100)
    refused(path, "is no memory")


def test_a_file_of_sqlite_may_be_something_else(tmp_path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE nodes(x)")
    connection.close()
    refused(path, "something else, not a memory")


def test_a_folder_is_no_file(tmp_path):
    refused(tmp_path, "is a folder")


def test_a_newer_format_is_left_alone(path):
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    refused(path, f"format {FORMAT + 1}, newer than the {FORMAT}")


def test_a_format_that_was_never_released_is_left_alone(path):
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT - 1}")
    connection.close()
    refused(path, f"format {FORMAT - 1}, from before the first release")


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.99])
def test_a_file_that_was_cut_off(path, share):
    os.truncate(path, int(os.path.getsize(path) * share))
    refused(path, "cut off|damaged|is no memory")


def test_an_empty_file_becomes_a_memory_where_it_may(tmp_path):
    path = tmp_path / "empty.memory"
    path.touch()
    with pytest.raises(StoreUnreadable, match="empty file"):
        Memory.open(path=path, read_only=True)
    with Memory.open(path=path) as memory:
        assert memory.revision == 0


def test_what_is_not_there(tmp_path):
    for path in (tmp_path / "no.memory", tmp_path / "no" / "no.memory"):
        with pytest.raises(StoreUnreadable, match="there is no memory at"):
            Memory.open(path=path, read_only=True)
        with pytest.raises(StoreUnreadable, match="there is no memory at"):
            Memory.load(path)
    with pytest.raises(StoreUnwritable, match="there is no folder"):
        Memory.open(path=path)
    for wrong in ("", 3, None, b"x", "a\0b"):
        with pytest.raises(StoreError, match="the path of a file, got"):
            Memory.open(path=wrong)
    assert list(tmp_path.iterdir()) == []


def test_other_schemas_are_told(path):
    mine = Schema("mine", ("base",), (NodeType("Chair", "ReferenceObject"),))
    with pytest.raises(SchemasError, match="or path='home.memory' if that is a file"):
        Memory.open("home.memory")
    with pytest.raises(SchemasError, match="base, robot, not with base, mine"):
        Memory.open(("base", mine), path)
    with Memory.open(("robot", "base"), path) as memory:
        assert memory.revision == 29


def test_any_byte_may_be_damaged(whole, tmp_path):
    """Whatever is wrong, it is told as damage, or the memory is as it was, or verify finds it."""
    with Memory.open(path=whole, read_only=True) as memory:
        wanted = memory.nodes()
    content, chance, found = whole.read_bytes(), random.Random(3), 0
    for number in range(60):
        damaged = bytearray(content)
        for _ in range(20):
            damaged[chance.randrange(100, len(damaged))] ^= 1 << chance.randrange(8)
        path = tmp_path / f"{number}.memory"
        path.write_bytes(damaged)
        try:
            with Memory.open(path=path) as memory:
                memory.history("object/7")
                same = memory.nodes() == wanted and memory.revision == 29
                assert not memory.verify() or same
        except (StoreError, SchemasError) as told:
            assert str(path) in str(told) or "revision" in str(told)
            found += 1
    assert found > 10


def test_a_closed_memory_says_so_and_goes_on_when_its_file_is_open_again(path):
    with Memory.open(path=path) as memory:
        nodes, frames = memory.nodes(), encode(memory)
    for use in (lambda: memory.nodes(), lambda: memory.commit(changes(1)), lambda: decode(frames).now_ns):
        with pytest.raises(StoreClosed, match="open its file with Memory.open"):
            use()
    assert decode(frames) == memory and memory.digest == decode(frames).digest
    memory.close()
    with Memory.open(path=path):
        assert memory.nodes() == decode(frames).nodes() == nodes


def test_a_copy_of_an_open_file_is_not_mistaken_for_it(path, tmp_path):
    other = tmp_path / "copy.memory"
    shutil.copy(path, other)
    with (
        Memory.open(path=path),
        pytest.raises(StoreError, match="is a copy of .*, which is open: memory.fork"),
    ):
        Memory.open(path=other)
    with Memory.open(path=other) as memory:
        assert memory.revision == 29


def test_nothing_is_written_over_another_file(path, tmp_path):
    before = sorted(tmp_path.iterdir())
    for memory in (Memory.empty(), Memory.open()):
        for write in (memory.fork, memory.save, memory.export_json_lines):
            with pytest.raises(StoreUnwritable, match="is there already"):
                write(path)
            with pytest.raises(StoreUnwritable, match="there is no folder"):
                write(tmp_path / "no" / "a.memory")
    assert sorted(tmp_path.iterdir()) == before


LOCKED_OUT = """
import os, sys
from droidlet_memory import Memory, StoreError
from droidlet_memory.store import forking, opening, verifying
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
path = sys.argv[1]
for options in ({}, {"read_only": True}):
    try:
        with Memory.open(path=path, **options) as memory:
            print(memory.revision, len(memory.nodes()), memory.verify())
            memory.fork().commit(())
    except StoreError as error:
        print(error)
"""


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_read_only_can_be_read(whole, what):
    folder = Path(tempfile.mkdtemp())  # where others than root can look
    path = folder / "a.memory"
    shutil.copy(whole, path)
    path.chmod(0o444 if what == "file" else 0o666)
    folder.chmod(0o777 if what == "file" else 0o555)
    try:
        told = subprocess.run(
            [sys.executable, "-c", LOCKED_OUT, str(path)],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
            check=True,
        )
        left = [entry.name for entry in folder.iterdir()]
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    writing, reading = told.stdout.splitlines()
    assert "read-only; read_only=True opens it for reading" in writing
    assert reading == "29 11 True" or reading.startswith("29 ")
    assert left == ["a.memory"] or what == "file"


def test_a_python_whose_sqlite_lacks_something_is_told():
    with pytest.raises(StoreError, match="was built without telepathy: use a Python .* Memory.empty"):
        check_features(connected(":memory:"), {"telepathy_i32": "telepathy"})
    check_features(connected(":memory:"))


def test_a_text_that_was_changed_or_cut_is_told_by_its_line(path, tmp_path):
    told = tmp_path / "a.jsonl"
    with Memory.open(path=path) as memory:
        memory.export_json_lines(told)
    lines = told.read_text().splitlines(keepends=True)
    for wrong, words in (
        (lines[:-1], f"ends after line {len(lines) - 1}"),
        ([*lines, lines[-1]], f"line {len(lines) + 1}: nothing was to follow"),
        ([*lines[:3], "{}\n", *lines[4:]], "line 4"),
        ([*lines[:3], lines[3].replace("thing", "thong"), *lines[4:]], "revision 3 lead to"),
        ([*lines[:-3], *(line.replace("thing", "thong") for line in lines[-3:])], "its nodes are not those"),
        ([], "ends after line 0"),
    ):
        told.write_text("".join(wrong))
        with pytest.raises(StoreUnreadable, match=words):
            Memory.import_json_lines(told)
    with pytest.raises(StoreUnreadable, match="cannot be read as text"):
        Memory.import_json_lines(path)


def test_a_file_that_was_only_read_lies_alone_again(path):
    with Memory.open(path=path, read_only=True) as memory:
        assert memory.nodes() and len(list(path.parent.iterdir())) > 1
    assert Memory.load(path).revision
    assert list(path.parent.iterdir()) == [path]


def test_what_is_read_beside_a_writer_leaves_the_writer_its_files(path):
    with Memory.open(path=path) as memory:
        beside = sorted(path.parent.iterdir())
        alone = "import sys; from droidlet_memory import Memory; print(Memory.load(sys.argv[1]).digest)"
        read = subprocess.run(
            [sys.executable, "-c", alone, str(path)], capture_output=True, text=True, env=ENV, check=True
        )
        assert read.stdout.split() == [memory.digest] and sorted(path.parent.iterdir()) == beside
        memory = memory.commit([PutNode(MemoryNode("object/77", "ReferenceObject", 0, 0))])
    with Memory.open(path=path) as again:
        assert again == memory and again.verify()


def test_a_file_that_was_loaded_can_be_opened_though_an_older_value_of_it_lives(path):
    older = Memory.open(path=path)
    older.close()
    loaded = Memory.load(path)
    with Memory.open(path=path) as memory:
        assert memory == loaded == older
        assert Memory.load(path) == loaded and memory.nodes() == older.nodes()
