"""Habitat's scenes and its world as values; metres, house axes."""

from __future__ import annotations

from typing import Tuple, Union

from droidlet_schema import FrozenMap, Key, Pose, Pose2, SceneObject, record
from droidlet_simulators.scene import Scene

Vector = Tuple[float, float, float]
MOTIONS = ("static", "kinematic", "dynamic")


@record
class NavmeshSettings:
    """How finely the floor is cut up to find where an agent can stand."""

    cell_m: float = 0.05
    cell_height_m: float = 0.2


@record
class HabitatObject:
    """A thing that is drawn by a template of the scene's dataset; `thing` is the truth about it."""

    thing: SceneObject
    template: str  # a handle, or the start of one
    motion: str = "static"  # of MOTIONS; static ones are walked round


@record
class HabitatArticulated:
    """A thing with joints, from a URDF file, its base fixed."""

    thing: SceneObject  # where its base is, upright
    urdf: str  # a file
    joints: Tuple[float, ...] = ()  # first positions, rad or m, in Habitat's order; () as in the file
    up: str = "y"  # which of the file's axes points up: "y", and -z ahead, as in Habitat; or "z", and x ahead


@record
class HabitatScene:
    """A scene of a dataset, or of one file, in Habitat.

    The house's x is Habitat's -z, its y Habitat's -x, its z Habitat's y.
    """

    scene_id: str  # a file, the name of a scene of the dataset, or "NONE" for nothing at all
    start: Pose2  # of the first agent
    starts: FrozenMap[str, Pose2] = FrozenMap()  # of the further agents, by id
    start_z_m: float = 0.0  # near which floor they stand
    dataset: str = "default"  # a *.scene_dataset_config.json file
    up: str = "y"  # of a bare .glb file: which of its axes points up, "y" or "z"
    navmesh: str = "recompute"  # or a .navmesh file, or "none": agents go anywhere, also through walls
    objects: Tuple[HabitatObject, ...] = ()
    articulated: Tuple[HabitatArticulated, ...] = ()
    things: Tuple[SceneObject, ...] = ()  # drawn as primitives


@record
class HabitatAgent:
    """An agent: where its base stands, where its neck points, and whether it was held up in the last step."""

    x_m: float
    y_m: float
    z_m: float
    yaw_rad: float
    pan_rad: float = 0.0
    tilt_rad: float = 0.0
    collided: bool = False


@record
class HabitatRigid:
    """A rigid thing; its velocities are 0 unless physics moves it."""

    thing: SceneObject  # as it was put there
    pose: Pose  # of its centre, now
    velocity_m_s: Vector = (0.0, 0.0, 0.0)
    turning_rad_s: Vector = (0.0, 0.0, 0.0)
    template: str = ""  # "": drawn as primitives
    motion: str = "static"  # of MOTIONS


@record
class HabitatJoints:
    """A thing with joints, and how they are."""

    thing: SceneObject
    urdf: str
    positions: Tuple[float, ...]
    velocities: Tuple[float, ...]
    up: str = "y"  # of the file


@record
class HabitatSpoken:
    """What an agent said aloud in the last step."""

    agent: str
    text: str


@record
class HabitatWorld:
    """Everything that the future depends on; only a physics solver keeps more (see `exact_restore`)."""

    scene: Union[Scene, HabitatScene]  # as it was loaded; what stands there now is in rigids
    agents: FrozenMap[str, HabitatAgent]
    rigids: Tuple[HabitatRigid, ...]  # by id
    articulated: Tuple[HabitatJoints, ...]
    navmesh: NavmeshSettings
    radius_m: float  # of the agents, for the navmesh
    height_m: float
    spoken: Tuple[HabitatSpoken, ...]
    step: int
    now_ns: int
    key: Key
