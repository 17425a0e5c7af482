"""Falling things and recovery in Habitat, over a FAKE of it that has its traps."""

from __future__ import annotations

import math

import pytest

from droidlet_schema import Drive, Key, evolve
from droidlet_simulators import (
    SimulatorError,
)
from droidlet_simulators.habitat import (
    HabitatSimulator,
    recover,
)
from droidlet_simulators.habitat.slot import SLOT
from simulators.habitat_parts import HALL, faked, one_agent, pose_at


@pytest.fixture
def fake():
    with faked() as module:
        yield module


def test_things_that_are_gone_or_nowhere_are_told(fake):
    for spoil, says in (
        (lambda body: setattr(body, "is_alive", False), "is gone"),
        (lambda body: setattr(body, "linear_velocity", (0.0, math.nan, 0.0)), "out of all bounds"),
    ):
        simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
        _, world = simulator.reset(HALL, Key(1))
        spoil(SLOT.engine.bodies[11][0][0])
        with pytest.raises(SimulatorError, match=says):
            simulator.step({}, world)
        assert SLOT.engine is None and simulator.step({}, world)[1].step == 1


def test_reset_puts_things_back_and_stills_them(fake):
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    seen, first = simulator.reset(HALL, Key(1))
    world = first
    for _ in range(5):
        _, world = simulator.step({}, world)
    ball = next(rigid for rigid in world.rigids if rigid.thing.id == 11)
    assert ball.pose.z_m < 0.9 and ball.velocity_m_s[2] != 0.0
    assert simulator.reset(HALL, Key(1)) == (seen, first)
    assert simulator.observe(first) == seen


def test_physics_runs_whole_steps_of_its_own(fake):
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = simulator.reset(HALL, Key(1))
    for _ in range(10):
        _, world = simulator.step({}, world)
    assert SLOT.engine.sim.world_time == pytest.approx(10 * 0.096) and SLOT.engine.sim._left_s == 0.0
    assert world.now_ns == 960_000_000


def test_recovery_says_how_good_it_is(fake):
    still, falling = one_agent(), HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = still.reset(HALL, Key(1))
    assert recover(still, world).how == "exact"
    _, world = falling.reset(HALL, Key(1))
    log = [{"a": (Drive(0.3, 0.1),)}] * 12
    for actions in log:
        last, world = falling.step(actions, world)
    after = falling.step({}, world)
    falling.close()
    resumed = recover(falling, world)
    assert resumed.how == "resumed, not exact" and resumed.world == world
    assert falling.step({}, resumed.world) != after  # what the solver kept is gone
    again = recover(falling, world, log)
    assert (again.how, again.observations, again.world) == ("run again", last, world)
    assert falling.step({}, again.world) == after
    for bad in (log[:-1], [{}] * 12):
        with pytest.raises(SimulatorError, match="log"):
            recover(falling, world, bad)


def test_things_that_tumble_are_told_by_the_box_around_them(fake):
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = simulator.reset(HALL, Key(1))
    lying = evolve(pose_at(3.0, 3.0, 1.0), qw=math.sqrt(0.5), qx=math.sqrt(0.5))
    moved = simulator.move_object(world, 10, lying)
    thing = next(t for t in simulator.objects(moved) if t.id == 10)
    assert thing.size_m == pytest.approx((0.4, 0.4, 0.4)) and thing.x_m == 3.0
