"""A memory's writer is killed again and again; run as a program: FILE KILLS SEED SECONDS (the longest time
from the first commit to a kill).

Prints how many commits returned, and how many kills fell into the middle of a commit. Fails where a commit
that returned is lost, where one is half there, or where the chain is broken.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time

from droidlet_memory import Memory
from droidlet_schema import Change, Forget, MemoryNode, PutNode, Triple

NODES = 12


def changes(revision: int) -> tuple[Change, ...]:
    """What is committed as this revision: nodes that move, come and go, and are told of in changing words."""
    said = (Triple("has_name", f"thing {revision % 7}"), Triple("has_tag", f"tag {revision}"))
    puts = tuple(
        PutNode(
            MemoryNode(
                f"object/{i}", "ReferenceObject", 0, revision, 0, (i, revision, 0.5), triples=said[i % 2 :]
            )
        )
        for i in range(revision % 5, NODES)
    )
    return (*puts, Forget(f"object/{revision % NODES}"))


def write(path: str, told: int) -> None:
    """Commits for ever; tells before each commit and after it."""
    memory = Memory.open(path=path)
    while True:
        os.write(told, b"begun\n")
        memory = memory.commit(changes(memory.revision + 1))
        os.write(told, f"{memory.revision} {memory.digest}\n".encode())


def killed(path: str, after_s: float) -> list[str]:
    """What a writer told until it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            write(path, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as told:
        lines = [told.readline()]  # from the first commit on
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return lines + told.readlines()


class Model:
    """What the file must hold: the same commits, made in this process."""

    def __init__(self) -> None:
        self.memory = Memory.empty()
        self.digests = [self.memory.digest]

    def check(self, path: str, lines: list[str]) -> None:
        """Compares a file with what its writer had told, and with what its commits must lead to."""
        with Memory.open(path=path) as found:
            while self.memory.revision < found.revision:
                self.memory = self.memory.commit(changes(self.memory.revision + 1))
                self.digests.append(self.memory.digest)
            expect(found == self.memory and found.nodes() == self.memory.nodes(), "a commit is half there")
            for line in lines:
                if line != "begun\n":
                    revision, digest = line.split()
                    expect(int(revision) <= found.revision, "a commit that returned is lost")
                    expect(found.at(revision=int(revision)).digest == digest, "a commit is another")
        connection = sqlite3.connect(path)
        expect(connection.execute("PRAGMA quick_check").fetchall() == [("ok",)], "the file is damaged")
        connection.close()


def expect(holds: bool, otherwise: str) -> None:
    """Ends the program where something does not hold."""
    if not holds:
        raise SystemExit(otherwise)


def main(path: str, kills: int, seed: int, longest_s: float) -> None:
    """Kills the writer so many times; the file is gone on with each time."""
    chance, model, returned, torn = random.Random(seed), Model(), 0, 0
    for _ in range(kills):
        lines = killed(path, chance.uniform(0, longest_s))
        torn += lines[-1] == "begun\n"
        returned += sum(line != "begun\n" for line in lines)
        model.check(path, lines)
    with Memory.open(path=path) as memory:
        expect(memory.verify(), "the chain is broken")
    print(returned, torn)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
