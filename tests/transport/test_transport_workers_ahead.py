"""Large arrays that come behind what is read first: all there, or not at all; and memory where there is no memfd."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from droidlet_transport import DeadlineExceeded, OutcomeUnknown, Worker, memories
from transport.transport_parts import Summed

COUNTER = "transport.transport_parts:Counter"
LONG = 3_000_000


@pytest.fixture(scope="module")
def worker():
    with Worker(COUNTER) as made:
        yield made


@pytest.mark.parametrize("number", range(5))
def test_a_record_that_looks_into_its_array_finds_it_whole(worker, number):
    """Its own check sums the array, which would not be there yet."""
    got = worker.call("summed", number, LONG)
    assert isinstance(got, Summed) and got.total == number * LONG
    assert worker.call("echo", got) == got


def test_what_is_kept_of_an_error_is_whole(worker):
    with pytest.raises(ValueError, match="a picture") as caught:
        worker.call("fail_with_picture", 7, LONG)
    assert caught.value.picture.min() == 7


def test_a_worker_that_dies_while_it_copies_is_asked_again(tmp_path):
    with Worker(COUNTER) as worker:
        got = worker.call("die_while_copying", str(tmp_path / "call"), LONG)
        assert got.min() == 1 and worker.restarts == 1
        promise = worker.start("die_while_copying", str(tmp_path / "promise"), LONG)
        while not promise.done() and worker.pid is not None and not (tmp_path / "promise").exists():
            time.sleep(0.01)
        assert promise.result().min() == 1 and worker.restarts == 2


def test_an_effect_that_dies_while_it_copies_is_unknown(tmp_path):
    with Worker(COUNTER, effects=True) as worker:
        with pytest.raises(OutcomeUnknown, match="killed by signal 9 during die_while_copying"):
            worker.call("die_while_copying", str(tmp_path / "mark"), LONG)
        assert worker.call("die_while_copying", str(tmp_path / "mark"), LONG).min() == 1


def test_an_answer_that_is_late_while_it_is_copied_hurts_no_later_one():
    with Worker(COUNTER, effects=True) as worker:
        worker.call("copy_slowly", 0.6)
        with pytest.raises(DeadlineExceeded):
            worker.call("picture", 1, LONG, deadline_s=0.3)
        assert worker.call("picture", 2, LONG).min() == 2
        promise = worker.start("picture", 3, LONG)
        begun = time.monotonic()
        while not promise.done():
            assert time.monotonic() - begun < 30
        assert promise.result().min() == 3


def test_a_worker_works_where_there_is_no_memfd(monkeypatch):
    """As on a Mac: a file without a name, which both sides have open."""
    monkeypatch.setattr(memories, "memfd", None)
    with Worker(COUNTER) as worker:
        kept = [worker.call("picture", number, LONG) for number in range(4)]
        assert [int(one.min()) for one in kept] == [0, 1, 2, 3]
        picture = np.arange(LONG, dtype=np.uint32)
        assert np.array_equal(worker.call("echo", picture), picture)
        lender = worker._running.link.lender
        assert 0 < lender.lent_bytes <= 2 * picture.nbytes
        maps = Path(f"/proc/{worker.pid}/maps")
        assert not maps.exists() or "memfd" not in maps.read_text()
