"""Forks of a memory in a file: whole, on the disk, and without disturbing the file that they are made of."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory, StoreError
from droidlet_memory.store.copying import copy_file, copy_inside, copy_through
from droidlet_schema import Forget, MemoryNode, PutNode, Triple

ALONE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
connection.execute("PRAGMA locking_mode = EXCLUSIVE")
connection.execute("PRAGMA journal_mode = DELETE")
"""


def commits(memory, count=6):
    """The memory, and what it becomes commit by commit."""
    made = [memory]
    for index in range(count):
        said = (Triple("has_tag", f"tag {index}"),)
        puts = [
            PutNode(MemoryNode(f"object/{i}", "ReferenceObject", i, index, triples=said)) for i in range(9)
        ]
        made.append(made[-1].commit([*puts, Forget(f"object/{index}")]))
    return made


def same(fork, memory):
    """Whether a fork is what a memory is, and its history leads there."""
    return fork == memory and fork.nodes() == memory.nodes() and fork.verify()


@pytest.mark.parametrize("revision", [0, 2, 5, 6])
def test_a_fork_of_any_revision_is_that_memory(tmp_path, revision):
    with commits(Memory.open(path=tmp_path / "a.memory"))[-1] as memory:
        then = memory.at(revision=revision)
        with then.fork(tmp_path / "b.memory") as fork, then.fork() as passing:
            assert same(fork, then) and same(passing, then)
            goes_on = fork.commit([PutNode(MemoryNode("self", "Self", 0, 0))])
            assert goes_on.verify() and memory.node("self") is None
    with Memory.open(path=tmp_path / "b.memory") as again:
        assert again.revision == revision + 1 and again.verify()


def test_a_fork_has_what_others_keep_out_of_the_file(tmp_path):
    """Whoever reads an older state keeps the log from being brought into the file."""
    path = tmp_path / "a.memory"
    first = Memory.open(path=path).commit([PutNode(MemoryNode("self", "Self", 0, 0))])
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM nodes").fetchone()
    memory = commits(first)[-1]
    with memory.fork(tmp_path / "b.memory") as fork:
        assert same(fork, memory)
    reader.close()
    with memory.fork(tmp_path / "c.memory") as fork:
        assert same(fork, memory)
    memory.close()


def test_a_fork_by_who_reads_along(tmp_path):
    path = tmp_path / "a.memory"
    digest = commits(Memory.open(path=path))[-1].digest
    with Memory.open(path=path, read_only=True) as memory, memory.fork(tmp_path / "b.memory") as fork:
        assert memory.digest == digest and same(fork, memory)


def test_forking_leaves_the_locks_of_the_file_as_they_are(tmp_path):
    """A process that closes a file loses the locks that it has on it, whoever closes: then another might take
    the log away.
    """
    with commits(Memory.open(path=tmp_path / "a.memory"))[-1] as memory:
        memory.fork(tmp_path / "b.memory").close()
        alone = subprocess.run(
            [sys.executable, "-c", ALONE, str(tmp_path / "a.memory")], capture_output=True, text=True
        )
        assert "database is locked" in alone.stderr
        assert memory.commit([PutNode(MemoryNode("self", "Self", 0, 0))]).verify()


def test_a_file_that_was_replaced_is_not_taken_for_the_memory(tmp_path):
    path, other = tmp_path / "a.memory", tmp_path / "other.memory"
    commits(Memory.open(path=other), 2)[-1].close()
    with commits(Memory.open(path=path))[-1] as memory:
        os.replace(other, path)
        with pytest.raises(StoreError, match="replaced"):
            memory.fork(tmp_path / "b.memory")
        assert not (tmp_path / "b.memory").exists()


@settings(max_examples=40)
@given(st.binary(min_size=1, max_size=300), st.integers(0, 300), st.integers(1, 64))
def test_a_copy_has_every_byte_however_far_the_system_came(tmp_path_factory, content, done, at_once):
    folder = tmp_path_factory.mktemp("copies")
    (folder / "from").write_bytes(content)
    source = os.open(folder / "from", os.O_RDONLY)
    copy_file(source, str(folder / "whole"))
    target = os.open(folder / "parts", os.O_RDWR | os.O_CREAT)
    done = copy_inside(source, target, min(done, len(content)))
    copy_through(source, target, done, len(content), at_once)
    os.close(source)
    os.close(target)
    assert (folder / "whole").read_bytes() == (folder / "parts").read_bytes() == content
