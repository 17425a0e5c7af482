"""A run in the block world on Python 3.9 is the run on this one, to the bit of the whole world."""

from simulators.old_python import assert_alike

RUN = """
import sys
from droidlet_schema import Block, Dig, Drive, HoldItem, Key, PlaceBlock, StepBlock, digest
from droidlet_simulators import VoxelSimulator, VoxelStart, hills_scene, robot
from droidlet_simulators.voxel import VoxelMobStart

mobs = tuple(VoxelMobStart(n, kind, 3 * n, 0, 4) for n, kind in enumerate(("cow", "pig", "wolf"), 1))
player = VoxelStart("robot", 0, 0, 0, inventory=((Block(12), 5),))
simulator = VoxelSimulator((robot(16, 12, semantic=True, senses=("pose", "blocks")),))
observations, world = simulator.reset(hills_scene((player,), seed=4, mobs=mobs, low=(-24, 0, -24)), Key(5))
for n in range(16):
    at = observations["robot"].blocks
    cell = (round(at.x) + 2, int(at.y) + 2, round(at.z))
    dig = Dig(cell[0], cell[1] - 3, cell[2])
    acts = ((Drive(3.0, 0.9),), (StepBlock("left"),), (HoldItem(12), PlaceBlock(*cell)), (dig,))
    observations, world = simulator.step({"robot": acts[n % 4]}, world)
print(sys.version_info[:2], digest(world), digest(observations["robot"].blocks), simulator.invariant(world))
"""


def test_a_run_on_python_3_9_is_the_run_on_this_one(python39):
    assert_alike(python39, RUN)
