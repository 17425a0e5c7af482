"""The ground on Python 3.9: the interpreters that simulators live in are that old."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from droidlet_schema import (
    And,
    Approach,
    Filters,
    FrozenMap,
    Key,
    SemanticImage,
    Speak,
    Track,
    Triple,
    digest,
    encode,
)

COMPONENTS = Path(__file__).resolve().parents[2] / "components"

VALUES: tuple[Any, ...] = (
    SemanticImage(np.arange(6, dtype=np.int32).reshape(2, 3)),
    Track(
        3, "chair", "röt", 0.5, (1, 2, 3), (1, 1, 1), 5, 2**63, label_votes=FrozenMap({"chair": float("nan")})
    ),
    Approach(Filters(And((Triple("has_name", "chair"), And())))),
    Speak("☃"),
    Key(7).split(2)[1],
)

SCRIPT = """
import sys
from typing import Optional, Tuple, Union
import numpy as np
import droidlet_geometry
import droidlet_schema as d
from droidlet_schema import FrozenMap, array, record

assert sys.version_info[:2] == (3, 9), sys.version

@record
class Local:
    values: np.ndarray = array("N 2", np.float32)
    either: Union[int, str, None] = None
    many: Tuple[Tuple[int, ...], ...] = ()
    empty: Tuple[()] = ()
    maps: FrozenMap[str, Optional["Local"]] = FrozenMap()

inner = Local(np.zeros((0, 2), np.float32), "a")
value = Local(np.ones((3, 2), np.float32), 5, ((1,), ()), (), FrozenMap({"inner": inner, "none": None}))
assert d.decode(d.encode(value), Local) == value == d.decode([bytes(f) for f in d.encode(value)])
assert d.evolve(value, either=None) != value
assert d.json_schema(Local)["$defs"]["Local/1"]["required"] == ["$", "values"]
good = np.ones((3, 2), np.float32)
for wrong in (lambda: Local(np.ones(3)), lambda: Local(good, 1.5), lambda: d.decode([b"\\xc1"])):
    try:
        wrong()
    except ValueError:
        continue
    sys.exit("no error")
try:
    @record
    class Wrong:
        values: list
except d.SchemaError:
    pass
else:
    sys.exit("no error")
read = lambda size: sys.stdin.buffer.read(size)
for _ in range(int.from_bytes(read(4), "little")):
    frames = [read(int.from_bytes(read(4), "little")) for _ in range(int.from_bytes(read(4), "little"))]
    print(d.digest(d.decode(frames)))
print(d.Key(3).generator().integers(0, 2**32))
"""


def message(values: tuple[Any, ...]) -> bytes:
    """Values as their frames, with lengths before each."""
    count = lambda n: n.to_bytes(4, "little")  # noqa: E731
    parts = [count(len(values))]
    for value in values:
        frames = [bytes(frame) for frame in encode(value)]
        parts += [count(len(frames)), *(count(len(f)) + f for f in frames)]
    return b"".join(parts)


def run39(python: Path, code: str, sent: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    environment.update(PYTHONPATH=str(COMPONENTS), PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(
        [str(python), "-W", "error", "-c", code],
        input=sent,
        env=environment,
        capture_output=True,
        check=False,
    )


def test_the_ground_runs_there_and_agrees_with_this_interpreter(python39: Path) -> None:
    made = run39(python39, SCRIPT, message(VALUES))
    assert made.returncode == 0, made.stderr.decode()
    said = made.stdout.decode().split()
    assert said[:-1] == [digest(value) for value in VALUES]
    assert int(said[-1]) == Key(3).generator().integers(0, 2**32)


@pytest.mark.parametrize("package", ["droidlet_schema", "droidlet_geometry"])
def test_every_module_can_be_imported_there(python39: Path, package: str) -> None:
    names = sorted(
        ".".join(path.relative_to(COMPONENTS).with_suffix("").parts).removesuffix(".__init__")
        for path in (COMPONENTS / package).rglob("*.py")
        if path.stem not in ("strategies", "__main__")
    )
    made = run39(python39, "".join(f"import {name}\n" for name in names))
    assert made.returncode == 0, made.stderr.decode()
    assert len(names) > 5
