"""Straight moves: in the direction asked for, and no further than the body really got."""

from __future__ import annotations

import math

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_schema import Key, MoveBy, OccupancyMap, Pose2, Push
from droidlet_tasks import BodyLimits, TaskInputs, TaskStack
from tasks.task_world import World

LENGTHS = st.floats(-0.8, 0.8).filter(lambda v: abs(v) > 0.05)


@given(LENGTHS, st.just(0.0) | LENGTHS, st.floats(-3.0, 3.0))
def test_a_move_leads_along_the_axes_that_the_body_had(forward_m: float, left_m: float, yaw: float) -> None:
    world = World(np.zeros((40, 40), bool), Pose2(2.0, 2.0, yaw))

    world.run((Push(1, MoveBy(forward_m, left_m)),))

    dx, dy = world.pose.x_m - 2.0, world.pose.y_m - 2.0
    assert world.statuses(1) == ["started", "finished"]
    assert dx * math.cos(yaw) + dy * math.sin(yaw) == pytest.approx(forward_m, abs=0.04)
    assert dy * math.cos(yaw) - dx * math.sin(yaw) == pytest.approx(left_m, abs=0.04)


@pytest.mark.parametrize(("left_m", "side"), [(1.0, "left"), (-1.0, "right")])
def test_a_move_to_a_side_turns_there_first(left_m: float, side: str) -> None:
    world = World(np.zeros((40, 40), bool), Pose2(2.0, 2.0, 0.0))
    stack = TaskStack()
    commands, state = stack(world.inputs((Push(1, MoveBy(0.0, left_m)),)), stack.initial(Key(0)))

    assert commands.doing == f"moving to the {side}"

    world.go_on(stack, state, ())

    assert (world.pose.x_m, world.pose.y_m) == pytest.approx((2.0, 2.0 + left_m), abs=0.03)


def test_sliding_along_a_wall_is_no_way_ahead() -> None:
    stack, known = TaskStack(), OccupancyMap(np.full((60, 60), -1, np.int8), 0.0, 0.0, 0.1)
    state, x, yaw = stack.initial(Key(0)), 1.0, -1.1
    changes: tuple[Push, ...] = (Push(1, MoveBy(2.0)),)
    for tick in range(100):
        inputs = TaskInputs(tick * 100_000_000, Pose2(x, 0.18, yaw), tick > 0, known, changes)
        commands, state = stack(inputs, state)
        changes = ()
        if commands.idle:
            break
        x += 0.05 * math.cos(yaw)  # all that the wall along y = 0 leaves of a step

    assert [event.status for event in commands.events] == ["failed"]
    assert x < 1.4


@given(
    st.sampled_from([field.name for field in attrs.fields(BodyLimits)]),
    st.floats(max_value=-1e-9) | st.just(math.nan),
)
def test_a_body_that_cannot_be_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"BodyLimits.{name} is "):
        BodyLimits(**{name: value})
