"""Stores in files: whole or not at all, and whatever is wrong with one is said with its name."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from droidlet_data import DataError, QueuedDataStore, ReplayBuffer, StoreFileError, TrajectoryBuffer
from droidlet_data.files import read_store, write_store


def row(number: int) -> dict:
    return {"obs": {"image": np.full((2, 3), number % 251, np.uint8)}, "action": number, "reward": number / 2}


def test_a_file_that_is_no_store_or_half_of_one_is_named(tmp_path):
    path = tmp_path / "store"
    with pytest.raises(FileNotFoundError):
        ReplayBuffer.load(path)
    buffer = ReplayBuffer(5)
    for number in range(8):
        buffer.insert(row(number))
    buffer.save(path)
    whole = path.read_bytes()
    assert b"pickle" not in whole and ReplayBuffer.load(path).sample_latest(5)["action"].tolist() == [
        3,
        4,
        5,
        6,
        7,
    ]
    at = whole.index(np.array([5, 6, 7, 3, 4]).tobytes())  # the actions, as they lie in the ring
    for half in (
        b"",
        whole[:100],
        whole[:-30],
        whole[:at] + bytes([255 ^ whole[at]]) + whole[at + 1 :],
        b"garbage" * 99,
    ):
        path.write_bytes(half)
        with pytest.raises(StoreFileError, match="store is no saved"):
            ReplayBuffer.load(path)
    np.savez(path.with_suffix(".npz"), about=np.array([{}], object))
    with pytest.raises(StoreFileError) as caught:
        ReplayBuffer.load(path.with_suffix(".npz"))
    assert "trust" not in str(caught.value)


def test_what_numpys_numbers_made_is_saved(tmp_path):
    made = [
        ReplayBuffer(np.int64(3)),
        TrajectoryBuffer(np.int64(3), min_length=np.int8(2), priority=np.float32(1)),
    ]
    for buffer in made:
        for number in range(5):
            buffer.insert(row(number))
        buffer.save(tmp_path / "store")
        assert type(buffer).load(tmp_path / "store").sample_latest(3)["action"].tolist() == [2, 3, 4]
    for wrong in (2.5, "3", None, 0):
        for make in (ReplayBuffer, QueuedDataStore, lambda n: TrajectoryBuffer(3, min_length=n)):
            with pytest.raises(DataError, match=f"is {wrong!r}: .* at least one row"):
                make(wrong)


@pytest.mark.parametrize("kind", [ReplayBuffer, TrajectoryBuffer])
@pytest.mark.parametrize(
    "entry",
    [
        {"capacity": -1},
        {"capacity": "x"},
        {"capacity": 1 << 60},
        {"next": -3},
        {"marks": [[1, 2]]},
        {"marks": [["a", 1e999, 1, 0]]},
        {"layout": [["action", "<f8", [1e999]]]},
    ],
    ids=str,
)
def test_a_file_that_holds_what_cannot_be_is_named(kind, entry, tmp_path):
    buffer = kind(5)
    buffer.insert(row(1))
    buffer.save(tmp_path / "store")
    about, columns = read_store(tmp_path / "store", kind.__name__)
    write_store(tmp_path / "store", {**about, **entry}, columns)
    with pytest.raises(StoreFileError, match="store is no saved"):
        kind.load(tmp_path / "store")


def test_a_column_that_numpy_takes_for_bytes_is_no_column(tmp_path):
    buffer = ReplayBuffer(5)
    buffer.insert(row(1))
    buffer.save(tmp_path / "store")
    with zipfile.ZipFile(tmp_path / "store") as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(tmp_path / "store", "w") as garbled:
        for name, data in parts.items():
            garbled.writestr(name, data if name.startswith("about") else b"\0" + data)
    with pytest.raises(StoreFileError, match="store is no saved"):
        ReplayBuffer.load(tmp_path / "store")


@pytest.mark.parametrize(
    ("greatest", "priority"), [("x", 1.0), (None, 1.0), (-2.0, 1.0), (2.0, -1.0), (2.0, np.nan)]
)
def test_priorities_that_cannot_be_are_named(greatest, priority, tmp_path):
    buffer = TrajectoryBuffer(5, priority=0.5)
    buffer.insert(row(1))
    buffer.save(tmp_path / "store")
    about, columns = read_store(tmp_path / "store", "TrajectoryBuffer")
    columns[2][0] = priority
    write_store(tmp_path / "store", {**about, "greatest": greatest}, columns)
    with pytest.raises(StoreFileError, match="store is no saved"):
        TrajectoryBuffer.load(tmp_path / "store")


@pytest.mark.skipif(sys.platform != "linux", reason="a file that is always full is Linux's")
def test_a_full_disk_is_told_with_the_file_that_does_not_fit(tmp_path, monkeypatch):
    fdopen = os.fdopen
    full = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(os, "fdopen", lambda handle, mode: os.close(handle) or fdopen(full, mode))
    buffer = ReplayBuffer(5)
    buffer.insert(row(1))
    with pytest.raises(OSError, match="No space left on device: .*store") as caught:
        buffer.save(tmp_path / "store")
    assert caught.value.errno == errno.ENOSPC and os.listdir(tmp_path) == []


SAVING = """
import os, sys
import numpy as np
from droidlet_data import ReplayBuffer
def savez(stream, **arrays):
    stream.write(b"half of it")
    stream.flush()
    print("half", flush=True)
    sys.stdin.read()
np.savez = savez
buffer = ReplayBuffer(5)
buffer.insert({"x": 1.0})
buffer.save(sys.argv[1])
"""


def test_what_was_killed_while_it_saved_leaves_nothing_that_the_next_save_does_not_sweep(tmp_path):
    buffer = ReplayBuffer(5)
    buffer.insert(row(1))
    (tmp_path / ".store-mine.txt").write_text("of somebody else")
    command = [sys.executable, "-c", SAVING, str(tmp_path / "store")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "half\n"
        buffer.save(tmp_path / "store")
        assert len(os.listdir(tmp_path)) == 3  # what is being written stays
        other.kill()
    buffer.save(tmp_path / "store")
    assert sorted(os.listdir(tmp_path)) == [".store-mine.txt", "store"]


def test_a_save_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    buffer = ReplayBuffer(5)
    buffer.insert(row(1))
    buffer.save(tmp_path / "store")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    buffer.insert(row(2))
    with pytest.raises(OSError, match="disk full"):
        buffer.save(tmp_path / "store")
    assert os.listdir(tmp_path) == ["store"] and len(ReplayBuffer.load(tmp_path / "store")) == 1


def test_a_folder_that_cannot_be_asked_to_keep_its_names_costs_no_save(tmp_path, monkeypatch):
    """As on some network file systems; a disk that fails is told."""
    sync, refusal = os.fsync, [errno.EINVAL]

    def refuse(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(refusal[0], os.strerror(refusal[0]))
        sync(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    path = tmp_path / "store"
    write_store(path, {"kind": "K"}, [np.arange(3)])
    assert read_store(path, "K")[1][0].tolist() == [0, 1, 2]
    refusal[0] = errno.EIO
    with pytest.raises(OSError, match="Input/output error: .*store"):
        write_store(path, {"kind": "K"}, [np.arange(4)])
