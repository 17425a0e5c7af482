"""The truth in cells says of every cell what the scene says of its middle."""

import math

import numpy as np
import pytest

from droidlet_schema import Key, Open, PickUp, Pose2, Stop, decode, encode
from droidlet_simulators import SimulatorError, make_scene, truth_cells, truth_map
from droidlet_simulators.room.footprint import clearance, footprint_row, make_footprints, wall_rows
from simulators.room_parts import BALL, CUP, DOOR, SIMULATOR, TABLE, flat


def begin(scene):
    return SIMULATOR.reset(scene, Key(0))[1]


def cell(at, x_m, y_m):
    return int(y_m / at.cell_m), int(x_m / at.cell_m)


@pytest.mark.parametrize("cell_m", [0.1, 0.07])
def test_every_cell_is_what_its_middle_is(cell_m):
    scene = make_scene(4, rooms=6, people=2, doors=True, containers=2, limbs=True)
    world = begin(scene)
    found = truth_cells(world, cell_m)
    rows, columns = found.ids.shape
    assert (rows, columns) == tuple(math.ceil(s / cell_m - 1e-9) for s in scene.size_m[1::-1])
    y, x = (np.indices(found.ids.shape) + 0.5) * cell_m
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    blocked = truth_map(world, cell_m).evidence.ravel() > 0
    people = {t.id for t in SIMULATOR.objects(world) if t.class_name == "person"}
    assert (found.ids.ravel()[blocked] != 0).all()
    boxes = {t.id: t for t in SIMULATOR.objects(world) if t.id not in people}
    for ident in np.unique(found.ids):
        if ident in boxes:
            inside = clearance(points, make_footprints([footprint_row(boxes[ident])])) <= 0
            assert inside[found.ids.ravel() == ident].all()
    assert (found.ids.ravel()[clearance(points, make_footprints(wall_rows(scene, 0.1)[4:])) <= 0] == 3).all()
    for number, area in enumerate(scene.areas):
        middle = cell(found, (area.x0_m + area.x1_m) / 2, (area.y0_m + area.y1_m) / 2)
        assert found.rooms[middle] == number and found.names[number] == area.name
    assert decode(encode(found)) == found


def test_what_stands_on_a_table_hides_it_and_the_robot_is_there():
    world = begin(flat(start=Pose2(1.6, 2.3, 0.0)))
    found = truth_cells(world, 0.05)
    assert found.ids[cell(found, 2.0, 3.0)] == CUP and found.ids[cell(found, 2.4, 3.4)] == TABLE
    assert found.ids[cell(found, 1.6, 2.3)] == 4 and found.ids[cell(found, 4.0, 1.0)] == 3
    assert found.ids[cell(found, 3.0, 2.5)] == 0
    _, after = SIMULATOR.step({"robot": (PickUp(CUP),)}, world)
    assert truth_cells(after, 0.05).ids[cell(found, 2.0, 3.0)] == TABLE
    assert truth_cells(after, 0.05).ids[cell(found, 1.6, 2.3)] == 4  # the robot is higher than what it holds
    assert BALL in found.ids


def test_an_opening_door_clears_its_doorway():
    world = begin(flat(start=Pose2(3.2, 2.75, 0.0)))
    shut = truth_cells(world, 0.05)
    for action in (Open(DOOR), *[Stop()] * 20):
        _, world = SIMULATOR.step({"robot": (action,)}, world)
    ajar = truth_cells(world, 0.05)
    at = cell(shut, 4.0, 2.0)
    assert shut.ids[at] == DOOR and ajar.ids[at] == 0


@pytest.mark.parametrize("cell_m", [0.0, -1.0, math.nan, math.inf, 1e-6])
def test_impossible_cells_are_refused(cell_m):
    with pytest.raises(SimulatorError, match="cell_m"):
        truth_cells(begin(flat()), cell_m)
