"""From a build to an engine: the native simulator is made, filled and given its navmesh."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import Any, Dict, List, Mapping, Set, Tuple

from droidlet_schema import Key, Pose
from droidlet_simulators.errors import SceneError, SimulatorError
from droidlet_simulators.habitat.axes import native_size
from droidlet_simulators.habitat.build import Build, Settings
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.eyes import FIRST_OWN, Eye, Sensor
from droidlet_simulators.habitat.files import Folder, absolute
from droidlet_simulators.habitat.loading import Library
from droidlet_simulators.habitat.navmesh import make_navmesh
from droidlet_simulators.habitat.parts import Part, part_pose, parts_of, upright
from droidlet_simulators.habitat.urdf import native_base
from droidlet_simulators.habitat.values import HabitatRigid, HabitatScene

_CAMERAS = {"rgb": "COLOR", "depth": "DEPTH", "semantic": "SEMANTIC"}
_WHOLE = Part("", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
_PROBE_S = 120
_PROBE = (
    "import habitat_sim as h; c = h.SimulatorConfiguration(); c.scene_id = 'NONE'; c.gpu_device_id = int({device});"
    "s = h.CameraSensorSpec(); s.uuid = 'probe'; a = h.agent.AgentConfiguration(sensor_specifications=[s]);"
    "h.Simulator(h.Configuration(c, [a])).close()"
)


def seed_of(key: Key) -> int:
    """A large 32-bit number: Habitat's first draws from small seeds are all alike."""
    words = b"".join(w.to_bytes(8, "little") for w in (*key.words, key.counter))
    made = hashlib.blake2b(words, digest_size=4, person=b"droidlet.habitat").digest()
    return int.from_bytes(made, "little") | 0x80000000


def start(build: Build, eyes: Mapping[str, Tuple[Eye, ...]], library: Library, key: Key) -> Engine:
    """An engine with everything of a build in it. Raises SceneError for what Habitat cannot load."""
    _probe(build.settings.gpu_device_id)
    folder = Folder()
    engine = Engine(build, library, None, folder, eyes, {}, {})
    try:
        scene_id = folder.scene_id(build.scene)
        with folder.working():
            engine.sim = library.habitat_sim.Simulator(_configuration(build, eyes, library, scene_id, key))
        _fill(engine)
        make_navmesh(engine)
    except SimulatorError:
        engine.close()
        raise
    except Exception as error:  # what Habitat raises has every type there is
        engine.close()
        raise SceneError(f"Habitat does not load the scene: {type(error).__name__}: {error}") from error
    return engine


def _probe(device: int) -> None:
    """Tries a CUDA device in a process of its own: one that is not there ends the process that asks for it."""
    if device < 0 or device in _KNOWN:
        return
    code = _PROBE.format(device=device)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=_PROBE_S, check=False)
    if done.returncode != 0:
        raise SimulatorError(
            f"gpu_device_id is {device}: Habitat finds no such CUDA device with EGL; -1 takes EGL's own choice"
        )
    _KNOWN.add(device)


_KNOWN: Set[int] = set()


def _configuration(
    build: Build, eyes: Mapping[str, Tuple[Eye, ...]], library: Library, scene_id: str, key: Key
) -> Any:
    """Fresh native values each time: the simulator writes into them."""
    sim = library.habitat_sim
    made = sim.SimulatorConfiguration()
    made.scene_id = scene_id
    if isinstance(build.scene, HabitatScene) and build.scene.dataset != "default":
        made.scene_dataset_config_file = absolute(build.scene.dataset)
    made.random_seed = seed_of(key)
    made.gpu_device_id = int(build.settings.gpu_device_id)
    made.enable_physics = True
    made.allow_sliding = bool(build.settings.sliding)
    agents = []
    for agent in build.settings.agents:
        sensors = [
            _sensor(sensor, build.settings, library)
            for eye in eyes[agent.id]
            for face in eye.sensors
            for sensor in face
        ]
        agents.append(
            sim.agent.AgentConfiguration(
                height=float(build.height_m), radius=float(build.radius_m), sensor_specifications=sensors
            )
        )
    return sim.Configuration(made, agents)


def _sensor(sensor: Sensor, settings: Settings, library: Library) -> Any:
    sim = library.habitat_sim
    spec = sim.CameraSensorSpec()
    spec.uuid = sensor.uuid
    spec.sensor_type = getattr(sim.SensorType, _CAMERAS[sensor.picture])
    spec.sensor_subtype = sim.SensorSubType.PINHOLE
    spec.resolution = [int(sensor.height), int(sensor.width)]
    spec.position = [0.0, 0.0, 0.0]
    spec.orientation = [0.0, 0.0, 0.0]
    spec.hfov = float(sensor.fov_deg)
    spec.near = float(settings.near_m)
    spec.far = float(settings.far_m)
    spec.channels = 4 if sensor.picture == "rgb" else 1
    return spec


def _fill(engine: Engine) -> None:
    _freeze(engine)
    number = FIRST_OWN
    registered: Dict[Tuple[str, Tuple[float, ...]], str] = {}
    for rigid in engine.build.rigids:
        if rigid.template:
            pairs = [(_handle(engine, rigid.template), _WHOLE)]
        else:
            whole = rigid.motion == "dynamic"
            pairs = [(_scaled(engine, part, registered), part) for part in parts_of(rigid.thing, whole)]
        bodies = [(_add(engine, handle, rigid), part) for handle, part in pairs]
        engine.bodies[rigid.thing.id] = bodies
        for body, part in bodies:
            body.semantic_id = number
            _settle(engine, body, part, rigid)
        number += 1
    for jointed in engine.build.articulated:
        place = native_base(
            upright(jointed.thing), jointed.urdf, jointed.up
        )  # first: Habitat dies of a missing file
        manager = engine.sim.get_articulated_object_manager()
        thing = manager.add_articulated_object_from_urdf(absolute(jointed.urdf), fixed_base=True)
        if thing is None:
            raise SceneError(
                f"urdf of object {jointed.thing.id} is {jointed.urdf!r}: Habitat does not read it"
            )
        engine.pose_body(thing, place)
        engine.jointed[jointed.thing.id] = thing


def _freeze(engine: Engine) -> None:
    """Holds the things that a dataset's scene brings: a world does not have them, so they may not move."""
    kinds = engine.library.habitat_sim.physics.MotionType
    for body in engine.sim.get_rigid_object_manager().get_objects_by_handle_substring("").values():
        body.motion_type = kinds.STATIC
    for thing in engine.sim.get_articulated_object_manager().get_objects_by_handle_substring("").values():
        thing.motion_type = kinds.KINEMATIC  # a navmesh with static ones that are drawn as primitives aborts


def _settle(engine: Engine, body: Any, part: Part, rigid: HabitatRigid) -> None:
    """Puts a body in its place and says how it moves; what is static cannot be put anywhere any more."""
    kinds = engine.library.habitat_sim.physics.MotionType
    body.motion_type = kinds.KINEMATIC
    engine.pose_body(body, part_pose(rigid.pose if rigid.motion == "static" else Pose(0.0, 0.0, 0.0), part))
    body.motion_type = getattr(kinds, rigid.motion.upper())


def _handle(engine: Engine, name: str) -> str:
    found: List[str] = sorted(engine.sim.get_object_template_manager().get_template_handles(name))
    if not found:
        raise SceneError(f"template is {name!r}: Habitat has none of that name; is its dataset the scene's?")
    exact = [handle for handle in found if handle == name or handle.startswith(name)]
    return (exact or found)[0]


def _scaled(engine: Engine, part: Part, registered: Dict[Tuple[str, Tuple[float, ...]], str]) -> str:
    """The handle of a primitive's template at a part's size."""
    scale = native_size(part.half_m)  # the primitives span 2 m
    if (part.template, scale) not in registered:
        manager = engine.sim.get_object_template_manager()
        template = manager.get_template_by_handle(_handle(engine, part.template))
        template.scale = engine.vector(scale)
        handle = f"droidlet-{len(registered)}-{part.template}"
        manager.register_template(template, handle)
        registered[part.template, scale] = handle
    return registered[part.template, scale]


def _add(engine: Engine, handle: str, rigid: HabitatRigid) -> Any:
    body = engine.sim.get_rigid_object_manager().add_object_by_template_handle(handle)
    if body is None:
        raise SceneError(
            f"object {rigid.thing.id} cannot be made of the template {handle!r}: Habitat gave none"
        )
    return body
