"""Generated flats walked through: a planned path brings the robot to things without touching anything."""

import math

import numpy as np
import pytest

from droidlet_geometry import plan_path, wrap_angle
from droidlet_schema import Drive, Key
from droidlet_simulators import RoomSimulator, SimulatedBody, make_scene, robot
from droidlet_simulators.room.footprint import clearance, footprint_row, make_footprints
from droidlet_simulators.room.reach import CLEARANCE_M, can_approach, survey

BODY = RoomSimulator((robot(2, 2),))
CELL_M = 0.1


def cell_of(points_m):
    return (np.atleast_2d(points_m)[:, ::-1] / CELL_M).astype(int)


def way_to(scene, thing):
    """World points of a path to the free cell that is nearest to the thing's edge."""
    ground = survey(scene)
    assert can_approach(scene, ground, thing)
    blocked = ~ground.reached.reshape(ground.shape)
    far = clearance(ground.points_m, make_footprints([footprint_row(thing)]))
    goal = ground.points_m[np.argmin(np.where(ground.reached, far, np.inf))]
    path = plan_path(blocked, cell_of((scene.start.x_m, scene.start.y_m))[0], cell_of(goal)[0])
    return (np.asarray(path)[:, ::-1] + 0.5) * CELL_M


def follow(body, points):
    """Turns toward each point and drives there; returns how often it was held up."""
    held = 0
    for x, y in points:
        for _ in range(600):
            at = body.observe().pose
            ahead = math.hypot(x - at.x_m, y - at.y_m)
            if ahead < 0.03:
                break
            turn = wrap_angle(math.atan2(y - at.y_m, x - at.x_m) - at.yaw_rad)
            body.act((Drive(min(0.5, ahead * 10) if abs(turn) < 0.1 else 0.0, turn * 10),))
            held += body.observe().collided
    return held


@pytest.mark.parametrize(("seed", "which"), [(0, 0), (1, 5), (2, -1), (3, 9), (4, -2), (5, 3)])
def test_the_robot_walks_to_within_a_metre_of_a_thing(seed, which):
    scene = make_scene(seed, people=0)
    thing = scene.objects[which]
    body = SimulatedBody(BODY, scene, Key(seed))
    assert follow(body, way_to(scene, thing)) == 0
    at = body.observe().pose
    assert clearance(np.array([[at.x_m, at.y_m]]), make_footprints([footprint_row(thing)]))[0] < 1.0


def test_ways_through_doorways_leave_the_promised_room():
    for seed in range(5):
        scene = make_scene(seed, rooms=4, people=0)
        ground = survey(scene)
        for door in scene.doorways:
            near = np.hypot(*(ground.points_m - (door.x_m, door.y_m)).T) < 0.1
            assert ground.reached[near].any() and ground.clearance_m[near].max() >= CLEARANCE_M
