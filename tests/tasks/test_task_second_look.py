"""What was seen badly is looked at again, and only where that may help."""

from __future__ import annotations

import math

from droidlet_schema import And, Approach, Filters, MemoryNode, Or, Pose2, Push, Query, Track, Triple
from tasks.task_world import World, glimpse, grid, thing

FLAT = grid(
    """
    ################
    #......#.......#
    #......#.......#
    #..............#
    #..............#
    #......#.......#
    #......#.......#
    ################
    """
)
RED_BALL = Filters(where=And((Triple("has_name", "ball"), Triple("has_colour", "red"))))
FAR, NEAR = (6.6, 0.9), (0.9, 3.1)


def world_with(*unsure: Track) -> World:
    return World(FLAT, Pose2(2.5, 2.0, 0.0), unsure=unsure)


def closest_m(world: World, place: tuple[float, float]) -> float:
    return min(math.dist((pose.x_m, pose.y_m), place) for pose in world.path)


def found_once_near(world: World, place: tuple[float, float]) -> None:
    """Memory knows the thing as soon as the body has been close to it."""

    def find(query: Query, w: World) -> tuple[MemoryNode, ...]:
        been = any(math.dist((pose.x_m, pose.y_m), place) < 1.2 for pose in w.path)
        return (thing(*place),) if been and not isinstance(query.filters.where, Or) else ()

    world.find = find


def test_a_glimpse_of_what_is_wanted_is_followed_up_before_giving_up() -> None:
    world = world_with(glimpse(7, "ball", "red", *FAR))
    found_once_near(world, FAR)

    world.run((Push(1, Approach(RED_BALL, 0.6)),))

    assert world.statuses(1) == ["started", "finished"]
    assert math.dist((world.pose.x_m, world.pose.y_m), FAR) < 1.0


def test_a_name_that_was_likely_counts_too() -> None:
    world = world_with(glimpse(7, "cup", "blue", *FAR, votes={"cup": 0.3, "ball": 0.2}))
    found_once_near(world, FAR)

    world.run((Push(1, Approach(RED_BALL, 0.6)),))

    assert world.statuses(1)[-1] == "finished"


def test_what_shares_no_word_is_left_alone_and_the_search_fails() -> None:
    world = world_with(glimpse(7, "cup", "blue", *FAR, votes={"cup": 0.3, "ball": 0.01}))

    world.run((Push(1, Approach(RED_BALL, 0.6)),))

    assert world.statuses(1) == ["started", "failed"]
    plain = world_with()
    plain.run((Push(1, Approach(RED_BALL, 0.6)),))
    assert world.path == plain.path


def test_a_glimpse_that_shows_nothing_is_visited_once() -> None:
    world = world_with(glimpse(7, "ball", "red", *FAR), glimpse(8, "ball", "green", *NEAR))

    world.run((Push(1, Approach(RED_BALL, 0.6)),))

    assert world.statuses(1) == ["started", "failed"]
    assert closest_m(world, FAR) < 1.2 and closest_m(world, NEAR) < 1.2
    reached = [min(i for i, p in enumerate(world.path) if near(p, place)) for place in (FAR, NEAR)]
    assert reached[0] < reached[1], "the one that shares both words comes first, though it is further away"


def near(pose: Pose2, place: tuple[float, float]) -> bool:
    return math.dist((pose.x_m, pose.y_m), place) < 1.2
