"""What a worker writes: its end is kept and told, the rest takes no room."""

from __future__ import annotations

import os
import signal
import tempfile
import time

import pytest

from droidlet_transport import OutcomeUnknown, Worker
from droidlet_transport.output import KEPT, MOST, make_output, shorten, tail

PARTS = "transport.transport_parts:"


def size_of(worker: Worker) -> int:
    return os.fstat(worker._running.errors.fileno()).st_size


def test_the_end_of_what_is_too_long_is_kept_and_writing_goes_on_behind_it():
    with make_output() as file:
        descriptor = file.fileno()
        os.write(descriptor, b"a" * MOST)
        shorten(descriptor)
        assert os.fstat(descriptor).st_size == MOST
        os.write(descriptor, b"b" * 10)
        shorten(descriptor)
        os.write(descriptor, b"c" * 10)
        assert os.fstat(descriptor).st_size == KEPT + 10
        assert tail(descriptor, 30) == b"a" * 10 + b"b" * 10 + b"c" * 10


def test_a_worker_that_writes_without_end_takes_little_room_also_within_one_call():
    with Worker(PARTS + "Counter", effects=True) as worker:
        promise = worker.start("chatter", 3 * MOST)
        end = time.monotonic() + 30
        while not KEPT <= size_of(worker) <= MOST and time.monotonic() < end:
            time.sleep(0.02)
        assert size_of(worker) <= MOST and not promise.done()
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(OutcomeUnknown, match="(?s)end of its standard error:.*that was all$"):
            promise.result()


@pytest.mark.slow
def test_a_file_that_a_part_writes_its_errors_to_is_its_own(tmp_path):
    path = tmp_path / "errors"
    with Worker(PARTS + "Counter") as worker:
        worker.call("write_errors_to", str(path), 2 * MOST)
        worker.call("sleep", 1.5)
        assert path.stat().st_size == 2 * MOST


def test_where_nothing_can_be_written_output_is_kept_in_memory(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    with make_output() as made:
        os.write(made.fileno(), b"x" * (MOST + 1))
        shorten(made.fileno())
        os.write(made.fileno(), b"end")
        assert tail(made.fileno(), 5) == b"xxend"
        assert os.fstat(made.fileno()).st_size == KEPT + 3
