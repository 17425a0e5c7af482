"""The upgrade of a memory's file is killed again and again; run as a program: FOLDER KILLS.

Each time a copy of one old file is upgraded by a process that is killed at one of the calls that it makes, at
another one each time, the last ones above all. Fails where the file is then neither the old memory nor the
new one, whole, or does not become the new one when it is opened again. Prints how often it was still the old
one, and how often the new.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

from droidlet_memory import Memory, migrate_memory
from memory.upgrade_parts import ADDED, MOVED, OLD, changes, followed, make

COMMITS = 12
WHOLE = 10**9
MARGIN = 30  # calls at the end, as not every run makes quite as many


def upgraded(path: str, schemas: Sequence[Any], kill_at: int) -> tuple[int, int]:
    """Opens a file under newer schemas in a process that is killed at its so manieth call; its status, and
    how many calls it made where it was not.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        calls = 0

        def called(frame: FrameType, event: str, _: object) -> None:
            nonlocal calls
            calls += event == "c_call"
            if calls == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(called)
        Memory.open(schemas, path).close()
        sys.setprofile(None)
        os.write(writing, str(calls).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    return os.waitpid(child, 0)[1], int(text or 0)


def expect(holds: bool, otherwise: str) -> None:
    """Ends the program where something does not hold."""
    if not holds:
        raise SystemExit(otherwise)


def check(path: str, schemas: Sequence[Any], old: Memory, new: Memory) -> bool:
    """Whether the file is the new memory already; it has to be that or the old one, and to become the new."""
    with Memory.open(path=path) as found:
        done = found == new
        expect(done or found == old, f"{found.digest} is neither the old memory nor the new one")
        expect(found.nodes() == (new if done else old).nodes() and found.verify(), "it is half there")
    with Memory.open(schemas, path) as found:
        expect(
            found == new and found.nodes() == new.nodes() and found.verify(), "it cannot be upgraded any more"
        )
    return done


def afresh(folder: str, first: str, path: str) -> None:
    """The old file again, and nothing else beside it."""
    for name in os.listdir(folder):
        if name.startswith(os.path.basename(path)):
            os.remove(os.path.join(folder, name))
    shutil.copyfile(first, path)


def main(folder: str, kills: int) -> None:
    """Kills both kinds of upgrade so many times each."""
    first = os.path.join(folder, "first.memory")
    old, told = make(first, range(COMMITS)), []
    for schemas in (ADDED, MOVED):
        new = migrate_memory(old, Memory.empty(schemas))
        path = os.path.join(folder, "a.memory")
        for _ in range(2):  # what is worked out once is worked out before calls are counted
            afresh(folder, first, path)
            calls = upgraded(path, schemas, WHOLE)[1]
            expect(calls > kills and check(path, schemas, old, new), "it was not upgraded")
        late = kills * 2 // 3
        when = [calls - int(MARGIN * (calls / MARGIN) ** (number / late)) for number in range(late)]
        when += [1 + calls * number // (kills - late) for number in range(kills - late)]
        done = 0
        for kill_at in when:
            afresh(folder, first, path)
            status = upgraded(path, schemas, kill_at)[0]
            expect(os.WIFSIGNALED(status), f"not killed at call {kill_at} of {calls}")
            done += check(path, schemas, old, new)
            kept = [
                name for name in os.listdir(folder) if not name.startswith("first") and name != "a.memory"
            ]
            wanted = ["a.memory.before-kitchen-1"] if schemas is MOVED else []
            expect(kept == wanted, f"{kept} lies beside it")
            for name in kept:
                with Memory.open(OLD, os.path.join(folder, name)) as before:
                    expect(before == old and before.verify(), "the old file was not kept whole")
                    followed(before, [changes(COMMITS + 1)])
        told += [kills - done, done]
    print(*told)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
