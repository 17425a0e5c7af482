"""Simulators: reset and step over an explicit world.

Needs beside it: droidlet_geometry, droidlet_schema.
"""

from droidlet_schema import lifted

with lifted.Ground(__name__):
    import droidlet_geometry  # noqa: F401

from droidlet_simulators.body import SimulatedBody
from droidlet_simulators.cameras import (
    camera_on,
    world_points,
)
from droidlet_simulators.contract import (
    CAMERA_MODELS,
    PICTURES,
    SENSES,
    Actions,
    AgentSpec,
    CameraSpec,
    Observations,
    Simulator,
    SimulatorSpec,
)
from droidlet_simulators.drift import DriftState, OdometryDrift
from droidlet_simulators.errors import (
    NotInstalled,
    PlacementError,
    SceneError,
    SimulatorError,
    UnknownAction,
    UnknownAgent,
    UnknownObject,
    WorldError,
)
from droidlet_simulators.many import step_many
from droidlet_simulators.mujoco import MjcfScene, MujocoSimulator, MujocoWorld
from droidlet_simulators.mujoco.body import mujoco_body
from droidlet_simulators.node import BodyInputs, RoomNode, room_node
from droidlet_simulators.noise import NoiseInputs, SensorNoise
from droidlet_simulators.robots import robot
from droidlet_simulators.room.classes import CLASSES
from droidlet_simulators.room.colours import COLOURS
from droidlet_simulators.room.figures import PersonPose
from droidlet_simulators.room.fittings import FITTINGS
from droidlet_simulators.room.generate import make_scene
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.parts import Kind, Part
from droidlet_simulators.room.simulator import RoomSimulator
from droidlet_simulators.room.skeleton import KEYPOINTS
from droidlet_simulators.room.top import top_view, truth_map
from droidlet_simulators.room.truth import TruthCells, truth_cells
from droidlet_simulators.room.world import RoomBody, RoomWorld, Spoken, Stroll, Swing
from droidlet_simulators.rooms import room_body
from droidlet_simulators.scene import (
    GESTURES,
    PATTERNS,
    Area,
    Doorway,
    Gesture,
    Lamp,
    Leaf,
    Lighting,
    Looks,
    Scene,
    Surface,
    Walker,
    Wall,
)
from droidlet_simulators.scene_files import load_scene, save_scene, scene_from_text, scene_to_text
from droidlet_simulators.voxel import (
    VoxelScene,
    VoxelSimulator,
    VoxelStart,
    VoxelWorld,
    flat_scene,
    hills_scene,
    two_cubes,
    voxel_body,
    voxel_node,
)

__all__ = [
    "CAMERA_MODELS",
    "CLASSES",
    "COLOURS",
    "FITTINGS",
    "GESTURES",
    "KEYPOINTS",
    "PATTERNS",
    "PICTURES",
    "SENSES",
    "Actions",
    "AgentSpec",
    "Area",
    "BodyInputs",
    "CameraSpec",
    "Doorway",
    "DriftState",
    "Gesture",
    "Kind",
    "Lamp",
    "Leaf",
    "Lighting",
    "Limits",
    "Looks",
    "MjcfScene",
    "MujocoSimulator",
    "MujocoWorld",
    "NoiseInputs",
    "NotInstalled",
    "Observations",
    "OdometryDrift",
    "Part",
    "PersonPose",
    "PlacementError",
    "RoomBody",
    "RoomNode",
    "RoomSimulator",
    "RoomWorld",
    "Scene",
    "SceneError",
    "SensorNoise",
    "SimulatedBody",
    "Simulator",
    "SimulatorError",
    "SimulatorSpec",
    "Spoken",
    "Stroll",
    "Surface",
    "Swing",
    "TruthCells",
    "UnknownAction",
    "UnknownAgent",
    "UnknownObject",
    "VoxelScene",
    "VoxelSimulator",
    "VoxelStart",
    "VoxelWorld",
    "Walker",
    "Wall",
    "WorldError",
    "camera_on",
    "flat_scene",
    "hills_scene",
    "load_scene",
    "make_scene",
    "mujoco_body",
    "robot",
    "room_body",
    "room_node",
    "save_scene",
    "scene_from_text",
    "scene_to_text",
    "top_view",
    "step_many",
    "truth_cells",
    "truth_map",
    "two_cubes",
    "voxel_body",
    "voxel_node",
    "world_points",
]
