"""Block worlds for tests: simulators by name, runs in words, and a naive model of blocks."""

from __future__ import annotations

from droidlet_schema import HoldItem, Key, PlaceBlock
from droidlet_simulators import AgentSpec, CameraSpec, robot
from droidlet_simulators.voxel.limits import VoxelLimits
from droidlet_simulators.voxel.scene import VoxelStart
from droidlet_simulators.voxel.simulator import VoxelSimulator

KEY = Key(0)
BLIND = AgentSpec("robot", (), ("pose", "collided", "blocks"))
SPEAKER = AgentSpec("SPEAKER", (), ("pose", "collided", "blocks", "heard"))
PICTURES = ("rgb", "depth", "semantic")


def seeing() -> VoxelSimulator:
    """Two players with a small camera each."""
    eyes = (CameraSpec(width=24, height=24, pictures=PICTURES),)
    low = (CameraSpec(width=20, height=20, pictures=PICTURES),)
    senses = ("pose", "collided", "poses", "joints", "contacts", "heard", "blocks")
    agents = (AgentSpec("robot", eyes, senses), AgentSpec("other", low, ("pose", "collided")))
    return VoxelSimulator(agents, limits=VoxelLimits(blocks_radius=4))


def painter(width: int, height: int, model: str = "pinhole") -> VoxelSimulator:
    """One player whose camera is where its eyes are."""
    eyes = robot(width, height, semantic=True, camera_height_m=1.62, model=model, senses=("pose", "blocks"))
    return VoxelSimulator((eyes,))


class Play:
    """A blind simulator and its world now, for scripts: what the agents do, one step after the other."""

    def __init__(self, scene, agents=(BLIND,), key=KEY, **options):
        self.simulator = VoxelSimulator(agents, **options)
        self.observations, self.world = self.simulator.reset(scene, key)
        self.count = self.simulator.invariant(self.world)

    def do(self, *actions, agent="robot"):
        """One step; the refusals of it."""
        self.observations, self.world = self.simulator.step({agent: actions}, self.world)
        assert self.simulator.invariant(self.world) == self.count
        return self.senses(agent).refused

    def must(self, *actions, agent="robot"):
        """One step of which nothing may be refused."""
        assert self.do(*actions, agent=agent) == ()

    def wait(self, steps=1):
        for _ in range(steps):
            self.must()

    def senses(self, agent="robot"):
        return self.observations[agent].blocks

    def at(self, agent="robot"):
        player = self.world.players[agent]
        return (player.x, player.y, player.z)

    def place(self, block, *cells):
        for cell in cells:
            self.must(HoldItem(block.id, block.meta), PlaceBlock(*cell))


def survivor(*inventory, at=(0, 63, 0), name="robot", **options):
    return VoxelStart(name, *at, inventory=inventory, **options)
