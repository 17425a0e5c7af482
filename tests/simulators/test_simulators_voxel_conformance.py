"""The block world under the laws of every simulator."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from droidlet_laws import check_component
from droidlet_schema import Block, Craft, Dig, HoldItem, PlaceBlock, SpawnMob, UseItem
from droidlet_simulators.conformance import SIMULATOR_LAWS, check_simulator, conformance_scenes
from droidlet_simulators.voxel.scene import VoxelItemStart, VoxelMobStart, VoxelShape
from droidlet_simulators.voxel.scenes import flat_scene
from simulators.voxel_parts import seeing, survivor

CELLS = (st.integers(-3, 3), st.integers(60, 66), st.integers(-3, 3))
FARM = flat_scene(
    (
        survivor((Block(12), 3), (Block(17), 2), (Block(383, 91), 2)),
        survivor(name="other", at=(3, 63, 3), creative=True),
    ),
    low=(-8, 58, -8),
    high=(9, 72, 9),
    shapes=(VoxelShape(1, "box", Block(42), (2, 63, -3), (2, 2, 2)),),
    mobs=(VoxelMobStart(2, "sheep", 4, 63, -2), VoxelMobStart(3, "pig", -4, 63, 4)),
    items=(VoxelItemStart(4, Block(1), 1, 63, 0, 5),),
)
ACTIONS = {
    "Dig": st.builds(Dig, *CELLS),
    "PlaceBlock": st.builds(PlaceBlock, *CELLS),
    "UseItem": st.builds(UseItem, *CELLS),
    "HoldItem": st.sampled_from([HoldItem(12), HoldItem(383, 91), HoldItem(0)]),
    "Craft": st.sampled_from([Craft(5), Craft(24)]),
    "SpawnMob": st.builds(SpawnMob, st.sampled_from(["pig", "cow"]), *CELLS),
}


def test_the_block_world_keeps_every_law():
    scenes = (FARM, *conformance_scenes(seeing().spec))
    report = check_simulator(
        "simulators.voxel_parts:seeing", scenes=scenes, actions=ACTIONS, examples=4, steps=3, bad_inputs=25
    )
    assert report.held == SIMULATOR_LAWS and not report.not_exercised, str(report)


@pytest.mark.parametrize("examples", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_player_in_a_block_world_is_a_component(examples):
    report = check_component("droidlet_simulators.voxel.node:voxel_node", None, examples=examples)
    assert not report.not_exercised
