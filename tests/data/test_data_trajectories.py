"""Trajectories against a naive model: windows stay within an episode, priorities decide, files bring all back."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from droidlet_data import DataError, NotEnough, ReplayBuffer, RowError, StoreFileError, TrajectoryBuffer
from droidlet_data.sampling import ahead_discounted
from droidlet_data.sum_tree import SumTree
from droidlet_schema import Key


def step(number: int, last: bool = False) -> dict:
    return {"n": number, "done": last}


class TrajectoryMachine(RuleBasedStateMachine):
    """A buffer beside a list of episodes of row numbers."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())

    def teardown(self):
        shutil.rmtree(self.folder)

    @initialize(capacity=st.integers(1, 12), shortest=st.integers(1, 4))
    def start(self, capacity, shortest):
        self.buffer = TrajectoryBuffer(
            capacity, ends=("done",), min_length=shortest, priority=1.0, example=step(0)
        )
        self.capacity, self.shortest, self.next = capacity, shortest, 0
        self.all: list[list[int]] = []
        self.open: dict[object, list[int]] = {}
        self.numbers: dict[object, int] = {}
        self.priority: dict[int, float] = {}
        self.greatest = 1.0

    def came(self, source, last):
        if source not in self.open:
            self.all.append(self.open.setdefault(source, []))
        self.open[source].append(self.next)
        self.priority[self.next] = self.greatest
        self.next += 1
        if last:
            del self.open[source]

    @rule(last=st.booleans())
    def insert(self, last):
        self.buffer.insert(step(self.next, last))
        self.came("here", last)

    @rule()
    def end(self):
        self.buffer.end()
        self.open.pop("here", None)

    @rule(client=st.sampled_from("ab"), lasts=st.lists(st.booleans(), max_size=15), lost=st.integers(0, 1))
    def receive(self, client, lasts, lost):
        first = self.numbers.get(client, 0) + lost
        if lost:
            self.open.pop(client, None)
        columns = (np.array(lasts, bool), np.arange(self.next, self.next + len(lasts)))
        self.buffer.receive(client, 1, first, first, columns)
        self.numbers[client] = first + len(lasts)
        for last in lasts:
            self.came(client, last)

    @rule()
    def save_and_load(self):
        self.buffer.save(self.folder / "store")
        self.buffer = TrajectoryBuffer.load(self.folder / "store")

    def held(self):
        low = max(0, self.next - self.capacity)
        return [kept for rows in self.all if (kept := [n for n in rows if n >= low])]

    @rule(count=st.integers(1, 6), length=st.integers(1, 5), padded=st.booleans(), seed=st.integers(0, 3))
    def sequences(self, count, length, padded, seed):
        known = [e for e in self.held() if len(e) >= self.shortest]
        reach = 1 if padded else length
        windows = {tuple(e[i : i + length]) for e in known for i in range(len(e) - reach + 1)}
        if not windows:
            with pytest.raises(NotEnough):
                self.buffer.sample_sequences(count, length, Key(seed), padded=padded)
            return
        batch = self.buffer.sample_sequences(count, length, Key(seed), padded=padded)
        assert batch["n"].shape == (count, length) == batch.mask.shape
        for numbers, rows, mask in zip(batch.numbers, batch["n"], batch.mask):
            assert tuple(numbers[mask]) in windows and not rows[~mask].any() and (numbers[~mask] == -1).all()
            assert rows[mask].tolist() == numbers[mask].tolist()

    @rule(count=st.integers(1, 6), seed=st.integers(0, 3), discount=st.sampled_from([None, 0.5, 0.99]))
    def futures(self, count, seed, discount):
        later = {n: e[i + 1 :] for e in self.held() if len(e) >= self.shortest for i, n in enumerate(e[:-1])}
        if not later:
            with pytest.raises(NotEnough):
                self.buffer.sample_futures(count, Key(seed), discount=discount)
            return
        batch = self.buffer.sample_futures(count, Key(seed), discount=discount)
        for now, then, ahead in zip(batch["n"].tolist(), batch.future["n"].tolist(), batch.ahead.tolist()):
            assert then == later[now][ahead - 1]

    @rule(data=st.data())
    def update_priorities(self, data):
        some = data.draw(st.dictionaries(st.integers(0, self.next + 2), st.floats(0.1, 9.0)))
        self.buffer.update_priorities(np.array(list(some), np.int64), np.array(list(some.values())))
        held = {n for e in self.held() for n in e}
        for number in held & some.keys():
            self.priority[number] = some[number]
            self.greatest = max(self.greatest, some[number])

    @invariant()
    def the_tree_has_the_priorities_of_what_may_be_drawn(self):
        if not hasattr(self, "buffer"):
            return
        assert self.buffer.episodes() == tuple(sorted(map(tuple, self.held())))
        expected = np.zeros(self.capacity)
        for episode in self.held():
            if len(episode) >= self.shortest:
                for number in episode:
                    expected[number % self.capacity] = self.priority[number]
        tree = self.buffer._priorities.tree
        assert np.array_equal(tree.weights, expected) and tree.total() == pytest.approx(expected.sum())


TrajectoryMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=20)
TestTrajectories = TrajectoryMachine.TestCase


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(any), st.data())
def test_the_tree_finds_what_a_running_sum_finds(weights, data):
    tree = SumTree(len(weights))
    for place in data.draw(st.permutations(range(len(weights)))):
        tree.set(np.array([place]), np.array([weights[place]]))
        if data.draw(st.booleans()):
            tree.total()
    heights = np.array(data.draw(st.lists(st.floats(0, 1, exclude_max=True), min_size=1))) * tree.total()
    ends = np.cumsum(weights)
    for height, place in zip(heights, tree.find(heights).tolist()):
        slack = 1e-9 * ends[-1]
        assert weights[place] > 0
        assert ends[place] - weights[place] - slack <= height <= ends[place] + slack


def filled(**options) -> TrajectoryBuffer:
    """Episodes 0-3, 4-5, 6-9."""
    buffer = TrajectoryBuffer(10, ends=("done",), **options)
    for number in range(10):
        buffer.insert(step(number, number in (3, 5, 9)))
    return buffer


def chi_square(drawn: list[int], expected: dict[int, float]) -> float:
    counts = Counter(drawn)
    assert counts.keys() <= expected.keys()
    total = len(drawn) / sum(expected.values())
    return sum((counts[n] - total * p) ** 2 / (total * p) for n, p in expected.items())


def test_a_seed_is_no_key_and_is_told_how_one_is_made():
    store, rows = TrajectoryBuffer(10, priority=1.0), ReplayBuffer(10)
    store.insert({"a": 1})
    rows.insert({"a": 1})
    for sample in (
        rows.sample,
        store.sample,
        store.sample_futures,
        store.sample_prioritized,
        lambda count, key: store.sample_sequences(count, 1, key),
    ):
        with pytest.raises(DataError, match=r"key is 7: .*Key\(seed\)"):
            sample(1, 7)


def test_rows_are_drawn_in_proportion_to_their_priorities():
    buffer = filled(priority=0.5)
    buffer.update_priorities(np.arange(10), (1.0 + np.arange(10)) ** 2)
    expected = {n: 1.0 + n for n in range(10)}
    drawn: list[int] = []
    for seed in range(500):  # one draw at a time is not stratified
        drawn += buffer.sample_prioritized(1, Key(seed)).numbers.tolist()
    assert chi_square(drawn, expected) < 27.9  # 9 degrees, p = 0.001
    batch = buffer.sample_prioritized(4000, Key(1), beta=0.7)
    assert chi_square(batch.numbers.tolist(), expected) < 27.9
    share = (1.0 + batch["n"]) / 55
    weights = (10 * share) ** -0.7
    assert np.allclose(batch.weights, weights / weights.max())


def test_windows_and_futures_are_drawn_evenly():
    buffer = filled(min_length=3)
    starts = buffer.sample_sequences(4000, 3, Key(0))["n"][:, 0].tolist()
    assert chi_square(starts, dict.fromkeys((0, 1, 6, 7), 1.0)) < 16.3
    assert (
        chi_square(buffer.sample(4000, Key(1))["n"].tolist(), dict.fromkeys((0, 1, 2, 3, 6, 7, 8, 9), 1.0))
        < 24.3
    )
    futures = buffer.sample_futures(6000, Key(2))
    from_0 = futures.ahead[futures["n"] == 0].tolist()
    assert chi_square(from_0, dict.fromkeys((1, 2, 3), 1.0)) < 13.8
    ahead = ahead_discounted(Key(3).generator(), np.full(6000, 4), 0.6)
    assert chi_square(ahead.tolist(), {d: 0.6 ** (d - 1) for d in (1, 2, 3, 4)}) < 16.3


def test_windows_are_found_also_where_few_are():
    buffer = TrajectoryBuffer(5000, ends=("done",))
    for number in range(5000):
        buffer.insert(step(number, number != 2500))
    assert buffer.sample_sequences(3, 2, Key(0))["n"].tolist() == [[2500, 2501]] * 3


def test_sequences_by_priority_begin_there_and_are_padded():
    buffer = filled(priority=1.0)
    buffer.update_priorities(np.arange(10), np.where(np.arange(10) == 2, 1e9, 1e-9))
    batch = buffer.sample_prioritized(2, Key(0), length=3)
    assert batch["n"].tolist() == [[2, 3, 0]] * 2 and batch.mask.tolist() == [[True, True, False]] * 2


def test_an_endless_episode_stays_small():
    buffer = TrajectoryBuffer(8, example=step(0))
    for number in range(1000):
        buffer.insert(step(number))
    assert buffer.episodes() == (tuple(range(992, 1000)),)
    assert len(next(iter(buffer._episodes.of.values()))._numbers) < 64


def test_a_client_that_starts_again_begins_an_episode():
    buffer = TrajectoryBuffer(8, example={"n": 0})
    buffer.receive("a", 1, 0, 0, [np.array([0, 1])])
    buffer.receive("a", 2, 0, 0, [np.array([2, 3])])
    buffer.receive("b", 1, 0, 0, [np.array([4])])
    buffer.receive("a", 2, 2, 0, [np.array([5])])
    assert buffer.episodes() == ((0, 1), (2, 3, 5), (4,))
    assert sorted(buffer._episodes.open) == [("a", 2), ("b", 1)]  # that of the run before is over


def test_begin_and_end_are_told_by_hand():
    buffer = TrajectoryBuffer(9)
    for number in range(6):
        if number in (2, 4):
            buffer.begin()
        buffer.insert({"n": number})
    buffer.end()
    buffer.end()
    assert buffer.episodes() == ((0, 1), (2, 3), (4, 5))


def test_what_is_loaded_draws_the_same(tmp_path):
    buffer = filled(priority=0.6, min_length=2)
    buffer.update_priorities(np.arange(4), np.arange(4) + 3.0)
    buffer.insert(step(10))
    buffer.receive("a", 7, 2, 2, [np.array([False]), np.array([11])])
    buffer.save(tmp_path / "store")
    again = TrajectoryBuffer.load(tmp_path / "store")
    for store in (buffer, again):
        store.insert(step(12, True))
        store.receive("a", 7, 0, 0, [np.array([False] * 4), np.arange(10, 14)])
    assert again.episodes() == buffer.episodes() and again.clients() == buffer.clients()
    for draw in ("sample", "sample_futures", "sample_prioritized"):
        ours, theirs = getattr(buffer, draw)(20, Key(4)), getattr(again, draw)(20, Key(4))
        assert np.array_equal(ours.numbers, theirs.numbers) and np.array_equal(ours["n"], theirs["n"])
    TrajectoryBuffer(4).save(tmp_path / "empty")
    assert len(TrajectoryBuffer.load(tmp_path / "empty")) == 0


def test_what_cannot_be_is_said(tmp_path):
    with pytest.raises(DataError, match="min_length is 0"):
        TrajectoryBuffer(4, min_length=0)
    with pytest.raises(RowError, match="ends names done, which is no column: there are n"):
        TrajectoryBuffer(4, ends=("done",)).insert({"n": 1})
    buffer = filled()
    with pytest.raises(DataError, match="priority=0.6"):
        buffer.sample_prioritized(1, Key(0))
    with pytest.raises(NotEnough, match="no episode has 5 rows: the longest has 4"):
        buffer.sample_sequences(1, 5, Key(0))
    with pytest.raises(NotEnough, match="at least one"):
        buffer.sample_sequences(0, 5, Key(0))
    with pytest.raises(DataError, match="discount is 1"):
        buffer.sample_futures(1, Key(0), discount=1)
    for wrong in ([0.0], [np.nan], [1.0, 2.0]):
        with pytest.raises(DataError, match="above 0 for each number"):
            filled(priority=1.0).update_priorities(np.array([1]), np.array(wrong))
    for exponent, wrong in ((2.0, 1e200), (2.0, 1e-200), (0.6, np.inf)):
        with pytest.raises(DataError, match=f"to the power of {exponent}"):
            filled(priority=exponent).update_priorities(np.array([1]), np.array([wrong]))
    with pytest.raises(DataError, match=r"ends is \(\['done'\],\): names of columns"):
        TrajectoryBuffer(5, ends=(["done"],))
    with pytest.raises(DataError, match=r"ends is 'done': .* such as \('done',\)"):
        TrajectoryBuffer(4, ends="done")
    with pytest.raises(NotEnough, match="by priority"):
        TrajectoryBuffer(4, priority=1.0).sample_prioritized(1, Key(0))
    buffer.save(tmp_path / "store")
    from droidlet_data import ReplayBuffer

    with pytest.raises(
        StoreFileError, match="holds a TrajectoryBuffer of version 1: expected a ReplayBuffer"
    ):
        ReplayBuffer.load(tmp_path / "store")
