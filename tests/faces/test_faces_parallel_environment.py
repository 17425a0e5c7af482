"""Many environments as one batch: it does as they would one by one, and tells which one did what."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from droidlet_transport import (
    CannotTravel,
    Closed,
    DeadlineExceeded,
    OutcomeUnknown,
    RemoteError,
    TransportError,
    WorkerFailedToStart,
)
from droidlet_transport.boards import MOST_SLOTS
from droidlet_transport.faces.parallel_environment import ParallelEnvironment
from droidlet_transport.specs import SpecError
from faces.environment_parts import Walk, interrupted, wait_for
from transport.transport_parts import named_memory, no_more_than

PARTS = "faces.environment_parts:"


def walks(*lengths: int) -> list:
    return [(PARTS + "Walk", {"length": length, "number": n}) for n, length in enumerate(lengths)]


def actions(count: int, turn: int = 0) -> dict:
    return {
        "go": np.arange(2 * count, dtype=np.float32).reshape(count, 2),
        "turn": np.arange(count, dtype=np.int64) + turn,
    }


@pytest.fixture(scope="module")
def three():
    with ParallelEnvironment(walks(3, 5, 4), seed=7, workers=2) as made:
        yield made


def one_by_one(lengths: tuple, seed: int, steps: int):
    """The same, here: what each environment shows, an episode following the other."""
    ones = [Walk(length=length, number=n) for n, length in enumerate(lengths)]
    seen = [one.reset(seed=seed + n) for n, one in enumerate(ones)]
    yield [(observation, 0.0, False, True, info) for observation, info in seen]
    over = [False] * len(ones)
    for step in range(steps):
        row = []
        for n, one in enumerate(ones):
            if over[n]:
                observation, info = one.reset()
                row.append((observation, 0.0, False, True, info))
                over[n] = False
            else:
                given = actions(len(ones), step)
                observation, reward, ended, _, info = one.step(
                    {name: part[n] for name, part in given.items()}
                )
                row.append((observation, reward, ended, False, info))
                over[n] = ended
        yield row


def test_it_does_as_its_environments_one_by_one(three):
    steps = 60
    batch = three.reset(seed=7)
    kept = []
    for step, row in enumerate(one_by_one((3, 5, 4), 7, steps)):
        if step:
            batch = three.step(actions(3, step - 1))
        for n, (observation, reward, ended, first, info) in enumerate(row):
            assert np.array_equal(batch.observation["picture"][n], observation["picture"])
            assert np.array_equal(batch.observation["state"][0][n], observation["state"][0])
            assert batch.observation["state"][1][n] == observation["state"][1]
            assert (batch.reward[n], batch.terminated[n], batch.first[n]) == (reward, ended, first)
            assert batch.infos[n] == info and not batch.truncated[n]
            assert batch.step_type[n] == (0 if first else 2 if ended else 1)
            assert batch.discount[n] == (0.0 if ended else 1.0)
        picture = batch.observation["picture"]
        assert picture.shape == (3, 4, 5, 3) and picture.dtype == np.uint8 and picture.flags.writeable
        kept.append((picture[1:, 2], picture[1:, 2].copy()))
    assert len(kept) > MOST_SLOTS  # more than there is room for
    assert all(np.array_equal(slice_, copied) for slice_, copied in kept)  # no part of a batch is overwritten


def test_seeds_are_distinct_and_reproducible(three):
    first, again = three.reset(seed=11).observation["picture"], three.reset(seed=11).observation["picture"]
    assert np.array_equal(first, again) and len({row.tobytes() for row in first}) == 3
    assert [info["seed"] for info in three.reset(seed=20).infos] == [20, 21, 22]
    assert [info.get("seed") for info in three.reset(seed=[4, None, np.int64(9)]).infos] == [4, None, 9]
    assert all("seed" not in info for info in three.reset().infos)


def test_with_spare_ones_a_seed_gives_the_same_run_at_any_time():
    with ParallelEnvironment([(PARTS + "Walk", {"length": 2})] * 2, spares=1) as environment:

        def run(steps: int) -> list:
            batches = [environment.reset(seed=5)] + [environment.step(actions(2)) for _ in range(steps)]
            return [(batch.observation["picture"].tolist(), batch.infos) for batch in batches]

        first = run(6)
        run(3)  # the environments are in other rows now
        assert run(6) == first
        environment.reset()
        assert [info["seed"] for info in environment.reset(seed=8).infos] == [8, 9]


def test_numbers_of_workers_and_spare_ones_that_cannot_be():
    for workers in (0, -1):
        with pytest.raises(ValueError, match=f"workers is {workers}: how many processes"):
            ParallelEnvironment(walks(1, 1), workers=workers)
    with pytest.raises(ValueError, match="spares is -1"):
        ParallelEnvironment(walks(1), spares=-1)


def test_looks_are_at_the_latest_step():
    with ParallelEnvironment(walks(9, 9), copy=False, workers=1) as environment:
        seen = environment.reset().observation["state"][0]
        environment.step(actions(2))
        assert seen[1].tolist() == [2.0, 3.0, 1.0]  # the step's, not the reset's


def test_a_step_need_not_be_waited_for(three):
    three.reset()
    finish = three.step(actions(3), blocking=False)
    with pytest.raises(Exception, match="a step is under way"):
        three.step(actions(3))
    assert finish().reward.tolist() == [1.0, 1.0, 1.0]


def test_what_a_step_gives_is_its_own(three):
    three.reset()
    given_up = three.step(actions(3), blocking=False)
    three.reset()
    first = three.step(actions(3), blocking=False)
    with pytest.raises(TransportError, match="this step was given up, or told already"):
        given_up()  # not what the other one gives
    assert first().reward.tolist() == [1.0, 1.0, 1.0]
    second = three.reset(blocking=False)
    for earlier in (given_up, first):
        with pytest.raises(TransportError, match="another turn has begun"):
            earlier()
    assert second().first.all()


@pytest.mark.parametrize(
    ("seed", "kind", "told"),
    [
        (-1, ValueError, "seeds are from 0 to"),
        (1 << 63, ValueError, "seeds are from 0 to"),
        (1.5, TypeError, "seed is 1.5: a whole number, or a list of 3"),
        ("seed", TypeError, "seed is 'seed': a whole number"),
        ([1, 2.5, 3], TypeError, "seeds are whole numbers"),
        ([1, 2], ValueError, "seed is a list of 2: there are 3 environments"),
    ],
)
def test_a_seed_that_is_none_is_refused_and_the_episode_goes_on(three, seed, kind, told):
    three.reset()
    three.step(actions(3))
    with pytest.raises(kind, match=told):
        three.reset(seed=seed)
    with pytest.raises(kind, match=told):
        ParallelEnvironment(walks(3, 5, 4), seed=seed)
    assert three.step(actions(3)).reward.tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"go": np.zeros((3, 2), np.float64)},
            r"actions\['go'\] is float64 \(3, 2\): its spec says float32 \(3, 2\)",
        ),
        ({"go": np.zeros((2, 2), np.float32)}, r"float32 \(2, 2\): its spec says float32 \(3, 2\)"),
        ({"turn": np.zeros(3, np.int32)}, r"actions\['turn'\] is int32"),
        ({"up": 1}, r"has \['go', 'turn', 'up'\]: its spec has the keys \['go', 'turn'\]"),
    ],
)
def test_actions_of_another_form_are_refused_and_nothing_is_stepped(three, wrong, told):
    three.reset()
    with pytest.raises(SpecError, match=told):
        three.step({**actions(3), **wrong})
    assert three.step(actions(3)).reward.tolist() == [1.0, 1.0, 1.0]


def odd(what: str, **options: object) -> list:
    return [(PARTS + "Odd", {"what": "none"}), (PARTS + "Odd", {"what": what, **options})]


def test_what_an_environment_raises_says_which_one_it_was():
    wrongs = {
        "raise": (ZeroDivisionError, "lost my way"),
        "shape": (SpecError, r"environment 1: the observation\['picture'\] is uint8 \(2, 5, 3\)"),
        "dtype": (SpecError, r"\['state'\]\[0\] is float64 \(3,\): its spec says float32 \(3,\)"),
        "keys": (
            SpecError,
            r"environment 1: the observation has \['picture'\]: .* keys \['picture', 'state'\]",
        ),
        "four": (SpecError, "step gave a tuple of 4: expected .observation, reward"),
        "list": (SpecError, "step gave list as info: expected a dict"),
        "info": (
            CannotTravel,
            r"the info\['handle'\]\[0\] of environment 1 cannot travel: .*of type object has no place on the wire",
        ),
    }
    factories = [PARTS + "Walk", *((PARTS + "Odd", {"what": what}) for what in wrongs)]
    with ParallelEnvironment(factories, workers=1) as environment:
        with pytest.raises(
            TypeError, match="ParallelEnvironment holds a process .* neither copied nor pickled"
        ):
            copy.deepcopy(environment)
        environment.reset()
        environment.step(actions(8))
        for number, (kind, told) in enumerate(wrongs.values(), 1):  # behind one that fails, none is stepped
            with pytest.raises(kind, match=told.replace("environment 1", f"environment {number}")) as caught:
                environment.step(actions(8))
            assert caught.value.environment == number
            assert f"raised by environment {number}" in caught.value.__notes__
        assert environment.reset().first.all()  # it goes on


@pytest.mark.slow  # some processes
def test_an_error_of_a_class_that_is_not_here_says_which_one_it_was_too(tmp_path):
    (tmp_path / "own.py").write_text(
        textwrap.dedent("""
        from faces.environment_parts import Walk

        class OwnError(Exception):
            pass

        class Own(Walk):
            def step(self, action):
                raise OwnError("own trouble")
        """)
    )
    with ParallelEnvironment([PARTS + "Walk", f"{tmp_path / 'own.py'}:Own"], workers=1) as environment:
        environment.reset()
        with pytest.raises(RemoteError, match="OwnError: own trouble") as caught:
            environment.step(actions(2))
        assert caught.value.environment == 1 and "in step" in caught.value.traceback


@pytest.mark.slow  # some processes
def test_environments_that_differ_are_no_batch():
    with pytest.raises(SpecError, match="environment 1 has other specs than environment 0"):
        ParallelEnvironment([PARTS + "Walk", PARTS + "Other"])
    with pytest.raises(TypeError, match="a lambda has none"):
        ParallelEnvironment([lambda: None])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"a list of names, such as \['m:f'\] \* 8"):
        ParallelEnvironment("m:f")
    with pytest.raises(
        CannotTravel, match=r"^options\['length'\] of faces.environment_parts:Walk cannot travel"
    ):
        ParallelEnvironment([PARTS + "Walk", (PARTS + "Walk", {"length": len})])
    with pytest.raises(ValueError, match="factories is empty"):
        ParallelEnvironment([])
    with pytest.raises(ValueError, match="all are alike"):
        ParallelEnvironment(walks(1, 2), spares=1)
    with pytest.raises(WorkerFailedToStart, match=r"environment 1 could not be made(.|\n)*no such map"):
        ParallelEnvironment(odd("init"))


def test_a_dead_worker_is_named_within_a_second_and_reset_begins_with_another():
    for _ in range(3):  # a machine that others use may take longer than a second, but not each time
        with ParallelEnvironment(odd("die"), workers=2) as environment:
            environment.reset()
            environment.step(actions(2))
            started = time.monotonic()
            with pytest.raises(
                OutcomeUnknown, match="^environment 1: .* was killed by signal 9 during step: whether"
            ):
                environment.step(actions(2))
            took_s = time.monotonic() - started
            with pytest.raises(Exception, match="environment 1: .* killed by signal 9 before this call"):
                environment.step(actions(2))
            assert environment.reset(seed=3).first.all()
            assert environment.step(actions(2)).reward.tolist() == [1.0, 1.0]
        for ask in (environment.reset, lambda: environment.step(actions(2))):
            with pytest.raises(Closed, match="the environments were closed"):
                ask()
        if took_s < 1.0:
            break
    else:
        pytest.fail(f"it took {took_s:.1f} s")


@pytest.mark.slow  # some processes
def test_after_a_reset_that_failed_there_is_no_episode():
    with ParallelEnvironment(odd("reset"), workers=1) as environment:
        for ask in (environment.reset, environment.reset):
            with pytest.raises(ValueError, match="the world is flat"):
                ask()
            with pytest.raises(SpecError, match="there is no episode yet: call reset"):
                environment.step(actions(2))


@pytest.mark.slow  # it is interrupted many times
def test_whenever_it_is_interrupted_a_reset_begins_in_order():
    with ParallelEnvironment(walks(2, 2)[:1] * 2, spares=2, deadline_s=20.0) as environment:

        def run() -> list:
            batches = [environment.reset(seed=5)] + [environment.step(actions(2)) for _ in range(5)]
            return [(batch.observation["picture"].tolist(), batch.infos) for batch in batches]

        def work() -> None:
            for _ in range(200):
                environment.step(actions(2))

        first, times = run(), 0
        for number in range(60):
            times += interrupted(5e-4 + number * 2e-5, work)
            assert environment.reset().first.all()
            assert run() == first
            assert len(environment._team.board.free) > MOST_SLOTS - 9  # none is lost
        assert times > 20


@pytest.mark.slow  # some processes
def test_a_hanging_one_is_named_and_closed():
    with ParallelEnvironment(odd("hang", at=1), workers=2, deadline_s=2.0) as environment:
        environment.reset()
        with pytest.raises(DeadlineExceeded, match="^environment 1 did not answer step in time"):
            environment.step(actions(2))
        hung = environment._team.members[1].worker.pid
        assert environment.reset().first.all()  # with another one in its place
        with pytest.raises(ProcessLookupError):
            os.kill(hung, 0)
        with pytest.raises(DeadlineExceeded, match="^environment 1 did not answer step in time"):
            environment.step(actions(2))
        pids = [member.worker.pid for member in environment._team.members]
        started = time.monotonic()
    assert time.monotonic() - started < 10
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_interruption_ends_the_wait_and_nothing_else():
    with ParallelEnvironment([(PARTS + "Odd", {"what": "slow", "at": 2})] * 2, workers=1) as environment:
        for kind in (KeyboardInterrupt, TimeoutError):  # Ctrl-C, and what a handler of somebody's raises

            def interrupt(*_: object, kind: type = kind) -> None:
                raise kind

            environment.reset()
            environment.step(actions(2))
            finish = environment.step(actions(2), blocking=False)
            before = signal.signal(signal.SIGALRM, interrupt)
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.2)
                with pytest.raises(kind):
                    finish()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)
            assert finish().reward.tolist() == [2.0, 2.0]  # the step went on, once
        environment.step(actions(2), blocking=False)
        assert environment.reset().first.all()  # what was not waited for is forgotten
        assert environment.step(actions(2)).reward.tolist() == [1.0, 1.0]
        environment.step(actions(2), blocking=False)  # closing does not wait for it


def test_all_are_made_at_once(tmp_path):
    made = [(PARTS + "Together", {"folder": str(tmp_path), "number": n, "count": 3}) for n in range(3)]
    with ParallelEnvironment(made, workers=3) as environment:
        assert environment.reset().first.all()


def test_an_episode_begins_while_the_caller_thinks_and_a_spare_one_need_not_be_waited_for(tmp_path):
    gate = tmp_path / "gate"
    factory = (PARTS + "Walk", {"length": 2, "gate": str(gate)})
    with ParallelEnvironment([factory], spares=1, deadline_s=None) as environment:
        environment.reset(seed=5)
        one = actions(1)
        assert environment.step(one).step_type == 1 and environment.step(one).step_type == 2
        fresh = environment.step(one)  # the first one waits at the gate, the spare one does not
        assert fresh.first.all() and fresh.infos == ({"seed": 6},)
        assert environment.step(one).step_type == 1
        gate.touch()
        assert environment.step(one).step_type == 2  # and the spare one's turn is over
        back = environment.step(one)
        assert back.first.all() and back.infos == ({},)
        for _ in range(20):
            environment.reset()
            environment.step(one)


@pytest.mark.slow  # some processes
def test_nothing_is_left_behind_however_it_ends(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(f"""
        import os, sys
        from pathlib import Path
        from droidlet_transport.faces.parallel_environment import ParallelEnvironment
        import numpy as np
        made = ParallelEnvironment([({PARTS!r} + "Odd", {{"what": "hang", "at": 1}})] * 2, workers=2)
        made.reset()
        pids = [member.worker.pid for member in made._team.members]
        Path(sys.argv[1]).write_text(" ".join(map(str, pids)))
        try:
            made.step({{"go": np.zeros((2, 2), np.float32), "turn": np.zeros(2, np.int64)}})
        except KeyboardInterrupt:
            sys.exit(42)
        """)
    )
    path = os.pathsep.join(entry for entry in sys.path if entry)
    before = named_memory()
    for number, expected in ((signal.SIGINT, 42), (signal.SIGKILL, -9)):
        told = tmp_path / f"pids{number}"
        running = subprocess.Popen(
            [sys.executable, str(program), str(told)], env={**os.environ, "PYTHONPATH": path}
        )
        wait_for(told)
        while not told.read_text():
            time.sleep(0.01)
        time.sleep(0.2)  # into the step
        running.send_signal(number)
        assert running.wait(20) == expected
        for pid in map(int, told.read_text().split()):
            end = time.monotonic() + 10
            while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
                time.sleep(0.02)
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
    assert no_more_than(before)
