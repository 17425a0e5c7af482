"""Tasks reach what they were sent for, say so, and lose nothing when others come between."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    And,
    Approach,
    Drive,
    Drop,
    Explore,
    Face,
    Filters,
    Follow,
    GoTo,
    LookAround,
    MemoryNode,
    MoveBy,
    Or,
    Pause,
    Pose2,
    Push,
    Query,
    Resume,
    Say,
    Speak,
    Stop,
    Triple,
    TurnBy,
    decode,
    encode,
)
from droidlet_tasks import StackState, TaskStack
from tasks.task_world import World, grid, stack_state_of, thing

ROOM = grid(
    """
    ################
    #..............#
    #..............#
    #......##......#
    #......##......#
    #..............#
    #..............#
    ################
    """
)
FLAT = grid(
    """
    ####################
    #........#.........#
    #........#.........#
    #..................#
    #..................#
    #........#.........#
    #........#.........#
    #####..#############
    #........#.........#
    #........#.........#
    #..................#
    #..................#
    #........#.........#
    ####################
    """
)


def room(x: float = 1.5, y: float = 1.5, yaw: float = 0.0, walls: np.ndarray = ROOM) -> World:
    return World(walls, Pose2(x, y, yaw))


@given(angle=st.floats(-12.0, 12.0), yaw=st.floats(-3.0, 3.0))
@settings(max_examples=25)
def test_a_turn_turns_by_its_angle_also_beyond_a_full_turn(angle: float, yaw: float) -> None:
    world = room(yaw=yaw)

    world.run((Push(1, TurnBy(angle)),))

    assert world.statuses(1) == ["started", "finished"]
    assert abs(math.remainder(world.pose.yaw_rad - yaw - angle, 2 * math.pi)) < 0.02
    turned = sum(
        abs(math.remainder(b.yaw_rad - a.yaw_rad, 2 * math.pi)) for a, b in zip(world.path, world.path[1:])
    )
    assert turned >= abs(angle) - 0.2


@given(distance=st.floats(-1.0, 3.0))
@settings(max_examples=20)
def test_a_straight_move_goes_its_distance(distance: float) -> None:
    world = room(2.0, 1.0)

    world.run((Push(1, MoveBy(distance)),))

    assert world.pose.x_m - 2.0 == pytest.approx(distance, abs=0.02)
    assert world.statuses(1)[-1] == "finished"


def test_a_straight_move_into_a_wall_fails_and_says_how_far_it_came() -> None:
    world = room(6.0, 1.0)

    world.run((Push(1, MoveBy(5.0)),))

    assert world.statuses(1)[-1] == "failed"
    assert "1." in world.events[-1].reason and "in the way" in world.events[-1].reason


@given(x=st.floats(0.9, 7.0), y=st.floats(0.9, 3.0))
@settings(max_examples=15)
def test_going_to_a_free_point_arrives_there(x: float, y: float) -> None:
    world = room()
    if not world.is_free(x, y, 0.35):
        return

    world.run((Push(1, GoTo(x, y)),))

    assert world.statuses(1)[-1] == "finished"
    assert math.dist((world.pose.x_m, world.pose.y_m), (x, y)) <= 0.55


def test_going_through_the_flat_to_the_far_room() -> None:
    world = room(walls=FLAT, x=1.5, y=5.5)

    world.run((Push(1, GoTo(8.5, 1.0)),))

    assert world.statuses(1)[-1] == "finished", world.events
    assert math.dist((world.pose.x_m, world.pose.y_m), (8.5, 1.0)) <= 0.55


def test_a_point_inside_a_wall_or_far_away_fails_with_a_reason() -> None:
    for target in ((-5.0, 1.0), (1e6, 0.0)):
        world = room()
        world.run((Push(1, GoTo(*target)),))
        assert world.statuses(1)[-1] == "failed"
        assert world.events[-1].reason


def test_what_is_known_is_walked_up_to_and_faced() -> None:
    world = room()
    world.find = lambda query, _: (thing(6.0, 2.9),)

    world.run((Push(1, Approach(Filters(), 0.6, "the chair")),))

    last = world.events[-1]
    assert (last.status, last.node_id, last.label) == ("finished", "object/1", "the chair")
    assert math.dist((world.pose.x_m, world.pose.y_m), (6.0, 2.9)) < 0.2 * math.sqrt(2) + 0.75
    bearing = math.atan2(2.9 - world.pose.y_m, 6.0 - world.pose.x_m)
    assert abs(math.remainder(bearing - world.pose.yaw_rad, 2 * math.pi)) < 0.05


def seen_from_near(x: float, y: float, reach: float = 2.0):  # noqa: ANN201
    def find(query: Query, world: World) -> tuple[MemoryNode, ...]:
        near = math.dist((world.pose.x_m, world.pose.y_m), (x, y)) < reach
        find.seen = find.seen or near  # type: ignore[attr-defined]
        return (thing(x, y),) if find.seen else ()  # type: ignore[attr-defined]

    find.seen = False  # type: ignore[attr-defined]
    return find


def test_what_is_not_known_is_looked_for_in_every_room() -> None:
    world = room(walls=FLAT, x=1.5, y=5.5)
    world.find = seen_from_near(8.5, 1.2)

    world.run((Push(1, Approach(Filters(), 0.6, "the ball")),))

    assert world.statuses(1)[-1] == "finished", world.events
    assert math.dist((world.pose.x_m, world.pose.y_m), (8.5, 1.2)) < 1.0


def test_a_search_in_vain_sees_all_of_the_flat_and_gives_up() -> None:
    world = room(walls=FLAT, x=1.5, y=5.5)

    world.run((Push(1, Approach(Filters(), 0.6, "the unicorn")),))

    assert world.statuses(1) == ["started", "failed"]
    assert "looked everywhere" in world.events[-1].reason
    inside = ~FLAT
    assert (world.known[inside] != 0).mean() > 0.97


def test_exploring_sees_all_of_the_flat() -> None:
    world = room(walls=FLAT, x=8.0, y=1.2)

    world.run((Push(1, Explore()),))

    assert world.statuses(1)[-1] == "finished"
    assert (world.known[~FLAT] != 0).mean() > 0.97


def test_what_vanishes_on_the_way_is_looked_for_again() -> None:
    world = room(walls=FLAT, x=1.5, y=5.5)
    world.find = lambda query, w: (
        (thing(8.5, 5.5),) if w.now_ns < 3e9 else (thing(3.0, 1.0),) if w.now_ns > 12e9 else ()
    )

    world.run((Push(1, Approach(Filters(), 0.6)),))

    assert world.statuses(1)[-1] == "finished"
    assert math.dist((world.pose.x_m, world.pose.y_m), (3.0, 1.0)) < 1.0


def test_following_stays_close_and_is_idle_only_after_ten_seconds() -> None:
    world = room()
    stack = TaskStack()
    world.find = lambda query, w: (thing(2.0 + min(w.now_ns, 8e9) * 0.5e-9, 1.2, 0.3),)

    state = world.go_on(stack, stack_state_of(stack), (Push(1, Follow(Filters(), 1.0)),))

    assert 9.9e9 <= world.now_ns <= 11e9
    assert [t.task_id for t in state.tasks] == [1]
    assert math.dist((world.pose.x_m, world.pose.y_m), (6.0, 1.2)) < 1.6


def test_facing_and_looking_around_and_saying() -> None:
    world = room(yaw=1.0)
    world.find = lambda query, _: (thing(6.0, 1.5),)

    world.run((Push(1, Face(Filters())), Push(2, LookAround(), after=1), Push(3, Say("hello"), after=2)))

    assert [world.statuses(i)[-1] for i in (1, 2, 3)] == ["finished"] * 3
    assert abs(world.pose.yaw_rad) < 0.05
    assert Speak("hello") in world.spoken


def test_the_newest_goes_first_and_the_older_goes_on() -> None:
    world = room()
    stack = TaskStack()
    state = world.go_on(stack, stack_state_of(stack), (Push(1, TurnBy(3.0)),), ticks=5)

    state = world.go_on(stack, state, (Push(2, MoveBy(0.3)),))

    assert [e.task_id for e in world.events if e.status == "finished"] == [2, 1]
    assert state.tasks == ()
    turned = sum(
        math.remainder(b.yaw_rad - a.yaw_rad, 2 * math.pi) for a, b in zip(world.path, world.path[1:])
    )
    assert turned == pytest.approx(3.0, abs=0.2)


def test_pausing_stands_still_resuming_goes_on_dropping_forgets() -> None:
    world = room()
    stack = TaskStack()
    state = world.go_on(stack, stack_state_of(stack), (Push(1, GoTo(6.0, 1.5)),), ticks=20)
    here = world.pose
    state = world.go_on(stack, state, (Pause(),))
    assert world.pose == here
    assert world.statuses(1)[-1] == "paused"
    assert Stop() in world.spoken

    state = world.go_on(stack, state, (Resume(),))
    assert world.statuses(1)[-2:] == ["resumed", "finished"]

    state = world.go_on(stack, state, (Push(2, TurnBy(1.0)), Drop()))
    assert world.statuses(2) == ["dropped"]
    assert state.tasks == ()


def test_a_task_id_is_used_once() -> None:
    world, stack = room(), TaskStack()
    changes = (Push(1, TurnBy(1.0)), Push(1, TurnBy(2.0)))

    with pytest.raises(ValueError, match="task_id: 1"):
        stack(world.inputs(changes), stack_state_of(stack))


IDS = st.one_of(st.none(), st.integers(1, 8))
CHANGES = st.lists(
    st.one_of(
        st.builds(lambda after: ("push", after), IDS),
        st.builds(lambda i: Pause(i), IDS),
        st.builds(lambda i: Resume(i), IDS),
        st.builds(lambda i: Drop(i), IDS),
    ),
    max_size=12,
)


@given(CHANGES)
@settings(max_examples=60)
def test_the_stack_is_a_list_with_pauses(changes: list[object]) -> None:
    """Against a plain list: pushes go on top or behind the task named, drops remove, pauses mark."""
    world, stack = room(), TaskStack()
    model: list[list[object]] = []
    real: list[object] = []
    for number, change in enumerate(changes, start=1):
        if isinstance(change, tuple):
            places = [i for i, (task, _) in enumerate(model) if task == change[1]]
            model.insert(places[0] + 1 if places else 0, [number, False])
            real.append(Push(number, TurnBy(100.0), change[1]))
        else:
            real.append(change)
            concerned = [m for m in model if change.task_id in (None, m[0])]  # type: ignore[attr-defined]
            if isinstance(change, Drop):
                model = [m for m in model if m not in concerned]
            for entry in concerned:
                entry[1] = isinstance(change, Pause)

    commands, state = stack(world.inputs(tuple(real)), stack_state_of(stack))  # type: ignore[arg-type]

    assert [[t.task_id, t.paused] for t in state.tasks] == model
    open_tasks = [m for m in model if not m[1]]
    assert commands.idle == (not open_tasks)
    assert any(isinstance(a, Drive) for a in commands.actions) == bool(open_tasks)


def test_states_survive_the_codec_at_every_tick() -> None:
    world, stack = room(walls=FLAT, x=1.5, y=5.5), TaskStack()
    world.find = seen_from_near(6.0, 5.5)
    state = stack_state_of(stack)
    changes: tuple[Push, ...] = (Push(1, Approach(Filters())), Push(2, MoveBy(-0.2), 1))
    for _ in range(60):
        state = world.go_on(stack, state, changes, ticks=1)
        changes = ()
        assert decode(encode(state), StackState) == state


def test_too_much_to_do_is_said_and_nothing_is_lost() -> None:
    world, stack = room(), TaskStack()
    changes = tuple(Push(i, TurnBy(1.0)) for i in range(1, 101))

    commands, state = stack(world.inputs(changes), stack_state_of(stack))

    failed = [e for e in commands.events if e.status == "failed"]
    assert len(failed) + len(state.tasks) == 100
    assert all("too much" in e.reason for e in failed)


def test_what_was_misjudged_from_afar_is_looked_at_again() -> None:
    """A ball that memory takes for a cup until the body has been near it is found all the same."""
    world = room(walls=FLAT, x=1.5, y=5.5)
    near: list[bool] = []

    def find(query: Query, w: World) -> tuple[MemoryNode, ...]:
        if math.dist((w.pose.x_m, w.pose.y_m), (8.5, 1.2)) < 1.3 and w.now_ns > 60e9:
            near.append(True)
        alike = isinstance(query.filters.where, Or)
        return (thing(8.5, 1.2),) if alike or near else ()

    world.find = find
    red_ball = And((Triple("has_name", "ball"), Triple("has_colour", "red")))

    world.run((Push(1, Approach(Filters(where=red_ball), 0.6)),))

    assert near
    assert world.statuses(1)[-1] == "finished", world.events
    assert math.dist((world.pose.x_m, world.pose.y_m), (8.5, 1.2)) < 1.0
