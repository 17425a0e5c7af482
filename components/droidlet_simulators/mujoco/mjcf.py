"""A user's own MJCF: what it needs, what of it is an object, what of it is left out, and reading it from a file."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from droidlet_schema import FrozenMap, Pose2
from droidlet_simulators.errors import SceneError
from droidlet_simulators.mujoco.library import load_mujoco
from droidlet_simulators.mujoco.world import MjcfScene
from droidlet_simulators.room.primitives import FIRST_OBJECT


def read_mjcf(path: str, starts: Mapping[str, Pose2] = FrozenMap()) -> MjcfScene:  # noqa: B008
    """The scene in an MJCF file with all that it includes and names, so that it can be sent anywhere.

    `starts` says where the simulator's agents stand. Raises SceneError for a file that MuJoCo does not take,
    OSError for one that cannot be read, NotInstalled.
    """
    mujoco = load_mujoco()
    with open(path, "rb"):
        pass  # what cannot be read says so by itself
    try:
        spec = mujoco.MjSpec.from_file(str(path))
        spec.compile()
        text = spec.to_xml()
    except (ValueError, mujoco.FatalError) as error:
        raise SceneError(f"{path}: MuJoCo does not take it: {said(error)}") from error
    assets: Dict[str, bytes] = {}
    for name, folder in _files(spec):
        with open(
            "/".join(part.rstrip("/") for part in (spec.modelfiledir or ".", folder, name) if part), "rb"
        ) as file:
            assets[name] = file.read()
    return MjcfScene(text, FrozenMap(starts), FrozenMap(assets))


def said(error: Exception) -> str:
    """What MuJoCo says, in one line."""
    return " ".join(str(error).split())[:300]


def _files(spec: Any) -> List[Tuple[str, str]]:
    """The files that a model names, each with the folder that the model gives for its kind."""
    kinds = ((spec.meshes, spec.meshdir), (spec.hfields, spec.meshdir), (spec.skins, spec.meshdir))
    found = [(part.file, folder) for parts, folder in kinds for part in parts if part.file]
    for texture in spec.textures:
        names = [texture.file, *texture.cubefiles]
        found += [(name, spec.texturedir) for name in names if name]
    return found


def parse(mujoco: Any, scene: MjcfScene) -> Any:
    """The scene's spec. Raises SceneError for text that MuJoCo does not take or that names files it does not have."""
    if "<include" in scene.xml:
        raise SceneError("xml includes other files: read it with read_mjcf, which puts them into one text")
    try:
        spec = mujoco.MjSpec.from_string(scene.xml, assets=dict(scene.assets) or None)
    except (ValueError, TypeError, mujoco.FatalError) as error:
        raise SceneError(f"xml is no MJCF: {said(error)}") from error
    missing = sorted({name for name, _ in _files(spec)} - set(scene.assets))
    if missing:
        raise SceneError(
            f"assets has no {missing[0]!r}, which the xml names; read_mjcf brings the files along"
        )
    return spec


def name_objects(spec: Any) -> List[Tuple[int, str]]:
    """Ids and names of the bodies in a user's worldbody; bodies without a name get one."""
    found = []
    for number, body in enumerate(spec.worldbody.bodies):
        if not body.name:
            body.name = f"body {number}"
        found.append((FIRST_OBJECT + number, body.name))
    return found


def remembering(mujoco: Any) -> Dict[str, int]:
    """The flags with which a step depends on more than the integration state: a world would not be all of it."""
    names = {"sleep": "mjENBL_SLEEP", "ipc": "mjENBL_IPC"}  # not in every MuJoCo
    found = {flag: getattr(mujoco.mjtEnableBit, name, None) for flag, name in names.items()}
    return {flag: int(bit) for flag, bit in found.items() if bit is not None}


def bears_servos(mujoco: Any, integrator: int) -> bool:
    """Whether a robot's servos, which are stiff, stay calm with an integrator."""
    kinds = mujoco.mjtIntegrator
    return integrator in (int(kinds.mjINT_IMPLICITFAST), int(getattr(kinds, "mjINT_DISCRETE", -1)))


def left_out_of(
    mujoco: Any, scene: MjcfScene, renderer: str, timestep_s: float, robots: bool
) -> Tuple[str, ...]:
    """What of a user's model is not used, a sentence each."""
    spec = mujoco.MjSpec.from_string(scene.xml, assets=dict(scene.assets) or None)
    option = spec.option
    found: List[str] = []
    if option.timestep != timestep_s:
        found.append(f"option.timestep: {option.timestep} s; the simulator's own {timestep_s} s is used")
    if robots and "integrator=" in scene.xml and not bears_servos(mujoco, option.integrator):
        name = mujoco.mjtIntegrator(option.integrator).name[len("mjINT_") :]
        found.append(f"option.integrator: {name}; implicitfast is used, which a robot's servos need")
    for flag, bit in remembering(mujoco).items():
        if option.enableflags & bit:
            found.append(
                f"option.flag.{flag}: switched off, since what it remembers is not in MuJoCo's state"
            )
    if renderer == "rays" and spec.textures:
        found.append(f"texture: {len(spec.textures)}; rays draw each material in its one colour")
    for kind, parts, why in (
        ("key", spec.keys, "worlds begin as the bodies stand in the text"),
        ("camera", spec.cameras, "agents bring their own"),
        ("sensor", spec.sensors, "agents bring their own"),
        ("actuator", spec.actuators, "nobody commands them; their controls stay 0"),
    ):
        if parts:
            found.append(f"{kind}: {len(parts)}; {why}")
    return tuple(found)
