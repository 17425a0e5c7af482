"""Both bodies of a memory, hand in hand, beside a model of plain snapshots: whatever is done, in any order."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from droidlet_memory import CommitConflict, CommitRefused, Memory, NoSuchRevision
from droidlet_schema import Attend, PutNode, decode, digest, encode
from memory.memory_strategies import queries, times
from memory.model import IDS, Holder, Refused, bad, changed, changes, facts, world_of

QUICK_DISK = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)
"""Where waiting for the disk takes no time; else where temporary files are."""


@attrs.define
class Line:
    """What a store has: the digest and the changes of each of its revisions, and from which on they are kept."""

    digests: list[str]
    path: Path | None
    oldest: int = 0


@attrs.frozen
class Pair:
    """A working and a stored memory with the same past: a (time, world) for every revision."""

    working: Memory
    stored: Memory
    past: tuple[tuple[int | None, dict[str, Any]], ...]
    line: Line

    @property
    def alive(self) -> bool:
        """Whether the store still has this revision."""
        return self.line.oldest <= self.stored.revision

    def both(self) -> tuple[Memory, Memory]:
        """Both, the working one cut where the store was."""
        working = self.working
        if working.oldest < self.line.oldest:
            working, _ = working.truncate_before(self.line.oldest)
        return working, self.stored


class Machine(RuleBasedStateMachine):
    """Every rule is one operation on both bodies."""

    pairs: Bundle[Pair] = Bundle("pairs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=QUICK_DISK))
        self.files = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def new_path(self) -> Path:
        """A file that is not there."""
        self.files += 1
        return self.folder / f"{self.files}.memory"

    @initialize(target=pairs, on_disk=st.booleans())
    def nothing(self, on_disk):
        path = self.new_path() if on_disk else None
        stored = Memory.open(path=path or ":memory:")
        return Pair(Memory.empty(), stored, ((None, {}),), Line([stored.digest], path))

    def expected(self, pair, wanted, now_ns):
        world = pair.past[-1][1]
        for change in wanted:
            world = changed(world, change)
        stated = [c.node.updated_ns for c in wanted if isinstance(c, PutNode)]
        stated += [c.now_ns for c in wanted if isinstance(c, Attend)]
        return max([pair.past[-1][0] or 0, *(stated if now_ns is None else [now_ns])]), world

    @rule(
        target=pairs,
        pair=pairs,
        wanted=st.lists(changes, min_size=1, max_size=4),
        now_ns=st.none() | times,
        again=st.booleans(),
    )
    def commit(self, pair, wanted, now_ns, again):
        if not pair.alive:
            with pytest.raises(NoSuchRevision):
                pair.stored.commit(wanted, now_ns)
            return pair
        try:
            time, world = self.expected(pair, wanted, now_ns)
        except Refused:
            self.refused(pair, wanted)
            return pair
        working, line = pair.both()[0].commit(wanted, now_ns), pair.line
        here = pair.stored.revision - line.oldest
        if here + 1 < len(line.digests) and line.digests[here + 1] != working.digest:
            with pytest.raises(CommitConflict, match=working.digest) as conflict:
                pair.stored.commit(wanted, now_ns)
            assert line.digests[here + 1] == conflict.value.made
            return pair
        stored = pair.stored.commit(iter(wanted), now_ns)
        line.digests[here + 1 :] = line.digests[here + 1 :] or [stored.digest]
        made = Pair(working, stored, (*pair.past, (time, world)), line)
        self.check(made)
        if again:
            assert pair.stored.commit(tuple(wanted), now_ns) == stored == working
        return made

    def check(self, pair):
        working, stored = pair.both()
        assert working == stored and digest(working) == digest(stored) == stored.digest
        assert (working.revision, working.now_ns) == (stored.revision, stored.now_ns)
        assert stored.revision == len(pair.past) - 1 and stored.now_ns == pair.past[-1][0]
        assert working.nodes() == stored.nodes() and working.ids() == stored.ids()
        assert world_of(stored) == pair.past[-1][1]

    def refused(self, pair, wanted):
        before = world_of(pair.stored)
        texts = []
        for memory in (pair.working, pair.stored):
            with pytest.raises(CommitRefused) as refused:
                memory.commit(wanted)
            texts.append(str(refused.value))
        assert texts[0] == texts[1]
        assert world_of(pair.stored) == before

    @rule(pair=pairs, good=st.lists(changes, max_size=2), wrong=bad)
    def refuse(self, pair, good, wrong):
        if pair.alive:
            self.refused(pair, [*good, wrong])
        assert pair.stored.commit(()) is pair.stored

    @rule(target=pairs, pair=pairs, data=st.data())
    def at_revision(self, pair, data):
        revision = data.draw(st.integers(-1, len(pair.past)))
        working, stored = pair.both() if pair.alive else (pair.working, pair.stored)
        if not pair.alive or not pair.line.oldest <= revision < len(pair.past):
            with pytest.raises(NoSuchRevision):
                stored.at(revision=revision)
            return pair
        old = Pair(
            working.at(revision=revision), stored.at(revision=revision), pair.past[: revision + 1], pair.line
        )
        self.check(old)
        return old

    @rule(pair=pairs, time=times)
    def at_time(self, pair, time):
        if not pair.alive:
            return
        working, stored = pair.both()
        kept = pair.past[pair.line.oldest :]
        if kept[0][0] is not None and kept[0][0] > time:
            for memory in (working, stored):
                with pytest.raises(NoSuchRevision, match="oldest kept"):
                    memory.at(time_ns=time)
            return
        expected = max(r for r, (then, _) in enumerate(kept) if then is None or then <= time)
        assert working.at(time_ns=time).revision == pair.line.oldest + expected
        assert stored.at(time_ns=time) == working.at(time_ns=time)

    @rule(pair=pairs, node_id=IDS)
    def history(self, pair, node_id):
        if not pair.alive:
            return
        working, stored = pair.both()
        assert working.history(node_id) == stored.history(node_id)
        assert working.node(node_id) == stored.node(node_id)
        found = {v.revision: v.node and facts(v.node) for v in stored.history(node_id)}
        known = None
        for revision, (_, world) in enumerate(pair.past):
            if revision < pair.line.oldest:
                continue
            if world.get(node_id) != known:
                assert revision in found  # each change has its version; a put of the same is one too
            if revision in found:
                known = found[revision]
            assert world.get(node_id) == known

    @rule(one=pairs, two=pairs)
    def diff(self, one, two):
        if not (one.alive and two.alive):
            return
        found = Memory.diff(one.stored, two.stored)
        assert found == Memory.diff(one.working, two.working) == Memory.diff(one.working, two.stored)
        old, new = one.past[-1][1], two.past[-1][1]
        assert {n.id for n in found.added} == new.keys() - old.keys()
        assert {n.id for n in found.removed} == old.keys() - new.keys()
        assert {a.id for a, _ in found.changed} == {i for i in old.keys() & new.keys() if old[i] != new[i]}
        assert all(facts(a) == old[a.id] and facts(b) == new[b.id] for a, b in found.changed)

    @rule(target=pairs, pair=pairs, on_disk=st.booleans())
    def fork(self, pair, on_disk):
        if not pair.alive:
            return pair
        path = self.new_path() if on_disk else None
        forked = pair.stored.fork(path)
        kept = pair.line.digests[: pair.stored.revision - pair.line.oldest + 1]
        made = Pair(pair.both()[0].fork(), forked, pair.past, Line(kept, path, pair.line.oldest))
        self.check(made)
        return made

    @rule(pair=pairs)
    def reopen(self, pair):
        if pair.line.path is None:
            return
        pair.stored.close()
        newest = Memory.open(path=pair.line.path)
        assert newest.digest == pair.line.digests[-1]
        if pair.alive:
            self.check(pair)

    @rule(pair=pairs, data=st.data())
    def truncate(self, pair, data):
        if not pair.alive:
            return
        revision = data.draw(st.integers(pair.line.oldest, pair.stored.revision))
        cut, told = pair.stored.truncate_before(revision)
        assert told.commits == revision - pair.line.oldest
        del pair.line.digests[: told.commits]
        pair.line.oldest = cut.oldest
        assert cut.oldest == revision
        self.check(pair)

    @rule(target=pairs, pair=pairs)
    def travel(self, pair):
        if not pair.alive:
            return pair
        states = [Holder(memory, 3) for memory in pair.both()]
        backs = [decode(encode(state), Holder) for state in states]
        assert backs == states and digest(backs[0]) == digest(backs[1])
        working, stored = (back.memory for back in backs)
        assert sum(map(len, encode(stored))) < 200
        made = Pair(working, stored, pair.past, pair.line)
        self.check(made)
        return made

    @rule(pair=pairs, on_disk=st.booleans())
    def tell(self, pair, on_disk):
        if not pair.alive:
            return
        for memory in pair.both():
            path = self.new_path()
            memory.save(path) if on_disk else memory.export_json_lines(path)
            back = Memory.load(path) if on_disk else Memory.import_json_lines(path)
            assert back == memory and back.nodes() == memory.nodes() and back.oldest == memory.oldest
            assert back.verify()
            path.unlink()

    @rule(pair=pairs)
    def verify(self, pair):
        if pair.alive:
            assert all(memory.verify() for memory in pair.both())

    @rule(pair=pairs, query=queries)
    def query(self, pair, query):
        if pair.alive:
            assert pair.stored.query(query) == pair.working.query(query)


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


class Long(Machine):
    """The same for longer."""

    operations = 0

    @invariant()
    def count(self):
        Long.operations += 1


@pytest.mark.slow
class TestLong(Long.TestCase):  # type: ignore[misc, name-defined]
    """More than 50,000 operations."""

    settings = settings(
        max_examples=1800, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
    )

    def runTest(self):
        super().runTest()
        assert Long.operations > 50_000
