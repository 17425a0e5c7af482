"""What the tests of a well-known library's environments in processes and threads ask for, asked of ours."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest

from droidlet_transport import Closed, WorkerFailedToStart
from droidlet_transport.faces.parallel_environment import ParallelEnvironment
from droidlet_transport.forms import Form
from droidlet_transport.plain import from_value, to_value
from faces.alf_parts import Car, Drive, Sight, StepType, Task, TimeStep
from faces.alf_shims import ParallelAlfEnvironment, ProcessEnvironment, ThreadEnvironment


def same(one: Any, other: Any) -> None:
    if isinstance(one, dict):
        assert set(one) == set(other)
        for key in one:
            same(one[key], other[key])
    else:
        assert np.array_equal(one, other) and np.asarray(one).dtype == np.asarray(other).dtype


def stacked(steps: list[TimeStep]) -> dict[str, Any]:
    return {
        "step_type": np.array([step.step_type for step in steps], np.int32),
        "reward": np.array([step.reward for step in steps]),
        "discount": np.array([step.discount for step in steps]),
        "prev_action": np.array([step.prev_action for step in steps]),
        "sum": np.array([step.observation["sum"] for step in steps]),
        "noise": np.stack([step.observation["noise"] for step in steps]),
    }


def parts(batch: TimeStep) -> dict[str, Any]:
    told = {name: getattr(batch, name) for name in ("step_type", "reward", "discount", "prev_action")}
    return {**told, **batch.observation}


def one_by_one(tasks: list[Any], actions: list[np.ndarray]) -> list[dict[str, Any]]:
    """What tasks tell that are stepped one after the other, an episode following the other."""
    told = [[task.reset() for task in tasks]]
    for row in actions:
        last = told[-1]
        told.append(
            [
                task.reset() if before.step_type == StepType.LAST else task.step(action)
                for task, before, action in zip(tasks, last, row)
            ]
        )
    return [stacked(row) for row in told]


def test_an_environment_of_time_steps_in_a_process():
    there, here = ProcessEnvironment(env_id=3, seed=4), Task(env_id=3, seed=4)
    there.start(wait_to_start=False)
    there.wait_start()
    assert there.observation_spec() == here.observation_spec() and there.action_spec() == here.action_spec()
    for got, expected in (
        (there.reset(), here.reset()),
        (there.step(np.int64(2)), here.step(np.int64(2))),
        (there.step(np.int64(9), blocking=False)(), here.step(np.int64(9))),
    ):
        assert type(got) is TimeStep and got.env_id == 3 and got.env_info == expected.env_info
        same(stacked([got]), stacked([expected]))
    with pytest.raises(ZeroDivisionError, match="no less than nothing"):
        there.step(-1)
    assert not hasattr(there, "wings") and there.length == 5  # it is alive
    first, second = there.call("step", 1), there.call("reset")  # each answer is its request's
    assert second().step_type == StepType.FIRST and first().step_type == StepType.LAST
    there.close()
    with pytest.raises(Closed):
        there.step(1)


@pytest.mark.slow  # some processes
def test_it_closes_at_once_whenever_and_errors_of_making_and_resetting_are_raised():
    started = time.monotonic()
    never = ProcessEnvironment()
    never.close()
    ready = ProcessEnvironment()
    ready.start()
    ready.close()
    failing = ProcessEnvironment(fails="init")
    with pytest.raises(WorkerFailedToStart, match="RuntimeError: no such task"):
        failing.start()
    failing.close()
    failing = ProcessEnvironment(fails="reset")
    with pytest.raises(ValueError, match="cannot begin") as caught:
        failing.reset()
    assert "in reset" in caught.value.remote_traceback
    failing.close()
    assert time.monotonic() - started < 30


@pytest.mark.slow  # some processes
@pytest.mark.parametrize("batch_size_per_env", [1, 2])
def test_a_batch_is_as_its_environments_one_by_one_for_a_hundred_steps(batch_size_per_env):
    options = [{"env_id": n, "seed": 50 + n, "length": 3 + n} for n in range(4)]
    rng = np.random.default_rng(1)
    actions = [rng.integers(0, 5, 4) for _ in range(100)]
    batch = ParallelAlfEnvironment(options, batch_size_per_env=batch_size_per_env)
    assert len({member.worker.pid for member in batch._ours._team.members}) == 4 // batch_size_per_env
    assert (
        batch.observation_spec() == Task().observation_spec() and batch.action_spec() == Task().action_spec()
    )
    got = [parts(batch.reset()), *(parts(batch.step(row)) for row in actions)]
    assert got[0]["noise"].shape == (4, 3) and got[0]["noise"].dtype == np.float32
    expected = one_by_one([Task(**one) for one in options], actions)
    plain = [ProcessEnvironment(**one) for one in options[:2]]
    for told in (expected, one_by_one(plain, [row[:2] for row in actions[:20]])):
        for one, other in zip(told, got):
            same(one, {name: part[: len(one["sum"])] for name, part in other.items()})
    for one in (batch, *plain):
        one.close()


@pytest.mark.slow  # some processes
def test_seeds_reach_the_workers_and_are_distinct():
    batch = ParallelAlfEnvironment([{}] * 3)
    batch.seed(7)
    first = batch.reset().observation["noise"]
    assert np.array_equal(first, [np.random.default_rng(7 + n).random(3, np.float32) for n in range(3)])
    assert np.array_equal(batch.reset().observation["noise"], first)
    batch.close()


@pytest.mark.slow  # some processes
def test_a_slow_reset_is_begun_at_once_and_waited_for_by_nobody_who_has_a_spare_one(tmp_path):
    gate = tmp_path / "gate"
    alone = ParallelAlfEnvironment([{"length": 1, "gate": str(gate)}])
    alone.reset()
    assert alone.step(np.array([1])).step_type.tolist() == [StepType.LAST]
    threading.Timer(0.2, gate.touch).start()  # the reset is under way; the next step waits for it
    assert alone.step(np.array([1])).step_type.tolist() == [StepType.FIRST] and gate.exists()
    alone.close()
    shut = tmp_path / "shut"
    spared = ParallelAlfEnvironment([{"length": 1, "gate": str(shut)}], num_spare_envs_for_reload=1)
    spared.reset()
    spared.step(np.array([1]))
    assert spared.step(np.array([1])).step_type.tolist() == [StepType.FIRST] and not shut.exists()
    shut.touch()
    spared.close()


def test_an_environment_in_a_thread_is_made_and_stepped_there():
    there, here = ThreadEnvironment(seed=4), Task(seed=4)
    assert (
        there.thread != threading.current_thread().name
        and there.observation_spec() == here.observation_spec()
    )
    assert there.reset().observation["noise"].shape == (3,)
    here.reset()
    same(stacked([there.step(np.int64(2))]), stacked([here.step(np.int64(2))]))
    there.close()
    assert there.thread not in {thread.name for thread in threading.enumerate()}


def test_a_tree_has_the_named_tuples_of_its_spec():
    seen = Form(from_value(to_value(Car.observation_spec))).tree([1, 2])
    assert type(seen) is Sight and seen == Sight(1, {"x": 2})
    inner = Form({"drive": (Car.action_spec,)}).tree([3, 4])
    assert type(inner["drive"]) is tuple and inner["drive"][0].brake == 4


@pytest.mark.slow  # a process
def test_a_batch_gives_and_takes_named_tuples():
    with ParallelEnvironment(["faces.alf_parts:Car"] * 2, workers=1) as cars:
        assert type(cars.reset().observation) is Sight
        wheels = np.ones((2, 2), np.float32)
        batch = cars.step(Drive(wheels, np.array([False, True])))
        assert batch.observation.pose["x"].tolist() == [2.0, 0.0] and batch.observation.image.shape == (
            2,
            2,
            2,
        )
        assert cars.step((wheels, np.array([True, False]))).observation.pose["x"].tolist() == [2.0, 2.0]
