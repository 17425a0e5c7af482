"""Queues and replay buffers against naive models: nothing twice, nothing lost unsaid, nothing but what came."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from droidlet_data import (
    DataError,
    NotEnough,
    QueuedDataStore,
    ReplayBuffer,
    RowError,
    StaleEpoch,
    TrajectoryBuffer,
)
from droidlet_data import marks as marks_module
from droidlet_data import queues as queues_module
from droidlet_data.layout import Layout, flat, nested
from droidlet_data.marks import MOST_EPOCHS, Mark, Marks
from droidlet_schema import Key


def row(number: int) -> dict:
    """A row that says which one it is, in each of its columns."""
    return {"obs": {"image": np.full((2, 3), number % 251, np.uint8)}, "action": number, "reward": number / 2}


def number_of(batch) -> list[int]:
    """The numbers of the rows of a batch, whose columns must agree."""
    found = batch["action"].tolist()
    assert batch["reward"].tolist() == [n / 2 for n in found]
    assert [image.tolist() for image in batch["obs"]["image"]] == [[[n % 251] * 3] * 2 for n in found]
    return found


class QueueMachine(RuleBasedStateMachine):
    """A queue beside a list of all rows, and a learner that asks for what it lacks, and may forget."""

    @initialize(capacity=st.integers(1, 12), block=st.integers(1, 5))
    def start(self, capacity, block):
        self.before = queues_module._MOST_ROWS
        queues_module._MOST_ROWS = block
        self.queue = QueuedDataStore(capacity)
        self.capacity, self.all, self.seen, self.told, self.lent = capacity, 0, 0, 0, []

    def teardown(self):
        queues_module._MOST_ROWS = getattr(self, "before", queues_module._MOST_ROWS)

    @rule()
    def insert(self):
        assert self.queue.insert(row(self.all)) == self.all
        self.all += 1

    @rule(count=st.integers(1, 20))
    def insert_many(self, count):
        some = [row(n) for n in range(self.all, self.all + count)]
        stacked = {
            "obs": {"image": np.stack([one["obs"]["image"] for one in some])},
            "action": np.array([one["action"] for one in some]),
            "reward": np.array([one["reward"] for one in some]),
        }
        assert self.queue.insert_many(stacked) == self.all + count - 1
        self.all += count

    @rule(first=st.integers(0, 60))
    def lend(self, first):
        lent = self.queue.lend(first)
        oldest = max(0, self.all - self.capacity)
        if max(first, oldest) >= self.all:
            assert lent is None
            return
        assert (lent.oldest, lent.first) == (oldest, max(first, oldest)) and lent.count > 0
        self.lent.append(lent)

    @precondition(lambda self: self.lent)
    @rule()
    def give_back(self):
        self.queue.give_back(self.lent.pop())

    @rule(share=st.floats(0, 1), lost=st.floats(0, 1))
    def acknowledge(self, share, lost):
        self.seen = round(share * self.all)
        self.told = round(lost * self.seen)
        self.queue.acknowledge(self.seen, self.told)

    @invariant()
    def what_is_lent_stays_as_it_was(self):
        for lent in getattr(self, "lent", ()):
            action, image, reward = lent.columns
            assert action.tolist() == list(range(lent.first, lent.first + lent.count))
            assert reward.tolist() == [n / 2 for n in action] and image[:, 0, 0].tolist() == [
                n % 251 for n in action
            ]

    @invariant()
    def counts(self):
        if hasattr(self, "queue"):
            assert len(self.queue) == min(self.all, self.capacity) and self.queue.next_number == self.all
            assert self.queue.lost == self.told + max(0, self.queue.oldest - self.seen)
            assert self.queue.waiting == self.all - max(self.queue.oldest, min(self.seen, self.all))


class ReplayMachine(RuleBasedStateMachine):
    """A replay buffer beside a list, filled here and by clients that repeat themselves, skip, and lose."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.before, marks_module.MOST_EPOCHS = marks_module.MOST_EPOCHS, 2

    def teardown(self):
        marks_module.MOST_EPOCHS = self.before
        shutil.rmtree(self.folder)

    @initialize(capacity=st.integers(1, 9))
    def start(self, capacity):
        self.buffer, self.capacity = ReplayBuffer(capacity, example=row(0)), capacity
        self.all: list[int] = []
        self.came: dict[tuple[str, int], set[int]] = {}
        self.lost: dict[tuple[str, int], set[int]] = {}
        self.known: dict[str, set[int]] = {"a": set(), "b": set()}

    @rule(number=st.integers(0, 10**6))
    def insert(self, number):
        assert self.buffer.insert(row(number)) == len(self.all)
        self.all.append(number)

    @rule(
        client=st.sampled_from("ab"),
        epoch=st.integers(0, 4),
        first=st.integers(0, 25),
        count=st.integers(0, 12),
        back=st.integers(0, 6),
    )
    def receive(self, client, epoch, first, count, back):
        oldest, known = max(0, first - back), self.known[client]
        came = self.came.setdefault((client, epoch), set())
        lost = self.lost.setdefault((client, epoch), set())
        sent = range(first, first + count)
        columns = (
            np.array(sent, np.int64),
            np.stack([np.full((2, 3), n % 251, np.uint8) for n in sent])
            if count
            else np.empty((0, 2, 3), np.uint8),
            np.array(sent) / 2,
        )
        if len(known) == 2 and epoch < min(known):
            with pytest.raises(StaleEpoch, match=repr(client)):
                self.buffer.receive(client, epoch, first, oldest, columns)
            return
        if epoch not in known:
            assert not came | lost  # what was forgotten is older, and refused
        self.known[client] = set(sorted(known | {epoch})[-2:])
        seen, all_lost = self.buffer.receive(client, epoch, first, oldest, columns)
        lost |= {n for n in range(oldest) if n not in came}
        if first <= len(came | lost):
            fresh = [n for n in sent if n not in came and n not in lost]
            came |= set(fresh)
            self.all += fresh
        assert came | lost == set(range(seen)) and len(lost) == all_lost
        assert self.buffer.mark(client, epoch) == (seen, all_lost)

    @rule()
    def save_and_load(self):
        self.buffer.save(self.folder / "store")
        self.buffer = ReplayBuffer.load(self.folder / "store")
        assert os.listdir(self.folder) == ["store"]

    @rule(seed=st.integers(0, 5), count=st.integers(1, 5))
    def sample(self, seed, count):
        held = self.all[-self.capacity :]
        if not held:
            with pytest.raises(NotEnough, match=f"{count} rows are asked for: the store holds 0"):
                self.buffer.sample(count, Key(seed))
            return
        batch = self.buffer.sample(count, Key(seed))
        assert [self.all[n] for n in batch.numbers] == number_of(batch)
        assert set(number_of(batch)) <= set(held) and batch.mask.all()
        assert np.array_equal(self.buffer.sample(count, Key(seed)).numbers, batch.numbers)
        if count <= len(held):
            assert len(set(self.buffer.sample(count, Key(seed), unique=True).numbers.tolist())) == count

    @invariant()
    def all_that_ever_came_or_was_lost_is_counted(self):
        if hasattr(self, "buffer"):
            counted = {name: (mark.stored, mark.lost) for name, mark in self.buffer.clients().items()}
            assert counted == {
                name: tuple(
                    sum(len(rows[source]) for source in rows if source[0] == name)
                    for rows in (self.came, self.lost)
                )
                for name, epochs in self.known.items()
                if epochs
            }

    @invariant()
    def the_newest_are_held(self):
        if hasattr(self, "buffer"):
            held = self.all[-self.capacity :]
            assert len(self.buffer) == len(held) and self.buffer.inserted == len(self.all)
            if held:
                assert number_of(self.buffer.sample_latest(len(held))) == held


QueueMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
ReplayMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25)
TestQueue = QueueMachine.TestCase
TestReplay = ReplayMachine.TestCase


def test_every_row_is_drawn_as_often_as_any_other():
    buffer = ReplayBuffer(50)
    for number in range(70):
        buffer.insert(row(number))
    drawn = np.bincount(number_of(buffer.sample(20_000, Key(3))), minlength=70)
    assert not drawn[:20].any()
    assert (((drawn[20:] - 400) ** 2) / 400).sum() < 85.4  # chi-square, 49 degrees, p = 0.001


def test_what_does_not_fit_is_named_and_changes_nothing():
    buffer, queue = ReplayBuffer(1), QueuedDataStore(1)
    for store in (buffer, queue):
        store.insert(row(1))
        with pytest.raises(
            RowError, match=r"column 'obs/image' has shape \(3, 2\): this store's is \(2, 3\)"
        ):
            store.insert({**row(2), "obs": {"image": np.zeros((3, 2), np.uint8)}})
        with pytest.raises(RowError, match="column 'obs/image' is float64: this store's is uint8"):
            store.insert({**row(2), "obs": {"image": np.zeros((2, 3))}})
        with pytest.raises(
            RowError, match="column 'more' is unknown: this store has action, obs/image, reward"
        ):
            store.insert({**row(2), "more": 1})
        with pytest.raises(RowError, match="column reward is missing"):
            store.insert({"obs": row(2)["obs"], "action": 2})
        with pytest.raises(RowError, match="'action' is 'left'"):
            store.insert({**row(2), "action": "left"})
        with pytest.raises(RowError, match="without '/'"):
            store.insert({**row(2), "a/b": 1})
        with pytest.raises(RowError, match="as many rows in each"):
            store.insert_many(
                {"obs": {"image": np.zeros((2, 2, 3), np.uint8)}, "action": [1], "reward": [0.0, 1.0]}
            )
    assert number_of(buffer.sample_latest(1)) == [1] and queue.lend(0).columns[0].tolist() == [1]
    with pytest.raises(RowError, match="holds -1 to -1: this store's is uint8"):
        ReplayBuffer(1, example={"pixel": np.uint8(1)}).insert({"pixel": -1})
    with pytest.raises(RowError, match=r"row is '\[1, 2\]': expected a table"):
        QueuedDataStore(3).insert([1, 2])
    with pytest.raises(RowError, match="empty"):
        buffer.__class__(1).insert({})
    with pytest.raises(RowError, match="'action' has no rows"):
        QueuedDataStore(1).insert_many({"action": []})
    with pytest.raises(RowError, match="is missing, in this store"):
        buffer.expect((("action", "<i8", ()),))
    for wrong in (
        (),
        (("a", "O", ()),),
        (("a", "<i8", (-1,)),),
        (("a", "<i8", ()), ("a", "<i8", ())),
        7,
        "abc",
    ):
        with pytest.raises(RowError, match="columns are"):
            ReplayBuffer(1).expect(wrong)
    with pytest.raises(RowError, match="expected 0 <= oldest <= first"):
        buffer.receive("a", 0, 3, 4, [np.zeros((0, *s), d) for _, d, s in buffer.layout()])
    with pytest.raises(NotEnough, match="rows 0 .. 0 are held"):
        buffer.rows(np.array([1]))
    with pytest.raises(DataError, match="at least one row"):
        ReplayBuffer(0)
    with pytest.raises(DataError, match="at least one row"):
        QueuedDataStore(0)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            {"x": 1.0, "y": np.zeros(4)},
            r"column 'y' is <f8 \(4,\), in this store <f8 \(3,\); it has x, y, from",
        ),
        ({"x": 1.0}, r"column 'y' is missing, in this store <f8 \(3,\)"),
        ({"x": 1.0, "y": np.zeros(3), "z": 1}, r"column 'z' is <i8 \(\), in this store missing"),
    ],
)
def test_another_layout_is_told_by_its_column(rows, text):
    buffer = ReplayBuffer(3, example={"x": 1.0, "y": np.zeros(3)})
    with pytest.raises(RowError, match=f"another layout: {text}"):
        buffer.expect(Layout.of(rows).plain())


def test_rows_of_nothing_are_refused_since_any_number_of_them_costs_nothing_to_send():
    for make in (ReplayBuffer, TrajectoryBuffer):
        with pytest.raises(RowError, match="columns are a, b: all of them are empty"):
            make(4).expect((("b", "<f8", (0,)), ("a", "<f4", (1 << 40, 0))))
        with pytest.raises(RowError, match="are empty"):
            make(4).insert({"a": np.zeros((2, 0))})
        made = make(4)
        made.expect((("a", "|u1", ()), ("b", "<f8", (0,))))
        with pytest.raises(RowError, match="as many rows in each"):
            made.receive("a", 0, 0, 0, [np.zeros(1, np.uint8), np.zeros((1 << 40, 0))])


def test_arrays_are_copied_both_ways():
    image, buffer = np.zeros((2, 3), np.uint8), ReplayBuffer(4)
    buffer.insert({"image": image})
    image[:] = 9
    batch = buffer.sample_latest(1)
    assert not batch["image"].any()
    batch["image"][:] = 7
    assert not buffer.sample_latest(1)["image"].any()


names = st.text("abc", min_size=1, max_size=3)
leaves = st.integers(0, 9).map(np.int64)


@given(st.dictionaries(names, st.one_of(leaves, st.dictionaries(names, leaves, min_size=1)), min_size=1))
def test_tables_within_tables_are_columns_and_tables_again(tables):
    assert nested(dict(flat(tables))) == tables
    layout = Layout.of(tables)
    assert Layout.from_plain(layout.plain()) == layout


def test_old_runs_of_a_client_are_forgotten_and_then_refused():
    buffer = ReplayBuffer(100, example={"a": 0})
    for epoch in range(10, 10 + MOST_EPOCHS + 1):
        assert buffer.receive("actor", epoch, 0, 0, [np.array([epoch])]) == (1, 0)
    with pytest.raises(StaleEpoch, match="'actor'.*same name"):
        buffer.receive("actor", 10, 0, 0, [np.array([10])])
    assert buffer.receive("actor", 12, 0, 0, [np.array([12])]) == (1, 0)
    assert buffer.clients()["actor"].seen == len(buffer) == MOST_EPOCHS + 1


def test_loss_is_counted_over_all_runs_of_an_actor_also_in_files(tmp_path):
    buffer = ReplayBuffer(100, example={"a": 0})
    for epoch in range(MOST_EPOCHS + 4):
        buffer.receive("actor", epoch, 3, 3, [np.arange(5)])
        if epoch % 5 == 4:
            buffer.save(tmp_path / "store")
            buffer = ReplayBuffer.load(tmp_path / "store")
    told = buffer.clients()["actor"]
    assert (told.stored, told.lost) == (5 * (MOST_EPOCHS + 4), 3 * (MOST_EPOCHS + 4))
    with pytest.raises(StaleEpoch):
        buffer.mark("actor", 3)


def test_marks_of_older_files_and_of_newer_ones_are_read():
    rows = [("a", 7, 5, 1), ("b", 2, 4, 0), ("b", 3, 1, 1)]
    assert Marks(rows).totals() == {"a": Mark(5, 1), "b": Mark(5, 1)} and Marks(rows).rows() == rows
    more = [("a", 7, 5, 1), ("a", None, 30, 10)]
    assert Marks(more).rows() == more and Marks(more) == Marks(more[::-1]) != Marks(more[:1])
    assert Marks(more).totals() == {"a": Mark(35, 11)}


def test_room_is_waited_for_until_the_learner_has_rows():
    queue = QueuedDataStore(3)
    for number in range(3):
        queue.insert(row(number))
    assert not queue.wait_for_room(timeout_s=0.01)
    thread = threading.Thread(target=queue.acknowledge, args=(2, 0))
    thread.start()
    assert queue.wait_for_room(2, timeout_s=30)
    thread.join()
    queue.insert(row(3))
    assert (queue.lost, queue.waiting, queue.oldest) == (0, 2, 1)
